"""Searches for a family, what was done, the relatives that were found, and how child and relative met."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import today
from app.core.db import Base, Recorded


class TracingRequest(Recorded, Base):
    """The search for one child's family, from a day until a day; one is open at a time."""

    __tablename__ = "tracing_requests"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (ended_on is null)", name="ended"),
        Index("ix_tracing_requests_child_id", "child_id", "opened_on"),
        Index("ix_tracing_requests_one_open", "child_id", unique=True, postgresql_where=text("state = 'open'")),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    state: Mapped[str] = mapped_column(default="open")
    opened_on: Mapped[date] = mapped_column(default=today)
    relatives_known: Mapped[str | None]
    last_places: Mapped[str | None]
    told_by: Mapped[str | None]
    more: Mapped[str | None]
    ended_on: Mapped[date | None]
    reason: Mapped[str | None]


class TracingAction(Recorded, Base):
    """Something that was done in a search, and what comes next; never changed."""

    __tablename__ = "tracing_actions"
    __table_args__ = (
        Index("ix_tracing_actions_child_id", "child_id", "done_on"),
        Index("ix_tracing_actions_tracing_id", "tracing_id"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    tracing_id: Mapped[UUID] = mapped_column(ForeignKey("tracing_requests.id"))
    done_on: Mapped[date]
    kind: Mapped[str]
    place: Mapped[str | None]
    by_whom: Mapped[str | None]
    outcome: Mapped[str]
    next_step: Mapped[str | None]
    next_on: Mapped[date | None]


class Relative(Recorded, Base):
    """A relative of a child, as far as the search knows them."""

    __tablename__ = "relatives"
    __table_args__ = (
        CheckConstraint("(verification = 'not_yet') = (verified_on is null)", name="verified_on"),
        Index("ix_relatives_child_id", "child_id"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    name: Mapped[str]
    relationship: Mapped[str]
    phone: Mapped[str | None]
    place: Mapped[str | None]
    alive: Mapped[str] = mapped_column(default="unknown")
    willing: Mapped[str] = mapped_column(default="unsure")
    willing_note: Mapped[str | None]
    wish: Mapped[str] = mapped_column(default="not_asked")
    wish_words: Mapped[str | None]
    safety_concern: Mapped[bool] = mapped_column(default=False)
    safety_note: Mapped[str | None]
    verification: Mapped[str] = mapped_column(default="not_yet")
    verified_on: Mapped[date | None]
    verified_how: Mapped[str | None]
    verified_by: Mapped[str | None]


class RelativeContact(Recorded, Base):
    """One contact of child and relative before a reunion, and how each took it; never changed."""

    __tablename__ = "relative_contacts"
    __table_args__ = (
        Index("ix_relative_contacts_child_id", "child_id", "contact_on"),
        Index("ix_relative_contacts_relative_id", "relative_id"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    relative_id: Mapped[UUID] = mapped_column(ForeignKey("relatives.id"))
    contact_on: Mapped[date]
    kind: Mapped[str]
    child_took: Mapped[str]
    relative_took: Mapped[str | None]
    worry: Mapped[bool] = mapped_column(default=False)
