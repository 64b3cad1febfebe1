"""The administrator's pages: accounts, appointments, and who may do what."""

from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access import matrix
from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.roles import PLACE_LEVEL, Role
from app.core.asking import done, tried, version_in
from app.core.db import Db
from app.core.errors import FieldError
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.people import queries, service
from app.people.rules import INSTITUTION_ROLES
from app.people.schemas import (
    AccountChange,
    AccountCreate,
    AccountDetail,
    AccountsQuery,
    Appoint,
    Disable,
    EndAppointment,
    Move,
    ResetPassword,
)
from app.people.sessions import idle_time
from app.places.queries import find_place
from app.places.search import search_places
from app.places.words import PlaceLevel

router = APIRouter(prefix="/admin", route_class=StrictRoute, include_in_schema=False)

Administrator = Annotated[Actor, requires(Permission.ACCOUNTS_MANAGE)]
MatrixReader = Annotated[Actor, requires(Permission.MATRIX_READ)]
C = TypeVar("C", bound=BaseModel)


@router.get("/access")
def access(request: Request, _actor: MatrixReader) -> Response:
    """Who may do what, as the code has it."""
    return render(
        request,
        "people/access.html",
        roles=matrix.role_lines(),
        permissions=matrix.permission_lines(),
        views=matrix.view_lines(),
    )


@router.get("/accounts")
def list_accounts(request: Request, db: Db, actor: Administrator, query: Annotated[AccountsQuery, Query()]) -> Response:
    """Everybody with an account."""
    page = queries.list_accounts(db, actor, query)
    return render(request, "people/accounts.html", block="list", page=page, query=query, roles=Role)


@router.get("/accounts/new")
def new_account(request: Request, db: Db, _actor: Administrator, role: Role | None = None) -> Response:
    """First the role, because it decides where the post can be; then the person."""
    if role is None:
        return render(
            request,
            "people/choose_role.html",
            title=_("A new account"),
            back="/admin/accounts",
            role_lines=matrix.role_lines(),
        )
    return _account_form(request, db, Form({"id": str(new_id()), "role": role.value}), role)


@router.post("/accounts/new")
def create_account(request: Request, db: Db, actor: Administrator, form: Typed) -> Response:
    """Makes the account and shows its temporary password, this once."""
    role = _role(form)
    if form.value("_action") == "find_place":
        return _account_form(request, db, form, role, searched=True)
    made = tried(db, form, form.bind(AccountCreate), lambda given: service.create_account(db, actor, given))
    if made is None:
        return _account_form(request, db, form, role)
    account_id, temporary, _is_new = made.gave
    return _show_password(request, _detail(request, db, actor, account_id), temporary)


@router.get("/accounts/{account_id}")
def show_account(request: Request, db: Db, actor: Administrator, account_id: UUID) -> Response:
    """One person's account, posts and what can be done with them."""
    return _account_page(request, db, actor, account_id, Form())


@router.get("/accounts/{account_id}/change")
def change_page(request: Request, db: Db, actor: Administrator, account_id: UUID) -> Response:
    """Name and telephone."""
    account = _detail(request, db, actor, account_id)
    typed = {
        "display_name": account.display_name,
        "phone": account.phone or "",
        "_version": str(account.version),
    }
    return render(request, "people/change.html", account=account, form=Form(typed))


@router.post("/accounts/{account_id}/change")
def change_account(request: Request, db: Db, actor: Administrator, account_id: UUID, form: Typed) -> Response:
    """Corrects name and telephone."""
    if tried(
        db,
        form,
        form.bind(AccountChange),
        lambda given: service.change_account(db, actor, account_id, given, version_in(form)),
        shows_both=True,
    ):
        return _done(account_id, _("The account is changed."))
    account = _detail(request, db, actor, account_id)
    return render(request, "people/change.html", status=form.status, account=account, form=form)


@router.get("/accounts/{account_id}/appoint")
def appoint_page(
    request: Request, db: Db, actor: Administrator, account_id: UUID, role: Role | None = None
) -> Response:
    """A further post: first the role, then the place."""
    return _post_page(request, db, actor, account_id, "appoint", role)


@router.post("/accounts/{account_id}/appoint")
def appoint(request: Request, db: Db, actor: Administrator, account_id: UUID, form: Typed) -> Response:
    """Appoints the person to a further post."""
    if tried(db, form, _post_command(form, Appoint), lambda given: service.appoint(db, actor, account_id, given)):
        return _done(account_id, _("The person is appointed."))
    return _post_form(request, db, actor, account_id, "appoint", form)


@router.get("/accounts/{account_id}/move")
def move_page(request: Request, db: Db, actor: Administrator, account_id: UUID, role: Role | None = None) -> Response:
    """Another post instead of the present one."""
    return _post_page(request, db, actor, account_id, "move", role)


@router.post("/accounts/{account_id}/move")
def move(request: Request, db: Db, actor: Administrator, account_id: UUID, form: Typed) -> Response:
    """Moves the person to another post."""
    if tried(db, form, _post_command(form, Move), lambda given: service.move(db, actor, account_id, given)):
        return _done(account_id, _("The person is moved."))
    return _post_form(request, db, actor, account_id, "move", form)


@router.post("/accounts/{account_id}/appointments/{appointment_id}/end")
def end_appointment(
    request: Request, db: Db, actor: Administrator, account_id: UUID, appointment_id: UUID, form: Typed
) -> Response:
    """Ends an appointment today, or on the day that was given."""
    if tried(
        db,
        form,
        form.bind(EndAppointment),
        lambda given: service.end_appointment(db, actor, account_id, appointment_id, given),
    ):
        return _done(account_id, _("The appointment has ended."))
    return _account_page(request, db, actor, account_id, form)


@router.post("/accounts/{account_id}/disable")
def disable(request: Request, db: Db, actor: Administrator, account_id: UUID, form: Typed) -> Response:
    """Closes the account to its person."""
    if tried(db, form, form.bind(Disable), lambda given: service.disable_account(db, actor, account_id, given)):
        return _done(account_id, _("The account is disabled and its person signed out everywhere."))
    return _account_page(request, db, actor, account_id, form)


@router.post("/accounts/{account_id}/enable")
def enable(db: Db, actor: Administrator, account_id: UUID) -> Response:
    """Opens the account again."""
    service.enable_account(db, actor, account_id)
    return _done(account_id, _("The account is enabled."))


@router.post("/accounts/{account_id}/reset-password")
def reset_password(request: Request, db: Db, actor: Administrator, account_id: UUID, form: Typed) -> Response:
    """Shows a new temporary password, this once."""
    made = tried(db, form, form.bind(ResetPassword), lambda given: service.reset_password(db, actor, account_id, given))
    if made is None:
        return _account_page(request, db, actor, account_id, form)
    return _show_password(request, _detail(request, db, actor, account_id), made.gave)


def _done(account_id: UUID, message: str) -> Response:
    return done(f"/admin/accounts/{account_id}", message)


def _detail(request: Request, db: Session, actor: Actor, account_id: UUID) -> AccountDetail:
    return queries.get_account(db, actor, account_id, idle_time(request.app.state.settings))


def _account_page(request: Request, db: Session, actor: Actor, account_id: UUID, form: Form) -> Response:
    return render(
        request,
        "people/account_detail.html",
        status=form.status,
        account=_detail(request, db, actor, account_id),
        form=form,
        is_me=account_id == actor.account_id,
        issue=new_id(),
    )


def _show_password(request: Request, account: AccountDetail, temporary: str | None) -> Response:
    return render(request, "people/temporary_password.html", account=account, temporary=temporary)


def _role(form: Form) -> Role:
    try:
        return Role(form.value("role"))
    except ValueError:
        raise FieldError("role", _("Choose one of the answers")) from None


def _post_command(form: Form, command: type[C]) -> C | None:
    """The command of a form with a place; None also while somebody looks for the place without JavaScript."""
    return None if form.value("_action") == "find_place" else form.bind(command)


def _place_parts(db: Session, form: Form, role: Role, *, searched: bool) -> dict[str, Any]:
    """What the field of the place needs: its level, the choice so far, and what a search found."""
    level = PLACE_LEVEL.get(role)
    code = form.value("place")
    chosen = find_place(db, int(code)) if code.isdecimal() and len(code) <= 8 else None
    found = search_places(db, form.value("_place-q"), level=PlaceLevel(level)) if searched and level else None
    return {
        "role": role,
        "level": level,
        "chosen": chosen,
        "found": found,
        "institutions": queries.institution_choices(db) if role in INSTITUTION_ROLES else None,
    }


def _account_form(request: Request, db: Session, form: Form, role: Role, *, searched: bool = False) -> Response:
    parts = _place_parts(db, form, role, searched=searched)
    return render(request, "people/new_account.html", status=form.status, form=form, **parts)


def _post_page(request: Request, db: Session, actor: Actor, account_id: UUID, verb: str, role: Role | None) -> Response:
    if role is not None:
        form = Form({"role": role.value})
        return _post_form(request, db, actor, account_id, verb, form)
    account = _detail(request, db, actor, account_id)
    titles = {"appoint": _("A further post for %(name)s"), "move": _("Another post for %(name)s")}
    return render(
        request,
        "people/choose_role.html",
        title=titles[verb] % {"name": account.display_name},
        back=f"/admin/accounts/{account_id}",
        role_lines=matrix.role_lines(),
    )


def _post_form(
    request: Request,
    db: Session,
    actor: Actor,
    account_id: UUID,
    verb: str,
    form: Form,
) -> Response:
    searched = form.value("_action") == "find_place"
    parts = _place_parts(db, form, _role(form), searched=searched)
    return render(
        request,
        "people/post_form.html",
        status=form.status,
        form=form,
        account=_detail(request, db, actor, account_id),
        verb=verb,
        **parts,
    )
