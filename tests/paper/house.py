"""Paper, for the tests of the house."""

from app.access.roles import Role
from tests.house.parts import Part, Valid

_WORKER = Role.SOCIAL_WORKER
_SHEET = Valid(_WORKER, lambda _world: {"sheet": "visit_form", "names": True, "reason": "She signs it herself"})
_DECISION = Valid(_WORKER, lambda _world: {"names": True, "reason": "The court asks for the name"})

PART = Part(
    valid={
        "POST /children/{child_id}/paper": _SHEET,
        "POST /decisions/{decision_id}/paper": _DECISION,
        "POST /api/v1/children/{child_id}/paper": _SHEET,
        "POST /api/v1/decisions/{decision_id}/paper": _DECISION,
    },
    bodies={"POST /children/{child_id}/paper": {"sheet": "visit_form"}, "POST /decisions/{decision_id}/paper": {}},
)
