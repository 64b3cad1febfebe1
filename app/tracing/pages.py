"""The pages of tracing, under the child and beside each search and relative."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import ChildAtWork, checked_at_work, child_to_read, may_work_on
from app.core import clock
from app.core.asking import day_boxes, done, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
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
        may_write=may_work_on(actor, child.facts),
    )


@router.get("/children/{child_id}/tracing/new")
def new_tracing(request: Request, child_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what is known of the family."""
    child, _found = queries.open_tracing(db, actor, child_id)
    return _open_page(request, checked_at_work(actor, child), Form({"id": str(new_id())}))


@router.post("/children/{child_id}/tracing/new")
def open_tracing(request: Request, child_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Opens the search."""
    if tried(db, form, form.bind(TracingOpen), lambda given: service.open_tracing(db, actor, child_id, given)):
        return done(f"/children/{child_id}/tracing", _("The search is open. Write down each thing that is done."))
    return _open_page(request, child_to_read(db, actor, child_id), form)


def _open_page(request: Request, child: ChildAtWork, form: Form) -> HTMLResponse:
    return render(request, "tracing/new.html", status=form.status, child=child, form=form)


@router.get("/tracing/{tracing_id}/actions/new")
def new_action(request: Request, tracing_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what was done, what came of it, and what comes next."""
    child, _search = queries.open_search(db, actor, tracing_id)
    form = Form({"id": str(new_id())} | day_boxes("done_on", clock.today()))
    return _action_page(request, checked_at_work(actor, child), tracing_id, form)


@router.post("/tracing/{tracing_id}/actions/new")
def record_action(request: Request, tracing_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records what was done."""
    carried = tried(
        db, form, form.bind(ActionRecord), lambda given: service.record_action(db, actor, tracing_id, given)
    )
    child = child_to_read(db, actor, queries.read_search(db, actor, tracing_id).child)
    if carried:
        return done(f"/children/{child.id}/tracing", _("The action is recorded."))
    return _action_page(request, child, tracing_id, form)


def _action_page(request: Request, child: ChildAtWork, tracing_id: UUID, form: Form) -> HTMLResponse:
    return render(
        request,
        "tracing/action.html",
        status=form.status,
        child=child,
        tracing_id=tracing_id,
        form=form,
        kinds=ActionKind,
    )


@router.get("/tracing/{tracing_id}/end")
def ask_end(request: Request, tracing_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks how the search ended."""
    child, search = queries.open_search(db, actor, tracing_id)
    return _end_page(request, checked_at_work(actor, child), search, Form({}))


@router.post("/tracing/{tracing_id}/end")
def end_tracing(request: Request, tracing_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Ends the search."""
    command, version = form.bind(TracingEnd), version_in(form)
    carried = tried(db, form, command, lambda given: service.end_tracing(db, actor, tracing_id, given, version))
    search = queries.read_search(db, actor, tracing_id)
    if carried:
        return done(f"/children/{search.child}/tracing", _("The search has ended."))
    return _end_page(request, child_to_read(db, actor, search.child), search, form)


def _end_page(request: Request, child: ChildAtWork, search: Any, form: Form) -> HTMLResponse:
    ends = [state for state in TracingState if state.is_end]
    return render(request, "tracing/end.html", status=form.status, child=child, search=search, form=form, ends=ends)


@router.get("/children/{child_id}/relatives/new")
def new_relative(request: Request, child_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks who the relative is, what they are willing to do and what the child wishes."""
    child, _found = queries.open_tracing(db, actor, child_id)
    form = Form({"id": str(new_id()), "alive": "unknown", "willing": "unsure", "wish": "not_asked"})
    return _relative_page(request, checked_at_work(actor, child), form)


@router.post("/children/{child_id}/relatives/new")
def record_relative(request: Request, child_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records the relative."""
    if tried(db, form, form.bind(RelativeRecord), lambda given: service.record_relative(db, actor, child_id, given)):
        return done(
            f"/children/{child_id}/tracing",
            _("The relative is recorded. Somebody has to verify them before they meet the child."),
        )
    return _relative_page(request, child_to_read(db, actor, child_id), form)


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
        may_write=may_work_on(actor, child.facts),
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
    return _relative_page(request, checked_at_work(actor, child), form, relative=relative)


@router.post("/relatives/{relative_id}/edit")
def change_relative(request: Request, relative_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Writes what is known now, or shows both versions where somebody else was faster."""
    if tried(
        db,
        form,
        form.bind(RelativeChange),
        lambda given: service.change_relative(db, actor, relative_id, given, version_in(form)),
        shows_both=True,
    ):
        return done(f"/relatives/{relative_id}", _("The record is changed."))
    relative = queries.read_relative(db, actor, relative_id)
    child = child_to_read(db, actor, relative.child)
    return _relative_page(request, child, form, relative=relative)


def _relative_page(
    request: Request,
    child: ChildAtWork,
    form: Form,
    *,
    relative: RelativeDetail | None = None,
) -> HTMLResponse:
    return render(
        request,
        "tracing/relative_form.html",
        status=form.status,
        child=child,
        form=form,
        relative=relative,
        relationships=Relationship,
        lives=Alive,
        willing=Willingness,
        wishes=Wish,
    )


@router.get("/relatives/{relative_id}/verify")
def ask_verification(request: Request, relative_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what the check found, how it was done and by whom."""
    child, relative = queries.open_relative(db, actor, relative_id)
    form = Form(day_boxes("verified_on", clock.today()) | {"verified_by": actor.display_name})
    return _verify_page(request, checked_at_work(actor, child), relative, form)


@router.post("/relatives/{relative_id}/verify")
def verify_relative(request: Request, relative_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records the verification."""
    carried = tried(
        db,
        form,
        form.bind(RelativeVerify),
        lambda given: service.verify_relative(db, actor, relative_id, given, version_in(form)),
    )
    if carried:
        return done(f"/relatives/{relative_id}", _("The verification is recorded."))
    relative = queries.read_relative(db, actor, relative_id)
    return _verify_page(request, child_to_read(db, actor, relative.child), relative, form)


def _verify_page(request: Request, child: ChildAtWork, relative: RelativeDetail, form: Form) -> HTMLResponse:
    found = [word for word in Verification if word is not Verification.NOT_YET]
    return render(
        request, "tracing/verify.html", status=form.status, child=child, relative=relative, form=form, findings=found
    )


@router.get("/relatives/{relative_id}/contacts/new")
def new_contact(request: Request, relative_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks how child and relative had contact, and how each took it."""
    child, relative = queries.open_relative(db, actor, relative_id)
    form = Form({"id": str(new_id())} | day_boxes("contact_on", clock.today()))
    return _contact_page(request, checked_at_work(actor, child), relative, form)


@router.post("/relatives/{relative_id}/contacts/new")
def record_contact(request: Request, relative_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records the contact."""
    if tried(
        db, form, form.bind(RelativeContactRecord), lambda given: service.record_contact(db, actor, relative_id, given)
    ):
        return done(f"/relatives/{relative_id}", _("The contact is recorded."))
    relative = queries.read_relative(db, actor, relative_id)
    return _contact_page(request, child_to_read(db, actor, relative.child), relative, form)


def _contact_page(request: Request, child: ChildAtWork, relative: RelativeDetail, form: Form) -> HTMLResponse:
    return render(
        request,
        "tracing/contact.html",
        status=form.status,
        child=child,
        relative=relative,
        form=form,
        kinds=RelativeContactKind,
    )
