"""A child's own names in what people wrote, for sheets and readers that know the child by code. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator

from app.core.text import fold

_WORD = re.compile("(?:[^\\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f])+")
_JOINTS = " \t\n-" + "'\u2019\u02bc`"
_LEAST = 3
"""A shorter part of a name, such as "de", is also an ordinary word; alone it is left."""


def hide_names(text: str, names: Collection[str], instead: str) -> str:
    """The text with a person's names, whole or each word of them, replaced; spelling of case and accents is the same.

    Names that stand side by side are replaced once: "Iriza Mukamana came" becomes "I. M. came". A name in another
    spelling, the names of others and what happened stay, and may tell who it is.
    """
    return hide_all_names(text, [(names, instead)])


def hide_all_names(text: str, known: Iterable[tuple[Collection[str], str]]) -> str:
    """The same for several people, the longest name first; a name that two of them bear is the first one's."""
    sought: dict[tuple[str, ...], str] = {}
    for names, words in known:
        sought = dict.fromkeys(_sought(names), words) | sought
    made, done = [], 0
    for start, end, instead in _joined(text, _found(text, sought)):
        made += [text[done:start], instead]
        # The full stop of the initials is the one of the sentence as well.
        done = end + (instead.endswith(".") and text[end : end + 1] == ".")
    return "".join([*made, text[done:]])


def _sought(names: Collection[str]) -> set[tuple[str, ...]]:
    sought: set[tuple[str, ...]] = set()
    for name in names:
        words = tuple(fold(word) for word in _WORD.findall(name))
        if words:
            sought |= {words, words[::-1], ("".join(words),)} | {(word,) for word in words if len(word) >= _LEAST}
    return sought


def _found(text: str, sought: dict[tuple[str, ...], str]) -> Iterator[tuple[int, int, str]]:
    words = [(match.start(), match.end(), fold(match.group())) for match in _WORD.finditer(text)]
    longest, at = max(map(len, sought), default=0), 0
    while at < len(words):
        sizes = range(min(longest, len(words) - at), 0, -1)
        size = next((size for size in sizes if tuple(word[2] for word in words[at : at + size]) in sought), 0)
        if size:
            instead = sought[tuple(word[2] for word in words[at : at + size])]
            yield words[at][0], words[at + size - 1][1], instead
        at += size or 1


def _joined(text: str, found: Iterator[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    joined: list[tuple[int, int, str]] = []
    for start, end, instead in found:
        if joined and joined[-1][2] == instead and not text[joined[-1][1] : start].strip(_JOINTS):
            joined[-1] = (joined[-1][0], end, instead)
        else:
            joined.append((start, end, instead))
    return joined
