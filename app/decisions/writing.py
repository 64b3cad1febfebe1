"""What a command says about a decision, read into its columns, and the other children whom it names."""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_code_of
from app.children.household_queries import PREFIX as HOUSEHOLD_PREFIX
from app.children.models import Child, Household
from app.children.queries import PREFIX as CHILD_PREFIX
from app.children.queries import visible_children
from app.children.rules import age_on, code_in
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.errors import FieldError, Forbidden
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.words import Word
from app.decisions.models import DecisionSibling
from app.decisions.rules import check_days, check_kind, nearness
from app.decisions.schemas import DecisionContent
from app.placements.queries import institution_area, reachable_households

MOST_SHARED = 8


def content_of(
    db: Session, actor: Actor, child: ChildAtWork, command: DecisionContent
) -> tuple[dict[str, Any], list[UUID]]:
    """The columns of a decision, each checked for itself, and the other children whom it names.

    What is not said yet is None; whether enough is said is asked when it is sent (see `missing`).
    """
    check_days(command.decided_on, today=clock.today(), born_on=child.born_on, birth_precision=child.birth_precision)
    if command.kind is not None:
        check_kind(command.kind, age=age_on(child.born_on, command.decided_on))
    shared = _other_children(db, actor, child, command.also_codes)
    household_id, area = _home(db, actor, command)
    origin = db.scalar(select(Child.origin_place_code).where(Child.id == child.id))
    near = nearness(area_code_of(origin) if origin else None, area)
    panel = [one for one in command.panel if one.name or one.role]
    return {
        "decided_on": command.decided_on,
        "panel": [one.model_dump(mode="json") for one in panel],
        "author_sat": command.author_sat,
        "grounds": [ground.value for ground in dict.fromkeys(command.grounds)],
        "necessity": command.necessity or None,
        "options": [one.model_dump(mode="json") for one in command.options],
        "kind": _code(command.kind),
        "suitability": command.suitability or None,
        "child_heard": command.child_heard,
        "child_said": command.child_said or None,
        "not_heard": _code(command.not_heard),
        "siblings": _code(command.siblings),
        "siblings_why": command.siblings_why,
        "household_id": household_id,
        "institution_id": command.institution,
        "nearness": _code(near),
        "far_why": command.far_why,
        "conditions": command.conditions or None,
    }, shared


def _code(word: Word | None) -> str | None:
    return None if word is None else word.value


def _home(db: Session, actor: Actor, command: DecisionContent) -> tuple[UUID | None, int | None]:
    """The household that is named, and where the child would live."""
    household_id, area = None, None
    if command.household_code is not None:
        code = code_in(command.household_code, HOUSEHOLD_PREFIX)
        wanted = select(Household.id, Household.area_code).where(Household.code == code, reachable_households(actor))
        found = db.execute(wanted).one_or_none() if code else None
        if found is None:
            raise FieldError("household_code", _("No household with this code is in your reach"))
        household_id, area = found.id, found.area_code
    if command.institution is not None:
        area = institution_area(db, actor, command.institution)
    return household_id, area


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


def share(db: Session, actor: Actor, decision_id: UUID, children: list[UUID]) -> None:
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
