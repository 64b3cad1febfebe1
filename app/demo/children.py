"""Some three hundred children: who is still in a house, who went to which family, whom it did not last with."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from app.access.roles import Role
from app.children.models import Child
from app.children.words import BirthPrecision, EntryReason, HouseholdKind
from app.core.text import fold
from app.demo.closing import CAME_LATE_DAYS
from app.demo.draft import Draft, known
from app.demo.houses import Family, House
from app.demo.lives import Life, Lives, Stay
from app.demo.staff import STAFFED_DISTRICTS, Staff
from app.demo.texts import PLACEMENT_NOTES
from app.demo.visiting import follow
from app.placements.models import Placement
from app.placements.words import RESIDENTIAL_KINDS, EndReason, PlacementKind

_PROMISED: dict[int, tuple[int, int, str]] = {
    1: (14, 3, "social_worker"),
    2: (79, 20, "social_worker"),
    3: (25, 3, "social_worker"),
    4: (7, 3, "social_worker"),
    6: (203, 25, "social_worker"),
    7: (58, 3, "social_worker"),
    9: (112, 25, "psychologist"),
    10: (54, 12, "social_worker"),
    12: (57, 5, "psychologist"),
}
"""Families of Nyarugenge by number: for how many days children have been with them, for how many of the last days
the visits are left to do, and for whom. So somebody's day has what is overdue, due today and due this week."""
_INDEPENDENT = {11: 9, 24: 8}
_INDEPENDENT_ELSEWHERE, _STATE, _ABROAD, _TRANSFERS, _RETURNED = 22, 4, 5, 20, 4
_NEVER_IN_A_HOUSE = {11: 6, 24: 4, 12: 2}
_LIKELY_TO_FAIL = 0.7


def draw_children(
    draft: Draft,
    staff: Staff,
    houses: Sequence[House],
    families: Sequence[Family],
    villages: dict[int, list[int]],
) -> list[Life]:
    """Draws up all lives and their rows."""
    lives = Lives(draft, staff, houses)
    _to_families(lives, families, staff)
    _on_their_own(lives)
    _residents(lives)
    _gone(lives)
    for district, count in _NEVER_IN_A_HOUSE.items():
        for _child in range(count):
            area_code = draft.pick(villages[district])
            lives.from_the_community(
                area_code, draft.rng.uniform(1, 15), draft.ago(draft.rng.randint(3, 120)), EntryReason.NEGLECT
            )
    _restrict(draft, lives.all)
    for life in lives.all:
        _write(draft, staff, life, villages)
    return lives.all


def draw_twice(
    draft: Draft, staff: Staff, lives: list[Life], villages: dict[int, list[int]]
) -> list[tuple[Life, Life]]:
    """Two children of the social worker whom somebody registered again: one here, one in Huye, both spelled otherwise.

    The second records belong to the colleague here, and to a social worker there.
    """
    worker = staff.called(Role.SOCIAL_WORKER.value)
    pairs: list[tuple[Life, Life]] = []
    sought = [
        life for life in lives if life.worker is worker and not life.restricted and life.stays and life.family_name
    ]
    others = [staff.at(Role.SOCIAL_WORKER, district)[-1] for district in STAFFED_DISTRICTS]
    for life, other in zip(reversed(sought), others, strict=False):
        again = Life(
            _spelled(life.given_name),
            _spelled(life.family_name),
            life.sex,
            life.born_on,
            draft.pick(villages[other.place_code]),
            draft.ago(6),
            EntryReason.UNKNOWN,
            other,
        )
        _write(draft, staff, again, villages)
        for one in (life, again):
            row = known(one.row)
            named = {"given_name": one.given_name, "family_name": one.family_name, "born_on": life.born_on}
            row |= named | {"birth_precision": BirthPrecision.DAY.value}
            row["folded"] = fold(f"{one.given_name} {one.family_name}")
        pairs.append((life, again))
        lives.append(again)
    return pairs


def _spelled(name: str) -> str:
    """Another way to write a name that sounds the same: l for r, or a vowel twice."""
    for one, other in (("r", "l"), ("l", "r"), ("a", "aa")):
        if one in name:
            return name.replace(one, other, 1)
    return name


def _to_families(lives: Lives, families: Sequence[Family], staff: Staff) -> None:
    draft = lives.draft
    foster = [family for family in families if family.kind is HouseholdKind.FOSTER and family.room > 1]
    for family in families:
        promised = _PROMISED.get(family.number) if family.district == STAFFED_DISTRICTS[0] else None
        worker = staff.called(promised[2]) if promised else None
        house = None
        if PlacementKind.FOSTER_EMERGENCY not in family.as_kinds and not (family in foster and draft.chance(0.3)):
            house = lives.house_to_leave(family.district, still_open=promised is not None)
        day = lives.day_to_leave(house) if house else draft.ago(draft.rng.randint(10, 900))
        if promised:
            day = draft.ago(promised[0])
        for child in range(family.room):
            # Brothers and sisters come from the same house on the same day, and have the same worker.
            others = [] if child or promised else [other for other in foster if other is not family]
            life = _to_family(lives, family, house, day, others)
            life.left_to_do = promised[1] if promised else 0
            worker = life.worker = worker or life.worker


def _to_family(lives: Lives, family: Family, house: House | None, day: date, others: Sequence[Family]) -> Life:
    """A child who comes from a house or was found; some were with one of `others` first, where it did not last."""
    draft = lives.draft
    kind = draft.pick(family.as_kinds)
    if house is None:
        life = lives.from_the_community(family.area_code, draft.rng.uniform(0.05, 1.5), day, EntryReason.ABANDONED)
    else:
        life = lives.came_to(house, _age_for(draft, kind), day)
    reason = None
    if house and kind is not PlacementKind.REUNIFICATION_BIOLOGICAL and draft.chance(_LIKELY_TO_FAIL):
        first, day = day, lives.fail_once(life, day, others)
        reason = lives.disruption() if day > first else None
    lives.move(life, kind, day, family=family, reason=reason)
    return life


def _age_for(draft: Draft, kind: PlacementKind) -> float:
    if kind is PlacementKind.ADOPTION_DOMESTIC:
        return draft.rng.uniform(1, 6)
    if kind is PlacementKind.FOSTER_MALAYIKA_MURINZI:
        return draft.rng.triangular(0.9, 14, 5)
    return draft.rng.triangular(2, 17.5, 10)


def _on_their_own(lives: Lives) -> None:
    """Young people who live independently with support, and the few for whom the State or a family abroad cares."""
    draft = lives.draft
    others = [house for house in lives.houses if house.district not in _INDEPENDENT and house.care_ended_on]
    plan = [
        (PlacementKind.SUPPORTED_INDEPENDENT_LIVING, lives.house_to_leave(district))
        for district, count in _INDEPENDENT.items()
        for _young in range(count)
    ]
    for kind, count in (
        (PlacementKind.SUPPORTED_INDEPENDENT_LIVING, _INDEPENDENT_ELSEWHERE),
        (PlacementKind.GUARDIANSHIP_STATE, _STATE),
        (PlacementKind.ADOPTION_INTERCOUNTRY, _ABROAD),
    ):
        plan += [(kind, others[number % len(others)]) for number in range(count)]
    ages = {PlacementKind.ADOPTION_INTERCOUNTRY: (1.5, 5.0), PlacementKind.GUARDIANSHIP_STATE: (4.0, 16.0)}
    for kind, house in plan:
        day = lives.day_to_leave(house)
        life = lives.came_to(house, draft.rng.uniform(*ages.get(kind, (18.0, 26.0))), day)
        lives.move(life, kind, day)


def _residents(lives: Lives) -> None:
    """Who lives in a house today; some came from one that closed, some from a family where it did not last."""
    draft = lives.draft
    closed = [house for house in lives.houses if house.care_ended_on and not house.for_babies]
    open_houses = [house for house in lives.houses if house.residents]
    detours = iter([*["transfer"] * _TRANSFERS, *["return"] * _RETURNED])
    for number in range(max(house.residents for house in open_houses)):
        for house in open_houses:
            if number >= house.residents:
                continue
            detour = next(detours, None) if number >= 3 and house is not open_houses[0] else None
            if detour is None or house.for_disability:
                lives.came_to(house, _age_of_resident(draft, house), draft.today)
                continue
            former = draft.pick(closed)
            day = lives.day_to_leave(former)
            life = lives.came_to(former, draft.rng.uniform(4, 19), day)
            if detour == "return":
                lives.move(life, PlacementKind.SUPPORTED_INDEPENDENT_LIVING, day)
                day = draft.between(day + timedelta(days=40), draft.ago(10))
                lives.move(life, house.lives_as, day, house=house, reason=EndReason.RETURN_TO_INSTITUTION)
            else:
                lives.move(life, house.lives_as, day, house=house, reason=EndReason.COURT_ORDER)
    _one_came_late(lives, [life for life in lives.all if life.now and life.now.house is open_houses[0]])


def _one_came_late(lives: Lives, residents: Sequence[Life]) -> None:
    """To the manager's house nobody came any more after the survey, but for one child against the agreement.

    One worker follows most of them.
    """
    draft, worker = lives.draft, lives.staff.called(Role.SOCIAL_WORKER.value)
    *others, late = residents
    for life in residents:
        if life.worker is not None and life.worker.role is Role.SOCIAL_WORKER:
            life.worker = worker
    for life in others:
        stay = life.stays[0]
        if len(life.stays) == 1 and stay.house and stay.started_on > stay.house.surveyed_on:
            stay.started_on = max(life.born_on, draft.between(draft.ago(2200), stay.house.surveyed_on))
            stay.recorded_on = life.registered_on = stay.house.surveyed_on + timedelta(days=20)
    late.stays[-1].started_on = max(late.born_on, draft.ago(CAME_LATE_DAYS))
    late.stays[-1].recorded_on = late.registered_on = late.stays[-1].started_on + timedelta(days=3)


def _age_of_resident(draft: Draft, house: House) -> float:
    rng = draft.rng
    return rng.choices(
        (rng.uniform(1, 6), rng.uniform(6, 12), rng.uniform(12, 18), rng.uniform(18, 31), rng.uniform(31, 45)),
        (8, 24, 42, 20, 12 if house.for_disability else 5),
    )[0]


def _gone(lives: Lives) -> None:
    """Two residents who died, and one who left nobody knows where to: the ledger tells of it."""
    draft = lives.draft
    houses = [house for house in lives.houses if house.residents]
    for reason in (EndReason.CHILD_DEATH, EndReason.CHILD_DEATH, EndReason.CHILD_RAN_AWAY):
        house = draft.pick(houses)
        day = draft.ago(draft.rng.randint(120, 800 if house.district != 12 else 300))
        lives.came_to(house, draft.rng.uniform(9, 16), day).stays[-1].end(day, reason)


def _restrict(draft: Draft, lives: Sequence[Life]) -> None:
    quiet = [life for life in lives if not life.left_to_do and life.worker]
    mine = [life for life in quiet if life.worker and life.worker.username == Role.SOCIAL_WORKER.value]
    for life in [mine[0], *draft.rng.sample(quiet, 7)]:
        life.restricted = True


def _write(draft: Draft, staff: Staff, life: Life, villages: dict[int, list[int]]) -> None:
    now = life.now
    made_at = draft.working_hour(life.registered_on)
    precision, born_on = _birth(draft, life.born_on, life.entry_reason)
    origin = _origin(draft, life, villages)
    child_id = life.id = draft.add(
        Child,
        code=draft.code("TMM"),
        given_name=life.given_name,
        family_name="" if life.entry_reason is EntryReason.FOUNDLING and draft.chance(0.3) else life.family_name,
        sex=life.sex.value,
        born_on=born_on,
        birth_precision=precision.value,
        has_disability=_disability(draft, life),
        origin_place_code=origin,
        registered_on=life.registered_on,
        restricted=life.restricted,
        responsible_post_id=life.worker.post_id if life.worker else None,
        area_code=life.stays[-1].area_code if life.stays else life.area_code,
        institution_id=now.house.id if now and now.house else None,
        household_id=now.family.id if now and now.family else None,
        lives_as=now.kind.value if now else None,
        lives_since=now.started_on if now else None,
        created_at=made_at,
        created_by=life.worker.account_id if life.worker else None,
    )
    row = life.row = draft.rows[Child][-1]
    row["folded"] = fold(f"{row['given_name']} {row['family_name']}")
    for placement_id, stay in _write_stays(draft, life, child_id):
        follow(draft, staff, life, stay, child_id=child_id, placement_id=placement_id)


def _write_stays(draft: Draft, life: Life, child_id: UUID) -> Iterator[tuple[UUID, Stay]]:
    former = None
    for stay in life.stays:
        placement_id = draft.add(
            Placement,
            child_id=child_id,
            kind=stay.kind.value,
            is_residential=stay.kind in RESIDENTIAL_KINDS,
            from_kind=former.kind.value if former else None,
            started_on=stay.started_on,
            ended_on=stay.ended_on,
            end_reason=stay.end_reason.value if stay.end_reason else None,
            end_was_planned=stay.end_reason.is_planned if stay.end_reason else None,
            institution_id=stay.house.id if stay.house else None,
            household_id=stay.family.id if stay.family else None,
            entry_reason=None if former else life.entry_reason.value,
            area_code=stay.area_code,
            note=draft.pick(PLACEMENT_NOTES) if stay.family and draft.chance(0.5) else None,
            created_at=draft.working_hour(stay.recorded_on or life.registered_on),
            created_by=life.worker.account_id if life.worker else None,
        )
        yield placement_id, stay
        former = stay


def _birth(draft: Draft, born_on: date, reason: EntryReason) -> tuple[BirthPrecision, date | None]:
    if reason is EntryReason.FOUNDLING:
        return BirthPrecision.ESTIMATED, born_on
    precision = draft.rng.choices(list(BirthPrecision), (48, 12, 18, 16, 6))[0]
    match precision:
        case BirthPrecision.UNKNOWN:
            return precision, None
        case BirthPrecision.MONTH:
            return precision, born_on.replace(day=1)
        case BirthPrecision.YEAR | BirthPrecision.ESTIMATED:
            return precision, date(born_on.year, 1, 1)
    return precision, born_on


def _disability(draft: Draft, life: Life) -> bool | None:
    if any(stay.house and stay.house.for_disability for stay in life.stays):
        return True
    if any(stay.kind is PlacementKind.FOSTER_SPECIALISED_DISABILITY for stay in life.stays):
        return True
    return draft.rng.choices((True, False, None), (5, 87, 8))[0]


def _origin(draft: Draft, life: Life, villages: dict[int, list[int]]) -> int | None:
    if life.entry_reason is EntryReason.FOUNDLING or draft.chance(0.08):
        return None
    near = villages.get(life.area_code // 1_000_000)
    if near and draft.chance(0.7):
        return draft.pick(near)
    return draft.pick(villages[draft.pick(sorted(villages))])
