"""Questions about duplicates, and joins of two records."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, Recorded


class DuplicateQuestion(Recorded, Base):
    """Asks the worker of another record whether it is the same child.

    `told` is what they read of the asker's child, written down when it was asked, because that record is not theirs to
    open. `area_code` is the other child's district: whose question it is to answer.
    """

    __tablename__ = "duplicate_questions"
    __table_args__ = (
        CheckConstraint("child_id <> other_child_id", name="two_records"),
        CheckConstraint("(answer is null) = (answered_at is null)", name="answered"),
        Index(
            "ix_duplicate_questions_open",
            "child_id",
            "other_child_id",
            unique=True,
            postgresql_where=text("answer is null"),
        ),
        Index("ix_duplicate_questions_child_id", "child_id"),
        Index("ix_duplicate_questions_other_child_id", "other_child_id"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    other_child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    other_code: Mapped[str | None]
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reasons: Mapped[str]
    note: Mapped[str | None]
    asked_by_post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    asked_from_area: Mapped[int]
    to_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str | None]
    answer_note: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class ChildJoin(Recorded, Base):
    """Two records of one child: which is kept, which is joined into it, who agreed, and what moved.

    `far_side_id` stands for the agreement of the other district, where the records are of two. `moved` names every row
    that was given to the kept record, `stayed` those that could not be (each record has one of their kind), `before`
    holds what the two children's rows and a case that was closed said before: parting puts all of it back.
    """

    __tablename__ = "child_joins"
    __table_args__ = (
        CheckConstraint("kept_id <> joined_id", name="two_records"),
        Index(
            "ix_child_joins_one",
            "joined_id",
            unique=True,
            postgresql_where=text("state in ('asked', 'joined')"),
        ),
        Index("ix_child_joins_kept_id", "kept_id"),
        Index("ix_child_joins_joined_id", "joined_id"),
        Index("ix_child_joins_far_side_id", "far_side_id"),
    )

    kept_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    joined_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kept_code: Mapped[str]
    joined_code: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="asked")
    asked_by_post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    near_area: Mapped[int]
    far_area: Mapped[int | None]
    far_side_id: Mapped[UUID | None]
    near_agreed: Mapped[bool] = mapped_column(default=False)
    far_agreed: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime | None]
    parted_at: Mapped[datetime | None]
    parting_reason: Mapped[str | None]
    moved: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list, server_default="[]")
    stayed: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list, server_default="[]")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    @property
    def child_id(self) -> UUID:
        """The child whose file this belongs to: the record that is kept."""
        return self.kept_id
