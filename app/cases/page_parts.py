"""What the pages of cases share: the case that a form is about, and what follows a sent form."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases import queries
from app.cases.schemas import CaseRow
from app.children.work import ChildAtWork, child_to_read, why_not_at_work
from app.core.errors import Conflict, FieldError, Forbidden, Stale
from app.core.forms import Form
from app.core.i18n import gettext as _
from app.core.templating import flash, render

C = TypeVar("C")


def case_for_form(db: Session, actor: Actor, case_id: UUID) -> tuple[ChildAtWork, CaseRow]:
    """The case that a form is about; raises `Forbidden` with the reason where the actor may not write in it."""
    case = queries.open_case_row(db, actor, case_id)
    child = child_to_read(db, actor, case.child)
    reason = why_not_at_work(actor, child.facts)
    if reason is not None:
        raise Forbidden(reason)
    return child, case


def form_page(
    request: Request, db: Session, actor: Actor, case_id: UUID, template: str, form: Form, status: int, **more: Any
) -> HTMLResponse:
    """A form about a case."""
    child, case = case_for_form(db, actor, case_id)
    return render(request, f"cases/{template}.html", status=status, form=form, child=child, case=case, **more)


def answer(
    db: Session,
    actor: Actor,
    form: Form,
    child: Callable[[], UUID],
    command: C | None,
    verb: Callable[[C], object],
    done: str,
    again: Callable[[int], HTMLResponse],
) -> Response:
    """Carries a command out and goes to the case of the child; or shows the form again."""
    status = 422
    if command is not None:
        try:
            with db.begin_nested():
                verb(command)
                child_id = child()
        except (FieldError, Conflict) as error:
            form.fail(error)
            status = error.status
        except Stale as stale:
            form.errors.append(("", _(stale.title)))
            status = stale.status
        else:
            return to_case(db, actor, child_id, done)
    return again(status)


def to_case(db: Session, actor: Actor, child_id: UUID, words: str) -> Response:
    """The page of a child's case; My day where the verb took the child out of the actor's reach."""
    seen = queries.sees_child(db, actor, child_id)
    response = RedirectResponse(f"/children/{child_id}/case" if seen else "/", status_code=303)
    flash(response, words)
    return response
