from datetime import date
from uuid import UUID, uuid4

import pytest

from app.access.actor import Actor
from app.access.area import area_of
from app.access.roles import Role
from app.access.rules import ChildFacts
from app.core.errors import FieldError
from app.placements.rules import (
    Episode,
    check_end,
    check_host,
    check_household,
    check_sequence,
    check_start_day,
    end_day,
    first_exit,
    is_exit,
    latest,
    why_not_theirs,
)
from app.placements.words import (
    CAPACITY_KINDS,
    FAMILY_KINDS,
    RESIDENTIAL_KINDS,
    EndReason,
    Host,
    PlacementKind,
    host_of,
    kind_groups,
)

K, E = PlacementKind, EndReason
TODAY = date(2026, 3, 20)
POST = UUID(int=7)


def actor(role: Role, place: int = 11) -> Actor:
    return Actor(
        account_id=uuid4(),
        username="somebody",
        display_name="Somebody",
        post_id=POST,
        role=role,
        place_code=place,
        place_name="There",
        area=area_of(place),
    )


def episode(kind: PlacementKind, started: date, ended: date | None = None, reason: EndReason | None = None) -> Episode:
    if ended and not reason:
        reason = E.REUNIFIED
    return Episode(id=uuid4(), kind=kind, started_on=started, ended_on=ended, end_reason=reason)


def fails(field: str) -> "pytest.RaisesExc[FieldError]":
    return pytest.RaisesExc(FieldError, check=lambda error: error.errors[0][0] == field)


@pytest.mark.parametrize(
    ("started", "born", "precision", "field"),
    [
        (date(2026, 3, 21), None, "unknown", "started_on"),
        (date(2026, 3, 20), None, "unknown", None),
        (date(202, 3, 20), None, "unknown", "started_on"),
        (date(2018, 3, 26), date(2018, 3, 27), "day", "started_on"),
        (date(2018, 3, 27), date(2018, 3, 27), "day", None),
        (date(2018, 2, 28), date(2018, 3, 15), "month", "started_on"),
        (date(2018, 3, 1), date(2018, 3, 15), "month", None),
        (date(2017, 12, 31), date(2018, 7, 1), "year", "started_on"),
        (date(2018, 1, 1), date(2018, 7, 1), "year", None),
        (date(2016, 1, 1), date(2018, 7, 1), "estimated", None),
    ],
)
def test_a_start_lies_between_birth_and_today(
    started: date, born: date | None, precision: str, field: str | None
) -> None:
    if field is None:
        check_start_day(started, today=TODAY, born_on=born, birth_precision=precision)
        return
    with fails(field):
        check_start_day(started, today=TODAY, born_on=born, birth_precision=precision)


@pytest.mark.parametrize(
    ("kind", "institution", "household", "field"),
    [
        (K.RESIDENTIAL_INSTITUTION, True, False, None),
        (K.RESIDENTIAL_INSTITUTION, False, False, "institution"),
        (K.RESIDENTIAL_INSTITUTION, True, True, "household"),
        (K.FOSTER_MALAYIKA_MURINZI, False, True, None),
        (K.FOSTER_MALAYIKA_MURINZI, False, False, "household"),
        (K.FOSTER_MALAYIKA_MURINZI, True, True, "institution"),
        (K.SUPPORTED_INDEPENDENT_LIVING, False, False, None),
        (K.SUPPORTED_INDEPENDENT_LIVING, True, False, "institution"),
        (K.STREET, False, True, "household"),
        (K.GUARDIANSHIP_STATE, False, True, None),
        (K.GUARDIANSHIP_STATE, False, False, None),
    ],
)
def test_a_kind_needs_its_host(kind: PlacementKind, field: str | None, *, institution: bool, household: bool) -> None:
    if field is None:
        check_host(kind, institution=institution, household=household)
        return
    with fails(field):
        check_host(kind, institution=institution, household=household)


def test_every_kind_has_a_host_and_a_group() -> None:
    assert {kind for kind in K if host_of(kind) is Host.INSTITUTION} == RESIDENTIAL_KINDS
    assert not RESIDENTIAL_KINDS & FAMILY_KINDS
    assert sorted(kind for _words, kinds in kind_groups() for kind in kinds) == sorted(K)
    assert K.REUNIFICATION_BIOLOGICAL not in CAPACITY_KINDS


@pytest.mark.parametrize(
    ("kind", "family", "vetting", "capacity", "children", "message"),
    [
        (K.FOSTER_EMERGENCY, "foster", "approved", 2, 1, None),
        (K.FOSTER_EMERGENCY, "foster", "checked", 2, 0, "approved"),
        (K.FOSTER_EMERGENCY, "foster", "approved", 2, 2, "room"),
        (K.FOSTER_EMERGENCY, "kin", "approved", 2, 0, "no foster family"),
        (K.KINSHIP_FORMAL, "kin", "not_checked", 2, 1, None),
        (K.KINSHIP_FORMAL, "kin", "not_checked", 1, 1, "room"),
        (K.REUNIFICATION_BIOLOGICAL, "birth", "not_checked", 1, 5, None),
    ],
)
def test_a_household_is_vetted_and_has_room(
    kind: PlacementKind, family: str, vetting: str, capacity: int, children: int, message: str | None
) -> None:
    if message is None:
        check_household(kind, family=family, vetting=vetting, capacity=capacity, children=children)
        return
    with pytest.raises(FieldError) as caught:
        check_household(kind, family=family, vetting=vetting, capacity=capacity, children=children)
    assert caught.value.errors[0][0] == "household"
    assert message in caught.value.errors[0][1]


RESIDENT = episode(K.RESIDENTIAL_INSTITUTION, date(2020, 1, 1))
ENDED = episode(K.RESIDENTIAL_INSTITUTION, date(2019, 1, 1), date(2019, 6, 1))


@pytest.mark.parametrize(
    ("started", "episodes", "reason", "field"),
    [
        (date(2026, 1, 1), [], None, None),
        (date(2026, 1, 1), [], E.REUNIFIED, "end_previous.reason"),
        (date(2026, 1, 1), [RESIDENT], E.REUNIFIED, None),
        (date(2026, 1, 1), [RESIDENT], None, "end_previous.reason"),
        (date(2020, 1, 1), [RESIDENT], E.REUNIFIED, None),
        (date(2019, 12, 31), [RESIDENT], E.REUNIFIED, "started_on"),
        (date(2019, 12, 31), [RESIDENT], E.DATA_CORRECTION, None),
        (date(2019, 6, 1), [ENDED], None, None),
        (date(2019, 5, 31), [ENDED], None, "started_on"),
        (date(2018, 1, 1), [ENDED], None, "started_on"),
        (
            date(2019, 1, 1),
            [episode(K.HOSPITAL, date(2025, 1, 1), date(2025, 1, 1), E.DATA_CORRECTION)],
            None,
            None,
        ),
        (
            date(2026, 1, 1),
            [episode(K.HOSPITAL, date(2025, 1, 1), date(2025, 2, 1), E.CHILD_DEATH)],
            None,
            "child",
        ),
    ],
)
def test_placements_follow_each_other(
    started: date, episodes: list[Episode], reason: EndReason | None, field: str | None
) -> None:
    if field is None:
        former = check_sequence(started, episodes, reason)
        assert former == next((one for one in episodes if one.ended_on is None), None)
        return
    with fails(field):
        check_sequence(started, episodes, reason)


@pytest.mark.parametrize(
    ("ended", "field"),
    [(date(2026, 3, 21), "ended_on"), (date(2026, 2, 28), "ended_on"), (date(2026, 3, 1), None), (TODAY, None)],
)
def test_an_end_lies_between_the_start_and_today(ended: date, field: str | None) -> None:
    if field is None:
        check_end(ended, started_on=date(2026, 3, 1), today=TODAY)
        return
    with fails(field):
        check_end(ended, started_on=date(2026, 3, 1), today=TODAY)


def test_a_mistake_takes_no_time() -> None:
    assert end_day(date(2026, 1, 1), TODAY, E.DATA_CORRECTION) == date(2026, 1, 1)
    assert end_day(date(2026, 1, 1), TODAY, E.COURT_ORDER) == TODAY


def test_reasons_are_planned_or_not() -> None:
    assert E.REUNIFIED.is_planned
    assert not E.CHILD_RAN_AWAY.is_planned


def test_only_the_first_exit_counts_as_placed() -> None:
    home = episode(K.RESIDENTIAL_INSTITUTION, date(2012, 1, 1), date(2013, 1, 1))
    hospital = episode(K.HOSPITAL, date(2013, 1, 1), date(2013, 2, 1))
    again = episode(K.RESIDENTIAL_INSTITUTION, date(2013, 2, 1), date(2014, 1, 1))
    foster = episode(K.FOSTER_MALAYIKA_MURINZI, date(2014, 1, 1), date(2015, 1, 1))
    kin = episode(K.KINSHIP_FORMAL, date(2015, 1, 1))
    everything = [kin, foster, home, again, hospital]
    assert first_exit(everything) is foster
    assert latest(everything) is kin
    assert first_exit([home, hospital]) is None
    assert is_exit(K.SUPPORTED_INDEPENDENT_LIVING, K.SMALL_GROUP_HOME)
    assert not is_exit(K.HOSPITAL, K.SMALL_GROUP_HOME)
    assert not is_exit(K.KINSHIP_FORMAL, None)


def test_a_mistake_is_no_exit() -> None:
    wrong = episode(K.FOSTER_MALAYIKA_MURINZI, date(2014, 1, 1), date(2014, 1, 1), E.DATA_CORRECTION)
    home = episode(K.RESIDENTIAL_INSTITUTION, date(2012, 1, 1), date(2014, 1, 1))
    assert first_exit([home, wrong]) is None
    assert latest([home, wrong]) is home


@pytest.mark.parametrize(
    ("role", "place", "responsible", "allowed"),
    [
        (Role.SOCIAL_WORKER, 11, POST, True),
        (Role.SOCIAL_WORKER, 12, POST, True),
        (Role.SOCIAL_WORKER, 11, None, True),
        (Role.SOCIAL_WORKER, 11, UUID(int=8), False),
        (Role.SOCIAL_WORKER, 12, None, False),
        (Role.DISTRICT_SUPERVISOR, 11, UUID(int=8), True),
        (Role.DISTRICT_SUPERVISOR, 12, UUID(int=8), False),
    ],
)
def test_a_child_is_moved_by_its_worker_or_the_supervisor(
    role: Role, place: int, responsible: UUID | None, *, allowed: bool
) -> None:
    child = ChildFacts(area_code=11010102, responsible_post_id=responsible)
    assert (why_not_theirs(actor(role, place), child) is None) is allowed
