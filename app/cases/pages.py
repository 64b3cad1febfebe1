"""The pages of a case: one screen for all of it, and one page for each verb."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.approvals.queries import is_mine_to_decide
from app.approvals.words import ApprovalState
from app.cases import closing, end_pages, queries, service, transfer_pages
from app.cases.page_parts import case_for_form, form_page, to_case
from app.cases.rules import GRAVE_TO_REOPEN, ORDER, next_state, why_not_reopen
from app.cases.schemas import (
    CaseAdvance,
    CaseContactRecord,
    CaseDetail,
    CaseHold,
    CaseOpen,
    CaseQuery,
    ClosingApprove,
    ConcernAdd,
    RiskRate,
)
from app.cases.words import (
    RISK_HINTS,
    Aftermath,
    CaseContactKind,
    CaseState,
    ContactOutcome,
    Risk,
    Source,
    Tier,
    TransferState,
)
from app.cases.worries import Worry, worry_about
from app.children.words import ConcernType
from app.children.work import ChildAtWork, checked_at_work, child_to_read, may_work_on
from app.core import clock
from app.core.asking import day_boxes, tried, version_in
from app.core.db import Db
from app.core.formats import day
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.places.picking import Picker, pick_place, seeks_place
from app.places.words import PlaceLevel
from app.tasks.queries import open_tasks_of_child
from app.tasks.words import TaskKind

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
router.include_router(end_pages.router)
router.include_router(transfer_pages.router)

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Decider = Annotated[Actor, requires(Permission.APPROVALS_DECIDE)]

CONCERNS_OF_A_FORM = 3


@router.get("/cases")
def list_cases(request: Request, db: Db, actor: Reader, query: Annotated[CaseQuery, Query()]) -> HTMLResponse:
    """The cases in reach, with the filters of everyday."""
    found = queries.list_cases(db, actor, query)
    return render(request, "cases/list.html", block="list", found=found, query=query, risks=Risk, states=CaseState)


@router.get("/children/{child_id}/case")
def show_case(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """All of a child's case on one screen, with its next step."""
    return case_page(request, db, actor, child_id, Form({}))


def case_page(request: Request, db: Session, actor: Actor, child_id: UUID, form: Form) -> HTMLResponse:
    """The case's screen; `form` is the supervisor's decision about its closing."""
    child, case = queries.open_case_page(db, actor, child_id)
    approval = case.closing.approval if case and case.closing else None
    waits = approval is not None and approval.state is ApprovalState.REQUESTED
    return render(
        request,
        "cases/detail.html",
        status=form.status,
        form=form,
        child=child,
        case=case,
        ladder=_ladder(case) if case else [],
        due=[task.kind for task in open_tasks_of_child(db, actor, child_id)],
        to_see=TaskKind.SEE_CHILD,
        next_state=next_state(case.state) if case else None,
        may_work=may_work_on(actor, child.facts),
        may_reopen=bool(case and why_not_reopen(actor.role, case.closing_reason) is None),
        grave=bool(case and case.closing_reason in GRAVE_TO_REOPEN),
        waiting=approval if waits else None,
        may_decide=waits and approval is not None and is_mine_to_decide(db, actor, approval.id),
        transfer=next((one for one in case.transfers if one.state is TransferState.REQUESTED), None) if case else None,
        declined=_declined(case),
        sector=Tier.SECTOR,
    )


def _ladder(case: CaseDetail) -> list[dict[str, object]]:
    """The steps of a case as a list of what is done, where it stands and what is ahead."""
    here = ORDER.index(case.state) if case.state in ORDER else len(ORDER)
    since = {step.state: step.happened_on for step in reversed(case.steps)}
    shown: list[dict[str, object]] = []
    for place, state in enumerate(ORDER):
        word, tone = _standing(place - here, left_out=ORDER[0] in since and state not in since)
        hint = _("Since %(day)s") % {"day": day(since[state])} if place <= here and state in since else None
        shown.append({"label": state.label, "word": word, "tone": tone, "hint": hint})
    return shown


def _standing(ahead: int, *, left_out: bool) -> tuple[str, str]:
    if ahead == 0:
        return _("It stands here"), "info"
    if ahead > 0:
        return _("Still to come"), "quiet"
    return (_("Left out"), "quiet") if left_out else (_("Done"), "done")


def _declined(case: CaseDetail | None) -> object:
    newest = case.transfers[0] if case and case.transfers else None
    return newest if newest and newest.state is TransferState.DECLINED else None


@router.post("/closings/{closing_id}/approve")
def approve_closing(request: Request, db: Db, actor: Decider, closing_id: UUID, form: Typed) -> Response:
    """Agrees to a closing, with the reason where a condition is not met."""
    made = tried(
        db, form, form.bind(ClosingApprove), lambda given: closing.approve_closing(db, actor, closing_id, given)
    )
    if made:
        return to_case(db, actor, made.gave, _("The case is closed."))
    return case_page(request, db, actor, closing.child_of_closing(db, actor, closing_id), form)


# Opening


@router.get("/children/{child_id}/case/new")
def new_case(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Asks what the concerns are, how great the danger is, and who holds the case; begins with what was told before."""
    worry = worry_about(db, actor, child_id)
    values = {"id": str(new_id())} | day_boxes(
        "concerns.0.identified_on", worry.identified_on if worry else clock.today()
    )
    if worry is not None:
        values |= {
            "concerns.0.concern": worry.concern.value,
            "concerns.0.village": str(worry.village or ""),
            "concerns.0.source": worry.source.value if worry.source else "",
        }
    return _new_page(request, db, actor, child_id, Form(values), worry)


@router.post("/children/{child_id}/case/new")
def open_case(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Opens the case, and starts its clock."""
    if seeks_place(form):
        return _new_page(request, db, actor, child_id, form)
    if tried(db, form, form.bind(CaseOpen), lambda given: service.open_case(db, actor, child_id, given)):
        return to_case(db, actor, child_id, _("The case is open. See the child next."))
    return _new_page(request, db, actor, child_id, form)


def _new_page(
    request: Request, db: Session, actor: Actor, child_id: UUID, form: Form, worry: Worry | None = None
) -> HTMLResponse:
    child = child_to_read(db, actor, child_id)
    checked_at_work(actor, child)
    queries.note_case_read(db, actor, child_id)
    return render(
        request,
        "cases/new.html",
        status=form.status,
        form=form,
        child=child,
        is_open=queries.open_case_id(db, child_id) is not None and form.status == 200,
        pickers=[_picker(db, actor, form, f"concerns.{number}.village") for number in range(CONCERNS_OF_A_FORM)],
        **_concern_words(),
        risks=_risks(),
        sector_posts=_sector_posts(db, child),
        worry=worry,
    )


def _picker(db: Session, actor: Actor, form: Form, name: str) -> Picker:
    return pick_place(db, form, name, PlaceLevel.VILLAGE, actor)


def _concern_words() -> dict[str, Any]:
    return {"concern_types": ConcernType, "sources": Source}


def _risks() -> list[tuple[str, str, str]]:
    return [(risk.value, risk.label, _(RISK_HINTS[risk])) for risk in Risk]


def _sector_posts(db: Session, child: ChildAtWork) -> list[tuple[str, str]]:
    posts = queries.sector_posts(db, child.area_code)
    return [
        (str(post.id), _("%(place)s sector: %(who)s") % {"place": post.place, "who": post.holders or _("nobody now")})
        for post in posts
    ]


# Concerns, risk, steps, holder, contacts


@router.get("/cases/{case_id}/concerns/new")
def new_concern(request: Request, db: Db, actor: Writer, case_id: UUID) -> HTMLResponse:
    """Asks for a further concern."""
    return _concern_page(
        request, db, actor, case_id, Form({"id": str(new_id())} | day_boxes("identified_on", clock.today()))
    )


@router.post("/cases/{case_id}/concerns/new")
def add_concern(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Writes the concern down."""
    if seeks_place(form):
        return _concern_page(request, db, actor, case_id, form)
    if tried(db, form, form.bind(ConcernAdd), lambda given: service.add_concern(db, actor, case_id, given)):
        return to_case(db, actor, queries.child_of(db, case_id), _("The concern is written down."))
    return _concern_page(request, db, actor, case_id, form)


def _concern_page(request: Request, db: Session, actor: Actor, case_id: UUID, form: Form) -> HTMLResponse:
    picker = _picker(db, actor, form, "village")
    return form_page(request, db, actor, case_id, "concern", form, picker=picker, **_concern_words())


@router.get("/cases/{case_id}/risk")
def ask_risk(request: Request, db: Db, actor: Writer, case_id: UUID) -> HTMLResponse:
    """Asks how great the danger is now, and why."""
    return form_page(request, db, actor, case_id, "risk", Form({}), risks=_risks())


@router.post("/cases/{case_id}/risk")
def rate_risk(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Rates the risk."""
    if tried(db, form, form.bind(RiskRate), lambda given: service.rate_risk(db, actor, case_id, given)):
        return to_case(db, actor, queries.child_of(db, case_id), _("The risk is rated, and its clock is set."))
    return form_page(request, db, actor, case_id, "risk", form, risks=_risks())


@router.get("/cases/{case_id}/advance")
def ask_advance(request: Request, db: Db, actor: Writer, case_id: UUID) -> HTMLResponse:
    """Asks where the case stands now."""
    _child, case = case_for_form(db, actor, case_id)
    wanted = next_state(case.state)
    form = Form({"state": wanted.value} if wanted else {})
    return form_page(request, db, actor, case_id, "advance", form, states=ORDER)


@router.post("/cases/{case_id}/advance")
def advance_case(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Brings the case to another step."""
    if tried(
        db,
        form,
        form.bind(CaseAdvance),
        lambda given: service.advance_case(db, actor, case_id, given, version_in(form)),
    ):
        return to_case(db, actor, queries.child_of(db, case_id), _("The case stands at another step now."))
    return form_page(request, db, actor, case_id, "advance", form, states=ORDER)


@router.get("/cases/{case_id}/hold")
def ask_holder(request: Request, db: Db, actor: Writer, case_id: UUID) -> HTMLResponse:
    """Asks which sector holds the case, or why it is taken back."""
    return _hold_page(request, db, actor, case_id, Form({}))


@router.post("/cases/{case_id}/hold")
def hold_case(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Gives the case to the sector, or takes it back."""
    if tried(
        db, form, form.bind(CaseHold), lambda given: service.hold_case(db, actor, case_id, given, version_in(form))
    ):
        return to_case(
            db, actor, queries.child_of(db, case_id), _("Another post holds the case now; what is due went along.")
        )
    return _hold_page(request, db, actor, case_id, form)


def _hold_page(request: Request, db: Session, actor: Actor, case_id: UUID, form: Form) -> HTMLResponse:
    child, _case = case_for_form(db, actor, case_id)
    posts = _sector_posts(db, child)
    return form_page(request, db, actor, case_id, "hold", form, posts=posts, sector=Tier.SECTOR)


@router.get("/cases/{case_id}/contacts/new")
def new_contact(request: Request, db: Db, actor: Writer, case_id: UUID) -> HTMLResponse:
    """Asks whether the child was reached."""
    form = Form({"id": str(new_id())} | day_boxes("contacted_on", clock.today()))
    return form_page(request, db, actor, case_id, "contact", form, **_contact_words())


@router.post("/cases/{case_id}/contacts/new")
def record_contact(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Writes the attempt down."""
    if tried(db, form, form.bind(CaseContactRecord), lambda given: service.record_contact(db, actor, case_id, given)):
        return to_case(db, actor, queries.child_of(db, case_id), _("The contact is written down."))
    return form_page(request, db, actor, case_id, "contact", form, **_contact_words())


def _contact_words() -> dict[str, Any]:
    return {"kinds": CaseContactKind, "outcomes": ContactOutcome, "aftermaths": Aftermath}
