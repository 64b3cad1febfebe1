"""Finding places by the letters of a name, best first, in one statement."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.access.area import EVERYWHERE, Area
from app.access.scope import in_area
from app.core.db import kept
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.places.models import Place
from app.places.rules import PATH_MARK, SPELLING_MARK, sought
from app.places.schemas import PlaceRow
from app.places.words import PlaceLevel

FEWEST_LETTERS = 2
LEAST_ALIKE = 4
MOST_WORDS = 6
# A hundredth part is fine enough to tell two spellings apart, and whole numbers make a cursor.
_STEPS = 100

# All spellings of the place's own name; what follows the first mark is its path.
_NAME = func.split_part(Place.folded, PATH_MARK.strip(), 1)
_LEVELS = {level.value: number for number, level in enumerate(PlaceLevel)}


def search_places(
    db: Session,
    q: str,
    *,
    level: PlaceLevel | None = None,
    within: Area | None = None,
    near: Area | None = None,
    limit: int = 12,
) -> list[PlaceRow]:
    """The places whose name begins with the letters, best first; further words narrow by the path.

    "kabeza gitega" is Kabeza in Gitega. The very name comes first, then names that begin so, each with
    districts and sectors before villages, and what lies in `near` before what does not. Only where nothing
    fits, names that look alike are given. A place that has ended is never among them; fewer than two letters
    find nothing.
    """
    return search_page(db, q, level=level, within=within, near=near, limit=limit).items


def search_page(
    db: Session,
    q: str,
    *,
    level: PlaceLevel | None = None,
    within: Area | None = None,
    near: Area | None = None,
    limit: int,
    cursor: str | None = None,
) -> Page[PlaceRow]:
    """One stretch of what `search_places` finds. Raises `FieldError` for a cursor of another list."""
    letters = sought(q)
    if len(letters) < FEWEST_LETTERS:
        return Page(items=[], next=None)
    words = letters.split()[:MOST_WORDS]
    # Likeness of short words would look at a quarter of the country to find nothing that anybody meant.
    long_ones = " ".join(word for word in words if len(word) >= LEAST_ALIKE)
    area = None if near == EVERYWHERE else near
    statement, key = _statement(len(words), bool(long_ones), level, within or EVERYWHERE, area, limit)
    if cursor is not None:
        statement = after(statement.order_by(None), key, cursor, newest_first=False)
    given = {f"word_{at}": word for at, word in enumerate(words)}
    return page_of(
        db.execute(statement, {"whole": " ".join(words), "long_ones": long_ones, **given}).all(),
        limit,
        PlaceRow.model_validate,
        lambda row: (row.tier, row.depth, row.distance, row.code),
    )


@kept
def _statement(
    number: int, by_likeness: bool, level: PlaceLevel | None, within: Area, near: Area | None, limit: int
) -> tuple[Select[Any], tuple[ColumnElement[Any], ...]]:
    """What finds places by so many words, `word_0` and on, and the key of its order. `whole` is all of them."""
    words = [bindparam(f"word_{at}", type_=String) for at in range(number)]
    whole, long_ones = bindparam("whole", type_=String), bindparam("long_ones", type_=String)
    open_ones: tuple[ColumnElement[bool], ...] = (Place.ended_on.is_(None), in_area(Place.area_code, within))
    if level is not None:
        open_ones = (*open_ones, Place.level == level.value)
    columns = (Place.code, Place.level, Place.name, Place.path, _depth(near))
    fitting = (
        select(*columns, _fit(whole, words[0]).label("tier"), _distance(func.similarity(whole, _NAME)))
        .where(*(_begins(Place.folded, word) for word in words), *open_ones)
        .cte("fitting")
    )
    branches = [select(fitting)]
    if by_likeness:
        likeness = func.word_similarity(long_ones, _NAME)
        branches.append(
            select(*columns, literal(_ALIKE, Integer).label("tier"), _distance(likeness)).where(
                long_ones.op("<%")(Place.folded), *open_ones, ~exists(select(fitting.c.code))
            )
        )
    found = union_all(*branches).subquery("found")
    key = (found.c.tier, found.c.depth, found.c.distance, found.c.code)
    return after(select(found), key, None, newest_first=False).limit(limit + 1), key


_EXACT, _BEGINS, _NARROWED, _INSIDE, _ELSEWHERE, _ALIKE = range(6)


def _fit(whole: ColumnElement[str], first: ColumnElement[str]) -> ColumnElement[int]:
    return case(
        (whole == func.any(func.string_to_array(_NAME, SPELLING_MARK)), _EXACT),
        (_starts(_NAME, whole), _BEGINS),
        (_starts(_NAME, first), _NARROWED),
        (_begins(_NAME, first), _INSIDE),
        else_=_ELSEWHERE,
    )


def _depth(near: Area | None) -> ColumnElement[int]:
    depth: ColumnElement[int] = case(_LEVELS, value=Place.level)
    if near is not None:
        depth += case((in_area(Place.area_code, near), 0), else_=len(_LEVELS))
    return depth.label("depth")


# What is sought has letters, digits and blanks only (`spelling`): there is nothing that a pattern would have to escape.


def _begins(column: ColumnElement[Any] | Any, word: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether any word of the text begins with these letters; both patterns use the trigram index."""
    return or_(column.startswith(word), column.contains(literal(" ") + word))


def _starts(column: ColumnElement[Any], words: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether one of the spellings begins with these letters."""
    return or_(column.startswith(words), column.contains(literal(SPELLING_MARK) + words))


def _distance(similarity: ColumnElement[float]) -> ColumnElement[int]:
    return cast(_STEPS * (1 - similarity), Integer).label("distance")
