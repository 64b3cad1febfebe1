"""Every read of censuses; each of a house in reach, by the district's workers and, coded, by national staff."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import ChildFacts, View
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.models import Child
from app.children.queries import holders_of, view_of, visible_children
from app.children.rules import initials
from app.core.errors import NotFound
from app.institutions.models import Institution
from app.institutions.queries import get_institution, visible_institutions
from app.placements.models import Placement
from app.placements.rules import why_not_theirs
from app.transformation.census_schemas import CensusFile, CensusRow, PersonFile, PersonRow
from app.transformation.events import CensusOpened
from app.transformation.models import Census, CensusPerson
from app.transformation.rules import Counted, Reconciliation, reconcile
from app.transformation.words import Difference, PersonStatus

MOST_CENSUSES = 60
READERS = (Permission.PLACEMENTS_WRITE, Permission.CHILDREN_UNSEAL)


def visible_censuses(actor: Actor) -> ColumnElement[bool]:
    """The condition that a census is of a house in reach."""
    return Census.institution_id.in_(select(Institution.id).where(visible_institutions(actor)))


def list_censuses(db: Session, actor: Actor, institution_id: UUID) -> list[CensusRow]:
    """The censuses of a house, newest first, and the note that they were listed; raises `NotFound` out of reach."""
    require(actor, *READERS)
    house = get_institution(db, actor, institution_id)
    people = func.count(CensusPerson.id)
    found = db.execute(
        select(
            Census.id,
            Census.counted_on,
            Census.state,
            people.label("people"),
            people.filter(CensusPerson.status == PersonStatus.PRESENT.value).label("present"),
            holders_of(Census.by_post_id).label("by"),
        )
        .outerjoin(CensusPerson, CensusPerson.census_id == Census.id)
        .where(Census.institution_id == institution_id)
        .group_by(Census.id)
        .order_by(Census.counted_on.desc(), Census.id.desc())
        .limit(MOST_CENSUSES)
    ).all()
    listed = RecordsListed(what="censuses", filter={"institution": str(institution_id)}, rows=len(found))
    record(db, actor, listed, area_code=house.area_code)
    return [CensusRow.model_validate(row) for row in found]


def open_census(db: Session, actor: Actor, census_id: UUID) -> CensusFile:
    """A census against the register, and the note that it was read; raises `NotFound` out of reach."""
    census = read_census(db, actor, census_id)
    record(db, actor, CensusOpened(institution=census.institution), subject_id=census_id, area_code=actor.area.lo)
    return census


def read_census(db: Session, actor: Actor, census_id: UUID) -> CensusFile:
    """The same without the note."""
    require(actor, *READERS)
    row = db.execute(_census().where(Census.id == census_id, visible_censuses(actor))).one_or_none()
    if row is None:
        raise NotFound
    people = db.execute(_people(actor).where(CensusPerson.census_id == census_id)).all()
    staying, hidden = nights_stays(db, row.institution, row.counted_on)
    found = held_against(people, staying)
    coded = view_of(actor) is View.CODED
    rows = [_person(actor, person, found.differences.get(person.id), row.by, coded=coded) for person in people]
    statuses = [person.status for person in rows]
    return CensusFile.model_validate(
        dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
        | {
            "present": statuses.count(PersonStatus.PRESENT),
            "absent": statuses.count(PersonStatus.ABSENT),
            "gone": statuses.count(PersonStatus.LEFT),
            "unasked": found.unasked,
            "matches": found.matches,
            "differences": len(found.differences),
            "later": len(found.later),
            "hidden": hidden,
            "people": rows,
        }
    )


def open_person(db: Session, actor: Actor, person_id: UUID) -> PersonFile:
    """One person of a census with the difference, and the note that the census was read; raises `NotFound`."""
    require(actor, Permission.PLACEMENTS_WRITE)
    census_id = db.scalar(
        select(CensusPerson.census_id)
        .join(Census, Census.id == CensusPerson.census_id)
        .where(CensusPerson.id == person_id, visible_censuses(actor))
    )
    if census_id is None:
        raise NotFound
    census = open_census(db, actor, census_id)
    person = next((person for person in census.people if person.id == person_id), None)
    if person is None:
        raise NotFound
    return PersonFile(
        **person.model_dump(),
        census=census.id,
        institution=census.institution,
        institution_name=census.institution_name,
        counted_on=census.counted_on,
        state=census.state,
    )


def nights_stays(db: Session, institution_id: UUID, night: Any) -> tuple[set[UUID], int]:
    """The children whom the register has in a house on a night, and how many more are restricted.

    Names of restricted files stay out of a list that the whole district reads.
    """
    found = db.execute(
        select(Placement.child_id, Child.restricted)
        .outerjoin(Child, Child.id == Placement.child_id)
        .where(Placement.institution_id == institution_id, stays_on(night))
    ).all()
    restricted = {row.child_id for row in found if row.restricted}
    return {row.child_id for row in found} - restricted, len(restricted)


def stays_on(night: Any) -> ColumnElement[bool]:
    """The condition that a placement covers a night."""
    ends = or_(Placement.ended_on.is_(None), Placement.ended_on > night)
    return and_(Placement.is_residential, Placement.started_on <= night, ends)


def held_against(people: Any, staying: set[UUID]) -> Reconciliation:
    """The rule on rows of people."""
    return reconcile(
        [
            Counted(
                id=person.id,
                child=person.child_id,
                status=PersonStatus(person.status) if person.status else None,
                settled=person.settled_as is not None,
            )
            for person in people
        ],
        staying,
    )


def _census() -> Select[Any]:
    columns: list[Any] = [
        Census.id,
        Census.institution_id.label("institution"),
        Institution.name.label("institution_name"),
        Census.counted_on,
        Census.state,
        Census.note,
        holders_of(Census.by_post_id).label("by"),
        Census.counted_at,
        Census.reconciled_at,
    ]
    return select(*columns).join(Institution, Institution.id == Census.institution_id)


def _people(actor: Actor) -> Select[Any]:
    columns: list[Any] = [
        CensusPerson.id,
        CensusPerson.child_id,
        CensusPerson.was_known,
        CensusPerson.name,
        CensusPerson.sex,
        CensusPerson.age_years,
        CensusPerson.since_on,
        CensusPerson.status,
        CensusPerson.away_on,
        CensusPerson.away_where,
        CensusPerson.settled_as,
        CensusPerson.settled_note,
        Child.code.label("child_code"),
        Child.area_code,
        Child.responsible_post_id,
        holders_of(Child.responsible_post_id).label("responsible"),
    ]
    # A child who moved far away stays on the list of that night; one whose file was restricted since does not.
    return (
        select(*columns)
        .outerjoin(Child, Child.id == CensusPerson.child_id)
        .where(or_(Child.id.is_(None), visible_children(actor)))
        .order_by(CensusPerson.name, CensusPerson.id)
    )


def _person(
    actor: Actor, row: Row[Any], difference: Difference | None, counter: str | None, *, coded: bool
) -> PersonRow:
    resolves, may_move = None, False
    if difference is not None:
        resolves = row.responsible if difference is Difference.LEFT else counter
    if difference is Difference.LEFT:
        facts = ChildFacts(area_code=row.area_code, responsible_post_id=row.responsible_post_id)
        may_move = why_not_theirs(actor, facts) is None
    known = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    if coded:
        given, _space, family = row.name.partition(" ")
        known |= {"name": initials(given, family), "away_where": None, "settled_note": None}
    told = {"child": row.child_id, "difference": difference, "resolves": resolves, "may_move": may_move}
    return PersonRow.model_validate(known | told)
