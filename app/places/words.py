"""The levels of places, and paths in the reader's language."""

from app.core.i18n import N_, gettext
from app.core.words import Word


class PlaceLevel(Word):
    """The levels, from the country down."""

    COUNTRY = "country", N_("Country")
    PROVINCE = "province", N_("Province")
    DISTRICT = "district", N_("District")
    SECTOR = "sector", N_("Sector")
    CELL = "cell", N_("Cell")
    VILLAGE = "village", N_("Village")


_LAST_WORD = {
    "cell": N_("%(name)s cell"),
    "sector": N_("%(name)s sector"),
    "district": N_("%(name)s district"),
}


def path_in_words(path: str) -> str:
    """A stored path in the language of whoever reads it; in English it stays as it is."""
    return ", ".join(_part(part) for part in path.split(", "))


def _part(part: str) -> str:
    name, _space, level = part.rpartition(" ")
    return gettext(_LAST_WORD[level]) % {"name": name} if name and level in _LAST_WORD else part
