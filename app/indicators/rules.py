"""Periods, shares and what must not be shown because it would point at a child. No database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

FEWEST_SHOWN = 5
"""Counts of 1 to 4 are not told to whoever sees suppressed statistics only."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def quarter_of(day: date) -> Period:
    """The quarter that a day lies in."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    following = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return Period(first, following - timedelta(days=1))


def fiscal_quarter(day: date) -> tuple[str, int]:
    """The fiscal year, such as "2026/27", and its quarter of a day."""
    start = day.year if day.month >= 7 else day.year - 1
    return f"{start}/{(start + 1) % 100:02d}", (day.month - 7) % 12 // 3 + 1


@dataclass(frozen=True, slots=True)
class Count:
    """A number of one row: numerator, denominator (None for a plain count), and a median where it is one."""

    key: str
    label: str
    numerator: int | None
    denominator: int | None = None
    value: float | None = None
    suppressed: bool = False


def share(numerator: int, denominator: int) -> float | None:
    """The ratio in per cent, or None where nothing was due."""
    return 100 * numerator / denominator if denominator else None


def is_small(count: Count) -> bool:
    """Whether a row counts so few that it could point at a child, on either side of a ratio."""
    if count.numerator is None:
        return False
    if count.denominator is None:
        return 0 < count.numerator < FEWEST_SHOWN
    # A ratio's denominator and its complement give a small numerator away as well.
    return any(
        0 < number < FEWEST_SHOWN
        for number in (count.numerator, count.denominator, count.denominator - count.numerator)
    )


def hidden(count: Count) -> Count:
    """The row with its numbers taken out."""
    return replace(count, numerator=None, denominator=None, value=None, suppressed=True)


def suppress(counts: Sequence[Count]) -> list[Count]:
    """Takes out the small rows; where only one would be missing, the next smallest too, or the total tells it."""
    small = {index for index, count in enumerate(counts) if is_small(count)}
    if len(small) == 1:
        rest = [index for index, count in enumerate(counts) if index not in small and count.numerator]
        if rest:
            small.add(min(rest, key=lambda index: counts[index].denominator or counts[index].numerator or 0))
    return [hidden(count) if index in small else count for index, count in enumerate(counts)]


def residual(opening: int, closing: int, inward: Iterable[int], outward: Iterable[int]) -> int:
    """What the movements do not explain: closing - (opening + in - out); zero when the ledger adds up."""
    return closing - (opening + sum(inward) - sum(outward))
