"""How far a child is on the way home: one table for the steps, and what comes next."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.casefile.rules import WayFacts, next_step, steps
from app.casefile.words import Standing, Step

TODAY = date(2026, 11, 22)
NEW = WayFacts(residential=True)
OPENED = replace(NEW, case_state="registered")
ASSESSED = replace(OPENED, assessed_on=TODAY)
TRACED = replace(ASSESSED, tracing_state="found")
DECIDED = replace(TRACED, decision_state="approved", decided_kind="foster_malayika_murinzi")
MATCHED = replace(DECIDED, matched=True)
PREPARED = replace(MATCHED, prepared=8, to_prepare=8)
PLACED = replace(PREPARED, residential=False, in_family_since=TODAY)
PLANNED = replace(PLACED, plan_state="in_force", plan_since=TODAY)
SEEN = replace(PLANNED, last_seen_on=TODAY)
REVIEWED = replace(SEEN, plan_since=TODAY - timedelta(days=200), reviewed_on=TODAY)
CLOSED = replace(REVIEWED, case_state="closed")


def standing(facts, step):
    return next(state.standing for state in steps(facts, TODAY) if state.step is step)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (NEW, Step.CASE),
        (OPENED, Step.ASSESSMENT),
        (ASSESSED, Step.TRACING),
        (TRACED, Step.DECISION),
        (DECIDED, Step.MATCHING),
        (MATCHED, Step.PREPARATION),
        (PREPARED, Step.PLACEMENT),
        (PLACED, Step.PLAN),
        (PLANNED, Step.VISITS),
        (SEEN, None),
        (REVIEWED, None),
        (replace(REVIEWED, in_family_since=TODAY - timedelta(days=90)), Step.CLOSURE),
        (CLOSED, None),
        (replace(CLOSED, plan_state="closed"), None),
    ],
)
def test_what_comes_next(facts, expected):
    found = next_step(steps(facts, TODAY))
    assert (found.step if found else None) is expected


def test_the_steps_are_always_the_same_and_in_order():
    assert [state.step for state in steps(NEW, TODAY)] == list(Step)
    assert [state.step for state in steps(CLOSED, TODAY)] == list(Step)


@pytest.mark.parametrize(
    ("facts", "step", "expected"),
    [
        (replace(OPENED, assessment_waits=True), Step.ASSESSMENT, Standing.WAITING),
        (replace(ASSESSED, tracing_state="open"), Step.TRACING, Standing.UNDER_WAY),
        (replace(ASSESSED, tracing_state="not_found"), Step.TRACING, Standing.DONE),
        (replace(TRACED, decision_state="requested"), Step.DECISION, Standing.WAITING),
        (replace(TRACED, decision_state="returned"), Step.DECISION, Standing.UNDER_WAY),
        (replace(DECIDED, decided_kind="reunification_biological"), Step.MATCHING, Standing.NOT_NEEDED),
        (replace(MATCHED, prepared=3, to_prepare=8), Step.PREPARATION, Standing.UNDER_WAY),
        (replace(PLACED, prepared=3), Step.PREPARATION, Standing.DONE),
        (replace(PLACED, plan_state="requested"), Step.PLAN, Standing.WAITING),
        (replace(PLANNED, visit_due_on=TODAY + timedelta(days=5)), Step.VISITS, Standing.UNDER_WAY),
        (replace(PLANNED, visit_due_on=TODAY), Step.VISITS, Standing.NEXT),
        (replace(SEEN, plan_since=TODAY - timedelta(days=91)), Step.REVIEW, Standing.NEXT),
        (replace(SEEN, plan_since=TODAY - timedelta(days=90)), Step.REVIEW, Standing.UNDER_WAY),
        (replace(REVIEWED, closing_asked=True), Step.CLOSURE, Standing.WAITING),
        (replace(CLOSED, plan_state="closed"), Step.PLAN, Standing.DONE),
        (replace(CLOSED, plan_state="closed"), Step.REVIEW, Standing.DONE),
        (replace(CLOSED, plan_state="closed", reviewed_on=None), Step.REVIEW, Standing.NOT_NEEDED),
        (replace(REVIEWED, plan_state="closed"), Step.PLAN, Standing.NEXT),
    ],
)
def test_how_a_step_stands(facts, step, expected):
    assert standing(facts, step) is expected


def test_a_family_that_came_before_the_case_owes_no_decision():
    facts = WayFacts(case_state="registered", assessed_on=TODAY, in_family_since=TODAY - timedelta(days=900))
    skipped = (Step.TRACING, Step.DECISION, Step.MATCHING, Step.PREPARATION)
    assert {standing(facts, step) for step in skipped} == {Standing.NOT_NEEDED}
    assert standing(replace(facts, decision_due=True), Step.DECISION) is Standing.NEXT
    assert standing(facts, Step.PLACEMENT) is Standing.DONE
    assert standing(replace(facts, at_home=True), Step.PLACEMENT) is Standing.NOT_NEEDED
    found = next_step(steps(facts, TODAY))
    assert found is not None
    assert found.step is Step.PLAN
