"""The record in full, for the tests of the house."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core.ids import new_id
from app.record.models import Identity, PreviousAddress
from tests.house.parts import Around, Part, Valid
from tests.make import SECTOR, make_address, make_identity
from tests.record.bodies import GROUPS

_WORKER = Role.SOCIAL_WORKER


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    return {
        "identity": [make_identity(db, around.child)],
        "previous_address": [make_address(db, around.child)],
    }


def an_identity(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "kind": "national_id", "number": "1 2018 8 0099887 6 54", "note": "Gitega office"}


def an_address(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "place": SECTOR, "words": "Behind the market", "with_whom": "Aunt", "from_year": 2019}


def _child_of_worker(world: Any) -> dict[str, Any]:
    return {"child_id": world.one("child").id}


def _form(group: str) -> Valid:
    return Valid(_WORKER, lambda _world: GROUPS[group] | {"_version": 0}, _child_of_worker)


_WITHDRAW = Valid(_WORKER, lambda _world: {"reason": "It is her sister's"})

PART = Part(
    subjects={"identity_id": "identity", "address_id": "previous_address"},
    records=_records,
    valid={f"POST /children/{{child_id}}/record/{group}": _form(group) for group in GROUPS}
    | {
        f"PATCH /api/v1/children/{{child_id}}/record/{group}": Valid(_WORKER, lambda _world, body=body: body)
        for group, body in GROUPS.items()
    }
    | {
        "POST /children/{child_id}/identities/new": Valid(_WORKER, an_identity),
        "POST /api/v1/children/{child_id}/identities": Valid(_WORKER, an_identity),
        "POST /identities/{identity_id}/reveal": Valid(_WORKER),
        "POST /api/v1/identities/{identity_id}/reveal": Valid(_WORKER),
        "POST /identities/{identity_id}/withdraw": _WITHDRAW,
        "POST /api/v1/identities/{identity_id}/withdraw": _WITHDRAW,
        "POST /children/{child_id}/addresses/new": Valid(_WORKER, an_address),
        "POST /api/v1/children/{child_id}/addresses": Valid(_WORKER, an_address),
        "POST /addresses/{address_id}/withdraw": _WITHDRAW,
        "POST /api/v1/addresses/{address_id}/withdraw": _WITHDRAW,
    },
    creating={
        "identity": (
            _WORKER,
            "POST /children/{child_id}/identities/new",
            "POST /api/v1/children/{child_id}/identities",
            Identity,
            "note",
        ),
        "previous_address": (
            _WORKER,
            "POST /children/{child_id}/addresses/new",
            "POST /api/v1/children/{child_id}/addresses",
            PreviousAddress,
            "words",
        ),
    },
    bodies={
        "POST /children/{child_id}/identities": {"kind": "passport", "number": "PC123456"},
        "POST /children/{child_id}/addresses": {"words": "Behind the market"},
        "POST /identities/{identity_id}/withdraw": {"reason": "It is her sister's"},
        "POST /addresses/{address_id}/withdraw": {"reason": "It is her sister's"},
    },
    # Who may write in the file, and who may see health, is narrower than who may read the file.
    narrower=frozenset(
        {f"/children/{{child_id}}/record/{group}" for group in GROUPS}
        | {
            "/children/{child_id}/identities/new",
            "/children/{child_id}/addresses/new",
            "/identities/{identity_id}/withdraw",
            "/addresses/{address_id}/withdraw",
        }
    ),
)
