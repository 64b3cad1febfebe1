"""What may be asked about children, and what is told of them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from app.access.roles import Role
from app.access.rules import ChildFacts, View
from app.children.matching import Level, Reason
from app.children.words import BirthPrecision, PlacementKind, Sex
from app.core.i18n import gettext as _
from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Line, Name, OptionalName
from app.institutions.schemas import InstitutionDetail
from app.places.schemas import PlaceCode, PlacePath

LEAST_REASON = 10

_NEEDS_DATE = frozenset({BirthPrecision.DAY, BirthPrecision.MONTH, BirthPrecision.YEAR})


def _long_enough(reason: str) -> str:
    if len(reason) < LEAST_REASON:
        raise ValueError(_("Write the reason in a sentence of at least 10 characters"))
    return reason


def complete_date(content: Any) -> Any:
    """Fills the parts of a date of birth that a form left empty, with the middle of the month or year, and says so."""
    if not isinstance(content, dict) or not isinstance(born_on := content.get("born_on"), str):
        return content
    precision = content.get("birth_precision")
    if born_on.endswith("-00-00"):
        filled = {"born_on": born_on.removesuffix("-00-00") + "-07-01"}
        return content | filled | ({"birth_precision": "year"} if precision in {"day", "month"} else {})
    if born_on.endswith("-00"):
        filled = {"born_on": born_on.removesuffix("-00") + "-15"}
        return content | filled | ({"birth_precision": "month"} if precision == "day" else {})
    return content


class _Origin(Command):
    village: Annotated[PlaceCode | None, Field(description="The code of the village that the child comes from.")] = None
    cell: Annotated[PlaceCode | None, Field(description="Its cell, where the village is not on the list.")] = None
    village_name: Annotated[
        OptionalName | None, Field(description="The name of a village that is not on the list.")
    ] = None

    @property
    def names_origin(self) -> bool:
        """Whether anything is said about where the child comes from."""
        return self.village is not None or self.cell is not None or bool(self.village_name)


class ChildRegister(_Origin, Create):
    """Registers a child, or an adult who lives or lived in an institution."""

    given_name: Name
    family_name: OptionalName = ""
    sex: Sex
    born_on: Day | None = None
    birth_precision: BirthPrecision
    has_disability: bool | None = None
    restricted: bool = Field(False, description="Opens to the responsible worker and the supervisor only.")

    _complete = model_validator(mode="before")(complete_date)

    @field_validator("birth_precision")
    @classmethod
    def _fits_date(cls, precision: BirthPrecision, info: ValidationInfo) -> BirthPrecision:
        check_precision(info.data.get("born_on", ...), precision)
        return precision


def check_precision(born_on: Any, precision: BirthPrecision) -> None:
    """Raises ValueError where a date and its precision contradict each other; `...` is unreadable."""
    if born_on is None and precision in _NEEDS_DATE:
        raise ValueError(_("Write the date of birth, or choose that it is not known"))
    if isinstance(born_on, date) and precision is BirthPrecision.UNKNOWN:
        raise ValueError(_("Say how well the date is known, or leave it empty"))


class ChildChange(_Origin):
    """Changes what is given and leaves the rest."""

    given_name: Name | None = None
    family_name: OptionalName | None = None
    sex: Sex | None = None
    born_on: Day | None = None
    birth_precision: BirthPrecision | None = None
    has_disability: bool | None = None

    _complete = model_validator(mode="before")(complete_date)


class ChildAssign(Command):
    """Puts a child into the caseload of a post."""

    post: UUID


class ChildRestrict(Command):
    """Restricts a record, or opens it to the district again."""

    restricted: bool


class ChildUnseal(Command):
    """Asks for a child's name, with the reason."""

    reason: Annotated[Line, AfterValidator(_long_enough)]


class ChildQuery(ListQuery):
    """Filters of the list of children."""

    q: Annotated[str | None, Field(max_length=100, description="A code, or part of a name.")] = None
    mine: Annotated[bool, Field(description="Only the caseload of my post.")] = False
    place: Annotated[PlaceCode | None, Field(description="Living inside this place (its code).")] = None
    institution: Annotated[UUID | None, Field(description="Living in this institution.")] = None
    household: Annotated[UUID | None, Field(description="Living in this household.")] = None
    lives_as: PlacementKind | None = None


class ChildRow(ReadModel):
    """A child in a list, with as much as the reader's role may see; of a volunteer's child the first name only."""

    id: UUID
    code: str | None
    given_name: str | None = Field(None, description="Absent where the role does not see names.")
    family_name: str | None = Field(None, description="Absent where the role does not see family names.")
    initials: str
    sex: Sex | None
    age_years: int | None
    age_text: str | None = Field(exclude=True)
    lives_as: PlacementKind | None
    lives_since: date | None
    institution_id: UUID | None
    institution_name: str | None
    restricted: bool
    created_at: datetime

    @property
    def name(self) -> str:
        """The name as far as it may be seen, else the initials."""
        return shown_name(self.given_name, self.family_name, self.initials)


class ChildFile(ReadModel):
    """A child's record, with as much as the reader's role may see; what it may not see is null."""

    id: UUID
    code: str | None
    view: str = Field(description="How much is seen: task, coded, resident or whole.")
    given_name: str | None = None
    family_name: str | None = None
    initials: str
    sex: Sex | None
    born_on: date | None = None
    birth_precision: BirthPrecision | None
    age_years: int | None
    age_text: str | None = Field(exclude=True)
    has_disability: bool | None = None
    origin_place_code: int | None = None
    origin: str | None = Field(None, description="Where the child comes from, in words.")
    restricted: bool
    responsible_post_id: UUID | None = None
    supervising_post_id: UUID | None = Field(None, description="The post that watches over a case held elsewhere.")
    responsible: str | None = Field(None, description="Who holds the responsible post today.")
    area_code: int = Field(
        description="Where the child lives, in the eight digits of a village; to who sees a code only, the district."
    )
    lives_as: PlacementKind | None
    lives_since: date | None
    institution_id: UUID | None = None
    institution_name: str | None = None
    household_id: UUID | None = None
    household_name: str | None = None
    household_place: str | None = None
    version: int
    created_at: datetime

    @property
    def name(self) -> str:
        """The name as far as it may be seen, else the initials."""
        return shown_name(self.given_name, self.family_name, self.initials)

    @property
    def sees(self) -> View:
        """The same as `view`, to compare by."""
        return View[self.view.upper()]

    @property
    def facts(self) -> ChildFacts:
        """What the rules of access ask for."""
        return ChildFacts(
            area_code=self.area_code,
            responsible_post_id=self.responsible_post_id,
            supervising_post_id=self.supervising_post_id,
            institution_id=self.institution_id,
            restricted=self.restricted,
        )


def shown_name(given_name: str | None, family_name: str | None, initials: str) -> str:
    """A child's name as far as it is told, else the initials."""
    return " ".join(part for part in (given_name, family_name) if part) or initials


class RegisteredChild(ChildFile):
    """The record that was made, and others that may be the same person."""

    possible_duplicates: list[str] = Field([], description="Codes of likely the same children, the surest first.")


class Candidate(ReadModel):
    """A record that may be of the same child. Beyond the reader's reach: its code and district, nothing else of it."""

    id: UUID = Field(description="For asking its worker; it opens only in reach.")
    level: Level = Field(description="How sure it is.")
    score: float = Field(description="From 0 to 1.")
    reasons: list[Reason] = Field(description="What speaks for it and against it.")
    in_reach: bool = Field(description="Whether the reader may open it.")
    code: str | None = Field(description="Null for a restricted record that is not open to the reader.")
    district: str | None = Field(description="The district in which the child lives; null with the code.")
    given_name: str | None = Field(None, description="Only in reach.")
    family_name: str | None = Field(None, description="Only in reach.")

    @property
    def name(self) -> str:
        """The name where it may be seen, else the code."""
        return shown_name(self.given_name, self.family_name, self.code or "")


class Candidates(ReadModel):
    """Records that may be of one child, the surest first; five at most."""

    items: list[Candidate]


class InstitutionFile(InstitutionDetail):
    """An institution with how many live there."""

    residents: int = Field(description="Children and adults who live there today.")


class UnsealedChild(ReadModel):
    """A name that was asked for with a reason."""

    id: UUID
    code: str
    given_name: str
    family_name: str


class Opening(ReadModel):
    """One entry of who opened or changed a child's record."""

    id: int
    at: datetime
    kind: str
    who: str | None
    role: Role | None
    place: PlacePath | None
