"""What may be asked of the register of institutions, and what it tells."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Name, OptionalName
from app.institutions.words import Founder, HouseService, InstitutionKind, Registration
from app.places.schemas import PlaceCode, PlacePath

Capacity = Annotated[int, Field(ge=0, le=5000, description="Places for children at most.")]
Seen = Annotated[int, Field(ge=0, le=5000, description="Children who were seen there when the house was found.")]
FoundBy = Annotated[OptionalName, Field(description="Who found a house outside the register.")]
Services = Annotated[list[HouseService], Field(max_length=len(HouseService), description="What the house does.")]


class InstitutionRegister(Create):
    """Puts an institution on the register."""

    name: Name
    kind: InstitutionKind
    registration: Registration
    sector: PlaceCode
    capacity: Capacity | None = None
    founder: Founder | None = None
    opened_on: Day | None = None
    services: Services = Field(default_factory=list)
    found_by: FoundBy | None = None
    found_on: Day | None = Field(None, description="The day on which a house outside the register was found.")
    children_seen: Seen | None = None


class InstitutionChange(Command):
    """Changes what is given and leaves the rest. The stage of closure has verbs of its own."""

    name: Name | None = None
    kind: InstitutionKind | None = None
    registration: Registration | None = None
    sector: PlaceCode | None = None
    capacity: Capacity | None = None
    founder: Founder | None = None
    opened_on: Day | None = None
    services: Services | None = None
    found_by: FoundBy | None = None
    found_on: Day | None = None
    children_seen: Seen | None = None


class InstitutionQuery(ListQuery):
    """Filters of the register."""

    q: Annotated[str | None, Field(max_length=100, description="Part of the name.")] = None
    place: Annotated[PlaceCode | None, Field(description="Inside this place (its code).")] = None
    kind: InstitutionKind | None = None
    registration: Registration | None = None


class InstitutionRow(ReadModel):
    """An institution in a list."""

    id: UUID
    name: str
    kind: InstitutionKind
    registration: Registration
    capacity: int | None
    closure_stage: int
    sector: int
    place: PlacePath = Field(description="The names of its sector and of what holds it.")


class InstitutionDetail(InstitutionRow):
    """All that the register knows of an institution."""

    founder: Founder | None
    opened_on: date | None
    stage_reached_on: date | None
    moratorium_on: date | None = Field(description="The day from which no child may be admitted any more.")
    services: list[HouseService]
    found_by: str | None
    found_on: date | None
    children_seen: int | None
    area_code: int = Field(description="The sector's code in the eight digits of a village.")
    version: int
    created_at: datetime
