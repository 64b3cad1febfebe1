"""Placements: episodes of residence and care, one open at a time."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, func, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded
from app.placements.words import PLACED_KINDS, RESIDENTIAL_KINDS, PlacementKind


def _sql(kinds: Collection[PlacementKind]) -> str:
    return ", ".join(f"'{kind.value}'" for kind in sorted(kinds))


class Placement(Recorded, Base):
    """Where a child lived from a day until a day (excluded): in an institution, with a household, or elsewhere.

    Residential stays are placements too, so that "where was this child on that date" has one answer.
    `from_kind` is the kind of the episode before, so that "first exit from an institution" needs no self-join.
    `brought_by` and `child_was` tell of the day itself; `unprepared_reason` why it came before the preparation was
    done, `undecided_reason` why the child left an institution for it before that was decided. `address`, `rent_until`
    and `mentor` are for a young person who lives alone. `visits_by` is which of the schedules of its kind the visits
    follow, `visits_from` the day from which that one is counted.
    """

    __tablename__ = "placements"
    __table_args__ = (
        CheckConstraint("ended_on is null or ended_on >= started_on", name="order"),
        CheckConstraint("(ended_on is null) = (end_reason is null)", name="end_reason"),
        CheckConstraint("not (institution_id is not null and household_id is not null)", name="one_host"),
        ExcludeConstraint(
            (literal_column("child_id"), "="),
            (func.daterange(literal_column("started_on"), literal_column("ended_on"), text("'[)'")), "&&"),
            name="ex_placements_one_residence",
            using="gist",
        ),
        Index("ix_placements_child_id", "child_id", "started_on"),
        Index(
            "ix_placements_institution_id",
            "institution_id",
            "started_on",
            postgresql_where=text("institution_id is not null"),
        ),
        Index("ix_placements_household_id", "household_id", postgresql_where=text("household_id is not null")),
        Index("ix_placements_district_started", "district_code", "started_on"),
        Index("ix_placements_started", "started_on"),
        # Who leaves institutional care for a family or for independence, in the order of children: the first exits,
        # which the indicators count over many years, are read from this index alone.
        Index(
            "ix_placements_exits",
            "child_id",
            "started_on",
            postgresql_include=["area_code", "district_code", "kind"],
            postgresql_where=text(f"kind in ({_sql(PLACED_KINDS)}) and from_kind in ({_sql(RESIDENTIAL_KINDS)})"),
        ),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kind: Mapped[str]
    is_residential: Mapped[bool]
    from_kind: Mapped[str | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    end_was_planned: Mapped[bool | None]
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutions.id"))
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("households.id"))
    entry_reason: Mapped[str | None]
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    note: Mapped[str | None]
    brought_by: Mapped[str | None]
    child_was: Mapped[str | None]
    unprepared_reason: Mapped[str | None]
    undecided_reason: Mapped[str | None]
    planned_end_on: Mapped[date | None]
    address: Mapped[str | None]
    rent_until: Mapped[date | None]
    mentor: Mapped[str | None]
    visits_by: Mapped[str] = mapped_column(default="usual", server_default="usual")
    visits_from: Mapped[date | None]


class PlacementSetting(Base):
    """A number that the programme may change, such as the age from which a young person may live alone. Never law."""

    __tablename__ = "placement_settings"

    code: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class PreparationItem(Base):
    """A step of the preparation before a placement. Data that the programme may change, never law."""

    __tablename__ = "preparation_items"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    label: Mapped[str]


class Preparation(Recorded, Base):
    """The preparation of a child and a family for a placement to come; the placement ends it, or a reason does."""

    __tablename__ = "preparations"
    __table_args__ = (
        CheckConstraint("(dropped_on is null) = (drop_reason is null)", name="drop_reason"),
        Index(
            "ix_preparations_one_open",
            "child_id",
            unique=True,
            postgresql_where=text("placement_id is null and dropped_on is null"),
        ),
        Index("ix_preparations_child_id", "child_id", "planned_on"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kind: Mapped[str]
    planned_on: Mapped[date]
    placement_id: Mapped[UUID | None] = mapped_column(ForeignKey("placements.id"))
    dropped_on: Mapped[date | None]
    drop_reason: Mapped[str | None]


class PreparationStep(Recorded, Base):
    """A step of a preparation that is done: on which day, by whom, and how it went."""

    __tablename__ = "preparation_steps"
    __table_args__ = (
        Index("ix_preparation_steps_one", "preparation_id", "item", unique=True),
        Index("ix_preparation_steps_child_id", "child_id"),
    )

    preparation_id: Mapped[UUID] = mapped_column(ForeignKey("preparations.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    item: Mapped[str] = mapped_column(ForeignKey("preparation_items.code"))
    done_on: Mapped[date]
    done_by: Mapped[str]
    note: Mapped[str | None]


class SupportItem(Recorded, Base):
    """Something that the child or the family was given when the placement began; the amount is in whole Rwf."""

    __tablename__ = "support_items"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("amount_rwf >= 0", name="amount"),
        Index("ix_support_items_placement_id", "placement_id"),
        Index("ix_support_items_child_id", "child_id"),
    )

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    item: Mapped[str]
    quantity: Mapped[int]
    amount_rwf: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str]
    given_on: Mapped[date]


class LegalAct(Recorded, Base):
    """What makes a placement lawful: a decision, an order, an entry in a register, a judgment."""

    __tablename__ = "legal_acts"
    __table_args__ = (
        Index("ix_legal_acts_placement_id", "placement_id"),
        Index("ix_legal_acts_child_id", "child_id"),
    )

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kind: Mapped[str]
    number: Mapped[str]
    decided_on: Mapped[date]
    body: Mapped[str]


class TimeAway(Recorded, Base):
    """Days that a child spent elsewhere without the placement ending: from a day until the day of return (excluded)."""

    __tablename__ = "times_away"
    __table_args__ = (
        CheckConstraint("until_on is null or until_on >= from_on", name="order"),
        ExcludeConstraint(
            (literal_column("child_id"), "="),
            (func.daterange(literal_column("from_on"), literal_column("until_on"), text("'[)'")), "&&"),
            name="ex_times_away_one_at_a_time",
            using="gist",
        ),
        Index("ix_times_away_child_id", "child_id", "from_on"),
        Index("ix_times_away_placement_id", "placement_id"),
    )

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kind: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    place: Mapped[str]
    note: Mapped[str | None]


class CaregiverDeath(Recorded, Base):
    """A caregiver of a household died; without a member it is the head. The placements there stay until decided."""

    __tablename__ = "caregiver_deaths"
    __table_args__ = (Index("ix_caregiver_deaths_household_id", "household_id", "died_on"),)

    household_id: Mapped[UUID] = mapped_column(ForeignKey("households.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("household_members.id"))
    died_on: Mapped[date]
    note: Mapped[str | None]
