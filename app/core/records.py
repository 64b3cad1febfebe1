"""Making a record once and changing it without losing anybody's work."""

from functools import cache
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from fastapi import Response
from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from app.core.db import Recorded
from app.core.errors import Conflict, Stale
from app.core.i18n import gettext as _
from app.core.ids import new_code, new_id
from app.core.schemas import Create

CODE_TRIES = 5

R = TypeVar("R", bound=Recorded)


class _Acting(Protocol):
    @property
    def account_id(self) -> UUID: ...


def create_once(db: Session, table: type[R], actor: _Acting, command: Create, **values: Any) -> tuple[UUID, bool]:
    """Inserts the record that a command makes, or finds it where the same command came before.

    Returns its id and whether it is new. Raises `Conflict` where the id stands for other content, or belongs to
    somebody else. One statement for a new record; two at once under one id wait for each other and make one.
    """
    record_id = command.id or new_id()
    made = db.scalar(_adding(cast(Any, table)), _content(record_id, actor, command, values))
    return (record_id, True) if made is not None else (_made_before(db, table, actor, command, record_id), False)


def create_with_code(
    db: Session, table: type[R], actor: _Acting, command: Create, *, prefix: str, **values: Any
) -> tuple[UUID, bool, str]:
    """`create_once` with a new code, drawn again in the rare case that another record has it already.

    Returns the code as well; it means nothing where the record is not new.
    """
    record_id = command.id or new_id()
    for _try in range(CODE_TRIES):
        code = new_code(prefix)
        content = _content(record_id, actor, command, values) | {"code": code}
        if db.scalar(_adding(cast(Any, table), whatever_clashes=True), content) is not None:
            return record_id, True, code
        if db.scalar(select(table.id).where(table.id == record_id)) is not None:
            break
    return _made_before(db, table, actor, command, record_id), False, code


def _content(record_id: UUID, actor: _Acting, command: Create, values: dict[str, Any]) -> dict[str, Any]:
    return {"id": record_id, "created_by": actor.account_id, "digest": command.digest(), **values}


def _made_before(db: Session, table: type[R], actor: _Acting, command: Create, record_id: UUID) -> UUID:
    existing = db.execute(select(table.digest, table.created_by).where(table.id == record_id)).one_or_none()
    if existing is None or existing.digest != command.digest() or existing.created_by != actor.account_id:
        raise Conflict(_("Something else is already recorded under this id"))
    return record_id


@cache
def _adding(table: Any, *, whatever_clashes: bool = False) -> ReturningInsert[tuple[UUID]]:
    # Of the table, not the class, and built once for all records.
    columns: Table = table.__table__
    target = None if whatever_clashes else ["id"]
    return insert(columns).on_conflict_do_nothing(index_elements=target).returning(columns.c.id)


def check_version(record: Recorded, given: int | None, *, current: dict[str, Any], typed: dict[str, Any]) -> None:
    """Raises `Stale` with both versions unless the caller saw the newest; counts the version up otherwise.

    `given` is None where the caller does not say what it saw; then the last one wins, and only verbs that cannot
    lose anything allow that. `record` must have been read FOR UPDATE.
    """
    if given is not None and given != record.version:
        raise Stale(current=current, typed=typed)
    record.version += 1


def version_from_if_match(if_match: str | None) -> int | None:
    """The version in an `If-Match` header: `"3"` is 3. Raises `Stale` for anything that is no version."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Stale
    return int(text)


class _Versioned(Protocol):
    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=_Versioned)


def versioned(response: Response, answer: V) -> V:
    """An answer that says its version in its headers as well."""
    with_version(response, answer.version)
    return answer


def with_version(response: Response, version: int) -> None:
    """Says the record's version in the answer, for a later `If-Match`."""
    response.headers["ETag"] = f'"{version}"'
