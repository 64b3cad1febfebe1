"""A list that is narrowed to a place: the place that was chosen, and what its letters find."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.core.schemas import ListQuery
from app.core.text import OptionalName
from app.places.queries import find_place
from app.places.schemas import PlaceRow
from app.places.search import search_places


class SeeksPlace(ListQuery):
    """What the page of a list takes besides the filters of the list: the letters of a place to narrow it by."""

    place_q: Annotated[OptionalName, Field(exclude=True, description="Letters of the name of a place.")] = ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What `ui.place_filter` needs to know; `found` is None while nothing is sought."""

    chosen: PlaceRow | None
    letters: str
    found: list[PlaceRow] | None


def narrowing(db: Session, actor: Actor, place: int | None, letters: str) -> Narrowing:
    """The place by which a list is narrowed, and the places of the actor's area that the letters find."""
    return Narrowing(
        chosen=None if place is None else find_place(db, place),
        letters=letters,
        found=search_places(db, letters, within=actor.area) if letters else None,
    )
