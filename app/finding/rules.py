"""Who agrees to a join, and who parts two records."""

from dataclasses import dataclass

from app.access.actor import Actor
from app.access.permissions import Permission


@dataclass(frozen=True, slots=True)
class Agreement:
    """Which sides of a join have agreed from the beginning."""

    near: bool
    far: bool

    @property
    def complete(self) -> bool:
        """Whether nobody else has to agree."""
        return self.near and self.far


def agreed_at_once(actor: Actor, near_district: int, far_district: int) -> Agreement:
    """What the asker agrees to by asking: a supervisor for the own district, a worker for none.

    Records of two districts need both supervisors, whoever asks.
    """
    joins = actor.may_ever(Permission.CHILDREN_MERGE)
    return Agreement(
        near=joins and actor.place_code == near_district,
        far=near_district == far_district or (joins and actor.place_code == far_district),
    )
