"""The register of institutions."""

from datetime import date

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class Institution(Recorded, Base):
    """A house where children live, registered or not; it stands in a sector.

    `residents` is not stored: it is the count of open residential episodes. `found_*` and `children_seen` tell of a
    house outside the register who found it, when, and how many children were seen there. `moratorium_on` is the day
    from which no child may be admitted any more; it goes with the stages of closure, which `set_stage` alone writes.
    """

    __tablename__ = "institutions"
    __table_args__ = (
        CheckConstraint("capacity is null or capacity between 0 and 5000", name="capacity"),
        CheckConstraint("closure_stage between 0 and 8", name="closure_stage"),
        CheckConstraint("children_seen is null or children_seen between 0 and 5000", name="children_seen"),
        Index("ix_institutions_district_code_name", "district_code", "name", "id"),
    )

    name: Mapped[str]
    folded: Mapped[str]
    kind: Mapped[str]
    registration: Mapped[str]
    founder: Mapped[str | None]
    capacity: Mapped[int | None]
    place_code: Mapped[int] = mapped_column(ForeignKey("places.code"))
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    opened_on: Mapped[date | None]
    closure_stage: Mapped[int] = mapped_column(default=0, server_default="0")
    stage_reached_on: Mapped[date | None]
    moratorium_on: Mapped[date | None]
    found_by: Mapped[str | None]
    found_on: Mapped[date | None]
    children_seen: Mapped[int | None]
    services: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default=text("'{}'"))
