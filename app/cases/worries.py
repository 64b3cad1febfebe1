"""What is known of a worry when a case is opened: a domain above that heard of it first names its answer here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.words import Source
from app.children.words import ConcernType


@dataclass(frozen=True, slots=True)
class Worry:
    """A worry as it was first told, and where that stands: `code` is its name, `href` its address."""

    concern: ConcernType
    village: int | None
    identified_on: date
    source: Source | None
    code: str
    href: str


Hearing = Callable[[Session, Actor, UUID], Worry | None]
_hearings: list[Hearing] = []


def on_worry(hearing: Hearing) -> None:
    """Lets a domain above say what it knows of a child's worry, so that the form of a case begins with it."""
    _hearings.append(hearing)


def worry_about(db: Session, actor: Actor, child_id: UUID) -> Worry | None:
    """What was told of a child before its case, as far as the actor may know it."""
    return next((worry for hearing in _hearings if (worry := hearing(db, actor, child_id)) is not None), None)
