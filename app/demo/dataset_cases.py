"""The case of one generated child: risk, assessment, decision, plan, approvals and what is due, as lines of COPY."""

import json
from datetime import date, timedelta
from typing import Any

from app.access.roles import Role
from app.approvals.words import ApprovalKind, ApprovalState
from app.cases.words import CaseState, ClosingReason, Risk, Source, StepKind, Tier
from app.children.words import ConcernType
from app.decisions.words import CareOption, DecisionState, Siblings
from app.demo.dataset_rows import RECORD, Child, Country, Lines, Stay, code_of
from app.instruments.words import AnswersState
from app.plans.words import ActionState, GoalState, PlanState, Responsible, ReviewResult
from app.tasks.words import TaskKind
from app.tracing.words import TracingState
from app.visits.words import WellbeingDomain

CASE_COLUMNS = {
    "cases": f"{RECORD}, code, child_id, state, risk, tier, opened_on, closed_on, closing_reason, area_code",
    "case_concerns": f"{RECORD}, case_id, child_id, concern, identified_on, source",
    "case_steps": f"{RECORD}, case_id, child_id, kind, state, by_post_id, happened_on",
    "risk_ratings": f"{RECORD}, case_id, child_id, risk, reason, rated_at, by_post_id",
    "instrument_answers": (
        f"{RECORD}, child_id, instrument, instrument_version, state, answers, scores, sections, started_by_post_id, "
        "submitted_by, submitted_by_post_id, submitted_at, area_code"
    ),
    "tracing_requests": f"{RECORD}, child_id, state, opened_on, ended_on",
    "decisions": (
        f"{RECORD}, child_id, state, decided_on, panel, author_sat, grounds, necessity, options, kind, suitability, "
        "child_heard, child_said, siblings, approved_at"
    ),
    "plans": f"{RECORD}, child_id, case_id, number, state, aim, in_force_on, review_on, ended_on",
    "plan_goals": f"{RECORD}, child_id, plan_id, domain, statement, state",
    "plan_actions": f"{RECORD}, child_id, plan_id, goal_id, what, responsible, post_id, due_on, state, done_on",
    "plan_reviews": (
        f"{RECORD}, child_id, plan_id, reviewed_on, child_heard, child_said, changed, result, next_review_on"
    ),
    "case_closings": f"{RECORD}, case_id, child_id, reason, words, unmet",
    "approvals": (
        f"{RECORD}, kind, subject_id, child_id, area_code, path, of_role, asked_by_post_id, asked_at, state, "
        "decided_by, decided_at"
    ),
}
"""The columns that are filled, by table, in the order of the foreign keys."""

_RISKS, _RISK_SHARES = list(Risk), (15, 45, 40)
_CONCERNS, _SOURCES, _DOMAINS = list(ConcernType), list(Source), list(WellbeingDomain)
_ASSESSED_AFTER, _DECIDED_AFTER, _PLANNED_AFTER, _REVIEW_EVERY = 14, 21, 28, 90
_NEVER_ASSESSED, _CLOSED, _SECTOR_HELD, _SEARCHED, _ASKED, _CLOSING = 0.04, 0.5, 0.1, 0.3, 0.15, 0.05
_OLD_ENOUGH_TO_CLOSE = 3 * 365
_MOST_REVIEWS = 8
_SENTENCE = "Generated for a measurement: what a worker would say in a sentence or two about this child and this family"


class _Drawn:
    """One case while it is drawn."""

    def __init__(self, country: Country, lines: Lines, child: Child, stay: Stay) -> None:
        self.country, self.lines, self.child, self.stay = country, lines, child, stay
        self.rng = country.rng
        self.office = child.worker

    def after(self, days: int) -> date | None:
        """So many days after the child was registered, where that has come already."""
        day = self.child.registered + timedelta(days=days + self.rng.randint(0, 7))
        return day if day <= self.country.today else None

    def row(self, table: str, day: date, *values: Any) -> str:
        """A row that was made on a day by the child's worker; its id."""
        at = self.country.at(day)
        row_id = self.country.id(at)
        self.lines.add(table, row_id, at, self.office.account, *values)
        return row_id

    def task(self, kind: TaskKind, subject: tuple[str, str], due: date, path: str, *, done: str | None = None) -> None:
        """Something that is or was due to the child's worker; `done` is the record that did it, on that day."""
        made = min(due, self.country.today)
        where = (self.child.id, self.office.post, self.stay.area_code)
        self.row("tasks", made, kind.value, *subject, *where, due, 7, due if done else None, done, path)


def draw_case(country: Country, lines: Lines, child: Child, stay: Stay, number: int) -> None:
    """A case, as far as one would be so many days after the child was registered."""
    drawn = _Drawn(country, lines, child, stay)
    rng, registered = country.rng, child.registered
    risk = rng.choices(_RISKS, _RISK_SHARES)[0]
    assessed_on = None if rng.random() < _NEVER_ASSESSED else drawn.after(_ASSESSED_AFTER)
    planned_on = drawn.after(_PLANNED_AFTER) if assessed_on else None
    lived = (country.today - stay.started).days
    closed = bool(planned_on and not stay.is_residential and lived > _OLD_ENOUGH_TO_CLOSE and rng.random() < _CLOSED)
    state = CaseState.ASSESSED if assessed_on else CaseState.REGISTERED
    if planned_on:
        state = CaseState.IN_IMPLEMENTATION if stay.is_residential else CaseState.UNDER_FOLLOW_UP
    closed_on = max(stay.started + timedelta(days=_OLD_ENOUGH_TO_CLOSE), planned_on) if closed and planned_on else None
    case_id = drawn.row(
        *("cases", registered, code_of("CASE", number), child.id, CaseState.CLOSED.value if closed else state.value),
        *(risk.value, (Tier.SECTOR if rng.random() < _SECTOR_HELD else Tier.PROFESSIONAL).value, registered),
        *(closed_on, ClosingReason.GOALS_MET.value if closed else None, stay.area_code),
    )
    steps = [(StepKind.OPENED, CaseState.REGISTERED, registered), (StepKind.ADVANCED, CaseState.ASSESSED, assessed_on)]
    steps += [(StepKind.ADVANCED, CaseState.PLANNED, planned_on), (StepKind.ADVANCED, state, planned_on)]
    steps += [(StepKind.CLOSED, CaseState.CLOSED, closed_on)]
    _history(drawn, case_id, steps)
    for day in filter(None, (registered, assessed_on)):
        drawn.row("risk_ratings", day, case_id, child.id, risk.value, _SENTENCE, country.at(day), child.worker.post)
    if assessed_on:
        _assessments(drawn, assessed_on)
    else:
        due = registered + timedelta(days=_ASSESSED_AFTER)
        drawn.task(TaskKind.ASSESS, ("case", case_id), due, f"/children/{child.id}/case")
    _tracing(drawn)
    _decision(drawn)
    if planned_on:
        _plan(drawn, case_id, planned_on, closed_on)
        if not closed and not stay.is_residential and rng.random() < _CLOSING:
            _closing(drawn, case_id)
    elif assessed_on:
        due = assessed_on + timedelta(days=_ASSESSED_AFTER)
        drawn.task(TaskKind.PLAN, ("case", case_id), due, f"/children/{child.id}/case")


def _history(drawn: _Drawn, case_id: str, steps: list[tuple[StepKind, CaseState, date | None]]) -> None:
    child = drawn.child
    for concern in drawn.rng.sample(_CONCERNS, drawn.rng.randint(1, 3)):
        source = drawn.rng.choice(_SOURCES).value
        drawn.row("case_concerns", child.registered, case_id, child.id, concern.value, child.registered, source)
    for kind, reached, day in steps:
        if day is not None:
            drawn.row("case_steps", day, case_id, child.id, kind.value, reached.value, child.worker.post, day)


def _assessments(drawn: _Drawn, day: date) -> None:
    country, office, child = drawn.country, drawn.office, drawn.child
    answers = json.dumps({f"question_{number}": _SENTENCE for number in range(12)})
    scores = json.dumps({domain.value: drawn.rng.randint(1, 4) for domain in _DOMAINS})
    for instrument in ("child_assessment", "wellbeing"):
        drawn.row(
            *("instrument_answers", day, child.id, instrument, 1, AnswersState.SUBMITTED.value, answers, scores, "{}"),
            *(office.post, office.account, office.post, country.at(day), drawn.stay.area_code),
        )


def _tracing(drawn: _Drawn) -> None:
    day = drawn.after(_ASSESSED_AFTER)
    if day is None or drawn.rng.random() >= _SEARCHED:
        return
    goes_on = drawn.stay.is_residential
    state, ended = (TracingState.OPEN, None) if goes_on else (TracingState.FOUND, max(day, drawn.stay.started))
    tracing_id = drawn.row("tracing_requests", day, drawn.child.id, state.value, day, ended)
    if goes_on:
        due = drawn.country.today + timedelta(days=drawn.rng.randint(-20, 40))
        drawn.task(TaskKind.TRACE, ("tracing", tracing_id), max(due, day), f"/children/{drawn.child.id}/tracing")


def _decision(drawn: _Drawn) -> None:
    day = drawn.after(_DECIDED_AFTER)
    if day is None or drawn.stay.is_residential:
        return
    panel = json.dumps([{"name": "Generated Member", "role": "social_worker"}] * 3)
    options = [{"option": one.value, "considered": True, "finding": _SENTENCE, "why_not": None} for one in CareOption]
    decision_id = drawn.row(
        *("decisions", day, drawn.child.id, DecisionState.APPROVED.value, day, panel, True, "{neglect}", _SENTENCE),
        *(json.dumps(options), drawn.stay.kind.value, _SENTENCE, True, _SENTENCE, Siblings.NONE.value),
        drawn.country.at(day),
    )
    _approval(drawn, ApprovalKind.DECISION, decision_id, f"/decisions/{decision_id}", day, waits=False)


def _approval(drawn: _Drawn, kind: ApprovalKind, subject: str, path: str, day: date, *, waits: bool) -> None:
    country, office = drawn.country, drawn.office
    supervisor = country.offices[Role.DISTRICT_SUPERVISOR, drawn.child.district][0]
    state = ApprovalState.REQUESTED if waits else ApprovalState.APPROVED
    at = country.at(day)
    drawn.row(
        *("approvals", day, kind.value, subject, drawn.child.id, drawn.stay.area_code, path),
        *(Role.DISTRICT_SUPERVISOR.value, office.post, at, state.value),
        *((None, None) if waits else (supervisor.account, at)),
    )


def _plan(drawn: _Drawn, case_id: str, day: date, closed_on: date | None) -> None:
    rng, child, today = drawn.rng, drawn.child, drawn.country.today
    asked = closed_on is None and (today - day).days < _REVIEW_EVERY and rng.random() < _ASKED
    reviews = [day + timedelta(days=_REVIEW_EVERY * number) for number in range(1, _MOST_REVIEWS + 1)]
    made = [one for one in reviews if one <= (closed_on or today - timedelta(days=rng.randint(0, 10)))]
    next_on = (made[-1] if made else day) + timedelta(days=_REVIEW_EVERY)
    # After the last of them the worker keeps up, or nearly so: nobody's list begins years ago.
    next_on = max(next_on, today + timedelta(days=rng.randint(-15, _REVIEW_EVERY)))
    state = PlanState.REQUESTED if asked else PlanState.CLOSED if closed_on else PlanState.IN_FORCE
    plan_id = drawn.row(
        *("plans", day, child.id, case_id, 1, state.value, _SENTENCE, None if asked else day),
        *(None if asked or closed_on else next_on, closed_on),
    )
    goal_ids = [
        drawn.row("plan_goals", day, child.id, plan_id, domain.value, _SENTENCE, GoalState.OPEN.value)
        for domain in rng.sample(_DOMAINS, 2)
    ]
    for goal_id in goal_ids:
        _action(drawn, plan_id, goal_id, day, is_open=closed_on is None and not asked)
    if asked:
        _approval(drawn, ApprovalKind.PLAN, plan_id, f"/plans/{plan_id}", today, waits=True)
        return
    _approval(drawn, ApprovalKind.PLAN, plan_id, f"/plans/{plan_id}", day, waits=False)
    path = f"/plans/{plan_id}/reviews/new"
    for reviewed_on in made:
        next_review = reviewed_on + timedelta(days=_REVIEW_EVERY)
        review_id = drawn.row(
            *("plan_reviews", reviewed_on, child.id, plan_id, reviewed_on, True, _SENTENCE, _SENTENCE),
            *(ReviewResult.CONTINUE.value, next_review),
        )
        drawn.task(TaskKind.REVIEW, ("plan", plan_id), reviewed_on, path, done=review_id)
    if closed_on is None:
        drawn.task(TaskKind.REVIEW, ("plan", plan_id), next_on, path)


def _closing(drawn: _Drawn, case_id: str) -> None:
    """That the worker wants the case closed, which waits for the supervisor."""
    asked_on = drawn.country.days_ago(6)
    closing = (case_id, drawn.child.id, ClosingReason.GOALS_MET.value, _SENTENCE, "{}")
    closing_id = drawn.row("case_closings", asked_on, *closing)
    path = f"/children/{drawn.child.id}/case"
    _approval(drawn, ApprovalKind.CLOSURE, closing_id, path, asked_on, waits=True)


def _action(drawn: _Drawn, plan_id: str, goal_id: str, day: date, *, is_open: bool) -> None:
    rng, today = drawn.rng, drawn.country.today
    due = day + timedelta(days=rng.randint(10, 60))
    is_open = is_open and (due > today or rng.random() < _ASKED)
    if is_open:
        due = max(due, today + timedelta(days=rng.randint(-20, 40)))
    action_id = drawn.row(
        *("plan_actions", day, drawn.child.id, plan_id, goal_id, _SENTENCE, Responsible.OFFICE.value),
        *(drawn.office.post, due, (ActionState.OPEN if is_open else ActionState.DONE).value, None if is_open else due),
    )
    done = None if is_open else action_id
    drawn.task(TaskKind.PLAN_ACTION, ("plan", plan_id), due, f"/plan-actions/{action_id}/report", done=done)
