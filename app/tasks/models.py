"""What is due: generic over its subject."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class Task(Recorded, Base):
    """Something to be done by a post until a day; done with the record that did it, or cancelled with a reason.

    `due_on` may be met `tolerance_days` before or after. `child_id` is the child it is about, for the child's page.
    `path` is the page on which it is done, where the kind alone does not tell.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("done_on is null or cancelled_on is null", name="one_end"),
        Index(
            "ix_tasks_open_post",
            "post_id",
            "due_on",
            "id",
            postgresql_where=text("done_on is null and cancelled_on is null"),
        ),
        Index(
            "ix_tasks_open_area",
            "area_code",
            "due_on",
            "id",
            postgresql_where=text("done_on is null and cancelled_on is null"),
        ),
        Index("ix_tasks_subject", "subject_kind", "subject_id"),
        Index("ix_tasks_child_id", "child_id", "due_on"),
        Index("ix_tasks_district_due", "district_code", "due_on"),
    )

    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    child_id: Mapped[UUID | None]
    post_id: Mapped[UUID | None]
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    due_on: Mapped[date]
    tolerance_days: Mapped[int] = mapped_column(default=7)
    done_on: Mapped[date | None]
    done_by_id: Mapped[UUID | None]
    cancelled_on: Mapped[date | None]
    cancel_reason: Mapped[str | None]
    path: Mapped[str | None]
