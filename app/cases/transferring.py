"""A case goes to another district: asked for with a hand-over, and moved only when the other one accepts."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import district_of
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import inside_area
from app.access.scope import hand_over
from app.approvals.service import withdraw_requests_about
from app.audit.service import record
from app.cases.events import TransferAnswered, TransferRequested
from app.cases.models import CaseConcern, CaseTransfer
from app.cases.rules import DAYS_TO_ANSWER
from app.cases.schemas import TransferAccept, TransferAsk, TransferDecline
from app.cases.steps import add_step, case_to_work_on, locked_case, must_be_open, plan_reading, set_holder
from app.cases.transfer_queries import is_incoming, receiving_posts, supervisors_of, visible_transfers
from app.cases.words import StepKind, Tier, TransferState
from app.children.models import Child
from app.children.work import child_to_work_on
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.records import create_once
from app.places.queries import resolve_at
from app.places.words import PlaceLevel
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_tasks_of, drop_tasks_of, give_tasks, move_tasks, plan_tasks
from app.tasks.words import TaskKind

TRANSFER = "transfer"


def ask_transfer(db: Session, actor: Actor, case_id: UUID, command: TransferAsk) -> tuple[UUID, bool]:
    """Asks another district to take a case; returns the id of the transfer and whether it is new.

    Nothing moves yet. Raises `Conflict` where a transfer waits already.
    """
    child, case = case_to_work_on(db, actor, case_id)
    must_be_open(case)
    place = resolve_at(db, command.district, PlaceLevel.DISTRICT, field="district")
    here = district_of(child.area_code)
    if place.place_code == here and inside_area(actor, child.area_code):
        raise FieldError("district", _("The child is followed in this district already"))
    waits = select(CaseTransfer.id).where(
        CaseTransfer.case_id == case.id, CaseTransfer.state == TransferState.REQUESTED.value
    )
    waiting = db.scalar(waits)
    if waiting is not None and waiting != command.id:
        raise Conflict(_("A transfer of this case waits for its answer already"))
    concerns = select(CaseConcern.concern).where(CaseConcern.case_id == case.id).order_by(CaseConcern.created_at)
    transfer_id, is_new = create_once(
        db,
        CaseTransfer,
        actor,
        command,
        case_id=case.id,
        child_id=child.id,
        child_code=child.code,
        sex=child.sex,
        born_on=child.born_on,
        birth_precision=child.birth_precision,
        concerns=list(dict.fromkeys(db.scalars(concerns))),
        risk=case.risk,
        reason=command.reason,
        note=command.note,
        from_area_code=child.area_code,
        from_post_id=child.responsible_post_id,
        asked_by_post_id=actor.post_id,
        to_area_code=place.area_code,
    )
    if is_new:
        posts: list[UUID | None] = [*supervisors_of(db, place.place_code)]
        answer = [
            TaskPlan(
                kind=TaskKind.ACCEPT_TRANSFER,
                due_on=clock.days_ahead(DAYS_TO_ANSWER),
                tolerance_days=0,
                post_id=post,
                area_code=place.area_code,
                path=f"/transfers/{transfer_id}",
            )
            for post in posts or [None]
        ]
        plan_tasks(db, actor, answer, subject_kind=TRANSFER, subject_id=transfer_id, child_id=child.id)
        event = TransferRequested(case=case.id, transfer=transfer_id, to_district=place.place_code)
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return transfer_id, is_new


def accept_transfer(db: Session, actor: Actor, transfer_id: UUID, command: TransferAccept) -> UUID:
    """Takes a case into the actor's district; returns the child's id.

    The post is responsible from now on and gets what is due; what waited for approval goes back to its draft. A child
    who lives in a placement elsewhere stays counted there, and the actor's own post watches over the case.
    """
    transfer = _incoming(db, actor, transfer_id)
    if command.post not in {post.id for post in receiving_posts(db, actor)}:
        raise FieldError("post", _("Choose a worker of your district"))
    # From here on the receiver moves a child that is not in their reach yet.
    hand_over(db, transfer.child_id)
    child = db.scalars(
        select(Child)
        .where(Child.id == transfer.child_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    case = locked_case(db, transfer.case_id)
    must_be_open(case)
    former = child.responsible_post_id
    withdrawn = withdraw_requests_about(db, actor, child.id, _("The case was transferred"), goes_on=command.post)
    moves = child.lives_as is None and not inside_area(actor, child.area_code)
    area_code = transfer.to_area_code if moves else child.area_code
    supervising = None if inside_area(actor, area_code) else actor.post_id
    set_holder(db, child.id, responsible_post_id=command.post, supervising_post_id=supervising, area_code=area_code)
    give_tasks(db, child.id, command.post)
    if moves:
        move_tasks(db, child.id, area_code)
    case.area_code, case.tier = area_code, Tier.PROFESSIONAL.value
    case.version += 1
    _answer(actor, transfer, TransferState.ACCEPTED, None)
    transfer.to_post_id = command.post
    add_step(db, actor, case, StepKind.TRANSFERRED, transfer.reason)
    complete_tasks_of(db, transfer.id, TaskKind.ACCEPT_TRANSFER, done_by_id=transfer.id)
    plan_reading(db, actor, case, command.post, area_code)
    event = TransferAnswered(
        case=case.id,
        transfer=transfer.id,
        state=transfer.state,
        from_post=former,
        to_post=command.post,
        approvals_withdrawn=withdrawn,
    )
    record(db, actor, event, subject_id=child.id, area_code=area_code)
    return child.id


def decline_transfer(db: Session, actor: Actor, transfer_id: UUID, command: TransferDecline) -> None:
    """Does not take the case; everything stays with the sender, who reads why on the case."""
    transfer = _incoming(db, actor, transfer_id)
    _answer(actor, transfer, TransferState.DECLINED, command.reason)
    complete_tasks_of(db, transfer.id, TaskKind.ACCEPT_TRANSFER, done_by_id=transfer.id)
    _tell(db, actor, transfer)


def withdraw_transfer(db: Session, actor: Actor, transfer_id: UUID) -> UUID:
    """Takes a transfer back before it is answered; returns the child's id."""
    require(actor, Permission.CASES_WRITE)
    transfer = _waiting(db, transfer_id, visible_transfers(actor))
    try:
        child_to_work_on(db, actor, transfer.child_id)
    except NotFound as not_theirs:
        raise Forbidden(_("Only the district that asked takes the transfer back")) from not_theirs
    _answer(actor, transfer, TransferState.WITHDRAWN, None)
    drop_tasks_of(db, transfer.id)
    _tell(db, actor, transfer)
    return transfer.child_id


def _incoming(db: Session, actor: Actor, transfer_id: UUID) -> CaseTransfer:
    require(actor, Permission.CASELOADS_MANAGE)
    asked = db.scalar(select(is_incoming(actor)).where(CaseTransfer.id == transfer_id, visible_transfers(actor)))
    if asked is None:
        raise NotFound
    if not asked:
        raise Forbidden(_("The district that is asked answers a transfer"))
    return _waiting(db, transfer_id, is_incoming(actor))


def _waiting(db: Session, transfer_id: UUID, condition: object) -> CaseTransfer:
    wanted = select(CaseTransfer).where(CaseTransfer.id == transfer_id, condition)  # type: ignore[arg-type]
    transfer = db.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if transfer is None:
        raise NotFound
    if transfer.state != TransferState.REQUESTED.value:
        state = TransferState(transfer.state).label
        raise Conflict(_("This was answered already: %(state)s") % {"state": state})
    return transfer


def _answer(actor: Actor, transfer: CaseTransfer, state: TransferState, words: str | None) -> None:
    transfer.state, transfer.answer = state.value, words
    transfer.answered_at, transfer.answered_by = clock.now(), actor.account_id
    transfer.version += 1


def _tell(db: Session, actor: Actor, transfer: CaseTransfer) -> None:
    db.flush()
    event = TransferAnswered(case=transfer.case_id, transfer=transfer.id, state=transfer.state)
    record(db, actor, event, subject_id=transfer.child_id, area_code=transfer.from_area_code)
