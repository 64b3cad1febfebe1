"""The pages on which a case goes elsewhere or ends: transfer, closing, opening again, and the group it belongs to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import district_of
from app.access.guards import requires
from app.access.permissions import Permission
from app.cases import closing, grouping, queries, transferring
from app.cases.page_parts import case_for_form, form_page, to_case
from app.cases.schemas import CaseClose, CaseReopen, GroupJoin, TransferAsk
from app.cases.steps import locked_case
from app.cases.transfer_queries import other_districts
from app.cases.words import ClosingCondition, ClosingReason
from app.core.asking import pressed, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.tasks.queries import open_tasks_of_child
from app.tasks.service import OUTLIVE_THE_CASE

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]


@router.get("/cases/{case_id}/transfer")
def ask_where(request: Request, db: Db, actor: Writer, case_id: UUID) -> HTMLResponse:
    """Asks which district takes the case, and why."""
    return _transfer_page(request, db, actor, case_id, Form({"id": str(new_id())}))


@router.post("/cases/{case_id}/transfer")
def ask_transfer(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Asks the other district."""
    if tried(db, form, form.bind(TransferAsk), lambda given: transferring.ask_transfer(db, actor, case_id, given)):
        return to_case(
            db,
            actor,
            queries.child_of(db, case_id),
            _("The other district is asked. Until it accepts, the case stays with you."),
        )
    return _transfer_page(request, db, actor, case_id, form)


def _transfer_page(request: Request, db: Session, actor: Actor, case_id: UUID, form: Form) -> HTMLResponse:
    child, _case = case_for_form(db, actor, case_id)
    here = (district_of(child.area_code) or 0) if child.area_code in actor.area else 0
    districts = [(str(place.code), place.name) for place in other_districts(db, here)]
    return form_page(request, db, actor, case_id, "transfer", form, districts=districts)


@router.get("/cases/{case_id}/close")
def ask_end(request: Request, db: Db, actor: Writer, case_id: UUID) -> HTMLResponse:
    """Asks why the case ends, and shows what is not met and what stops."""
    return _close_page(request, db, actor, case_id, Form({"id": str(new_id())}))


@router.post("/cases/{case_id}/close")
def close_case(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Closes the case, or asks the supervisor to."""
    if tried(db, form, form.bind(CaseClose), lambda given: closing.close_case(db, actor, case_id, given)):
        return to_case(db, actor, queries.child_of(db, case_id), _("Your request to close the case is written down."))
    return _close_page(request, db, actor, case_id, form)


def _close_page(request: Request, db: Session, actor: Actor, case_id: UUID, form: Form) -> HTMLResponse:
    child, _case = case_for_form(db, actor, case_id)
    case = locked_case(db, case_id)
    rules = queries.closing_rules(db)
    missing = closing.missing_conditions(db, child, case, ClosingReason.GOALS_MET)
    tasks = open_tasks_of_child(db, actor, child.id)
    return form_page(
        request,
        db,
        actor,
        case_id,
        "close",
        form,
        reasons=[(reason.value, reason.label, reason.hint) for reason in ClosingReason],
        conditions=[(condition, condition not in missing) for condition in ClosingCondition],
        all_met=not missing,
        stops=[task for task in tasks if task.kind not in OUTLIVE_THE_CASE],
        attempts=queries.attempts_of(queries.contacts_of(db, case_id)),
        least_attempts=rules[ClosingReason.LOST_CONTACT].least_attempts,
    )


@router.get("/cases/{case_id}/reopen")
def ask_why(request: Request, db: Db, actor: Writer, case_id: UUID) -> HTMLResponse:
    """Asks why the case is opened again."""
    return form_page(request, db, actor, case_id, "reopen", Form({}))


@router.post("/cases/{case_id}/reopen")
def reopen_case(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Opens the case again."""
    if tried(db, form, form.bind(CaseReopen), lambda given: closing.reopen_case(db, actor, case_id, given)):
        return to_case(
            db, actor, queries.child_of(db, case_id), _("The case is open again. See the child, and assess again.")
        )
    return form_page(request, db, actor, case_id, "reopen", form)


@router.get("/cases/{case_id}/group")
def ask_brother_or_sister(request: Request, db: Db, actor: Writer, case_id: UUID) -> HTMLResponse:
    """Asks for the code of a brother or sister."""
    return form_page(request, db, actor, case_id, "group", Form({}))


@router.post("/cases/{case_id}/group")
def join_group(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Takes the decisions of both together."""
    if tried(db, form, form.bind(GroupJoin), lambda given: grouping.join_group(db, actor, case_id, given)):
        return to_case(
            db, actor, queries.child_of(db, case_id), _("The decisions of these cases are taken together now.")
        )
    return form_page(request, db, actor, case_id, "group", form)


@router.post("/cases/{case_id}/leave")
def leave_group(request: Request, db: Db, actor: Writer, case_id: UUID, form: Typed) -> Response:
    """Takes the case out of its group."""
    if pressed(db, form, lambda: grouping.leave_group(db, actor, case_id)):
        return to_case(db, actor, queries.child_of(db, case_id), _("The case is on its own again."))
    return form_page(request, db, actor, case_id, "group", form)
