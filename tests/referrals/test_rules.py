from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.access.roles import Level, Role
from app.children.words import CONCERN_HINTS, ConcernType
from app.referrals.rules import (
    CLOCKS,
    DEFAULT_CLOCKS,
    RECEIVING_ROLES,
    Officer,
    closed_levels,
    copy_level,
    first_level,
    is_restricted,
    ladder_places,
    level_above,
    level_below,
    runs_out_at,
    same_person,
    suspects_among,
)
from app.referrals.words import Urgency

V, C, S, D, N = Level
AREA = 11010102
UNKNOWN_VILLAGE = 11010100
NONE: frozenset[Level] = frozenset()


def officer(level: Level, name: str = "Uwera Alice", account: UUID | None = None) -> Officer:
    role = {C: Role.CELL_COORDINATOR, S: Role.SECTOR_OFFICER, D: Role.SOCIAL_WORKER, N: Role.NATIONAL_MANAGER}[level]
    return Officer(account_id=account or uuid4(), display_name=name, role=role, level=level, place_name="Somewhere")


def test_the_places_of_a_ladder() -> None:
    assert ladder_places(AREA) == {V: 11010102, C: 110101, S: 1101, D: 11, N: 0}
    assert ladder_places(UNKNOWN_VILLAGE) == {C: 110101, S: 1101, D: 11, N: 0}


def test_who_receives_at_each_level() -> None:
    assert RECEIVING_ROLES == {
        C: (Role.CELL_COORDINATOR,),
        S: (Role.SECTOR_OFFICER,),
        D: (Role.SOCIAL_WORKER, Role.PSYCHOLOGIST, Role.DISTRICT_SUPERVISOR),
        N: (Role.NATIONAL_MANAGER,),
    }


@pytest.mark.parametrize(
    ("author", "closed", "receives"),
    [
        (V, NONE, C),
        (C, NONE, S),
        (S, NONE, D),
        (D, NONE, D),
        (V, {C}, S),
        (V, {C, S}, D),
        (V, {C, S, D}, N),
        (C, {S}, D),
        (D, {D}, N),
        (V, {S}, C),
    ],
)
def test_the_level_above_the_author_receives(author: Level, closed: set[Level], receives: Level) -> None:
    assert first_level(author, AREA, frozenset(closed)) is receives


@pytest.mark.parametrize(
    ("urgency", "holder", "closed", "copied_to"),
    [
        (Urgency.EMERGENCY, C, NONE, D),
        (Urgency.EMERGENCY, S, NONE, D),
        (Urgency.EMERGENCY, D, NONE, None),
        (Urgency.EMERGENCY, C, {D}, None),
        (Urgency.HIGH, C, NONE, None),
    ],
)
def test_an_emergency_goes_to_the_district_at_once(
    urgency: Urgency, holder: Level, closed: set[Level], copied_to: Level | None
) -> None:
    assert copy_level(urgency, holder, frozenset(closed)) is copied_to


@pytest.mark.parametrize(
    ("level", "closed", "above"),
    [(V, NONE, C), (C, NONE, S), (S, NONE, D), (D, NONE, N), (N, NONE, None), (C, {S}, D), (C, {S, D}, N), (V, {C}, S)],
)
def test_the_next_level_up(level: Level, closed: set[Level], above: Level | None) -> None:
    assert level_above(level, AREA, frozenset(closed)) is above


@pytest.mark.parametrize(
    ("level", "filed", "below"),
    [(N, V, D), (D, V, S), (S, V, C), (C, V, V), (C, S, None), (D, C, S), (S, C, C), (V, V, None)],
)
def test_a_return_goes_one_level_down_and_from_the_cell_to_a_volunteer(
    level: Level, filed: Level, below: Level | None
) -> None:
    assert level_below(level, AREA, filed) is below
    assert level_below(level, UNKNOWN_VILLAGE, filed) is below


@pytest.mark.parametrize(
    ("written", "known", "same"),
    [
        (["uwera", "alice"], "Uwera Alice", True),
        (["alice", "uwera"], "UWERA Alice", True),
        (["uwera"], "Uwera Alice", True),
        (["uwera", "alice", "marie"], "Uwera Alice", True),
        (["uwerra", "alice"], "Uwera Alice", True),
        (["ngabo", "eric"], "N'Gabo Éric", True),
        (["kamanzi", "alice"], "Uwera Alice", False),
        (["jean", "bosco"], "Jean Paul", False),
        ([], "Uwera Alice", False),
        (["uwera"], "", False),
    ],
)
def test_in_doubt_a_written_name_means_the_officer(written: list[str], known: str, same: bool) -> None:
    assert same_person(written, known) is same


def test_an_author_is_never_the_suspect_of_their_own_referral() -> None:
    author, other = uuid4(), uuid4()
    officers = [officer(C, account=author), officer(S, account=other)]
    assert suspects_among(officers, ["uwera"], author) == {other}


def test_a_level_of_suspects_only_is_closed_and_a_vacant_one_is_not() -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    officers = [officer(C, account=first), officer(D, account=second), officer(D, account=third)]
    assert closed_levels(officers, {first, second}) == {C}
    assert closed_levels(officers, {second, third}) == {D}
    assert closed_levels(officers, set()) == NONE


def test_every_urgency_has_a_clock_at_every_level() -> None:
    assert set(CLOCKS) == {(urgency, level) for urgency in Urgency for level in Level}
    assert len(DEFAULT_CLOCKS) == 20
    assert all(clock.acknowledge_hours <= clock.resolve_hours for clock in CLOCKS.values())


@pytest.mark.parametrize(
    ("urgency", "sector_after", "district_after"),
    [(Urgency.EMERGENCY, 2, 4), (Urgency.HIGH, 24, 48), (Urgency.MEDIUM, 72, 7 * 24), (Urgency.LOW, 7 * 24, 14 * 24)],
)
def test_what_nobody_acknowledges_climbs_as_the_reference_proposes(
    urgency: Urgency, sector_after: int, district_after: int
) -> None:
    at_cell, at_sector = CLOCKS[urgency, C].acknowledge_hours, CLOCKS[urgency, S].acknowledge_hours
    assert (at_cell, at_cell + at_sector) == (sector_after, district_after)


def test_an_acknowledged_referral_has_the_longer_time() -> None:
    received = datetime(2026, 3, 1, 8, tzinfo=UTC)
    clock = CLOCKS[Urgency.MEDIUM, C]
    soon, later = clock.acknowledge_due(received), clock.resolve_due(received)
    assert soon == received + timedelta(days=3)
    assert runs_out_at(soon, later, acknowledged=False) == soon
    assert runs_out_at(soon, later, acknowledged=True) == later


def test_restricted_concerns() -> None:
    assert is_restricted(ConcernType.SEXUAL_VIOLENCE)
    assert is_restricted(ConcernType.EARLY_PREGNANCY)
    assert not is_restricted(ConcernType.NEGLECT)
    assert is_restricted(ConcernType.NEGLECT, child_is_restricted=True)


def test_the_commonest_concerns_come_first() -> None:
    assert list(ConcernType)[: len(CONCERN_HINTS)] == list(CONCERN_HINTS)
    assert list(ConcernType)[-1] is ConcernType.OTHER
