from datetime import date

import pytest

from app.approvals.words import ApprovalKind
from app.children.words import EntryReason, PlacementKind
from app.core.errors import Conflict, FieldError
from app.decisions.rules import (
    Weighed,
    check_days,
    check_distance,
    check_grounds,
    check_heard,
    check_host,
    check_kind,
    check_open,
    check_options,
    check_siblings,
    decided_as,
    follow_up_day,
    is_admission,
    nearness,
)
from app.decisions.words import CareOption, DecisionNotHeard, DecisionState, Nearness, Siblings

TODAY = date(2026, 11, 22)
FOSTER = PlacementKind.FOSTER_MALAYIKA_MURINZI
HOME = PlacementKind.RESIDENTIAL_INSTITUTION


def fields(problem: pytest.ExceptionInfo[FieldError]) -> list[str]:
    return [field for field, _message in problem.value.errors]


def test_poverty_is_never_the_only_ground() -> None:
    for grounds in ([EntryReason.POVERTY], [EntryReason.POVERTY, EntryReason.POVERTY], []):
        with pytest.raises(FieldError) as problem:
            check_grounds(grounds)
        assert fields(problem) == ["grounds"]
    check_grounds([EntryReason.POVERTY, EntryReason.DEATH_BOTH])
    check_grounds([EntryReason.ABANDONED])


def test_each_option_that_comes_first_is_weighed() -> None:
    with pytest.raises(FieldError) as problem:
        check_options(FOSTER, [Weighed(CareOption.KIN, True, None, None)], age=8)
    assert fields(problem) == ["options", "options.0.finding", "options.0.why_not"]
    weighed = [
        Weighed(CareOption.FAMILY, True, "Both died", "Both died"),
        Weighed(CareOption.KIN, False, None, "None known"),
    ]
    check_options(FOSTER, weighed, age=8)
    check_options(PlacementKind.REUNIFICATION_BIOLOGICAL, [], age=8)


def test_a_grown_person_is_not_asked_about_foster_care() -> None:
    weighed = [Weighed(CareOption.FAMILY, False, None, "Died"), Weighed(CareOption.KIN, False, None, "None known")]
    check_options(PlacementKind.SUPPORTED_INDEPENDENT_LIVING, weighed, age=24)
    with pytest.raises(FieldError):
        check_options(PlacementKind.SUPPORTED_INDEPENDENT_LIVING, weighed, age=16)
    with pytest.raises(FieldError) as problem:
        check_kind(FOSTER, age=24)
    assert fields(problem) == ["kind"]
    with pytest.raises(FieldError):
        check_kind(PlacementKind.STREET, age=8)


def test_the_child_is_heard_or_somebody_says_why_not() -> None:
    with pytest.raises(FieldError) as problem:
        check_heard(heard=True, said=None, not_heard=None)
    assert fields(problem) == ["child_said"]
    with pytest.raises(FieldError) as problem:
        check_heard(heard=False, said="x", not_heard=None)
    assert fields(problem) == ["not_heard"]
    check_heard(heard=False, said=None, not_heard=DecisionNotHeard.TOO_YOUNG)


def test_parted_siblings_and_far_homes_have_a_reason() -> None:
    with pytest.raises(FieldError):
        check_siblings(Siblings.APART, None, shared=0)
    with pytest.raises(FieldError):
        check_siblings(Siblings.NONE, None, shared=1)
    check_siblings(Siblings.TOGETHER, None, shared=1)
    with pytest.raises(FieldError):
        check_distance(Nearness.ELSEWHERE, None)
    check_distance(None, None)
    check_distance(Nearness.DISTRICT, None)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (11010102, 11010102, Nearness.VILLAGE),
        (11010102, 11010103, Nearness.CELL),
        (11010102, 11010201, Nearness.SECTOR),
        (11010102, 11020101, Nearness.DISTRICT),
        (11010102, 12010102, Nearness.ELSEWHERE),
        (11010000, 11010102, Nearness.SECTOR),
        (None, 11010102, None),
        (0, 11010102, None),
    ],
)
def test_nearness(one: int | None, other: int | None, found: Nearness | None) -> None:
    assert nearness(one, other) is found
    assert nearness(other, one) is found


@pytest.mark.parametrize(
    ("kind", "ages", "always", "decides"),
    [
        (FOSTER, [1], True, ApprovalKind.DECISION),
        (HOME, [12], True, ApprovalKind.RESIDENTIAL_ENTRY),
        (HOME, [12], False, ApprovalKind.DECISION),
        (HOME, [12, 2], False, ApprovalKind.RESIDENTIAL_ENTRY),
        (HOME, [None], False, ApprovalKind.RESIDENTIAL_ENTRY),
        (HOME, [3], False, ApprovalKind.DECISION),
    ],
)
def test_who_decides(kind: PlacementKind, ages: list[int | None], always: bool, decides: ApprovalKind) -> None:
    assert decided_as(kind, ages, state_below_years=3, always_state=always) is decides


def test_what_is_an_admission() -> None:
    def admission(kind: PlacementKind, started: date, since: date | None, corrects: bool = False) -> bool:
        return is_admission(kind, started, gate_from=since, registered_on=date(2026, 6, 1), corrects=corrects)

    assert admission(HOME, TODAY, date(2026, 11, 1))
    assert not admission(HOME, TODAY, None), "not switched on"
    assert not admission(FOSTER, TODAY, date(2026, 11, 1))
    assert not admission(HOME, date(2026, 10, 31), date(2026, 11, 1)), "before the gate"
    assert not admission(HOME, date(2026, 5, 31), date(2026, 1, 1)), "lived there before the programme knew: stock"
    assert not admission(HOME, TODAY, date(2026, 11, 1), corrects=True)


def test_small_rules() -> None:
    assert follow_up_day(TODAY, hours=72, today=TODAY) == date(2026, 11, 25)
    assert follow_up_day(date(2026, 11, 1), hours=72, today=TODAY) == TODAY
    for given in (date(2026, 11, 23), date(1990, 1, 1), date(2020, 1, 1)):
        with pytest.raises(FieldError):
            check_days(given, today=TODAY, born_on=date(2021, 1, 1), birth_precision="day")
    with pytest.raises(FieldError):
        check_host(HOME, household=False, institution=False)
    with pytest.raises(FieldError):
        check_host(FOSTER, household=False, institution=True)
    for state in (DecisionState.REQUESTED, DecisionState.APPROVED):
        with pytest.raises(Conflict):
            check_open(state)
