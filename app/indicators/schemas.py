"""What is asked of the numbers, and what they answer."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.schemas import Day, ListQuery, ReadModel
from app.indicators.words import Dimension, Direction, Unit

Place = Annotated[int, Field(ge=0, le=99_999_999, description="Code of a place; 0 is the country.")]


class IndicatorQuery(BaseModel):
    """A period, a place, and by what to take the number apart."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first: Annotated[Day | None, Field(alias="from", description="First day; the current quarter's by default.")] = None
    last: Annotated[Day | None, Field(alias="to", description="Last day, included; today by default.")] = None
    place: Place | None = None
    by: Annotated[Dimension | None, Field(description="Dimension of the rows.")] = None


class RecordsQuery(ListQuery):
    """The list behind a number, or behind one of its rows."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None
    place: Place | None = None
    by: Dimension | None = None
    key: Annotated[str | None, Field(max_length=40, description="Which row of `by`.")] = None


class LedgerQuery(BaseModel):
    """A period, and a place or an institution."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None
    place: Place | None = None
    institution: UUID | None = None


class IndicatorRow(ReadModel):
    """One row: numbers are null where they are suppressed, the value also where nothing was due."""

    key: str
    label: str
    numerator: int | None
    denominator: int | None
    value: float | None
    suppressed: bool


class QuotedRow(ReadModel):
    """A published figure, with what it counts and who said so."""

    code: str
    indicator: str
    value: float
    unit: str
    definition: str
    from_on: date | None
    as_of_on: date
    source: str
    includes_young_adults: bool | None
    registered_institutions_only: bool | None


class IndicatorMeaning(ReadModel):
    """An entry of the catalogue."""

    code: str
    title: str
    meaning: str
    numerator_meaning: str
    denominator_meaning: str | None
    unit: Unit
    direction: Direction
    by: list[Dimension]


class IndicatorAnswer(IndicatorMeaning):
    """A number over a period and a place, its rows, and published figures beside it."""

    first: Annotated[date, Field(serialization_alias="from")]
    last: Annotated[date, Field(serialization_alias="to")]
    place: int
    place_name: str
    numerator: int | None
    denominator: int | None
    value: float | None
    suppressed: bool
    as_of: datetime
    rows_by: Dimension | None
    rows: list[IndicatorRow]
    quoted: list[QuotedRow]


class RecordRow(ReadModel):
    """One record behind a number. `child_code` is null where the child's file is restricted."""

    id: UUID
    child_id: UUID | None
    child_code: str | None
    referral_id: UUID | None
    referral_code: str | None
    on: date
    counted: bool
    measure: float | None
    kind: str | None
    level: str | None
    place_name: str


class LedgerLine(ReadModel):
    """One kind of movement: positive inward, negative outward."""

    code: str
    label: str
    count: int


class Ledger(ReadModel):
    """opening + inward - outward + residual = closing."""

    first: Annotated[date, Field(serialization_alias="from")]
    last: Annotated[date, Field(serialization_alias="to")]
    place: int
    place_name: str
    institution: UUID | None
    institution_name: str | None
    opening: int
    inward: list[LedgerLine]
    outward: list[LedgerLine]
    closing: int
    residual: int
