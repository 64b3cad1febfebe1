"""Children of any age, and the households that raise them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.children.matching import Found, Person, found_by
from app.core.clock import today
from app.core.db import Base, Recorded


def _found_by(context: Any) -> Found:
    known = context.get_current_parameters()
    return found_by(
        Person(
            given_name=known["given_name"],
            family_name=known["family_name"],
            other_names=tuple(known.get("other_names") or ()),
            born_on=known.get("born_on"),
            birth_precision=str(getattr(known["birth_precision"], "value", known["birth_precision"])),
        )
    )


class Child(Recorded, Base):
    """A person who lives or lived in institutional care, or is at risk of it; some are adults by now.

    `origin_*` say where the child comes from. Where the child lives now is the open placement; `area_code`,
    `institution_id`, `household_id`, `lives_as` and `lives_since` repeat it here, so that lists need no join,
    and only `placements.service` writes them (a case that moves to another district takes a child without any
    placement along). `supervising_post_id` watches over a case that a sector holds, or a worker elsewhere; only
    `cases.service` writes it. `folded` is the name for finding, without accents and
    apostrophes.
    """

    __tablename__ = "children"
    __table_args__ = (
        CheckConstraint("sex in ('female','male')", name="sex"),
        CheckConstraint("birth_precision in ('day','month','year','estimated','unknown')", name="birth_precision"),
        Index("ix_children_district_newest", "district_code", "created_at", "id"),
        Index("ix_children_area_newest", "area_code", "created_at", "id"),
        Index("ix_children_newest", "created_at", "id"),
        Index("ix_children_responsible_post_id", "responsible_post_id", "created_at", "id"),
        Index(
            "ix_children_supervising_post_id",
            "supervising_post_id",
            postgresql_where=text("supervising_post_id is not null"),
        ),
        Index(
            "ix_children_institution_id",
            "institution_id",
            postgresql_where=text("institution_id is not null"),
        ),
        Index("ix_children_household_id", "household_id", postgresql_where=text("household_id is not null")),
        Index(
            "ix_children_folded",
            "district_code",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
        Index(
            "ix_children_sounds",
            "district_code",
            "sounds",
            postgresql_using="gin",
            postgresql_ops={"sounds": "gin_trgm_ops"},
        ),
        Index("ix_children_name_keys", "name_keys", postgresql_using="gin"),
        Index("ix_children_joined_into", "joined_into", postgresql_where=text("joined_into is not null")),
    )

    code: Mapped[str] = mapped_column(unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    folded: Mapped[str]
    other_names: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default="{}")
    sounds: Mapped[str] = mapped_column(default=lambda context: _found_by(context).sounds, server_default="")
    name_keys: Mapped[list[str]] = mapped_column(
        ARRAY(String), default=lambda context: _found_by(context).name_keys, server_default="{}"
    )
    joined_into: Mapped[UUID | None] = mapped_column(ForeignKey("children.id"))
    sex: Mapped[str]
    born_on: Mapped[date | None]
    birth_precision: Mapped[str]
    has_disability: Mapped[bool | None]
    origin_place_code: Mapped[int | None] = mapped_column(ForeignKey("places.code"))
    origin_village_name: Mapped[str | None]
    registered_on: Mapped[date] = mapped_column(default=today)
    restricted: Mapped[bool] = mapped_column(default=False, server_default="false")
    responsible_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    supervising_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutions.id"))
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("households.id"))
    lives_as: Mapped[str | None]
    lives_since: Mapped[date | None]


class Household(Recorded, Base):
    """A family: of birth, of kin, or a foster family (Malayika Murinzi). Named after its head."""

    __tablename__ = "households"
    __table_args__ = (
        CheckConstraint("capacity between 0 and 12", name="capacity"),
        Index("ix_households_district_newest", "district_code", "created_at", "id"),
        Index(
            "ix_households_folded",
            "district_code",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
        Index("ix_households_phone", "phone", postgresql_where=text("phone is not null")),
    )

    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    head_name: Mapped[str]
    folded: Mapped[str]
    phone: Mapped[str | None]
    place_code: Mapped[int] = mapped_column(ForeignKey("places.code"))
    village_name: Mapped[str | None]
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    capacity: Mapped[int] = mapped_column(default=1)
    vetting: Mapped[str]
    vetted_on: Mapped[date | None]


class HouseholdMember(Recorded, Base):
    """A person who lives in a household; caregivers raise the child; who has left keeps the day."""

    __tablename__ = "household_members"

    household_id: Mapped[UUID] = mapped_column(ForeignKey("households.id"), index=True)
    name: Mapped[str]
    relation: Mapped[str]
    sex: Mapped[str | None]
    birth_year: Mapped[int | None]
    is_caregiver: Mapped[bool] = mapped_column(default=False)
    left_on: Mapped[date | None]
