"""The verbs on claims: a manager reports, a worker checks. What was accepted stands in the register, not here."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.children.models import Child
from app.children.queries import visible_children
from app.children.schemas import shown_name
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.records import create_once
from app.institutions.queries import get_institution
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_tasks_of, drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind
from app.transformation.claim_queries import post_to_check, visible_claims
from app.transformation.claim_schemas import ClaimAccept, ClaimReject, ClaimReport
from app.transformation.events import ClaimDecided, ClaimReported, ClaimWithdrawn
from app.transformation.models import Claim
from app.transformation.rules import check_not_ahead
from app.transformation.settling import (
    child_by_code,
    end_stay,
    open_stay,
    receive_known,
    register_resident,
    theirs_by_code,
)
from app.transformation.settling_schemas import EndStay, KnownResident, RegisterResident
from app.transformation.words import ClaimKind, ClaimState

SUBJECT = "claim"
DAYS_TO_CHECK = {ClaimKind.ADMISSION: 3, ClaimKind.EXIT: 7}
"""Days in which a claim is checked; a proposal of the programme, not law."""


def report_claim(db: Session, actor: Actor, institution_id: UUID, command: ClaimReport) -> tuple[UUID, bool]:
    """Reports who came or left; returns the claim's id and whether it is new. A worker finds it among the tasks.

    Raises `FieldError` for a day in the future, or where nobody is named.
    """
    require(actor, Permission.CLAIMS_REPORT)
    house = get_institution(db, actor, institution_id)
    check_not_ahead("happened_on", command.happened_on, today=clock.today())
    post_id, name = None, command.name or ""
    if command.child is not None:
        if command.kind is not ClaimKind.EXIT:
            raise FieldError("child", _("Who comes is written by name; choose a resident for somebody who left"))
        resident = db.execute(
            select(Child.given_name, Child.family_name, Child.responsible_post_id).where(
                Child.id == command.child, Child.institution_id == institution_id, visible_children(actor)
            )
        ).one_or_none()
        if resident is None:
            raise FieldError("child", _("Nobody of this name lives in the house by the register"))
        name = shown_name(resident.given_name, resident.family_name, name)
        post_id = resident.responsible_post_id
    if not name:
        came = command.kind is ClaimKind.ADMISSION
        raise FieldError("name", _("This is needed") if came else _("Write the name, or choose the resident"))
    claim_id, is_new = create_once(
        db,
        Claim,
        actor,
        command,
        institution_id=institution_id,
        area_code=house.area_code,
        kind=command.kind.value,
        name=name,
        sex=command.sex.value if command.sex else None,
        age_years=command.age_years,
        child_id=command.child,
        happened_on=command.happened_on,
        destination=command.destination or None,
        note=command.note or None,
        state=ClaimState.REPORTED.value,
    )
    if is_new:
        plan = TaskPlan(
            kind=TaskKind.CHECK_CLAIM,
            due_on=clock.today() + timedelta(days=DAYS_TO_CHECK[command.kind]),
            tolerance_days=0,
            post_id=post_id or post_to_check(db, institution_id, house.area_code // 1_000_000),
            area_code=house.area_code,
            path=f"/claims/{claim_id}",
        )
        plan_tasks(db, actor, [plan], subject_kind=SUBJECT, subject_id=claim_id, child_id=command.child)
        reported = ClaimReported(claim_kind=command.kind.value, institution=institution_id)
        record(db, actor, reported, subject_id=claim_id, area_code=house.area_code)
    return claim_id, is_new


def accept_claim(db: Session, actor: Actor, claim_id: UUID, command: ClaimAccept) -> None:
    """Accepts a claim that the register says already.

    Raises `FieldError` where it does not: somebody who left still has an open stay, or who came has none.
    """
    claim = _to_check(db, actor, claim_id)
    child_id = _child_of(db, actor, claim, command.code)
    stays = open_stay(db, claim.institution_id, child_id) is not None
    if claim.kind == ClaimKind.EXIT.value and stays:
        raise FieldError("code", _("The register still has an open stay of this child here: end it, or start the new"))
    if claim.kind == ClaimKind.ADMISSION.value and not stays:
        raise FieldError("code", _("The register has no open stay of this child here yet"))
    _decide(db, actor, claim, ClaimState.ACCEPTED, child_id=child_id)


def register_claimed(db: Session, actor: Actor, claim_id: UUID, command: RegisterResident) -> None:
    """Accepts an admission by registering the child with the stay in the house."""
    claim = _to_check(db, actor, claim_id, ClaimKind.ADMISSION)
    child_id = register_resident(db, actor, get_institution(db, actor, claim.institution_id), command)
    _decide(db, actor, claim, ClaimState.ACCEPTED, child_id=child_id)


def know_claimed(db: Session, actor: Actor, claim_id: UUID, command: KnownResident) -> None:
    """Accepts an admission of a child whom the register knows, and records the stay unless there is one."""
    claim = _to_check(db, actor, claim_id, ClaimKind.ADMISSION)
    house = get_institution(db, actor, claim.institution_id)
    child_id = receive_known(db, actor, house, command, day=claim.happened_on)
    _decide(db, actor, claim, ClaimState.ACCEPTED, child_id=child_id)


def end_claimed(db: Session, actor: Actor, claim_id: UUID, command: EndStay) -> None:
    """Accepts an exit by ending the stay in the house."""
    claim = _to_check(db, actor, claim_id, ClaimKind.EXIT)
    child_id = _child_of(db, actor, claim, command.code)
    if claim.child_id is None:
        theirs_by_code(db, actor, child_id)
    end_stay(db, actor, get_institution(db, actor, claim.institution_id), child_id, command)
    _decide(db, actor, claim, ClaimState.ACCEPTED, child_id=child_id)


def reject_claim(db: Session, actor: Actor, claim_id: UUID, command: ClaimReject) -> None:
    """Does not accept a claim; the manager reads the reason."""
    claim = _to_check(db, actor, claim_id)
    claim.reason = command.reason
    _decide(db, actor, claim, ClaimState.REJECTED, child_id=claim.child_id)


def withdraw_claim(db: Session, actor: Actor, claim_id: UUID) -> None:
    """Takes a claim back that nobody has checked yet; only whoever reported it may. No worker needs to check it then.

    Raises `Forbidden` for anybody else, `Conflict` where it was checked already.
    """
    require(actor, Permission.CLAIMS_REPORT)
    claim = _waiting(db, actor, claim_id)
    if claim.created_by != actor.account_id:
        raise Forbidden(_("Only the person who reported this withdraws it"))
    claim.state, claim.decided_at, claim.decided_by = ClaimState.WITHDRAWN.value, clock.now(), actor.account_id
    claim.version += 1
    db.flush()
    drop_tasks_of(db, claim.id)
    record(db, actor, ClaimWithdrawn(institution=claim.institution_id), subject_id=claim.id, area_code=claim.area_code)


def _child_of(db: Session, actor: Actor, claim: Claim, code: str | None) -> UUID:
    if claim.child_id is not None:
        return claim.child_id
    if not code:
        raise FieldError("code", _("Write the code of the child whom the institution means"))
    return child_by_code(db, actor, code).id


def _decide(db: Session, actor: Actor, claim: Claim, state: ClaimState, *, child_id: UUID | None) -> None:
    claim.state, claim.decided_at, claim.decided_by = state.value, clock.now(), actor.account_id
    claim.child_id = child_id
    claim.version += 1
    db.flush()
    complete_tasks_of(db, claim.id, TaskKind.CHECK_CLAIM, done_by_id=claim.id)
    event = ClaimDecided(state=state.value, child=child_id)
    record(db, actor, event, subject_id=claim.id, area_code=claim.area_code)


def _to_check(db: Session, actor: Actor, claim_id: UUID, kind: ClaimKind | None = None) -> Claim:
    require(actor, Permission.PLACEMENTS_WRITE)
    claim = _waiting(db, actor, claim_id)
    if kind is not None and claim.kind != kind.value:
        raise Conflict(_("This report is of another kind: %(kind)s") % {"kind": ClaimKind(claim.kind).label})
    return claim


def _waiting(db: Session, actor: Actor, claim_id: UUID) -> Claim:
    claim = db.scalar(select(Claim).where(Claim.id == claim_id, visible_claims(actor)).with_for_update())
    if claim is None:
        raise NotFound
    if claim.state == ClaimState.WITHDRAWN.value:
        raise Conflict(_("This report was withdrawn"))
    if claim.state != ClaimState.REPORTED.value:
        raise Conflict(_("This report was checked already: %(state)s") % {"state": ClaimState(claim.state).label})
    return claim
