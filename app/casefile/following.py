"""What follows in a case when an assessment of the child is submitted or approved.

An assessed child of high risk needs the supervisor's eye before the case goes on; for the others handing the
assessment in is enough. Instruments lie below cases, so the two meet here.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.approvals.models import Approval
from app.approvals.service import on_decision
from app.approvals.words import ApprovalKind, ApprovalState
from app.casefile.queries import ASSESSMENT
from app.cases.models import Case
from app.cases.service import reach_state
from app.cases.words import CaseState, Risk
from app.instruments.service import on_submission


def assessment_submitted(db: Session, actor: Actor, child_id: UUID) -> None:
    """The case counts as assessed, unless its risk is high."""
    risk = db.scalar(select(Case.risk).where(Case.child_id == child_id, Case.closed_on.is_(None)))
    if risk != Risk.HIGH.value:
        reach_state(db, actor, child_id, CaseState.ASSESSED)


def assessment_decided(db: Session, actor: Actor, approval: Approval) -> None:
    """An approved assessment brings the case there, whatever its risk."""
    if approval.state == ApprovalState.APPROVED.value and approval.child_id is not None:
        reach_state(db, actor, approval.child_id, CaseState.ASSESSED)


on_submission(ASSESSMENT, lambda db, actor, answers: assessment_submitted(db, actor, answers.child_id))
on_decision(ApprovalKind.ASSESSMENT, assessment_decided)
