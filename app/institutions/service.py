"""The verbs of the register of institutions."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import inside_area
from app.audit.service import record
from app.core import clock
from app.core.errors import FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_once
from app.core.schemas import changes
from app.core.text import fold
from app.institutions.events import InstitutionChanged, InstitutionRegistered
from app.institutions.listeners import area_changed
from app.institutions.models import Institution
from app.institutions.queries import visible_institutions
from app.institutions.rules import check_finding, check_opening
from app.institutions.schemas import InstitutionChange, InstitutionRegister
from app.institutions.words import ClosureStage, Registration
from app.places.queries import resolve_sector

_NEVER_EMPTY = frozenset({"name", "kind", "registration", "sector", "services"})


def register_institution(db: Session, actor: Actor, command: InstitutionRegister) -> tuple[UUID, bool]:
    """Puts an institution on the register; returns its id and whether it is new.

    Raises `FieldError` for a sector outside the actor's area or a day in the future.
    """
    require(actor, Permission.INSTITUTIONS_WRITE)
    check_opening(command.opened_on, today=clock.today())
    check_finding(command.found_on, today=clock.today())
    place_code, area_code = _sector(db, actor, command.sector)
    values = command.model_dump(exclude={"id", "sector"}) | {"found_by": command.found_by or None}
    institution_id, is_new = create_once(
        db,
        Institution,
        actor,
        command,
        **values,
        folded=fold(command.name),
        place_code=place_code,
        area_code=area_code,
    )
    if is_new:
        event = InstitutionRegistered(name=command.name, registration=command.registration)
        record(db, actor, event, subject_id=institution_id, area_code=area_code)
    return institution_id, is_new


def change_institution(
    db: Session, actor: Actor, institution_id: UUID, command: InstitutionChange, *, version: int | None
) -> None:
    """Changes the fields that are given. Raises `Stale` where the actor saw an older version."""
    require(actor, Permission.INSTITUTIONS_WRITE)
    # A savepoint, so that a door which shows the complaint at its field leaves nothing half done.
    with db.begin_nested():
        institution = lock_institution(db, actor, institution_id)
        before, area_code = _values(institution), institution.area_code
        check_version(institution, version, current=before, typed=command.model_dump(mode="json", exclude_unset=True))
        _apply(db, actor, institution, command)
        if institution.area_code != area_code:
            db.flush()
            area_changed(db, actor, institution_id, institution.area_code)
        changed = changes(before, _values(institution))
        if changed:
            event = InstitutionChanged(changes=changed)
            record(db, actor, event, subject_id=institution_id, area_code=institution.area_code)


def lock_institution(db: Session, actor: Actor, institution_id: UUID) -> Institution:
    """An institution in reach, locked until the end of the transaction; raises `NotFound`."""
    institution = db.scalar(
        select(Institution)
        .where(Institution.id == institution_id, visible_institutions(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if institution is None:
        raise NotFound
    return institution


def set_stage(institution: Institution, stage: ClosureStage, reached_on: date) -> None:
    """Writes the stage of closure and what follows from it onto a locked institution.

    From "no new admissions" on there is a day of the moratorium; before it there is none. Who asks has checked that
    the stage may be reached, and records the event.
    """
    institution.closure_stage, institution.stage_reached_on = stage.number, reached_on
    if stage.number < ClosureStage.NO_NEW_ADMISSIONS.number:
        institution.moratorium_on = None
    elif stage is ClosureStage.NO_NEW_ADMISSIONS and institution.moratorium_on is None:
        institution.moratorium_on = reached_on
    if stage is ClosureStage.DEREGISTERED:
        institution.registration = Registration.DEREGISTERED.value


def _apply(db: Session, actor: Actor, institution: Institution, command: InstitutionChange) -> None:
    given = {
        name: value
        for name, value in command.model_dump(exclude_unset=True).items()
        if value is not None or name not in _NEVER_EMPTY
    }
    if "sector" in given:
        institution.place_code, institution.area_code = _sector(db, actor, given.pop("sector"))
    if "opened_on" in given:
        check_opening(given["opened_on"], today=clock.today())
    if "found_on" in given:
        check_finding(given["found_on"], today=clock.today())
    if "found_by" in given:
        given["found_by"] = given["found_by"] or None
    for name, value in given.items():
        setattr(institution, name, value)
    institution.folded = fold(institution.name)


def _sector(db: Session, actor: Actor, sector: int) -> tuple[int, int]:
    place = resolve_sector(db, sector, field="sector")
    if not inside_area(actor, place.area_code):
        raise FieldError("sector", _("This sector lies outside your area"))
    return place.place_code, place.area_code


def _values(institution: Institution) -> dict[str, Any]:
    """What the register says, in plain values, for comparing and for the log."""
    return {
        "name": institution.name,
        "kind": str(institution.kind),
        "registration": str(institution.registration),
        "sector": institution.place_code,
        "capacity": institution.capacity,
        "founder": str(institution.founder) if institution.founder else None,
        "opened_on": institution.opened_on.isoformat() if institution.opened_on else None,
        "services": [str(service) for service in institution.services],
        "found_by": institution.found_by,
        "found_on": institution.found_on.isoformat() if institution.found_on else None,
        "children_seen": institution.children_seen,
    }
