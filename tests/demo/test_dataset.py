from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import URL, Engine, create_engine, func, select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.approvals.models import Approval
from app.cases.models import Case
from app.children.duplicates import person_of
from app.children.matching import Found, found_by
from app.children.models import Child, Household
from app.core import clock
from app.core.errors import Conflict
from app.core.ids import CODE_ALPHABET
from app.demo.dataset import generate_dataset
from app.demo.dataset_rows import code_of
from app.demo.load import load_demonstration
from app.institutions.models import Institution
from app.people.models import Account, Appointment, Post
from app.placements.models import Placement
from app.plans.models import Plan
from app.referrals.models import Referral, ReferralHop
from app.tasks.models import Task
from app.tasks.words import TaskKind
from app.visits.models import Visit
from tests.demo.ladder import problems


@pytest.fixture(scope="module")
def engine(new_database: Callable[[], URL]) -> Iterator[Engine]:
    """A database with two hundred generated children."""
    engine = create_engine(new_database(), connect_args={"prepare_threshold": None})
    with Session(engine) as db, db.begin():
        generate_dataset(db, children=200, progress=lambda _line: None)
    yield engine
    engine.dispose()


def _count(db: Session, table: Any, *conditions: Any) -> int:
    return db.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def test_as_many_as_asked_for(db: Session) -> None:
    assert _count(db, Child) == 200
    assert _count(db, Institution) == 60
    assert 900 <= _count(db, Account) == _count(db, Post) == _count(db, Appointment) <= 1100
    assert _count(db, Referral) == 100
    assert 200 < _count(db, Placement) <= 600
    assert 800 < _count(db, Visit) < 2000
    assert _count(db, Task) > 1000
    assert 0 < _count(db, Household) < 200
    assert len(set(db.scalars(select(Child.district_code)))) == 30


def test_children_live_where_their_open_placement_says(db: Session) -> None:
    rows = db.execute(
        select(Child, Placement).join(Placement, Placement.child_id == Child.id).where(Placement.ended_on.is_(None))
    ).all()
    assert len(rows) == 200
    for child, placement in rows:
        assert (child.institution_id, child.household_id, child.area_code) == (
            placement.institution_id,
            placement.household_id,
            placement.area_code,
        )
        assert (child.lives_as, child.lives_since) == (placement.kind, placement.started_on)
    workers = db.scalars(select(Post.role).join(Child, Child.responsible_post_id == Post.id))
    assert set(workers) == {Role.SOCIAL_WORKER}


def test_every_referral_could_have_happened(db: Session) -> None:
    offices = {
        row.account_id: (row.role, row.place_code)
        for row in db.execute(
            select(Appointment.account_id, Post.role, Post.place_code).join(Post, Post.id == Appointment.post_id)
        )
    }
    for referral in db.scalars(select(Referral)):
        hops = db.scalars(
            select(ReferralHop).where(ReferralHop.referral_id == referral.id).order_by(ReferralHop.seq)
        ).all()
        assert not list(problems(referral, hops, offices, clock.now()))


def test_visits_belong_to_their_tasks(db: Session) -> None:
    rows = db.execute(select(Task, Visit).join(Visit, Visit.id == Task.done_by_id)).all()
    assert len(rows) > 500
    for task, visit in rows:
        assert (task.done_on, task.subject_id, task.child_id) == (
            visit.visited_on,
            visit.placement_id,
            visit.child_id,
        )
        assert visit.child_seen
        assert visit.visited_on <= clock.today()


def test_every_child_has_a_case_that_could_be(db: Session) -> None:
    cases = db.execute(select(Case, Child).join(Child, Child.id == Case.child_id)).all()
    assert len(cases) == 200
    plans = {plan.case_id: plan for plan in db.scalars(select(Plan))}
    assert {case.state for case, _child in cases} >= {"registered", "in_implementation", "closed"}
    for case, child in cases:
        assert case.area_code == child.area_code
        assert (case.id in plans) == (case.state not in {"registered", "assessed"})
        assert case.closed_on is None or case.closed_on <= clock.today()
    reviews = select(Task).where(Task.kind == TaskKind.REVIEW.value)
    for task in db.scalars(reviews):
        plan = next(plan for plan in plans.values() if plan.id == task.subject_id)
        assert task.done_on is not None or (plan.state, plan.review_on) == ("in_force", task.due_on)
    kinds = set(db.scalars(select(Task.kind).where(Task.done_on.is_(None))))
    assert kinds >= {"visit", "izu_check", "assess", "review", "plan_action", "trace"}
    assert set(db.scalars(select(Approval.state))) == {"requested", "approved"}


def test_they_are_found_as_their_names_sound(db: Session) -> None:
    for child in db.scalars(select(Child)):
        assert Found(child.sounds, child.name_keys) == found_by(person_of(child))


def test_it_needs_a_database_of_its_own(db: Session) -> None:
    with pytest.raises(Conflict, match="of their own"):
        generate_dataset(db, children=1, progress=lambda _line: None)
    with pytest.raises(Conflict, match="one of its own"):
        load_demonstration(db, seed=1, password="x" * 12, progress=lambda _line: None)


def test_a_million_codes_are_all_different() -> None:
    codes = {code_of("TMM", number) for number in range(100_000)}
    assert len(codes) == 100_000
    assert all(set(code[4:]) <= set(CODE_ALPHABET) for code in list(codes)[:100])
