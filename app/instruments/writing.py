"""What the verbs on forms share: who fills one in, the row that is changed, and how answers are kept in it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.audit.service import record
from app.children.work import ChildAtWork, child_to_read, child_to_work_on
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.records import create_once
from app.instruments import queries, rules
from app.instruments.definitions import Definition, registry
from app.instruments.events import DraftSaved, DraftStarted
from app.instruments.models import InstrumentAnswers
from app.instruments.schemas import StartDraft
from app.instruments.words import AnswersState

# Who writes, and what


def may_fill_in(actor: Actor, definition: Definition, *, may_write: bool) -> bool:
    """Whether an actor fills a form in: whoever writes in the child's file, or the psychologist for theirs."""
    return actor.role is Role.PSYCHOLOGIST if definition.sensitive else may_write


def child_to_write(db: Session, actor: Actor, child_id: UUID, sensitive: str | None) -> ChildAtWork:
    """The child, where the actor may fill this form in: psychological ones are the psychologist's, in any case here."""
    if not sensitive:
        return child_to_work_on(db, actor, child_id)
    child = child_to_read(db, actor, child_id)
    if actor.role is not Role.PSYCHOLOGIST:
        raise Forbidden(_("A psychologist fills this form in"))
    return child


def draft_for_change(db: Session, actor: Actor, draft_id: UUID) -> tuple[InstrumentAnswers, ChildAtWork]:
    require(actor, Permission.CASES_WRITE)
    found = queries.read_answers(db, actor, draft_id)
    child = child_to_write(db, actor, found.child, found.sensitive)
    draft = row_of(db, actor, draft_id)
    if draft.state != AnswersState.DRAFT.value:
        raise Conflict(_("This is submitted, or continued elsewhere; it is not changed any more"))
    return draft, child


def row_of(db: Session, actor: Actor, answers_id: UUID) -> InstrumentAnswers:
    row = db.scalars(
        select(InstrumentAnswers)
        .where(InstrumentAnswers.id == answers_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or (row.sensitive and row.created_by != actor.account_id):
        raise NotFound
    return row


def definition_of_draft(draft: InstrumentAnswers) -> Definition:
    found = registry().get(draft.instrument, draft.instrument_version)
    if found is None:
        raise NotFound
    return found


# How answers are kept


def make(
    db: Session,
    actor: Actor,
    child: ChildAtWork,
    definition: Definition,
    command: StartDraft,
    values: Mapping[str, Any] | None = None,
    replaces: UUID | None = None,
) -> tuple[UUID, bool]:
    filled = rules.kept(definition, values or {})
    stamp = _stamp(actor, 1)
    sections = {s.key: stamp for s in definition.sections if any(q.key in filled for q in s.questions)}
    try:
        with db.begin_nested():
            answers_id, is_new = create_once(
                db,
                InstrumentAnswers,
                actor,
                command,
                child_id=child.id,
                household_id=command.household,
                instrument=definition.key,
                instrument_version=definition.version,
                sensitive=definition.sensitive,
                answers=filled,
                sections={} if replaces else sections,
                started_by_post_id=actor.post_id,
                replaces_id=replaces,
                area_code=child.area_code,
            )
    except Exception as error:
        if (violated(error) or "").startswith("ix_instrument_answers_one_draft"):
            raise Conflict(_("A draft of this form is open already; finish it first")) from error
        raise
    if is_new:
        event = DraftStarted(
            answers=answers_id,
            instrument=definition.key,
            instrument_version=definition.version,
            replaces=replaces,
        )
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return answers_id, is_new


def keep(db: Session, actor: Actor, draft: InstrumentAnswers, values: rules.Values, sections: list[str]) -> None:
    draft.answers = values
    draft.sections = draft.sections | {
        key: _stamp(actor, int(draft.sections.get(key, {}).get("version", 0)) + 1) for key in sections
    }
    draft.version += 1
    db.flush()
    event = DraftSaved(answers=draft.id, instrument=draft.instrument, sections=sections)
    record(db, actor, event, subject_id=draft.child_id, area_code=draft.area_code)


def _stamp(actor: Actor, version: int) -> dict[str, Any]:
    return {"version": version, "by": actor.display_name, "at": clock.now().isoformat()}


def all_read(definition: Definition, given: Mapping[str, Any]) -> rules.Values:
    unknown = [
        (f"answers.{key}", _("The form has no such question")) for key in given if key not in definition.questions
    ]
    reading = rules.read_answers(definition.questions.values(), given, today=clock.today())
    errors = [*unknown, *((f"answers.{key}", message) for key, message in reading.errors.items())]
    if errors:
        first, *more = errors
        raise FieldError(*first, *more)
    return reading.values


def nothing_missing(definition: Definition, values: Mapping[str, Any], *, prefix: str) -> None:
    lacking = rules.missing(definition, values)
    if lacking:
        first, *more = ((f"{prefix}{key}", message) for key, message in lacking.items())
        raise FieldError(*first, *more)
