from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.errors import FieldError
from app.plans.rules import (
    DEFAULT_PLAN_CLOCKS,
    answer_due,
    check_past,
    check_review,
    clock_name,
    usual_urgency,
    why_not_request,
)
from app.plans.words import PlanState, ReviewResult, ServiceKind, ServiceUrgency

TODAY = date(2026, 5, 4)


def test_after_sexual_violence_hours_count() -> None:
    assert {kind for kind in ServiceKind if usual_urgency(kind) is ServiceUrgency.EMERGENCY} == {
        ServiceKind.ISANGE,
        ServiceKind.RIB,
    }
    hours = {str(row["name"]): row["hours"] for row in DEFAULT_PLAN_CLOCKS}
    assert hours["review"] == 90 * 24
    assert [hours[clock_name(urgency)] for urgency in ServiceUrgency] == [2, 24, 72, 168, 720]
    sent = datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert answer_due(sent, 2) == sent + timedelta(hours=2)


@pytest.mark.parametrize("days", [1, 90])
def test_the_next_review_lies_within_the_limit(days: int) -> None:
    check_review(TODAY, TODAY + timedelta(days=days), ReviewResult.CONTINUE, limit_days=90)
    check_review(TODAY, None, ReviewResult.END, limit_days=90)


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_a_review_too_late_is_told(days: int) -> None:
    with pytest.raises(FieldError) as error:
        check_review(TODAY, TODAY + timedelta(days=days), ReviewResult.CHANGE, limit_days=90)
    assert error.value.errors[0][0] == "next_review_on"


def test_a_day_lies_between_the_beginning_and_today() -> None:
    check_past("done_on", TODAY, TODAY, TODAY)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=2)):
        with pytest.raises(FieldError):
            check_past("done_on", day, TODAY, TODAY - timedelta(days=1))


def test_a_plan_needs_a_goal_and_an_action() -> None:
    assert why_not_request(goals=0, actions=1)
    assert why_not_request(goals=1, actions=0)
    assert why_not_request(goals=1, actions=1) is None
    assert {state for state in PlanState if state.is_editable} == {PlanState.DRAFT, PlanState.RETURNED}
