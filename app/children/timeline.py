"""One thing that happened to a child, as the timeline draws it; each domain tells its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Select, bindparam, cast, func, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.core import clock
from app.core.db import kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A day or an instant, what happened in a few words, and where more stands.

    `noted_at` is when it was written down: what one day brought is told in that order where only the day is known.
    """

    when: date | datetime
    title: str
    text: str | None = None
    meta: list[str] = field(default_factory=list)
    icon: str = "circle"
    tone: str = "quiet"
    href: str | None = None
    noted_at: datetime | None = None
    written_on: date | None = None
    """The day on which it was written down, where that was much later: `with_late_writing` says so."""


CHILD: Any = bindparam("child_id")
"""The child whose story is told, in the rows of a teller."""


@dataclass(frozen=True, slots=True)
class Teller:
    """What one domain tells of a child: which rows, for an actor who has opened the child, and how one becomes an item.

    The rows are made by `told` and are those of `CHILD`; an actor who sees none is given no statement.
    """

    rows: Callable[[Actor], list[Select[Any]]]
    item: Callable[[Any, UUID], Item]


def told(what: str, day: Any, noted_at: Any, record_id: Any, **facts: Any) -> Select[Any]:
    """The columns of a teller's rows: what it is, its day, when that was noted, the record's id, and what else it says.

    `facts` reach the item as plain words, numbers and lists under their names.
    """
    pairs: list[Any] = []
    for name, value in facts.items():
        pairs += (literal_column(f"'{name}'"), value)
    return select(
        literal_column(f"'{what}'").label("what"),
        cast(day, Date).label("day"),
        noted_at.label("noted_at"),
        record_id.label("id"),
        func.jsonb_build_object(*pairs, type_=JSONB).label("facts"),
    )


def local_day(moment: Any) -> Any:
    """The day of a moment in Rwanda."""
    return func.timezone("Africa/Kigali", moment)


def tell(db: Session, actor: Actor, child_id: UUID, tellers: tuple[Teller, ...], most: int | None = None) -> list[Item]:
    """What several domains tell of a child whom the actor has opened, newest first and no more than `most`.

    One statement for all of them.
    """
    statement = _together(actor, tellers)
    if statement is None:
        return []
    rows = db.execute(statement, {"child_id": child_id, "most": most}).all()
    return [tellers[row.teller].item(row, child_id) for row in rows]


@kept
def _together(actor: Actor, tellers: tuple[Teller, ...]) -> Select[Any] | None:
    parts = [
        rows.add_columns(literal_column(str(number), Integer).label("teller"))
        for number, teller in enumerate(tellers)
        for rows in teller.rows(actor)
    ]
    if not parts:
        return None
    every = union_all(*parts).subquery()
    newest = select(every).order_by(every.c.day.desc(), every.c.noted_at.desc())
    return newest.limit(bindparam("most", type_=Integer))


LATE_AFTER_DAYS = 7
"""Written down within a week is in time; a default of the programme."""


def with_late_writing(items: Iterable[Item], *, known_since: date) -> list[Item]:
    """The items with the day on which they were written down, where that was more than a week after they happened.

    What happened before the child was registered could not be written down then: it counts from that day.
    """
    return [
        item if (written_on := _written_late(item, known_since)) is None else replace(item, written_on=written_on)
        for item in items
    ]


def _written_late(item: Item, known_since: date) -> date | None:
    if item.noted_at is None or isinstance(item.when, datetime):
        return None
    written_on = item.noted_at.astimezone(clock.KIGALI).date()
    late = written_on > max(item.when, known_since) + timedelta(days=LATE_AFTER_DAYS)
    return written_on if late else None


def newest_first(item: Item) -> tuple[date, datetime]:
    """Orders a story: by day, and within a day by the hour, or where nobody knows that by when it was written down."""
    if isinstance(item.when, datetime):
        return item.when.astimezone(clock.KIGALI).date(), item.when
    return item.when, item.noted_at or datetime.combine(item.when, time(), clock.KIGALI)
