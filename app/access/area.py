"""Areas as intervals of village codes: "in district 12" is 12000000 to 12999999.

NISR codes nest: a parent's code is the prefix of its child's. Every record carries `area_code`, its place's code
padded to the eight digits of a village (a record known only to its sector 1101 carries 11010000).
"""

from dataclasses import dataclass

COUNTRY_CODE = 0
DIGITS = 8


@dataclass(frozen=True, slots=True)
class Area:
    """All area codes from `lo` to `hi`, both included; empty when `lo` is greater."""

    lo: int
    hi: int

    def __contains__(self, area_code: int) -> bool:
        return self.lo <= area_code <= self.hi


NOWHERE = Area(1, 0)
EVERYWHERE = Area(0, 99_999_999)


def area_code_of(place_code: int) -> int:
    """A place's code padded to village digits; the country is 0."""
    return place_code * 10 ** (DIGITS - len(str(place_code))) if place_code else 0


def area_of(place_code: int) -> Area:
    """The interval of all villages inside a place."""
    if place_code == COUNTRY_CODE:
        return EVERYWHERE
    width = 10 ** (DIGITS - len(str(place_code)))
    return Area(place_code * width, place_code * width + width - 1)


def district_of(area_code: int) -> int | None:
    """The code of the district that an area code lies in, or None above districts."""
    district = area_code // 1_000_000
    return district if district >= 11 and district % 10 else None


def ancestors(area_code: int) -> dict[str, int]:
    """The codes of the places that hold an area code, by level, as far down as it is known."""
    levels = {"district": 6, "sector": 4, "cell": 2, "village": 0}
    found = {}
    for level, digits in levels.items():
        code = area_code // 10**digits
        if code % (10 if level == "district" else 100):
            found[level] = code
    return found
