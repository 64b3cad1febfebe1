"""What pages with a form share: trying a verb, drawing the form again with what is wrong, and going on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.core.errors import Conflict, FieldError, Stale
from app.core.forms import Form
from app.core.schemas import Page
from app.core.templating import flash

MOST_DIGITS = 9

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Carried(Generic[R]):
    """A verb was carried out; `gave` is what it returned."""

    gave: R


def tried(
    db: Session, form: Form, command: C | None, verb: Callable[[C], R], *, shows_both: bool = False
) -> Carried[R] | None:
    """Carries a command out in a savepoint; where that fails, or nothing was bound, the form knows what is wrong.

    `shows_both`: the page shows both versions itself, so that a change made meanwhile is no error above them.
    """
    if command is None:
        return None
    try:
        with db.begin_nested():
            return Carried(verb(command))
    except (FieldError, Conflict, Stale) as error:
        form.fail(error)
        if shows_both and form.stale is not None:
            form.errors.clear()
    return None


def pressed(db: Session, form: Form, verb: Callable[[], R]) -> Carried[R] | None:
    """The same for a button, which sends nothing to bind."""
    return tried(db, form, form, lambda _form: verb())


def version_in(form: Form) -> int:
    """The version that a form was drawn with; one without has seen nothing, and no record is of version -1."""
    given = form.value("_version").strip()
    return int(given) if given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS else -1


def sought(form: Form, look: Callable[[], Page[R]]) -> Page[R]:
    """What a list finds; nothing, and the complaint at the top, where its filters do not fit."""
    try:
        return look()
    except FieldError as error:
        form.fail(error)
        form.errors = [("", message) for _field, message in form.errors]
        return Page(items=[])


def done(address: str, message: str | None, kind: str = "done") -> Response:
    """Goes on to a page, which says once what was done."""
    response = RedirectResponse(address, 303)
    if message:
        flash(response, message, kind)
    return response


def day_boxes(name: str, day: date | None) -> dict[str, str]:
    """The three boxes of a date field."""
    if day is None:
        return {}
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}
