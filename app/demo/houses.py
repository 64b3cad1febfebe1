"""The houses and the families of the demonstration. Every name is invented: birds and trees, to be told at once."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.access.area import area_code_of
from app.children.models import Household, HouseholdMember
from app.children.words import HouseholdKind, MemberRelation, Sex, Vetting
from app.core.text import fold
from app.demo.accounts import DEMONSTRATION_ACCOUNTS, HOUSE_OF_THE_MANAGER
from app.demo.draft import Draft
from app.demo.names import draw_name, draw_sex
from app.demo.staff import Staff
from app.institutions.models import Institution
from app.institutions.words import ClosureStage, Founder, InstitutionKind, Registration
from app.placements.words import PlacementKind

_KINDS = {
    "o": InstitutionKind.ORPHANAGE,
    "h": InstitutionKind.CHILDREN_HOME,
    "b": InstitutionKind.BABY_HOME,
    "g": InstitutionKind.SMALL_GROUP_HOME,
    "d": InstitutionKind.DISABILITY_RESIDENTIAL,
    "s": InstitutionKind.STREET_CHILD_CENTRE,
    "t": InstitutionKind.TRANSIT_CENTRE,
    "u": InstitutionKind.UNREGISTERED_HOME,
}
_FOUNDERS = {
    "fl": Founder.FAITH_LOCAL,
    "fi": Founder.FAITH_INTERNATIONAL,
    "nl": Founder.NGO_LOCAL,
    "ni": Founder.NGO_INTERNATIONAL,
    "p": Founder.INDIVIDUAL,
    "s": Founder.STATE,
    "c": Founder.COMMUNITY,
}
_LIVES_THERE_AS = {
    InstitutionKind.SMALL_GROUP_HOME: PlacementKind.SMALL_GROUP_HOME,
    InstitutionKind.TRANSIT_CENTRE: PlacementKind.TRANSIT_CENTRE,
}

# Name, district, kind, founder, places, stage on the way to closure, residents today.
_HOUSES = (
    (HOUSE_OF_THE_MANAGER, 11, "h", "fl", 40, 5, 14),
    ("Jacaranda House", 11, "o", "fi", 60, 3, 9),
    ("Maison du Flamboyant", 11, "b", "fl", 30, 6, 0),
    ("Sunbird House", 11, "o", "nl", 45, 7, 0),
    ("Urugo rw'Umuvumu", 12, "o", "fl", 120, 4, 24),
    ("Maison des Hirondelles", 12, "h", "ni", 35, 2, 9),
    ("Kingfisher House", 12, "u", "p", 12, 0, 8),
    ("Papyrus House", 13, "o", "fl", 54, 8, 0),
    ("Grey Heron House", 13, "g", "ni", 8, 7, 0),
    ("Maison des Eucalyptus", 21, "o", "fl", 70, 6, 0),
    ("Acacia House", 22, "h", "p", 25, 5, 8),
    ("Maison de la Grue Couronnée", 24, "o", "fl", 80, 5, 11),
    ("Umuko House", 24, "d", "nl", 30, 3, 8),
    ("Fig Tree House", 24, "h", "fi", 40, 7, 0),
    ("Turaco House", 26, "o", "fl", 50, 7, 0),
    ("Maison des Bambous", 27, "h", "fl", 45, 6, 0),
    ("Wagtail House", 27, "s", "nl", 30, 4, 10),
    ("Cedar Tree House", 28, "o", "p", 24, 7, 0),
    ("Maison du Lac Bleu", 31, "o", "fi", 90, 5, 12),
    ("Pelican House", 31, "h", "fl", 28, 6, 0),
    ("Maison des Tourterelles", 33, "o", "fl", 566, 7, 0),
    ("Ibis House", 33, "t", "s", 40, 1, 8),
    ("Weaver Bird House", 33, "h", "ni", 36, 3, 9),
    ("Maison du Grand Baobab", 36, "o", "fl", 110, 5, 16),
    ("Coral Tree House", 41, "h", "c", 20, 7, 0),
    ("Bamboo Lake House", 43, "o", "fi", 65, 6, 0),
    ("Olive Thrush House", 43, "d", "nl", 24, 3, 8),
    ("Maison des Acacias", 51, "o", "fl", 48, 7, 0),
    ("Spoonbill House", 52, "h", "p", 22, 2, 8),
    ("Flame Tree House", 53, "d", "nl", 32, 7, 0),
    ("Maison du Savanier", 53, "o", "fl", 40, 5, 8),
    ("Guinea Fowl House", 54, "u", "p", 10, 6, 0),
    ("Stork House", 57, "o", "fi", 75, 6, 0),
)
CARE_ENDED_STAGE = ClosureStage.CARE_ENDED.number
_BASELINE_DAYS, _FOUND_LATER_DAYS = 1150, 420


@dataclass(slots=True)
class House:
    """A house as children come to and leave it. `surveyed_on`: when its residents were first recorded."""

    id: UUID
    name: str
    district: int
    area_code: int
    lives_as: PlacementKind
    for_babies: bool
    for_disability: bool
    residents: int
    opened_on: date
    surveyed_on: date
    care_ended_on: date | None
    stage: int
    row: dict[str, Any]


def draw_houses(draft: Draft, sectors: dict[int, list[int]]) -> list[House]:
    """The register: thirty-three houses in nineteen districts, seventeen of them empty by now."""
    managers = {account.place_name: account.place_code for account in DEMONSTRATION_ACCOUNTS if account.institution}
    return [_draw_house(draft, line, managers.get(line[0]) or draft.pick(sectors[line[1]])) for line in _HOUSES]


def _draw_house(draft: Draft, line: tuple[str, int, str, str, int, int, int], sector: int) -> House:
    name, district, letter, founder, capacity, stage, residents = line
    kind = _KINDS[letter]
    outside = kind is InstitutionKind.UNREGISTERED_HOME
    surveyed = draft.ago(_FOUND_LATER_DAYS if outside else _BASELINE_DAYS - draft.rng.randint(0, 40))
    ended = draft.ago(draft.rng.randint(60, 160 if outside else 700)) if stage >= CARE_ENDED_STAGE else None
    registration = Registration.REGISTERED
    if outside:
        registration = Registration.UNREGISTERED
    elif stage == ClosureStage.DEREGISTERED.number:
        registration = Registration.DEREGISTERED
    elif draft.chance(0.12):
        registration = Registration.PROVISIONAL
    year = draft.rng.randint(2012, 2019) if outside else draft.rng.randint(1975, 1994)
    opened = date(year, draft.rng.randint(1, 12), 1)
    house_id = draft.add(
        Institution,
        name=name,
        folded=fold(name),
        kind=kind.value,
        registration=registration.value,
        founder=_FOUNDERS[founder].value,
        capacity=capacity,
        place_code=sector,
        area_code=area_code_of(sector),
        opened_on=opened,
        closure_stage=stage,
        stage_reached_on=ended or draft.ago(draft.rng.randint(40, 500)) if stage else None,
        created_at=draft.working_hour(surveyed),
    )
    return House(
        id=house_id,
        name=name,
        district=district,
        area_code=area_code_of(sector),
        lives_as=_LIVES_THERE_AS.get(kind, PlacementKind.RESIDENTIAL_INSTITUTION),
        for_babies=kind is InstitutionKind.BABY_HOME,
        for_disability=kind is InstitutionKind.DISABILITY_RESIDENTIAL,
        residents=residents,
        opened_on=opened,
        surveyed_on=surveyed,
        care_ended_on=ended,
        stage=stage,
        row=draft.rows[Institution][-1],
    )


@dataclass(slots=True)
class Family:
    """A household and how it takes children in. `number`: which of its district; `room`: how many come.

    `key`: which line of `_FAMILIES` it follows.
    """

    id: UUID
    kind: HouseholdKind
    area_code: int
    district: int
    number: int
    room: int
    as_kinds: tuple[PlacementKind, ...]
    row: dict[str, Any]
    key: str

    def ready_by(self, draft: Draft, day: date) -> None:
        """Sees to it that the family was known and found fit before a child came on a day."""
        known_on = day - timedelta(days=draft.rng.randint(12, 50))
        if self.row["created_at"].date() > known_on:
            self.row["created_at"] = draft.working_hour(known_on)
            if self.row["vetted_on"]:
                self.row["vetted_on"] = known_on


_KIN_KINDS = (PlacementKind.KINSHIP_FORMAL, PlacementKind.KINSHIP_INFORMAL)
_FOSTER_KINDS = (
    PlacementKind.FOSTER_MALAYIKA_MURINZI,
    PlacementKind.FOSTER_MALAYIKA_MURINZI,
    PlacementKind.FOSTER_SPECIALISED_DISABILITY,
)
# Kind, vetting, how many children come, as what.
_FAMILIES: dict[str, tuple[HouseholdKind, Vetting, int, tuple[PlacementKind, ...]]] = {
    "b1": (HouseholdKind.BIRTH, Vetting.CHECKED, 1, (PlacementKind.REUNIFICATION_BIOLOGICAL,)),
    "b2": (HouseholdKind.BIRTH, Vetting.NOT_CHECKED, 2, (PlacementKind.REUNIFICATION_BIOLOGICAL,)),
    "b3": (HouseholdKind.BIRTH, Vetting.CHECKED, 3, (PlacementKind.REUNIFICATION_BIOLOGICAL,)),
    "k1": (HouseholdKind.KIN, Vetting.CHECKED, 1, _KIN_KINDS),
    "k2": (HouseholdKind.KIN, Vetting.APPROVED, 2, _KIN_KINDS),
    "f1": (HouseholdKind.FOSTER, Vetting.APPROVED, 1, _FOSTER_KINDS),
    "f2": (HouseholdKind.FOSTER, Vetting.APPROVED, 2, _FOSTER_KINDS[:1]),
    "e1": (HouseholdKind.FOSTER, Vetting.APPROVED, 1, (PlacementKind.FOSTER_EMERGENCY,)),
    "a1": (HouseholdKind.FOSTER, Vetting.APPROVED, 1, (PlacementKind.ADOPTION_DOMESTIC,)),
    "f0": (HouseholdKind.FOSTER, Vetting.NOT_CHECKED, 0, ()),
    "h0": (HouseholdKind.FOSTER, Vetting.NOT_CHECKED, 0, ()),
    "c0": (HouseholdKind.FOSTER, Vetting.CHECKED, 0, ()),
    "t0": (HouseholdKind.FOSTER, Vetting.CHECKED, 0, ()),
    "r0": (HouseholdKind.FOSTER, Vetting.CHECKED, 0, ()),
    "n0": (HouseholdKind.FOSTER, Vetting.APPROVED, 0, ()),
    "p0": (HouseholdKind.FOSTER, Vetting.APPROVED, 0, ()),
    "v0": (HouseholdKind.FOSTER, Vetting.APPROVED, 0, ()),
    "w0": (HouseholdKind.FOSTER, Vetting.WITHDRAWN, 0, ()),
    "g1": (HouseholdKind.GUARDIAN, Vetting.CHECKED, 1, (PlacementKind.GUARDIANSHIP_INDIVIDUAL,)),
}
_BY_DISTRICT = {
    11: "b3 b2 b2 b1 k2 k2 k1 f2 f2 f2 f1 e1 g1 f0 c0 t0 r0 n0 p0 v0 v0 h0",
    24: "b3 b2 b1 k2 k1 f2 f2 f1 a1 g1 f0 w0 v0",
}
IN_GIHANGA = {(11, 1), (11, 10)}
"""Two families that live where the volunteer of the demonstration looks in."""
_ELSEWHERE = "b3 b2 b2 k2 f2 b2 k1 f2 b3 f1 k2 f2 b2"
"""One household in each of thirteen other districts; forty-eight in all."""


def draw_families(draft: Draft, staff: Staff, villages: dict[int, list[int]]) -> list[Family]:
    """The forty-eight households, most of those of the two staffed districts where a volunteer looks in."""
    others = [district for district in villages if district not in _BY_DISTRICT]
    wanted = [(district, key) for district, keys in _BY_DISTRICT.items() for key in keys.split()]
    wanted += list(zip(others, _ELSEWHERE.split(), strict=False))
    gihanga = staff.called("volunteer").place_code
    families: list[Family] = []
    for district, key in wanted:
        number = sum(family.district == district for family in families)
        watched = [village for village in staff.villages_with_volunteers(district) if village != gihanga]
        in_gihanga = (district, number) in IN_GIHANGA
        village = (
            gihanga if in_gihanga else draft.pick(watched if watched and draft.chance(0.65) else villages[district])
        )
        families.append(_draw_family(draft, key, village, district, number))
    return families


def _draw_family(draft: Draft, key: str, village: int, district: int, number: int) -> Family:
    kind, vetting, room, as_kinds = _FAMILIES[key]
    head_sex = draw_sex(draft.rng, males=0.4)
    head = " ".join(draw_name(draft.rng, head_sex))
    made_at = draft.working_hour(draft.ago(draft.rng.randint(30, 400)))
    known = vetting is not Vetting.NOT_CHECKED
    capacity = max(1, room + draft.pick((0, 0, 1))) if kind is not HouseholdKind.BIRTH else max(1, room)
    household_id = draft.add(
        Household,
        code=draft.code("FAM"),
        kind=kind.value,
        head_name=head,
        folded=fold(head),
        phone=draft.phone() if draft.chance(0.7) else None,
        place_code=village,
        area_code=area_code_of(village),
        capacity=capacity,
        vetting=vetting.value,
        vetted_on=made_at.date() if known else None,
        created_at=made_at,
    )
    _draw_members(draft, household_id, kind, head, head_sex)
    row = draft.rows[Household][-1]
    return Family(household_id, kind, area_code_of(village), district, number, room, as_kinds, row, key)


def _draw_members(draft: Draft, household_id: UUID, kind: HouseholdKind, head: str, head_sex: Sex) -> None:
    spouse_sex = Sex.MALE if head_sex is Sex.FEMALE else Sex.FEMALE
    born = draft.rng.randint(45, 70) if kind is HouseholdKind.KIN else draft.rng.randint(28, 55)
    members = [(head, MemberRelation.HEAD, head_sex, born, True)]
    if draft.chance(0.6):
        spouse = " ".join(draw_name(draft.rng, spouse_sex))
        members.append((spouse, MemberRelation.SPOUSE, spouse_sex, born - draft.rng.randint(-4, 6), True))
    for _child in range(draft.rng.randint(0, 3)):
        sex = draw_sex(draft.rng)
        name = " ".join(draw_name(draft.rng, sex))
        members.append((name, MemberRelation.CHILD, sex, draft.rng.randint(1, 17), False))
    for name, relation, sex, age, raises in members:
        draft.add(
            HouseholdMember,
            household_id=household_id,
            name=name,
            relation=relation.value,
            sex=sex.value,
            birth_year=draft.today.year - age,
            is_caregiver=raises,
            created_at=draft.now,
        )


def inside(codes: list[int], district: int) -> list[int]:
    """Those of the places, all of one level, that lie in a district."""
    width = 10 ** (len(str(codes[0])) - 2)
    return [code for code in codes if code // width == district]
