"""Consents, for the tests of the house."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.consents.models import Consent, Withholding
from app.core.clock import today
from app.core.ids import new_id
from tests.house.parts import Around, Part, Valid
from tests.make import make_consent, make_withholding

_WORKER = Role.SOCIAL_WORKER


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    return {
        "consent": [make_consent(db, around.child)],
        "withholding": [make_withholding(db, around.child)],
    }


def a_consent(_world: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "purpose": "sharing",
        "organisation": "Isange One Stop Centre",
        "answer": "given",
        "how": "oral",
        "given_by": "caregiver",
        "giver_name": "Uwase Marie",
        "assent": "yes",
        "given_on": today(),
        "note": "Explained twice",
    }


def a_withholding(_world: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "what": "Where she goes to school",
        "from_whom": "Her uncle",
        "reason": "fear_of_harm",
        "note": "She said so herself",
    }


_WITHDRAW = Valid(_WORKER, lambda _world: {"withdrawn_on": today(), "reason": "She thought again"})
_LIFT = Valid(_WORKER, lambda _world: {"reason": "He knows it"})

PART = Part(
    subjects={"consent_id": "consent", "withholding_id": "withholding"},
    records=_records,
    valid={
        "POST /children/{child_id}/consents/new": Valid(_WORKER, a_consent),
        "POST /api/v1/children/{child_id}/consents": Valid(_WORKER, a_consent),
        "POST /consents/{consent_id}/withdraw": _WITHDRAW,
        "POST /api/v1/consents/{consent_id}/withdraw": _WITHDRAW,
        "POST /children/{child_id}/withholdings/new": Valid(_WORKER, a_withholding),
        "POST /api/v1/children/{child_id}/withholdings": Valid(_WORKER, a_withholding),
        "POST /withholdings/{withholding_id}/lift": _LIFT,
        "POST /api/v1/withholdings/{withholding_id}/lift": _LIFT,
    },
    creating={
        "consent": (
            _WORKER,
            "POST /children/{child_id}/consents/new",
            "POST /api/v1/children/{child_id}/consents",
            Consent,
            "note",
        ),
        "withholding": (
            _WORKER,
            "POST /children/{child_id}/withholdings/new",
            "POST /api/v1/children/{child_id}/withholdings",
            Withholding,
            "note",
        ),
    },
    bodies={
        "POST /children/{child_id}/consents": {"purpose": "services", "given_on": today().isoformat()},
        "POST /consents/{consent_id}/withdraw": {"withdrawn_on": today().isoformat(), "reason": "She thought again"},
        "POST /children/{child_id}/withholdings": {"what": "School", "from_whom": "Uncle", "reason": "other"},
        "POST /withholdings/{withholding_id}/lift": {"reason": "He knows it"},
    },
    narrower=frozenset(
        {
            "/children/{child_id}/consents/new",
            "/consents/{consent_id}/withdraw",
            "/children/{child_id}/withholdings/new",
            "/withholdings/{withholding_id}/lift",
        }
    ),
)
