"""The place picker of a form: what is chosen, and what its letters find where there is no JavaScript."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import EVERYWHERE, Area, area_of, district_of
from app.core.forms import Form
from app.places.queries import find_place
from app.places.schemas import PlaceRow
from app.places.search import search_places
from app.places.words import PlaceLevel

LONGEST = 100
_LONGEST_CODE = 8


@dataclass(frozen=True, slots=True)
class Picker:
    """What `ui.place_picker` needs to know: `chosen=picker.chosen, found=picker.found`."""

    chosen: PlaceRow | None
    found: list[PlaceRow] | None


def seeks_place(form: Form) -> bool:
    """Whether the form was sent to find a place, not to be carried out."""
    return form.value("_action") == "find_place"


def pick_place(
    db: Session, form: Form, name: str, level: PlaceLevel, actor: Actor, *, present: int | None = None
) -> Picker:
    """The picker of a field: the place of the form's value or else of the record's, and what the letters find."""
    typed = form.value(name).strip()
    is_code = typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_CODE
    code = int(typed) if is_code else present
    letters = form.value(f"_{name}-q").strip()[:LONGEST] if seeks_place(form) else ""
    return Picker(
        chosen=None if code is None else find_place(db, code),
        found=search_places(db, letters.replace("\x00", ""), level=level, near=around(actor)) if letters else None,
    )


def around(actor: Actor) -> Area:
    """The district that somebody works in: its places come first in what they search."""
    district = district_of(actor.area.lo)
    return EVERYWHERE if district is None else area_of(district)
