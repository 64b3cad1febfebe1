"""Believable records and commands of cases, for the tests."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_code_of
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases import service, transferring
from app.cases.models import CaseClosing, CaseTransfer
from app.cases.schemas import CaseClose, CaseOpen, TransferAsk
from app.cases.words import ClosingReason
from app.children.models import Child
from app.core import clock
from app.core.ids import new_id
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from tests import make
from tests.make import OTHER_DISTRICT, actor_for, make_case

TODAY = clock.today()
FAR_DISTRICT = 13
"""Neither of the two districts of the tests: nobody there asks for the transfers of a world."""


def make_transfer(db: Session, child: Child, *, to: int = FAR_DISTRICT, **values: Any) -> CaseTransfer:
    """A transfer of a child's case that waits for another district."""
    defaults: dict[str, Any] = {"reason": "The family moved", "note": "Ask the aunt first", "concerns": ["neglect"]}
    asked_by = child.responsible_post_id or actor_for(db, Role.SOCIAL_WORKER).post_id
    made = CaseTransfer(
        case_id=make_case(db, child).id,
        child_id=child.id,
        child_code=child.code,
        sex=child.sex,
        born_on=child.born_on,
        birth_precision=child.birth_precision,
        risk="medium",
        from_area_code=child.area_code,
        from_post_id=child.responsible_post_id,
        asked_by_post_id=asked_by,
        to_area_code=area_code_of(to),
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    return made


def make_closing(db: Session, child: Child, **values: Any) -> CaseClosing:
    """A request to close a child's case because all is well."""
    defaults: dict[str, Any] = {"reason": "family_declined", "words": "They thank us, and go on alone"}
    made = CaseClosing(case_id=make_case(db, child).id, child_id=child.id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def a_concern(_world: Any = None) -> dict[str, Any]:
    return {
        "concern": "neglect",
        "village": make.VILLAGE,
        "place_words": "Near the market",
        "identified_on": TODAY,
        "source": "volunteer",
        "identified_by": "The volunteer of the village",
        "note": "She was alone for two days",
    }


def a_case(_world: Any = None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "concerns": [a_concern(), a_concern() | {"concern": "school_dropout", "village": None}],
        "risk": "medium",
        "risk_reason": "Nobody cooks for her, and an aunt looks in",
    }


def a_contact(_world: Any = None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "contacted_on": TODAY,
        "kind": "visit",
        "outcome": "child_seen",
        "note": "She was at home with her aunt",
    }


def opening(**given: Any) -> CaseOpen:
    return CaseOpen.model_validate(a_case() | given)


def opened(acting: Any, actor: Actor, child: Child, **given: Any) -> UUID:
    case_id, is_new = acting(service.open_case, actor, child.id, opening(**given))
    assert is_new
    return case_id


def due(db: Session, child: Child) -> dict[str, Any]:
    rows = db.execute(select(Task.kind, Task.due_on).where(Task.child_id == child.id, IS_OPEN)).all()
    return {row.kind: (row.due_on - TODAY).days for row in rows}


def kinds(db: Session, child: Child) -> list[str]:
    wanted = select(AuditEvent.kind).where(AuditEvent.subject_id == child.id).order_by(AuditEvent.id)
    return list(db.scalars(wanted))


def asked(acting: Any, actor: Actor, case_id: UUID, to: int = OTHER_DISTRICT) -> UUID:
    command = TransferAsk(district=to, reason="The family moved", note="Ask Aunt Clarisse first")
    transfer_id, _is_new = acting(transferring.ask_transfer, actor, case_id, command)
    return transfer_id


def ending(reason: ClosingReason, **given: Any) -> CaseClose:
    return CaseClose.model_validate({"id": new_id(), "reason": reason, "words": "As agreed with all"} | given)
