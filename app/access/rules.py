"""Under which circumstances: one-line predicates over an actor and plain facts. No database, no clock."""

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from app.access.actor import Actor
from app.access.roles import CASE_WORKERS, NATIONAL_ROLES, Role


class View(IntEnum):
    """How much of a child an actor sees, from nothing to the whole record."""

    NOTHING = 0
    TASK = 1
    """First name and what is to be done: a volunteer of the village."""
    CODED = 2
    """Code, initials, sex and age, but no name and no address: national staff until they give a reason."""
    RESIDENT = 3
    """The record while the child lives in the actor's institution, never an address after."""
    WHOLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """What the rules need to know of a child."""

    area_code: int
    responsible_post_id: UUID | None = None
    supervising_post_id: UUID | None = None
    institution_id: UUID | None = None
    restricted: bool = False


def inside_area(actor: Actor, area_code: int) -> bool:
    """Whether a record lies in the actor's area."""
    return area_code in actor.area


def is_responsible(actor: Actor, child: ChildFacts) -> bool:
    """Whether the child is in the caseload of the actor's post."""
    return child.responsible_post_id is not None and child.responsible_post_id == actor.post_id


def supervises(actor: Actor, child: ChildFacts) -> bool:
    """Whether the actor's post watches over a case that another post holds: a sector, or a worker elsewhere."""
    return child.supervising_post_id is not None and child.supervising_post_id == actor.post_id


def opens_restricted(actor: Actor, child: ChildFacts) -> bool:
    """Restricted records open only to the responsible worker and the district's supervisor."""
    if actor.role is Role.DISTRICT_SUPERVISOR:
        return answers_for(actor, child) or inside_area(actor, child.area_code)
    return actor.role in CASE_WORKERS and answers_for(actor, child)


def answers_for(actor: Actor, child: ChildFacts) -> bool:
    """Whether the actor's post answers for the case: holds it, or watches over it, wherever the child lives."""
    return is_responsible(actor, child) or supervises(actor, child)


def view_of_child(actor: Actor, child: ChildFacts) -> View:
    """How much of a child an actor may see, by role, place, caseload and restriction."""
    if actor.role is Role.INSTITUTION_MANAGER:
        lives_here = child.institution_id is not None and child.institution_id == actor.institution_id
        return View.RESIDENT if lives_here and not child.restricted else View.NOTHING
    if child.restricted:
        return View.WHOLE if opens_restricted(actor, child) else View.NOTHING
    if actor.role in CASE_WORKERS | {Role.DISTRICT_SUPERVISOR}:
        return View.WHOLE if answers_for(actor, child) or inside_area(actor, child.area_code) else View.NOTHING
    if actor.role is Role.SECTOR_OFFICER:
        return View.WHOLE if is_responsible(actor, child) else View.NOTHING
    if actor.role in NATIONAL_ROLES:
        return View.CODED
    if actor.role is Role.VOLUNTEER and inside_area(actor, child.area_code):
        return View.TASK if child.institution_id is None else View.NOTHING
    return View.NOTHING


def not_own_approval(actor: Actor, author_account_id: UUID) -> bool:
    """Whoever wrote a decision does not approve it."""
    return actor.account_id != author_account_id
