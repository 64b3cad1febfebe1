"""What every command, read model and list has in common."""

import hashlib
import json
import re
from datetime import date
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.core.i18n import gettext as _

Row = TypeVar("Row")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_GROUPED = re.compile(r"\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+", re.ASCII)


def _written_out(value: Any) -> Any:
    # Pydantic alone would take a number for the seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError(_("Write a date as day, month and year, for example 27 3 2019"))


Day = Annotated[date, BeforeValidator(_written_out)]
"""A day that somebody gives, as 2019-03-27."""


def _ungrouped(value: Any) -> Any:
    # Pydantic alone would take 45.000 for forty-five.
    grouped = isinstance(value, str) and _GROUPED.fullmatch(value.strip())
    return re.sub(r"\D", "", value) if grouped else value


Money = Annotated[int, BeforeValidator(_ungrouped)]
"""An amount in whole units of a currency, also as people write it: 3600000, 3 600 000, 3.600.000 or 3,600,000."""


class Command(BaseModel):
    """What somebody wants done; unknown fields are refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Create(Command):
    """A command that makes a record, under an id that the client may bring so that sending twice makes one."""

    id: UUID | None = Field(None, description="Your own UUID (version 7); sending the same again makes nothing new.")

    def digest(self) -> bytes:
        """A fingerprint of the content, by which the same body sent again is told from another one."""
        content = json.dumps(self.model_dump(mode="json", exclude={"id"}), sort_keys=True)
        return hashlib.sha256(content.encode()).digest()


class ReadModel(BaseModel):
    """What the service tells; built from selected columns, once."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Page(BaseModel, Generic[Row]):
    """One stretch of a list; `next` is the cursor of the stretch after it, or null at the end."""

    items: list[Row]
    next: str | None = Field(None, description="Give this as `cursor` for what follows; null at the end.")


class ListQuery(BaseModel):
    """The query of a list; an unknown parameter is an error."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=200, description="Rows at most.")] = 25
    cursor: Annotated[str | None, Field(max_length=300, description="`next` of the stretch before.")] = None

    def told(self, *kept_out: str) -> dict[str, str | None]:
        """The filters that were used, for the audit log, without those whose values it must not hold."""
        used = self.model_dump(exclude_defaults=True, exclude={"cursor", *kept_out})
        return {name: str(value) for name, value in used.items()}


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """The fields that differ, each with its value before and after, for an audit event."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
