"""The cases of the invented children: how far each is, its risk, its plan; and how the foster families came to be."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.access.roles import Role
from app.approvals.models import Approval
from app.cases.models import Case, CaseConcern, CaseStep, RiskRating
from app.cases.words import CaseState, Risk, Source, StepKind, Tier
from app.children.words import ConcernType, HouseholdKind, Vetting
from app.demo.draft import Draft
from app.demo.houses import Family
from app.demo.lives import Life
from app.fostering.models import FosterFamily, FosterStep
from app.plans.models import Plan, PlanAction, PlanGoal
from app.plans.words import PlanState
from app.visits.words import WellbeingDomain

_AT_HOME = (CaseState.IN_IMPLEMENTATION, CaseState.UNDER_FOLLOW_UP, CaseState.UNDER_FOLLOW_UP)
_IN_A_HOUSE = (CaseState.REGISTERED, CaseState.ASSESSED, CaseState.ASSESSED, CaseState.PLANNED)
_WITH_PLAN = frozenset({CaseState.PLANNED, CaseState.IN_IMPLEMENTATION, CaseState.UNDER_FOLLOW_UP})
_ORDER = tuple(state for state in CaseState if state is not CaseState.CLOSED)
_CONCERNS = (ConcernType.SEPARATION_RISK, ConcernType.ABANDONMENT, ConcernType.NEGLECT, ConcernType.FAMILY_CONFLICT)
_WAITING_PLANS = 3
_MOST_WITHOUT_CASE = 0.12
_PLANS = (
    (WellbeingDomain.LEARNING, "Goes to school every day", "Buy the uniform and speak with the teacher"),
    (WellbeingDomain.HEALTH, "Is insured and vaccinated", "Go to the health centre with the family"),
    (WellbeingDomain.EMOTIONAL, "Sleeps well and has somebody to talk to", "Visit the psychologist with the child"),
    (WellbeingDomain.HOUSEHOLD_ECONOMY, "The family eats twice a day", "Join the savings group of the village"),
)


def draw_cases(draft: Draft, lives: Sequence[Life]) -> None:
    """A case for nearly every child whom a worker follows; those who left long ago have theirs no more."""
    waiting = 0
    for life in lives:
        if life.worker is None or life.now is None or life.id is None or draft.chance(_MOST_WITHOUT_CASE):
            continue
        at_home = life.now.family is not None or life.now.house is None
        state = draft.pick(_AT_HOME if at_home else _IN_A_HOUSE)
        opened_on = min(life.registered_on, draft.ago(1))
        case_id = _case(draft, life, state, opened_on)
        if state in _WITH_PLAN:
            _plan(draft, life, case_id, opened_on, asked=False)
        elif state is CaseState.ASSESSED and waiting < _WAITING_PLANS and _is_named(life):
            _plan(draft, life, case_id, opened_on, asked=True)
            waiting += 1


def _is_named(life: Life) -> bool:
    return life.worker is not None and life.worker.username == Role.SOCIAL_WORKER.value


def _case(draft: Draft, life: Life, state: CaseState, opened_on: date) -> UUID:
    assert life.worker is not None  # noqa: S101 - asked by the caller
    assert life.id is not None  # noqa: S101 - written before its case
    by: dict[str, Any] = {"created_at": draft.working_hour(opened_on), "created_by": life.worker.account_id}
    risk = draft.rng.choices(list(Risk), (12, 45, 43))[0]
    area_code = life.now.area_code if life.now else life.area_code
    case_id = draft.add(
        Case,
        code=draft.code("CASE"),
        child_id=life.id,
        state=state.value,
        risk=risk.value,
        tier=Tier.PROFESSIONAL.value,
        opened_on=opened_on,
        area_code=area_code,
        **by,
    )
    of_case = {"case_id": case_id, "child_id": life.id}
    post = life.worker.post_id
    reached = _ORDER[: _ORDER.index(state) + 1]
    day = opened_on
    for step in reached:
        kind = StepKind.OPENED if step is CaseState.REGISTERED else StepKind.ADVANCED
        draft.add(CaseStep, **of_case, kind=kind.value, state=step.value, by_post_id=post, happened_on=day, **by)
        day = draft.between(day, draft.today)
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
    assert life.worker is not None  # noqa: S101 - asked by the caller
    since = draft.between(opened_on, draft.ago(1))
    since = max(since, draft.ago(100))
    by: dict[str, Any] = {"created_at": draft.working_hour(since), "created_by": life.worker.account_id}
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
    for domain, goal, what in draft.rng.sample(_PLANS, 2):
        goal_id = draft.add(PlanGoal, **of_plan, domain=domain.value, statement=goal, state="open", **by)
        due_on = draft.between(draft.ago(10), draft.ago(-60))
        done_on = draft.between(since, draft.ago(1)) if not asked and due_on < draft.today else None
        draft.add(
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
    if asked:
        draft.add(
            Approval,
            kind="plan",
            subject_id=plan_id,
            child_id=life.id,
            area_code=life.now.area_code if life.now else life.area_code,
            path=f"/plans/{plan_id}",
            of_role=Role.DISTRICT_SUPERVISOR.value,
            asked_by_post_id=life.worker.post_id,
            asked_at=draft.working_hour(since),
            state="requested",
            note="Written with the child and the aunt",
            **by,
        )


# Foster families

_WAY = ("applied", "record_checked", "references_taken", "home_checked", "checked", "trained", "asked", "approved")
_CARES = (["ordinary"], ["ordinary", "short_term"], ["emergency"], ["specialised"])
_STAGES = {Vetting.APPROVED: "available", Vetting.CHECKED: "checked", Vetting.WITHDRAWN: "withdrawn"}


def draw_foster_families(draft: Draft, families: Sequence[Family]) -> None:
    """How far each foster family is, by what the register says of its vetting, and the steps that led there."""
    for family in families:
        if family.kind is not HouseholdKind.FOSTER:
            continue
        vetting = Vetting(family.row["vetting"])
        stage = _STAGES.get(vetting, "applied")
        applied_on = draft.ago(draft.rng.randint(200, 420))
        checked = applied_on + timedelta(days=30) if vetting is not Vetting.NOT_CHECKED else None
        # Approved so long ago that some approvals have to be renewed within weeks.
        approved = applied_on + timedelta(days=90) if vetting is Vetting.APPROVED else None
        draft.add(
            FosterFamily,
            household_id=family.id,
            stage=stage,
            income_source=draft.pick(("Two cows and a garden", "A small shop", "Work at the tea factory", None)),
            languages=draft.pick((["rw"], ["rw", "fr"], ["rw", "sw"])),
            age_from=draft.pick((None, 0, 3)),
            age_to=draft.pick((None, 10, 17)),
            siblings_welcome=draft.chance(0.6),
            disability_training="Three days with the district hospital" if draft.chance(0.2) else None,
            cares=draft.pick(_CARES),
            record_checked_on=checked,
            references_on=checked,
            home_checked_on=checked,
            approved_on=approved,
            approved_until=approved + timedelta(days=730) if approved else None,
            created_at=draft.working_hour(applied_on),
        )
        last = {"available": "available", "checked": "checked"}.get(stage, "applied")
        way = (*_WAY, "available") if stage == "available" else _WAY[: _WAY.index(last) + 1]
        day = applied_on
        for step in (*way, *(["withdrawn"] if stage == "withdrawn" else [])):
            draft.add(
                FosterStep,
                household_id=family.id,
                step=step,
                stepped_on=day,
                in_order=True,
                created_at=draft.working_hour(day),
            )
            day = min(day + timedelta(days=draft.rng.randint(6, 20)), draft.today)
