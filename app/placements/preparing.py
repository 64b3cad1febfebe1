"""Preparing a child and a family for a placement: the steps, who did each, and what the start of it makes of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.children.work import ChildAtWork, child_to_read, child_to_work_on
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import check_version, create_once
from app.placements.events import PreparationDropped, PreparationOpened, PreparationStarted, PreparationStepDone
from app.placements.inside_schemas import (
    PreparationDetail,
    PreparationDrop,
    PreparationStart,
    PreparationStepRow,
    StepDone,
    StepsDone,
)
from app.placements.models import Preparation, PreparationItem, PreparationStep
from app.placements.rules import check_not_future
from app.placements.words import FAMILY_KINDS, PASSING_KINDS, PLACED_KINDS, PlacementKind
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_tasks_of, drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind

SUBJECT = "preparation"
PREPARED_KINDS = PLACED_KINDS - PASSING_KINDS
"""Kinds that one prepares for; nobody prepares for an emergency."""
MOST_AHEAD_DAYS = 730
_ONE_OPEN = "ix_preparations_one_open"


def start_preparation(db: Session, actor: Actor, child_id: UUID, command: PreparationStart) -> tuple[UUID, bool]:
    """Begins to prepare a placement: the steps are there to be done, and the worker is reminded before the day.

    Raises `FieldError` for a day that is past or a kind that nobody prepares, `Conflict` where one is open.
    """
    require(actor, Permission.PLACEMENTS_WRITE)
    child = child_to_work_on(db, actor, child_id)
    today = clock.today()
    if command.kind not in PREPARED_KINDS:
        raise FieldError("kind", _("This kind of placement is not prepared for"))
    if not today <= command.planned_on <= today + timedelta(days=MOST_AHEAD_DAYS):
        raise FieldError("planned_on", _("Choose a day from today on, within two years"))
    try:
        with db.begin_nested():
            preparation_id, is_new = create_once(
                db,
                Preparation,
                actor,
                command,
                child_id=child.id,
                kind=command.kind.value,
                planned_on=command.planned_on,
            )
    except IntegrityError as broken:
        if violated(broken) == _ONE_OPEN:
            raise Conflict(_("A placement of this child is being prepared already")) from broken
        raise
    if is_new:
        plan = TaskPlan(
            kind=TaskKind.PREPARE,
            due_on=command.planned_on,
            tolerance_days=0,
            post_id=child.responsible_post_id,
            area_code=child.area_code,
            path=f"/children/{child.id}/preparation",
        )
        plan_tasks(db, actor, [plan], subject_kind=SUBJECT, subject_id=preparation_id, child_id=child.id)
        event = PreparationStarted(
            preparation=preparation_id, placement_kind=command.kind.value, planned_on=command.planned_on
        )
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return preparation_id, is_new


def do_step(db: Session, actor: Actor, preparation_id: UUID, command: StepDone) -> None:
    """Says of a step of the preparation that it is done, or corrects what was said of it.

    Raises `FieldError` for a step that is not on the list or a day in the future, `Conflict` where it is over.
    """
    steps = StepsDone(step=[command.step], done_on=command.done_on, done_by=command.done_by, note=command.note)
    do_steps(db, actor, preparation_id, steps, version=None)


def do_steps(db: Session, actor: Actor, preparation_id: UUID, command: StepsDone, *, version: int | None) -> None:
    """Says of several steps at once that they are done on one day, or corrects what was said of them; all or none.

    Raises as `do_step` does, and `Stale` where somebody else wrote in the preparation since it was read.
    """
    require(actor, Permission.PLACEMENTS_WRITE)
    preparation, child = _open(db, actor, preparation_id)
    check_version(preparation, version, current={}, typed=command.model_dump(mode="json"))
    check_not_future("done_on", command.done_on, clock.today())
    wanted = list(dict.fromkeys(command.step))
    known = set(db.scalars(select(PreparationItem.code).where(PreparationItem.code.in_(wanted))))
    if not wanted:
        raise FieldError("step", _("This is needed"))
    if known != set(wanted):
        raise FieldError("step", _("This step is not on the list"))
    for step in wanted:
        _write_step(db, actor, preparation, child, step, command)


def _write_step(
    db: Session, actor: Actor, preparation: Preparation, child: ChildAtWork, step: str, command: StepsDone
) -> None:
    told = {"done_on": command.done_on, "done_by": command.done_by, "note": command.note or None}
    row = insert(PreparationStep).values(
        id=new_id(),
        created_by=actor.account_id,
        preparation_id=preparation.id,
        child_id=child.id,
        item=step,
        **told,
    )
    db.execute(
        row.on_conflict_do_update(
            index_elements=["preparation_id", "item"], set_=told | {"version": PreparationStep.version + 1}
        )
    )
    event = PreparationStepDone(preparation=preparation.id, step=step, done_on=command.done_on)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)


def drop_preparation(db: Session, actor: Actor, preparation_id: UUID, command: PreparationDrop) -> None:
    """Gives up a preparation with a reason; its steps stay on record."""
    require(actor, Permission.PLACEMENTS_WRITE)
    preparation, child = _open(db, actor, preparation_id)
    preparation.dropped_on, preparation.drop_reason = clock.today(), command.reason
    preparation.version += 1
    db.flush()
    drop_tasks_of(db, preparation.id, TaskKind.PREPARE)
    event = PreparationDropped(preparation=preparation.id)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)


def _open(db: Session, actor: Actor, preparation_id: UUID) -> tuple[Preparation, ChildAtWork]:
    child_id = db.scalar(select(Preparation.child_id).where(Preparation.id == preparation_id))
    if child_id is None:
        raise NotFound
    child = child_to_work_on(db, actor, child_id)
    preparation = db.scalars(
        select(Preparation)
        .where(Preparation.id == preparation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if preparation.placement_id is not None or preparation.dropped_on is not None:
        raise Conflict(_("This preparation is over"))
    return preparation, child


def open_preparations(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, list[PreparationDetail]]:
    """The child and its preparations with their steps, the newest first, and the note that they were read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    found = preparations_of(db, child_id)
    record(db, actor, PreparationOpened(preparations=len(found)), subject_id=child.id, area_code=child.area_code)
    return child, found


def read_preparation(db: Session, actor: Actor, preparation_id: UUID) -> PreparationDetail:
    """One preparation of a child whose whole record the actor may read; raises `NotFound`. The caller notes it."""
    child_id = db.scalar(select(Preparation.child_id).where(Preparation.id == preparation_id))
    if child_id is None:
        raise NotFound
    child_to_read(db, actor, child_id)
    return next(one for one in preparations_of(db, child_id) if one.id == preparation_id)


def preparations_of(db: Session, child_id: UUID) -> list[PreparationDetail]:
    """The preparations of a child whose whole record the reader has just opened; two statements."""
    rows = db.execute(
        select(
            Preparation.id,
            Preparation.child_id.label("child"),
            Preparation.kind,
            Preparation.planned_on,
            Preparation.placement_id.label("placement"),
            Preparation.dropped_on,
            Preparation.drop_reason,
            Preparation.version,
        )
        .where(Preparation.child_id == child_id)
        .order_by(Preparation.planned_on.desc(), Preparation.id.desc())
    ).all()
    if not rows:
        return []
    steps = db.execute(
        select(
            Preparation.id.label("preparation"),
            PreparationItem.code.label("step"),
            PreparationItem.label,
            PreparationStep.done_on,
            PreparationStep.done_by,
            PreparationStep.note,
        )
        .select_from(Preparation)
        .join(PreparationItem, PreparationItem.code.is_not(None))
        .outerjoin(
            PreparationStep,
            and_(PreparationStep.preparation_id == Preparation.id, PreparationStep.item == PreparationItem.code),
        )
        .where(Preparation.child_id == child_id)
        .order_by(PreparationItem.position, PreparationItem.code)
    ).all()
    return [
        PreparationDetail.model_validate(
            dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
            | {
                "steps": [
                    PreparationStepRow(
                        step=step.step, label=_(step.label), done_on=step.done_on, done_by=step.done_by, note=step.note
                    )
                    for step in steps
                    if step.preparation == row.id
                ]
            }
        )
        for row in rows
    ]


# For the start of a placement


@dataclass(frozen=True, slots=True)
class OpenPreparation:
    """The preparation that a placement is about to end, and its steps that are not done, in words."""

    id: UUID
    undone: list[str]


def preparation_for(db: Session, child_id: UUID, kind: PlacementKind) -> OpenPreparation | None:
    """The open preparation of a child, where a placement of this kind is what it was for."""
    if kind not in PREPARED_KINDS:
        return None
    rows = db.execute(
        select(Preparation.id, PreparationItem.label, PreparationStep.done_on)
        .select_from(Preparation)
        .join(PreparationItem, PreparationItem.code.is_not(None))
        .outerjoin(
            PreparationStep,
            and_(PreparationStep.preparation_id == Preparation.id, PreparationStep.item == PreparationItem.code),
        )
        .where(Preparation.child_id == child_id, Preparation.placement_id.is_(None), Preparation.dropped_on.is_(None))
        .order_by(PreparationItem.position, PreparationItem.code)
    ).all()
    return OpenPreparation(rows[0].id, [_(row.label) for row in rows if row.done_on is None]) if rows else None


def use_preparation(db: Session, preparation_id: UUID, placement_id: UUID, started_on: date) -> None:
    """The placement has started: its preparation is over, and nobody is reminded of it any more."""
    db.execute(
        update(Preparation)
        .where(Preparation.id == preparation_id)
        .values(placement_id=placement_id, version=Preparation.version + 1)
    )
    complete_tasks_of(db, preparation_id, TaskKind.PREPARE, done_by_id=placement_id, done_on=started_on)


def kinds_to_prepare() -> list[PlacementKind]:
    """The kinds to choose from, families first."""
    return sorted(PREPARED_KINDS, key=lambda kind: (kind not in FAMILY_KINDS, list(PlacementKind).index(kind)))
