"""Every read of foster families; each starts from `visible_households(actor)`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.scope import in_area
from app.approvals.queries import approvals_of
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.household_queries import visible_households
from app.children.models import Child, Household
from app.children.queries import place_words, visible_children
from app.children.rules import initials
from app.children.words import PlacementKind
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.fostering.events import FamilyOpened
from app.fostering.models import FosterFamily, FosterStep, HomeTerm
from app.fostering.rules import (
    APPROVED_STAGES,
    Terms,
    Way,
    free_places,
    missing_checks,
    record_until,
    renewal_due,
    why_closed,
)
from app.fostering.schemas import FosterDetail, Fostering, FosterQuery, FosterRow, FosterStepRow, HostedRow
from app.fostering.words import Care, Stage, Term
from app.people.models import Account
from app.placements.models import Placement
from app.places.models import Place
from app.places.queries import find_area

MOST_HOSTED = 50
_KEY = (FosterFamily.created_at.expression, FosterFamily.id.expression)
children_now = (
    select(func.count(Child.id)).where(Child.household_id == Household.id).correlate(Household).scalar_subquery()
)
ROW: tuple[Any, ...] = (
    Household.id.label("household"),
    Household.code.label("household_code"),
    Household.head_name,
    Household.village_name,
    Household.vetting,
    Household.capacity,
    Household.area_code,
    Place.path,
    children_now.label("children"),
    *FosterFamily.__table__.columns,
)


def terms(db: Session) -> Terms:
    """The programme's numbers and days; one statement."""
    rows = db.execute(select(HomeTerm.key, HomeTerm.number, HomeTerm.day)).all()
    return Terms({row.key: row.number for row in rows}, {row.key: row.day for row in rows})


def families(actor: Actor) -> Select[Any]:
    """Foster families in reach, with the household that each is and how many children live there."""
    statement = select(*ROW).join(Household, Household.id == FosterFamily.household_id)
    return statement.join(Place, Place.code == Household.place_code).where(visible_households(actor))


def list_families(db: Session, actor: Actor, query: FosterQuery) -> Page[FosterRow]:
    """Foster families in reach, the newest application first; and the note that they were listed."""
    require(actor, Permission.HOUSEHOLDS_READ)
    known = terms(db)
    statement = families(actor).where(*_filters(db, query, known))
    rows = db.execute(after(statement, _KEY, query.cursor).limit(query.limit + 1)).all()
    page = page_of(
        rows,
        query.limit,
        lambda row: FosterRow.model_validate(values_of(row, known)),
        lambda row: (row.created_at, row.id),
    )
    listed = RecordsListed(
        what="foster_families", filter=query.told(), rows=len(page.items), ids=[row.household for row in page.items]
    )
    record(db, actor, listed, area_code=actor.area.lo)
    return page


def board(db: Session, actor: Actor) -> dict[Stage, int]:
    """How many families in reach stand at each stage; one statement."""
    require(actor, Permission.HOUSEHOLDS_READ)
    counted = select(FosterFamily.stage, func.count()).join(Household, Household.id == FosterFamily.household_id)
    rows = db.execute(counted.where(visible_households(actor)).group_by(FosterFamily.stage))
    found = {Stage(row[0]): int(row[1]) for row in rows}
    return {stage: found.get(stage, 0) for stage in Stage}


def open_fostering(db: Session, actor: Actor, household_id: UUID) -> Fostering:
    """How a household stands as a foster family, and the note that it was read."""
    require(actor, Permission.HOUSEHOLDS_READ)
    found = read_fostering(db, actor, household_id)
    children = [one.child for one in found.family.hosted] if found.family else []
    record(db, actor, FamilyOpened(children=children), subject_id=household_id, area_code=actor.area.lo)
    return found


def read_fostering(db: Session, actor: Actor, household_id: UUID) -> Fostering:
    """The same without the note. Raises `NotFound` for a household out of reach."""
    row = db.execute(families(actor).where(Household.id == household_id)).one_or_none()
    if row is None:
        seen = db.scalar(select(Household.id).where(Household.id == household_id, visible_households(actor)))
        if seen is None:
            raise NotFound
        return Fostering(household=household_id, family=None)
    known = terms(db)
    months, today = known.number(Term.RECORD_MONTHS), clock.today()
    more = {
        "record_until": record_until(row.record_checked_on, months),
        "missing": missing_checks(way_of(row), today=today, record_months=months),
        "approval": approvals_of(db, [row.id]).get(row.id),
        "steps": _steps(db, household_id),
        "hosted": _hosted(db, actor, household_id),
    }
    return Fostering(household=household_id, family=FosterDetail.model_validate(values_of(row, known) | more))


def way_of(row: Any) -> Way:
    """How far a family is, for the rules; of a row or of the record itself."""
    return Way(
        stage=Stage(row.stage),
        record_checked_on=row.record_checked_on,
        references_on=row.references_on,
        home_checked_on=row.home_checked_on,
        approved_until=row.approved_until,
    )


def why_no_child(db: Session, household_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Of households that the caller has found, those that went the steps and take no further child now, and why."""
    columns: list[Any] = [FosterFamily.household_id, FosterFamily.stage, FosterFamily.approved_until]
    rows = db.execute(select(*columns).where(FosterFamily.household_id.in_(household_ids)))
    reasons = {row.household_id: why_closed(Stage(row.stage), row.approved_until, today=clock.today()) for row in rows}
    return {household_id: reason for household_id, reason in reasons.items() if reason is not None}


def values_of(row: Row[Any], known: Terms) -> dict[str, Any]:
    """A row of `families` in the words of `FosterRow`."""
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    return values | {
        "place": place_words(row.village_name, row.path),
        "free": free_places(row.capacity, row.children),
        "renewal_due": _due(row, known),
        "cares": [Care(care) for care in row.cares],
    }


def _due(row: Row[Any], known: Terms) -> bool:
    if row.approved_until is None or Stage(row.stage) not in APPROVED_STAGES:
        return False
    return renewal_due(row.approved_until, known.number(Term.RENEWAL_NOTICE_DAYS)) <= clock.today()


def _filters(db: Session, query: FosterQuery, known: Terms) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.stage is not None:
        conditions.append(FosterFamily.stage == query.stage.value)
    if query.care is not None:
        conditions.append(FosterFamily.cares.contains([query.care.value]))
    if query.free:
        conditions += [FosterFamily.stage == Stage.AVAILABLE.value, Household.capacity > children_now]
    if query.renewal:
        last = clock.today() + timedelta(days=known.number(Term.RENEWAL_NOTICE_DAYS))
        conditions += [
            FosterFamily.approved_until <= last,
            FosterFamily.stage.in_([stage.value for stage in APPROVED_STAGES]),
        ]
    if query.place is not None:
        conditions.append(in_area(Household.area_code, find_area(db, query.place)))
    return conditions


def _steps(db: Session, household_id: UUID) -> list[FosterStepRow]:
    rows = db.execute(
        select(
            FosterStep.id,
            FosterStep.step,
            FosterStep.stepped_on,
            FosterStep.in_order,
            FosterStep.note,
            FosterStep.document,
            Account.display_name.label("by"),
        )
        .outerjoin(Account, Account.id == FosterStep.created_by)
        .where(FosterStep.household_id == household_id)
        .order_by(FosterStep.stepped_on.desc(), FosterStep.created_at.desc(), FosterStep.id.desc())
    )
    return [FosterStepRow.model_validate(row) for row in rows]


def _hosted(db: Session, actor: Actor, household_id: UUID) -> list[HostedRow]:
    rows = db.execute(
        select(
            Child.id.label("child"),
            Child.code.label("child_code"),
            Child.given_name,
            Child.family_name,
            Placement.kind,
            Placement.started_on,
            Placement.ended_on,
        )
        .join(Child, Child.id == Placement.child_id)
        .where(Placement.household_id == household_id, visible_children(actor))
        .where(Placement.end_reason.is_distinct_from("data_correction"))
        .order_by(Placement.started_on.desc(), Placement.id)
        .limit(MOST_HOSTED)
    )
    return [
        HostedRow(
            child=row.child,
            child_code=row.child_code,
            initials=initials(row.given_name, row.family_name),
            kind=PlacementKind(row.kind),
            started_on=row.started_on,
            ended_on=row.ended_on,
        )
        for row in rows
    ]
