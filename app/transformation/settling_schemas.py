"""What settles a difference between a house and the register, for censuses and claims alike."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.children.schemas import check_precision, complete_date
from app.children.words import BirthPrecision, EntryReason, Sex
from app.core.schemas import Command, Day
from app.core.text import Line, Name, OptionalName
from app.placements.words import EndReason


class RegisterResident(Command):
    """Registers somebody who lives in the house, and the stay there."""

    given_name: Name
    family_name: OptionalName = ""
    sex: Sex
    born_on: Day | None = None
    birth_precision: BirthPrecision
    started_on: Day = Field(description="The first day in the house.")
    entry_reason: EntryReason | None = None

    _complete = model_validator(mode="before")(complete_date)

    @field_validator("birth_precision")
    @classmethod
    def _fits_date(cls, precision: BirthPrecision, info: ValidationInfo) -> BirthPrecision:
        check_precision(info.data.get("born_on", ...), precision)
        return precision


def registration(command: RegisterResident) -> dict[str, Any]:
    """What of it registers the child, without the stay."""
    return command.model_dump(exclude={"started_on", "entry_reason"})


class KnownResident(Command):
    """Says which child of the register it is; a child who lives elsewhere by the register moves to the house."""

    code: Annotated[Line, Field(description="The child's code, such as TMM-7K3Q9D.")]
    started_on: Day | None = Field(None, description="The first day in the house, where no stay is recorded yet.")
    end_previous: EndReason | None = Field(None, description="Why the open placement elsewhere ended.")
    entry_reason: EntryReason | None = None


class EndStay(Command):
    """Ends the stay in the house without another placement."""

    ended_on: Day
    reason: EndReason
    code: Annotated[Line | None, Field(description="The child's code, where a claim told only a name.")] = None


class Explain(Command):
    """Explains a difference that no record settles."""

    note: Line


def birth_of(age_years: int | None, on: date) -> dict[str, Any]:
    """The date of birth that an age as told means: the middle of the year, estimated."""
    if age_years is None:
        return {"birth_precision": BirthPrecision.UNKNOWN.value}
    year = max(on.year - age_years, 1900)
    middle = date(year, 7, 1)
    return {"born_on": min(middle, on), "birth_precision": BirthPrecision.ESTIMATED.value}
