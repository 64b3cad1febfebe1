"""One child of the generated data, with all that belongs to it, as lines of COPY."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.access.roles import Role
from app.children.matching import Person, found_by
from app.children.words import HouseholdKind, Sex, Vetting
from app.core.ids import CODE_ALPHABET
from app.core.text import fold
from app.demo.names import GIVEN, OWN
from app.placements.words import EndReason, EntryReason, PlacementKind
from app.tasks.words import TaskKind
from app.visits.planning import SUBJECT
from app.visits.rules import SCHEDULES
from app.visits.words import NotSeenReason, VisitKind, WellbeingDomain

RECORD = "id, created_at, created_by"
COLUMNS = {
    "accounts": f"{RECORD}, username, display_name, password_hash, must_change_password, language, is_demonstration",
    "institutions": f"{RECORD}, name, folded, kind, registration, capacity, place_code, area_code, closure_stage",
    "posts": f"{RECORD}, role, place_code, institution_id",
    "appointments": f"{RECORD}, account_id, post_id, starts_on, ends_on",
    "households": f"{RECORD}, code, kind, head_name, folded, place_code, area_code, capacity, vetting, vetted_on",
    "children": (
        f"{RECORD}, code, given_name, family_name, folded, sex, born_on, birth_precision, has_disability, "
        "origin_place_code, registered_on, restricted, responsible_post_id, area_code, institution_id, household_id, "
        "lives_as, lives_since, sounds, name_keys"
    ),
    "placements": (
        f"{RECORD}, child_id, kind, is_residential, from_kind, started_on, ended_on, end_reason, end_was_planned, "
        "institution_id, household_id, entry_reason, area_code"
    ),
    "visits": (
        f"{RECORD}, placement_id, child_id, kind, visited_on, child_seen, not_seen_reason, wellbeing, "
        "visited_by_post_id, area_code"
    ),
    "tasks": (
        f"{RECORD}, kind, subject_kind, subject_id, child_id, post_id, area_code, due_on, tolerance_days, done_on, "
        "done_by_id, path"
    ),
    "referrals": (
        f"{RECORD}, code, concern, urgency, status, level, filed_level, reached_level, place_code, area_code, "
        "child_sex, narrative, restricted, author_account_id, author_post_id, filed_at, due_at, resolved_at, outcome"
    ),
    "referral_hops": (
        "id, referral_id, seq, level, place_code, area_code, is_copy, received_at, acknowledge_due_at, due_at, "
        "acknowledged_at, acknowledged_by, ended_at, ended, ended_by, reason"
    ),
}
"""The columns that are filled, by table, in the order of the foreign keys."""

YEAR = 365
_LIVED_ON, _LEFT_ONCE, _LEFT_TWICE = 0.4, 0.85, 0.95
_NEW = 3
_CODES = len(CODE_ALPHABET) ** 6
_STEP = 48_271_003
"""Without a common factor with the number of codes, so that each number has a code of its own."""


class Lines:
    """Lines of COPY, gathered by table."""

    def __init__(self, columns: dict[str, str]) -> None:
        self.columns = columns
        self._gathered: dict[str, list[str]] = {table: [] for table in columns}

    def add(self, table: str, *values: object) -> None:
        """One row. Nothing that is written here holds a tab, a line end or a backslash."""
        self._gathered[table].append("\t".join(["\\N" if value is None else str(value) for value in values]))

    def take(self, table: str) -> list[str]:
        """What was gathered for a table; it is forgotten here."""
        gathered, self._gathered[table] = self._gathered[table], []
        return gathered


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody in a post."""

    account: str
    post: str


@dataclass(slots=True)
class Country:
    """What rows refer to: places, offices by role and place, houses by district with their area codes."""

    rng: random.Random
    now: datetime
    today: date
    districts: list[int]
    sectors: list[int]
    cells: list[int]
    villages: dict[int, list[int]]
    served: dict[int, list[int]]
    offices: dict[tuple[Role, int], list[Office]] = field(default_factory=dict)
    houses: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    families: int = 0

    def id(self, at: datetime) -> str:
        """A UUIDv7 of a moment, so that indexes grow as they do in service."""
        bits = self.rng.getrandbits(74)
        number = int(at.timestamp() * 1000) << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & ((1 << 62) - 1)
        return f"{number:032x}"

    def days_ago(self, most: int) -> date:
        """A day of the last so many."""
        return self.today - timedelta(days=self.rng.randint(0, most))

    def at(self, day: date) -> datetime:
        """A moment of a day, never in the future."""
        passed = timedelta(days=(self.today - day).days, minutes=self.rng.randint(1, 600))
        return self.now - passed


@dataclass(slots=True)
class Lot:
    """The families of one batch that have room for one more: household id, village and kind of placement."""

    families: dict[int, tuple[str, int, PlacementKind]] = field(default_factory=dict)


_FAMILY_KINDS = {
    PlacementKind.REUNIFICATION_BIOLOGICAL: HouseholdKind.BIRTH,
    PlacementKind.KINSHIP_FORMAL: HouseholdKind.KIN,
    PlacementKind.KINSHIP_INFORMAL: HouseholdKind.KIN,
    PlacementKind.FOSTER_MALAYIKA_MURINZI: HouseholdKind.FOSTER,
}
_SHARES = (45, 15, 10, 30)


def code_of(prefix: str, number: int) -> str:
    """The code of the so-many-th record: scattered, and no two alike."""
    scattered = (number * _STEP + 2012) % _CODES
    letters = ""
    for _position in range(6):
        scattered, rest = divmod(scattered, len(CODE_ALPHABET))
        letters += CODE_ALPHABET[rest]
    return f"{prefix}-{letters}"


@dataclass(frozen=True, slots=True)
class Child:
    """What the rows of one child share."""

    id: str
    made_at: datetime
    registered: date
    restricted: bool
    district: int
    worker: Office


@dataclass(frozen=True, slots=True)
class Stay:
    """An episode of one child."""

    kind: PlacementKind
    started: date
    ended: date | None
    house: str | None
    household: str | None
    area_code: int

    @property
    def is_residential(self) -> bool:
        """Whether it is one in a house."""
        return self.house is not None


def draw_child(country: Country, lines: Lines, lot: Lot, number: int) -> tuple[Child, Stay]:
    """A child with one to three placements, and what was planned and done in the last; the child, and this last one."""
    rng = country.rng
    district = rng.choice(country.districts)
    registered = country.days_ago(9 * YEAR)
    made_at = country.at(registered)
    child = Child(
        id=country.id(made_at),
        made_at=made_at,
        registered=registered,
        restricted=rng.random() < 0.02,
        district=district,
        worker=rng.choice(country.offices[Role.SOCIAL_WORKER, district]),
    )
    sex = Sex.MALE if rng.random() < 0.56 else Sex.FEMALE
    given, own = rng.choice(GIVEN[sex]), rng.choice(OWN[sex])
    entered = registered - timedelta(days=rng.randint(0, 5 * YEAR))
    born = entered - timedelta(days=rng.randint(0, 10 * YEAR))
    stays = list(_stays(country, lines, lot, district, entered, registered))
    now = stays[-1]
    found = found_by(Person(given_name=given, family_name=own, born_on=born, birth_precision="day"))
    lines.add(
        *("children", child.id, made_at, child.worker.account, code_of("TMM", number), given, own),
        *(fold(f"{given} {own}"), sex.value, born, "day", rng.random() < 0.1),
        *(rng.choice(country.villages[district]), registered, child.restricted, child.worker.post, now.area_code),
        *(now.house, now.household, now.kind.value, now.started, found.sounds, f"{{{','.join(found.name_keys)}}}"),
    )
    former = None
    for stay in stays:
        known_at = country.at(max(stay.started, registered))
        placement = country.id(known_at)
        reason = None
        if stay.ended:
            reason = EndReason.REUNIFIED if stay.is_residential else EndReason.CAREGIVER_REQUEST
        lines.add(
            *("placements", placement, known_at, child.worker.account, child.id, stay.kind.value, stay.is_residential),
            *(former, stay.started, stay.ended, reason.value if reason else None),
            *(reason.is_planned if reason else None, stay.house, stay.household),
            *(None if former else EntryReason.UNKNOWN.value, stay.area_code),
        )
        former = stay.kind.value
        if stay.ended is None:
            _visits(country, lines, child, placement, stay)
    return child, now


def _stays(country: Country, lines: Lines, lot: Lot, district: int, entered: date, registered: date) -> Iterator[Stay]:
    rng = country.rng
    fate = rng.random()
    house, area_code = rng.choice(country.houses[district])
    since = (country.today - registered).days
    kind = PlacementKind.RESIDENTIAL_INSTITUTION
    if fate < _LIVED_ON or since < _NEW:
        yield Stay(kind, entered, None, house, None, area_code)
        return
    left = rng.randint(1, since - 1)
    moved = country.today - timedelta(days=left)
    if fate < _LEFT_TWICE:
        yield Stay(kind, entered, moved, house, None, area_code)
    family_kind = rng.choices(list(_FAMILY_KINDS), _SHARES)[0]
    if left > _NEW and _LEFT_ONCE <= fate < _LEFT_TWICE:
        later = country.today - timedelta(days=rng.randint(1, left - 1))
        household, village = _family(country, lines, lot, district, family_kind, moved)
        yield Stay(family_kind, moved, later, None, household, village)
        moved = later
    household, village = _family(country, lines, lot, district, family_kind, moved)
    yield Stay(family_kind, moved, None, None, household, village)


def _family(country: Country, lines: Lines, lot: Lot, district: int, kind: PlacementKind, day: date) -> tuple[str, int]:
    """A family with room: every second child joins a brother or sister."""
    waiting = lot.families.pop(district, None)
    if waiting is not None and waiting[2] is kind:
        return waiting[0], waiting[1]
    rng = country.rng
    village = rng.choice(country.villages[district])
    known_at = country.at(day - timedelta(days=30))
    household_id = country.id(known_at)
    country.families += 1
    head = f"{rng.choice(GIVEN[Sex.FEMALE])} {rng.choice(OWN[Sex.FEMALE])}"
    lines.add(
        *("households", household_id, known_at, None, code_of("FAM", country.families), _FAMILY_KINDS[kind].value),
        *(head, fold(head), village, village, 4, Vetting.APPROVED.value, known_at.date()),
    )
    lot.families[district] = (household_id, village, kind)
    return household_id, village


_SCORES = [
    json.dumps({domain.value: max(1, min(4, score + number % 2)) for number, domain in enumerate(WellbeingDomain)})
    for score in (1, 2, 3, 4)
]
_NOT_SEEN = list(NotSeenReason)
_IN_TIME, _SEEN_LATE = 0.82, 0.97
_NEGLECTED_DAYS = 60


def _visits(country: Country, lines: Lines, child: Child, placement: str, stay: Stay) -> None:
    """What the schedule asks for, and the visits that were made: most in time, a few late, the newest perhaps not."""
    rng = country.rng
    schedule = SCHEDULES[stay.kind]
    begins = child.registered if stay.is_residential else stay.started
    planned = [(days, TaskKind.VISIT) for days in schedule.due_days]
    if not child.restricted:
        planned += [(days, TaskKind.IZU_CHECK) for days in schedule.check_days]
    for position, (days, kind) in enumerate(planned):
        tolerance = schedule.tolerance_days if position else schedule.first_tolerance_days
        due = begins + timedelta(days=days)
        ago = (country.today - due).days
        task_id = country.id(child.made_at)
        done = done_by = None
        is_visit = kind is TaskKind.VISIT
        fate = rng.random()
        if ago >= tolerance and is_visit and (fate < _SEEN_LATE or ago > _NEGLECTED_DAYS):
            late = 0 if fate < _IN_TIME else rng.randint(0, min(30, ago - tolerance))
            done = due + timedelta(days=rng.randint(-tolerance, tolerance) if late == 0 else tolerance + late)
            done = max(done, stay.started)
            done_by = _visit(country, lines, child, placement, stay, done, first=position == 0)
        lines.add(
            *("tasks", task_id, child.made_at, child.worker.account, kind.value, SUBJECT, placement, child.id),
            *(child.worker.post if is_visit else None, stay.area_code, due, tolerance, done, done_by, None),
        )
        if is_visit and ago >= tolerance and rng.random() < 0.06:
            _visit(country, lines, child, placement, stay, due, first=False, seen=False)


def _visit(
    country: Country,
    lines: Lines,
    child: Child,
    placement: str,
    stay: Stay,
    day: date,
    *,
    first: bool,
    seen: bool = True,
) -> str:
    rng = country.rng
    at = country.at(day)
    visit_id = country.id(at)
    kind = VisitKind.FOLLOW_UP_FIRST if first else VisitKind.FOLLOW_UP_ROUTINE
    lines.add(
        *("visits", visit_id, at, child.worker.account, placement, child.id, kind.value, day, seen),
        *(None if seen else rng.choice(_NOT_SEEN).value, rng.choice(_SCORES) if seen else "{}"),
        *(child.worker.post, stay.area_code),
    )
    return visit_id
