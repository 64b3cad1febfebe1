from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.models import AuditEvent
from app.core import clock
from app.fostering.models import FosterFamily, FosterStep
from tests.clients import PageClient
from tests.make import make_child, make_foster_family, make_household, reload

TODAY = clock.today()
Clients = Callable[[Actor | None], PageClient]
DAY = {"stepped_on-day": str(TODAY.day), "stepped_on-month": str(TODAY.month), "stepped_on-year": str(TODAY.year)}


def test_a_household_applies_on_a_form(db: Session, client_for: Clients, worker: Actor) -> None:
    household = make_household(db, vetting="not_checked")
    root = f"/households/{household.id}/fostering"
    client = client_for(worker)
    assert client.open(root).links()["Write down an application"] == f"{root}/new"
    form = client.open(f"{root}/new").form(f"{root}/new")
    wrong = client.post_form(f"{root}/new", form | {"age_from": "10", "age_to": "3"}, status=422)
    assert "The oldest age is below the youngest" in wrong.text
    assert wrong.form(f"{root}/new")["age_from"] == "10"
    page = client.post_form(f"{root}/new", form | {"income_source": "Tea", "siblings_welcome": "yes"})
    assert "Applied" in page.text
    assert db.scalars(select(FosterFamily.income_source)).all() == ["Tea"]
    again = client.open(f"{root}/new")
    assert "This household has applied already" in again.text


def test_steps_on_the_page(db: Session, client_for: Clients, worker: Actor) -> None:
    household = make_household(db)
    make_foster_family(db, household, stage="applied", record_checked_on=None)
    root = f"/households/{household.id}/fostering"
    client = client_for(worker)
    form = client.open(root).form(f"{root}/steps")
    page = client.post_form(f"{root}/steps", form | DAY | {"step": "checked", "in_order": "true"}, status=422)
    assert "the criminal record is not checked" in page.text
    page = client.post_form(f"{root}/steps", form | DAY | {"step": "record_checked", "in_order": "false"}, status=422)
    assert "Write what was not in order" in page.text
    checked = form | DAY | {"step": "record_checked", "in_order": "true", "document": "Extract 114/2026"}
    client.post_form(f"{root}/steps", checked)
    client.post_form(f"{root}/steps", checked)
    assert db.scalars(select(FosterStep.document)).all() == ["Extract 114/2026"], "a double click is one step"
    assert "Extract 114/2026" in client.open(root).text


def test_what_must_happen_before_a_withdrawal(db: Session, client_for: Clients, worker: Actor) -> None:
    household = make_household(db)
    family = make_foster_family(db, household)
    child = make_child(db, household=household, worker=worker)
    root = f"/households/{household.id}/fostering"
    client = client_for(worker)
    page = client.post_form(f"{root}/withdraw", {"reason": "They move"}, status=409)
    assert "1 child lives with this family" in page.text
    assert child.code in page.text
    client.post_form(f"{root}/pause", {"reason": "They move"})
    assert reload(db, family).stage == "paused"
    assert "They move" in client.open(root).text
    client.post_form(f"{root}/available")
    assert reload(db, family).stage == "available"


def test_the_board(db: Session, client_for: Clients, worker: Actor) -> None:
    client = client_for(worker)
    assert "No foster families yet" in client.open("/fostering").text
    make_foster_family(db, make_household(db, head="Mukamana Rose"))
    make_foster_family(db, make_household(db, head="Kalisa Jean"), stage="trained")
    page = client.open("/fostering")
    assert "Mukamana Rose" in page.text
    assert "Kalisa Jean" in page.text
    assert "Kalisa Jean" not in client.open("/fostering?stage=available&free=true").text
    assert "No foster family was found" in client.open("/fostering?renewal=true").text
    listed = db.scalars(select(AuditEvent.content).where(AuditEvent.kind == "records.listed")).all()
    assert {one["what"] for one in listed} == {"foster_families"}


def test_an_offer_is_changed_or_both_versions_are_shown(db: Session, client_for: Clients, worker: Actor) -> None:
    household = make_household(db)
    family = make_foster_family(db, household, income_source="Tea")
    path = f"/households/{household.id}/fostering/edit"
    client = client_for(worker)
    form = client.open(path).form(path)
    assert form["income_source"] == "Tea"
    family.version += 1
    family.income_source = "Coffee"
    db.flush()
    page = client.post_form(path, form | {"income_source": "Bananas"}, status=412)
    assert "Coffee" in page.text
    again = page.form(path)
    assert again["income_source"] == "Bananas"
    client.post_form(path, again)
    assert reload(db, family).income_source == "Bananas"
