"""The pages of tracing, under the child and beside each search and relative."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import ChildAtWork, child_to_read, why_not_at_work
from app.core import clock
from app.core.db import Db
from app.core.errors import Conflict, FieldError, Forbidden, Stale
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import version_from_if_match
from app.core.routing import StrictRoute
from app.core.templating import flash, render
from app.tracing import queries, service
from app.tracing.rules import why_no_household
from app.tracing.schemas import (
    ActionRecord,
    RelativeChange,
    RelativeContactRecord,
    RelativeDetail,
    RelativeRecord,
    RelativeVerify,
    TracingEnd,
    TracingOpen,
)
from app.tracing.words import (
    ActionKind,
    Alive,
    Relationship,
    RelativeContactKind,
    TracingState,
    Verification,
    Willingness,
    Wish,
)

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]


@router.get("/children/{child_id}/tracing")
def show_tracing(request: Request, child_id: UUID, db: Db, actor: Reader) -> HTMLResponse:
    """The search for the child's family: what is known, what was done, who was found."""
    child, found = queries.open_tracing(db, actor, child_id)
    search = found.searches[0] if found.searches else None
    return render(
        request,
        "tracing/show.html",
        child=child,
        found=found,
        search=search,
        is_open=search is not None and not search.state.is_end,
        may_write=actor.may_ever(Permission.CASES_WRITE) and why_not_at_work(actor, child.facts) is None,
    )


@router.get("/children/{child_id}/tracing/new")
def new_tracing(request: Request, child_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what is known of the family."""
    child, _found = queries.open_tracing(db, actor, child_id)
    return _open_page(request, _theirs(actor, child), Form({"id": str(new_id())}))


@router.post("/children/{child_id}/tracing/new")
def open_tracing(request: Request, child_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Opens the search."""
    command = form.bind(TracingOpen)
    status = _tried(db, form, None if command is None else lambda: service.open_tracing(db, actor, child_id, command))
    if status is None:
        return _back(child_id, _("The search is open. Write down each thing that is done."))
    return _open_page(request, child_to_read(db, actor, child_id), form, status=status)


def _open_page(request: Request, child: ChildAtWork, form: Form, *, status: int = 200) -> HTMLResponse:
    return render(request, "tracing/new.html", status=status, child=child, form=form)


@router.get("/tracing/{tracing_id}/actions/new")
def new_action(request: Request, tracing_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what was done, what came of it, and what comes next."""
    child, _search = queries.open_search(db, actor, tracing_id)
    form = Form({"id": str(new_id())} | _day("done_on"))
    return _action_page(request, _theirs(actor, child), tracing_id, form)


@router.post("/tracing/{tracing_id}/actions/new")
def record_action(request: Request, tracing_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records what was done."""
    command = form.bind(ActionRecord)
    status = _tried(
        db, form, None if command is None else lambda: service.record_action(db, actor, tracing_id, command)
    )
    child = child_to_read(db, actor, queries.read_search(db, actor, tracing_id).child)
    if status is None:
        return _back(child.id, _("The action is recorded."))
    return _action_page(request, child, tracing_id, form, status=status)


def _action_page(
    request: Request, child: ChildAtWork, tracing_id: UUID, form: Form, *, status: int = 200
) -> HTMLResponse:
    return render(
        request, "tracing/action.html", status=status, child=child, tracing_id=tracing_id, form=form, kinds=ActionKind
    )


@router.get("/tracing/{tracing_id}/end")
def ask_end(request: Request, tracing_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks how the search ended."""
    child, search = queries.open_search(db, actor, tracing_id)
    return _end_page(request, _theirs(actor, child), search, Form({}))


@router.post("/tracing/{tracing_id}/end")
def end_tracing(request: Request, tracing_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Ends the search."""
    seen = _seen(form)
    command = form.bind(TracingEnd)
    status, stale = _tried_on(
        db, form, None if command is None else lambda: service.end_tracing(db, actor, tracing_id, command, seen)
    )
    _tell(form, stale)
    search = queries.read_search(db, actor, tracing_id)
    if status is None:
        return _back(search.child, _("The search has ended."))
    return _end_page(request, child_to_read(db, actor, search.child), search, form, status=status)


def _end_page(request: Request, child: ChildAtWork, search: Any, form: Form, *, status: int = 200) -> HTMLResponse:
    ends = [state for state in TracingState if state.is_end]
    return render(request, "tracing/end.html", status=status, child=child, search=search, form=form, ends=ends)


@router.get("/children/{child_id}/relatives/new")
def new_relative(request: Request, child_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks who the relative is, what they are willing to do and what the child wishes."""
    child, _found = queries.open_tracing(db, actor, child_id)
    form = Form({"id": str(new_id()), "alive": "unknown", "willing": "unsure", "wish": "not_asked"})
    return _relative_page(request, _theirs(actor, child), form)


@router.post("/children/{child_id}/relatives/new")
def record_relative(request: Request, child_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records the relative."""
    command = form.bind(RelativeRecord)
    status = _tried(
        db, form, None if command is None else lambda: service.record_relative(db, actor, child_id, command)
    )
    if status is None:
        return _back(child_id, _("The relative is recorded. Somebody has to verify them before they meet the child."))
    return _relative_page(request, child_to_read(db, actor, child_id), form, status=status)


@router.get("/relatives/{relative_id}")
def show_relative(request: Request, relative_id: UUID, db: Db, actor: Reader) -> HTMLResponse:
    """A relative: what they are to the child, what each wishes, and how they met."""
    child, relative = queries.open_relative(db, actor, relative_id)
    return render(
        request,
        "tracing/relative.html",
        child=child,
        relative=relative,
        why_no_household=why_no_household(
            alive=relative.alive,
            willing=relative.willing,
            wish=relative.wish,
            verification=relative.verification,
            safety_concern=relative.safety_concern,
        ),
        household=_as_household(relative),
        may_write=actor.may_ever(Permission.CASES_WRITE) and why_not_at_work(actor, child.facts) is None,
    )


def _as_household(relative: RelativeDetail) -> dict[str, str]:
    """The fields of the household's form as far as the relative fills them; the form asks for the rest."""
    return {
        "id": str(new_id()),
        "kind": "birth" if relative.relationship.is_parent else "kin",
        "head_name": relative.name,
        "phone": relative.phone or "",
        "capacity": "1",
        "members.0.name": relative.name,
        "members.0.relation": "head",
        "members.0.is_caregiver": "yes",
        "_action": "more_people",
    }


@router.get("/relatives/{relative_id}/edit")
def edit_relative(request: Request, relative_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """What is known of the relative, as a form."""
    child, relative = queries.open_relative(db, actor, relative_id)
    values = relative.model_dump(mode="json", include=set(RelativeChange.model_fields))
    form = Form({name: "yes" if value is True else str(value or "") for name, value in values.items()})
    return _relative_page(request, _theirs(actor, child), form, relative=relative)


@router.post("/relatives/{relative_id}/edit")
def change_relative(request: Request, relative_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Writes what is known now, or shows both versions where somebody else was faster."""
    seen = _seen(form)
    command = form.bind(RelativeChange)
    status, stale = _tried_on(
        db, form, None if command is None else lambda: service.change_relative(db, actor, relative_id, command, seen)
    )
    if status is None:
        return _to_relative(relative_id, _("The record is changed."))
    relative = queries.read_relative(db, actor, relative_id)
    child = child_to_read(db, actor, relative.child)
    return _relative_page(request, child, form, relative=relative, stale=stale, status=status)


def _relative_page(
    request: Request,
    child: ChildAtWork,
    form: Form,
    *,
    relative: RelativeDetail | None = None,
    stale: Stale | None = None,
    status: int = 200,
) -> HTMLResponse:
    return render(
        request,
        "tracing/relative_form.html",
        status=status,
        child=child,
        form=form,
        relative=relative,
        stale=stale,
        relationships=Relationship,
        lives=Alive,
        willing=Willingness,
        wishes=Wish,
    )


@router.get("/relatives/{relative_id}/verify")
def ask_verification(request: Request, relative_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what the check found, how it was done and by whom."""
    child, relative = queries.open_relative(db, actor, relative_id)
    form = Form(_day("verified_on") | {"verified_by": actor.display_name})
    return _verify_page(request, _theirs(actor, child), relative, form)


@router.post("/relatives/{relative_id}/verify")
def verify_relative(request: Request, relative_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records the verification."""
    seen = _seen(form)
    command = form.bind(RelativeVerify)
    status, stale = _tried_on(
        db, form, None if command is None else lambda: service.verify_relative(db, actor, relative_id, command, seen)
    )
    _tell(form, stale)
    if status is None:
        return _to_relative(relative_id, _("The verification is recorded."))
    relative = queries.read_relative(db, actor, relative_id)
    return _verify_page(request, child_to_read(db, actor, relative.child), relative, form, status=status)


def _verify_page(
    request: Request, child: ChildAtWork, relative: RelativeDetail, form: Form, *, status: int = 200
) -> HTMLResponse:
    found = [word for word in Verification if word is not Verification.NOT_YET]
    return render(
        request, "tracing/verify.html", status=status, child=child, relative=relative, form=form, findings=found
    )


@router.get("/relatives/{relative_id}/contacts/new")
def new_contact(request: Request, relative_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks how child and relative had contact, and how each took it."""
    child, relative = queries.open_relative(db, actor, relative_id)
    form = Form({"id": str(new_id())} | _day("contact_on"))
    return _contact_page(request, _theirs(actor, child), relative, form)


@router.post("/relatives/{relative_id}/contacts/new")
def record_contact(request: Request, relative_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records the contact."""
    command = form.bind(RelativeContactRecord)
    status = _tried(
        db, form, None if command is None else lambda: service.record_contact(db, actor, relative_id, command)
    )
    if status is None:
        return _to_relative(relative_id, _("The contact is recorded."))
    relative = queries.read_relative(db, actor, relative_id)
    return _contact_page(request, child_to_read(db, actor, relative.child), relative, form, status=status)


def _contact_page(
    request: Request, child: ChildAtWork, relative: RelativeDetail, form: Form, *, status: int = 200
) -> HTMLResponse:
    return render(
        request,
        "tracing/contact.html",
        status=status,
        child=child,
        relative=relative,
        form=form,
        kinds=RelativeContactKind,
    )


def _tried(db: Session, form: Form, verb: Callable[[], Any] | None) -> int | None:
    """The status of an answer that shows the form again, or None where the verb was carried out."""
    if verb is None:
        return 422
    try:
        with db.begin_nested():
            verb()
    except (FieldError, Conflict) as error:
        form.fail(error)
        return error.status
    return None


def _tried_on(db: Session, form: Form, verb: Callable[[], Any] | None) -> tuple[int | None, Stale | None]:
    """The same for a verb that compares versions: the status, and what somebody else changed meanwhile."""
    try:
        return _tried(db, form, verb), None
    except Stale as problem:
        return problem.status, problem


def _tell(form: Form, stale: Stale | None) -> None:
    if stale is not None:
        form.errors.append(("", stale.title))


def _seen(form: Form) -> int | None:
    # A form without its version has seen nothing; version 0 is never the newest.
    return version_from_if_match(form.value("_version") or "0")


def _theirs(actor: Actor, child: ChildAtWork) -> ChildAtWork:
    reason = why_not_at_work(actor, child.facts)
    if reason is not None:
        raise Forbidden(reason)
    return child


def _day(name: str) -> dict[str, str]:
    today = clock.today()
    return {f"{name}-day": str(today.day), f"{name}-month": str(today.month), f"{name}-year": str(today.year)}


def _back(child_id: UUID, said: str) -> Response:
    response = RedirectResponse(f"/children/{child_id}/tracing", 303)
    flash(response, said)
    return response


def _to_relative(relative_id: UUID, said: str) -> Response:
    response = RedirectResponse(f"/relatives/{relative_id}", 303)
    flash(response, said)
    return response
