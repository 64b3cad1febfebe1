"""Approvals, for the tests of the house."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from tests.house.parts import WORKERS, Around, Part, Valid
from tests.make import actor_for, make_approval


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    made = make_approval(db, around.child, around.worker)
    return {"approval": [made]}


def _of_another(world: Any) -> dict[str, Any]:
    """An approval that a supervisor may decide: asked by a worker of the district."""
    asked = make_approval(world.db, world.one("child"), actor_for(world.db, Role.SOCIAL_WORKER))
    return {"approval_id": asked.id}


def _own(world: Any) -> dict[str, Any]:
    return {"approval_id": make_approval(world.db, world.one("child"), world.actor).id}


_SUPERVISOR, _WORKER = Role.DISTRICT_SUPERVISOR, Role.SOCIAL_WORKER
_APPROVE = Valid(_SUPERVISOR, lambda _world: {"reason": "Well observed"}, _of_another)
_RETURN = Valid(_SUPERVISOR, lambda _world: {"reason": "The father is not mentioned"}, _of_another)
_WITHDRAW = Valid(_WORKER, path=_own)

PART = Part(
    subjects={"approval_id": "approval"},
    # A worker reads what their own post asked, which a world gives them where the case is theirs.
    reach={
        "approval": {role: {"referred"} for role in (*WORKERS, Role.SECTOR_OFFICER, Role.NATIONAL_MANAGER)}
        | {Role.DISTRICT_SUPERVISOR: {"own", "referred"}}
    },
    records=_records,
    valid={
        "POST /approvals/{approval_id}/approve": _APPROVE,
        "POST /approvals/{approval_id}/return": _RETURN,
        "POST /approvals/{approval_id}/withdraw": _WITHDRAW,
        "POST /api/v1/approvals/{approval_id}/approve": _APPROVE,
        "POST /api/v1/approvals/{approval_id}/return": _RETURN,
        "POST /api/v1/approvals/{approval_id}/withdraw": _WITHDRAW,
    },
    bodies={"POST /approvals/{approval_id}/return": {"reason": "The father is not mentioned"}},
)
