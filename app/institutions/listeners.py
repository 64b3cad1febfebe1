"""What other domains do when an institution turns out to stand elsewhere: they lie above and say so themselves."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor

AreaListener = Callable[[Session, Actor, UUID, int], object]
AreaTeller = Callable[[Session, Actor, UUID], list[str]]
_on_area_changed: list[AreaListener] = []
_on_area_asked: list[AreaTeller] = []


def on_area_changed(listener: AreaListener) -> None:
    """Calls a function with an institution and its new area code, in the transaction that corrected its sector."""
    _on_area_changed.append(listener)


def area_changed(db: Session, actor: Actor, institution_id: UUID, area_code: int) -> None:
    """Tells all who listen; for the verbs of the register."""
    for listener in _on_area_changed:
        listener(db, actor, institution_id, area_code)


def on_area_asked(teller: AreaTeller) -> None:
    """Calls a function for what it would take along if an institution stood elsewhere, in words for who asks."""
    _on_area_asked.append(teller)


def goes_along(db: Session, actor: Actor, institution_id: UUID) -> list[str]:
    """What follows an institution to another sector, before anybody moves it; for the form of the register."""
    return [words for teller in _on_area_asked for words in teller(db, actor, institution_id)]
