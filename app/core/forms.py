"""From an HTML form to the same command that the API takes, and back with everything that was typed.

A field named `born_on-day`, `born_on-month`, `born_on-year` is one date; `child_hint.sex` is a nested field;
`members.0.name` an item of a list. An empty box is a value that was not given.
"""

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from app.core.errors import Conflict, FieldError, Stale
from app.core.i18n import N_, ngettext
from app.core.i18n import gettext as _

C = TypeVar("C", bound=BaseModel)

_CONTROLS = dict.fromkeys(code for code in (*range(32), 127) if chr(code) not in "\t\n\r")
_DATE_PARTS = ("year", "month", "day")


class Form:
    """What was typed, and what is wrong with it: templates read both from here.

    `status` is that of the page on which the form is drawn, `stale` what somebody else changed meanwhile.
    """

    def __init__(self, data: FormData | dict[str, str] | None = None) -> None:
        self.data = data if isinstance(data, FormData) else FormData(list((data or {}).items()))
        self.errors: list[tuple[str, str]] = []
        self.status = 200
        self.stale: Stale | None = None

    def value(self, name: str) -> str:
        """What was typed into a field, as it was typed, without signs that no page can show."""
        value = self.data.get(name, "")
        return value.translate(_CONTROLS) if isinstance(value, str) else ""

    def values(self, name: str) -> list[str]:
        """All that was chosen in a field with several answers."""
        return [value for value in self.data.getlist(name) if isinstance(value, str)]

    def left_empty(self, *names: str) -> dict[str, None]:
        """The fields of which every box was left empty, for a change that clears them; days have three boxes."""
        boxes = {name: (name, *(f"{name}-{part}" for part in _DATE_PARTS)) for name in names}
        return {name: None for name in names if not any(self.value(box).strip() for box in boxes[name])}

    def error(self, name: str) -> str | None:
        """What is wrong with a field, or None."""
        return next((message for field, message in self.errors if field == name), None)

    def fail(self, error: FieldError | Conflict | Stale) -> None:
        """Puts a verb's complaint at its fields, or at the top where it is about the whole."""
        self.status = error.status
        self.stale = error if isinstance(error, Stale) else None
        self.errors.extend(error.errors or [("", _(error.title))])

    def bind(self, command: type[C], **fixed: Any) -> C | None:
        """The command, or None with `errors` filled. `fixed` are fields that the page gives, not the person."""
        try:
            return command.model_validate(self._nested() | fixed)
        except ValidationError as invalid:
            self.status = 422
            self.errors.extend(field_errors(invalid.errors()))
            return None

    def _nested(self) -> dict[str, Any]:
        content: dict[str, Any] = {}
        dates: dict[str, dict[str, str]] = {}
        for key in dict.fromkeys(self.data.keys()):
            values = [value for value in self.values(key) if value.strip()]
            if not values or key.startswith("_"):
                continue
            name, _separator, part = key.rpartition("-")
            if name and part in _DATE_PARTS:
                dates.setdefault(name, {})[part] = values[0].strip()
            elif key.endswith("[]"):
                _put(content, key[:-2], values)
            else:
                _put(content, key, values[0])
        for name, parts in dates.items():
            _put(content, name, _iso_date(parts))
        # The whole is never a list, also where a form has nothing but numbers for names.
        return {name: _lists(value) for name, value in content.items()}


def _iso_date(parts: dict[str, str]) -> str:
    # An incomplete or impossible date stays text, so that the command's own check complains at the field; so does a
    # year of two digits, which would be one of nearly two thousand years ago.
    year, month, day = (parts.get(part, "") for part in _DATE_PARTS)
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}"


def _put(content: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        inner = content.setdefault(parent, {})
        if not isinstance(inner, dict):
            return
        content = inner
    content[last] = value


def _lists(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    if content and all(_is_number(key) for key in content):
        return [_lists(content[key]) for key in sorted(content, key=int)]
    return {key: _lists(value) for key, value in content.items()}


def _is_number(key: str) -> bool:
    # "²" is a digit as well, but no number; and nobody sends a list of more than four digits.
    return key.isascii() and key.isdigit() and len(key) <= 4


def field_errors(findings: Iterable[Any]) -> list[tuple[str, str]]:
    """Pydantic's findings as (field, message), in words for a person."""
    return [(_path(finding["loc"]), _sentence(finding)) for finding in findings]


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


_SENTENCES = {
    "missing": N_("This is needed"),
    "string_too_short": N_("This is needed"),
    "enum": N_("Choose one of the answers"),
    "literal_error": N_("Choose one of the answers"),
    "int_parsing": N_("Write a whole number"),
    "int_type": N_("Write a whole number"),
    "int_from_float": N_("Write a whole number"),
    "bool_parsing": N_("Choose yes or no"),
    "bool_type": N_("Choose yes or no"),
    "greater_than": N_("The number is too small"),
    "greater_than_equal": N_("The number is too small"),
    "less_than": N_("The number is too large"),
    "less_than_equal": N_("The number is too large"),
    "extra_forbidden": N_("This field is not known"),
    "uuid_parsing": N_("This is not an identifier"),
    "uuid_type": N_("This is not an identifier"),
}


def _sentence(finding: Any) -> str:
    kind: str = finding["type"]
    if kind == "value_error":
        return str(finding["ctx"]["error"])
    if kind == "string_too_long":
        limit = finding["ctx"]["max_length"]
        return ngettext("At most %(num)d character", "At most %(num)d characters", limit) % {"num": limit}
    if kind.startswith("date"):
        return _("Write a date as day, month and year, for example 27 3 2019")
    return _(_SENTENCES.get(kind, N_("This cannot be read; write it differently")))


async def _read(request: Request) -> Form:
    return Form(await request.form(max_files=0, max_fields=500))


Typed = Annotated[Form, Depends(_read)]
"""The posted form of a page."""
