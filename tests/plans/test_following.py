"""A case is followed up by itself once the child lives in a lasting home under an approved plan."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.schemas import CaseAdvance
from app.cases.service import advance_case
from app.children.models import Child
from app.children.words import PlacementKind
from app.core import clock
from app.placements.schemas import PlacementStart
from app.placements.service import start_placement
from app.plans import service
from tests.make import make_child, make_household, make_plan, open_case_of, reload

TODAY = clock.today()


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker)


def moved(db: Session, worker: Actor, child: Child, kind: PlacementKind) -> None:
    host = make_household(db, kind="foster" if "foster" in kind.value else "kin")
    command = PlacementStart(
        child=child.id,
        kind=kind,
        started_on=TODAY - timedelta(days=1),
        household=host.id,
        unprepared_reason="The aunt came for her",
    )
    start_placement(db, worker, command)


@pytest.mark.parametrize(
    ("plan", "kind", "state"),
    [
        ("in_force", PlacementKind.KINSHIP_FORMAL, "under_follow_up"),
        ("in_force", PlacementKind.FOSTER_MALAYIKA_MURINZI, "under_follow_up"),
        # A home for a few nights is not what the plan is for.
        ("in_force", PlacementKind.FOSTER_EMERGENCY, "in_implementation"),
        ("requested", PlacementKind.KINSHIP_FORMAL, "in_implementation"),
        ("draft", PlacementKind.KINSHIP_FORMAL, "in_implementation"),
    ],
)
def test_a_lasting_home_under_a_plan_is_followed_up(
    plan: str, kind: PlacementKind, state: str, db: Session, worker: Actor, child: Child
) -> None:
    assert service.following
    case = open_case_of(db, child)
    make_plan(db, child, state=plan)
    moved(db, worker, child, kind)
    assert reload(db, case).state == state


def test_a_person_corrects_it(db: Session, worker: Actor, child: Child) -> None:
    case = open_case_of(db, child)
    make_plan(db, child, state="in_force")
    moved(db, worker, child, PlacementKind.KINSHIP_FORMAL)
    back = CaseAdvance(state="in_implementation", reason="She is not settled yet")
    advance_case(db, worker, case.id, back, reload(db, case).version)
    assert reload(db, case).state == "in_implementation"
