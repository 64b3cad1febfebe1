"""Forms about a child, for people: what there is, check your answers, what was submitted, what changed over time."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.approvals.queries import approvals_of, is_mine_to_decide
from app.approvals.words import ApprovalState
from app.children.work import may_work_on
from app.core.asking import done, pressed, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.instruments import queries, rules, section_pages, service
from app.instruments.definitions import Definition, registry
from app.instruments.filling import at_boxes
from app.instruments.schemas import AnswersFile, AnswersRow, StartDraft, SwitchOn
from app.instruments.words import AnswersState, Derived, scale_label
from app.instruments.writing import may_fill_in

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
router.include_router(section_pages.router)
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Manager = Annotated[Actor, requires(Permission.INSTRUMENTS_MANAGE)]

USUAL_ORDER = (
    "child_assessment",
    "child_profile",
    "child_functioning_2_4",
    "child_functioning_5_17",
    "functioning_adult",
    "family_assessment",
    "best_interest",
    "reintegration_readiness",
    "wellbeing",
    "sdq_scores",
    "child_feedback",
    "caregiver_feedback",
    "closure_checklist",
)
"""In which order forms are needed on the way home; others follow by their key."""

registry()  # A definition that does not fit keeps the service from starting.


# What there is about a child


@router.get("/children/{child_id}/instruments")
def list_forms(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """The forms of a child: in draft, submitted, and those that may be started."""
    return _list(request, db, actor, child_id, Form({}))


def _list(request: Request, db: Session, actor: Actor, child_id: UUID, form: Form) -> HTMLResponse:
    child, rows, approvals, active = queries.list_of_child(db, actor, child_id)
    may_write = may_work_on(actor, child.facts)
    return render(
        request,
        "instruments/list.html",
        status=form.status,
        form=form,
        child=child,
        drafts=[_told(row) for row in rows if row.state is AnswersState.DRAFT],
        submitted=[_told(row) for row in rows if row.state is AnswersState.SUBMITTED],
        approvals=approvals,
        startable=[
            (one, str(new_id()))
            for one in sorted(active.values(), key=_usual_order)
            if may_fill_in(actor, one, may_write=may_write) and queries.is_for(one, child)
        ],
        home_code=queries.home_code_of(db, child),
        first=None if any(row.instrument == USUAL_ORDER[0] for row in rows) else USUAL_ORDER[0],
        often={row.instrument for row in rows if sum(other.instrument == row.instrument for other in rows) > 1},
    )


def _usual_order(definition: Definition) -> tuple[int, str]:
    key = definition.key
    return (USUAL_ORDER.index(key) if key in USUAL_ORDER else len(USUAL_ORDER), key)


def _told(row: AnswersRow) -> tuple[AnswersRow, Definition]:
    return row, queries.definition_of(row)


@router.post("/children/{child_id}/instruments/{instrument}/start")
def start(request: Request, db: Db, actor: Writer, child_id: UUID, instrument: str, form: Typed) -> Response:
    """Starts a draft, or goes on with the open one."""
    made = tried(
        db, form, form.bind(StartDraft), lambda given: service.start_draft(db, actor, child_id, instrument, given)
    )
    if made:
        draft_id, is_new = made.gave
        said = None if is_new else _("This draft was open already; go on where it was left.")
        return done(f"/drafts/{draft_id}", said, "info")
    return _list(request, db, actor, child_id, form)


@router.get("/children/{child_id}/instruments/{instrument}/compare")
def compare(request: Request, db: Db, actor: Reader, child_id: UUID, instrument: str) -> HTMLResponse:
    """The last submitted sets side by side, with what changed."""
    child, sets = queries.sets_to_compare(db, actor, child_id, instrument)
    pairs = [(queries.definition_of(one), one.answers) for one in sets]
    title = pairs[-1][0].title if pairs else registry().versions(instrument)[0].title
    return render(
        request,
        "instruments/compare.html",
        child=child,
        title=title,
        sets=sets,
        sections=rules.compared(pairs) if pairs else [],
        scores=[(score, [_score(one, score.key) for one in sets]) for score in pairs[-1][0].scores] if pairs else [],
        scale_label=scale_label,
    )


def _score(answers: AnswersFile, key: str) -> str:
    value = answers.scores.get(key)
    return Derived(value).label if isinstance(value, str) else "–" if value is None else str(value)


# Check your answers, submit


@router.get("/drafts/{draft_id}/check")
def check(request: Request, db: Db, actor: Reader, draft_id: UUID) -> HTMLResponse:
    """All answers on one page, each with the way to change it."""
    queries.open_answers(db, actor, draft_id, AnswersState.DRAFT)
    return _check_page(request, db, actor, draft_id, Form({}))


def _check_page(request: Request, db: Session, actor: Actor, draft_id: UUID, form: Form) -> HTMLResponse:
    draft = queries.read_answers(db, actor, draft_id)
    definition = queries.definition_of(draft)
    lacking = rules.missing(definition, draft.answers)
    return render(
        request,
        "instruments/check.html",
        status=form.status,
        form=form,
        draft=draft,
        definition=definition,
        sections=section_pages.told_sections(definition, draft.answers, f"/drafts/{draft_id}/sections/"),
        lacking=len(lacking),
    )


@router.post("/drafts/{draft_id}/submit")
def submit(request: Request, db: Db, actor: Writer, draft_id: UUID, form: Typed) -> Response:
    """Submits the draft; it stays as it is from then on."""
    if pressed(db, form, lambda: service.submit(db, actor, draft_id)):
        return done(f"/answers/{draft_id}", _("Submitted. It stays as it is; a correction is a new one."))
    at_boxes(form)
    return _check_page(request, db, actor, draft_id, form)


@router.post("/drafts/{draft_id}/carry-over")
def carry_over(db: Db, actor: Writer, draft_id: UUID) -> Response:
    """Goes on in the newer version, with the answers that fit."""
    new = service.carry_over(db, actor, draft_id)
    return done(f"/drafts/{new}", _("The answers that fit are carried over. Look through each part once."), "info")


# What was submitted


@router.get("/answers/{answers_id}")
def show_answers(request: Request, db: Db, actor: Reader, answers_id: UUID) -> HTMLResponse:
    """A set of answers in the form that it was given in."""
    queries.open_answers(db, actor, answers_id)
    return _answers_page(request, db, actor, answers_id, Form({}))


def _answers_page(request: Request, db: Session, actor: Actor, answers_id: UUID, form: Form) -> HTMLResponse:
    answers = queries.read_answers(db, actor, answers_id)
    definition = queries.definition_of(answers)
    submitted = answers.state is AnswersState.SUBMITTED
    approval = approvals_of(db, [answers_id]).get(answers_id)
    waits = approval is not None and approval.state is ApprovalState.REQUESTED
    at_work = may_work_on(actor, answers.facts)
    derived = answers.scores.get(service.DISABILITY)
    return render(
        request,
        "instruments/answers.html",
        status=form.status,
        form=form,
        answers=answers,
        definition=definition,
        sections=section_pages.told_sections(definition, answers.answers),
        scores=[(score.title.label, _score(answers, score.key)) for score in definition.scores],
        approval=approval,
        may_decide=waits and approval is not None and is_mine_to_decide(db, actor, approval.id),
        may_correct=submitted and may_fill_in(actor, definition, may_write=at_work) and not waits,
        may_ask=submitted
        and at_work
        and definition.approval
        and (approval is None or approval.state not in {ApprovalState.REQUESTED, ApprovalState.APPROVED}),
        offered=derived
        if submitted and at_work and derived in {"yes", "no"} and answers.child_has_disability != (derived == "yes")
        else None,
    )


@router.post("/answers/{answers_id}/correct")
def correct(request: Request, db: Db, actor: Writer, answers_id: UUID, form: Typed) -> Response:
    """Starts a new set with the same answers, which replaces this one when it is submitted."""
    return _verb(request, db, actor, answers_id, form, lambda: f"/drafts/{service.correct(db, actor, answers_id)}")


@router.post("/answers/{answers_id}/request-approval")
def request_approval(request: Request, db: Db, actor: Writer, answers_id: UUID, form: Typed) -> Response:
    """Puts the assessment up for approval."""

    def verb() -> str:
        service.request_approval(db, actor, answers_id)
        return f"/answers/{answers_id}"

    return _verb(request, db, actor, answers_id, form, verb, _("Your supervisor is asked for approval."))


@router.post("/answers/{answers_id}/take-over")
def take_over(request: Request, db: Db, actor: Writer, answers_id: UUID, form: Typed) -> Response:
    """Takes what follows for a disability into the child's record."""

    def verb() -> str:
        service.take_over(db, actor, answers_id)
        return f"/answers/{answers_id}"

    return _verb(request, db, actor, answers_id, form, verb, _("Taken into the child's record."))


def _verb(
    request: Request,
    db: Session,
    actor: Actor,
    answers_id: UUID,
    form: Form,
    verb: Callable[[], str],
    said: str | None = None,
) -> Response:
    made = pressed(db, form, verb)
    if made:
        return done(made.gave, said)
    return _answers_page(request, db, actor, answers_id, form)


# The forms of the district


@router.get("/instruments")
def list_instruments(request: Request, db: Db, actor: Reader) -> HTMLResponse:
    """Every form with its versions, and which one the district uses."""
    return _instruments_page(request, db, actor, Form({}))


def _instruments_page(request: Request, db: Session, actor: Actor, form: Form) -> HTMLResponse:
    return render(
        request,
        "instruments/forms.html",
        status=form.status,
        form=form,
        rows=queries.list_instruments(db, actor),
        may_manage=actor.may_ever(Permission.INSTRUMENTS_MANAGE),
    )


@router.post("/instruments/{instrument}/switch-on")
def switch_on(request: Request, db: Db, actor: Manager, instrument: str, form: Typed) -> Response:
    """Switches a newer version on for the district."""
    if tried(db, form, form.bind(SwitchOn), lambda given: service.switch_on(db, actor, instrument, given)):
        return done("/instruments", _("The new version is switched on. Drafts and old answers stay as they are."))
    return _instruments_page(request, db, actor, form)
