"""The second lock: with no condition of the application at all, the database keeps another district's rows back."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.access.scope import bind_actor
from app.children.models import Child, Household
from app.placements.models import Placement
from app.referrals.models import Referral, ReferralHop
from app.tasks.models import Task
from app.visits.models import Visit
from tests import make
from tests.make import (
    actor_for,
    make_child,
    make_household,
    make_institution,
    make_placement,
    make_referral,
    make_task,
    make_visit,
)

TABLES = (Child, Household, Placement, Visit, Task, Referral, ReferralHop)


@pytest.fixture
def two_districts(db):
    """The same records in two districts."""
    for village in (make.VILLAGE, make.OTHER_VILLAGE):
        volunteer = actor_for(db, "volunteer", village)
        family = make_household(db, village=village)
        child = make_child(db, village=village)
        placement = make_placement(db, child, household=family)
        make_visit(db, placement)
        make_task(db, child, due_on=placement.started_on)
        make_referral(db, volunteer, village=village)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__tablename__)
def test_without_any_condition_only_the_own_district_comes_out(db, web, two_districts, table):
    worker = actor_for(db, "social_worker")
    with web.unit_of_work() as session:
        bind_actor(session, worker)
        found = session.scalars(select(table)).all()
        districts = {row.district_code for row in found}
    assert districts == {make.DISTRICT}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__tablename__)
def test_without_an_actor_nothing_comes_out(web, two_districts, table):
    with web.unit_of_work() as session:
        assert session.scalars(select(table)).all() == []


@pytest.mark.parametrize("role", ["administrator", "auditor", "service_provider", "institution_manager"])
def test_roles_without_children_get_no_row(db, web, two_districts, role):
    home = make_institution(db) if role == "institution_manager" else None
    actor = actor_for(db, role, make.SECTOR if home else make.COUNTRY, institution=home)
    with web.unit_of_work() as session:
        bind_actor(session, actor)
        assert [session.scalars(select(table)).all() for table in TABLES] == [[] for _table in TABLES]


def test_a_manager_sees_residents_only(db, web, two_districts):
    home = make_institution(db)
    resident = make_child(db, institution=home)
    manager = actor_for(db, "institution_manager", make.SECTOR, institution=home)
    with web.unit_of_work() as session:
        bind_actor(session, manager)
        assert [child.id for child in session.scalars(select(Child))] == [resident.id]
        assert session.scalars(select(Household)).all() == []


def test_another_districts_child_cannot_be_changed(db, web, two_districts):
    worker = actor_for(db, "social_worker")
    with web.unit_of_work() as session:
        bind_actor(session, worker)
        changed = session.execute(update(Child).values(given_name="Changed").returning(Child.district_code))
        assert set(changed.scalars()) == {make.DISTRICT}


def test_the_caseload_follows_a_child_who_moved_away(db, web):
    worker = actor_for(db, "social_worker")
    child = make_child(db, village=make.OTHER_VILLAGE, worker=worker)
    with web.unit_of_work() as session:
        bind_actor(session, worker)
        assert [found.id for found in session.scalars(select(Child))] == [child.id]


def test_a_suspect_receives_nothing(db, web):
    officer = actor_for(db, "sector_officer")
    volunteer = actor_for(db, "volunteer")
    make_referral(db, volunteer, suspect_account_ids=[officer.account_id])
    with web.unit_of_work() as session:
        bind_actor(session, officer)
        assert session.scalars(select(Referral)).all() == []
        assert session.scalars(select(ReferralHop)).all() == []


def test_the_search_function_keeps_to_the_limits(db, web):
    mine = make_child(db, given="Kayitesi", family="Aline")
    make_child(db, given="Kayitesi", family="Aline", village=make.OTHER_VILLAGE)
    worker = actor_for(db, "social_worker")
    with web.unit_of_work() as session:
        bind_actor(session, worker)
        found = session.scalars(text("select search_children('kayitesi', 0, 99999999, 20)")).all()
        assert found == [mine.id]


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_events set kind = 'nothing'",
        "delete from audit_events",
        "truncate audit_events",
        "delete from children",
        "update places set name = 'Elsewhere'",
        "alter table children disable row level security",
        "drop table children",
        "create table mine (id int)",
    ],
)
def test_what_the_webs_role_may_never_do(web, statement):
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), web.unit_of_work() as session:
        session.execute(text(statement))


def test_the_webs_role_owns_nothing(db):
    owned = db.scalars(
        text(
            "select relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname like 'tubarerere_w%'"
        )
    ).all()
    assert owned == []
