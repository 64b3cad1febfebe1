"""The record for people: one page of folded groups, and a short page to change each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import ChildAtWork, checked_at_work, child_to_read, may_work_on
from app.core.asking import done, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.places.picking import pick_place, seeks_place
from app.places.words import PlaceLevel
from app.record import queries, service
from app.record.models import Identity, PreviousAddress
from app.record.schemas import COMMANDS, MOST_NAMES, PARTS, AddressAdd, HealthChange, IdentityAdd, Withdraw
from app.record.shown import PART_OF, rows_of, years
from app.record.words import (
    BirthRegistration,
    BirthSource,
    HivStatus,
    IdentityKind,
    Language,
    NameKind,
    ParentStatus,
    RecordGroup,
    SchoolLevel,
)

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
EMPTY_NAMES = 2
_CHOICES: dict[str, Any] = {
    "name_kinds": NameKind,
    "registrations": BirthRegistration,
    "sources": BirthSource,
    "statuses": ParentStatus,
    "all_languages": Language,
    "levels": SchoolLevel,
    "hiv_statuses": HivStatus,
}


@router.get("/children/{child_id}/record")
def show_record(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """Everything that is known about the person, in folded groups."""
    child, known = queries.open_record(db, actor, child_id)
    groups = [(group, rows_of(getattr(known, PART_OF[group]))) for group in RecordGroup]
    return render(
        request,
        "record/detail.html",
        child=child,
        record=known,
        groups=groups,
        years=years,
        may_write=may_work_on(actor, child.facts),
    )


def _for_writing(db: Session, actor: Actor, child_id: UUID) -> ChildAtWork:
    """The child, for a form; raises `Forbidden` before anybody types in vain. Reading is noted."""
    child, _known = queries.open_record(db, actor, child_id)
    return checked_at_work(actor, child)


# The groups, each with a page of its own


def _pages_of(group: RecordGroup) -> None:
    address = f"/children/{{child_id}}/record/{group.value}"

    def show(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
        """The group as a form."""
        child = _for_writing(db, actor, child_id)
        part = queries.read_group(db, child_id, group, PARTS[group])
        return _group_page(request, child, group.value, part, form_of(part))

    def change(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
        """Changes the group, or shows both versions where somebody else was faster."""
        form = _compact(form) if group is RecordGroup.NAMES else form
        if tried(
            db,
            form,
            form.bind(COMMANDS[group]),
            lambda given: service.change_group(db, actor, child_id, group, given, version=version_in(form), whole=True),
            shows_both=True,
        ):
            return _done(child_id, _("The record is changed."))
        child = checked_at_work(actor, child_to_read(db, actor, child_id))
        part = queries.read_group(db, child_id, group, PARTS[group])
        return _group_page(request, child, group.value, part, form)

    router.add_api_route(address, show, methods=["GET"], name=f"show_{group.value}")
    router.add_api_route(address, change, methods=["POST"], name=f"change_{group.value}")


for _group in RecordGroup:
    _pages_of(_group)


@router.get("/children/{child_id}/record/health")
def show_health(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Health as a form, for the responsible worker and the supervisor."""
    child, part = queries.open_health(db, actor, child_id)
    return _group_page(request, checked_at_work(actor, child), "health", part, form_of(part))


@router.post("/children/{child_id}/record/health")
def change_health(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Changes the health notes, or shows both versions where somebody else was faster."""
    if tried(
        db,
        form,
        form.bind(HealthChange),
        lambda given: service.change_health(db, actor, child_id, given, version=version_in(form), whole=True),
        shows_both=True,
    ):
        return _done(child_id, _("The health notes are changed."))
    child, part = queries.open_health(db, actor, child_id)
    return _group_page(request, checked_at_work(actor, child), "health", part, form)


def form_of(part: Any) -> Form:
    """A group's form, filled with what stands in it."""
    fields: list[tuple[str, str]] = []
    for name, value in part.model_dump(mode="json", exclude={"version"}).items():
        if isinstance(value, bool):
            fields.append((name, "yes" if value else "no"))
        elif isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    fields += [(f"{name}.{number}.{key}", str(inner)) for key, inner in item.items()]
                else:
                    fields.append((f"{name}[]", str(item)))
        elif value is not None:
            fields.append((name, str(value)))
    return Form(_form_data(fields))


def _compact(form: Form) -> Form:
    """The form without the boxes of names that were left empty."""
    # A line more than there may be, so that too many are told and not cut off.
    typed = [number for number in range(MOST_NAMES + 1) if form.value(f"names.{number}.name").strip()]
    kept = [(name, form.value(name)) for name in form.data if not name.startswith("names.")]
    for number, old in enumerate(typed):
        kept.append((f"names.{number}.name", form.value(f"names.{old}.name")))
        kept.append((f"names.{number}.kind", form.value(f"names.{old}.kind")))
    return Form(_form_data(kept))


def _form_data(fields: list[tuple[str, str]]) -> FormData:
    return FormData([(name, value) for name, value in fields])


def _group_page(
    request: Request,
    child: ChildAtWork,
    group: str,
    part: Any,
    form: Form,
) -> HTMLResponse:
    names = sum(1 for name in form.data if name.startswith("names.") and name.endswith(".name"))
    return render(
        request,
        "record/group.html",
        status=form.status,
        child=child,
        group=group,
        title=_("Health") if group == "health" else RecordGroup(group).label,
        part=part,
        form=form,
        now_there=rows_of(part) if form.stale else [],
        lines=min(names + EMPTY_NAMES, MOST_NAMES),
        **_CHOICES,
    )


def _done(child_id: UUID, message: str) -> Response:
    return done(f"/children/{child_id}/record", message)


# Identity numbers


@router.get("/children/{child_id}/identities/new")
def new_identity(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Asks for a number."""
    child = _for_writing(db, actor, child_id)
    return _identity_form(request, child, Form({"id": str(new_id())}))


@router.post("/children/{child_id}/identities/new")
def add_identity(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Seals the number into the record."""
    if tried(db, form, form.bind(IdentityAdd), lambda given: service.add_identity(db, actor, child_id, given)):
        return _done(child_id, _("The number is added. It is kept sealed."))
    child = checked_at_work(actor, child_to_read(db, actor, child_id))
    return _identity_form(request, child, form)


def _identity_form(request: Request, child: ChildAtWork, form: Form) -> HTMLResponse:
    return render(request, "record/identity.html", status=form.status, child=child, form=form, kinds=IdentityKind)


@router.post("/identities/{identity_id}/reveal")
def reveal_identity(request: Request, db: Db, actor: Writer, identity_id: UUID) -> HTMLResponse:
    """Shows the whole number on this one answer; that it was shown is noted."""
    revealed = service.reveal_identity(db, actor, identity_id)
    child = child_to_read(db, actor, revealed.child)
    return render(request, "record/revealed.html", child=child, identity=revealed)


@router.get("/identities/{identity_id}/withdraw")
def ask_withdraw_identity(request: Request, db: Db, actor: Writer, identity_id: UUID) -> HTMLResponse:
    """Asks why a number is wrong."""
    child = _for_writing(db, actor, queries.child_of(db, actor, Identity, identity_id))
    return _withdraw_page(request, child, f"/identities/{identity_id}/withdraw", _("Withdraw the number"), Form())


@router.post("/identities/{identity_id}/withdraw")
def withdraw_identity(request: Request, db: Db, actor: Writer, identity_id: UUID, form: Typed) -> Response:
    """Takes a wrong number back."""
    made = tried(db, form, form.bind(Withdraw), lambda given: service.withdraw_identity(db, actor, identity_id, given))
    if made:
        return _done(made.gave, _("The number is withdrawn."))
    child = child_to_read(db, actor, queries.child_of(db, actor, Identity, identity_id))
    address = f"/identities/{identity_id}/withdraw"
    return _withdraw_page(request, child, address, _("Withdraw the number"), form)


# Previous addresses


@router.get("/children/{child_id}/addresses/new")
def new_address(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Asks where the child lived before."""
    child = _for_writing(db, actor, child_id)
    return _address_form(request, db, actor, child, Form({"id": str(new_id())}))


@router.post("/children/{child_id}/addresses/new")
def add_address(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Adds the address."""
    if not seeks_place(form) and tried(
        db, form, form.bind(AddressAdd), lambda given: service.add_address(db, actor, child_id, given)
    ):
        return _done(child_id, _("The address is added."))
    child = checked_at_work(actor, child_to_read(db, actor, child_id))
    return _address_form(request, db, actor, child, form)


def _address_form(request: Request, db: Session, actor: Actor, child: ChildAtWork, form: Form) -> HTMLResponse:
    place = pick_place(db, form, "place", PlaceLevel.SECTOR, actor)
    return render(request, "record/address.html", status=form.status, child=child, form=form, place=place)


@router.get("/addresses/{address_id}/withdraw")
def ask_withdraw_address(request: Request, db: Db, actor: Writer, address_id: UUID) -> HTMLResponse:
    """Asks why an address is wrong."""
    child = _for_writing(db, actor, queries.child_of(db, actor, PreviousAddress, address_id))
    return _withdraw_page(request, child, f"/addresses/{address_id}/withdraw", _("Withdraw the address"), Form())


@router.post("/addresses/{address_id}/withdraw")
def withdraw_address(request: Request, db: Db, actor: Writer, address_id: UUID, form: Typed) -> Response:
    """Takes a wrong address back."""
    made = tried(db, form, form.bind(Withdraw), lambda given: service.withdraw_address(db, actor, address_id, given))
    if made:
        return _done(made.gave, _("The address is withdrawn."))
    child = child_to_read(db, actor, queries.child_of(db, actor, PreviousAddress, address_id))
    address = f"/addresses/{address_id}/withdraw"
    return _withdraw_page(request, child, address, _("Withdraw the address"), form)


def _withdraw_page(request: Request, child: ChildAtWork, address: str, title: str, form: Form) -> HTMLResponse:
    return render(
        request, "record/withdraw.html", status=form.status, child=child, address=address, title=title, form=form
    )
