"""The cases of the invented children: how far each is, its risk, its plan; and how some of them ended."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.access.roles import Role
from app.approvals.models import Approval
from app.cases.models import Case, CaseClosing, CaseConcern, CaseContact, CaseStep, RiskRating
from app.cases.rules import DEFAULT_CLOSING_RULES, months_after, years_after
from app.cases.words import CaseState, ClosingReason, Risk, Source, StepKind, Tier
from app.children.rules import age_on
from app.children.words import ConcernType, PlacementKind
from app.demo.draft import Draft, known
from app.demo.lives import Life
from app.placements.words import EndReason
from app.plans.models import Plan, PlanAction, PlanGoal, SupportPackage
from app.plans.words import PlanState
from app.tasks.models import Task
from app.tasks.words import TaskKind
from app.visits.words import WellbeingDomain

_AT_HOME = (CaseState.IN_IMPLEMENTATION, CaseState.UNDER_FOLLOW_UP, CaseState.UNDER_FOLLOW_UP)
_IN_A_HOUSE = (CaseState.REGISTERED, CaseState.ASSESSED, CaseState.ASSESSED, CaseState.PLANNED)
_WITH_PLAN = frozenset({CaseState.PLANNED, CaseState.IN_IMPLEMENTATION, CaseState.UNDER_FOLLOW_UP})
_ORDER = tuple(state for state in CaseState if state is not CaseState.CLOSED)
_CONCERNS = (ConcernType.SEPARATION_RISK, ConcernType.ABANDONMENT, ConcernType.NEGLECT, ConcernType.FAMILY_CONFLICT)
_WAITING_PLANS = 3
_MOST_WITHOUT_CASE = 0.12
_OPENED_AGO = {CaseState.REGISTERED: (2, 20), CaseState.ASSESSED: (15, 45), CaseState.PLANNED: (60, 240)}
_A_MOMENT = timedelta(seconds=1)
"""Between two steps of one day, so that the story tells them in their order."""
_NEXT = {CaseState.REGISTERED: (TaskKind.ASSESS, 14), CaseState.ASSESSED: (TaskKind.PLAN, 30)}
"""What is due next in a case, and how many days after it was opened."""
_ENDS = {ClosingReason.GOALS_MET: (210, 95, 40, 380, 150), ClosingReason.AGED_OUT: (70, 300)}
"""For how many days the cases have been closed that ended well."""
_GROWN, _SETTLED_DAYS = 18, 430
_WORDS_OF_END = {
    ClosingReason.GOALS_MET: "The goals of the plan are reached, the family manages, and the child wishes to stay.",
    ClosingReason.AGED_OUT: "Has work and a room, pays the rent alone, and calls when there is something.",
    ClosingReason.CHILD_DIED: "Died in hospital after a short illness; the family and the house were there.",
}
_AFTERWARDS = (
    "All is well; they have planted beans.",
    "Byose ni byiza.",
    "Tout va bien, il aime l'école.",
)
_PACKAGES = (
    ("mutuelle", 15_000, "district"),
    ("school_materials", 28_500, "partner"),
    ("girinka", 350_000, "state"),
    ("business_start", 120_000, "partner"),
    ("shelter_repair", 90_000, "district"),
)
_PLANS = (
    (WellbeingDomain.LEARNING, "Goes to school every day", "Buy the uniform and speak with the teacher"),
    (WellbeingDomain.HEALTH, "Is insured and vaccinated", "Go to the health centre with the family"),
    (WellbeingDomain.EMOTIONAL, "Sleeps well and has somebody to talk to", "Visit the psychologist with the child"),
    (WellbeingDomain.HOUSEHOLD_ECONOMY, "The family eats twice a day", "Join the savings group of the village"),
)


def draw_cases(draft: Draft, lives: Sequence[Life]) -> None:
    """A case for nearly every child whom a worker follows; those who left long ago have theirs no more."""
    waiting = 0
    closed = {reason: iter(days) for reason, days in _ENDS.items()}
    for life in lives:
        if life.worker is None or life.id is None:
            continue
        if life.now is None or (not _is_named(life) and draft.chance(_MOST_WITHOUT_CASE)):
            _closed_or_none(draft, life, closed)
            continue
        at_home = life.now.family is not None or life.now.house is None
        state = draft.pick(_AT_HOME if at_home else _IN_A_HOUSE)
        opened_on = min(life.registered_on, draft.ago(1))
        if not at_home:
            # Where a house is on its way to its last day, the cases of its residents are opened one after the other.
            opened_on = max(opened_on, draft.ago(draft.rng.randint(*_OPENED_AGO[state])))
        case_id = _case(draft, life, state, opened_on)
        life.case_id, life.case_state, life.opened_on = case_id, state, opened_on
        if state in _WITH_PLAN:
            _plan(draft, life, case_id, opened_on, asked=False)
        elif state is CaseState.ASSESSED and waiting < _WAITING_PLANS and _is_named(life):
            _plan(draft, life, case_id, opened_on, asked=True)
            waiting += 1
        elif state in _NEXT:
            kind, days = _NEXT[state]
            _task(draft, life, kind, opened_on + timedelta(days=days), case_id, f"/children/{life.id}/case")


def _closed_or_none(draft: Draft, life: Life, closed: Mapping[ClosingReason, Iterator[int]]) -> None:
    """The case of a child who died is closed, and those of some who are settled; the others never had one."""
    if life.now is None:
        last = life.stays[-1] if life.stays else None
        if last is not None and last.end_reason is EndReason.CHILD_DEATH:
            _closed_case(draft, life, ClosingReason.CHILD_DIED, last.ended_on or draft.today)
    elif (reason := _end_of(draft, life)) and (days := next(closed[reason], None)):
        _closed_case(draft, life, reason, max(draft.ago(days), life.now.started_on))


def _end_of(draft: Draft, life: Life) -> ClosingReason | None:
    """Why the case of a child without an open one was closed; None where nobody opened any."""
    if life.now is None or life.now.house is not None or life.restricted:
        return None
    if life.now.kind is PlacementKind.SUPPORTED_INDEPENDENT_LIVING:
        age = age_on(life.row["born_on"], draft.today) if life.row else None
        return ClosingReason.AGED_OUT if age is None or age >= _GROWN else None
    settled = life.now.started_on < draft.ago(_SETTLED_DAYS)
    return ClosingReason.GOALS_MET if settled else None


def _closed_case(draft: Draft, life: Life, reason: ClosingReason, closed_on: date) -> None:
    """A case that was closed on a day: why, until when the file is kept, and who still asks how life goes."""
    worker = known(life.worker)
    rule = next(rule for rule in DEFAULT_CLOSING_RULES if rule["reason"] == reason.value)
    opened_on = min(life.registered_on, closed_on)
    case_id = _case(draft, life, CaseState.UNDER_FOLLOW_UP, opened_on, until=closed_on)
    row = draft.rows[Case][-1]
    row |= {"state": CaseState.CLOSED.value, "closed_on": closed_on, "closing_reason": reason.value}
    row["retain_until"] = years_after(closed_on, int(str(rule["retention_years"])))
    last_step = draft.rows[CaseStep][-1]["created_at"]
    closed_at = max(draft.working_hour(closed_on), last_step + _A_MOMENT)
    by: dict[str, Any] = {"created_at": closed_at, "created_by": worker.account_id}
    of_case = {"case_id": case_id, "child_id": life.id}
    words = _WORDS_OF_END[reason]
    ended_on = closed_on if reason is ClosingReason.CHILD_DIED else None
    draft.add(
        CaseClosing, **of_case, reason=reason.value, words=words, unmet=[], ended_on=ended_on, closed_on=closed_on, **by
    )
    closing = draft.rows[CaseClosing][-1]["id"]
    _approval(draft, life, "closure", closing, f"/children/{life.id}/case", closed_on, decided="approved")
    draft.add(
        CaseStep,
        **of_case,
        kind=StepKind.CLOSED.value,
        state=CaseState.CLOSED.value,
        reason=words,
        by_post_id=worker.post_id,
        happened_on=closed_on,
        **by,
    )
    months: list[int] = rule["aftercare_months"]  # type: ignore[assignment]
    for number in months:
        due_on = months_after(closed_on, number)
        done_on = due_on if due_on < draft.ago(20) else None
        contact_id = None
        if done_on:
            contact_id = draft.add(
                CaseContact,
                **of_case,
                contacted_on=done_on,
                kind=draft.pick(("phone", "visit")),
                outcome="reached",
                aftermath="well",
                note=draft.pick(_AFTERWARDS),
                by_post_id=worker.post_id,
                created_at=draft.working_hour(done_on),
                created_by=worker.account_id,
            )
        _task(draft, life, TaskKind.AFTERCARE, due_on, case_id, f"/cases/{case_id}/contacts/new", done=contact_id)


def _task(
    draft: Draft,
    life: Life,
    kind: TaskKind,
    due_on: date,
    subject_id: UUID,
    path: str,
    *,
    subject_kind: str = "case",
    done: UUID | None = None,
) -> None:
    worker = known(life.worker)
    draft.add(
        Task,
        kind=kind.value,
        subject_kind=subject_kind,
        subject_id=subject_id,
        child_id=life.id,
        post_id=worker.post_id,
        area_code=life.now.area_code if life.now else life.area_code,
        due_on=due_on,
        tolerance_days=7 if kind is TaskKind.AFTERCARE else 0,
        done_on=due_on if done else None,
        done_by_id=done,
        path=path,
        created_at=draft.working_hour(min(due_on - timedelta(days=10), draft.today)),
        created_by=worker.account_id,
    )


def _is_named(life: Life) -> bool:
    return life.worker is not None and life.worker.username == Role.SOCIAL_WORKER.value


def _case(draft: Draft, life: Life, state: CaseState, opened_on: date, *, until: date | None = None) -> UUID:
    worker = known(life.worker)
    child_id = known(life.id)
    by: dict[str, Any] = {"created_at": draft.working_hour(opened_on), "created_by": worker.account_id}
    risk = draft.rng.choices(list(Risk), (12, 45, 43))[0]
    life.risk = risk.value
    area_code = life.now.area_code if life.now else life.area_code
    case_id = draft.add(
        Case,
        code=draft.code("CASE"),
        child_id=child_id,
        state=state.value,
        risk=risk.value,
        tier=Tier.PROFESSIONAL.value,
        opened_on=opened_on,
        area_code=area_code,
        **by,
    )
    of_case = {"case_id": case_id, "child_id": child_id}
    post = worker.post_id
    reached = _ORDER[: _ORDER.index(state) + 1]
    day, at = opened_on, by["created_at"]
    for step in reached:
        kind = StepKind.OPENED if step is CaseState.REGISTERED else StepKind.ADVANCED
        written = {"created_at": at, "created_by": worker.account_id}
        draft.add(CaseStep, **of_case, kind=kind.value, state=step.value, by_post_id=post, happened_on=day, **written)
        day = draft.between(day, until or draft.today)
        at = max(draft.same_hour(at, day), at + _A_MOMENT)
    draft.add(
        RiskRating,
        **of_case,
        risk=risk.value,
        reason="As found at the first visit",
        rated_at=draft.working_hour(opened_on),
        by_post_id=post,
        **by,
    )
    draft.add(
        CaseConcern,
        **of_case,
        concern=draft.pick(_CONCERNS).value,
        identified_on=opened_on,
        source=draft.pick((Source.WORKER, Source.INSTITUTION, Source.VOLUNTEER)).value,
        **by,
    )
    return case_id


def _plan(draft: Draft, life: Life, case_id: UUID, opened_on: date, *, asked: bool) -> None:
    worker = known(life.worker)
    # Most reviews lie ahead; the first of some plans have come due, and a few are late.
    since = max(opened_on, draft.ago(draft.rng.randint(88, 97) if draft.chance(0.15) else draft.rng.randint(5, 87)))
    by: dict[str, Any] = {"created_at": draft.working_hour(since), "created_by": worker.account_id}
    plan_id = draft.add(
        Plan,
        child_id=life.id,
        case_id=case_id,
        number=1,
        state=(PlanState.REQUESTED if asked else PlanState.IN_FORCE).value,
        aim="Lives safely with a family that can manage",
        child_says="I want to stay near my sister." if draft.chance(0.5) else None,
        in_force_on=None if asked else since,
        review_on=None if asked else since + timedelta(days=90),
        **by,
    )
    of_plan = {"child_id": life.id, "plan_id": plan_id}
    if not asked:
        life.plan_id = plan_id
        _task(
            draft,
            life,
            TaskKind.REVIEW,
            since + timedelta(days=90),
            plan_id,
            f"/plans/{plan_id}/reviews/new",
            subject_kind="plan",
        )
    for kind, amount, source in draft.rng.sample(_PACKAGES, 2):
        given_on = draft.between(since, draft.ago(1)) if not asked and draft.chance(0.6) else None
        draft.add(
            SupportPackage,
            **of_plan,
            kind=kind,
            quantity=1,
            amount_rwf=amount,
            source=source,
            planned_on=since + timedelta(days=30),
            state="given" if given_on else "planned",
            given_on=given_on,
            receipt="Signed by the head of the family" if given_on else None,
            **by,
        )
    for domain, goal, what in draft.rng.sample(_PLANS, 2):
        goal_id = draft.add(PlanGoal, **of_plan, domain=domain.value, statement=goal, state="open", **by)
        due_on = draft.between(draft.ago(10), draft.ago(-60))
        done_on = draft.between(since, draft.ago(1)) if not asked and due_on < draft.today else None
        action_id = draft.add(
            PlanAction,
            **of_plan,
            goal_id=goal_id,
            what=what,
            responsible="family",
            responsible_name="The family",
            due_on=due_on,
            state="done" if done_on else "open",
            done_on=done_on,
            **by,
        )
        if not asked and done_on is None:
            path = f"/plan-actions/{action_id}/report"
            _task(draft, life, TaskKind.PLAN_ACTION, due_on, plan_id, path, subject_kind="plan")
    if asked:
        _approval(draft, life, "plan", plan_id, f"/plans/{plan_id}", since, note="Written with the child and the aunt")


def _approval(
    draft: Draft,
    life: Life,
    kind: str,
    subject_id: UUID,
    path: str,
    asked_on: date,
    *,
    decided: str | None = None,
    note: str | None = None,
) -> None:
    worker = known(life.worker)
    at = draft.working_hour(asked_on)
    draft.add(
        Approval,
        kind=kind,
        subject_id=subject_id,
        child_id=life.id,
        area_code=life.now.area_code if life.now else life.area_code,
        path=path,
        of_role=Role.DISTRICT_SUPERVISOR.value,
        asked_by_post_id=worker.post_id,
        asked_at=at,
        state=decided or "requested",
        decided_at=at if decided else None,
        note=note,
        created_at=at,
        created_by=worker.account_id,
    )
