"""The verbs of a census: begin, tick, add, count, settle what differs, reconcile. None but settling touches a record.

Settling is somebody's own act on the register, through the verbs that keep it, pre-filled from what was counted.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.children.models import Child
from app.children.queries import visible_children
from app.children.rules import age_on
from app.children.schemas import shown_name
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.records import create_once
from app.institutions.queries import get_institution
from app.institutions.schemas import InstitutionDetail
from app.placements.models import Placement
from app.transformation.census_queries import held_against, nights_stays, stays_on, visible_censuses
from app.transformation.census_schemas import CensusStart, CensusTick, PersonAdd, PersonMark
from app.transformation.events import (
    CensusMoved,
    CensusPersonAdded,
    CensusStarted,
    CensusTicked,
    DifferenceSettled,
)
from app.transformation.models import Census, CensusPerson
from app.transformation.rules import check_away, check_not_ahead
from app.transformation.settling import end_stay, receive_known, register_resident
from app.transformation.settling_schemas import EndStay, Explain, KnownResident, RegisterResident
from app.transformation.words import CensusState, PersonStatus, Settled


def start_census(db: Session, actor: Actor, institution_id: UUID, command: CensusStart) -> tuple[UUID, bool]:
    """Begins a census with everybody whom the register has there that night; returns its id and whether it is new.

    Raises `Conflict` while another census of the house is being counted.
    """
    require(actor, Permission.PLACEMENTS_WRITE)
    house = get_institution(db, actor, institution_id)
    check_not_ahead("counted_on", command.counted_on, today=clock.today())
    try:
        with db.begin_nested():
            census_id, is_new = create_once(
                db,
                Census,
                actor,
                command,
                institution_id=institution_id,
                area_code=house.area_code,
                counted_on=command.counted_on,
                state=CensusState.DRAFT.value,
                note=command.note or None,
                by_post_id=actor.post_id,
            )
    except Exception as error:
        if violated(error) == "ix_censuses_one_draft":
            raise Conflict(_("A census of this house is being counted already: go on with that one")) from error
        raise
    if is_new:
        listed = _list_residents(db, actor, census_id, house, command)
        started = CensusStarted(institution=institution_id, counted_on=command.counted_on.isoformat(), listed=listed)
        record(db, actor, started, subject_id=census_id, area_code=house.area_code)
    return census_id, is_new


def _list_residents(db: Session, actor: Actor, census_id: UUID, house: InstitutionDetail, command: CensusStart) -> int:
    residents = db.execute(
        select(Child.id, Child.given_name, Child.family_name, Child.sex, Child.born_on, Placement.started_on)
        .join(Placement, Placement.child_id == Child.id)
        .where(
            Placement.institution_id == house.id,
            stays_on(command.counted_on),
            visible_children(actor),
            Child.restricted.is_(False),
        )
    ).all()
    if residents:
        db.execute(
            insert(CensusPerson),
            [
                {
                    "id": new_id(),
                    "created_by": actor.account_id,
                    "census_id": census_id,
                    "area_code": house.area_code,
                    "child_id": child.id,
                    "was_known": True,
                    "name": shown_name(child.given_name, child.family_name, ""),
                    "sex": child.sex,
                    "age_years": age_on(child.born_on, command.counted_on),
                    "since_on": child.started_on,
                }
                for child in residents
            ],
        )
    return len(residents)


def tick_people(db: Session, actor: Actor, census_id: UUID, command: CensusTick) -> None:
    """Says of the people shown who sleeps there; who is not ticked any more is open again."""
    census = _locked(db, actor, census_id, CensusState.DRAFT)
    shown, present = set(command.shown), set(command.present) & set(command.shown)
    of_census = (CensusPerson.census_id == census_id,)
    here = PersonStatus.PRESENT.value
    db.execute(
        update(CensusPerson)
        .where(*of_census, CensusPerson.id.in_(present))
        .values(status=here, away_on=None, away_where=None, version=CensusPerson.version + 1)
    )
    db.execute(
        update(CensusPerson)
        .where(*of_census, CensusPerson.id.in_(shown - present), CensusPerson.status == here)
        .values(status=None, version=CensusPerson.version + 1)
    )
    event = CensusTicked(people=sorted(present, key=str))
    record(db, actor, event, subject_id=census_id, area_code=census.area_code)


def mark_person(db: Session, actor: Actor, person_id: UUID, command: PersonMark) -> UUID:
    """Says where one person sleeps; returns the id of the census. Who left needs the day as it is told."""
    person, census = _person(db, actor, person_id, CensusState.DRAFT)
    check_away(command.status, command.away_on, counted_on=census.counted_on)
    gone = command.status is PersonStatus.LEFT
    if gone and command.away_on is None:
        raise FieldError("away_on", _("Write the day on which they left, as it is told"))
    away = command.status is not PersonStatus.PRESENT
    person.status = command.status.value
    person.away_on = command.away_on if away else None
    person.away_where = (command.away_where or None) if away else None
    person.version += 1
    db.flush()
    record(db, actor, CensusTicked(people=[person_id]), subject_id=census.id, area_code=census.area_code)
    return census.id


def add_person(db: Session, actor: Actor, census_id: UUID, command: PersonAdd) -> tuple[UUID, bool]:
    """Adds somebody whom nobody registered; returns the id and whether it is new."""
    census = _locked(db, actor, census_id, CensusState.DRAFT)
    check_not_ahead("since_on", command.since_on, today=census.counted_on)
    values = command.model_dump(exclude={"id"}) | {"sex": command.sex.value}
    person_id, is_new = create_once(
        db,
        CensusPerson,
        actor,
        command,
        census_id=census_id,
        area_code=census.area_code,
        was_known=False,
        status=PersonStatus.PRESENT.value,
        **values,
    )
    if is_new:
        added = CensusPersonAdded(person=person_id)
        record(db, actor, added, subject_id=census_id, area_code=census.area_code)
    return person_id, is_new


def finish_count(db: Session, actor: Actor, census_id: UUID) -> None:
    """Ends the counting; raises `FieldError` while anybody on the list was not asked about."""
    census = _locked(db, actor, census_id, CensusState.DRAFT)
    people = _people(db, census_id)
    open_ones = sum(person.status is None for person in people)
    if open_ones:
        raise FieldError(
            "",
            ngettext(
                "Say where %(num)d person sleeps before the count is finished",
                "Say where %(num)d people sleep before the count is finished",
                open_ones,
            )
            % {"num": open_ones},
        )
    census.state, census.counted_at = CensusState.COUNTED.value, clock.now()
    _moved(db, actor, census, people)


def reconcile_census(db: Session, actor: Actor, census_id: UUID) -> None:
    """Says that house and register agree; raises `FieldError` while a difference is not settled.

    The register is read as it stands now for that night; nothing in it is changed here.
    """
    census = _locked(db, actor, census_id, CensusState.COUNTED)
    people = _people(db, census_id)
    left = len(_held(db, census, people).differences)
    if left:
        raise FieldError(
            "",
            ngettext("%(num)d difference is not settled yet", "%(num)d differences are not settled yet", left)
            % {"num": left},
        )
    census.state, census.reconciled_at = CensusState.RECONCILED.value, clock.now()
    _moved(db, actor, census, people)


# Settling one difference


def register_person(db: Session, actor: Actor, person_id: UUID, command: RegisterResident) -> UUID:
    """Registers somebody from a census, with the stay in the house; returns the id of the census."""
    person, census = _to_settle(db, actor, person_id)
    if person.child_id is not None:
        raise Conflict(_("This person is on the register already"))
    child_id = register_resident(db, actor, get_institution(db, actor, census.institution_id), command)
    return _settle(db, actor, person, census, Settled.REGISTERED, child_id=child_id)


def know_person(db: Session, actor: Actor, person_id: UUID, command: KnownResident) -> UUID:
    """Says which child of the register a person is, and records the stay unless there is one; returns the census."""
    person, census = _to_settle(db, actor, person_id)
    house = get_institution(db, actor, census.institution_id)
    child_id = receive_known(db, actor, house, command, day=person.since_on or census.counted_on)
    return _settle(db, actor, person, census, Settled.KNOWN, child_id=child_id)


def end_person(db: Session, actor: Actor, person_id: UUID, command: EndStay) -> UUID:
    """Ends the stay of somebody who has left the house; returns the id of the census."""
    person, census = _to_settle(db, actor, person_id)
    if person.child_id is None or person.status != PersonStatus.LEFT.value:
        raise FieldError("", _("Only the stay of somebody who has left is ended here"))
    end_stay(db, actor, get_institution(db, actor, census.institution_id), person.child_id, command)
    return _settle(db, actor, person, census, Settled.ENDED, child_id=person.child_id)


def explain_person(db: Session, actor: Actor, person_id: UUID, command: Explain) -> UUID:
    """Settles a difference in words, where no record is wrong; returns the id of the census."""
    person, census = _to_settle(db, actor, person_id)
    return _settle(db, actor, person, census, Settled.EXPLAINED, child_id=person.child_id, note=command.note)


def _settle(
    db: Session,
    actor: Actor,
    person: CensusPerson,
    census: Census,
    how: Settled,
    *,
    child_id: UUID | None,
    note: str | None = None,
) -> UUID:
    person.child_id, person.settled_as, person.settled_note = child_id, how.value, note
    person.settled_at = clock.now()
    person.version += 1
    db.flush()
    settled = DifferenceSettled(person=person.id, settled_as=how.value, child=child_id)
    record(db, actor, settled, subject_id=census.id, area_code=census.area_code)
    return census.id


def _to_settle(db: Session, actor: Actor, person_id: UUID) -> tuple[CensusPerson, Census]:
    person, census = _person(db, actor, person_id, CensusState.COUNTED)
    if person.settled_as is not None:
        raise Conflict(_("This difference is settled already"))
    if person.id not in _held(db, census, _people(db, census.id)).differences:
        raise Conflict(_("House and register agree about this person"))
    return person, census


def _held(db: Session, census: Census, people: list[Any]) -> Any:
    staying, _hidden = nights_stays(db, census.institution_id, census.counted_on)
    return held_against(people, staying)


def _people(db: Session, census_id: UUID) -> list[Any]:
    wanted = select(CensusPerson.id, CensusPerson.child_id, CensusPerson.status, CensusPerson.settled_as)
    return list(db.execute(wanted.where(CensusPerson.census_id == census_id)))


def _moved(db: Session, actor: Actor, census: Census, people: list[Any]) -> None:
    census.version += 1
    db.flush()
    left = len(_held(db, census, people).differences)
    event = CensusMoved(state=census.state, people=len(people), differences=left)
    record(db, actor, event, subject_id=census.id, area_code=census.area_code)


def _locked(db: Session, actor: Actor, census_id: UUID, state: CensusState) -> Census:
    require(actor, Permission.PLACEMENTS_WRITE)
    census = db.scalar(select(Census).where(Census.id == census_id, visible_censuses(actor)).with_for_update())
    if census is None:
        raise NotFound
    _check_state(census, state)
    return census


def _person(db: Session, actor: Actor, person_id: UUID, state: CensusState) -> tuple[CensusPerson, Census]:
    require(actor, Permission.PLACEMENTS_WRITE)
    found = db.execute(
        select(CensusPerson, Census)
        .join(Census, Census.id == CensusPerson.census_id)
        .outerjoin(Child, Child.id == CensusPerson.child_id)
        .where(
            CensusPerson.id == person_id,
            visible_censuses(actor),
            Child.id.is_(None) | visible_children(actor),
        )
        .with_for_update(of=[CensusPerson, Census])
    ).one_or_none()
    if found is None:
        raise NotFound
    _check_state(found[1], state)
    return found[0], found[1]


def _check_state(census: Census, state: CensusState) -> None:
    if census.state != state.value:
        raise Conflict(_("This census is further on: %(state)s") % {"state": CensusState(census.state).label})
