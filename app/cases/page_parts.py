"""What the pages of cases share: the case that a form is about, and the way back to it."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases import queries
from app.cases.schemas import CaseRow
from app.children.work import ChildAtWork, checked_at_work, child_to_read
from app.core.asking import done
from app.core.forms import Form
from app.core.templating import render


def case_for_form(db: Session, actor: Actor, case_id: UUID) -> tuple[ChildAtWork, CaseRow]:
    """The case that a form is about; raises `Forbidden` with the reason where the actor may not write in it."""
    case = queries.open_case_row(db, actor, case_id)
    return checked_at_work(actor, child_to_read(db, actor, case.child)), case


def form_page(
    request: Request, db: Session, actor: Actor, case_id: UUID, template: str, form: Form, **more: Any
) -> HTMLResponse:
    """A form about a case."""
    child, case = case_for_form(db, actor, case_id)
    return render(request, f"cases/{template}.html", status=form.status, form=form, child=child, case=case, **more)


def to_case(db: Session, actor: Actor, child_id: UUID, words: str) -> Response:
    """The page of a child's case; My day where the verb took the child out of the actor's reach."""
    seen = queries.sees_child(db, actor, child_id)
    return done(f"/children/{child_id}/case" if seen else "/", words)
