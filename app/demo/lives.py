"""The lives of the invented children: when each came to a house, where it went from there, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.cases.words import CaseState
from app.children.words import EntryReason, Sex
from app.demo.draft import Draft
from app.demo.houses import Family, House
from app.demo.names import draw_name, draw_sex
from app.demo.staff import Person, Staff
from app.placements.words import EndReason, PlacementKind

YEAR = 365.25


@dataclass(slots=True)
class Stay:
    """An episode. `recorded_on`: the day on which the service learnt of it."""

    kind: PlacementKind
    started_on: date
    area_code: int
    house: House | None = None
    family: Family | None = None
    ended_on: date | None = None
    end_reason: EndReason | None = None
    recorded_on: date | None = None

    def end(self, day: date, reason: EndReason) -> None:
        """Ends it."""
        self.ended_on, self.end_reason = day, reason


@dataclass(slots=True)
class Life:
    """A child, with the episodes in order. `left_to_do`: visits that fell due in so many last days were not made.

    From `id` on it is known once the rows are drawn up: the child's own, the open case and the plan in force.
    """

    given_name: str
    family_name: str
    sex: Sex
    born_on: date
    area_code: int
    registered_on: date
    entry_reason: EntryReason
    worker: Person | None = None
    stays: list[Stay] = field(default_factory=list)
    restricted: bool = False
    left_to_do: int = 0
    id: UUID | None = None
    row: dict[str, Any] | None = None
    case_id: UUID | None = None
    case_state: CaseState | None = None
    opened_on: date | None = None
    risk: str | None = None
    plan_id: UUID | None = None

    @property
    def now(self) -> Stay | None:
        """The episode that is open."""
        return self.stays[-1] if self.stays and self.stays[-1].ended_on is None else None


_WHY_ENDED = {
    PlacementKind.REUNIFICATION_BIOLOGICAL: EndReason.REUNIFIED,
    PlacementKind.ADOPTION_DOMESTIC: EndReason.ADOPTED,
    PlacementKind.ADOPTION_INTERCOUNTRY: EndReason.ADOPTED,
    PlacementKind.GUARDIANSHIP_INDIVIDUAL: EndReason.GUARDIANSHIP_GRANTED,
    PlacementKind.GUARDIANSHIP_STATE: EndReason.GUARDIANSHIP_GRANTED,
    PlacementKind.SUPPORTED_INDEPENDENT_LIVING: EndReason.AGE_OUT_INDEPENDENT,
    PlacementKind.BOARDING_SCHOOL: EndReason.EDUCATION_MOVE,
}
_DISRUPTIONS = (
    EndReason.CAREGIVER_REQUEST,
    EndReason.CAREGIVER_ILLNESS,
    EndReason.CAREGIVER_DEATH,
    EndReason.RELATIONSHIP_BREAKDOWN,
    EndReason.POVERTY,
    EndReason.HOUSEHOLD_MOVED,
)
_ENTRY_REASONS = (
    EntryReason.ABANDONED,
    EntryReason.DEATH_BOTH,
    EntryReason.DEATH_ONE,
    EntryReason.POVERTY,
    EntryReason.PARENT_ILLNESS_MENTAL,
    EntryReason.PARENT_IMPRISONED,
    EntryReason.FAMILY_CONFLICT_DIVORCE,
    EntryReason.NEGLECT,
    EntryReason.BORN_OF_ADOLESCENT_MOTHER,
    EntryReason.EDUCATION_ACCESS,
    EntryReason.UNKNOWN,
)


class Lives:
    """Draws up lives. What is common to them: an age, a way into a house, a way out."""

    def __init__(self, draft: Draft, staff: Staff, houses: Sequence[House]) -> None:
        self.draft = draft
        self.staff = staff
        self.houses = houses
        self.all: list[Life] = []

    def house_to_leave(self, district: int, *, still_open: bool = False) -> House:
        """A house of the district that children left, one that closed rather than another; else any that closed."""
        near = [house for house in self.houses if house.district == district]
        if still_open:
            near = [house for house in near if house.residents]
        else:
            closed = [house for house in near if house.care_ended_on]
            near = closed + closed + near
        return self.draft.pick(near or [house for house in self.houses if house.care_ended_on])

    def came_to(self, house: House, age: float, on: date) -> Life:
        """Somebody who came to a house and has this age in years on a later day."""
        draft = self.draft
        born = on - timedelta(days=round(age * YEAR))
        entered = max(born + timedelta(days=round(self._age_at_entry(age) * YEAR)), house.opened_on)
        rare = house.care_ended_on is not None or not draft.chance(0.45)
        if entered > house.surveyed_on and rare:
            # Entries became rare after the survey, and a house on its way to closure takes nobody in.
            before = draft.between(house.surveyed_on - timedelta(days=600), house.surveyed_on)
            entered = max(born, before)
        in_survey = entered <= house.surveyed_on
        registered = draft.between(house.surveyed_on, house.surveyed_on + timedelta(days=30))
        life = self._begin(
            born,
            house.area_code,
            registered if in_survey else entered + timedelta(days=draft.rng.randint(0, 4)),
            self._entry_reason(entered, born, disabled=house.for_disability),
            males=0.56,
        )
        life.stays.append(Stay(house.lives_as, entered, house.area_code, house=house, recorded_on=life.registered_on))
        return life

    def _age_at_entry(self, age: float) -> float:
        rng = self.draft.rng
        years = rng.choices((rng.uniform(0, 3), rng.uniform(3, 7), rng.uniform(7, 14)), (40, 38, 22))[0]
        return years if years < age - 0.3 else age * rng.uniform(0.05, 0.7)

    def from_the_community(self, area_code: int, age: float, registered_on: date, reason: EntryReason) -> Life:
        """A child who never lived in a house."""
        born = registered_on - timedelta(days=round(age * YEAR))
        return self._begin(born, area_code, registered_on, reason)

    def move(
        self,
        life: Life,
        kind: PlacementKind,
        day: date,
        *,
        house: House | None = None,
        family: Family | None = None,
        reason: EndReason | None = None,
    ) -> None:
        """Ends the open episode, if there is one, and begins another on the same day."""
        former = life.now
        if former is not None:
            default = _WHY_ENDED.get(kind, EndReason.MOVED_TO_PERMANENT)
            former.end(day, reason or default)
        host = house or family
        area_code = host.area_code if host else life.stays[-1].area_code if life.stays else life.area_code
        if family is not None:
            family.ready_by(self.draft, day)
        life.stays.append(
            Stay(kind, day, area_code, house=house, family=family, recorded_on=max(day, life.registered_on))
        )

    def day_to_leave(self, house: House) -> date:
        """A day on which somebody leaves a house: after its survey, before it closed."""
        earliest = house.surveyed_on + timedelta(days=self.draft.rng.randint(45, 300))
        return self.draft.between(earliest, house.care_ended_on or self.draft.ago(8))

    def fail_once(self, life: Life, day: date, foster: Sequence[Family]) -> date:
        """A first family with whom it did not last; returns the day on which it ended."""
        draft = self.draft
        ends = min(day + timedelta(days=draft.rng.randint(60, 260)), draft.ago(20))
        near = [family for family in foster if family.district == life.stays[-1].area_code // 1_000_000]
        if ends <= day or not near:
            return day
        self.move(life, PlacementKind.FOSTER_MALAYIKA_MURINZI, day, family=draft.pick(near))
        return ends

    def disruption(self) -> EndReason:
        """Why a placement did not last."""
        return self.draft.pick(_DISRUPTIONS)

    def _begin(self, born: date, area_code: int, registered: date, reason: EntryReason, *, males: float = 0.5) -> Life:
        draft = self.draft
        sex = draw_sex(draft.rng, males=males)
        given, own = draw_name(draft.rng, sex)
        life = Life(given, own, sex, born, area_code, registered, reason, self.staff.worker_for(area_code))
        self.all.append(life)
        return life

    def _entry_reason(self, entered: date, born: date, *, disabled: bool) -> EntryReason:
        if 1994 <= entered.year <= 1996:
            return EntryReason.GENOCIDE_1994_LEGACY
        if disabled:
            return EntryReason.DISABILITY_OF_CHILD
        if (entered - born).days < YEAR / 2 and self.draft.chance(0.4):
            return EntryReason.FOUNDLING
        return self.draft.pick(_ENTRY_REASONS)
