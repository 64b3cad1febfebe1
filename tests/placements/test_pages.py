from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child
from app.core import clock
from app.placements.models import Placement
from app.placements.schemas import PlacementEnd
from app.placements.service import end_placement
from app.placements.words import EndReason
from app.tasks.models import Task
from tests.clients import PageClient
from tests.make import OTHER_VILLAGE, actor_for, make_child, make_household, make_institution, reload

TODAY = clock.today()
Clients = Callable[[Actor | None], PageClient]


@pytest.fixture
def resident(db: Session, worker: Actor) -> Child:
    return make_child(db, institution=make_institution(db), worker=worker)


def dated(name: str, day: object) -> dict[str, str]:
    year, month, number = str(day).split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


def count(db: Session, child: Child) -> int:
    return db.scalar(select(func.count()).select_from(Placement).where(Placement.child_id == child.id)) or 0


def test_a_resident_moves_into_a_family_in_three_pages(
    db: Session, client_for: Clients, worker: Actor, resident: Child
) -> None:
    family = make_household(db, head="Nyirahabimana Rose")
    client = client_for(worker)
    kinds = client.open(f"/children/{resident.id}/placements/new")
    path = kinds.links()["Foster family (Malayika Murinzi)"]
    page = client.open(path)
    assert "Nyirahabimana Rose" in page.text
    typed = (
        page.form(path)
        | dated("started_on", TODAY)
        | {
            "household": str(family.id),
            "end_previous.reason": "reunified",
        }
    )
    page = client.post_form(path, typed)
    assert "The placement has started" in page.text
    assert reload(db, resident).household_id == family.id
    client.post_form(path, typed)
    assert count(db, resident) == 2


def test_a_household_is_found_by_its_name(db: Session, client_for: Clients, worker: Actor, resident: Child) -> None:
    make_household(db, head="Nyirahabimana Rose")
    make_household(db, head="Uwase Marie")
    path = f"/children/{resident.id}/placements/new?kind=kinship_formal"
    page = client_for(worker).open(f"{path}&q=nyirahabimana")
    assert "Nyirahabimana Rose" in page.text
    assert "Uwase" not in page.text
    page = client_for(worker).open(f"{path}&q=x")
    assert "at least two letters" in page.text


def test_a_child_is_admitted_to_an_institution(db: Session, client_for: Clients, worker: Actor) -> None:
    home, child = make_institution(db), make_child(db, worker=worker)
    path = f"/children/{child.id}/placements/new?kind=residential_institution"
    client = client_for(worker)
    page = client.open(path)
    form = page.form(path)
    assert f'<option value="{home.id}">Home of Hope</option>' in page.html
    client.post_form(
        path, form | dated("started_on", TODAY) | {"institution": str(home.id), "entry_reason": "abandoned"}
    )
    assert reload(db, child).institution_id == home.id


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    db: Session, client_for: Clients, worker: Actor, resident: Child
) -> None:
    family = make_household(db)
    path = f"/children/{resident.id}/placements/new?kind=foster_malayika_murinzi"
    client = client_for(worker)
    form = client.open(path).form(path) | {"household": str(family.id), "note": "Kept"}
    future = form | dated("started_on", TODAY + timedelta(days=1)) | {"end_previous.reason": "reunified"}
    page = client.post_form(path, future, status=422)
    assert "cannot lie in the future" in page.text
    assert page.form(path)["note"] == "Kept"
    assert page.form(path)["household"] == str(family.id)
    page = client.post_form(path, form | dated("started_on", TODAY), status=422)
    assert "say why it ends" in page.text
    early = form | dated("started_on", TODAY - timedelta(days=101)) | {"end_previous.reason": "reunified"}
    page = client.post_form(path, early, status=422)
    assert "overlaps" in page.text
    page = client.post_form(path, form | {"started_on-day": "31", "started_on-month": "2"}, status=422)
    assert "Write a date" in page.text
    assert count(db, resident) == 1


def test_a_child_who_leaves_the_district_is_said_to(db: Session, client_for: Clients) -> None:
    worker, supervisor = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.DISTRICT_SUPERVISOR)
    child = make_child(db, worker=worker)
    family = make_household(db, village=OTHER_VILLAGE, created_by=supervisor.account_id)
    path = f"/children/{child.id}/placements/new?kind=foster_malayika_murinzi"
    client = client_for(supervisor)
    form = client.open(path).form(path) | dated("started_on", TODAY) | {"household": str(family.id)}
    page = client.post_form(path, form)
    assert "in another district" in page.text


def test_a_placement_ends(db: Session, client_for: Clients, worker: Actor, resident: Child) -> None:
    placement = db.scalars(select(Placement).where(Placement.child_id == resident.id)).one()
    path = f"/placements/{placement.id}/end"
    client = client_for(worker)
    form = client.open(path).form(path)
    page = client.post_form(
        path, form | dated("ended_on", TODAY + timedelta(days=1)) | {"reason": "reunified"}, status=422
    )
    assert "future" in page.text
    assert reload(db, placement).version == 1
    page = client.post_form(path, form | dated("ended_on", TODAY) | {"reason": "reunified"})
    assert "The placement has ended" in page.text
    assert reload(db, placement).end_reason == "reunified"


def test_an_end_that_nobody_planned_asks_where_the_child_sleeps_tonight(
    db: Session, client_for: Clients, worker: Actor, resident: Child
) -> None:
    placement = db.scalars(select(Placement).where(Placement.child_id == resident.id)).one()
    path = f"/placements/{placement.id}/end"
    family = make_household(db, head="Mukamana Rose")
    client = client_for(worker)
    form = client.open(f"{path}?q=Mukamana").form(f"{path}?q=Mukamana")
    typed = form | dated("ended_on", TODAY) | {"reason": "abuse_in_placement"}
    page = client.post_form(f"{path}?q=Mukamana", typed, status=422)
    assert "Say where the child sleeps tonight" in page.text
    assert reload(db, placement).ended_on is None
    tonight = typed | {"next.kind": "foster_emergency"}
    page = client.post_form(f"{path}?q=Mukamana", tonight, status=422)
    assert "Choose the household" in page.text
    moved = client.request("POST", path, data=tonight | {"next.household": str(family.id)}, follow_redirects=False)
    assert moved.headers["location"] == f"/children/{resident.id}"
    now = reload(db, resident)
    assert (now.lives_as, now.household_id) == ("foster_emergency", family.id)
    assert reload(db, placement).end_reason == "abuse_in_placement"
    again = db.scalars(select(Task).where(Task.child_id == resident.id, Task.kind == "decide_again")).one()
    assert (again.due_on, again.post_id) == (TODAY + timedelta(days=7), worker.post_id)


def test_a_stale_end_shows_what_is_there_now(db: Session, client_for: Clients, worker: Actor, resident: Child) -> None:
    placement = db.scalars(select(Placement).where(Placement.child_id == resident.id)).one()
    path = f"/placements/{placement.id}/end"
    client = client_for(worker)
    form = client.open(path).form(path) | dated("ended_on", TODAY) | {"reason": "poverty"}
    end_placement(db, worker, placement.id, PlacementEnd(ended_on=TODAY, reason=EndReason.COURT_ORDER))
    page = client.post_form(path, form, status=412)
    assert "A court decided it" in page.text
    assert reload(db, placement).end_reason == "court_order"
    assert "What you wrote" in page.text
    assert "Poverty" in page.text
    assert f"{TODAY.day} {TODAY.month} {TODAY.year}" in page.text


def test_another_workers_child_is_refused_with_the_reason(db: Session, client_for: Clients, resident: Child) -> None:
    colleague = client_for(actor_for(db, Role.PSYCHOLOGIST))
    placement = db.scalars(select(Placement).where(Placement.child_id == resident.id)).one()
    for path in (f"/children/{resident.id}/placements/new", f"/placements/{placement.id}/end"):
        page = colleague.open(path, status=403)
        assert "responsible" in page.text


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.NATIONAL_OFFICER, Role.SECTOR_OFFICER])
def test_other_roles_place_nobody(db: Session, client_for: Clients, resident: Child, role: Role) -> None:
    client_for(actor_for(db, role)).open(f"/children/{resident.id}/placements/new", status=403)
