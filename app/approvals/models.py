"""Approvals: asked for once at a time, decided by somebody else than the author."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, Recorded


class Approval(Recorded, Base):
    """That the record `subject_id` of a kind waits for a role's agreement, and what came of it.

    `path` is the page of the record, where it is read before it is decided. `created_by` asked.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("(state = 'requested') = (decided_at is null)", name="decided"),
        CheckConstraint("decided_by is null or decided_by <> created_by or state = 'withdrawn'", name="not_own"),
        Index(
            "ix_approvals_one_open",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text("state = 'requested'"),
        ),
        Index("ix_approvals_subject", "subject_id", "created_at"),
        Index(
            "ix_approvals_waiting",
            "of_role",
            "area_code",
            "asked_at",
            "id",
            postgresql_where=text("state = 'requested'"),
        ),
        Index("ix_approvals_child_id", "child_id"),
    )

    kind: Mapped[str]
    subject_id: Mapped[UUID]
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("children.id"))
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    path: Mapped[str]
    of_role: Mapped[str]
    asked_by_post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="requested")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_by_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
