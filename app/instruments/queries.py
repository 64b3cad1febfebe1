"""Every read of answers; each starts from `visible_answers(actor)`, or from a child whom the caller has opened."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, false, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import CASE_WORKERS
from app.access.rules import View
from app.approvals.queries import approvals_of
from app.approvals.schemas import ApprovalRow
from app.audit.service import record
from app.children.household_queries import visible_households
from app.children.models import Child, Household
from app.children.queries import view_of, visible_children
from app.children.schemas import shown_name
from app.children.work import ChildAtWork, child_to_read
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.instruments.definitions import Definition, registry
from app.instruments.events import AnswersListed, AnswersOpened
from app.instruments.models import InstrumentAnswers, InstrumentChoice
from app.instruments.rules import age_on, fits
from app.instruments.schemas import AnswersFile, AnswersQuery, AnswersRow, InstrumentRow
from app.instruments.words import AnswersState
from app.people.models import Account

MOST_COMPARED = 4
MOST_LISTED = 200
EXACT = frozenset({"day", "month"})
_KEY = (InstrumentAnswers.created_at.expression, InstrumentAnswers.id.expression)
_starter, _submitter = aliased(Account), aliased(Account)
_newer = aliased(InstrumentAnswers)


def readable(actor: Actor) -> ColumnElement[bool]:
    """Psychological answers are read by whoever wrote them and by the child's responsible worker, nobody else.

    Where a sector's officer holds the case, that is the worker who watches over it.
    """
    conditions = [InstrumentAnswers.sensitive.is_(None), InstrumentAnswers.created_by == actor.account_id]
    if actor.role in CASE_WORKERS:
        conditions += [Child.responsible_post_id == actor.post_id, Child.supervising_post_id == actor.post_id]
    return or_(*conditions)


def visible_answers(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor reads a set of answers: the child's whole record, and `readable`."""
    if view_of(actor) is not View.WHOLE:
        return false()
    return and_(visible_children(actor), readable(actor))


# Forms


def definition_of(answers: AnswersRow) -> Definition:
    """The form in the version in which the answers were given."""
    found = registry().get(answers.instrument, answers.instrument_version)
    if found is None:
        raise NotFound
    return found


def active_versions(db: Session, district: int, *, on: date | None = None) -> dict[str, Definition]:
    """The version of each form that a district uses: its newest choice, or the first version; one statement."""
    rows = db.execute(
        select(InstrumentChoice.instrument, InstrumentChoice.instrument_version)
        .where(InstrumentChoice.district_code == district, InstrumentChoice.starts_on <= (on or clock.today()))
        .order_by(InstrumentChoice.starts_on, InstrumentChoice.created_at, InstrumentChoice.id)
    )
    chosen = {row.instrument: row.instrument_version for row in rows}
    known = registry()
    return {key: known.get(key, chosen.get(key, 0)) or known.versions(key)[0] for key in known.keys()}  # noqa: SIM118


def list_instruments(db: Session, actor: Actor) -> list[InstrumentRow]:
    """Every form, with the version that the actor's district uses."""
    require(actor, Permission.CASES_READ)
    return [
        InstrumentRow(
            key=key,
            title=active.title,
            versions=[one.version for one in registry().versions(key)],
            active_version=active.version,
            ages=active.ages,
            sensitive=active.sensitive,
            approval=active.approval,
        )
        for key, active in active_versions(db, district_of(actor.area.lo)).items()
    ]


def read_instrument(db: Session, actor: Actor, key: str, version: int | None) -> Definition:
    """A form in one version, the district's unless said otherwise. Raises `NotFound`."""
    require(actor, Permission.CASES_READ)
    if not registry().versions(key):
        raise NotFound
    if version is None:
        return active_versions(db, district_of(actor.area.lo))[key]
    found = registry().get(key, version)
    if found is None:
        raise NotFound
    return found


def district_of(area_code: int) -> int:
    """The district of an area."""
    return area_code // 1_000_000


def is_for(definition: Definition, child: ChildAtWork) -> bool:
    """Whether a form was made for a child of this age."""
    exact = child.birth_precision in EXACT
    return fits(definition, age_on(child.born_on, clock.today()), exact=exact)


def home_code_of(db: Session, child: ChildAtWork) -> str | None:
    """The code of the household in which a child whom the caller has opened lives; one statement."""
    return db.scalar(select(Household.code).where(Household.id == child.household_id))


# Answers


def read_answers(db: Session, actor: Actor, answers_id: UUID, *states: AnswersState) -> AnswersFile:
    """One set of answers in one of some states, or in any; raises `NotFound` out of reach."""
    require(actor, Permission.CASES_READ)
    statement = _files(actor).where(InstrumentAnswers.id == answers_id, visible_answers(actor))
    if states:
        statement = statement.where(InstrumentAnswers.state.in_([state.value for state in states]))
    row = db.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return _file(row)


def open_answers(db: Session, actor: Actor, answers_id: UUID, *states: AnswersState) -> AnswersFile:
    """What `read_answers` finds, and the note that it was read."""
    found = read_answers(db, actor, answers_id, *states)
    opened = AnswersOpened(answers=found.id, instrument=found.instrument)
    record(db, actor, opened, subject_id=found.child, area_code=found.area_code)
    return found


def answers_of(db: Session, actor: Actor, child_id: UUID) -> list[AnswersRow]:
    """Drafts and submitted sets of a child whom the caller has opened, newest first; one statement."""
    statement = _rows(actor).where(
        InstrumentAnswers.child_id == child_id,
        InstrumentAnswers.state != AnswersState.SUPERSEDED.value,
        visible_answers(actor),
    )
    statement = statement.order_by(*(column.desc() for column in _KEY)).limit(MOST_LISTED)
    return [AnswersRow.model_validate(row) for row in db.execute(statement)]


def list_of_child(
    db: Session, actor: Actor, child_id: UUID
) -> tuple[ChildAtWork, list[AnswersRow], dict[UUID, ApprovalRow], dict[str, Definition]]:
    """A child's drafts and submitted sets, how their approvals stand, and the forms that the district uses; noted."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    rows = answers_of(db, actor, child_id)
    approvals = approvals_of(db, [row.id for row in rows if row.state is AnswersState.SUBMITTED])
    record(db, actor, AnswersListed(), subject_id=child_id, area_code=child.area_code)
    return child, rows, approvals, active_versions(db, district_of(child.area_code))


def page_of_child(db: Session, actor: Actor, child_id: UUID, query: AnswersQuery) -> Page[AnswersRow]:
    """All sets of answers of a child, also those that were replaced, newest first; noted."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    statement = _rows(actor).where(InstrumentAnswers.child_id == child_id, visible_answers(actor))
    if query.instrument:
        statement = statement.where(InstrumentAnswers.instrument == query.instrument)
    rows = db.execute(after(statement, _KEY, query.cursor).limit(query.limit + 1)).all()
    listed = AnswersListed(instrument=query.instrument)
    record(db, actor, listed, subject_id=child_id, area_code=child.area_code)
    return page_of(rows, query.limit, AnswersRow.model_validate, lambda row: (row.started_at, row.id))


def sets_to_compare(db: Session, actor: Actor, child_id: UUID, key: str) -> tuple[ChildAtWork, list[AnswersFile]]:
    """The last submitted sets of one form of a child, oldest first; noted. Raises `NotFound` for no such form."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    if not registry().versions(key):
        raise NotFound
    statement = (
        _files(actor)
        .where(
            InstrumentAnswers.child_id == child_id,
            InstrumentAnswers.instrument == key,
            InstrumentAnswers.state == AnswersState.SUBMITTED.value,
            visible_answers(actor),
        )
        .order_by(InstrumentAnswers.submitted_at.desc(), InstrumentAnswers.id.desc())
        .limit(MOST_COMPARED)
    )
    sets = [_file(row) for row in db.execute(statement)][::-1]
    listed = AnswersListed(instrument=key, answers=tuple(one.id for one in sets))
    record(db, actor, listed, subject_id=child_id, area_code=child.area_code)
    return child, sets


# For other domains, of a child whom the caller has opened


def latest_submitted(db: Session, child_id: UUID, key: str) -> InstrumentAnswers | None:
    """The newest submitted set of a form about a child; never a psychological one. One statement."""
    return db.scalars(
        select(InstrumentAnswers)
        .where(
            InstrumentAnswers.child_id == child_id,
            InstrumentAnswers.instrument == key,
            InstrumentAnswers.state == AnswersState.SUBMITTED.value,
            InstrumentAnswers.sensitive.is_(None),
        )
        .order_by(InstrumentAnswers.submitted_at.desc(), InstrumentAnswers.id.desc())
        .limit(1)
    ).one_or_none()


def newest_of_each(db: Session, actor: Actor, child_id: UUID) -> list[AnswersFile]:
    """Of each form the newest submitted set about a child whom the caller has opened, newest first; one statement."""
    statement = (
        _files(actor)
        .where(
            InstrumentAnswers.child_id == child_id,
            InstrumentAnswers.state == AnswersState.SUBMITTED.value,
            visible_answers(actor),
        )
        .ext(distinct_on(InstrumentAnswers.instrument))
        .order_by(InstrumentAnswers.instrument, InstrumentAnswers.submitted_at.desc(), InstrumentAnswers.id.desc())
    )
    found = [_file(row) for row in db.execute(statement)]
    return sorted(found, key=lambda one: (one.submitted_at or one.started_at, one.id), reverse=True)


def scores_of(db: Session, answers_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The scores of some submitted sets; never of a psychological one. One statement."""
    if not answers_ids:
        return {}
    rows = db.execute(
        select(InstrumentAnswers.id, InstrumentAnswers.scores).where(
            InstrumentAnswers.id.in_(answers_ids), InstrumentAnswers.sensitive.is_(None)
        )
    )
    return {row.id: row.scores for row in rows}


# How they are read


def _columns() -> list[Any]:
    return [
        InstrumentAnswers.id,
        InstrumentAnswers.child_id.label("child"),
        InstrumentAnswers.household_id.label("household"),
        Household.code.label("household_code"),
        Household.head_name.label("household_head"),
        InstrumentAnswers.instrument,
        InstrumentAnswers.instrument_version,
        InstrumentAnswers.state,
        InstrumentAnswers.scores,
        InstrumentAnswers.replaces_id.label("replaces"),
        InstrumentAnswers.created_at.label("started_at"),
        _starter.display_name.label("started_by"),
        InstrumentAnswers.submitted_at,
        _submitter.display_name.label("submitted_by"),
        InstrumentAnswers.version,
    ]


def _joined(actor: Actor, *columns: Any) -> Select[Any]:
    # Whoever reads the file of a child reads with whom it lives; any other household is named where it is in reach.
    home = Household.id == Child.household_id
    named = (Household.id == InstrumentAnswers.household_id) & or_(home, visible_households(actor))
    return (
        select(*columns)
        .select_from(InstrumentAnswers)
        .join(Child, Child.id == InstrumentAnswers.child_id)
        .outerjoin(Household, named)
        .outerjoin(_starter, _starter.id == InstrumentAnswers.created_by)
        .outerjoin(_submitter, _submitter.id == InstrumentAnswers.submitted_by)
    )


def _rows(actor: Actor) -> Select[Any]:
    return _joined(actor, *_columns())


def _files(actor: Actor) -> Select[Any]:
    replaced_by = (
        select(_newer.id)
        .where(_newer.replaces_id == InstrumentAnswers.id, _newer.state != AnswersState.SUPERSEDED.value)
        .order_by(_newer.id.desc())
        .limit(1)
        .correlate(InstrumentAnswers)
        .scalar_subquery()
    )
    return _joined(
        actor,
        *_columns(),
        InstrumentAnswers.answers,
        InstrumentAnswers.sections,
        InstrumentAnswers.sensitive,
        replaced_by.label("replaced_by"),
        Child.code.label("child_code"),
        Child.given_name,
        Child.family_name,
        Child.born_on.label("child_born_on"),
        Child.birth_precision,
        Child.has_disability.label("child_has_disability"),
        InstrumentAnswers.created_by.label("author"),
        Child.area_code,
        Child.responsible_post_id,
        Child.supervising_post_id,
        Child.institution_id,
        Child.restricted,
    )


def _file(row: Row[Any]) -> AnswersFile:
    content = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    name = shown_name(content.pop("given_name"), content.pop("family_name"), "")
    return AnswersFile.model_validate(content | {"child_name": name})
