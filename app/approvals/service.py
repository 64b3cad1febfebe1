"""The verbs on approvals: ask, approve, return, withdraw."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.approvals.events import ApprovalDecided, ApprovalRequested, ApprovalWithdrawn
from app.approvals.models import Approval
from app.approvals.queries import area_of_watching, deciding_area, refusal, visible_approvals
from app.approvals.rules import decided_by
from app.approvals.schemas import Approve, Return
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.children.models import Child
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.people.models import Post
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_tasks_of, plan_tasks
from app.tasks.words import TaskKind

SUBJECT = "approval"
DAYS_TO_CORRECT = 7
_ASKED_ANEW = frozenset(
    {
        ApprovalKind.ASSESSMENT,
        ApprovalKind.DECISION,
        ApprovalKind.PLAN,
        ApprovalKind.CLOSURE,
        ApprovalKind.SHARING,
    }
)
"""Records that go back to a draft, or are written once more, and can be put up again."""

Effect = Callable[[Session, Actor, Approval], None]
_effects: dict[ApprovalKind, Effect] = {}


def on_decision(kind: ApprovalKind, effect: Effect) -> None:
    """Says what follows in a domain when an approval of a kind is approved or returned; read `approval.state`."""
    _effects[kind] = effect


def ask_approval(
    db: Session,
    actor: Actor,
    kind: ApprovalKind,
    subject_id: UUID,
    *,
    path: str,
    area_code: int,
    child_id: UUID | None = None,
    note: str | None = None,
) -> UUID:
    """Asks the office that decides this kind for its agreement to a record; returns the approval's id.

    The caller has asked whether the actor may work on the record; `area_code` is where it belongs, for a child where
    the child lives. Raises `Conflict` where it waits already.
    """
    require(actor, Permission.CASES_WRITE)
    waiting = db.scalar(
        select(Approval.id).where(
            Approval.kind == kind.value, Approval.subject_id == subject_id, Approval.state == "requested"
        )
    )
    if waiting is not None:
        raise Conflict(_("It waits for approval already"))
    approval = Approval(
        id=new_id(),
        created_by=actor.account_id,
        kind=kind.value,
        subject_id=subject_id,
        child_id=child_id,
        area_code=_area_of_office(db, kind, child_id, area_code),
        path=path,
        of_role=decided_by(kind).value,
        asked_by_post_id=actor.post_id,
        note=note,
    )
    db.add(approval)
    try:
        with db.begin_nested():
            db.flush()
    except Exception as error:
        if violated(error) == "ix_approvals_one_open":
            raise Conflict(_("It waits for approval already")) from error
        raise
    complete_tasks_of(db, subject_id, TaskKind.CORRECT, done_by_id=approval.id)
    event = ApprovalRequested(
        approval=approval.id, approval_kind=kind.value, record=subject_id, of_role=approval.of_role
    )
    record(db, actor, event, subject_id=child_id, area_code=area_code)
    return approval.id


def approve(db: Session, actor: Actor, approval_id: UUID, command: Approve) -> None:
    """Agrees. Raises `Forbidden` for the author and for other offices, `Conflict` where it was decided already."""
    _decide(db, actor, approval_id, ApprovalState.APPROVED, command.reason)


def return_to_author(db: Session, actor: Actor, approval_id: UUID, command: Return) -> None:
    """Sends the record back with what is missing, which becomes a task of the post that asked."""
    approval = _decide(db, actor, approval_id, ApprovalState.RETURNED, command.reason)
    _plan_correction(db, actor, approval, approval.asked_by_post_id)


def _plan_correction(db: Session, actor: Actor, approval: Approval, post_id: UUID) -> None:
    plan = TaskPlan(
        kind=TaskKind.CORRECT,
        due_on=clock.days_ahead(DAYS_TO_CORRECT),
        tolerance_days=0,
        post_id=post_id,
        area_code=approval.area_code,
        path=approval.path,
    )
    plan_tasks(db, actor, [plan], subject_kind=SUBJECT, subject_id=approval.subject_id, child_id=approval.child_id)


def withdraw_request(db: Session, actor: Actor, approval_id: UUID) -> None:
    """Takes a request back before it is decided; anybody of the post that asked may."""
    require(actor, Permission.CASES_WRITE)
    approval = _open(db, actor, approval_id)
    if approval.asked_by_post_id != actor.post_id:
        raise Forbidden(_("Only the post that asked takes the request back"))
    approval.state, approval.decided_at = ApprovalState.WITHDRAWN.value, clock.now()
    approval.decided_by, approval.decided_by_post_id = actor.account_id, actor.post_id
    approval.version += 1
    event = ApprovalWithdrawn(approval=approval.id, approval_kind=approval.kind, record=approval.subject_id)
    record(db, actor, event, subject_id=approval.child_id, area_code=approval.area_code)
    _follow(db, actor, approval)


def withdraw_requests_about(
    db: Session, actor: Actor, child_id: UUID, reason: str, *, goes_on: UUID | None = None
) -> int:
    """Takes back whatever waits for approval about a child whose case moves or ends; returns how many.

    The verb that asks has looked whether it may. Each record goes back to its author's draft (`on_decision`); the post
    that goes on with the case, if one does, has it among its tasks to look through the draft and ask anew.
    """
    waiting = db.scalars(
        select(Approval)
        .where(Approval.child_id == child_id, Approval.state == ApprovalState.REQUESTED.value)
        .order_by(Approval.id)
        .with_for_update()
    ).all()
    for approval in waiting:
        approval.state, approval.decided_at, approval.reason = ApprovalState.WITHDRAWN.value, clock.now(), reason
        approval.decided_by, approval.decided_by_post_id = actor.account_id, actor.post_id
        approval.version += 1
        event = ApprovalWithdrawn(approval=approval.id, approval_kind=approval.kind, record=approval.subject_id)
        record(db, actor, event, subject_id=child_id, area_code=approval.area_code)
        _follow(db, actor, approval)
        if goes_on is not None and approval.kind in _ASKED_ANEW:
            _plan_correction(db, actor, approval, goes_on)
    return len(waiting)


def follow_children(db: Session, child_ids: Collection[UUID], area_code: int) -> None:
    """Lets what waits for a supervisor follow children to where they live now: to the one who decides from now on."""
    waiting = db.execute(
        select(Approval, Post.place_code)
        .join(Child, Child.id == Approval.child_id)
        .outerjoin(Post, Post.id == Child.supervising_post_id)
        .where(Approval.child_id.in_(child_ids), Approval.state == ApprovalState.REQUESTED.value)
        .order_by(Approval.id)
        .with_for_update(of=Approval)
    ).all()
    for approval, watching in waiting:
        here = _decided_where_the_child_lives(ApprovalKind(approval.kind))
        approval.area_code = area_code if here else area_of_watching(watching, area_code)
    db.flush()


def _area_of_office(db: Session, kind: ApprovalKind, child_id: UUID | None, area_code: int) -> int:
    if child_id is None or _decided_where_the_child_lives(kind):
        return area_code
    return deciding_area(db, child_id, area_code)


def _decided_where_the_child_lives(kind: ApprovalKind) -> bool:
    """Whether the area decides alone, whoever watches over the case; each side of a joining of records has its own."""
    return kind is ApprovalKind.MERGE or decided_by(kind) is not Role.DISTRICT_SUPERVISOR


def _decide(db: Session, actor: Actor, approval_id: UUID, state: ApprovalState, reason: str | None) -> Approval:
    require(actor, Permission.APPROVALS_DECIDE)
    approval = _open(db, actor, approval_id)
    reason_against = refusal(actor, approval)
    if reason_against is not None:
        raise Forbidden(reason_against)
    approval.state, approval.decided_at, approval.reason = state.value, clock.now(), reason
    approval.decided_by, approval.decided_by_post_id = actor.account_id, actor.post_id
    approval.version += 1
    event = ApprovalDecided(
        approval=approval.id, approval_kind=approval.kind, record=approval.subject_id, state=state.value
    )
    record(db, actor, event, subject_id=approval.child_id, area_code=approval.area_code)
    _follow(db, actor, approval)
    return approval


def _open(db: Session, actor: Actor, approval_id: UUID) -> Approval:
    approval = db.scalars(
        select(Approval).where(Approval.id == approval_id, visible_approvals(actor)).with_for_update()
    ).one_or_none()
    if approval is None:
        raise NotFound
    if approval.state != ApprovalState.REQUESTED.value:
        raise Conflict(_("This was decided already: %(state)s") % {"state": ApprovalState(approval.state).label})
    return approval


def _follow(db: Session, actor: Actor, approval: Approval) -> None:
    db.flush()
    effect = _effects.get(ApprovalKind(approval.kind))
    if effect is not None:
        effect(db, actor, approval)
