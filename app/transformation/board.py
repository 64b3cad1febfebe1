"""The board: every resident of a house by how far on the way home, from what the tables of the other domains say."""

from collections import Counter
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View
from app.approvals.models import Approval
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.cases.models import Case
from app.cases.words import CaseState
from app.children.models import Child
from app.children.queries import view_of, visible_children
from app.children.residents import residents_of
from app.children.rules import age_on, age_text, initials
from app.children.schemas import shown_name
from app.children.words import BirthPrecision, Sex
from app.core import clock
from app.decisions.models import Decision, Match
from app.institutions.queries import get_institution
from app.placements.models import Preparation, PreparationItem, PreparationStep
from app.tracing.models import Relative, TracingRequest
from app.transformation.events import BoardOpened
from app.transformation.rules import ResidentFacts, readiness
from app.transformation.schemas import Board, BoardRow
from app.transformation.words import Obstacle, Readiness

MOST_RESIDENTS = 800


def sees_board(actor: Actor) -> bool:
    """Whether a role may see the residents of a house by readiness: the district's workers, and national staff."""
    return actor.may_ever(Permission.PLACEMENTS_WRITE) or actor.may_ever(Permission.CHILDREN_UNSEAL)


def open_board(db: Session, actor: Actor, institution_id: UUID) -> Board:
    """The residents of a house by readiness, and the note that they were shown; raises `NotFound` out of reach."""
    require(actor, Permission.PLACEMENTS_WRITE, Permission.CHILDREN_UNSEAL)
    institution = get_institution(db, actor, institution_id)
    residents = residents_of(db, [institution_id]).get(institution_id, 0)
    return read_board(db, actor, institution_id, residents=residents, area_code=institution.area_code)


def read_board(db: Session, actor: Actor, institution_id: UUID, *, residents: int, area_code: int) -> Board:
    """The same for whoever has just read the house; one statement, and the note."""
    found = db.execute(_residents(actor), {"institution_id": institution_id}).all()
    today = clock.today()
    coded = view_of(actor) is View.CODED
    rows = sorted((_row(row, today, coded=coded) for row in found), key=_furthest_first)
    board = Board(
        institution=institution_id,
        counts=dict(Counter(row.readiness for row in rows)),
        hidden=max(0, residents - len(rows)),
        rows=rows,
    )
    event = BoardOpened(rows=len(rows), ids=[row.id for row in rows])
    record(db, actor, event, subject_id=institution_id, area_code=area_code)
    return board


def unassessed(db: Session, actor: Actor, institution_id: UUID) -> int:
    """How many residents of a house whom the actor sees are not assessed; a number, nobody is shown."""
    found = db.execute(_residents(actor), {"institution_id": institution_id}).all()
    today = clock.today()
    return sum(Obstacle.NOT_ASSESSED in _row(row, today, coded=True).obstacles for row in found)


def without_worker(board: Board) -> int:
    """How many residents on a board nobody is responsible for."""
    return sum(Obstacle.NO_WORKER in row.obstacles for row in board.rows)


def _furthest_first(row: BoardRow) -> tuple[int, int, str]:
    return -list(Readiness).index(row.readiness), -(row.days or 0), row.code


def _row(row: Row[Any], today: date, *, coded: bool) -> BoardRow:
    step, obstacles = readiness(
        ResidentFacts(
            has_worker=row.responsible_post_id is not None,
            has_case=row.case_state is not None,
            assessed=row.assessed or row.case_state not in {None, CaseState.REGISTERED.value},
            family_traced=row.family_traced,
            decision_waits=row.decision_waits,
            decided=row.decided,
            matched=row.matched,
            prepared=row.prepared,
        )
    )
    letters = initials(row.given_name, row.family_name)
    return BoardRow(
        id=row.id,
        code=row.code,
        name=letters if coded else shown_name(row.given_name, row.family_name, letters),
        sex=Sex(row.sex),
        age_years=age_on(row.born_on, today),
        age_text=age_text(row.born_on, BirthPrecision(row.birth_precision), today),
        has_disability=row.has_disability,
        siblings=row.siblings,
        since=row.lives_since,
        days=(today - row.lives_since).days if row.lives_since else None,
        readiness=step,
        obstacles=obstacles,
    )


def _residents(actor: Actor) -> Select[Any]:
    return _facts().where(visible_children(actor))


@cache
def _facts() -> Select[Any]:
    """Each resident with every fact that readiness asks for, in one statement."""
    here = Child.institution_id == bindparam("institution_id")
    columns: list[Any] = [
        Child.id,
        Child.code,
        Child.given_name,
        Child.family_name,
        Child.sex,
        Child.born_on,
        Child.birth_precision,
        Child.has_disability,
        Child.lives_since,
        Child.responsible_post_id,
        Case.state.label("case_state"),
        _approved(ApprovalKind.ASSESSMENT).label("assessed"),
        or_(_verified_relative(), _search_found()).label("family_traced"),
        _decision("approved").label("decided"),
        _decision("requested").label("decision_waits"),
        _matched().label("matched"),
        _prepared().label("prepared"),
        _siblings().label("siblings"),
    ]
    open_case = and_(Case.child_id == Child.id, Case.closed_on.is_(None))
    return select(*columns).outerjoin(Case, open_case).where(here).order_by(Child.id).limit(MOST_RESIDENTS)


def _approved(kind: ApprovalKind, state: ApprovalState = ApprovalState.APPROVED) -> ColumnElement[bool]:
    wanted = (Approval.child_id == Child.id, Approval.kind == kind.value, Approval.state == state.value)
    return select(Approval.id).where(*wanted).exists()


def _decision(state: str) -> ColumnElement[bool]:
    written = select(Decision.id).where(Decision.child_id == Child.id, Decision.state == state).exists()
    waits = ApprovalState.APPROVED if state == "approved" else ApprovalState.REQUESTED
    return or_(written, _approved(ApprovalKind.DECISION, waits))


def _verified_relative() -> ColumnElement[bool]:
    wanted = (Relative.child_id == Child.id, Relative.verification == "verified", Relative.alive != "no")
    return select(Relative.id).where(*wanted).exists()


def _search_found() -> ColumnElement[bool]:
    wanted = (TracingRequest.child_id == Child.id, TracingRequest.state == "found")
    return select(TracingRequest.id).where(*wanted).exists()


def _matched() -> ColumnElement[bool]:
    """A family was chosen from those proposed, or the approved decision names it itself."""
    chosen = select(Match.id).where(Match.child_id == Child.id).exists()
    named = (Decision.child_id == Child.id, Decision.state == "approved", Decision.household_id.is_not(None))
    return or_(chosen, select(Decision.id).where(*named).exists())


def _prepared() -> ColumnElement[bool]:
    """Every step of the open preparation is done."""
    done = (
        select(func.count(PreparationStep.id))
        .where(PreparationStep.preparation_id == Preparation.id)
        .correlate(Preparation)
        .scalar_subquery()
    )
    steps = select(func.count(PreparationItem.code)).scalar_subquery()
    return (
        select(Preparation.id)
        .where(
            Preparation.child_id == Child.id,
            Preparation.placement_id.is_(None),
            Preparation.dropped_on.is_(None),
            done >= steps,
        )
        .exists()
    )


def _siblings() -> ColumnElement[int]:
    """Other residents of the house whose cases are worked on as one group."""
    other, other_case = aliased(Child), aliased(Case)
    return (
        select(func.count(other.id))
        .join(other_case, and_(other_case.child_id == other.id, other_case.closed_on.is_(None)))
        .where(
            other.institution_id == bindparam("institution_id"),
            other.id != Child.id,
            other_case.group_id == Case.group_id,
        )
        .correlate(Child, Case)
        .scalar_subquery()
    )
