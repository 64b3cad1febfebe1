"""Cases."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import today
from app.core.db import Base, Recorded


class Case(Recorded, Base):
    """The work on one child from a day until a day; `area_code` follows the child's.

    `retain_until` is the day from which a closed file may be destroyed.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("(closed_on is null) = (closing_reason is null)", name="closing_reason"),
        CheckConstraint("(state = 'closed') = (closed_on is not null)", name="closed"),
        CheckConstraint("closed_on is null or closed_on >= opened_on", name="order"),
        Index("ix_cases_one_open", "child_id", unique=True, postgresql_where=text("closed_on is null")),
        Index("ix_cases_child_id", "child_id", "opened_on"),
        Index("ix_cases_district_open", "district_code", "state", "id", postgresql_where=text("closed_on is null")),
    )

    code: Mapped[str] = mapped_column(unique=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    state: Mapped[str] = mapped_column(default="registered")
    risk: Mapped[str | None]
    tier: Mapped[str] = mapped_column(default="professional")
    opened_on: Mapped[date] = mapped_column(default=today)
    closed_on: Mapped[date | None]
    closing_reason: Mapped[str | None]
    retain_until: Mapped[date | None]
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
