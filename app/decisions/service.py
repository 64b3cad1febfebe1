"""The verbs on decisions: write, change, send for approval; what follows an approval; and the day of the gate."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_code_of
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.models import Approval
from app.approvals.service import ask_approval, on_decision
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.children.household_queries import PREFIX as HOUSEHOLD_PREFIX
from app.children.models import Child, Household
from app.children.queries import PREFIX as CHILD_PREFIX
from app.children.queries import visible_children
from app.children.rules import age_on, code_in
from app.children.words import PlacementKind
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.errors import FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import check_version, create_once
from app.decisions import gate  # noqa: F401 - it says what is asked when a placement starts
from app.decisions.events import (
    DecisionChanged,
    DecisionDecided,
    DecisionMade,
    DecisionRequested,
    GatekeepingSet,
)
from app.decisions.models import Decision, DecisionSibling
from app.decisions.queries import sibling_ids, visible_decisions
from app.decisions.rules import (
    Weighed,
    check_days,
    check_distance,
    check_grounds,
    check_heard,
    check_host,
    check_kind,
    check_open,
    check_options,
    check_siblings,
    decided_as,
    nearness,
)
from app.decisions.schemas import DecisionContent, DecisionMake
from app.decisions.words import DecisionState
from app.fostering.models import HomeTerm
from app.fostering.queries import terms
from app.fostering.words import Term
from app.placements.queries import institution_area, reachable_households
from app.tasks.service import complete_tasks_of
from app.tasks.words import TaskKind

MOST_SHARED = 8


def make_decision(db: Session, actor: Actor, child_id: UUID, command: DecisionMake) -> tuple[UUID, bool]:
    """Writes down what a panel decided about a child, as a draft. Returns its id and whether it is new.

    Raises `FieldError` where poverty stands alone, an option that comes first is not weighed, the child was not heard
    without a reason, or a far home is not explained; `NotFound` and `Forbidden` for a child of others.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    values, shared = _content(db, actor, child, command)
    decision_id, is_new = create_once(
        db, Decision, actor, command, child_id=child.id, written_by=actor.account_id, **values
    )
    if is_new:
        _share(db, actor, decision_id, shared)
        event = DecisionMade(decision=decision_id, placement_kind=command.kind.value, siblings=shared)
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return decision_id, is_new


def change_decision(
    db: Session, actor: Actor, decision_id: UUID, command: DecisionContent, *, version: int | None
) -> None:
    """Writes a draft, or a decision that was returned, anew. Raises `Stale`, and `Conflict` once it was sent."""
    require(actor, Permission.CASES_WRITE)
    child, decision = _to_work_on(db, actor, decision_id)
    check_open(DecisionState(decision.state))
    values, shared = _content(db, actor, child, command)
    before = {name: getattr(decision, name) for name in values}
    current = {"version": decision.version, "necessity": decision.necessity, "suitability": decision.suitability}
    check_version(decision, version, current=current, typed=command.model_dump(mode="json"))
    changed = [name for name, value in values.items() if before[name] != value]
    for name in changed:
        setattr(decision, name, values[name])
    decision.written_by = actor.account_id
    db.flush()
    _share(db, actor, decision_id, shared)
    event = DecisionChanged(decision=decision_id, fields=changed)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)


def request_decision(db: Session, actor: Actor, decision_id: UUID) -> UUID:
    """Sends a decision for approval: to the supervisor, or for residential care to the State.

    Returns the approval's id. Raises `Conflict` where it waits or is approved already.
    """
    require(actor, Permission.CASES_WRITE)
    child, decision = _to_work_on(db, actor, decision_id)
    check_open(DecisionState(decision.state))
    known = terms(db)
    who = [child.id, *sibling_ids(db, decision_id)]
    births = db.scalars(select(Child.born_on).where(Child.id.in_(who)))
    kind = decided_as(
        PlacementKind(decision.kind),
        [age_on(born_on, clock.today()) for born_on in births],
        state_below_years=known.number(Term.STATE_BELOW_YEARS),
        always_state=bool(known.number(Term.STATE_DECIDES_RESIDENTIAL)),
    )
    decision.state, decision.approval_kind = DecisionState.REQUESTED.value, kind.value
    decision.version += 1
    db.flush()
    approval_id = ask_approval(
        db,
        actor,
        kind,
        decision_id,
        path=f"/decisions/{decision_id}",
        area_code=child.area_code,
        child_id=child.id,
    )
    event = DecisionRequested(decision=decision_id, approval_kind=kind.value)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return approval_id


def set_gatekeeping(db: Session, since: date | None) -> None:
    """From this day on nobody enters residential care without an approved decision; None switches it off.

    For the operator and the demonstration: the web may not change the programme's terms.
    """
    row = insert(HomeTerm).values(key=Term.GATEKEEPING_FROM.value, day=since)
    db.execute(row.on_conflict_do_update(index_elements=["key"], set_={"day": since}))
    record(db, None, GatekeepingSet(since=since))


def gatekeeping_since(db: Session) -> date | None:
    """The day from which the gate is kept; None while it is not."""
    return terms(db).day(Term.GATEKEEPING_FROM)


def _decided(db: Session, actor: Actor, approval: Approval) -> None:
    """What follows when a decision is approved, returned, or taken back by who asked."""
    wanted = select(Decision).where(Decision.id == approval.subject_id).with_for_update()
    decision = db.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if decision is None:
        raise NotFound
    if approval.state == ApprovalState.APPROVED.value:
        if actor.account_id in {decision.created_by, decision.written_by}:
            raise Forbidden(_("You wrote this decision; somebody else approves it"))
        decision.state, decision.approved_at = DecisionState.APPROVED.value, clock.now()
        for child_id in (decision.child_id, *sibling_ids(db, decision.id)):
            complete_tasks_of(db, child_id, TaskKind.DECIDE_AGAIN, done_by_id=decision.id)
    else:
        returned = approval.state == ApprovalState.RETURNED.value
        decision.state = (DecisionState.RETURNED if returned else DecisionState.DRAFT).value
    decision.version += 1
    db.flush()
    event = DecisionDecided(decision=decision.id, state=decision.state)
    record(db, actor, event, subject_id=decision.child_id, area_code=approval.area_code)


def _to_work_on(db: Session, actor: Actor, decision_id: UUID) -> tuple[ChildAtWork, Decision]:
    child_id = db.scalar(select(Decision.child_id).where(Decision.id == decision_id, visible_decisions(actor)))
    if child_id is None:
        raise NotFound
    child = child_to_work_on(db, actor, child_id)
    wanted = select(Decision).where(Decision.id == decision_id).with_for_update()
    return child, db.scalars(wanted.execution_options(populate_existing=True)).one()


def _content(
    db: Session, actor: Actor, child: ChildAtWork, command: DecisionContent
) -> tuple[dict[str, Any], list[UUID]]:
    """The columns of a decision, checked by the rules, and the other children whom it names."""
    age = age_on(child.born_on, command.decided_on)
    check_days(command.decided_on, today=clock.today(), born_on=child.born_on, birth_precision=child.birth_precision)
    check_grounds(command.grounds)
    check_kind(command.kind, age=age)
    weighed = [Weighed(one.option, one.considered, one.finding, one.why_not) for one in command.options]
    check_options(command.kind, weighed, age=age)
    check_heard(heard=command.child_heard, said=command.child_said, not_heard=command.not_heard)
    shared = _other_children(db, actor, child, command.also_codes)
    check_siblings(command.siblings, command.siblings_why, shared=len(shared))
    check_host(command.kind, household=command.household_code is not None, institution=command.institution is not None)
    household_id, area = _home(db, actor, command)
    origin = db.scalar(select(Child.origin_place_code).where(Child.id == child.id))
    near = nearness(area_code_of(origin) if origin else None, area)
    check_distance(near, command.far_why)
    return {
        "decided_on": command.decided_on,
        "panel": [one.model_dump(mode="json") for one in command.panel],
        "author_sat": command.author_sat,
        "grounds": [ground.value for ground in dict.fromkeys(command.grounds)],
        "necessity": command.necessity,
        "options": [one.model_dump(mode="json") for one in command.options],
        "kind": command.kind.value,
        "suitability": command.suitability,
        "child_heard": command.child_heard,
        "child_said": command.child_said if command.child_heard else None,
        "not_heard": None if command.child_heard or command.not_heard is None else command.not_heard.value,
        "siblings": command.siblings.value,
        "siblings_why": command.siblings_why,
        "household_id": household_id,
        "institution_id": command.institution,
        "nearness": near.value if near else None,
        "far_why": command.far_why,
        "conditions": command.conditions or None,
    }, shared


def _home(db: Session, actor: Actor, command: DecisionContent) -> tuple[UUID | None, int | None]:
    """The household that is named, and where the child would live."""
    if command.institution is not None:
        return None, institution_area(db, actor, command.institution)
    if command.household_code is None:
        return None, None
    code = code_in(command.household_code, HOUSEHOLD_PREFIX)
    wanted = select(Household.id, Household.area_code).where(Household.code == code, reachable_households(actor))
    found = db.execute(wanted).one_or_none() if code else None
    if found is None:
        raise FieldError("household_code", _("No household with this code is in your reach"))
    return found.id, found.area_code


def _other_children(db: Session, actor: Actor, child: ChildAtWork, typed: str | None) -> list[UUID]:
    """The children whose codes were typed; each must be the actor's to work on, like the child itself."""
    words = [word for word in re.split(r"[,;]+", typed or "") if word.strip()]
    if len(words) > MOST_SHARED:
        raise FieldError("also_codes", _("At most %(num)d children") % {"num": MOST_SHARED})
    found: list[UUID] = []
    for word in words:
        code = code_in(word, CHILD_PREFIX)
        child_id = db.scalar(select(Child.id).where(Child.code == code, visible_children(actor))) if code else None
        if child_id is None:
            raise FieldError(
                "also_codes", _("No child with the code %(code)s is in your reach") % {"code": word.strip()[:20]}
            )
        try:
            other = child_to_work_on(db, actor, child_id)
        except Forbidden as refused:
            raise FieldError("also_codes", refused.title) from refused
        if other.id != child.id and other.id not in found:
            found.append(other.id)
    return found


def _share(db: Session, actor: Actor, decision_id: UUID, children: list[UUID]) -> None:
    """Makes the given children those for whom the decision counts too; whoever is left out is dropped."""
    rows = {
        row.child_id: row
        for row in db.scalars(select(DecisionSibling).where(DecisionSibling.decision_id == decision_id))
    }
    for child_id, row in rows.items():
        row.dropped = child_id not in children
    for child_id in children:
        if child_id not in rows:
            db.add(
                DecisionSibling(id=new_id(), created_by=actor.account_id, decision_id=decision_id, child_id=child_id)
            )
    db.flush()


on_decision(ApprovalKind.DECISION, _decided)
on_decision(ApprovalKind.RESIDENTIAL_ENTRY, _decided)
