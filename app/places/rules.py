"""How codes, names and paths of places hang together."""

import re
from collections.abc import Iterable, Sequence

from app.core.text import fold

LEVEL_OF_DIGITS = {1: "province", 2: "district", 4: "sector", 6: "cell", 8: "village"}
COUNTRY_NAME = "Rwanda"
SPELLING_MARK = "; "
"""Stands between the spellings of one place in what a search looks at."""
PATH_MARK = ", "
"""Stands between a place and the one that holds it."""

# "Nyamata y' Umujyi" and "Nyamata y'umujyi" are one name.
_AFTER_APOSTROPHE = re.compile(r"(?<=['\u2019\u02bc`])\s+")
# What people write with a name to say its level; in Kinyarwanda with the particle that joins the two.
_LEVEL_WORDS = re.compile(
    r"\b(?:(?:umudugudu|akagari|umurenge|akarere|intara)(?: (?:wa|ka|ya|y))?"
    r"|village|cell|sector|district|province|cellule|secteur)(?: |$)"
)


def level_of(code: int) -> str | None:
    """The level that a code's digits say, or None for a number that is no code."""
    if code < 0:
        return None
    return "country" if code == 0 else LEVEL_OF_DIGITS.get(len(str(code)))


def parent_of(code: int) -> int | None:
    """The code of the place that holds it; the country has none."""
    match level_of(code):
        case None | "country":
            return None
        case "province":
            return 0
        case "district":
            return code // 10
        case _:
            return code // 100


def lineage(code: int) -> list[int]:
    """A code and those that hold it, from the place itself up to its province."""
    codes = []
    here: int | None = code
    while here:
        codes.append(here)
        here = parent_of(here)
    return codes


def path_of(names: Sequence[str]) -> str:
    """A place in words, from the names of its lineage: "Kabeza, Kibenga cell, Mageregere sector, Nyarugenge".

    The name comes first, so that it can be told from the rest.
    """
    match list(names):
        case []:
            return COUNTRY_NAME
        case [province]:
            return province
        case [district, _province]:
            return f"{district} district"
        case [sector, district, _province]:
            return f"{sector} sector, {district}"
        case [cell, sector, district, _province]:
            return f"{cell} cell, {sector} sector, {district}"
        case [village, cell, sector, district, *_province]:
            return f"{village}, {cell} cell, {sector} sector, {district}"
        case _:  # pragma: no cover - the patterns above hold every length
            raise ValueError(names)


def spelling(text: str) -> str:
    """A name as a search compares it: folded, and l written r, which are one sound in Kinyarwanda."""
    elided = _AFTER_APOSTROPHE.sub("", text)
    kept = (character if character.isalnum() else " " for character in fold(elided))
    return " ".join("".join(kept).split()).replace("l", "r")


def sought(text: str) -> str:
    """What somebody types into a search, without the words for levels unless there is nothing else."""
    return spelling(_LEVEL_WORDS.sub("", fold(_AFTER_APOSTROPHE.sub("", text)))) or spelling(text)


def spellings(names: Iterable[str]) -> str:
    """All spellings of one place, its present name first, each once."""
    return SPELLING_MARK.join(dict.fromkeys(spelling(name) for name in names))
