from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.children.models import Child
from app.core import clock
from app.decisions.models import Decision, Match
from app.decisions.service import request_decision, set_gatekeeping
from tests.clients import PageClient
from tests.make import (
    actor_for,
    make_child,
    make_decision,
    make_foster_family,
    make_household,
    make_institution,
    make_placement,
    make_preparation,
    reload,
)

TODAY = clock.today()
Clients = Callable[[Actor | None], PageClient]
ANSWERS = {
    "panel.0.name": "Mukamana Rose",
    "panel.0.role": "Social worker",
    "panel.1.name": "Kalisa Jean",
    "panel.1.role": "Uncle",
    "grounds[]": "death_both",
    "necessity": "Both parents died",
    "kind": "foster_malayika_murinzi",
    "options.0.why_not": "Both died",
    "options.1.considered": "yes",
    "options.1.finding": "An aunt abroad",
    "options.1.why_not": "She cannot come",
    "suitability": "She knows the family",
    "child_heard": "true",
    "child_said": "I want to go to school",
    "siblings": "none",
}


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker)


def test_a_decision_is_written_changed_and_sent(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    client = client_for(worker)
    path = f"/children/{child.id}/decisions/new"
    assert client.open(f"/children/{child.id}/decisions").links()["Write a decision"] == path
    form = client.open(path).form(path) | ANSWERS
    page = client.post_form(path, form)
    made = db.scalars(select(Decision)).one()
    assert page.url.endswith(f"/decisions/{made.id}")
    assert "Draft, not sent" in page.text
    assert "She cannot come" in page.text
    edit = f"/decisions/{made.id}/edit"
    values = client.open(edit).form(edit)
    assert (values["options.1.finding"], values["panel.1.name"]) == ("An aunt abroad", "Kalisa Jean")
    client.post_form(edit, values | {"grounds[]": "death_both", "necessity": "Both died in 2024"})
    stale = client.post_form(edit, values | {"grounds[]": "death_both", "necessity": "What I wrote"}, status=412)
    assert "Both died in 2024" in stale.text
    assert stale.form(edit)["necessity"].strip() == "What I wrote"
    assert "Where you differ, yours stands" in stale.text
    page = client.post_form(f"/decisions/{made.id}/request")
    assert "Waiting for approval" in page.text
    again = client.post_form(f"/decisions/{made.id}/request", status=409)
    assert "This cannot be changed any more" in again.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"also_codes": "TMM-ZZZZZZ"}, "No child with the code TMM-ZZZZZZ"),
        ({"decided_on-year": "2035"}, "This day lies in the future"),
        ({"household_code": "<script>"}, "No household with this code"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(
    client_for: Clients, worker: Actor, child: Child, wrong: dict[str, str], words: str
) -> None:
    client = client_for(worker)
    path = f"/children/{child.id}/decisions/new"
    form = client.open(path).form(path) | ANSWERS | wrong
    page = client.post_form(path, form, status=422)
    assert words in page.html
    assert page.form(path)["necessity"].strip() == "Both parents died"


@pytest.mark.parametrize(
    ("wrong", "field", "words", "part"),
    [
        ({"grounds[]": "poverty"}, "grounds", "Poverty is never the only ground", "Why it is necessary"),
        ({"panel.1.name": "", "panel.1.role": ""}, "panel", "At least two people sit", "Who sat on the panel"),
        ({"panel.1.role": ""}, "panel-1-role", "Write in which role", "Who sat on the panel"),
        ({"options.1.why_not": ""}, "options-1-why_not", "Say why not: With kin", "What was decided"),
        ({"child_said": ""}, "child_said", "Write what the child said", "What the child said"),
        ({"kind": "residential_institution"}, "institution", "Choose the institution", "What was decided"),
        ({"siblings": "apart"}, "siblings_why", "Say why they will live apart", "Brothers and sisters"),
        ({"siblings": ""}, "siblings", "Say what it means for brothers and sisters", "Brothers and sisters"),
    ],
)
def test_what_is_missing_is_asked_for_when_it_is_sent(
    db: Session,
    client_for: Clients,
    worker: Actor,
    child: Child,
    wrong: dict[str, str],
    field: str,
    words: str,
    part: str,
) -> None:
    client = client_for(worker)
    path = f"/children/{child.id}/decisions/new"
    page = client.post_form(path, client.open(path).form(path) | ANSWERS | wrong)
    made = db.scalars(select(Decision)).one()
    assert f"Still missing: {part}" in page.text
    assert page.links()["Go on with the draft"].startswith(f"/decisions/{made.id}/edit#part-")
    edit = f"/decisions/{made.id}/edit"
    asked = client.post_form(f"/decisions/{made.id}/request", status=422)
    assert f'id="{field}-error"' in asked.html or f'href="#{field}"' in asked.html
    assert words in asked.text
    assert f"{part} Still missing" in asked.text
    assert asked.form(edit)["necessity"].strip() == "Both parents died"
    page = client.post_form(edit, asked.form(edit) | ANSWERS | {"institution": ""})
    assert "Still missing" not in page.text
    assert "Waiting for approval" in client.post_form(f"/decisions/{made.id}/request").text


def test_two_who_write_at_once_are_joined(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    client = client_for(worker)
    path = f"/children/{child.id}/decisions/new"
    client.post_form(path, client.open(path).form(path) | {"necessity": "First\r\nSecond"})
    edit = f"/decisions/{db.scalars(select(Decision.id)).one()}/edit"
    mine = client.open(edit).form(edit) | {"necessity": "First\r\nSecond"}
    client.post_form(edit, mine | {"suitability": "Only the other", "conditions": "The other's", "author_sat": ""})
    stale = client.post_form(edit, mine | {"conditions": "Mine"}, status=412)
    shown = stale.form(edit)
    assert (shown["suitability"].strip(), shown["conditions"].strip()) == ("Only the other", "Mine")
    assert shown["author_sat"] == "yes"
    assert "Under which conditions? The other's" in stale.text
    assert stale.text.count("Why is it necessary? First") == 1, "both wrote the same: it stands in its box only"
    client.post_form(edit, shown)
    made = db.scalars(select(Decision).execution_options(populate_existing=True)).one()
    assert (made.suitability, made.conditions, made.version) == ("Only the other", "Mine", 3)


def test_a_part_is_saved_and_the_next_one_opens(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    client = client_for(worker)
    path = f"/children/{child.id}/decisions/new"
    form = client.open(path).form(path)
    first = form | {"panel.0.name": "Mukamana Rose", "_go_on": "necessity"}
    page = client.post_form(path, first)
    made = db.scalars(select(Decision)).one()
    edit = f"/decisions/{made.id}/edit"
    assert page.url.endswith(f"{edit}#part-necessity")
    assert page.form(edit)["panel.0.name"] == "Mukamana Rose"
    page = client.post_form(edit, page.form(edit) | {"siblings": "none", "_go_on": "//elsewhere"})
    assert page.url.endswith(f"/decisions/{made.id}")
    assert "Brothers and sisters Done" in client.open(edit).text
    assert "Decision of the panel" in client.open(f"/children/{child.id}/decisions").text
    client.open(f"/decisions/{made.id}/paper")


def test_the_manager_reads_the_code_and_no_names(db: Session, client_for: Clients, worker: Actor) -> None:
    child = make_child(db, given="Iriza", family="Nyiransengi", worker=worker)
    sister = make_child(db, given="Gasaro", family="Nyiransengi", worker=worker)
    home = make_institution(db)
    made = make_decision(db, child, worker, kind="residential_institution", institution_id=home.id)
    approval = request_decision(db, worker, made.id)
    client = client_for(actor_for(db, Role.NATIONAL_MANAGER))
    page = client.open(f"/decisions/{made.id}")
    assert child.code in page.text
    assert "Both parents died" in page.text
    for name in ("Iriza", "Nyiransengi", "Mukamana", "Kalisa", worker.display_name, sister.given_name):
        assert name not in page.html
    assert client.open(f"/approvals/{approval}").links()["Read what is to be approved"] == f"/decisions/{made.id}"
    client.post_form(f"/approvals/{approval}/approve")
    assert reload(db, made).state == "approved"
    client.open(f"/children/{child.id}/decisions", status=403)
    opened = db.scalars(select(AuditEvent.content).where(AuditEvent.kind == "decision.opened")).all()
    assert [one["coded"] for one in opened] == [True]


def test_from_the_matching_to_the_placement(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    client = client_for(worker)
    root = f"/children/{child.id}/matching"
    assert "No approved decision for a foster family" in client.open(root).text
    made = make_decision(db, child, worker, state="approved")
    assert "No family fits now" in client.open(root).text
    near, paused = make_household(db, head="Mukamana Rose"), make_household(db, head="Kalisa Jean")
    make_foster_family(db, near)
    make_foster_family(db, paused, stage="paused")
    page = client.open(root)
    assert "In the same village" in page.text
    assert "Not available: Paused" in page.text
    form = page.form(f"{root}/choose")
    wrong = client.post_form(f"{root}/choose", form | {"household": str(paused.id), "why": "x"}, status=422)
    assert "Not available: Paused" in wrong.text
    page = client.post_form(f"{root}/choose", form | {"household": str(near.id), "why": "They know each other"})
    client.post_form(f"{root}/choose", form | {"household": str(near.id), "why": "They know each other"})
    assert len(db.scalars(select(Match.id)).all()) == 1
    link = page.links()["Start the placement"]
    placement = client.open(link)
    assert f'value="{near.id}" checked' in placement.html
    assert "They know each other" in client.open(f"/decisions/{made.id}").text


def test_the_chosen_family_is_ticked_after_the_preparation(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    made = make_decision(db, child, worker, state="approved")
    home, other = make_household(db, head="Mukamana Rose"), make_household(db, head="Kalisa Jean")
    make_foster_family(db, home)
    make_foster_family(db, other)
    db.add(
        Match(
            created_at=clock.now() - timedelta(days=30),
            decision_id=made.id,
            child_id=child.id,
            household_id=home.id,
            why="They know each other",
            score=1,
            reasons=[],
            against=[],
            others=[],
        )
    )
    make_preparation(db, child, kind="foster_malayika_murinzi")
    client = client_for(worker)
    link = client.open(f"/children/{child.id}/preparation").links()["Start the placement"]
    assert f'value="{home.id}" checked' in client.open(link).html
    assert "checked" not in client.open(f"{link}&q={other.code}").html, "another one may be looked for"
    make_placement(db, child, household=home, kind="foster_malayika_murinzi", started_on=TODAY - timedelta(days=9))
    assert "checked" not in client.open(link).html, "the choice was followed once"


def test_the_gate_speaks_on_the_form(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    set_gatekeeping(db, TODAY)
    home = make_institution(db)
    path = f"/children/{child.id}/placements/new?kind=residential_institution"
    client = client_for(worker)
    form = client.open(path).form(path) | {
        "institution": str(home.id),
        "started_on-day": str(TODAY.day),
        "started_on-month": str(TODAY.month),
        "started_on-year": str(TODAY.year),
    }
    page = client.post_form(path, form, status=422)
    assert "Nobody enters residential care without an approved decision" in page.text
    assert reload(db, child).institution_id is None


def test_an_empty_list_says_how_the_first_one_comes(client_for: Clients, worker: Actor, child: Child) -> None:
    assert "No decision yet" in client_for(worker).open(f"/children/{child.id}/decisions").text


def test_a_colleague_reads_but_does_not_write(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    made = make_decision(db, child, worker)
    client = client_for(actor_for(db, Role.PSYCHOLOGIST))
    assert "Send for approval" not in client.open(f"/decisions/{made.id}").text
    client.open(f"/decisions/{made.id}/edit", status=403)
    client.open(f"/children/{child.id}/decisions/new", status=403)
