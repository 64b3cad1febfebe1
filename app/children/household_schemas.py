"""What may be asked about households, and what is told of them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.children.words import HouseholdKind, MemberRelation, Sex, Vetting
from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Name, OptionalName
from app.places.schemas import PlaceCode

Capacity = Annotated[int, Field(ge=0, le=12, description="Children that it can take in at most.")]
Phone = Annotated[str, Field(max_length=30)]
BirthYear = Annotated[int, Field(ge=1900, le=2100)]


class Member(Command):
    """A person who lives in the household; with `id` one who is already recorded."""

    id: UUID | None = None
    name: Name
    relation: MemberRelation
    sex: Sex | None = None
    birth_year: BirthYear | None = None
    is_caregiver: bool = Field(False, description="Raises the child.")


Members = Annotated[list[Member], Field(max_length=30)]


class HouseholdRegister(Create):
    """Registers a household with who lives in it."""

    kind: HouseholdKind
    head_name: Name
    phone: Phone | None = None
    village: PlaceCode | None = None
    cell: Annotated[PlaceCode | None, Field(description="Where the village is not on the list.")] = None
    village_name: OptionalName | None = None
    capacity: Capacity = 1
    vetting: Vetting = Vetting.NOT_CHECKED
    vetted_on: Day | None = None
    members: Members = Field(default_factory=list)


class HouseholdChange(Command):
    """Changes what is given and leaves the rest; `members` is everybody who lives there now."""

    kind: HouseholdKind | None = None
    head_name: Name | None = None
    phone: Phone | None = None
    village: PlaceCode | None = None
    cell: PlaceCode | None = None
    village_name: OptionalName | None = None
    capacity: Capacity | None = None
    vetting: Vetting | None = None
    vetted_on: Day | None = None
    members: Members | None = None


class HouseholdQuery(ListQuery):
    """Filters of the list of households."""

    q: Annotated[str | None, Field(max_length=100, description="A code, or part of the head's name.")] = None
    place: Annotated[PlaceCode | None, Field(description="Inside this place (its code).")] = None
    kind: HouseholdKind | None = None
    vetting: Vetting | None = None


class HouseholdRow(ReadModel):
    """A household in a list."""

    id: UUID
    code: str
    kind: HouseholdKind
    head_name: str
    vetting: Vetting
    capacity: int
    children: int = Field(description="Children of the programme who live there now.")
    place_code: int
    place: str
    created_at: datetime


class MemberRow(ReadModel):
    """A person who lives in a household."""

    id: UUID
    name: str
    relation: MemberRelation
    sex: Sex | None
    birth_year: int | None
    is_caregiver: bool


class HouseholdDetail(HouseholdRow):
    """A household with who lives in it."""

    phone: str | None
    village_name: str | None
    vetted_on: date | None
    area_code: int
    version: int
    members: list[MemberRow]
