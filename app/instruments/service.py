"""The verbs on forms: start, save, carry over, submit, correct, ask for approval, take over, switch on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.queries import approvals_of
from app.approvals.service import ask_approval
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.children.household_queries import PREFIX, visible_households
from app.children.models import Household
from app.children.rules import code_in
from app.children.schemas import ChildChange
from app.children.service import change_child
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.errors import Conflict, FieldError, NotFound, Stale
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import check_version
from app.instruments import queries, rules
from app.instruments.definitions import Definition, Section, registry
from app.instruments.events import (
    AnswersSubmitted,
    DerivationTakenOver,
    VersionSwitchedOn,
)
from app.instruments.models import InstrumentAnswers, InstrumentChoice
from app.instruments.schemas import AnswersFile, ChangeDraft, SendAnswers, StartDraft, SwitchOn
from app.instruments.words import AnswersState, Derived
from app.instruments.writing import (
    all_read,
    child_to_write,
    definition_of_draft,
    draft_for_change,
    keep,
    make,
    nothing_missing,
    row_of,
)
from app.tasks.service import complete_tasks_of
from app.tasks.words import TaskKind

DISABILITY = "disability"
"""The score that says whether answers speak of a disability."""

D = TypeVar("D", bound=StartDraft)
Effect = Callable[[Session, Actor, InstrumentAnswers], None]
_effects: dict[str, list[Effect]] = {}


def on_submission(key: str, effect: Effect) -> None:
    """Says what follows in another domain when a set of a form is submitted."""
    _effects.setdefault(key, []).append(effect)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of saving a section: its version now, when, and what was not kept because it does not fit."""

    version: int
    at: datetime
    errors: dict[str, str]


# Starting


def start_draft(db: Session, actor: Actor, child_id: UUID, key: str, command: StartDraft) -> tuple[UUID, bool]:
    """Starts a draft in the version that the child's district uses, or finds the one that is open.

    Returns its id and whether it is new. Raises `Conflict` where the form was made for another age.
    """
    require(actor, Permission.CASES_WRITE)
    if not registry().versions(key):
        raise NotFound
    child = child_to_write(db, actor, child_id, registry().versions(key)[0].sensitive)
    command = _about_household(db, actor, child, command)
    definition = queries.active_versions(db, queries.district_of(child.area_code))[key]
    _check_age(definition, child)
    open_draft = _open_draft(db, actor, child_id, definition, command.household)
    if open_draft is not None:
        return open_draft, False
    return make(db, actor, child, definition, command)


def send_answers(db: Session, actor: Actor, command: SendAnswers) -> tuple[UUID, bool]:
    """Records a whole set at once, checked as the pages check it. Raises `FieldError` at `answers.<question>`."""
    require(actor, Permission.CASES_WRITE)
    versions = registry().versions(command.instrument)
    if not versions:
        raise FieldError("instrument", _("There is no form of this name"))
    child = child_to_write(db, actor, command.child, versions[0].sensitive)
    command = _about_household(db, actor, child, command)
    if command.instrument_version is None:
        definition = queries.active_versions(db, queries.district_of(child.area_code))[command.instrument]
    else:
        found = registry().get(command.instrument, command.instrument_version)
        if found is None:
            raise FieldError("instrument_version", _("There is no such version of this form"))
        definition = found
    _check_age(definition, child)
    values = all_read(definition, command.answers)
    if command.submit:
        nothing_missing(definition, values, prefix="answers.")
    answers_id, is_new = make(db, actor, child, definition, command, values)
    if is_new and command.submit:
        _submit(db, actor, row_of(db, actor, answers_id), child, definition)
    return answers_id, is_new


def _about_household(db: Session, actor: Actor, child: ChildAtWork, command: D) -> D:
    """The command with the household that its code names.

    Raises `FieldError` for a household that is neither the child's home nor one that the actor may open. Whether there
    is any other is not told.
    """
    field, wanted = "household", Household.id == command.household
    if command.household_code is not None:
        field, wanted = "household_code", Household.code == (code_in(command.household_code, PREFIX) or "")
    elif command.household is None:
        return command
    in_reach = or_(Household.id == child.household_id, visible_households(actor))
    household_id = db.scalar(select(Household.id).where(wanted, in_reach))
    if household_id is None or command.household not in {None, household_id}:
        raise FieldError(field, _("There is no such household"))
    return command.model_copy(update={"household": household_id})


def _check_age(definition: Definition, child: ChildAtWork) -> None:
    if not queries.is_for(definition, child):
        raise Conflict(_("This form was made for another age"))


def _open_draft(
    db: Session, actor: Actor, child_id: UUID, definition: Definition, household: UUID | None
) -> UUID | None:
    wanted = select(InstrumentAnswers.id).where(
        InstrumentAnswers.child_id == child_id,
        InstrumentAnswers.instrument == definition.key,
        InstrumentAnswers.household_id == household
        if household is not None
        else InstrumentAnswers.household_id.is_(None),
        InstrumentAnswers.state == AnswersState.DRAFT.value,
    )
    if definition.sensitive:
        wanted = wanted.where(InstrumentAnswers.created_by == actor.account_id)
    return db.scalar(wanted.limit(1))


# Saving


def save_section(
    db: Session,
    actor: Actor,
    draft_id: UUID,
    section_key: str,
    given: Mapping[str, Any],
    *,
    version: int | None,
    keep_what_fits: bool = False,
) -> Saved:
    """Saves one section of a draft; the others stay as somebody else may just have saved them.

    `version` is that of the section as the caller saw it; raises `Stale` with both where it has changed since, unless
    it says the same. Raises `FieldError` by question for what does not fit; with `keep_what_fits` only that is left
    out and told.
    """
    draft, _child = draft_for_change(db, actor, draft_id)
    definition = definition_of_draft(draft)
    section = definition.section(section_key)
    if section is None:
        raise NotFound
    reading = rules.read_answers(section.questions, given, today=clock.today())
    if reading.errors and not keep_what_fits:
        first, *more = reading.errors.items()
        raise FieldError(*first, *more)
    before = {q.key: draft.answers[q.key] for q in section.questions if q.key in draft.answers}
    # What cannot be kept leaves what was there, so that half a date does not wipe the whole one.
    values = {key: before[key] for key in reading.errors if key in before} | reading.values
    known = int(draft.sections.get(section.key, {}).get("version", 0))
    if values == before and known:
        return Saved(known, clock.now(), reading.errors)
    if version is not None and version != known:
        raise Stale(current=_in_words(section, before), typed=_in_words(section, values))
    rest = {key: value for key, value in draft.answers.items() if key not in before}
    keep(db, actor, draft, rest | values, [section.key])
    return Saved(known + 1, clock.now(), reading.errors)


def change_draft(db: Session, actor: Actor, draft_id: UUID, command: ChangeDraft, *, version: int | None) -> None:
    """Changes the answers that are given, across sections; null takes one away. For machines."""
    draft, _child = draft_for_change(db, actor, draft_id)
    definition = definition_of_draft(draft)
    check_version(draft, version, current=dict(draft.answers), typed=dict(command.answers))
    values = all_read(definition, command.answers)
    rest = {key: value for key, value in draft.answers.items() if key not in command.answers}
    touched = [s.key for s in definition.sections if any(q.key in command.answers for q in s.questions)]
    draft.version -= 1  # Counted up by `_keep`, once.
    keep(db, actor, draft, rest | values, touched)


def _in_words(section: Section, values: Mapping[str, Any]) -> dict[str, Any]:
    return {q.text.label: rules.told(q, values.get(q.key)) for q in section.questions}


# Submitting, correcting, continuing in a newer version


def submit(db: Session, actor: Actor, draft_id: UUID, *, version: int | None = None) -> None:
    """Submits a draft; from then on it stays as it is. Raises `FieldError` by question for what is missing."""
    draft, child = draft_for_change(db, actor, draft_id)
    definition = definition_of_draft(draft)
    if version is not None and version != draft.version:
        raise Stale(_("Somebody saved another part meanwhile; look through the answers once more"))
    nothing_missing(definition, draft.answers, prefix="")
    _submit(db, actor, draft, child, definition)


def _submit(db: Session, actor: Actor, draft: InstrumentAnswers, child: ChildAtWork, definition: Definition) -> None:
    values = rules.kept(definition, draft.answers)
    if not values:
        raise FieldError("", _("There is no answer yet"))
    draft.answers = values
    draft.scores = rules.scores(definition, values, age=rules.age_on(child.born_on, clock.today()))
    draft.state = AnswersState.SUBMITTED.value
    draft.submitted_at = clock.now()
    draft.submitted_by, draft.submitted_by_post_id = actor.account_id, actor.post_id
    draft.version += 1
    if draft.replaces_id is not None:
        _supersede(db, draft)
    db.flush()
    event = AnswersSubmitted(
        answers=draft.id,
        instrument=draft.instrument,
        instrument_version=draft.instrument_version,
        replaces=draft.replaces_id,
    )
    record(db, actor, event, subject_id=draft.child_id, area_code=child.area_code)
    for effect in _effects.get(draft.instrument, []):
        effect(db, actor, draft)


def _supersede(db: Session, correction: InstrumentAnswers) -> None:
    old = db.get_one(InstrumentAnswers, correction.replaces_id, with_for_update=True)
    if old.state == AnswersState.SUBMITTED.value:
        old.state = AnswersState.SUPERSEDED.value
        old.version += 1
        complete_tasks_of(db, old.id, TaskKind.CORRECT, done_by_id=correction.id)


def correct(db: Session, actor: Actor, answers_id: UUID) -> UUID:
    """A draft that corrects a submitted set, in the same version and with its answers; the old set stays readable."""
    require(actor, Permission.CASES_WRITE)
    found = queries.read_answers(db, actor, answers_id)
    child = child_to_write(db, actor, found.child, found.sensitive)
    _check_submitted(found)
    definition = queries.definition_of(found)
    waiting = approvals_of(db, [answers_id]).get(answers_id)
    if waiting is not None and waiting.state is ApprovalState.REQUESTED:
        raise Conflict(_("It waits for approval; take the request back first"))
    begun = db.scalar(
        select(InstrumentAnswers.id).where(
            InstrumentAnswers.replaces_id == answers_id, InstrumentAnswers.state == AnswersState.DRAFT.value
        )
    )
    if begun is not None:
        return begun
    command = StartDraft(id=new_id(), household=found.household)
    return make(db, actor, child, definition, command, found.answers, replaces=answers_id)[0]


def carry_over(db: Session, actor: Actor, draft_id: UUID) -> UUID:
    """Continues a draft in the version that the district uses now, with the answers that fit; returns the new draft."""
    draft, child = draft_for_change(db, actor, draft_id)
    old = definition_of_draft(draft)
    new = queries.active_versions(db, queries.district_of(child.area_code))[draft.instrument]
    if new.version <= old.version:
        raise Conflict(_("This draft is in the newest version of the district"))
    values = rules.carried(old, new, draft.answers, today=clock.today())
    draft.state = AnswersState.SUPERSEDED.value
    draft.version += 1
    db.flush()
    command = StartDraft(id=new_id(), household=draft.household_id)
    return make(db, actor, child, new, command, values, replaces=draft.id)[0]


# After submitting


def request_approval(db: Session, actor: Actor, answers_id: UUID) -> UUID:
    """Puts a submitted assessment up for approval; returns the approval's id."""
    require(actor, Permission.CASES_WRITE)
    found = queries.read_answers(db, actor, answers_id)
    child = child_to_work_on(db, actor, found.child)
    _check_submitted(found)
    if not queries.definition_of(found).approval:
        raise Conflict(_("This form needs no approval"))
    before = approvals_of(db, [answers_id]).get(answers_id)
    if before is not None and before.state is ApprovalState.APPROVED:
        raise Conflict(_("It is approved already"))
    return ask_approval(
        db,
        actor,
        ApprovalKind.ASSESSMENT,
        answers_id,
        path=f"/answers/{answers_id}",
        area_code=child.area_code,
        child_id=child.id,
    )


def take_over(db: Session, actor: Actor, answers_id: UUID) -> None:
    """Takes what the answers say about a disability into the child's record, where they say something."""
    require(actor, Permission.CASES_WRITE)
    found = queries.read_answers(db, actor, answers_id)
    child = child_to_work_on(db, actor, found.child)
    _check_submitted(found)
    derived = found.scores.get(DISABILITY)
    if derived not in {Derived.YES.value, Derived.NO.value}:
        raise Conflict(_("These answers do not say whether there is a disability"))
    change_child(db, actor, child.id, ChildChange(has_disability=derived == Derived.YES.value), version=None)
    event = DerivationTakenOver(answers=answers_id, instrument=found.instrument)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)


def _check_submitted(found: AnswersFile) -> None:
    if found.state is not AnswersState.SUBMITTED:
        raise Conflict(_("This set of answers is not the newest submitted one"))


# The district's versions


def switch_on(db: Session, actor: Actor, key: str, command: SwitchOn) -> None:
    """Switches a newer version of a form on for the actor's district; drafts and old answers stay in theirs."""
    require(actor, Permission.INSTRUMENTS_MANAGE)
    if not registry().versions(key):
        raise NotFound
    if registry().get(key, command.version) is None:
        raise FieldError("version", _("There is no such version of this form"))
    starts_on = command.starts_on or clock.today()
    if starts_on < clock.today():
        raise FieldError("starts_on", _("The first day cannot lie in the past"))
    district = queries.district_of(actor.area.lo)
    if command.version <= queries.active_versions(db, district, on=starts_on)[key].version:
        raise Conflict(_("The district uses this version or a newer one already"))
    choice = InstrumentChoice(
        id=new_id(),
        created_by=actor.account_id,
        district_code=district,
        instrument=key,
        instrument_version=command.version,
        starts_on=starts_on,
    )
    db.add(choice)
    db.flush()
    event = VersionSwitchedOn(instrument=key, instrument_version=command.version, starts_on=starts_on)
    record(db, actor, event, subject_id=choice.id, area_code=actor.area.lo)
