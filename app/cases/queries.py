"""Every read of cases; each for a child whom the actor has opened already, or from `visible_cases(actor)`."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.area import district_of
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.access.rules import View
from app.approvals.queries import approvals_of
from app.audit.events import RecordsListed
from app.audit.service import record
from app.cases.events import CaseRead
from app.cases.models import (
    Case,
    CaseClosing,
    CaseConcern,
    CaseContact,
    CaseGroup,
    CaseStep,
    CaseTransfer,
    ClosingRule,
    RiskRating,
)
from app.cases.rules import attempts_without_answer
from app.cases.schemas import (
    CaseContactRow,
    CaseDetail,
    CaseQuery,
    CaseRow,
    CaseStepRow,
    CaseSummary,
    ClosingRow,
    ConcernRow,
    GroupMember,
    RatingRow,
)
from app.cases.transfer_queries import transfers_of
from app.cases.words import CaseState, ClosingReason, ContactOutcome, TransferState
from app.children.models import Child
from app.children.queries import holders_of, view_of, visible_children
from app.children.schemas import shown_name
from app.children.work import ChildAtWork, child_to_read
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.people.models import Account, Post
from app.places.models import Place
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.service import complete_tasks_of
from app.tasks.words import TaskKind

_KEY = (Case.opened_on.expression, Case.id.expression)


def open_case_id(db: Session, child_id: UUID) -> UUID | None:
    """The open case of a child that the caller may read, or None."""
    return db.scalar(select(Case.id).where(Case.child_id == child_id, Case.closed_on.is_(None)))


def case_of(db: Session, child_id: UUID) -> CaseSummary | None:
    """The newest case of a child whom the caller has opened whole: the open one, else the last; one statement."""
    waits = exists().where(CaseTransfer.case_id == Case.id, CaseTransfer.state == TransferState.REQUESTED.value)
    columns: list[Any] = [
        Case.id,
        Case.code,
        Case.state,
        Case.risk,
        Case.tier,
        Case.opened_on,
        Case.closed_on,
        Case.closing_reason,
        Case.group_id.is_not(None).label("in_group"),
        waits.label("transfer_waits"),
    ]
    newest = select(*columns).where(Case.child_id == child_id).order_by(*_NEWEST).limit(1)
    row = db.execute(newest).one_or_none()
    return None if row is None else CaseSummary.model_validate(row)


_NEWEST = (Case.closed_on.desc().nulls_first(), Case.opened_on.desc(), Case.id.desc())


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor sees a case: that of a child whose whole file they may read."""
    if view_of(actor) is not View.WHOLE or not actor.may_ever(Permission.CASES_READ):
        return false()
    # Also where the statement around it has the child already.
    return exists().where(Child.id == Case.child_id, visible_children(actor)).correlate(Case)


def list_cases(db: Session, actor: Actor, query: CaseQuery) -> Page[CaseRow]:
    """Cases in reach, the newest first; and the note that they were listed."""
    require(actor, Permission.CASES_READ)
    statement = _rows().where(visible_children(actor) if view_of(actor) is View.WHOLE else false())
    statement = after(statement.where(*_filters(actor, query)), _KEY, query.cursor)
    rows = db.execute(statement.limit(query.limit + 1)).all()
    page = page_of(rows, query.limit, _row, lambda row: (row.opened_on, row.id))
    listed = RecordsListed(
        what="cases", filter=query.told(), rows=len(page.items), ids=[row.child for row in page.items]
    )
    record(db, actor, listed, area_code=actor.area.lo)
    return page


def _filters(actor: Actor, query: CaseQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.state is not None:
        conditions.append(Case.state == query.state.value)
    else:
        conditions.append(Case.closed_on.is_(None))
    if query.risk is not None:
        conditions.append(Case.risk == query.risk.value)
    if query.tier is not None:
        conditions.append(Case.tier == query.tier.value)
    if query.mine:
        conditions.append(Child.responsible_post_id == actor.post_id)
    if query.late:
        conditions.append(_is_late())
    return conditions


def _is_late() -> ColumnElement[bool]:
    overdue = Task.due_on + Task.tolerance_days < clock.today()
    return exists().where(Task.child_id == Case.child_id, IS_OPEN, overdue)


def _rows(*further: Any) -> Select[Any]:
    next_due = select(func.min(Task.due_on)).where(Task.child_id == Case.child_id, IS_OPEN).scalar_subquery()
    columns: list[Any] = [
        Case.id,
        Case.code,
        Case.child_id.label("child"),
        Child.code.label("child_code"),
        Child.given_name,
        Child.family_name,
        Case.state,
        Case.risk,
        Case.tier,
        Case.opened_on,
        Case.closed_on,
        Case.closing_reason,
        holders_of(Child.responsible_post_id).label("holder"),
        next_due.label("next_due_on"),
        _is_late().label("late"),
        Case.version,
    ]
    return select(*columns, *further).join(Child, Child.id == Case.child_id)


def _known(row: Row[Any]) -> dict[str, Any]:
    known = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    return known | {"child_name": shown_name(row.given_name, row.family_name, row.child_code)}


def _row(row: Row[Any]) -> CaseRow:
    return CaseRow.model_validate(_known(row))


# One case


def open_case_page(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, CaseDetail | None]:
    """A child with its open or else newest case and all that it gathers; noted as read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    found = _detail(db, actor, _detailed().where(Case.child_id == child_id).order_by(*_NEWEST).limit(1))
    _note(db, actor, child_id, found)
    return child, found


def cases_of(db: Session, actor: Actor, child_id: UUID) -> list[CaseRow]:
    """Every case of a child, the open or newest first; noted as read."""
    require(actor, Permission.CASES_READ)
    child_to_read(db, actor, child_id)
    _note(db, actor, child_id, None)
    rows = db.execute(_rows().where(Case.child_id == child_id).order_by(*_NEWEST))
    return [_row(row) for row in rows]


def open_case_row(db: Session, actor: Actor, case_id: UUID) -> CaseRow:
    """The head of a case, for a form about it; raises `NotFound` out of reach, and is noted as read."""
    require(actor, Permission.CASES_READ)
    row = db.execute(_rows().where(Case.id == case_id, visible_cases(actor))).one_or_none()
    if row is None:
        raise NotFound
    record(db, actor, CaseRead(case=case_id, beside=[]), subject_id=row.child)
    return _row(row)


def note_case_read(db: Session, actor: Actor, child_id: UUID) -> None:
    """Notes that somebody read what a child's case says, on a page of their own making."""
    record(db, actor, CaseRead(case=None, beside=[]), subject_id=child_id)


def child_of(db: Session, case_id: UUID) -> UUID:
    """The child of a case that the caller has just changed."""
    return db.execute(select(Case.child_id).where(Case.id == case_id)).scalar_one()


def sees_child(db: Session, actor: Actor, child_id: UUID) -> bool:
    """Whether a child is in the actor's reach, for instance after its case went elsewhere."""
    return bool(db.scalar(select(exists().where(Child.id == child_id, visible_children(actor)))))


def open_case_file(db: Session, actor: Actor, case_id: UUID) -> CaseDetail:
    """One case with all that it gathers, and the note that it was read; raises `NotFound` out of reach."""
    require(actor, Permission.CASES_READ)
    child_id = db.scalar(select(Case.child_id).where(Case.id == case_id, visible_cases(actor)))
    if child_id is None:
        raise NotFound
    found = case_detail(db, actor, case_id)
    _note(db, actor, child_id, found)
    return found


def _note(db: Session, actor: Actor, child_id: UUID, found: CaseDetail | None) -> None:
    """Notes that a case was read; where it was given to the reader's post, it is read with that."""
    beside = [one.child for one in found.group if one.child and one.child != child_id] if found else []
    record(db, actor, CaseRead(case=found.id if found else None, beside=beside), subject_id=child_id)
    if found is not None and found.responsible_post == actor.post_id:
        complete_tasks_of(db, found.id, TaskKind.READ_HANDOVER, done_by_id=found.id, post_id=actor.post_id)


def case_detail(db: Session, actor: Actor, case_id: UUID) -> CaseDetail:
    """A case with all that it gathers, for who has just opened or changed it; the caller notes that it was read."""
    found = _detail(db, actor, _detailed().where(Case.id == case_id))
    if found is None:
        raise NotFound
    return found


def _detailed() -> Select[Any]:
    return _rows(
        Child.restricted.label("child_restricted"),
        Case.retain_until,
        Child.responsible_post_id.label("responsible_post"),
        Child.supervising_post_id.label("supervising_post"),
        holders_of(Child.supervising_post_id).label("supervisor"),
        Case.group_id,
    )


def _detail(db: Session, actor: Actor, statement: Select[Any]) -> CaseDetail | None:
    row = db.execute(statement).one_or_none()
    if row is None:
        return None
    return CaseDetail.model_validate(
        _known(row)
        | {
            "concerns": concerns_of(db, row.id),
            "ratings": ratings_of(db, row.id),
            "steps": _steps(db, row.id),
            "contacts": contacts_of(db, row.id),
            "transfers": transfers_of(db, actor, row.id),
            "closing": closing_of(db, row.id),
            "group": members_of(db, actor, row.group_id) if row.group_id else [],
        }
    )


def concerns_of(db: Session, case_id: UUID) -> list[ConcernRow]:
    """The concerns of a case whose child the caller has opened; one statement."""
    wanted = (
        select(
            CaseConcern.id,
            CaseConcern.concern,
            Place.path.label("place"),
            CaseConcern.place_words,
            CaseConcern.identified_on,
            CaseConcern.source,
            CaseConcern.identified_by,
            CaseConcern.note,
        )
        .outerjoin(Place, Place.code == CaseConcern.place_code)
        .where(CaseConcern.case_id == case_id)
        .order_by(CaseConcern.created_at, CaseConcern.id)
    )
    return [ConcernRow.model_validate(row) for row in db.execute(wanted)]


def ratings_of(db: Session, case_id: UUID) -> list[RatingRow]:
    """How the risk of a case was rated, the newest first; one statement."""
    wanted = (
        select(RiskRating.id, RiskRating.risk, RiskRating.reason, RiskRating.rated_at, Account.display_name.label("by"))
        .outerjoin(Account, Account.id == RiskRating.created_by)
        .where(RiskRating.case_id == case_id)
        .order_by(RiskRating.rated_at.desc(), RiskRating.id.desc())
    )
    return [RatingRow.model_validate(row) for row in db.execute(wanted)]


def _steps(db: Session, case_id: UUID) -> list[CaseStepRow]:
    wanted = (
        select(
            CaseStep.id,
            CaseStep.kind,
            CaseStep.state,
            CaseStep.reason,
            CaseStep.happened_on,
            Account.display_name.label("by"),
        )
        .outerjoin(Account, Account.id == CaseStep.created_by)
        .where(CaseStep.case_id == case_id)
        .order_by(CaseStep.created_at.desc(), CaseStep.id.desc())
    )
    return [CaseStepRow.model_validate(row) for row in db.execute(wanted)]


def contacts_of(db: Session, case_id: UUID) -> list[CaseContactRow]:
    """The attempts to reach a child, the newest first."""
    columns: list[Any] = [
        CaseContact.id,
        CaseContact.contacted_on,
        CaseContact.kind,
        CaseContact.outcome,
        CaseContact.aftermath,
        CaseContact.note,
    ]
    newest = (CaseContact.contacted_on.desc(), CaseContact.created_at.desc(), CaseContact.id.desc())
    wanted = select(*columns).where(CaseContact.case_id == case_id).order_by(*newest)
    return [CaseContactRow.model_validate(row) for row in db.execute(wanted)]


def attempts_of(contacts: list[CaseContactRow]) -> int:
    """How many attempts reached nobody since somebody was reached."""
    return attempts_without_answer([ContactOutcome(contact.outcome) for contact in contacts])


def closing_of(db: Session, case_id: UUID) -> ClosingRow | None:
    """The newest request to close a case, with how its approval stands."""
    wanted = (
        select(CaseClosing)
        .where(CaseClosing.case_id == case_id)
        .order_by(CaseClosing.created_at.desc(), CaseClosing.id.desc())
        .limit(1)
    )
    closing = db.scalars(wanted).one_or_none()
    if closing is None:
        return None
    approval = approvals_of(db, [closing.id]).get(closing.id)
    return ClosingRow.model_validate(closing).model_copy(update={"approval": approval})


def members_of(db: Session, actor: Actor, group_id: UUID) -> list[GroupMember]:
    """The children of a group: for those whose file is closed to the actor a code, and nothing else."""
    group = db.execute(select(CaseGroup.child_ids, CaseGroup.codes).where(CaseGroup.id == group_id)).one_or_none()
    if group is None:
        return []
    newest = aliased(Case)
    state = select(newest.state).where(newest.child_id == Child.id, newest.group_id == group_id).limit(1)
    known = {
        row.id: row
        for row in db.execute(
            select(Child.id, Child.given_name, Child.family_name, state.scalar_subquery().label("state")).where(
                Child.id.in_(group.child_ids), visible_children(actor)
            )
        )
    }
    members = []
    for child_id, code in zip(group.child_ids, group.codes, strict=True):
        row = known.get(child_id)
        if row is None:
            members.append(GroupMember(code=code))
        else:
            name = shown_name(row.given_name, row.family_name, code)
            members.append(GroupMember(code=code, child=child_id, name=name, state=row.state and CaseState(row.state)))
    return members


def fellows_of(db: Session, actor: Actor, child_id: UUID) -> list[GroupMember]:
    """The other children whose decisions are taken together with a child's; empty without an open case in a group."""
    wanted = select(Case.group_id).where(Case.child_id == child_id, Case.closed_on.is_(None))
    group_id = db.scalar(wanted)
    members = members_of(db, actor, group_id) if group_id else []
    return [member for member in members if member.child != child_id]


# For the verbs


def closing_rules(db: Session) -> dict[ClosingReason, ClosingRule]:
    """What follows each reason for closing, as the programme has it now."""
    return {ClosingReason(rule.reason): rule for rule in db.scalars(select(ClosingRule))}


def sector_posts(db: Session, area_code: int, *, in_district: bool = False) -> list[Row[Any]]:
    """Posts of sector officers that may hold a child's case: of its sector, or where that is not known, its district.

    Each with its id, its place and who holds it today.
    """
    sector, district = area_code // 10_000, district_of(area_code) or 0
    of_district = and_(Post.place_code >= district * 100, Post.place_code < (district + 1) * 100)
    here = of_district if in_district or not sector % 100 else Post.place_code == sector
    wanted = (
        select(Post.id, Place.name.label("place"), holders_of(Post.id).label("holders"))
        .join(Place, Place.code == Post.place_code)
        .where(Post.role == Role.SECTOR_OFFICER.value, here, _is_staffed())
        .order_by(Post.place_code, Post.id)
    )
    return list(db.execute(wanted))


def _is_staffed() -> ColumnElement[bool]:
    return or_(Post.closed_on.is_(None), Post.closed_on > clock.today())
