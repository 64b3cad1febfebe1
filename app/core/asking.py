"""What pages with a form share: trying a verb, drawing its form again with what is wrong, and going on."""

from collections.abc import Callable
from typing import Any

from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.core.errors import Conflict, FieldError, Stale
from app.core.forms import Form
from app.core.records import version_from_if_match
from app.core.templating import flash


def tried(db: Session, form: Form, verb: Callable[[], Any] | None) -> tuple[int, Any]:
    """Runs a verb in a savepoint; returns 0 and what it gave, or the status with the form's errors filled.

    Without a verb the form did not bind.
    """
    if verb is None:
        return 422, None
    try:
        with db.begin_nested():
            return 0, verb()
    except (FieldError, Conflict) as error:
        form.fail(error)
        return error.status, None
    except Stale as error:
        form.errors.append(("", error.title))
        return error.status, None


def version_in(form: Form) -> int | None:
    """The version that a form was drawn with; raises `Stale` for anything that is no version."""
    return version_from_if_match(form.value("_version") or None)


def done(address: str, message: str, kind: str = "done") -> Response:
    """Goes on to a page that says once what was done."""
    response = RedirectResponse(address, 303)
    flash(response, message, kind)
    return response


def day_boxes(name: str, day: Any) -> dict[str, str]:
    """The three boxes of a date field."""
    if day is None:
        return {}
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}
