"""How far a child is on the way home, from plain facts. No database, no clock."""

from dataclasses import dataclass
from datetime import date

from app.casefile.words import Standing, Step
from app.cases.rules import STABLE_AFTER_DAYS

PLAN_REVIEW_DAYS = 90
"""Days after which a plan without a newer review is late: at least every three months (UN Guidelines, §67)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayFacts:
    """What the domains know of a child; a state is the code of their own vocabulary, None where nothing stands."""

    case_state: str | None = None
    risk: str | None = None
    closing_asked: bool = False
    assessed_on: date | None = None
    assessment_waits: bool = False
    tracing_state: str | None = None
    """open, found or not_found."""
    decision_state: str | None = None
    """draft, requested, returned or approved."""
    decided_kind: str | None = None
    decision_due: bool = False
    """Somebody is reminded of a decision, for instance because the child moved before it."""
    matched: bool = False
    prepared: int = 0
    to_prepare: int = 0
    in_family_since: date | None = None
    at_home: bool = False
    """With the parents, never separated: there is no family to move into."""
    residential: bool = False
    plan_state: str | None = None
    """draft, requested, returned, in_force or closed."""
    reviewed_on: date | None = None
    plan_since: date | None = None
    last_seen_on: date | None = None
    visit_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """One step, how it stands, and since when or until when."""

    step: Step
    standing: Standing
    day: date | None = None
    done: int | None = None
    of: int | None = None


FOSTER = "foster"
"""Only a decision for a foster family (its kinds begin so) asks for choosing one among several."""


def steps(facts: WayFacts, today: date) -> list[StepState]:
    """Every step with its standing; the first that is neither done nor under way nor waiting is next.

    Closing the case is next only after three months in the family: until then it goes on with visits and reviews.

    A child who lives in a family already needs no tracing, decision, matching and preparation that were never
    begun: placements made before the programme knew the child are facts, not omissions. A decision that is due is
    needed all the same.
    """
    placed = facts.in_family_since is not None
    found = [
        _case(facts),
        _assessment(facts),
        _tracing(facts, placed=placed),
        _decision(facts, placed=placed),
        _matching(facts, placed=placed),
        _preparation(facts, placed=placed),
        _placement(facts),
        _plan(facts),
        _visits(facts, today),
        _review(facts, today),
        _closure(facts),
    ]
    since = facts.in_family_since
    return _with_next(found, stable=since is not None and (today - since).days >= STABLE_AFTER_DAYS)


def next_step(found: list[StepState]) -> StepState | None:
    """The step that is next, or None where all is done or waits."""
    return next((state for state in found if state.standing is Standing.NEXT), None)


def _case(facts: WayFacts) -> StepState:
    standing = Standing.LATER if facts.case_state in {None, "closed"} else Standing.DONE
    if facts.case_state == "closed":
        standing = Standing.DONE
    return StepState(step=Step.CASE, standing=standing)


def _assessment(facts: WayFacts) -> StepState:
    standing = Standing.WAITING if facts.assessment_waits else Standing.DONE if facts.assessed_on else Standing.LATER
    return StepState(step=Step.ASSESSMENT, standing=standing, day=facts.assessed_on)


def _tracing(facts: WayFacts, *, placed: bool) -> StepState:
    standings = {"open": Standing.UNDER_WAY, "found": Standing.DONE, "not_found": Standing.DONE}
    default = Standing.NOT_NEEDED if placed or facts.decision_state == "approved" else Standing.LATER
    return StepState(step=Step.TRACING, standing=standings.get(facts.tracing_state or "", default))


def _decision(facts: WayFacts, *, placed: bool) -> StepState:
    standings = {"draft": Standing.UNDER_WAY, "returned": Standing.UNDER_WAY, "requested": Standing.WAITING}
    if facts.decision_state == "approved":
        return StepState(step=Step.DECISION, standing=Standing.DONE)
    default = Standing.NOT_NEEDED if placed and not facts.decision_due else Standing.LATER
    return StepState(step=Step.DECISION, standing=standings.get(facts.decision_state or "", default))


def _matching(facts: WayFacts, *, placed: bool) -> StepState:
    if facts.matched:
        standing = Standing.DONE
    elif placed or (facts.decided_kind is not None and not facts.decided_kind.startswith(FOSTER)):
        standing = Standing.NOT_NEEDED
    else:
        standing = Standing.LATER
    return StepState(step=Step.MATCHING, standing=standing)


def _preparation(facts: WayFacts, *, placed: bool) -> StepState:
    if facts.to_prepare and facts.prepared >= (1 if placed else facts.to_prepare):
        standing = Standing.DONE
    elif facts.prepared and not placed:
        standing = Standing.UNDER_WAY
    else:
        standing = Standing.NOT_NEEDED if placed else Standing.LATER
    return StepState(step=Step.PREPARATION, standing=standing, done=facts.prepared or None, of=facts.to_prepare or None)


def _placement(facts: WayFacts) -> StepState:
    if facts.at_home:
        return StepState(step=Step.PLACEMENT, standing=Standing.NOT_NEEDED)
    standing = Standing.DONE if facts.in_family_since else Standing.LATER
    return StepState(step=Step.PLACEMENT, standing=standing, day=facts.in_family_since)


def _plan(facts: WayFacts) -> StepState:
    standings = {
        "draft": Standing.UNDER_WAY,
        "returned": Standing.UNDER_WAY,
        "requested": Standing.WAITING,
        "in_force": Standing.DONE,
        # A plan ends with its case; one that was closed before asks for another.
        "closed": Standing.DONE if facts.case_state == "closed" else Standing.LATER,
    }
    return StepState(
        step=Step.PLAN, standing=standings.get(facts.plan_state or "", Standing.LATER), day=facts.plan_since
    )


def _visits(facts: WayFacts, today: date) -> StepState:
    if facts.visit_due_on is not None:
        late = facts.visit_due_on <= today
        return StepState(
            step=Step.VISITS, standing=Standing.LATER if late else Standing.UNDER_WAY, day=facts.visit_due_on
        )
    standing = Standing.DONE if facts.last_seen_on else Standing.LATER
    return StepState(step=Step.VISITS, standing=standing, day=facts.last_seen_on)


def _review(facts: WayFacts, today: date) -> StepState:
    if facts.plan_state == "closed" and facts.case_state == "closed":
        standing = Standing.DONE if facts.reviewed_on else Standing.NOT_NEEDED
        return StepState(step=Step.REVIEW, standing=standing, day=facts.reviewed_on)
    if facts.plan_state != "in_force":
        return StepState(step=Step.REVIEW, standing=Standing.LATER)
    last = max((day for day in (facts.reviewed_on, facts.plan_since) if day is not None), default=None)
    late = last is None or (today - last).days > PLAN_REVIEW_DAYS
    if late:
        return StepState(step=Step.REVIEW, standing=Standing.LATER, day=last)
    return StepState(step=Step.REVIEW, standing=Standing.DONE if facts.reviewed_on else Standing.UNDER_WAY, day=last)


def _closure(facts: WayFacts) -> StepState:
    if facts.case_state == "closed":
        return StepState(step=Step.CLOSURE, standing=Standing.DONE)
    return StepState(step=Step.CLOSURE, standing=Standing.WAITING if facts.closing_asked else Standing.LATER)


def _with_next(found: list[StepState], *, stable: bool) -> list[StepState]:
    asked = (state for state in found if stable or state.step is not Step.CLOSURE)
    first = next((state for state in asked if state.standing is Standing.LATER), None)
    return [
        StepState(step=state.step, standing=Standing.NEXT, day=state.day, done=state.done, of=state.of)
        if state is first
        else state
        for state in found
    ]
