"""Hand-overs and case conferences."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class HandOver(Recorded, Base):
    """That a child passed from one post to another, with what the next worker has to know; only ever added."""

    __tablename__ = "hand_overs"
    __table_args__ = (
        Index("ix_hand_overs_child_id", "child_id", "created_at"),
        Index("ix_hand_overs_unread", "to_post_id", postgresql_where=text("read_at is null")),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    from_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    to_post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    note: Mapped[str]
    read_at: Mapped[datetime | None]
    read_by: Mapped[UUID | None]


class Conference(Recorded, Base):
    """A case conference: who sat together about a child, what was said; only ever added."""

    __tablename__ = "conferences"
    __table_args__ = (Index("ix_conferences_child_id", "child_id", "held_on"),)

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    held_on: Mapped[date]
    attended: Mapped[list[str]] = mapped_column(ARRAY(String))
    child_took_part: Mapped[bool]
    minutes: Mapped[str]


class ConferenceAction(Recorded, Base):
    """What a conference agreed that somebody does until a day; done when its task is."""

    __tablename__ = "conference_actions"
    __table_args__ = (
        Index("ix_conference_actions_conference_id", "conference_id"),
        Index("ix_conference_actions_child_id", "child_id"),
    )

    conference_id: Mapped[UUID] = mapped_column(ForeignKey("conferences.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    what: Mapped[str]
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
