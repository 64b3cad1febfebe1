"""A case is followed up by itself once the child lives in a lasting home under an approved plan."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.approvals.models import Approval
from app.approvals.schemas import Approve
from app.approvals.service import approve
from app.audit.models import AuditEvent
from app.cases.closing import close_case, reopen_case
from app.cases.schemas import CaseAdvance, CaseClose, CaseReopen
from app.cases.service import advance_case
from app.cases.words import ClosingReason
from app.children.models import Child
from app.children.words import PlacementKind
from app.core import clock
from app.placements.schemas import PlacementStart
from app.placements.service import start_placement
from app.plans import service
from tests.make import actor_for, make_child, make_household, make_plan, open_case_of, reload

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


def test_a_plan_ends_with_its_case(db: Session, worker: Actor, child: Child, client_for: Any) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    case = open_case_of(db, child)
    plan = make_plan(db, child, state="in_force", aim="She lives with her aunt")
    before = make_plan(db, make_child(db, worker=worker), state="in_force")
    asked = CaseClose(reason=ClosingReason.FAMILY_DECLINED, words="They thank us, and go on alone")
    closing_id, _new = close_case(db, worker, case.id, asked)
    assert reload(db, plan).state == "in_force", "until the supervisor agrees"
    approval = db.scalars(select(Approval).where(Approval.subject_id == closing_id)).one()
    approve(db, supervisor, approval.id, Approve(reason="They were asked twice"))
    plan = reload(db, plan)
    assert (plan.state, plan.ended_on, plan.ended_reason) == ("closed", TODAY, None)
    assert reload(db, before).state == "in_force", "another child's plan"
    kinds = db.scalars(select(AuditEvent.kind).where(AuditEvent.subject_id == child.id)).all()
    assert {"case.closed", "plan.closed"} <= set(kinds)
    client = client_for(worker)
    story = client.open(f"/children/{child.id}").text
    assert "The plan ended, version 1" in story
    assert "Write the plan" not in story, "nothing more is planned"
    page = client.open(f"/children/{child.id}/plan")
    assert "There is no plan in force" in page.text
    assert "She lives with her aunt" in client.open(page.links()["The plan ended, version 1"]).text
    assert "Write the plan" not in page.text, "first the case is opened again"
    reopen_case(db, supervisor, case.id, CaseReopen(reason="She came back"))
    assert "Write the plan" in client.open(f"/children/{child.id}/plan").text
    assert reload(db, plan).state == "closed", "a case that begins anew is planned anew"
