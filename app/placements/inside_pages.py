"""Pages of what surrounds a placement: one page that shows it whole, and one question a page for each verb."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.rules import View
from app.children.queries import open_child, read_child, view_of
from app.children.schemas import ChildFile
from app.children.work import ChildAtWork
from app.core import clock
from app.core.asking import day_boxes, done, tried, version_in
from app.core.db import Db
from app.core.errors import Forbidden
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.schemas import Day
from app.core.templating import render
from app.placements import inside, inside_queries, preparing, queries
from app.placements.inside_schemas import (
    DeathReport,
    LegalActRecord,
    PreparationDrop,
    PreparationStart,
    StepsDone,
    SupportContent,
    SupportGive,
    SupportRow,
    TimeAwayEnd,
    TimeAwayRow,
    TimeAwayStart,
)
from app.placements.rules import why_not_theirs
from app.placements.schemas import PlacementChange
from app.placements.words import AwayKind, FundSource, LegalKind, PlacementKind

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Mover = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)]
Reader = Annotated[Actor, requires(Permission.CHILDREN_READ)]
FileReader = Annotated[Actor, requires(Permission.CASES_READ)]

_TEXTS = ("brought_by", "child_was", "note", "address", "mentor")
_DAYS = ("planned_end_on", "rent_until")


@router.get("/placements/{placement_id}")
def show_placement(request: Request, placement_id: UUID, db: Db, actor: Reader) -> HTMLResponse:
    """A placement whole: the day itself, what was given, what makes it lawful, times away, its end."""
    placement = inside_queries.open_file(db, actor, placement_id)
    child = read_child(db, actor, placement.child)
    return render(
        request,
        "placements/detail.html",
        placement=placement,
        child=child,
        whole=view_of(actor) is View.WHOLE,
        may_write=_may_write(actor, child),
        alone=placement.kind is PlacementKind.SUPPORTED_INDEPENDENT_LIVING,
        at_home=placement.kind is PlacementKind.WITH_PARENTS,
    )


@router.get("/children/{child_id}/whereabouts")
def show_whereabouts(
    request: Request, child_id: UUID, db: Db, actor: FileReader, on: Annotated[Day | None, Query()] = None
) -> HTMLResponse:
    """Where the child was on a day; today unless another is asked for."""
    child, found = inside_queries.whereabouts(db, actor, child_id, on or clock.today())
    return render(request, "placements/whereabouts.html", child=child, found=found)


def _may_write(actor: Actor, child: ChildFile | ChildAtWork) -> bool:
    return actor.may_ever(Permission.PLACEMENTS_WRITE) and why_not_theirs(actor, child.facts) is None


# One question a page


@router.get("/placements/{placement_id}/edit")
def edit_placement(request: Request, placement_id: UUID, db: Db, actor: Mover) -> HTMLResponse:
    """What is told of a placement, as a form."""
    placement = queries.read_placement(db, actor, placement_id)
    values = {name: getattr(placement, name) or "" for name in _TEXTS}
    for name in _DAYS:
        values |= day_boxes(name, getattr(placement, name))
    return _ask(request, db, actor, placement_id, "edit", Form(values))


@router.post("/placements/{placement_id}/edit")
def change_placement(request: Request, placement_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Changes what is told of it; what was left empty is empty from now on."""
    if tried(
        db,
        form,
        form.bind(PlacementChange, **form.left_empty(*_TEXTS, *_DAYS)),
        lambda given: inside.change_placement(db, actor, placement_id, given, version_in(form)),
    ):
        return done(f"/placements/{placement_id}", _("The placement is changed."))
    return _ask(request, db, actor, placement_id, "edit", form)


@router.get("/placements/{placement_id}/support/new")
def ask_support(request: Request, placement_id: UUID, db: Db, actor: Mover) -> HTMLResponse:
    """Asks what was given for the start."""
    return _ask(
        request, db, actor, placement_id, "support", _fresh(quantity="1", **day_boxes("given_on", clock.today()))
    )


@router.post("/placements/{placement_id}/support/new")
def give_support(request: Request, placement_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Records what was given."""
    if tried(db, form, form.bind(SupportGive), lambda given: inside.give_support(db, actor, placement_id, given)):
        return done(f"/placements/{placement_id}", _("It is on record."))
    return _ask(request, db, actor, placement_id, "support", form)


@router.get("/support/{support_id}/edit")
def edit_support(request: Request, support_id: UUID, db: Db, actor: Mover) -> HTMLResponse:
    """What was recorded of a start package, as a form."""
    given = inside_queries.read_support(db, actor, support_id)
    values = {"item": given.item, "quantity": str(given.quantity), "amount_rwf": str(given.amount_rwf)}
    form = Form(values | {"source": given.source.value} | day_boxes("given_on", given.given_on))
    return _ask(request, db, actor, given.placement, "correct", form, given=given)


@router.post("/support/{support_id}/edit")
def correct_support(request: Request, support_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Puts it right, or shows what somebody else wrote meanwhile."""
    if made := tried(
        db,
        form,
        form.bind(SupportContent),
        lambda command: inside.correct_support(db, actor, support_id, command, version_in(form)),
        shows_both=True,
    ):
        return done(f"/placements/{made.gave}", _("It is corrected."))
    given = inside_queries.read_support(db, actor, support_id)
    return _ask(request, db, actor, given.placement, "correct", form, given=given)


@router.get("/placements/{placement_id}/legal-acts/new")
def ask_legal_act(request: Request, placement_id: UUID, db: Db, actor: Mover) -> HTMLResponse:
    """Asks what makes the placement lawful."""
    return _ask(request, db, actor, placement_id, "legal_act", _fresh())


@router.post("/placements/{placement_id}/legal-acts/new")
def record_legal_act(request: Request, placement_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Records what makes it lawful."""
    if tried(
        db, form, form.bind(LegalActRecord), lambda given: inside.record_legal_act(db, actor, placement_id, given)
    ):
        return done(f"/placements/{placement_id}", _("The legal act is on record."))
    return _ask(request, db, actor, placement_id, "legal_act", form)


@router.get("/placements/{placement_id}/times-away/new")
def ask_time_away(request: Request, placement_id: UUID, db: Db, actor: Mover) -> HTMLResponse:
    """Asks where the child is for a time."""
    return _ask(request, db, actor, placement_id, "time_away", _fresh())


@router.post("/placements/{placement_id}/times-away/new")
def start_time_away(request: Request, placement_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Records it; the placement goes on."""
    if tried(db, form, form.bind(TimeAwayStart), lambda given: inside.start_time_away(db, actor, placement_id, given)):
        return done(f"/placements/{placement_id}", _("The time away is on record."))
    return _ask(request, db, actor, placement_id, "time_away", form)


@router.get("/times-away/{away_id}/end")
def ask_return(request: Request, away_id: UUID, db: Db, actor: Mover) -> HTMLResponse:
    """Asks when the child came back."""
    away = inside_queries.read_time_away(db, actor, away_id)
    return _ask(request, db, actor, away.placement, "return", Form(), away=away)


@router.post("/times-away/{away_id}/end")
def end_time_away(request: Request, away_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Records the return."""
    away = inside_queries.read_time_away(db, actor, away_id)
    said = _("The return is on record.")
    if tried(db, form, form.bind(TimeAwayEnd), lambda given: inside.end_time_away(db, actor, away_id, given)):
        return done(f"/placements/{away.placement}", said)
    return _ask(request, db, actor, away.placement, "return", form, away=away)


@router.get("/placements/{placement_id}/caregiver-death/new")
def ask_death(request: Request, placement_id: UUID, db: Db, actor: Mover) -> HTMLResponse:
    """Asks who died, and when."""
    return _ask(request, db, actor, placement_id, "death", _fresh())


@router.post("/placements/{placement_id}/caregiver-death/new")
def report_death(request: Request, placement_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Records it; the placements in that household stay until it is decided."""
    said = _("It is on record. The workers of the children who live there and the supervisor are told.")
    if tried(db, form, form.bind(DeathReport), lambda given: inside.report_death(db, actor, placement_id, given)):
        return done(f"/placements/{placement_id}", said)
    return _ask(request, db, actor, placement_id, "death", form)


def _child_to_move(db: Session, actor: Actor, child_id: UUID, *, noted: bool) -> ChildFile:
    """The child of a form; raises `Forbidden` for who may not move the child. `noted`: the form was opened."""
    child = (open_child if noted else read_child)(db, actor, child_id)
    reason = why_not_theirs(actor, child.facts)
    if reason is not None:
        raise Forbidden(reason)
    return child


def _fresh(**values: str) -> Form:
    return Form({"id": str(new_id())} | values)


def _ask(
    request: Request,
    db: Session,
    actor: Actor,
    placement_id: UUID,
    what: str,
    form: Form,
    *,
    away: TimeAwayRow | None = None,
    given: SupportRow | None = None,
) -> HTMLResponse:
    placement = queries.read_placement(db, actor, placement_id)
    child = _child_to_move(db, actor, placement.child, noted=form.status == 200)
    asks_who = what == "death" and placement.household is not None
    return render(
        request,
        "placements/inside_form.html",
        status=form.status,
        what=what,
        form=form,
        placement=placement,
        child=child,
        away=away,
        given=given,
        alone=placement.kind is PlacementKind.SUPPORTED_INDEPENDENT_LIVING,
        members=inside_queries.members_of(db, placement.household) if asks_who and placement.household else [],
        sources=FundSource,
        legal_kinds=LegalKind,
        away_kinds=AwayKind,
    )


# The preparation


@router.get("/children/{child_id}/preparation")
def show_preparation(
    request: Request, child_id: UUID, db: Db, actor: FileReader, kind: PlacementKind | None = None
) -> HTMLResponse:
    """The steps of the preparation, done and to be done; a decision that led here has said the kind."""
    child, found = preparing.open_preparations(db, actor, child_id)
    return render(
        request,
        "placements/preparation.html",
        child=child,
        going_on=next((one for one in found if one.is_open), None),
        before=[one for one in found if not one.is_open],
        kind=kind,
        may_write=_may_write(actor, child),
    )


@router.get("/children/{child_id}/preparation/begin")
def ask_preparation(
    request: Request, child_id: UUID, db: Db, actor: Mover, kind: PlacementKind | None = None
) -> HTMLResponse:
    """Asks what is prepared for, and for which day."""
    return _preparation_form(request, db, actor, child_id, _fresh(kind=kind.value) if kind else _fresh())


@router.post("/children/{child_id}/preparation/begin")
def start_preparation(request: Request, child_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Begins the preparation."""
    if tried(
        db, form, form.bind(PreparationStart), lambda given: preparing.start_preparation(db, actor, child_id, given)
    ):
        return done(_preparation_of(child_id), _("The preparation has begun. Tick off each step as it is done."))
    return _preparation_form(request, db, actor, child_id, form)


def _preparation_form(request: Request, db: Session, actor: Actor, child_id: UUID, form: Form) -> HTMLResponse:
    child = _child_to_move(db, actor, child_id, noted=form.status == 200)
    kinds = preparing.kinds_to_prepare()
    return render(
        request, "placements/preparation_form.html", status=form.status, what="new", form=form, child=child, kinds=kinds
    )


def _preparation_of(child_id: UUID) -> str:
    return f"/children/{child_id}/preparation"


@router.get("/preparations/{preparation_id}/done")
def ask_step(
    request: Request,
    preparation_id: UUID,
    db: Db,
    actor: Mover,
    step: Annotated[str | None, Query(max_length=60)] = None,
) -> HTMLResponse:
    """Asks which steps were done, when and by whom; the one that led here is ticked, as it was told if it is done."""
    preparation = preparing.read_preparation(db, actor, preparation_id)
    told = next((one for one in preparation.steps if one.step == step and one.done_on is not None), None)
    values = {"step[]": step or "", "done_by": (told.done_by if told else None) or actor.display_name}
    values |= {"note": told.note or ""} if told else {}
    form = Form(values | day_boxes("done_on", told.done_on if told else clock.today()))
    return _step_form(request, db, actor, preparation_id, "done", form)


@router.post("/preparations/{preparation_id}/done")
def do_step(request: Request, preparation_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Says that the ticked steps are done."""
    if tried(
        db,
        form,
        form.bind(StepsDone),
        lambda given: preparing.do_steps(db, actor, preparation_id, given, version=version_in(form)),
    ):
        return done(
            _preparation_of(preparing.read_preparation(db, actor, preparation_id).child), _("The ticks are kept.")
        )
    return _step_form(request, db, actor, preparation_id, "done", form)


@router.get("/preparations/{preparation_id}/drop")
def ask_drop(request: Request, preparation_id: UUID, db: Db, actor: Mover) -> HTMLResponse:
    """Asks why the preparation is given up."""
    return _step_form(request, db, actor, preparation_id, "drop", Form())


@router.post("/preparations/{preparation_id}/drop")
def drop_preparation(request: Request, preparation_id: UUID, db: Db, actor: Mover, form: Typed) -> Response:
    """Gives the preparation up."""
    if tried(
        db, form, form.bind(PreparationDrop), lambda given: preparing.drop_preparation(db, actor, preparation_id, given)
    ):
        return done(
            _preparation_of(preparing.read_preparation(db, actor, preparation_id).child),
            _("The preparation is given up."),
        )
    return _step_form(request, db, actor, preparation_id, "drop", form)


def _step_form(
    request: Request,
    db: Session,
    actor: Actor,
    preparation_id: UUID,
    what: str,
    form: Form,
) -> HTMLResponse:
    preparation = preparing.read_preparation(db, actor, preparation_id)
    child = _child_to_move(db, actor, preparation.child, noted=form.status == 200)
    ticked = form.values("step[]")
    steps = [(step.step, step.label) for step in preparation.steps if step.done_on is None or step.step in ticked]
    return render(
        request,
        "placements/preparation_form.html",
        status=form.status,
        what=what,
        form=form,
        child=child,
        preparation=preparation,
        steps=steps,
    )
