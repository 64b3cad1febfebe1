"""Brothers and sisters whose decisions are taken together."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.cases.events import GroupChanged
from app.cases.models import Case, CaseGroup
from app.cases.queries import visible_cases
from app.cases.schemas import GroupJoin
from app.cases.steps import case_to_work_on, must_be_open
from app.children.models import Child
from app.children.rules import code_in
from app.core.errors import Conflict, FieldError
from app.core.i18n import gettext as _
from app.core.ids import new_id

_CHILD = "TMM"


def join_group(db: Session, actor: Actor, case_id: UUID, command: GroupJoin) -> UUID:
    """Takes the decisions of two cases together; returns the group's id.

    Raises `FieldError` on `code` for a child without an open case in the actor's reach: a group never opens a file
    that was closed, and never tells whether a code outside the reach exists.
    """
    child, case = case_to_work_on(db, actor, case_id)
    must_be_open(case)
    code = code_in(command.code, _CHILD)
    other = db.execute(
        select(Case.id, Case.group_id, Case.child_id, Child.code)
        .join(Child, Child.id == Case.child_id)
        .where(Child.code == code, Case.closed_on.is_(None), visible_cases(actor))
    ).one_or_none()
    if other is None or other.child_id == child.id:
        raise FieldError("code", _("No other child in your reach has this code and an open case"))
    if case.group_id is not None and other.group_id is not None:
        if case.group_id == other.group_id:
            return case.group_id
        raise Conflict(_("Both belong to a group already: take one out first"))
    group_id = case.group_id or other.group_id or new_id()
    if case.group_id is None and other.group_id is None:
        group = CaseGroup(
            id=group_id,
            created_by=actor.account_id,
            child_ids=[child.id, other.child_id],
            codes=[child.code, other.code],
            reason=command.reason,
        )
        db.add(group)
        db.flush()
    else:
        newcomer = (child.id, child.code) if case.group_id is None else (other.child_id, other.code)
        # The case that is in the group already opens it to the actor.
        _add(db, group_id, *newcomer)
    case.group_id = group_id
    db.flush()
    joined = update(Case).where(Case.id == other.id).values(group_id=group_id, version=Case.version + 1)
    db.execute(joined)
    record(db, actor, GroupChanged(case=case.id, group=group_id, joined=True), subject_id=child.id)
    record(db, actor, GroupChanged(case=other.id, group=group_id, joined=True), subject_id=other.child_id)
    return group_id


def leave_group(db: Session, actor: Actor, case_id: UUID) -> None:
    """Takes a case out of its group; the others stay together."""
    child, case = case_to_work_on(db, actor, case_id)
    if case.group_id is None:
        raise Conflict(_("The case is in no group"))
    group_id = case.group_id
    group = db.scalars(select(CaseGroup).where(CaseGroup.id == group_id).with_for_update()).one()
    kept = [pair for pair in zip(group.child_ids, group.codes, strict=True) if pair[0] != child.id]
    group.child_ids, group.codes = [pair[0] for pair in kept], [pair[1] for pair in kept]
    group.version += 1
    db.flush()
    case.group_id = None
    db.flush()
    record(db, actor, GroupChanged(case=case.id, group=group_id, joined=False), subject_id=child.id)


def _add(db: Session, group_id: UUID, child_id: UUID, code: str) -> None:
    group = db.scalars(select(CaseGroup).where(CaseGroup.id == group_id).with_for_update()).one()
    if child_id not in group.child_ids:
        group.child_ids, group.codes = [*group.child_ids, child_id], [*group.codes, code]
        group.version += 1
        db.flush()
