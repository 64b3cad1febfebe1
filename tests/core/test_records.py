"""Made once, changed by whoever saw the newest version."""

import pytest
from fastapi import Response
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.children.household_schemas import HouseholdRegister
from app.children.models import Household
from app.core.errors import Conflict, Stale
from app.core.ids import new_id
from app.core.records import check_version, create_once, create_with_code, version_from_if_match, with_version
from tests.make import VILLAGE, actor_for, make_household

VALUES = {
    "kind": "kin",
    "head_name": "Uwase",
    "folded": "uwase",
    "place_code": VILLAGE,
    "area_code": VILLAGE,
    "vetting": "not_checked",
}


def command(**changes) -> HouseholdRegister:
    return HouseholdRegister.model_validate({"kind": "kin", "head_name": "Uwase", "village": VILLAGE} | changes)


def test_the_same_command_again_makes_nothing(db):
    actor = actor_for(db, "social_worker")
    wanted = command(id=new_id())
    made, is_new, code = create_with_code(db, Household, actor, wanted, prefix="FAM", **VALUES)
    assert (made, is_new) == (wanted.id, True)
    assert code.startswith("FAM-")
    again = create_with_code(db, Household, actor, wanted, prefix="FAM", **VALUES)
    assert again[:2] == (wanted.id, False)
    assert db.scalar(select(func.count()).select_from(Household).where(Household.id == wanted.id)) == 1
    assert db.get_one(Household, made).code == code


def test_without_an_id_every_command_makes_its_own(db):
    actor = actor_for(db, "social_worker")
    first, _new, _code = create_with_code(db, Household, actor, command(), prefix="FAM", **VALUES)
    second, _new, _code = create_with_code(db, Household, actor, command(), prefix="FAM", **VALUES)
    assert first != second


def test_other_content_under_the_same_id_is_a_conflict(db):
    actor = actor_for(db, "social_worker")
    record_id = new_id()
    create_once(db, Household, actor, command(id=record_id), code="FAM-1", **VALUES)
    with pytest.raises(Conflict):
        create_once(db, Household, actor, command(id=record_id, capacity=5), code="FAM-2", **VALUES)


def test_the_id_of_somebody_elses_record_is_a_conflict(db):
    record_id = new_id()
    create_once(db, Household, actor_for(db, "social_worker"), command(id=record_id), code="FAM-1", **VALUES)
    with pytest.raises(Conflict):
        create_once(db, Household, actor_for(db, "social_worker"), command(id=record_id), code="FAM-2", **VALUES)


def test_the_newest_version_counts_up_and_an_older_one_is_stale(db):
    family = make_household(db)
    check_version(family, 1, current={}, typed={})
    assert family.version == 2
    check_version(family, None, current={}, typed={})
    assert family.version == 3
    with pytest.raises(Stale) as stale:
        check_version(family, 2, current={"capacity": 2}, typed={"capacity": 3})
    assert (stale.value.current, stale.value.typed) == ({"capacity": 2}, {"capacity": 3})
    assert family.version == 3


@pytest.mark.parametrize(
    ("header", "version"), [(None, None), ("*", None), ('"3"', 3), ('W/"3"', 3), ("3", 3), (' "12" ', 12)]
)
def test_a_version_is_read(header, version):
    assert version_from_if_match(header) == version


@pytest.mark.parametrize("header", ["", '""', "x", "-1", "1.0", "1234567890", '"1", "2"', "\u00b2", "\u0661"])
def test_what_is_no_version_is_stale(header):
    with pytest.raises(Stale):
        version_from_if_match(header)


@given(st.text(max_size=15))
def test_no_header_makes_it_fail(header):
    try:
        version = version_from_if_match(header)
    except Stale:
        return
    assert version is None or version >= 0


@given(st.integers(min_value=1, max_value=999_999_999))
def test_the_version_that_is_told_is_the_version_that_is_read(version):
    response = Response()
    with_version(response, version)
    assert version_from_if_match(response.headers["ETag"]) == version
