"""What the pages of plans and services share: trying a verb, and showing the form again."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.work import ChildAtWork, why_not_at_work
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, Stale
from app.core.forms import Form
from app.core.records import version_from_if_match
from app.core.templating import flash

Verb = Callable[[], Any] | None
Tried = tuple[int | None, Stale | None]


def tried(db: Session, form: Form, verb: Verb) -> Tried:
    """The status of an answer that shows the form again, or None where the verb was carried out.

    And what somebody else changed meanwhile, where that was why.
    """
    if verb is None:
        return 422, None
    try:
        with db.begin_nested():
            verb()
    except (FieldError, Conflict) as error:
        form.fail(error)
        return error.status, None
    except Stale as problem:
        return problem.status, problem
    return None, None


def seen(form: Form) -> int | None:
    """The version that a form shows; one without it has seen nothing, and version 0 is never the newest."""
    return version_from_if_match(form.value("_version") or "0")


def theirs(actor: Actor, child: ChildAtWork) -> ChildAtWork:
    """The child, where the actor may write in its file; raises `Forbidden` with the reason."""
    reason = why_not_at_work(actor, child.facts)
    if reason is not None:
        raise Forbidden(reason)
    return child


def boxes(name: str, day: date | None) -> dict[str, str]:
    """The three boxes of a day, empty for none."""
    if day is None:
        return {}
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def today_in(name: str) -> dict[str, str]:
    """The boxes of a day, filled with today."""
    return boxes(name, clock.today())


def back_to(address: str, said: str, tone: str = "done") -> Response:
    """To a page, with a message that it shows once."""
    response = RedirectResponse(address, 303)
    flash(response, said, tone)
    return response
