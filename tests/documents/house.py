"""Documents, for the tests of the house."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core.clock import today
from app.core.ids import new_id
from app.documents.models import Document
from tests.documents import files
from tests.house.parts import Around, Part, Valid
from tests.make import make_document

_WORKER = Role.SOCIAL_WORKER


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    return {"document": [make_document(db, around.child)]}


def a_document(_world: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": "letter",
        "dated_on": today(),
        "given_by": "The aunt",
        "note": "About the school",
        "file": files.PDF,
    }


_WITHDRAW = Valid(_WORKER, lambda _world: {"reason": "Another child's"})

PART = Part(
    subjects={"document_id": "document"},
    records=_records,
    valid={
        "POST /children/{child_id}/documents/new": Valid(_WORKER, a_document),
        "POST /api/v1/children/{child_id}/documents": Valid(_WORKER, a_document),
        "POST /documents/{document_id}/withdraw": _WITHDRAW,
        "POST /api/v1/documents/{document_id}/withdraw": _WITHDRAW,
    },
    creating={
        "document": (
            _WORKER,
            "POST /children/{child_id}/documents/new",
            "POST /api/v1/children/{child_id}/documents",
            Document,
            "note",
        )
    },
    bodies={"POST /documents/{document_id}/withdraw": {"reason": "Another child's"}},
    narrower=frozenset({"/children/{child_id}/documents/new", "/documents/{document_id}/withdraw"}),
)
