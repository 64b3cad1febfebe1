"""Who is acting: a plain frozen value, detached from the database."""

from dataclasses import dataclass
from uuid import UUID

from app.access.area import Area
from app.access.permissions import Permission
from app.access.roles import ROLE_LEVEL, ROLE_PERMISSIONS, Level, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person acting in one post. `place_code` is the post's place, `area` all that lies inside it."""

    account_id: UUID
    username: str
    display_name: str
    post_id: UUID
    role: Role
    place_code: int
    place_name: str
    area: Area
    institution_id: UUID | None = None
    language: str | None = None
    session_id: UUID | None = None
    must_change_password: bool = False
    posts: int = 1

    @property
    def level(self) -> Level | None:
        """The rung of the ladder that this person stands on, or None."""
        return ROLE_LEVEL.get(self.role)

    def may_ever(self, permission: Permission) -> bool:
        """Whether the role has a permission at all; where and when is asked elsewhere."""
        return permission in ROLE_PERMISSIONS[self.role]
