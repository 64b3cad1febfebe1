"""Every read of decisions and matches; each starts from `visible_decisions(actor)` or a child already in reach."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.access.rules import View
from app.access.scope import in_area
from app.approvals.models import Approval
from app.approvals.queries import approvals_of
from app.approvals.words import ApprovalKind
from app.audit.service import record
from app.children.coding import hide_all_names
from app.children.models import Child, Household
from app.children.queries import view_of, visible_children
from app.children.rules import age_text, initials
from app.children.words import BirthPrecision
from app.children.work import ChildAtWork, child_to_read
from app.core import clock
from app.core.errors import NotFound
from app.decisions.events import DecisionOpened, DecisionsRead
from app.decisions.missing import Written, lacking
from app.decisions.models import Decision, DecisionSibling, Match
from app.decisions.rules import OPEN_STATES
from app.decisions.schemas import DecisionDetail, DecisionRow, MatchRow, Missing, SharedChild
from app.decisions.words import DecisionState
from app.institutions.models import Institution
from app.people.models import Account

_ROW: tuple[Any, ...] = (
    Decision.id,
    Decision.child_id.label("child"),
    Child.code.label("child_code"),
    Decision.state,
    Decision.decided_on,
    Decision.kind,
    Decision.approved_at,
    Decision.version,
)


def counts_for(child_id: UUID) -> ColumnElement[bool]:
    """The condition that a decision counts for a child: its own, or shared with it."""
    # Two small sets of ids instead of an OR, for which every decision in the country would be looked at.
    own, shared = aliased(Decision), DecisionSibling
    of_child = select(own.id).where(own.child_id == child_id)
    of_sibling = select(shared.decision_id).where(shared.child_id == child_id, shared.dropped.is_(False))
    return Decision.id.in_(of_child.union_all(of_sibling))


def visible_decisions(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor reads a decision: of a child whose whole file is theirs to read, or theirs to decide.

    The national manager reads what was asked of that office, by the child's code.
    """
    if view_of(actor) is View.WHOLE:
        # Said outright, because the children of an enclosing statement are others than these.
        of_child = exists().where(Child.id == Decision.child_id, visible_children(actor)).correlate(Decision)
        of_sibling = (
            exists()
            .where(
                DecisionSibling.decision_id == Decision.id,
                DecisionSibling.dropped.is_(False),
                Child.id == DecisionSibling.child_id,
                visible_children(actor),
            )
            .correlate(Decision)
        )
        return or_(of_child, of_sibling)
    if actor.role is Role.NATIONAL_MANAGER:
        return exists().where(
            Approval.subject_id == Decision.id,
            Approval.kind == ApprovalKind.RESIDENTIAL_ENTRY.value,
            in_area(Approval.area_code, actor.area),
        )
    return Decision.id.is_(None)


def open_decisions(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, list[DecisionRow]]:
    """A child and its decisions, the newest first, and the note that they were read; raises `NotFound`."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    found = decisions_of(db, child_id)
    event = DecisionsRead(decisions=[row.id for row in found])
    record(db, actor, event, subject_id=child_id, area_code=child.area_code)
    return child, found


def decisions_of(db: Session, child_id: UUID) -> list[DecisionRow]:
    """The decisions that count for a child whom the caller may read, the newest first; one statement."""
    rows = db.execute(
        select(*_ROW)
        .join(Child, Child.id == Decision.child_id)
        .where(counts_for(child_id))
        .order_by(Decision.decided_on.desc(), Decision.created_at.desc(), Decision.id)
    )
    return [DecisionRow.model_validate(row) for row in rows]


def open_decision(db: Session, actor: Actor, decision_id: UUID) -> DecisionDetail:
    """One decision, and the note that it was read."""
    found = read_decision(db, actor, decision_id)
    event = DecisionOpened(decision=decision_id, coded=found.coded)
    record(db, actor, event, subject_id=found.child, area_code=actor.area.lo)
    return found


def read_decision(db: Session, actor: Actor, decision_id: UUID) -> DecisionDetail:
    """The same without the note. Raises `NotFound` out of reach.

    Whoever does not read the whole file sees code, age and sex, and of the panel the roles only.
    """
    require(actor, Permission.CASES_READ, Permission.APPROVALS_DECIDE)
    row = db.execute(_one().where(Decision.id == decision_id, visible_decisions(actor))).one_or_none()
    if row is None:
        raise NotFound
    coded = view_of(actor) is not View.WHOLE
    return DecisionDetail.model_validate(_told(db, actor, row, coded=coded))


def _one() -> Select[Any]:
    columns = (
        Child.given_name,
        Child.family_name,
        Child.sex,
        Child.born_on,
        Child.birth_precision,
        Household.code.label("household_code"),
        Institution.name.label("institution_name"),
        Account.display_name.label("author"),
        *(column for column in Decision.__table__.columns if column.name not in {"id", "child_id", "state", "kind"}),
        Decision.household_id.label("household"),
        Decision.institution_id.label("institution"),
    )
    mine = [column for column in _ROW if column.key not in {"decided_on", "approved_at", "version"}]
    return (
        select(*mine, *columns)
        .join(Child, Child.id == Decision.child_id)
        .outerjoin(Household, Household.id == Decision.household_id)
        .outerjoin(Institution, Institution.id == Decision.institution_id)
        .outerjoin(Account, Account.id == Decision.created_by)
    )


def _told(db: Session, actor: Actor, row: Row[Any], *, coded: bool) -> dict[str, Any]:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    if coded:
        values |= _without_names(db, row)
    shared = _shared(db, actor, row.id)
    open_still = DecisionState(row.state) in OPEN_STATES
    return values | {
        "coded": coded,
        "initials": None if coded else initials(row.given_name, row.family_name),
        "age_text": age_text(row.born_on, BirthPrecision(row.birth_precision), clock.today()),
        "panel": [{"name": None if coded else one["name"], "role": one["role"]} for one in row.panel],
        "author": None if coded else row.author,
        "household": None if coded else row.household,
        "household_code": None if coded else row.household_code,
        "shared": shared,
        "approval": approvals_of(db, [row.id]).get(row.id),
        "missing": _missing(row, len(shared)) if open_still else [],
    }


def _missing(row: Row[Any], shared: int) -> list[Missing]:
    return [Missing(field=field, words=words) for field, words in lacking(Written.of(row, shared=shared))]


def _without_names(db: Session, row: Row[Any]) -> dict[str, Any]:
    """What people wrote in a decision, with codes where the names of the children whom it is about stood."""
    named: list[Any] = [Child.code, Child.given_name, Child.family_name, Child.other_names]
    concerned = (
        select(*named).where(Child.id.in_([row.child, *sibling_ids(db, row.id)])).order_by(Child.id != row.child)
    )
    known = [
        ([f"{one.given_name} {one.family_name}", one.given_name, one.family_name, *one.other_names], one.code)
        for one in db.execute(concerned)
    ]

    def told(text: str | None) -> str | None:
        return hide_all_names(text, known) if text else text

    written = ("necessity", "suitability", "child_said", "siblings_why", "far_why", "conditions")
    options = [one | {"finding": told(one.get("finding")), "why_not": told(one.get("why_not"))} for one in row.options]
    return {name: told(getattr(row, name)) for name in written} | {"options": options}


def _shared(db: Session, actor: Actor, decision_id: UUID) -> list[SharedChild]:
    rows = db.execute(
        select(Child.id.label("child"), Child.code.label("child_code"))
        .join(DecisionSibling, DecisionSibling.child_id == Child.id)
        .where(
            DecisionSibling.decision_id == decision_id,
            DecisionSibling.dropped.is_(False),
            visible_children(actor),
        )
        .order_by(Child.code)
    )
    return [SharedChild.model_validate(row) for row in rows]


def sees_child(db: Session, actor: Actor, child_id: UUID) -> bool:
    """Whether a child is in the actor's reach."""
    return bool(db.scalar(select(exists().where(Child.id == child_id, visible_children(actor)))))


def sibling_ids(db: Session, decision_id: UUID) -> list[UUID]:
    """The other children for whom a decision counts too, as far as the database shows them."""
    wanted = select(DecisionSibling.child_id).where(
        DecisionSibling.decision_id == decision_id, DecisionSibling.dropped.is_(False)
    )
    return list(db.scalars(wanted.order_by(DecisionSibling.child_id)))


def newest_approved(db: Session, child_id: UUID) -> Row[Any] | None:
    """The newest approved decision that counts for a child: id, child, kind, whether siblings stay together."""
    columns: list[Any] = [Decision.id, Decision.child_id, Decision.kind, Decision.siblings]
    wanted = select(*columns).where(counts_for(child_id), Decision.state == DecisionState.APPROVED.value)
    wanted = wanted.order_by(Decision.decided_on.desc(), Decision.approved_at.desc(), Decision.id)
    return db.execute(wanted.limit(1)).one_or_none()


def match_of(db: Session, decision_id: UUID, child_id: UUID | None = None) -> MatchRow | None:
    """The family that was chosen last for a decision; one statement."""
    of_child = and_(Match.child_id == child_id) if child_id else Match.child_id.is_not(None)
    row = db.execute(
        select(
            Match.id,
            Match.household_id.label("household"),
            Household.code.label("household_code"),
            Household.head_name,
            Match.why,
            Match.reasons,
            Match.against,
            Match.others,
            Match.created_at.label("chosen_at"),
            Account.display_name.label("by"),
        )
        .join(Household, Household.id == Match.household_id)
        .outerjoin(Account, Account.id == Match.created_by)
        .where(Match.decision_id == decision_id, of_child)
        .order_by(Match.created_at.desc(), Match.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001
    return MatchRow.model_validate(values | {"others": len(row.others)})


def summary_of(db: Session, child_id: UUID) -> DecisionRow | None:
    """The newest decision that counts for a child whom the caller may read, for the child's screen; one statement."""
    row = db.execute(
        select(*_ROW)
        .join(Child, Child.id == Decision.child_id)
        .where(counts_for(child_id))
        .order_by(Decision.decided_on.desc(), Decision.created_at.desc(), Decision.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else DecisionRow.model_validate(row)
