"""Children who are decided together: joining two records of one of them keeps the others beside the child."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import bind_actor
from app.cases.models import Case, CaseGroup
from app.cases.queries import members_of
from app.children.matching import Level, Reason
from app.children.models import Child
from app.core.db import Database
from app.core.errors import Conflict
from app.core.ids import new_id
from app.finding import service
from app.finding.queries import overview
from app.finding.schemas import JoinRecords, PartRecords
from tests.make import make_case, make_child, reload

BORN = date(2015, 5, 4)


@pytest.fixture
def records(db: Session) -> tuple[Child, Child, Child]:
    """Two records of one child, and a brother."""
    kept = make_child(db, given="Aline", family="Mukarugwiza", born_on=BORN)
    gone = make_child(db, given="Arine", family="Mukalugwiza", born_on=BORN)
    return kept, gone, make_child(db, given="Manzi", family="Mukarugwiza")


def together(db: Session, *cases: tuple[Child, Case]) -> CaseGroup:
    made = CaseGroup(
        id=new_id(),
        child_ids=[child.id for child, _case in cases],
        codes=[child.code for child, _case in cases],
        reason="One mother",
    )
    db.add(made)
    db.flush()
    for _child, case in cases:
        case.group_id = made.id
    db.flush()
    return made


def joined(web: Database, actor: Actor, kept: Child, gone: Child) -> Any:
    with web.unit_of_work() as acting:
        bind_actor(acting, actor)
        command = JoinRecords.model_validate({"id": new_id(), "other": gone.id, "reason": "The same mother"})
        return service.join_records(acting, actor, kept.id, command)[0]


def parted(web: Database, actor: Actor, join_id: Any) -> None:
    with web.unit_of_work() as acting:
        bind_actor(acting, actor)
        service.part_records(acting, actor, join_id, PartRecords(reason="They were seen together"))


def written(db: Session) -> list[Any]:
    db.flush()
    tables = (text("select t::text from cases t"), text("select t::text from case_groups t"))
    return [sorted(db.scalars(rows).all()) for rows in tables]


@pytest.mark.parametrize("has_own_case", [True, False])
def test_the_kept_record_takes_the_place_in_the_group_and_gives_it_back(
    has_own_case: bool, db: Session, web: Database, supervisor: Actor, records: tuple[Child, Child, Child]
) -> None:
    kept, gone, brother = records
    own = make_case(db, kept) if has_own_case else None
    group = together(db, (gone, make_case(db, gone)), (brother, make_case(db, brother)))
    before = written(db)
    join_id = joined(web, supervisor, kept, gone)
    reload(db, group)
    assert (group.child_ids, group.codes) == ([kept.id, brother.id], [kept.code, brother.code])
    if own is not None:
        assert reload(db, own).group_id == group.id
    found = members_of(db, supervisor, group.id)
    assert [one.child for one in found] == [kept.id, brother.id]
    parted(web, supervisor, join_id)
    assert written(db) == before


def test_two_records_of_one_child_in_one_group_are_one_member(
    db: Session, web: Database, supervisor: Actor, records: tuple[Child, Child, Child]
) -> None:
    kept, gone, brother = records
    group = together(db, *((child, make_case(db, child)) for child in (brother, gone, kept)))
    before = written(db)
    join_id = joined(web, supervisor, kept, gone)
    assert reload(db, group).child_ids == [brother.id, kept.id]
    parted(web, supervisor, join_id)
    assert written(db) == before


def test_who_left_the_group_meanwhile_stays_out(
    db: Session, web: Database, supervisor: Actor, records: tuple[Child, Child, Child]
) -> None:
    kept, gone, brother = records
    group = together(db, (gone, make_case(db, gone)), (brother, make_case(db, brother)))
    join_id = joined(web, supervisor, kept, gone)
    reload(db, group)
    group.child_ids, group.codes = [brother.id], [brother.code]
    db.flush()
    parted(web, supervisor, join_id)
    assert reload(db, group).child_ids == [brother.id]


def test_records_of_two_groups_wait_until_a_person_says_which(
    db: Session, web: Database, supervisor: Actor, records: tuple[Child, Child, Child]
) -> None:
    kept, gone, brother = records
    together(db, (gone, make_case(db, gone)), (brother, make_case(db, brother)))
    sister = make_child(db)
    together(db, (kept, make_case(db, kept)), (sister, make_case(db, sister)))
    before = written(db)
    with pytest.raises(Conflict, match="Take one of the two out of its group"):
        joined(web, supervisor, kept, gone)
    assert written(db) == before


def test_recorded_brothers_and_sisters_are_never_surely_one_child(
    db: Session, web: Database, supervisor: Actor
) -> None:
    first = make_child(db, given="Aline", family="Mukarugwiza", born_on=BORN)
    twin = make_child(db, given="Aline", family="Mukarugwiza", born_on=BORN)
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        assert [one.level for one in overview(acting, supervisor, first.id).candidates] == [Level.SURE]
    together(db, *((child, make_case(db, child)) for child in (first, twin)))
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        [found] = overview(acting, supervisor, first.id).candidates
    assert found.level is Level.LIKELY
    assert Reason.SIBLINGS in found.reasons
