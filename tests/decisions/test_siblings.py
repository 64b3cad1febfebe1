"""Brothers and sisters who are decided together: matched together as far as their files are open, counted beyond."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.cases.models import CaseGroup
from app.children.models import Child
from app.core.db import Database
from app.core.ids import new_id
from app.decisions.proposing import open_matching
from app.decisions.schemas import Matching
from tests.clients import PageClient
from tests.make import (
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    actor_for,
    make_case,
    make_child,
    make_decision,
    make_foster_family,
    make_household,
    make_institution,
    make_placement,
)

THIRD_VILLAGE = 21010101


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    made = make_child(db, worker=worker)
    make_decision(db, made, worker, state="approved")
    return made


def together(db: Session, *children: Child) -> None:
    group = CaseGroup(
        id=new_id(), child_ids=[one.id for one in children], codes=[one.code for one in children], reason="One mother"
    )
    db.add(group)
    db.flush()
    for one in children:
        make_case(db, one, group_id=group.id)


def family(db: Session, **values: Any) -> Any:
    household = make_household(db, **{name: values.pop(name) for name in ("village", "capacity") if name in values})
    make_foster_family(db, household, **values)
    return household.id


def seen(web: Database, actor: Actor, child_id: Any) -> Matching:
    with web.unit_of_work() as acting:
        bind_actor(acting, actor)
        return open_matching(acting, actor, child_id)[1]


def test_who_needs_a_family_as_well_comes_along(db: Session, web: Database, worker: Actor, child: Child) -> None:
    brother = make_child(db, worker=worker)
    make_placement(db, brother, institution=make_institution(db))
    sister_home = make_household(db, capacity=4)
    make_foster_family(db, sister_home, siblings_welcome=True)
    sister = make_child(db, worker=worker)
    make_placement(db, sister, household=sister_home, kind="foster_malayika_murinzi")
    together(db, child, brother, sister)
    family(db, capacity=2)
    family(db, capacity=1, siblings_welcome=True)
    roomy = family(db, capacity=2, siblings_welcome=True)
    found = seen(web, worker, child.id)
    assert found.children == 2
    assert [one.household for one in found.proposals] == [sister_home.id, roomy]
    assert "A brother or sister lives there" in found.proposals[0].reasons
    assert "Takes brothers and sisters together, and has room for all 2" in found.proposals[1].reasons
    told = [words for one in found.excluded for words in one.excluded]
    assert "Does not take brothers and sisters together" in told
    assert "Only 1 place is free, and 2 children come together" in told


def test_a_decision_that_parts_them_stands(db: Session, web: Database, worker: Actor) -> None:
    child, brother = make_child(db, worker=worker), make_child(db, worker=worker)
    make_decision(db, child, worker, state="approved", siblings="apart", siblings_why="He has a family")
    together(db, child, brother)
    alone = family(db, capacity=1)
    found = seen(web, worker, child.id)
    assert (found.children, [one.household for one in found.proposals]) == (1, [alone])


def test_siblings_in_three_districts(
    db: Session, web: Database, worker: Actor, child: Child, client_for: Callable[[Actor], PageClient]
) -> None:
    second = make_child(db, village=OTHER_VILLAGE, worker=actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT))
    third = make_child(db, village=THIRD_VILLAGE)
    together(db, child, second, third)
    small, roomy = family(db, capacity=2), family(db, capacity=3, siblings_welcome=True)
    far = family(db, village=OTHER_VILLAGE, capacity=3, siblings_welcome=True)
    family(db, village=THIRD_VILLAGE, stage="paused")
    found = seen(web, worker, child.id)
    # Their codes and no more: whether they need a family is for the workers who hold their files.
    assert (found.children, sorted(found.siblings_beyond)) == (1, sorted([second.code, third.code]))
    assert [one.household for one in found.proposals] == [roomy, small]
    assert "Has room as well for 2 brothers and sisters whose files are in other hands" in found.proposals[0].reasons
    assert [(one.district, one.families) for one in found.elsewhere] == [(OTHER_DISTRICT, 1)]
    page = client_for(worker).open(f"/children/{child.id}/matching")
    assert second.code in page.text
    assert f"{found.elsewhere[0].district_name}: 1 family" in page.text
    assert str(far) not in page.html
    from_above = seen(web, actor_for(db, Role.DISTRICT_SUPERVISOR), child.id)
    assert [one.household for one in from_above.proposals] == [roomy, small]


def test_a_family_elsewhere_in_reach_comes_after_those_of_the_district(
    db: Session, web: Database, worker: Actor, child: Child
) -> None:
    far = make_household(db, village=OTHER_VILLAGE, capacity=3)
    make_foster_family(db, far, disability_training="Five years at a school for the deaf", languages=["rw"])
    # A child of the own caseload lives there, so that the family is in reach.
    make_placement(db, make_child(db, worker=worker), household=far, kind="foster_malayika_murinzi")
    child.origin_place_code = child.area_code
    db.flush()
    near = family(db, age_from=1, age_to=2, sex="male")
    found = seen(web, worker, child.id)
    assert [one.household for one in found.proposals] == [near, far.id]
    assert found.elsewhere == []


def test_only_families_that_are_free_and_fit_are_counted(
    db: Session, web: Database, worker: Actor, child: Child
) -> None:
    family(db, village=OTHER_VILLAGE)
    family(db, village=OTHER_VILLAGE, cares=["emergency"])
    family(db, village=OTHER_VILLAGE, approved_until=None)
    full = make_household(db, village=OTHER_VILLAGE, capacity=1)
    make_foster_family(db, full)
    make_child(db, household=full)
    assert [one.families for one in seen(web, worker, child.id).elsewhere] == [1]
