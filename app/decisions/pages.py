"""Decisions and matching, for people."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.words import EntryReason, PlacementKind
from app.children.work import ChildAtWork, checked_at_work, child_to_read, may_work_on
from app.core import clock
from app.core.asking import day_boxes, done, pressed, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.decisions import proposing, queries, service
from app.decisions.filling import differing_from, form_of, joined_with
from app.decisions.missing import part_of
from app.decisions.schemas import DecisionContent, DecisionDetail, DecisionMake, DecisionRow, MatchChoose
from app.decisions.words import OPTION_OF, CareOption, DecisionNotHeard, DecisionPart, DecisionState, Siblings
from app.institutions.queries import institution_choices
from app.placements.words import RESIDENTIAL_KINDS, kind_groups

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Party = Annotated[Actor, requires(Permission.CASES_READ, Permission.APPROVALS_DECIDE)]
PANEL_ROWS = 4
MOST_PANEL = 12


@router.get("/children/{child_id}/decisions")
def list_decisions(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """The decisions about a child, and the way to a new one."""
    child, found = queries.open_decisions(db, actor, child_id)
    return render(
        request,
        "decisions/list.html",
        child=child,
        decisions=found,
        may_write=may_work_on(actor, child.facts),
        foster=_asks_for_family(found),
        tones=_TONES,
    )


@router.get("/children/{child_id}/decisions/new")
def ask_decision(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Asks what the panel decided."""
    child, _found = queries.open_decisions(db, actor, child_id)
    checked_at_work(actor, child)
    form = Form({"id": str(new_id()), "author_sat": "yes"} | day_boxes("decided_on", clock.today()))
    return _form_page(request, db, actor, child, form)


@router.post("/children/{child_id}/decisions/new")
def make_decision(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Writes the draft down."""
    made = tried(
        db,
        form,
        form.bind(DecisionMake, **_unticked(form)),
        lambda given: service.make_decision(db, actor, child_id, given),
    )
    if made:
        written = _("The decision is written down. It is a draft until you send it.")
        return done(_next(form, made.gave[0]), written)
    return _form_page(request, db, actor, child_to_read(db, actor, child_id), form)


@router.get("/decisions/{decision_id}")
def show_decision(request: Request, db: Db, actor: Party, decision_id: UUID) -> HTMLResponse:
    """One decision as it was taken."""
    decision = queries.open_decision(db, actor, decision_id)
    return _page(request, db, actor, decision, Form({}))


@router.get("/decisions/{decision_id}/edit")
def edit_decision(request: Request, db: Db, actor: Writer, decision_id: UUID) -> HTMLResponse:
    """A draft as a form."""
    decision = queries.open_decision(db, actor, decision_id)
    child = child_to_read(db, actor, decision.child)
    checked_at_work(actor, child)
    return _form_page(request, db, actor, child, form_of(decision), decision=decision)


@router.post("/decisions/{decision_id}/edit")
def change_decision(request: Request, db: Db, actor: Writer, decision_id: UUID, form: Typed) -> Response:
    """Writes a draft anew, or shows what somebody else wrote meanwhile."""
    if tried(
        db,
        form,
        form.bind(DecisionContent, **_unticked(form)),
        lambda given: service.change_decision(db, actor, decision_id, given, version=version_in(form)),
        shows_both=True,
    ):
        return done(_next(form, decision_id), _("The decision is changed."))
    decision = queries.read_decision(db, actor, decision_id)
    child = child_to_read(db, actor, decision.child)
    differing = differing_from(form, decision) if form.stale else []
    shown = joined_with(form, decision) if form.stale else form
    return _form_page(request, db, actor, child, shown, decision=decision, differing=differing)


@router.post("/decisions/{decision_id}/request")
def request_decision(request: Request, db: Db, actor: Writer, decision_id: UUID, form: Typed) -> Response:
    """Sends the decision for approval, or shows the draft with what it still lacks at each field."""
    if pressed(db, form, lambda: service.request_decision(db, actor, decision_id)):
        return done(f"/decisions/{decision_id}", _("The decision is sent for approval."))
    decision = queries.read_decision(db, actor, decision_id)
    if not decision.missing:
        return _page(request, db, actor, decision, form)
    draft = form_of(decision)
    draft.errors, draft.status = form.errors, form.status
    return _form_page(request, db, actor, child_to_read(db, actor, decision.child), draft, decision=decision)


@router.get("/children/{child_id}/matching")
def show_matching(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """Which families are proposed for a child, and why."""
    child, found = proposing.open_matching(db, actor, child_id)
    return _matching_page(request, actor, child, found, Form({"id": str(new_id())}))


@router.post("/children/{child_id}/matching/choose")
def choose_family(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Records the choice of a person."""
    if tried(db, form, form.bind(MatchChoose), lambda given: proposing.choose_family(db, actor, child_id, given)):
        return done(f"/children/{child_id}/matching", _("The family is chosen. Prepare the child and the family."))
    child = child_to_read(db, actor, child_id)
    return _matching_page(request, actor, child, proposing.read_matching(db, actor, child), form)


_TONES = {"approved": "done", "returned": "due", "requested": "info", "draft": "quiet"}


def _asks_for_family(found: list[DecisionRow]) -> bool:
    newest = next((one for one in found if one.state is DecisionState.APPROVED), None)
    return newest is not None and _is_foster(newest)


def _is_foster(decision: DecisionRow) -> bool:
    return decision.kind is not None and OPTION_OF.get(decision.kind) is CareOption.FOSTER


def _next(form: Form, decision_id: UUID) -> str:
    # Who saves in the middle of the form goes on with its next part; who saves at its end is done for now.
    going_on = form.value("_go_on")
    return f"/decisions/{decision_id}" + (f"/edit#part-{going_on}" if going_on in set(DecisionPart) else "")


def _lacking(decision: DecisionDetail | None) -> list[DecisionPart]:
    found = {part_of(one.field) for one in decision.missing} if decision else set()
    return [part for part in DecisionPart if part in found]


def _unticked(form: Form) -> dict[str, Any]:
    # A box that is not ticked sends nothing, and nothing would mean that the author sat.
    return {} if form.value("author_sat") else {"author_sat": False}


def _page(request: Request, db: Session, actor: Actor, decision: DecisionDetail, form: Form) -> HTMLResponse:
    # A shared decision is also read by who reaches only a brother or sister.
    seen = not decision.coded and queries.sees_child(db, actor, decision.child)
    child = child_to_read(db, actor, decision.child) if seen else None
    open_still = decision.state in {DecisionState.DRAFT, DecisionState.RETURNED}
    foster = decision.state is DecisionState.APPROVED and _is_foster(decision)
    return render(
        request,
        "decisions/detail.html",
        status=form.status,
        form=form,
        decision=decision,
        child=child,
        may_write=child is not None and open_still and may_work_on(actor, child.facts),
        match=queries.match_of(db, decision.id) if foster and child is not None else None,
        foster=foster and child is not None,
        lacking=_lacking(decision),
        tones=_TONES,
    )


def _form_page(
    request: Request,
    db: Session,
    actor: Actor,
    child: ChildAtWork,
    form: Form,
    *,
    decision: DecisionDetail | None = None,
    differing: list[tuple[str, str]] | None = None,
) -> HTMLResponse:
    filled = {key.split(".")[1] for key in form.data if key.startswith("panel.") and form.value(key)}
    kinds = [kind for _words, group in kind_groups() for kind in group if kind in OPTION_OF]
    return render(
        request,
        "decisions/form.html",
        status=form.status,
        form=form,
        child=child,
        decision=decision,
        differing=differing or [],
        parts=list(DecisionPart),
        lacking=_lacking(decision),
        rows=min(max(PANEL_ROWS, len(filled) + 1), MOST_PANEL),
        grounds=EntryReason,
        options=CareOption,
        kinds=kinds,
        residential=[kind.value for kind in kinds if kind in RESIDENTIAL_KINDS],
        not_heard=DecisionNotHeard,
        siblings=Siblings,
        institutions=institution_choices(db, actor),
    )


def _matching_page(request: Request, actor: Actor, child: ChildAtWork, found: Any, form: Form) -> HTMLResponse:
    kind = found.care.placement_kind if found.care else PlacementKind.FOSTER_MALAYIKA_MURINZI
    return render(
        request,
        "decisions/matching.html",
        status=form.status,
        form=form,
        child=child,
        matching=found,
        kind=kind,
        may_write=may_work_on(actor, child.facts),
    )
