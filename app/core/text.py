"""Kinds of text that people type: what is trimmed, what is refused, how long it may be."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from app.core.i18n import gettext as _

# Typewriter's, typographic, modifier letter and backtick: all are typed for the apostrophe of N'Gabo.
APOSTROPHES = frozenset("'\u2019\u02bc`")

# Marks that turn the direction of the text after them: in a name they could disguise another name.
_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _normalise(value: object) -> object:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _one_line(value: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
        raise ValueError(_("Use letters and signs on one line only"))
    if any(character in _DIRECTION_OVERRIDES for character in value):
        raise ValueError(_("Leave out the signs that turn the direction of writing"))
    return " ".join(value.split())


def _many_lines(value: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in value):
        raise ValueError(_("This text has signs that cannot be stored"))
    return value


# The constraints stand right after `str`: behind another validator a name of blanks was long enough.
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_one_line),
    BeforeValidator(_normalise),
]
"""A person's, institution's or place's name: 1 to 100 characters of any script, on one line."""

OptionalName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=100),
    AfterValidator(_one_line),
    BeforeValidator(_normalise),
]
"""A name that may be empty: many people have one name only."""

Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_one_line),
    BeforeValidator(_normalise),
]
"""A short text on one line, 1 to 200 characters."""

Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=2000),
    AfterValidator(_many_lines),
    BeforeValidator(_normalise),
]
"""A text of several lines, at most 2,000 characters; may be empty."""


def fold(text: str) -> str:
    """Lower case without accents, apostrophes and hyphens, for finding: "N'Gabo Éric" becomes "ngabo eric"."""
    # Capitals may come out of the decomposition, and marks out of the small letters: so first and last.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (
        " " if character in "-_/" else character
        for character in decomposed
        if not unicodedata.combining(character) and character not in APOSTROPHES
    )
    return " ".join("".join(kept).split())
