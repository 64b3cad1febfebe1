"""For whom one copy of a sheet is made, and what follows for the words on it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.core.formats import label
from app.core.sheets import Part

Told = Callable[[str], str]
"""Free text as it may stand on the sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy: how free text is told, whether names stand on it, and whether it leaves the service."""

    told: Told
    names: bool
    outside: bool

    def words(self, value: Any) -> str:
        """A word, yes or no, or free text; a dash for nothing."""
        return self.told(value) if isinstance(value, str) and value and not hasattr(value, "label") else label(value)

    def facts(self, pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
        """Pairs for a part, without those of which nothing is known."""
        return [(name, self.words(value)) for name, value in pairs if value is not None and value != ""]


def filled(parts: Iterable[Part]) -> list[Part]:
    """The parts in which something stands."""
    return [part for part in parts if part.facts or part.rows or part.text or part.boxes or part.lines or part.empty]
