"""Places as the doors take and give them."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from app.access.area import Area
from app.core.schemas import Command, ListQuery, ReadModel
from app.core.text import OptionalName
from app.places.words import PlaceLevel, path_in_words

PlaceCode = Annotated[
    int,
    Field(
        ge=0,
        le=99_999_999,
        description="NISR code: province 1 digit, district 2, sector 4, cell 6, village 8; the country is 0.",
    ),
]


PlacePath = Annotated[str, AfterValidator(path_in_words)]
"""A stored path in the language of whoever reads it."""


class PlaceRow(ReadModel):
    """A place in a list. `path` is the place in words, with the cell, sector and district that hold it."""

    code: int
    level: PlaceLevel
    name: str
    path: PlacePath


class FormerName(ReadModel):
    """A name that a place bore until a day."""

    name: str
    until_on: date


class Successor(PlaceRow):
    """A place that became, or came out of, another one on a day."""

    from_on: date


class PlaceDetail(PlaceRow):
    """A place with what is known of its past; `began_on` is empty where it is older than the first list."""

    code_is_inferred: bool
    began_on: date | None
    ended_on: date | None
    holders: list[PlaceRow] = Field(description="The places that hold it, the nearest first.")
    aliases: list[str] = Field(description="Other spellings that people search by.")
    former_names: list[FormerName] = Field(description="Newest first.")
    successors: list[Successor] = Field(description="What it became, where codes were changed, split or merged.")
    predecessors: list[Successor] = Field(description="What it came out of.")


class PlaceQuery(ListQuery):
    """Which places: by the letters of a name, by level, inside a place."""

    q: Annotated[OptionalName, Field(description="Letters of the name; further words narrow by the path.")] = ""
    level: PlaceLevel | None = Field(None, description="Only places of this level.")
    within: PlaceCode | None = Field(None, description="Only places inside this one.")


class PickerQuery(Command):
    """What the place picker of a form sends as letters are typed."""

    q: OptionalName = ""
    level: PlaceLevel | None = None
    name: Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")] = "place"


class ResolvedPlace(ReadModel):
    """Where a record lies: its place, the area code to store, and the name of a village not in the list."""

    place_code: int
    area_code: int
    village_name: str | None = None
    path: str

    def lies_in(self, area: Area) -> bool:
        """Whether it is inside an area."""
        return self.area_code in area
