"""A child who was never separated from the parents lives at home; no number takes that for care."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child
from app.children.words import PlacementKind
from app.core import clock
from app.core.errors import FieldError
from app.decisions.rules import needs_family
from app.decisions.service import set_gatekeeping
from app.decisions.words import OPTION_OF
from app.placements.models import Placement
from app.placements.preparing import PREPARED_KINDS
from app.placements.rules import Episode, check_at_home, check_host, check_household, was_separated
from app.placements.schemas import EndPrevious, PlacementStart
from app.placements.service import start_placement
from app.placements.words import (
    CAPACITY_KINDS,
    FAMILY_KINDS,
    PLACED_KINDS,
    RESIDENTIAL_KINDS,
    EndReason,
    kind_groups,
)
from app.tasks.models import Task
from tests.clients import ApiClient, PageClient
from tests.make import actor_for, make_case, make_child, make_household, make_institution, make_placement, reload

TODAY = clock.today()
BORN = date(2018, 3, 27)
K = PlacementKind
Clients = Callable[[Actor | None], PageClient]
Apis = Callable[[Actor | None], ApiClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker)


def at_home(child: Child, **given: Any) -> PlacementStart:
    values: dict[str, Any] = {"child": child.id, "kind": K.WITH_PARENTS, "started_on": BORN}
    return PlacementStart(**(values | given))


def episode(child: Child, kind: PlacementKind, reason: EndReason = EndReason.REUNIFIED) -> Episode:
    return Episode(id=child.id, kind=kind, started_on=BORN, ended_on=TODAY, end_reason=reason)


# Rules


def test_at_home_is_no_care_at_all() -> None:
    for kinds in (FAMILY_KINDS, PLACED_KINDS, RESIDENTIAL_KINDS, CAPACITY_KINDS, PREPARED_KINDS, OPTION_OF):
        assert K.WITH_PARENTS not in kinds
    assert not needs_family(K.WITH_PARENTS)
    for household in (True, False):
        check_host(K.WITH_PARENTS, institution=False, household=household)
    with pytest.raises(FieldError):
        check_host(K.WITH_PARENTS, institution=True, household=False)
    check_household(K.WITH_PARENTS, family="birth", vetting="not_checked", capacity=1, children=5)


@pytest.mark.parametrize(
    ("kinds", "separated"),
    [
        ([], False),
        ([K.WITH_PARENTS, K.HOSPITAL, K.BOARDING_SCHOOL, K.UNKNOWN], False),
        ([K.WITH_PARENTS, K.RESIDENTIAL_INSTITUTION], True),
        ([K.STREET], True),
        ([K.KINSHIP_INFORMAL], True),
    ],
)
def test_who_was_separated(kinds: list[PlacementKind], separated: bool) -> None:
    assert was_separated(kinds) is separated
    assert (K.WITH_PARENTS in [kind for _words, group in kind_groups(separated=separated) for kind in group]) is (
        not separated
    )


def test_who_comes_back_is_reunited(child: Child) -> None:
    check_at_home(K.WITH_PARENTS, [episode(child, K.HOSPITAL)])
    check_at_home(K.WITH_PARENTS, [episode(child, K.RESIDENTIAL_INSTITUTION, EndReason.DATA_CORRECTION)])
    check_at_home(K.REUNIFICATION_BIOLOGICAL, [episode(child, K.RESIDENTIAL_INSTITUTION)])
    with pytest.raises(FieldError) as problem:
        check_at_home(K.WITH_PARENTS, [episode(child, K.RESIDENTIAL_INSTITUTION)])
    assert problem.value.errors[0][0] == "kind"


# The verb


def visits(db: Session, placement_id: object, kind: str = "visit") -> list[date]:
    wanted = select(Task.due_on).where(Task.subject_id == placement_id, Task.kind == kind).order_by(Task.due_on)
    return list(db.scalars(wanted))


def test_a_child_is_at_home_from_birth_and_visited_from_today(db: Session, worker: Actor, child: Child) -> None:
    set_gatekeeping(db, TODAY - timedelta(days=30))
    make_case(db, child, state="planned")
    placement_id, is_new = start_placement(db, worker, at_home(child))
    assert is_new
    child = reload(db, child)
    assert (child.lives_as, child.lives_since, child.household_id) == ("with_parents", BORN, None)
    due = visits(db, placement_id)
    assert (due[0], len(due)) == (TODAY + timedelta(days=30), 5)
    assert visits(db, placement_id, "izu_check")
    assert db.scalars(select(Task).where(Task.child_id == child.id, Task.kind == "decide_again")).all() == []
    assert make_case(db, child).state == "planned", "nobody was placed"


def test_a_high_risk_brings_closer_visits(db: Session, worker: Actor, child: Child) -> None:
    make_case(db, child, risk="high")
    placement_id, _new = start_placement(db, worker, at_home(child))
    assert visits(db, placement_id)[:2] == [TODAY + timedelta(days=7), TODAY + timedelta(days=14)]


def test_the_household_is_named_where_it_is_known(db: Session, worker: Actor, child: Child) -> None:
    full = make_household(db, kind="birth", vetting="not_checked", capacity=1)
    make_child(db, given="Shema", household=full)
    start_placement(db, worker, at_home(child, household=full.id))
    assert reload(db, child).household_id == full.id


def test_who_was_separated_is_reunited_instead(db: Session, worker: Actor) -> None:
    resident = make_child(db, institution=make_institution(db), worker=worker)
    ends = EndPrevious(reason=EndReason.REUNIFIED)
    with pytest.raises(FieldError) as problem:
        start_placement(db, worker, at_home(resident, started_on=TODAY, end_previous=ends))
    assert problem.value.errors[0][0] == "kind"
    mistake = EndPrevious(reason=EndReason.DATA_CORRECTION)
    start_placement(db, worker, at_home(resident, end_previous=mistake))
    assert reload(db, resident).lives_as == "with_parents"


def test_a_child_from_home_enters_an_institution_as_a_new_admission(
    db: Session, worker: Actor, child: Child, api_for: Apis
) -> None:
    api = api_for(actor_for(db, Role.NATIONAL_OFFICER))

    def numbers() -> dict[str, int]:
        return {code: api.get(f"/indicators/{code}").json()["numerator"] for code in ("I01", "I03", "I05", "I07")}

    before = numbers()
    start_placement(db, worker, at_home(child))
    assert numbers() == before
    assert api.get("/indicators/I06").json()["denominator"] == 0
    ledger = api.get(f"/ledger?from={TODAY - timedelta(days=9)}").json()
    assert (ledger["opening"], ledger["closing"], ledger["residual"]) == (0, 0, 0)
    entry = {"kind": K.RESIDENTIAL_INSTITUTION, "institution": make_institution(db).id}
    ends = EndPrevious(reason=EndReason.ABUSE_IN_PLACEMENT)
    start_placement(db, worker, PlacementStart(child=child.id, started_on=TODAY, end_previous=ends, **entry))
    after = numbers()
    assert (after["I01"], after["I03"], after["I05"]) == (before["I01"] + 1, before["I03"] + 1, before["I05"])
    ledger = api.get(f"/ledger?from={TODAY - timedelta(days=9)}").json()
    assert {line["code"]: line["count"] for line in ledger["inward"]}["admission"] == 1
    assert ledger["residual"] == 0


def test_from_home_into_a_foster_family_is_no_exit_from_an_institution(
    db: Session, worker: Actor, child: Child, api_for: Apis
) -> None:
    start_placement(db, worker, at_home(child))
    family = {"kind": K.FOSTER_MALAYIKA_MURINZI, "household": make_household(db).id}
    ends = EndPrevious(reason=EndReason.COURT_ORDER)
    start_placement(db, worker, PlacementStart(child=child.id, started_on=TODAY, end_previous=ends, **family))
    api = api_for(actor_for(db, Role.NATIONAL_OFFICER))
    assert [api.get(f"/indicators/{code}").json()["numerator"] for code in ("I05", "I06")] == [0, 0]


# The pages


def test_the_childs_page_offers_it_and_then_says_it(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    client = client_for(worker)
    path = client.open(f"/children/{child.id}").links()["At home with the parents"]
    page = client.open(path)
    form = page.form(path)
    assert (form["started_on-day"], form["started_on-month"], form["started_on-year"]) == ("27", "3", "2018")
    for absent in ("unprepared_reason", "entry_reason", "planned_end_on-day", "end_previous.reason"):
        assert absent not in form
    page = client.post_form(path, form)
    assert "It is on record that the child lives at home" in page.text
    assert "At home with the parents" in page.text
    assert "At home with the parents since" not in page.text  # Since birth, which the age says already.
    assert "End the placement" not in page.links()
    assert "Nobody knows from the record" not in page.text
    assert "The way home" not in page.text
    assert "0 of 6" in page.text
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    page = client.open(f"/placements/{placement.id}")
    assert "Start package" not in page.text
    assert "What makes it lawful" not in page.text
    assert "At home with the parents" in client.open(f"/children/{child.id}/placements/new").links()


def test_a_later_beginning_is_told_with_its_day(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    client = client_for(worker)
    path = f"/children/{child.id}/placements/new?kind=with_parents"
    later = {"started_on-day": "3", "started_on-month": "5", "started_on-year": "2024"}
    page = client.post_form(path, client.open(path).form(path) | later)
    assert "At home with the parents since 3 May 2024" in page.text


def test_the_household_is_found_by_its_name(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    family = make_household(db, kind="birth", vetting="not_checked", head="Nyirahabimana Rose")
    client = client_for(worker)
    path = f"/children/{child.id}/placements/new?kind=with_parents"
    assert "Nyirahabimana Rose" not in client.open(path).text
    found = f"{path}&q=Nyirahabimana"
    page = client.open(found)
    assert "Nyirahabimana Rose" in page.text
    client.post_form(found, page.form(found) | {"household": str(family.id)})
    assert reload(db, child).household_id == family.id


def test_who_was_separated_is_not_offered_home(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    make_placement(db, child, institution=make_institution(db), ended_on=TODAY)
    client = client_for(worker)
    assert "At home with the parents" not in client.open(f"/children/{child.id}").links()
    assert "At home with the parents" not in client.open(f"/children/{child.id}/placements/new").links()
    path = f"/children/{child.id}/placements/new?kind=with_parents"
    assert "How will the child live?" in client.open(path).text
    day = {"day": TODAY.day, "month": TODAY.month, "year": TODAY.year}
    typed = {f"started_on-{part}": str(number) for part, number in day.items()}
    page = client.post_form(path, typed, status=422)
    assert "reunited with the family of birth" in page.text


def test_a_case_asks_where_the_child_lives(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    make_case(db, child)
    client = client_for(worker)
    asked = client.open(f"/children/{child.id}/case").links()
    assert asked["Write down where the child lives"] == f"/children/{child.id}/placements/new"
    start_placement(db, worker, at_home(child))
    assert "Write down where the child lives" not in client.open(f"/children/{child.id}/case").links()


# The API


def test_at_home_by_machine(db: Session, api_for: Apis, worker: Actor, child: Child) -> None:
    api = api_for(worker)
    wanted = {"child": str(child.id), "kind": "with_parents", "started_on": BORN.isoformat()}
    made = api.post("/placements", json=wanted)
    assert (made.status_code, made.json()["kind"], made.json()["is_residential"]) == (201, "with_parents", False)
    listed = api.get("/children?lives_as=with_parents").json()["items"]
    assert [row["id"] for row in listed] == [str(child.id)]
    resident = make_child(db, given="Shema", institution=make_institution(db), worker=worker)
    wanted |= {"child": str(resident.id), "started_on": TODAY.isoformat(), "end_previous": {"reason": "reunified"}}
    answer = api.post("/placements", json=wanted)
    assert [error["field"] for error in answer.json()["errors"]] == ["kind"]
