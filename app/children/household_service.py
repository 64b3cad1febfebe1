"""The verbs on a household: register, change."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import inside_area
from app.audit.service import record
from app.children.events import HouseholdChanged, HouseholdRegistered
from app.children.household_queries import PREFIX, visible_households
from app.children.household_schemas import HouseholdChange, HouseholdRegister, Member
from app.children.models import Household, HouseholdMember
from app.children.rules import check_vetting, check_way_to_vetting, plain_phone
from app.children.words import HouseholdKind, Vetting
from app.core import clock
from app.core.errors import FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import check_version, create_with_code
from app.core.text import fold
from app.places.queries import resolve_place
from app.places.schemas import ResolvedPlace

_PLACE = frozenset({"village", "cell", "village_name"})
_MAY_BE_EMPTY = frozenset({"phone", "vetted_on"})


def register_household(db: Session, actor: Actor, command: HouseholdRegister) -> tuple[UUID, bool]:
    """Registers a household with its members; returns its id and whether it is new.

    Raises `FieldError` for a place outside the actor's area, a day in the future, or no telephone number.
    """
    require(actor, Permission.HOUSEHOLDS_WRITE)
    today = clock.today()
    vetting = check_way_to_vetting(None, command.kind, Vetting.NOT_CHECKED, command.vetting)
    vetted_on = check_vetting(vetting, command.vetted_on, today=today)
    place = _place(db, actor, command)
    household_id, is_new, code = create_with_code(
        db,
        Household,
        actor,
        command,
        prefix=PREFIX,
        kind=command.kind,
        head_name=command.head_name,
        folded=fold(command.head_name),
        phone=plain_phone(command.phone),
        place_code=place.place_code,
        village_name=place.village_name,
        area_code=place.area_code,
        capacity=command.capacity,
        vetting=vetting,
        vetted_on=vetted_on,
    )
    if is_new:
        _add_members(db, actor, household_id, list(command.members))
        event = HouseholdRegistered(code=code, household=command.kind, vetting=vetting)
        record(db, actor, event, subject_id=household_id, area_code=place.area_code)
    return household_id, is_new


def change_household(
    db: Session, actor: Actor, household_id: UUID, command: HouseholdChange, *, version: int | None
) -> None:
    """Changes the fields that are given; `members` becomes who lives there now. Raises `Stale`."""
    require(actor, Permission.HOUSEHOLDS_WRITE)
    # A savepoint, so that a door which shows the complaint at its field leaves nothing half done.
    with db.begin_nested():
        household = db.scalar(
            select(Household)
            .where(Household.id == household_id, visible_households(actor))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if household is None:
            raise NotFound
        before = _values(household)
        check_version(household, version, current=before, typed=command.model_dump(mode="json", exclude_unset=True))
        changed = _apply(db, actor, household, command)
        changed += [name for name, value in _values(household).items() if before[name] != value]
        if changed:
            event = HouseholdChanged(fields=changed)
            record(db, actor, event, subject_id=household_id, area_code=household.area_code)


def _apply(db: Session, actor: Actor, household: Household, command: HouseholdChange) -> list[str]:
    given = {
        name: value
        for name, value in command.model_dump(exclude_unset=True, exclude={*_PLACE, "members"}).items()
        if value is not None or name in _MAY_BE_EMPTY
    }
    if "phone" in given:
        given["phone"] = plain_phone(given["phone"])
    before, was = HouseholdKind(household.kind), Vetting(household.vetting)
    kind = HouseholdKind(given.get("kind", before))
    vetting = check_way_to_vetting(before, kind, was, Vetting(given.get("vetting", was)))
    if kind is before is HouseholdKind.FOSTER:
        given.pop("vetted_on", None)
    for name, value in (given | {"vetting": vetting.value}).items():
        setattr(household, name, value)
    if vetting is not was or "vetted_on" in given:
        household.vetted_on = check_vetting(vetting, household.vetted_on, today=clock.today())
    household.folded = fold(household.head_name)
    if command.village is not None or command.cell is not None:
        place = _place(db, actor, command)
        household.place_code, household.village_name = place.place_code, place.village_name
        household.area_code = place.area_code
    if command.members is None:
        return []
    return ["members"] if _change_members(db, actor, household.id, list(command.members)) else []


def _place(db: Session, actor: Actor, command: HouseholdRegister | HouseholdChange) -> ResolvedPlace:
    field = "village" if command.village is not None or command.cell is None else "cell"
    place = resolve_place(
        db, village=command.village, cell=command.cell, village_name=command.village_name, field=field
    )
    if not inside_area(actor, place.area_code):
        raise FieldError(field, _("This place lies outside your district"))
    return place


def _add_members(db: Session, actor: Actor, household_id: UUID, members: list[Member]) -> None:
    if members:
        rows = [
            member.model_dump(exclude={"id"})
            | {"id": new_id(), "household_id": household_id, "created_by": actor.account_id}
            for member in members
        ]
        db.execute(insert(HouseholdMember), rows)


def _change_members(db: Session, actor: Actor, household_id: UUID, members: list[Member]) -> bool:
    """Makes the given people those who live there now; whoever is missing has left today."""
    today: date = clock.today()
    present = {
        row.id: row
        for row in db.scalars(
            select(HouseholdMember)
            .where(HouseholdMember.household_id == household_id, HouseholdMember.left_on.is_(None))
            .execution_options(populate_existing=True)
        )
    }
    named = {member.id: member for member in members if member.id is not None}
    if not named.keys() <= present.keys():
        raise FieldError("members", _("One of these people is not recorded in this household"))
    changed = False
    for member_id, row in present.items():
        member = named.get(member_id)
        if member is None:
            row.left_on, changed = today, True
            continue
        for name, value in member.model_dump(exclude={"id"}).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                changed = True
    new = [member for member in members if member.id is None]
    _add_members(db, actor, household_id, new)
    return changed or bool(new)


def _values(household: Household) -> dict[str, Any]:
    """What the record says, in plain values, for comparing and for showing both versions."""
    return {
        "kind": str(household.kind),
        "head_name": household.head_name,
        "phone": household.phone,
        "place_code": household.place_code,
        "village_name": household.village_name,
        "capacity": household.capacity,
        "vetting": str(household.vetting),
        "vetted_on": household.vetted_on.isoformat() if household.vetted_on else None,
    }
