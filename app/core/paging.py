"""Keyset paging: a cursor holds the sort key of the last row, so page 1,000 costs as much as page 1."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, tuple_

from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.core.schemas import Page

T = TypeVar("T")

_READERS: dict[str, Callable[[str], Any]] = {
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
    "u": UUID,
    "i": int,
    "s": str,
}


def _tag(value: Any) -> list[str]:
    match value:
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case UUID():
            return ["u", str(value)]
        case int():
            return ["i", str(value)]
        case _:
            return ["s", str(value)]


def encode_cursor(key: Sequence[Any]) -> str:
    """The cursor for a sort key."""
    content = json.dumps([_tag(value) for value in key], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).rstrip(b"=").decode()


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """The sort key of a cursor; raises `FieldError` on `cursor` for anything that this service did not make."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        content = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        key = [_READERS[tag](text) for tag, text in content]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unknown_cursor() from error
    if len(key) != length or any(isinstance(part, str) and "\x00" in part for part in key):
        raise _unknown_cursor()
    if any(isinstance(part, int) and abs(part) >= 2**63 for part in key):
        raise _unknown_cursor()
    return key


def _unknown_cursor() -> FieldError:
    return FieldError("cursor", _("This cursor is not one of this list; start without it"))


def after(
    statement: Select[Any], key: Sequence[ColumnElement[Any]], cursor: str | None, *, newest_first: bool = True
) -> Select[Any]:
    """The statement ordered by `key` and starting after `cursor`. The key must end in a unique column."""
    if cursor is not None:
        given = decode_cursor(cursor, len(key))
        for column, part in zip(key, given, strict=True):
            _fits(column, part)
        position = tuple_(*given, types=[column.type for column in key])
        statement = statement.where(tuple_(*key) < position if newest_first else tuple_(*key) > position)
    return statement.order_by(*(column.desc() if newest_first else column.asc() for column in key))


def _fits(column: ColumnElement[Any], part: Any) -> None:
    expected = column.type.python_type
    if not isinstance(part, expected) or (expected is date and isinstance(part, datetime)):
        raise _unknown_cursor()
    if isinstance(part, datetime) and part.tzinfo is None:
        raise _unknown_cursor()


def page_of(
    rows: Sequence[Row[Any]], limit: int, make: Callable[[Row[Any]], T], key: Callable[[Row[Any]], Sequence[Any]]
) -> Page[T]:
    """The page from `limit + 1` fetched rows: the extra one only tells that there is more."""
    more = len(rows) > limit
    shown = rows[:limit]
    return Page(items=[make(row) for row in shown], next=encode_cursor(key(shown[-1])) if more else None)
