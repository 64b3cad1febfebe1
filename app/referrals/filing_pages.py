"""The short pages on which a person files a referral, and the sending of it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_code_of, area_of
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.roles import Level
from app.children.words import CONCERN_HINTS, AgeBand, ConcernType, Sex
from app.core.asking import done, tried
from app.core.db import Db
from app.core.errors import FieldError
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.places.picking import pick_place, seeks_place
from app.places.words import PlaceLevel, path_in_words
from app.referrals import drafts, queries, service, story
from app.referrals.filing import Route, plan_route
from app.referrals.schemas import ReferralFile
from app.referrals.steps import PLACES, Step, carried, command_of, keep_errors_until
from app.referrals.words import URGENCY_HINTS, Urgency

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Author = Annotated[Actor, requires(Permission.REFERRALS_FILE)]


@router.get("/referrals/new")
def new_referral(
    request: Request, db: Db, actor: Author, child: UUID | None = None, step: Step | None = None
) -> HTMLResponse:
    """The first question, with the volunteer's own village proposed; or a further page as it was left."""
    draft = drafts.kept(request, actor) if step else None
    if step and draft:
        return _step(request, db, actor, draft, step)
    answers = {"id": str(new_id())}
    if actor.level is Level.VILLAGE:
        answers["village"] = str(actor.place_code)
    if child is not None:
        answers["child"] = str(child)
    return _step(request, db, actor, Form(answers), Step.CONCERN)


@router.post("/referrals/new")
def next_step(request: Request, db: Db, actor: Author, form: Typed) -> Response:
    """The next page, the page that was asked for, or the same one with what needs another look."""
    here = _number(form.value("_step"))
    if seeks_place(form):
        return _step(request, db, actor, form, Step.WHERE)
    wanted = form.value("_go")
    if wanted and _number(wanted) <= here:
        return _go_to(request, db, actor, form, _number(wanted))
    _check(db, actor, form, here)
    wrong = keep_errors_until(form, here)
    if form.errors:
        return _step(request, db, actor, form, wrong, status=422)
    checked = form.value("_checked") == "yes"
    return _go_to(request, db, actor, form, Step.CHECK if checked else Step(min(here + 1, Step.CHECK)))


def _go_to(request: Request, db: Session, actor: Actor, form: Form, step: Step) -> Response:
    """Leads to a page with an address of its own, so that Back and reloading send nothing again."""
    answer = RedirectResponse(f"/referrals/new?step={int(step)}", 303)
    return answer if drafts.keep(answer, actor, form) else _step(request, db, actor, form, step)


@router.post("/referrals")
def file_referral(request: Request, db: Db, actor: Author, form: Typed) -> Response:
    """Sends the referral; the same form twice makes one."""
    made = tried(db, form, command_of(form), lambda given: service.file_referral(db, actor, given))
    if made:
        referral_id, _is_new = made.gave
        level = queries.read_referral(db, actor, referral_id).level.level
        answer = done(f"/referrals/{referral_id}", story.sent_to(level))
        drafts.forget(answer)
        return answer
    return _step(request, db, actor, form, keep_errors_until(form, Step.CHECK), status=form.status)


def _number(text: str) -> Step:
    return Step(int(text)) if text in {str(int(step)) for step in Step} else Step.CONCERN


def _check(db: Session, actor: Actor, form: Form, here: Step) -> tuple[ReferralFile, Route] | None:
    """The command and its route where all answers so far fit; errors at their fields otherwise."""
    command = command_of(form)
    if command is None or here < Step.WHERE:
        return None
    try:
        return command, plan_route(db, actor, command)
    except FieldError as error:
        form.fail(error)
    return None


def _step(
    request: Request,
    db: Session,
    actor: Actor,
    form: Form,
    step: Step,
    *,
    status: int = 200,
) -> HTMLResponse:
    context: dict[str, Any] = {}
    if step is Step.CHECK:
        planned = _check(db, actor, form, step)
        if planned is None:
            return _step(request, db, actor, form, keep_errors_until(form, Step.MORE), status=422)
        context = _to_check(db, actor, *planned)
    elif step is Step.WHERE:
        context = _to_place(db, actor, form)
    elif step is Step.MORE:
        places = (pick_place(db, form, name, PlaceLevel(name), actor).chosen for name in reversed(PLACES))
        place = next((place for place in places if place is not None), None)
        officers = queries.suspect_choices(db, actor, area_code_of(place.code)) if place else []
        context = {
            "suspects": [(officer.id, officer.name, f"{officer.role.label}, {officer.place}") for officer in officers]
        }
    return render(
        request,
        "referrals/new.html",
        status=status,
        form=form,
        step=step,
        hidden=list(carried(form, step)),
        checked=form.value("_checked") == "yes",
        emergency=form.value("urgency") == Urgency.EMERGENCY,
        common=[(concern, concern.label, _(hint)) for concern, hint in CONCERN_HINTS.items()],
        others=[concern for concern in ConcernType if concern not in CONCERN_HINTS],
        urgencies=[(urgency, urgency.label, _(hint)) for urgency, hint in URGENCY_HINTS.items()],
        **context,
    )


def _to_place(db: Session, actor: Actor, form: Form) -> dict[str, Any]:
    pickers = {name: pick_place(db, form, name, PlaceLevel(name), actor) for name in PLACES}
    village = pickers["village"].chosen
    known = queries.known_children(db, actor, area_of(village.code)) if village else []
    return {
        "pickers": pickers,
        "children": [(child.id, child.given_name, child.code) for child in known],
        "sexes": Sex,
        "age_bands": [band for band in AgeBand if band is not AgeBand.UNKNOWN],
    }


def _to_check(db: Session, actor: Actor, command: ReferralFile, route: Route) -> dict[str, Any]:
    named = {officer.id: officer.name for officer in queries.suspect_choices(db, actor, route.place.area_code)}
    kept_from = [named[account] for account in command.suspects if account in named]
    children = queries.known_children(db, actor, area_of(route.place.place_code)) if command.child else []
    child = next((child for child in children if child.id == command.child), None)
    hint = command.child_hint
    return {
        "command": command,
        "place": path_in_words(route.place.path),
        "child": child.given_name if child else story.child_words(hint.sex, hint.age_band) if hint else "",
        "kept_from": ", ".join([*kept_from, *([command.suspect_name] if command.suspect_name else [])]),
        "send_to": story.send_to(route.first),
        "copied": route.copied_to is not None,
    }
