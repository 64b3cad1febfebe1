"""The levels of places."""

from app.core.i18n import N_
from app.core.words import Word


class PlaceLevel(Word):
    """The levels, from the country down."""

    COUNTRY = "country", N_("Country")
    PROVINCE = "province", N_("Province")
    DISTRICT = "district", N_("District")
    SECTOR = "sector", N_("Sector")
    CELL = "cell", N_("Cell")
    VILLAGE = "village", N_("Village")
