from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.children.models import Child
from app.core import clock
from app.placements.models import Placement
from app.visits.models import Visit
from tests.clients import PageClient
from tests.make import (
    OTHER_DISTRICT,
    actor_for,
    make_child,
    make_household,
    make_institution,
    make_placement,
    make_referral,
    make_task,
    make_visit,
    reload,
)

TODAY = clock.today()
Clients = Callable[[Actor | None], PageClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    """A child who came from an institution into a family twenty days ago, with a visit that is due."""
    child = make_child(db, household=make_household(db), worker=worker, since=TODAY - timedelta(days=20))
    home = make_institution(db)
    make_placement(
        db,
        child,
        institution=home,
        started_on=TODAY - timedelta(days=900),
        ended_on=TODAY - timedelta(days=20),
        entry_reason="poverty",
    )
    make_task(db, child, due_on=TODAY - timedelta(days=13), tolerance_days=3, subject_id=present(db, child))
    return child


def present(db: Session, child: Child) -> UUID:
    return db.scalars(select(Placement.id).where(Placement.child_id == child.id, Placement.ended_on.is_(None))).one()


def test_the_page_says_what_is_next_and_what_happened(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    placement = db.get_one(Placement, present(db, child))
    make_visit(db, placement, visited_on=TODAY - timedelta(days=5), child_seen=False)
    make_visit(db, placement, visited_on=TODAY - timedelta(days=3), wellbeing={"food": 1, "care": 4})
    make_referral(db, actor_for(db, Role.VOLUNTEER), child_id=child.id)
    page = client_for(worker).open(f"/children/{child.id}")
    assert "Keza Mutesi" in page.h1
    assert "Late by 10 days" in page.text
    assert page.links()["Log the visit"] == f"/placements/{placement.id}/visits/new"
    for words in ("Home of Hope", "Went back to the birth family", "Food: Very bad", "At school", "Neglect"):
        assert words in page.text
    opened = db.scalars(select(AuditEvent.kind).where(AuditEvent.subject_id == child.id))
    assert list(opened) == ["child.opened"]


@pytest.mark.parametrize(
    ("show", "shown", "hidden"),
    [
        ("placements", "Started: Institution", "the child was seen"),
        ("visits", "the child was seen", "Started: Institution"),
        ("referrals", "Neglect", "the child was seen"),
    ],
)
def test_the_history_is_narrowed(
    db: Session, client_for: Clients, worker: Actor, child: Child, *, show: str, shown: str, hidden: str
) -> None:
    make_visit(db, db.get_one(Placement, present(db, child)))
    make_referral(db, actor_for(db, Role.VOLUNTEER), child_id=child.id)
    page = client_for(worker).open(f"/children/{child.id}?show={show}")
    assert shown in page.text
    assert hidden not in page.text


def test_an_unknown_filter_is_told(client_for: Clients, worker: Actor, child: Child) -> None:
    client_for(worker).open(f"/children/{child.id}?show=secrets", status=422)
    client_for(worker).open(f"/children/{child.id}?colour=red", status=422)


def test_a_volunteer_sees_the_first_name_and_the_task(db: Session, client_for: Clients, child: Child) -> None:
    make_task(db, child, due_on=TODAY, kind="izu_check", post_id=None, subject_id=present(db, child))
    make_visit(db, db.get_one(Placement, present(db, child)), note="A secret")
    page = client_for(actor_for(db, Role.VOLUNTEER)).open(f"/children/{child.id}")
    assert "Keza" in page.text
    for words in ("Mutesi", "Home of Hope", "secret", "27 March 2018", "Started:"):
        assert words not in page.html
    assert "Log the light check" in page.links()


def test_the_nation_sees_a_code_and_no_address(db: Session, client_for: Clients, child: Child) -> None:
    page = client_for(actor_for(db, Role.NATIONAL_OFFICER)).open(f"/children/{child.id}")
    assert child.code in page.text
    assert "Foster family" in page.text
    for words in ("Keza", "Mutesi", "Uwase", "Gihanga"):
        assert words not in page.html
    assert page.links()["Show the name"] == f"/children/{child.id}/unseal"


def test_a_manager_sees_a_resident_and_no_family(db: Session, client_for: Clients) -> None:
    home = make_institution(db)
    child = make_child(db, institution=home, since=TODAY - timedelta(days=5))
    make_placement(
        db,
        child,
        household=make_household(db),
        started_on=TODAY - timedelta(days=50),
        ended_on=TODAY - timedelta(days=5),
    )
    page = client_for(actor_for(db, Role.INSTITUTION_MANAGER, institution=home)).open(f"/children/{child.id}")
    assert "Keza Mutesi" in page.text
    assert "Foster family" not in page.html
    assert "Uwase" not in page.html


def test_a_child_of_another_district_is_not_there(db: Session, client_for: Clients, child: Child) -> None:
    elsewhere = client_for(actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT))
    placement_id = present(db, child)
    made = make_visit(db, db.get_one(Placement, placement_id))
    for path in (
        f"/children/{child.id}",
        f"/children/{child.id}/placements/new",
        f"/placements/{placement_id}/end",
        f"/placements/{placement_id}/visits/new",
        f"/visits/{made.id}",
    ):
        elsewhere.open(path, status=404)


def test_a_child_without_placement_begins_with_one(db: Session, client_for: Clients, worker: Actor) -> None:
    child = make_child(db, worker=worker)
    page = client_for(worker).open(f"/children/{child.id}")
    assert page.links()["Start a placement"] == f"/children/{child.id}/placements/new"


def test_a_visit_is_logged_and_the_planned_one_is_done(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    path = f"/placements/{present(db, child)}/visits/new"
    client = client_for(worker)
    form = client.open(path).form(path)
    assert form["wellbeing.food"] == ""
    assert form["visited_on-year"] == str(TODAY.year)
    typed = form | {"child_seen": "true", "wellbeing.food": "3", "note": "<b>O'Brien</b> שלום 🙂"}
    page = client.post_form(path, typed)
    assert page.url.endswith(f"/children/{child.id}")
    assert "The visit is logged" in page.text
    assert "Late by" not in page.text
    client.post_form(path, typed)
    made = db.scalars(select(Visit)).one()
    assert (made.wellbeing, made.note) == ({"food": 3}, "<b>O'Brien</b> שלום 🙂")
    shown = client.open(f"/visits/{made.id}")
    assert "<b>O'Brien</b> שלום 🙂" in shown.text
    assert "A planned visit, late" in shown.text


def test_what_is_wrong_with_a_visit_stands_at_its_field(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    path = f"/placements/{present(db, child)}/visits/new"
    client = client_for(worker)
    form = client.open(path).form(path)
    page = client.post_form(path, form | {"note": "Kept"}, status=422)
    assert "This is needed" in page.text
    assert page.form(path)["note"] == "Kept"
    page = client.post_form(path, form | {"child_seen": "false"}, status=422)
    assert "Say why the child was not seen" in page.text
    page = client.post_form(path, form | {"child_seen": "true", "visited_on-year": "2001"}, status=422)
    assert "before the placement began" in page.text
    assert db.scalar(select(func.count()).select_from(Visit)) == 0
    page = client.post_form(path, form | {"child_seen": "false", "not_seen_reason": "at_school"})
    assert "stays due" in page.text
    assert "Late by 10 days" in page.text


def test_a_volunteer_logs_a_light_check(db: Session, client_for: Clients, child: Child) -> None:
    check = make_task(db, child, due_on=TODAY, kind="izu_check", post_id=None, subject_id=present(db, child))
    path = f"/placements/{present(db, child)}/visits/new"
    client = client_for(actor_for(db, Role.VOLUNTEER))
    page = client.open(path)
    assert "Mutesi" not in page.html
    form = page.form(path)
    assert not [name for name in form if name.startswith(("wellbeing", "kind"))]
    client.post_form(path, form | {"child_seen": "true", "note": "All is well"})
    assert reload(db, check).done_on == TODAY
    client.post_form(path, form | {"id": "", "child_seen": "true", "note": "x" * 301}, status=422)


@pytest.mark.parametrize("role", [Role.NATIONAL_MANAGER, Role.INSTITUTION_MANAGER])
def test_readers_log_no_visits(db: Session, client_for: Clients, child: Child, role: Role) -> None:
    path = f"/placements/{present(db, child)}/visits/new"
    client_for(actor_for(db, role, institution=make_institution(db))).open(path, status=403)


def test_what_is_typed_is_kept_for_its_writer_and_questions_follow_their_answers(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    page = client_for(worker).open(f"/placements/{present(db, child)}/visits/new")
    assert f'data-kept="{worker.account_id}"' in page.html
    assert """data-conditions='[["child_seen", "false"]]'""" in page.html
    assert """data-conditions='[["safe", "worried", "not_safe"]]'""" in page.html
