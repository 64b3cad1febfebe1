from datetime import date

import pytest

from app.core.errors import Conflict, FieldError
from app.fostering.rules import (
    Way,
    check_available,
    check_offer,
    check_request,
    check_step,
    check_withdrawal,
    free_places,
    missing_checks,
    months_after,
    stage_after,
)
from app.fostering.words import Care, Stage, Step

TODAY = date(2026, 11, 22)
GOOD = {"record_checked_on": date(2026, 1, 1), "references_on": TODAY, "home_checked_on": TODAY}


def fields(problem: pytest.ExceptionInfo[FieldError]) -> list[str]:
    return [field for field, _message in problem.value.errors]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 22), 24, date(2028, 11, 22)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


def test_what_is_missing_is_said() -> None:
    assert len(missing_checks(Way(stage=Stage.APPLIED), today=TODAY, record_months=24)) == 3
    assert missing_checks(Way(stage=Stage.APPLIED, **GOOD), today=TODAY, record_months=24) == []
    old = Way(stage=Stage.APPLIED, **(GOOD | {"record_checked_on": date(2020, 1, 1)}))
    assert "ran out" in missing_checks(old, today=TODAY, record_months=24)[0]


def test_the_check_is_complete_only_with_all_its_parts() -> None:
    with pytest.raises(FieldError) as problem:
        check_step(Step.CHECKED, Way(stage=Stage.APPLIED), in_order=True, note=None, today=TODAY, record_months=24)
    assert fields(problem) == ["step"]
    check_step(Step.CHECKED, Way(stage=Stage.APPLIED, **GOOD), in_order=True, note=None, today=TODAY, record_months=24)


@pytest.mark.parametrize(
    ("step", "stage", "in_order", "note", "field"),
    [
        (Step.TRAINED, Stage.APPLIED, True, None, "step"),
        (Step.APPLIED, Stage.CHECKED, True, None, "step"),
        (Step.VISITED, Stage.WITHDRAWN, True, None, "step"),
        (Step.TRAINED, Stage.CHECKED, False, "Absent", "in_order"),
        (Step.RECORD_CHECKED, Stage.APPLIED, False, None, "note"),
    ],
)
def test_steps_that_cannot_come_now(step: Step, stage: Stage, in_order: bool, note: str | None, field: str) -> None:
    with pytest.raises(FieldError) as problem:
        check_step(step, Way(stage=stage, **GOOD), in_order=in_order, note=note, today=TODAY, record_months=24)
    assert fields(problem) == [field]


def test_the_stage_after_a_step() -> None:
    assert stage_after(Step.CHECKED, Stage.APPLIED) is Stage.CHECKED
    assert stage_after(Step.TRAINED, Stage.CHECKED) is Stage.TRAINED
    assert stage_after(Step.TRAINED, Stage.AVAILABLE) is Stage.AVAILABLE
    assert stage_after(Step.APPLIED, Stage.WITHDRAWN) is Stage.APPLIED
    assert stage_after(Step.RECORD_CHECKED, Stage.AVAILABLE, in_order=False) is Stage.PAUSED
    assert stage_after(Step.RECORD_CHECKED, Stage.APPLIED, in_order=False) is Stage.APPLIED


def test_approval_is_asked_for_a_trained_family() -> None:
    check_request(Way(stage=Stage.TRAINED, **GOOD), today=TODAY, record_months=24)
    check_request(Way(stage=Stage.AVAILABLE, **GOOD), today=TODAY, record_months=24)
    for stage in (Stage.APPLIED, Stage.CHECKED, Stage.WITHDRAWN):
        with pytest.raises(FieldError):
            check_request(Way(stage=stage, **GOOD), today=TODAY, record_months=24)


def test_a_family_whose_approval_ended_is_not_available() -> None:
    check_available(Way(stage=Stage.PAUSED, **GOOD), today=TODAY, record_months=24)
    ended = Way(stage=Stage.APPROVED, approved_until=date(2026, 1, 1), **GOOD)
    with pytest.raises(FieldError, match="another look"):
        check_available(ended, today=TODAY, record_months=24)


def test_nobody_is_withdrawn_over_the_heads_of_children() -> None:
    with pytest.raises(Conflict, match="2 children live with this family"):
        check_withdrawal(Way(stage=Stage.AVAILABLE), children=2)
    check_withdrawal(Way(stage=Stage.AVAILABLE), children=0)
    with pytest.raises(Conflict):
        check_withdrawal(Way(stage=Stage.WITHDRAWN), children=0)


def test_an_offer_that_contradicts_itself() -> None:
    with pytest.raises(FieldError) as problem:
        check_offer(age_from=10, age_to=3, cares=[Care.ORDINARY], disability_training=None)
    assert fields(problem) == ["age_to"]
    with pytest.raises(FieldError) as problem:
        check_offer(age_from=None, age_to=None, cares=[Care.SPECIALISED], disability_training=None)
    assert fields(problem) == ["disability_training"]


def test_free_places() -> None:
    assert (free_places(2, 1), free_places(1, 3)) == (1, 0)
