"""Every read of a house's way to its last day that has no file of its own; each of a house in reach."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, case, func, literal, null, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.scope import in_area
from app.approvals.words import ApprovalState
from app.children.models import Child
from app.children.residents import residents_of
from app.core import clock
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.institutions.models import Institution
from app.institutions.queries import get_institution, visible_institutions
from app.institutions.schemas import InstitutionDetail
from app.institutions.words import ClosureStage
from app.people.models import Account
from app.placements.models import Placement
from app.placements.words import PLANNED_REASONS, EndReason
from app.places.models import Place
from app.places.queries import find_area
from app.transformation.board import read_board, sees_board, unassessed, without_worker
from app.transformation.breach_queries import is_answered, is_breach
from app.transformation.models import Census, Claim, PlanStep, StaffPlan, StageChange, TransformationPlan
from app.transformation.resource_queries import read_plan
from app.transformation.rules import LeftToDo, what_is_left
from app.transformation.schemas import (
    Board,
    ClosureFile,
    ClosurePlanFile,
    ClosureQuery,
    ClosureRow,
    LeftItem,
    StageRow,
)

HOMES = PLANNED_REASONS - {EndReason.EDUCATION_MOVE}
"""Ends of a stay that led to a family or to independent life."""


def open_closure(db: Session, actor: Actor, institution_id: UUID) -> tuple[ClosureFile, Board | None]:
    """A house on its way to closure, and the board for who may see it; raises `NotFound` out of reach."""
    require(actor, Permission.INSTITUTIONS_READ)
    house = get_institution(db, actor, institution_id)
    residents = residents_of(db, [institution_id]).get(institution_id, 0)
    board = None
    if sees_board(actor):
        board = read_board(db, actor, institution_id, residents=residents, area_code=house.area_code)
    plan = read_plan(db, institution_id, waits_shown=sees_board(actor))
    # Who left the house is hidden from its manager, and a count of what is hidden would be 0.
    homes, others = (None, None) if actor.may_ever(Permission.CLAIMS_REPORT) else _exits(db, institution_id)
    counted = db.execute(_counts(institution_id)).one()
    facts = LeftToDo(
        stage=house.closure_stage,
        residents=residents,
        no_worker=without_worker(board) if board else 0,
        by_readiness=Counter(board.counts) if board else None,
        breaches=counted.breaches,
        claims=counted.claims,
        last_census_on=counted.last_census_on,
        open_censuses=counted.open_censuses,
        has_plan=plan is not None,
        plan_approved=plan is not None and plan.approved_on is not None,
        plan_waits=_asked(plan, ApprovalState.REQUESTED),
        plan_returned=_asked(plan, ApprovalState.RETURNED),
        staff_undecided=counted.staff_undecided or 0,
        steps_late=counted.steps_late,
    )
    left = [LeftItem(what=what, count=count) for what, count in what_is_left(facts, today=clock.today())]
    return (
        ClosureFile(
            id=house.id,
            name=house.name,
            stage=house.closure_stage,
            stage_reached_on=house.stage_reached_on,
            moratorium_on=house.moratorium_on,
            residents=residents,
            homes=homes,
            other_exits=others,
            stages=stages_of(db, institution_id, with_evidence=sees_board(actor)),
            plan=plan,
            left=left if sees_board(actor) else [],
            version=house.version,
        ),
        board,
    )


def against_next_stage(db: Session, actor: Actor, house: InstitutionDetail) -> list[str]:
    """What the record says against the next stage of a house that the actor has just read, in sentences."""
    following = house.closure_stage + 1
    if following == ClosureStage.ASSESSED.number:
        open_ones = unassessed(db, actor, house.id)
        words = ngettext(
            "By the record %(num)d resident is not assessed yet. Say what shows the stage all the same.",
            "By the record %(num)d residents are not assessed yet. Say what shows the stage all the same.",
            open_ones,
        )
        return [words % {"num": open_ones}] if open_ones else []
    if following == ClosureStage.PLAN_APPROVED.number:
        plan = read_plan(db, house.id, waits_shown=False)
        approved = plan is not None and plan.approved_on is not None
        return [] if approved else [_("The national manager has not approved the plan of this house yet")]
    if following in {stage.number for stage in _EMPTY}:
        residents = residents_of(db, [house.id]).get(house.id, 0)
        return [_("%(count)d still live in the house: see who is left") % {"count": residents}] if residents else []
    return []


_EMPTY = (ClosureStage.CARE_ENDED, ClosureStage.TRANSFORMED, ClosureStage.DEREGISTERED)


def _asked(plan: ClosurePlanFile | None, state: ApprovalState) -> bool:
    return plan is not None and plan.approval is not None and plan.approval.state is state


def stages_of(db: Session, institution_id: UUID, *, with_evidence: bool) -> list[StageRow]:
    """The history of a house's stages, newest first."""
    found = db.execute(
        select(
            StageChange.id,
            StageChange.from_stage,
            StageChange.stage,
            StageChange.reached_on,
            (StageChange.evidence if with_evidence else null()).label("evidence"),
            (StageChange.document if with_evidence else null()).label("document"),
            Account.display_name.label("by"),
            StageChange.created_at,
        )
        .outerjoin(Account, Account.id == StageChange.created_by)
        .where(StageChange.institution_id == institution_id)
        .order_by(StageChange.created_at.desc(), StageChange.stage.desc(), StageChange.id.desc())
    )
    return [StageRow.model_validate(row) for row in found]


def _exits(db: Session, institution_id: UUID) -> tuple[int, int]:
    """Stays in the house that ended in a home, and in another way; mistakes count as neither."""
    home = Placement.end_reason.in_([reason.value for reason in HOMES])
    row = db.execute(
        select(func.count().filter(home), func.count().filter(~home)).where(
            Placement.institution_id == institution_id,
            Placement.is_residential,
            Placement.ended_on.is_not(None),
            Placement.end_reason != EndReason.DATA_CORRECTION.value,
        )
    ).one()
    return row[0], row[1]


def _counts(institution_id: UUID) -> Select[Any]:
    def count(model: Any, *conditions: ColumnElement[bool]) -> Any:
        return select(func.count(model.id)).where(model.institution_id == institution_id, *conditions).scalar_subquery()

    breaches = (
        select(func.count(Placement.id))
        .join(Institution, Institution.id == Placement.institution_id)
        .where(Institution.id == institution_id, is_breach(), ~is_answered())
        .scalar_subquery()
    )
    done = Census.state != "draft"
    last = select(func.max(Census.counted_on)).where(Census.institution_id == institution_id, done).scalar_subquery()
    undecided = StaffPlan.number - StaffPlan.retrained - StaffPlan.moved - StaffPlan.paid_off
    staff = select(func.sum(undecided)).where(StaffPlan.institution_id == institution_id).scalar_subquery()
    return select(
        breaches.label("breaches"),
        count(Claim, Claim.state == "reported").label("claims"),
        count(Census, Census.state != "reconciled").label("open_censuses"),
        last.label("last_census_on"),
        staff.label("staff_undecided"),
        count(PlanStep, PlanStep.done_on.is_(None), PlanStep.due_on < clock.today()).label("steps_late"),
    )


# Overview


def list_closures(db: Session, actor: Actor, query: ClosureQuery) -> Page[ClosureRow]:
    """Every house in reach, with who is left and what happened after the moratorium.

    First those in which children are still cared for, by their planned last day, so that what is late leads; without
    such a day the furthest first. Those whose care has ended come behind them.
    """
    require(actor, Permission.INSTITUTIONS_READ)
    residents = (
        select(func.count(Child.id)).where(Child.institution_id == Institution.id).correlate(Institution)
    ).scalar_subquery()
    breaches = (
        select(func.count(Placement.id))
        .where(Placement.institution_id == Institution.id, is_breach(), ~is_answered())
        .correlate(Institution)
        .scalar_subquery()
    )
    counted_on = (
        select(func.max(Census.counted_on))
        .where(Census.institution_id == Institution.id, Census.state != "draft")
        .correlate(Institution)
        .scalar_subquery()
    )
    stage, planned = Institution.closure_stage, TransformationPlan.last_day_planned
    ended = stage >= ClosureStage.CARE_ENDED.number
    key = (
        case((ended, 1), else_=0),
        case((ended, _NO_DAY), else_=func.coalesce(planned, _NO_DAY)),
        case((ended, stage), else_=-stage),
        Institution.name.expression,
        Institution.id.expression,
    )
    statement = (
        select(
            Institution.id,
            Institution.name,
            Place.path.label("place"),
            Institution.closure_stage.label("stage"),
            Institution.stage_reached_on,
            Institution.moratorium_on,
            residents.label("residents"),
            breaches.label("breaches"),
            counted_on.label("counted_on"),
            planned.label("last_day_planned"),
            *(part.label(f"key_{number}") for number, part in enumerate(key[:3])),
        )
        .join(Place, Place.code == Institution.place_code)
        .outerjoin(TransformationPlan, TransformationPlan.institution_id == Institution.id)
        .where(visible_institutions(actor))
    )
    if query.place is not None:
        statement = statement.where(in_area(Institution.area_code, find_area(db, query.place)))
    if query.stage is not None:
        statement = statement.where(Institution.closure_stage == query.stage)
    rows = db.execute(after(statement, key, query.cursor, newest_first=False).limit(query.limit + 1)).all()
    return page_of(
        rows,
        query.limit,
        ClosureRow.model_validate,
        lambda row: (row.key_0, row.key_1, row.key_2, row.name, row.id),
    )


_NO_DAY = literal(date.max, Date)
"""Behind every day that somebody plans."""


def stage_counts(db: Session, actor: Actor) -> dict[int, int]:
    """How many houses in reach are at each stage."""
    counted = db.execute(
        select(Institution.closure_stage, func.count(Institution.id))
        .where(visible_institutions(actor))
        .group_by(Institution.closure_stage)
    )
    return {row[0]: row[1] for row in counted}
