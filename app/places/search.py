"""Finding places by the letters of a name, best first, in one statement."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.access.area import EVERYWHERE, Area
from app.access.scope import in_area
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
    whole = literal(" ".join(words))
    open_ones: tuple[ColumnElement[bool], ...] = (
        Place.ended_on.is_(None),
        in_area(Place.area_code, within or EVERYWHERE),
    )
    if level is not None:
        open_ones = (*open_ones, Place.level == PlaceLevel(level).value)
    columns = (Place.code, Place.level, Place.name, Place.path, _depth(near))
    fitting = (
        select(*columns, _fit(words).label("tier"), _distance(func.similarity(whole, _NAME)))
        .where(*(_begins(Place.folded, word) for word in words), *open_ones)
        .cte("fitting")
    )
    branches = [select(fitting)]
    # Likeness of short words would look at a quarter of the country to find nothing that anybody meant.
    long_ones = " ".join(word for word in words if len(word) >= LEAST_ALIKE)
    if long_ones:
        likeness = func.word_similarity(long_ones, _NAME)
        branches.append(
            select(*columns, literal(_ALIKE, Integer).label("tier"), _distance(likeness)).where(
                literal(long_ones).op("<%")(Place.folded), *open_ones, ~exists(select(fitting.c.code))
            )
        )
    found = union_all(*branches).subquery("found")
    key = (found.c.tier, found.c.depth, found.c.distance, found.c.code)
    statement = after(select(found), key, cursor, newest_first=False).limit(limit + 1)
    return page_of(
        db.execute(statement).all(),
        limit,
        PlaceRow.model_validate,
        lambda row: (row.tier, row.depth, row.distance, row.code),
    )


_EXACT, _BEGINS, _NARROWED, _INSIDE, _ELSEWHERE, _ALIKE = range(6)


def _fit(words: list[str]) -> ColumnElement[int]:
    whole, first = " ".join(words), words[0]
    return case(
        (literal(whole) == func.any(func.string_to_array(_NAME, SPELLING_MARK)), _EXACT),
        (_starts(_NAME, whole), _BEGINS),
        (_starts(_NAME, first), _NARROWED),
        (_begins(_NAME, first), _INSIDE),
        else_=_ELSEWHERE,
    )


def _depth(near: Area | None) -> ColumnElement[int]:
    depth: ColumnElement[int] = case(_LEVELS, value=Place.level)
    if near is not None and near != EVERYWHERE:
        depth += case((in_area(Place.area_code, near), 0), else_=len(_LEVELS))
    return depth.label("depth")


def _begins(column: ColumnElement[Any] | Any, word: str) -> ColumnElement[bool]:
    """Whether any word of the text begins with these letters; both patterns use the trigram index."""
    return or_(column.startswith(word, autoescape=True), column.contains(f" {word}", autoescape=True))


def _starts(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Whether one of the spellings begins with these letters."""
    return or_(column.startswith(words, autoescape=True), column.contains(f"{SPELLING_MARK}{words}", autoescape=True))


def _distance(similarity: ColumnElement[float]) -> ColumnElement[int]:
    return cast(_STEPS * (1 - similarity), Integer).label("distance")
