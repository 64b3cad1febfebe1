from collections import Counter
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from app.core.errors import FieldError
from app.institutions.words import ClosureStage, InstitutionKind
from app.placements.words import PlacementKind
from app.transformation.rules import (
    Counted,
    HouseFacts,
    LeftToDo,
    ResidentFacts,
    check_away,
    check_move,
    check_staff,
    lives_as,
    readiness,
    reconcile,
    stages_to_choose,
    what_is_left,
)
from app.transformation.words import Difference, NextStep, Obstacle, PersonStatus, Readiness

TODAY = date(2026, 11, 21)
PRESENT, ABSENT, LEFT = PersonStatus.PRESENT, PersonStatus.ABSENT, PersonStatus.LEFT


def house(stage: int = 0, *, residents: int = 0, approved: bool = True) -> HouseFacts:
    return HouseFacts(stage=stage, reached_on=date(2026, 1, 1), residents=residents, plan_approved=approved)


@pytest.mark.parametrize(
    ("facts", "to", "on", "field"),
    [
        (house(0), 2, TODAY, "to"),
        (house(0), 0, TODAY, "to"),
        (house(0), 1, TODAY + timedelta(days=1), "reached_on"),
        (house(0), 1, date(2025, 12, 31), "reached_on"),
        (house(3, approved=False), 4, TODAY, "to"),
        (house(5, residents=1), 6, TODAY, "to"),
        (house(6, residents=1), 7, TODAY, "to"),
    ],
)
def test_a_stage_that_may_not_be_reached(facts: HouseFacts, to: int, on: date, field: str) -> None:
    with pytest.raises(FieldError) as refused:
        check_move(facts, to, on, today=TODAY)
    assert refused.value.errors[0][0] == field


def test_stages_that_may_be_reached() -> None:
    check_move(house(3), 4, TODAY, today=TODAY)
    check_move(house(5), 6, TODAY, today=TODAY)
    check_move(house(6, residents=3, approved=False), 2, date(2020, 1, 1), today=TODAY)
    assert stages_to_choose(2) == [ClosureStage.ASSESSED, ClosureStage.ENGAGED, ClosureStage.IDENTIFIED]
    assert stages_to_choose(8)[0] is ClosureStage.TRANSFORMED


def test_readiness_goes_by_the_furthest_step() -> None:
    known = {"has_worker": True, "has_case": True}
    assert readiness(ResidentFacts()) == (
        Readiness.REGISTERED,
        [Obstacle.NO_WORKER, Obstacle.NO_CASE, Obstacle.NOT_ASSESSED],
    )
    assert readiness(ResidentFacts(**known, assessed=True)) == (Readiness.ASSESSED, [Obstacle.FAMILY_NOT_TRACED])
    assert readiness(ResidentFacts(**known, assessed=True, decision_waits=True)) == (
        Readiness.ASSESSED,
        [Obstacle.DECISION_WAITS],
    )
    assert readiness(ResidentFacts(**known, assessed=True, family_traced=True, decision_waits=True)) == (
        Readiness.FAMILY_TRACED,
        [Obstacle.DECISION_WAITS],
    )
    no_family = ResidentFacts(**known, assessed=True, decided=True)
    assert readiness(no_family) == (Readiness.OPTION_DECIDED, [Obstacle.NO_MATCH]), "a foundling needs no relative"
    hasty = ResidentFacts(**known, decided=True, matched=True)
    assert readiness(hasty) == (Readiness.MATCHED, [Obstacle.NOT_ASSESSED, Obstacle.NOT_PREPARED])
    ready = ResidentFacts(**known, assessed=True, family_traced=True, decided=True, matched=True, prepared=True)
    assert readiness(ready) == (Readiness.PREPARED, [Obstacle.NOT_MOVED])


def test_what_is_left() -> None:
    nothing = LeftToDo(stage=6, has_plan=True, plan_approved=True, last_census_on=TODAY)
    assert what_is_left(nothing, today=TODAY) == []
    much = LeftToDo(
        stage=3,
        residents=9,
        by_readiness=Counter({Readiness.REGISTERED: 4, Readiness.ASSESSED: 3, Readiness.PREPARED: 2}),
        breaches=1,
        claims=2,
        has_plan=True,
        staff_undecided=5,
    )
    found = dict(what_is_left(much, today=TODAY))
    assert next(iter(found)) is NextStep.BREACHES
    assert found[NextStep.NOT_ASSESSED] == 4
    assert found[NextStep.NOT_DECIDED] == 3
    assert found[NextStep.READY] == 2
    assert NextStep.NO_CENSUS in found
    assert NextStep.PLAN_NOT_ASKED in found
    old = LeftToDo(stage=2, residents=1, last_census_on=TODAY - timedelta(days=93))
    assert NextStep.NO_CENSUS in dict(what_is_left(old, today=TODAY))
    found_lately = LeftToDo(stage=0)
    assert NextStep.NO_CENSUS in dict(what_is_left(found_lately, today=TODAY)), "nobody is registered, nobody counted"
    emptied = LeftToDo(stage=5, last_census_on=TODAY - timedelta(days=93))
    assert NextStep.NO_CENSUS not in dict(what_is_left(emptied, today=TODAY))
    returned = dict(what_is_left(LeftToDo(stage=3, has_plan=True, plan_returned=True), today=TODAY))
    assert NextStep.PLAN_RETURNED in returned
    assert NextStep.PLAN_NOT_ASKED not in returned


def person(child: UUID | None, status: PersonStatus | None, *, settled: bool = False) -> Counted:
    return Counted(id=uuid4(), child=child, status=status, settled=settled)


def test_a_census_against_the_register() -> None:
    here, away, gone, late = (uuid4() for _child in range(4))
    agreeing = [person(here, PRESENT), person(away, ABSENT), person(uuid4(), LEFT)]
    unregistered, left_in_may = person(None, PRESENT), person(gone, LEFT)
    elsewhere, unasked = person(uuid4(), PRESENT), person(late, None)
    found = reconcile([*agreeing, unregistered, left_in_may, elsewhere, unasked], [here, away, gone, late])
    assert found.differences == {
        unregistered.id: Difference.NOT_REGISTERED,
        left_in_may.id: Difference.LEFT,
        elsewhere.id: Difference.NOT_PLACED,
    }
    assert (found.matches, found.unasked, found.later, found.agrees) == (3, 1, [], False)
    settled = reconcile([person(None, PRESENT, settled=True)], [])
    assert settled.agrees
    assert reconcile([], [here]).later == [here]


def test_two_lines_of_one_child_are_one() -> None:
    child = uuid4()
    found = reconcile([person(child, LEFT), person(child, PRESENT)], [child])
    assert found.agrees, "who was seen counts"


def test_days_and_numbers() -> None:
    check_away(PRESENT, TODAY + timedelta(days=1), counted_on=TODAY)
    with pytest.raises(FieldError):
        check_away(LEFT, TODAY + timedelta(days=1), counted_on=TODAY)
    check_staff(3, trained=3, retrained=1, moved=1, paid_off=1)
    with pytest.raises(FieldError):
        check_staff(3, trained=4, retrained=0, moved=0, paid_off=0)
    with pytest.raises(FieldError):
        check_staff(3, trained=0, retrained=2, moved=1, paid_off=1)
    assert lives_as(InstitutionKind.SMALL_GROUP_HOME) is PlacementKind.SMALL_GROUP_HOME
    assert lives_as(InstitutionKind.ORPHANAGE) is PlacementKind.RESIDENTIAL_INSTITUTION
