from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.access.scope import bind_actor
from app.children import household_queries, household_service
from app.children.household_schemas import HouseholdChange, HouseholdRegister, Member
from app.children.models import Household, HouseholdMember
from app.children.words import HouseholdKind, MemberRelation, Sex, Vetting
from app.core import clock
from app.core.db import Database
from app.core.errors import FieldError, NotFound, Stale
from app.core.ids import new_id
from tests.children.build import events
from tests.make import (
    OTHER_VILLAGE,
    VILLAGE,
    actor_for,
    make_child,
    make_household,
    reload,
)


def a_household(**values: Any) -> HouseholdRegister:
    content: dict[str, Any] = {
        "kind": "foster",
        "head_name": "Mukamana Béatrice",
        "phone": "0788 123 456",
        "village": VILLAGE,
        "capacity": 2,
        "members": [
            {"name": "Mukamana Béatrice", "relation": "head", "sex": "female", "is_caregiver": True},
            {"name": "Kamali Eric", "relation": "spouse", "birth_year": 1980},
        ],
    }
    return HouseholdRegister.model_validate(content | values)


def test_a_household_is_registered_with_its_members(db: Session, web: Database) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    command = a_household(id=new_id())
    for expected in (True, False):
        with web.unit_of_work() as acting:
            bind_actor(acting, worker)
            household_id, is_new = household_service.register_household(acting, worker, command)
            household = household_queries.open_household(acting, worker, household_id)
        assert is_new is expected
    assert household.phone == "+250788123456"
    assert household.vetting is Vetting.NOT_CHECKED
    assert [member.name for member in household.members] == ["Mukamana Béatrice", "Kamali Eric"]
    assert len(events(db, "household.registered", household.id)) == 1
    assert len(events(db, "household.opened", household.id)) == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"village": OTHER_VILLAGE}, "village"),
        ({"village": None}, "village"),
        ({"phone": "call me"}, "phone"),
        ({"kind": "kin", "vetting": "approved", "vetted_on": clock.today() + timedelta(days=1)}, "vetted_on"),
        ({"kind": "foster", "vetting": "approved"}, "vetting"),
        ({"kind": "foster", "vetting": "checked"}, "vetting"),
    ],
)
def test_a_household_that_cannot_be_is_told_at_its_field(db: Session, values: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as complaint:
        household_service.register_household(db, actor_for(db, Role.SOCIAL_WORKER), a_household(**values))
    assert complaint.value.errors[0][0] == field


def test_members_come_stay_and_leave(db: Session, web: Database) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    household_id, _ = household_service.register_household(db, worker, a_household(kind="kin"))
    head = household_queries.read_household(db, worker, household_id).members[0]
    members = [
        Member(id=head.id, name="Mukamana Beatrice", relation=MemberRelation.HEAD, sex=Sex.FEMALE),
        Member(name="Keza Ange", relation=MemberRelation.CHILD),
    ]
    db.flush()
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        change = HouseholdChange(members=members, vetting=Vetting.APPROVED, kind=HouseholdKind.GUARDIAN)
        household_service.change_household(acting, worker, household_id, change, version=1)
        household = household_queries.read_household(acting, worker, household_id)
    assert [member.name for member in household.members] == ["Mukamana Beatrice", "Keza Ange"]
    assert (household.vetting, household.vetted_on) == (Vetting.APPROVED, clock.today())
    left = db.scalars(select(HouseholdMember).where(HouseholdMember.left_on.is_not(None))).all()
    assert [member.name for member in left] == ["Kamali Eric"]
    assert set(events(db, "household.changed", household_id)[0].content["fields"]) == {
        "kind",
        "members",
        "vetting",
        "vetted_on",
    }
    stranger = HouseholdChange(members=[Member(id=new_id(), name="X", relation=MemberRelation.CHILD)])
    with pytest.raises(FieldError):
        household_service.change_household(db, worker, household_id, stranger, version=2)
    with pytest.raises(Stale):
        household_service.change_household(db, worker, household_id, HouseholdChange(capacity=3), version=1)


def test_a_foster_family_is_approved_step_by_step_only(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)

    def change(household: Household, **values: Any) -> Household:
        command = HouseholdChange(**values)
        household_service.change_household(db, worker, household.id, command, version=reload(db, household).version)
        return reload(db, household)

    kin = make_household(db, kind="kin", vetting="not_checked")
    assert change(kin, vetting="approved").vetting == "approved"
    # Whoever becomes a foster family begins its steps: the simple assessment of kin is not carried over.
    assert change(kin, kind="foster").vetting == "not_checked"
    for vetting in ("checked", "approved", "withdrawn"):
        with pytest.raises(FieldError) as told:
            change(kin, vetting=vetting)
        assert told.value.errors[0][0] == "vetting"
    assert change(kin, kind="kin", vetting="approved").vetting == "approved"
    approved = make_household(db, vetting="approved", vetted_on=clock.today() - timedelta(days=9))
    kept = change(approved, capacity=4, vetting="approved", vetted_on=None)
    assert (kept.capacity, kept.vetting, kept.vetted_on) == (4, "approved", clock.today() - timedelta(days=9))
    for vetting in ("not_checked", "withdrawn"):
        with pytest.raises(FieldError):
            change(approved, vetting=vetting)
    with pytest.raises(FieldError) as told:
        change(approved, kind="kin")
    assert told.value.errors[0][0] == "kind"


def test_households_are_listed_searched_and_kept_to_the_district(db: Session, web: Database) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    near = make_household(db, head="Mukamana Béatrice")
    far = make_household(db, head="Mukamana Béatrice", village=OTHER_VILLAGE)
    home_of_mine = make_household(db, head="Uwera Grace", village=OTHER_VILLAGE)
    make_child(db, household=home_of_mine, worker=worker)
    make_child(db, household=near)

    def found(**query: Any) -> list[Household]:
        with web.unit_of_work() as acting:
            bind_actor(acting, worker)
            query_of = household_queries.HouseholdQuery(**query)
            return [row.id for row in household_queries.list_households(acting, worker, query_of).items]  # type: ignore[misc]

    assert found() == [home_of_mine.id, near.id]
    assert found(q="beatrice") == [near.id]
    assert found(q=near.code.lower()) == [near.id]
    assert found(q=far.code) == []
    assert found(vetting=Vetting.WITHDRAWN) == []
    with pytest.raises(NotFound):
        household_queries.open_household(db, worker, far.id)
    assert household_queries.read_household(db, worker, near.id).children == 1
