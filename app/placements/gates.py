"""Who must agree before a child may live somewhere, and what follows: domains above name their own question here."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.placements.words import PlacementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A placement that begins in this transaction; `corrects` where it only puts a mistaken record right.

    `found` where the child was found living there already, by a count or a report of the house: that is a fact to
    write down and to act on, whatever should have been asked before. `from_kind` is how the child lived before, and
    `leaves` says that this start ends that stay; `undecided_reason` why nobody had decided so.
    """

    placement_id: UUID
    child_id: UUID
    kind: PlacementKind
    from_kind: PlacementKind | None
    started_on: date
    institution_id: UUID | None
    household_id: UUID | None
    post_id: UUID | None
    area_code: int
    corrects: bool
    found: bool
    leaves: bool
    undecided_reason: str | None


@dataclass(frozen=True, slots=True)
class ChosenHome:
    """A household that was chosen for a child before the placement starts."""

    household_id: UUID
    code: str


Gate = Callable[[Session, Actor, Start], None]
Refusals = Callable[[Session, Sequence[UUID]], Mapping[UUID, str]]
Choice = Callable[[Session, Actor, UUID, PlacementKind], ChosenHome | None]
Undecided = Callable[[Session, UUID], Collection[PlacementKind]]
_gates: list[Gate] = []
_refusals: list[Refusals] = []
_choices: list[Choice] = []
_undecided: list[Undecided] = []


def on_start(gate: Gate) -> None:
    """Lets a domain above look at every placement that starts; it refuses one by raising `FieldError`.

    What it does itself is part of the start, and is taken back where another one refuses.
    """
    _gates.append(gate)


def pass_gates(db: Session, actor: Actor, start: Start) -> None:
    """Asks all gates; whatever one raises takes the whole start back."""
    for gate in _gates:
        gate(db, actor, start)


def on_offer(refusals: Refusals) -> None:
    """Lets a domain above say which households may not foster a further child now, and why, before one is chosen."""
    _refusals.append(refusals)


def why_not_foster(db: Session, household_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Which of some households may not foster a further child now, and why."""
    return {key: reason for refusals in _refusals for key, reason in refusals(db, household_ids).items()}


def on_choice(choice: Choice) -> None:
    """Lets a domain above say which household was chosen for a child already, so that the form starts with it."""
    _choices.append(choice)


def chosen_home(db: Session, actor: Actor, child_id: UUID, kind: PlacementKind) -> ChosenHome | None:
    """The household that was chosen for a child to live with in this kind of care, if any."""
    return next((home for choice in _choices if (home := choice(db, actor, child_id, kind)) is not None), None)


def on_undecided(undecided: Undecided) -> None:
    """Lets a domain above say which moves out of an institution ask for a reason, so that the form asks for it."""
    _undecided.append(undecided)


def undecided_kinds(db: Session, child_id: UUID) -> set[PlacementKind]:
    """The kinds into which a child of an institution moves with a reason only, because nobody has decided so.

    A decision that names a family counts here for any: which one it will be is not known yet.
    """
    return {kind for undecided in _undecided for kind in undecided(db, child_id)}
