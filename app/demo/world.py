"""The invented world as it was written down, and who tells what happened in it since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.demo.draft import Draft
from app.demo.houses import Family, House
from app.demo.lives import Life
from app.demo.staff import Staff
from app.placements.models import Placement


@dataclass(frozen=True, slots=True)
class World:
    """Everything that was drawn up; the rows are those of the draft."""

    draft: Draft
    staff: Staff
    houses: Sequence[House]
    families: Sequence[Family]
    lives: Sequence[Life]
    twice: Sequence[tuple[Life, Life]]
    """Pairs of records that are of one child."""


@dataclass(slots=True)
class Teller:
    """Lets the invented people do today what people do with the service: through its verbs, as themselves."""

    db: Session
    world: World
    _told: set[UUID] = field(default_factory=set)

    def actor(self, role: Role) -> Actor:
        """Somebody who is called after a role."""
        actor = self.world.staff.called(role.value).actor
        if role is Role.INSTITUTION_MANAGER:
            return replace(actor, institution_id=self.world.houses[0].id)
        return actor

    @property
    def worker(self) -> Actor:
        """The social worker whose caseload has the stories."""
        return self.actor(Role.SOCIAL_WORKER)

    @property
    def supervisor(self) -> Actor:
        """Who approves what the social worker asks for."""
        return self.actor(Role.DISTRICT_SUPERVISOR)

    def id(self) -> UUID:
        """An identifier that follows from the seed."""
        return self.world.draft.id()

    def ago(self, days: int) -> date:
        """The day that many days before today."""
        return self.world.draft.ago(days)

    def take(self, fits: Callable[[Life], bool] = lambda _life: True) -> Life | None:
        """A child of the social worker whose age is known, with a case, of whom nothing was told yet; else None."""
        for life in self.world.lives:
            if life.id is None or life.id in self._told or life.restricted or life.case_id is None:
                continue
            if life.row is None or life.row["born_on"] is None:
                continue
            if life.worker is not None and life.worker.username == Role.SOCIAL_WORKER.value and fits(life):
                self._told.add(life.id)
                return life
        return None

    def placement(self, life: Life) -> UUID:
        """The placement that is open."""
        rows = self.world.draft.rows[Placement]
        found: UUID = next(row["id"] for row in rows if row["child_id"] == life.id and row["ended_on"] is None)
        return found

    def age(self, life: Life) -> int:
        """Full years today, as the child's true date of birth says."""
        return (self.world.draft.today - life.born_on).days * 4 // 1461


def at_home(life: Life) -> bool:
    """Whether a child lives with a family."""
    return life.now is not None and life.now.family is not None


def in_the_house(life: Life) -> bool:
    """Whether a child lives in an institution."""
    return life.now is not None and life.now.house is not None
