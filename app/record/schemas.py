"""What may be written into a record, and what is told of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import Command, Create, ReadModel
from app.core.text import Line, Name, OptionalName, Prose
from app.places.schemas import PlaceCode
from app.record.words import (
    BirthRegistration,
    BirthSource,
    HivStatus,
    IdentityKind,
    Language,
    NameKind,
    ParentStatus,
    RecordGroup,
    SchoolLevel,
)

MOST_NAMES = 12
Year = Annotated[int, Field(ge=1900, le=2200)]


class OtherName(Command):
    """A name beside given and family name."""

    name: Annotated[Name, Field(description="The name, as it is said or written.")]
    kind: Annotated[NameKind, Field(description="What this name is.")] = NameKind.ALIAS


class NamesChange(Command):
    """Other names; the list that is sent replaces the list that was there."""

    names: Annotated[
        list[OtherName],
        Field(default_factory=list, max_length=MOST_NAMES, description="All other names, also those kept from before."),
    ]


class BirthChange(Command):
    """Whether the birth is registered, and how its date is known. The number itself is an identity number."""

    registration: Annotated[
        BirthRegistration | None, Field(description="Whether the birth stands in the civil register.")
    ] = None
    registered_at: Annotated[Line | None, Field(description="Where it is registered, in words.")] = None
    known_by: Annotated[BirthSource | None, Field(description="How the date of birth is known.")] = None


class ParentsChange(Command):
    """What is known of mother and father. A name may stay empty whatever the status."""

    mother_status: Annotated[ParentStatus | None, Field(description="What is known of the mother.")] = None
    mother_name: Annotated[OptionalName | None, Field(description="The mother's name, if known.")] = None
    father_status: Annotated[ParentStatus | None, Field(description="What is known of the father.")] = None
    father_name: Annotated[OptionalName | None, Field(description="The father's name, if known.")] = None
    note: Annotated[Prose | None, Field(description="What else is known of the parents.")] = None


class LanguagesChange(Command):
    """Languages; and religion where the family asks that it be recorded."""

    languages: Annotated[
        list[Language], Field(default_factory=list, max_length=10, description="Languages that the child uses.")
    ]
    other_language: Annotated[Line | None, Field(description="Which other language.")] = None
    family_asks: Annotated[bool, Field(description="The family asks that the religion be recorded.")] = False
    religion: Annotated[Line | None, Field(description="In the family's own words; only where the family asks.")] = None


class SchoolChange(Command):
    """School, or what stands in its place."""

    level: Annotated[SchoolLevel | None, Field(description="The level, or that there was none.")] = None
    year: Annotated[Line | None, Field(description="Class or year, such as P4 or S2.")] = None
    school: Annotated[Line | None, Field(description="The school's name.")] = None
    attends: Annotated[bool | None, Field(description="Whether the child goes there now; null where not known.")] = None
    why_not: Annotated[Line | None, Field(description="Why not, where the child does not go.")] = None


class HealthChange(Command):
    """Health, for the responsible worker and the supervisor only."""

    hiv: Annotated[HivStatus | None, Field(description="What is known of HIV.")] = None
    notes: Annotated[Prose | None, Field(description="Illness, medicine, allergies, treatment.")] = None
    clinic: Annotated[Line | None, Field(description="Where the child is treated.")] = None


COMMANDS: dict[RecordGroup, type[Command]] = {
    RecordGroup.NAMES: NamesChange,
    RecordGroup.BIRTH: BirthChange,
    RecordGroup.PARENTS: ParentsChange,
    RecordGroup.LANGUAGES: LanguagesChange,
    RecordGroup.SCHOOL: SchoolChange,
}


class IdentityAdd(Create):
    """Adds an identity number."""

    kind: Annotated[IdentityKind, Field(description="What the number stands on.")]
    number: Annotated[Line, Field(max_length=60, description="The number; a national identity number has 16 digits.")]
    note: Annotated[Line | None, Field(description="A remark, such as the office that gave it.")] = None


class AddressAdd(Create):
    """Adds a place where the child lived before."""

    place: Annotated[PlaceCode | None, Field(description="Code of the place, as exactly as it is known.")] = None
    words: Annotated[Line | None, Field(description="The place in words, where no code fits or more is known.")] = None
    with_whom: Annotated[Line | None, Field(description="With whom the child lived there.")] = None
    from_year: Annotated[Year | None, Field(description="The year from which.")] = None
    until_year: Annotated[Year | None, Field(description="The year until which.")] = None


class Withdraw(Command):
    """Takes back what was written by mistake; it stays in the history."""

    reason: Annotated[Line, Field(description="Why it is withdrawn.")]


class _Part(ReadModel):
    version: int = Field(0, description="The version of this group; 0 where nothing was written yet.")


class NamesPart(NamesChange, _Part):
    """Other names."""


class BirthPart(BirthChange, _Part):
    """Birth registration, and how the date of birth is known."""


class ParentsPart(ParentsChange, _Part):
    """What is known of mother and father."""


class LanguagesPart(LanguagesChange, _Part):
    """Languages, and religion where the family asked."""


class SchoolPart(SchoolChange, _Part):
    """School."""


class HealthPart(HealthChange, _Part):
    """Health, for the responsible worker and the supervisor only."""


class IdentityRow(ReadModel):
    """An identity number, masked."""

    id: UUID
    kind: IdentityKind
    masked: str = Field(description="The last signs of the number, behind dots.")
    note: str | None = Field(None, description="A remark.")
    created_at: datetime


class RevealedIdentity(ReadModel):
    """An identity number in full; that it was shown is noted."""

    id: UUID
    child: UUID
    kind: IdentityKind
    number: str = Field(description="The whole number, without blanks.")


class AddressRow(ReadModel):
    """A place where the child lived before."""

    id: UUID
    place: int | None = Field(None, description="Code of the place.")
    place_path: str | None = Field(None, description="The place in words, from its code.")
    words: str | None = Field(None, description="The place in the worker's words.")
    with_whom: str | None = Field(None, description="With whom.")
    from_year: int | None = Field(None, description="From which year.")
    until_year: int | None = Field(None, description="Until which year.")


class ChildRecord(ReadModel):
    """The record in full but for health, which has an address and a lock of its own."""

    child: UUID
    names: NamesPart
    birth: BirthPart
    parents: ParentsPart
    languages: LanguagesPart
    school: SchoolPart
    identities: list[IdentityRow] = Field(description="Identity numbers, masked.")
    addresses: list[AddressRow] = Field(description="Where the child lived before, the latest first.")
    sees_health: bool = Field(description="Whether the caller may open the health of this child.")


PARTS: dict[RecordGroup, type[_Part]] = {
    RecordGroup.NAMES: NamesPart,
    RecordGroup.BIRTH: BirthPart,
    RecordGroup.PARENTS: ParentsPart,
    RecordGroup.LANGUAGES: LanguagesPart,
    RecordGroup.SCHOOL: SchoolPart,
}
