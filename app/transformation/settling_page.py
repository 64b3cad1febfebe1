"""One page for each way to settle what a census or a claim found, and one way to answer it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.duplicates import check_duplicates
from app.children.queries import list_children
from app.children.schemas import Candidate, ChildQuery, ChildRegister, ChildRow
from app.children.words import BirthPrecision, EntryReason, Sex
from app.core.asking import day_boxes, done, tried
from app.core.errors import FieldError
from app.core.forms import Form
from app.core.schemas import Command
from app.core.templating import render
from app.placements.words import EndReason
from app.transformation.settling import child_by_code, must_be_theirs, theirs_by_code
from app.transformation.settling_schemas import (
    EndStay,
    Explain,
    KnownResident,
    RegisterResident,
    birth_of,
    registration,
)

ALIKE_SHOWN = 5
TypedCode = Annotated[str, Query(max_length=40)]
"""The code of a child who was chosen among those with such a name."""
ANOTHER = "_another"
"""Said on the page that shows who may be the same."""
COMMANDS: dict[str, type[Command]] = {
    "register": RegisterResident,
    "know": KnownResident,
    "end": EndStay,
    "explain": Explain,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told of somebody, in a house or by its manager, where it is settled, and where that leads."""

    address: str
    back: str
    name: str
    facts: list[str | None]
    sex: Sex | None
    age_years: int | None
    told_on: date
    came_on: date | None
    left_on: date | None
    child: UUID | None = None
    """The child of the register, where it is known who that is."""
    needs_code: bool = False
    moratorium_on: date | None = None
    """The day from which the house was to take nobody in."""


def settle(
    request: Request,
    db: Session,
    actor: Actor,
    verb: str,
    form: Form,
    act: Callable[[Any], UUID | None],
    *,
    read: Callable[[], Told],
    goes_to: str,
    said: str,
) -> Response:
    """Does what the form asks and goes on, or draws the form with what is wrong. `{}` in `goes_to` is what it gave.

    Before a child is registered it is shown who may be the same, as wherever a child is registered.
    """
    command = form.bind(COMMANDS[verb])
    if isinstance(command, RegisterResident) and not form.value(ANOTHER):
        found = check_duplicates(db, actor, ChildRegister(**registration(command)))
        if found:
            return settle_page(request, db, actor, verb, read(), form=form, found=found)
    made = tried(db, form, command, act)
    if made:
        return done(goes_to.format(made.gave), said)
    return settle_page(request, db, actor, verb, read(), form=form)


def settle_page(
    request: Request,
    db: Session,
    actor: Actor,
    verb: str,
    told: Told,
    *,
    form: Form | None = None,
    found: Sequence[Candidate] = (),
    code: str = "",
) -> HTMLResponse:
    """The form of a verb, filled with what was told; raises `Forbidden` for the end of another worker's stay."""
    if verb == "end" and told.child is not None:
        must_be_theirs(db, actor, told.child)
    form = form or _begun(db, actor, told, verb, code)
    looks_for_child = verb == "know" or (verb == "end" and told.needs_code)
    return render(
        request,
        "transformation/settle.html",
        status=form.status,
        verb=verb,
        form=form,
        told=told,
        asks_code=looks_for_child,
        found=found,
        alike=_children_like(db, actor, code or told.name) if looks_for_child else [],
        sexes=Sex,
        precisions=BirthPrecision,
        entry_reasons=EntryReason,
        end_reasons=[reason for reason in EndReason if reason is not EndReason.DATA_CORRECTION],
    )


def _begun(db: Session, actor: Actor, told: Told, verb: str, code: str) -> Form:
    """The form before anything is typed; that somebody else moves the chosen child is told at the field at once."""
    form = Form(_filled(told, verb) | {"code": code})
    if code and verb == "end":
        try:
            theirs_by_code(db, actor, child_by_code(db, actor, code).id)
        except FieldError as error:
            form.errors.extend(error.errors)
    return form


def _filled(told: Told, verb: str) -> dict[str, str]:
    if verb == "register":
        given, _space, family = told.name.partition(" ")
        birth = birth_of(told.age_years, told.told_on)
        values = {
            "given_name": given,
            "family_name": family,
            "sex": told.sex.value if told.sex else "",
            "birth_precision": birth["birth_precision"],
        }
        return values | day_boxes("born_on", birth.get("born_on")) | day_boxes("started_on", told.came_on)
    if verb == "know":
        return day_boxes("started_on", told.came_on)
    return day_boxes("ended_on", told.left_on) if verb == "end" else {}


def _children_like(db: Session, actor: Actor, name: str) -> list[ChildRow]:
    """Children in reach with a name like this one; none for a name of one letter."""
    try:
        return list_children(db, actor, ChildQuery(q=name[:100], limit=ALIKE_SHOWN)).items
    except FieldError:
        return []
