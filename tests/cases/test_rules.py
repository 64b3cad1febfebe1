from datetime import date, timedelta

import pytest

from app.access.roles import Role
from app.cases.rules import (
    ORDER,
    Standing,
    attempts_without_answer,
    check_advance,
    check_closing,
    is_behind,
    months_after,
    moved_due,
    needs_approval,
    next_state,
    rises,
    unmet,
    why_not_reopen,
    why_not_sector,
    years_after,
)
from app.cases.words import CaseState, ClosingCondition, ClosingReason, ContactOutcome, Risk
from app.core.errors import FieldError

TODAY = date(2026, 11, 22)


def test_the_steps_follow_each_other() -> None:
    assert [next_state(state) for state in ORDER] == [*ORDER[1:], None]
    assert next_state(CaseState.CLOSED) is None
    assert is_behind(CaseState.REGISTERED, CaseState.PLANNED)
    assert not is_behind(CaseState.PLANNED, CaseState.ASSESSED)
    assert not is_behind(CaseState.CLOSED, CaseState.ASSESSED)


def test_one_step_on_needs_no_reason() -> None:
    check_advance(CaseState.REGISTERED, CaseState.ASSESSED, None)
    check_advance(CaseState.REGISTERED, CaseState.PLANNED, "Assessed on paper before")
    check_advance(CaseState.PLANNED, CaseState.ASSESSED, "The plan does not fit any more")


@pytest.mark.parametrize(
    ("state", "wanted", "field"),
    [
        (CaseState.REGISTERED, CaseState.PLANNED, "reason"),
        (CaseState.PLANNED, CaseState.ASSESSED, "reason"),
        (CaseState.PLANNED, CaseState.PLANNED, "state"),
        (CaseState.PLANNED, CaseState.CLOSED, "state"),
        (CaseState.CLOSED, CaseState.ASSESSED, "state"),
    ],
)
def test_what_a_case_cannot_do(state: CaseState, wanted: CaseState, field: str) -> None:
    with pytest.raises(FieldError) as refused:
        check_advance(state, wanted, None)
    assert refused.value.errors[0][0] == field


def test_danger_rises() -> None:
    assert rises(None, Risk.LOW)
    assert rises(Risk.LOW, Risk.MEDIUM)
    assert not rises(Risk.HIGH, Risk.MEDIUM)
    assert not rises(Risk.HIGH, Risk.HIGH)


def test_a_greater_danger_never_gives_more_time() -> None:
    opened = TODAY - timedelta(days=6)
    due = opened + timedelta(days=7)
    assert moved_due(due, opened_on=opened, rated_on=TODAY, days=2, rose=True) == due
    assert moved_due(due + timedelta(days=9), opened_on=opened, rated_on=TODAY, days=2, rose=True) == date(2026, 11, 24)


def test_a_smaller_danger_counts_from_the_opening() -> None:
    assert moved_due(TODAY + timedelta(days=2), opened_on=TODAY, rated_on=TODAY, days=7, rose=False) == date(
        2026, 11, 29
    )
    assert moved_due(TODAY + timedelta(days=9), opened_on=TODAY, rated_on=TODAY, days=7, rose=False) == date(
        2026, 12, 1
    )


def test_what_a_sector_may_hold() -> None:
    assert why_not_sector(Risk.LOW, restricted=False, grave=False) is None
    for refused in (
        why_not_sector(Risk.MEDIUM, restricted=False, grave=False),
        why_not_sector(None, restricted=False, grave=False),
        why_not_sector(Risk.LOW, restricted=True, grave=False),
        why_not_sector(Risk.LOW, restricted=False, grave=True),
    ):
        assert refused is not None


def test_attempts_count_since_somebody_was_reached() -> None:
    no, yes = ContactOutcome.NOT_REACHED, ContactOutcome.REACHED
    assert attempts_without_answer([]) == 0
    assert attempts_without_answer([no, no, yes, no]) == 2
    assert attempts_without_answer([yes, no, no]) == 0


def test_who_agrees_to_a_closing() -> None:
    assert needs_approval(ClosingReason.GOALS_MET, CaseState.UNDER_FOLLOW_UP)
    assert needs_approval(ClosingReason.LOST_CONTACT, CaseState.REGISTERED)
    assert not needs_approval(ClosingReason.CHILD_DIED, CaseState.PLANNED)
    assert not needs_approval(ClosingReason.DUPLICATE, CaseState.PLANNED)
    assert not needs_approval(ClosingReason.NOT_A_CASE, CaseState.ASSESSED)
    assert needs_approval(ClosingReason.NOT_A_CASE, CaseState.PLANNED)


def test_what_a_good_end_asks_for() -> None:
    well = Standing(
        state=CaseState.UNDER_FOLLOW_UP,
        lives_as="reunification_biological",
        lives_since=TODAY - timedelta(days=120),
        in_institution=False,
    )
    assert unmet(ClosingReason.GOALS_MET, well, TODAY) == []
    early = Standing(
        state=CaseState.PLANNED,
        lives_as="residential_institution",
        lives_since=TODAY - timedelta(days=3),
        in_institution=True,
        overdue_checks=1,
        open_promises=2,
    )
    assert unmet(ClosingReason.GOALS_MET, early, TODAY) == [
        ClosingCondition.OUT_OF_INSTITUTION,
        ClosingCondition.STABLE,
        ClosingCondition.FOLLOWED_UP,
        ClosingCondition.REVIEWED,
        ClosingCondition.SERVED,
    ]
    assert unmet(ClosingReason.MISSING, early, TODAY) == []
    nowhere = Standing(state=CaseState.UNDER_FOLLOW_UP, lives_as=None, lives_since=None, in_institution=False)
    assert unmet(ClosingReason.AGED_OUT, nowhere, TODAY) == [ClosingCondition.LIVES_SOMEWHERE]


def test_reasons_that_cannot_be() -> None:
    def check(reason: ClosingReason, **given: object) -> None:
        facts = {"age_years": 12, "attempts": 0, "least_attempts": 0, "other_code": None} | given
        check_closing(reason, **facts)  # type: ignore[arg-type]

    check(ClosingReason.AGED_OUT, age_years=18)
    check(ClosingReason.AGED_OUT, age_years=None)
    check(ClosingReason.LOST_CONTACT, attempts=3, least_attempts=3)
    check(ClosingReason.DUPLICATE, other_code="TMM-7K3Q9D")
    with pytest.raises(FieldError, match=r".") as young:
        check(ClosingReason.AGED_OUT)
    assert young.value.errors[0][0] == "reason"
    with pytest.raises(FieldError) as lost:
        check(ClosingReason.LOST_CONTACT, attempts=1, least_attempts=3)
    assert "2 more attempts" in lost.value.errors[0][1]
    with pytest.raises(FieldError) as same:
        check(ClosingReason.DUPLICATE)
    assert same.value.errors[0][0] == "other_code"


def test_who_opens_a_case_again() -> None:
    assert why_not_reopen(Role.SOCIAL_WORKER, ClosingReason.GOALS_MET) is None
    assert why_not_reopen(Role.SOCIAL_WORKER, ClosingReason.DUPLICATE) is not None
    assert why_not_reopen(Role.DISTRICT_SUPERVISOR, ClosingReason.DUPLICATE) is None


def test_days_of_calendars() -> None:
    assert years_after(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert years_after(TODAY, 10) == date(2036, 11, 22)
    assert [months_after(date(2026, 11, 30), months) for months in (1, 3, 6, 12)] == [
        date(2026, 12, 30),
        date(2027, 2, 28),
        date(2027, 5, 30),
        date(2027, 11, 30),
    ]
