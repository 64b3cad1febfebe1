from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child
from app.core import clock
from app.tracing.models import Relative, TracingAction
from tests.clients import PageClient
from tests.make import actor_for, make_child, make_household, make_relative, make_search, reload

TODAY = clock.today()
DAY = {"day": str(TODAY.day), "month": str(TODAY.month), "year": str(TODAY.year)}
Clients = Callable[[Actor | None], PageClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def test_from_the_first_word_to_a_verified_aunt(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    client = client_for(worker)
    start = f"/children/{child.id}/tracing"
    page = client.open(start)
    assert page.links()["Open the search"] == f"{start}/new"
    opened = client.open(f"{start}/new").form(f"{start}/new") | {"last_places": "Huye", "told_by": "The cook"}
    page = client.post_form(f"{start}/new", opened)
    assert "The search goes on" in page.text
    add = page.links()["Record what was done"]
    done = client.open(add).form(add) | {"kind": "radio", "outcome": "A caller from Huye"}
    page = client.post_form(add, done | {"next_step": "Visit her"}, status=422)
    assert page.form(add)["outcome"] == "A caller from Huye"
    page = client.post_form(add, done | {"next_step": "Visit her"} | {f"next_on-{k}": v for k, v in DAY.items()})
    assert "Visit her" in page.text
    add = page.links()["Add a relative"]
    page = client.post_form(add, client.open(add).form(add) | {"name": "Mukamana Rose", "relationship": "aunt_uncle"})
    relative = db.scalars(select(Relative)).one()
    page = client.open(f"/relatives/{relative.id}")
    assert "The relative is not verified yet" in page.text
    verify = page.links()["Verify"]
    checked = {"verification": "verified", "verified_how": "The child knew her"}
    page = client.post_form(verify, client.open(verify).form(verify) | checked)
    assert "Verified" in page.text


def test_a_verified_relative_fills_the_form_of_a_household(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    relative = make_relative(db, child, phone="0788 123 456")
    client = client_for(worker)
    page = client.open(f"/relatives/{relative.id}")
    filled = client.post_form("/households/new", page.form("/households/new")).form("/households/new")
    assert filled["head_name"] == filled["members.0.name"] == "Mukamana Rose"
    assert (filled["phone"], filled["kind"]) == ("0788 123 456", "kin")


def test_a_stale_record_shows_both(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    relative = make_relative(db, child)
    client, path = client_for(worker), f"/relatives/{relative.id}/edit"
    typed = client.open(path).form(path) | {"place": "Huye, near the church"}
    relative.place, relative.version = "Nyanza", 2
    db.flush()
    page = client.post_form(path, typed, status=412)
    assert "Nyanza" in page.text
    client.post_form(path, page.form(path))
    assert reload(db, relative).place == "Huye, near the church"


def test_a_contact_too_early_is_told_at_its_field(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    relative = make_relative(db, child, verification="not_yet", verified_on=None)
    client, path = client_for(worker), f"/relatives/{relative.id}/contacts/new"
    typed = client.open(path).form(path) | {"kind": "home_visit", "child_took": "Well"}
    page = client.post_form(path, typed, status=422)
    assert "They meet only after" in page.text
    page = client.post_form(path, page.form(path) | {"kind": "letter"})
    assert "Letter or photo" in page.text


def test_a_search_ends(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    search = make_search(db, child)
    client, path = client_for(worker), f"/tracing/{search.id}/end"
    typed = client.open(path).form(path)
    client.post_form(path, typed | {"state": "closed"}, status=422)
    search.version = 2
    db.flush()
    page = client.post_form(path, typed | {"state": "found"}, status=412)
    client.post_form(path, page.form(path) | {"state": "found"})
    assert reload(db, search).state == "found"


@pytest.mark.parametrize("what", ["Ke\x00za", "x" * 2001, ""])
def test_bad_text_is_told(db: Session, client_for: Clients, worker: Actor, child: Child, what: str) -> None:
    search = make_search(db, child)
    client, path = client_for(worker), f"/tracing/{search.id}/actions/new"
    client.post_form(path, client.open(path).form(path) | {"kind": "radio", "outcome": what}, status=422)
    assert db.scalars(select(TracingAction)).all() == []


def test_a_colleague_reads_but_does_not_write(db: Session, client_for: Clients, child: Child) -> None:
    search, relative = make_search(db, child), make_relative(db, child)
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    assert "Record what was done" not in client.open(f"/children/{child.id}/tracing").links()
    client.open(f"/relatives/{relative.id}")
    client.open(f"/tracing/{search.id}/end", status=403)
