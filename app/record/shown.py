"""The record as pairs of words for people: on its page, beside a form that came too late, and on paper."""

from typing import Any

from app.core.i18n import N_, gettext
from app.core.i18n import gettext as _
from app.record.schemas import (
    AddressRow,
    BirthPart,
    HealthPart,
    LanguagesPart,
    NamesPart,
    ParentsPart,
    SchoolPart,
)
from app.record.words import RecordGroup

LABELS: dict[str, str] = {
    "registration": N_("Registration of the birth"),
    "registered_at": N_("Registered at"),
    "known_by": N_("How the date of birth is known"),
    "mother_status": N_("Mother"),
    "mother_name": N_("The mother's name"),
    "father_status": N_("Father"),
    "father_name": N_("The father's name"),
    "note": N_("What else is known of the parents"),
    "languages": N_("Languages"),
    "other_language": N_("Which other language"),
    "religion": N_("Religion, because the family asks"),
    "level": N_("School"),
    "year": N_("Class"),
    "school": N_("Name of the school"),
    "attends": N_("Goes there now"),
    "why_not": N_("Why not"),
    "hiv": N_("HIV"),
    "clinic": N_("Treated at"),
    "notes": N_("Health notes"),
}
_FIELDS: dict[type[Any], tuple[str, ...]] = {
    BirthPart: ("registration", "registered_at", "known_by"),
    ParentsPart: ("mother_status", "mother_name", "father_status", "father_name", "note"),
    LanguagesPart: ("languages", "other_language", "religion"),
    SchoolPart: ("level", "year", "school", "attends", "why_not"),
    HealthPart: ("hiv", "clinic", "notes"),
}
PART_OF = {
    RecordGroup.NAMES: "names",
    RecordGroup.BIRTH: "birth",
    RecordGroup.PARENTS: "parents",
    RecordGroup.LANGUAGES: "languages",
    RecordGroup.SCHOOL: "school",
}


def rows_of(part: Any) -> list[tuple[str, Any]]:
    """What stands in a group, as (words, value); what is empty is left out."""
    if isinstance(part, NamesPart):
        return [(name.kind.label, name.name) for name in part.names]
    pairs = ((gettext(LABELS[name]), getattr(part, name)) for name in _FIELDS[type(part)])
    return [(label, _words(value)) for label, value in pairs if value is not None and value not in ("", [])]


def _words(value: Any) -> Any:
    return ", ".join(str(getattr(item, "label", item)) for item in value) if isinstance(value, list) else value


def years(address: AddressRow) -> str | None:
    """From when until when, in words."""
    if address.from_year and address.until_year:
        return _("%(first)s to %(last)s") % {"first": address.from_year, "last": address.until_year}
    if address.from_year:
        return _("since %(year)s") % {"year": address.from_year}
    if address.until_year:
        return _("until %(year)s") % {"year": address.until_year}
    return None
