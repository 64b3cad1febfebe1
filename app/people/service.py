"""What an administrator does with accounts, posts and appointments. Signing in is in `signing.py`."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_code_of
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.audit.service import record
from app.config import get_settings
from app.core import clock
from app.core.db import violated
from app.core.errors import FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import check_version, create_once
from app.people import events
from app.people.models import Account, Appointment, Post
from app.people.passwords import check_password, hash_password
from app.people.posts import leave_seat, new_post, note_appointment, seat_of, take_seat, vacant_post
from app.people.queries import held_on, visible_accounts
from app.people.rules import clean_username, day_problem, temporary_password
from app.people.schemas import (
    AccountChange,
    AccountCreate,
    Appoint,
    Disable,
    EndAppointment,
    Move,
    PostOpen,
    ResetPassword,
)
from app.people.signing import end_sign_ins


def create_account(db: Session, actor: Actor, command: AccountCreate) -> tuple[UUID, str | None, bool]:
    """A new account with its first post: its id, the temporary password to hand over, and whether it is new.

    The same command again gives the same answer; once the person has chosen a password it is None. Raises
    `FieldError` for a username that is taken and a place that does not fit the role.
    """
    require(actor, Permission.ACCOUNTS_MANAGE)
    command = command.model_copy(update={"id": command.id or new_id()})
    assert command.id is not None  # noqa: S101 - given a line above
    temporary = temporary_password(_key(), command.id)
    starts_on = _day(command.starts_on, "starts_on")
    seat = seat_of(db, command.role, command.place, command.institution)
    try:
        with db.begin_nested():
            account_id, is_new = create_once(
                db,
                Account,
                actor,
                command,
                username=command.username,
                display_name=command.display_name,
                phone=command.phone,
                language=command.language,
                password_hash=hash_password(temporary),
            )
    except IntegrityError as error:
        if violated(error) == "uq_accounts_username":
            raise FieldError("username", _("Somebody has this username; choose another")) from error
        raise
    if not is_new:
        stored = db.scalar(select(Account.password_hash).where(Account.id == account_id))
        return account_id, temporary if check_password(temporary, stored)[0] else None, False
    record(db, actor, events.AccountCreated(username=command.username), subject_id=account_id)
    note_appointment(db, actor, take_seat(db, actor, account_id, seat, starts_on), seat)
    return account_id, temporary, True


def create_account_by_operator(
    db: Session,
    *,
    username: str,
    display_name: str,
    role: Role,
    place_code: int,
    password: str | None = None,
    institution_id: UUID | None = None,
) -> str:
    """An account made at the command line, where nobody is signed in; returns its password.

    Without a `password` it is a temporary one, to be changed at the first sign-in. Raises `FieldError`.
    """
    name = clean_username(username)
    if name is None:
        raise FieldError("username", _("Use 2 to 40 small letters, digits, dots and hyphens; begin with a letter"))
    if db.scalar(select(Account.id).where(Account.username == name)) is not None:
        raise FieldError("username", _("Somebody has this username; choose another"))
    seat = seat_of(db, role, place_code, institution_id)
    account_id = new_id()
    given = password or temporary_password(_key(), account_id)
    account = Account(
        id=account_id,
        username=name,
        display_name=display_name,
        password_hash=hash_password(given),
        must_change_password=password is None,
    )
    db.add(account)
    db.flush()
    record(db, None, events.AccountCreated(username=name), subject_id=account_id)
    note_appointment(db, None, take_seat(db, None, account_id, seat, clock.today()), seat)
    return given


def change_account(db: Session, actor: Actor, account_id: UUID, command: AccountChange, version: int | None) -> None:
    """Corrects a name or telephone; raises `Stale` when somebody else changed the account meanwhile."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    account = _locked(db, actor, account_id)
    before = {"display_name": account.display_name, "phone": account.phone}
    after = command.model_dump()
    check_version(account, version, current=before, typed=after)
    account.display_name = command.display_name
    account.phone = command.phone
    fields = [name for name in after if after[name] != before[name]]
    record(db, actor, events.AccountChanged(fields=fields), subject_id=account.id)
    db.flush()


def appoint(db: Session, actor: Actor, account_id: UUID, command: Appoint) -> UUID:
    """A further post for a person; returns the appointment's id."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    _not_oneself(actor, account_id)
    account = _locked(db, actor, account_id)
    starts_on = _day(command.starts_on, "starts_on")
    seat = seat_of(db, command.role, command.place, command.institution)
    appointment = take_seat(db, actor, account.id, seat, starts_on)
    note_appointment(db, actor, appointment, seat)
    return appointment.id


def end_appointment(db: Session, actor: Actor, account_id: UUID, appointment_id: UUID, command: EndAppointment) -> None:
    """A person leaves a post; the post stays, with its caseload, for whoever comes next."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    _not_oneself(actor, account_id)
    _locked(db, actor, account_id)
    found = db.execute(
        select(Appointment, Post.role)
        .join(Post, Post.id == Appointment.post_id)
        .where(Appointment.id == appointment_id, Appointment.account_id == account_id)
        .with_for_update(of=Appointment)
    ).one_or_none()
    if found is None:
        raise NotFound
    appointment, role = found
    if role == Role.ADMINISTRATOR:
        _keep_an_administrator(db, account_id)
    day = _day(command.ends_on, "ends_on")
    leave_seat(db, appointment, day, "ends_on")
    if day <= clock.today():
        end_sign_ins(db, account_id, post=appointment.post_id)
    event = events.AppointmentEnded(post=appointment.post_id, role=role, ends_on=day)
    record(db, actor, event, subject_id=account_id)


def move(db: Session, actor: Actor, account_id: UUID, command: Move) -> UUID:
    """A person leaves one post for another on a day; returns the id of the new appointment."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    _not_oneself(actor, account_id)
    account = _locked(db, actor, account_id)
    starts_on = _day(command.starts_on, "starts_on")
    seat = seat_of(db, command.role, command.place, command.institution)
    held = db.execute(
        select(Appointment, Post.role)
        .join(Post, Post.id == Appointment.post_id)
        .where(Appointment.account_id == account.id, Appointment.ends_on.is_(None))
        .with_for_update(of=Appointment)
        .order_by(Appointment.starts_on, Appointment.id)
    ).all()
    if command.from_post is not None:
        held = [line for line in held if line.Appointment.post_id == command.from_post]
    if not held:
        raise FieldError("from_post", _("There is no post to leave; appoint the person instead"))
    if len(held) > 1:
        raise FieldError("from_post", _("This person holds several posts; choose the one to leave"))
    appointment, role = held[0]
    if role == Role.ADMINISTRATOR:
        _keep_an_administrator(db, account_id)
    leave_seat(db, appointment, starts_on, "starts_on")
    if starts_on <= clock.today():
        end_sign_ins(db, account_id, post=appointment.post_id)
    new = take_seat(db, actor, account.id, seat, starts_on)
    event = events.AccountMoved(
        from_post=appointment.post_id,
        to_post=new.post_id,
        role=seat.role.value,
        place=seat.place,
        starts_on=starts_on,
    )
    record(db, actor, event, subject_id=account.id, area_code=area_code_of(seat.place))
    return new.id


def disable_account(db: Session, actor: Actor, account_id: UUID, command: Disable) -> None:
    """Closes an account to its person; every session and token fails at its next request."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    _not_oneself(actor, account_id)
    _keep_an_administrator(db, account_id)
    account = _locked(db, actor, account_id)
    if account.disabled_at is not None:
        return
    account.disabled_at = clock.now()
    account.version += 1
    db.flush()
    ended = end_sign_ins(db, account.id)
    event = events.AccountDisabled(sessions=ended, reason=command.reason)
    record(db, actor, event, subject_id=account.id)


def enable_account(db: Session, actor: Actor, account_id: UUID) -> None:
    """Opens a disabled account again; no old session comes back to life."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    account = _locked(db, actor, account_id)
    if account.disabled_at is None:
        return
    account.disabled_at = None
    account.version += 1
    db.flush()
    # Somebody may have been signing in at the very moment when the account was disabled.
    end_sign_ins(db, account.id)
    record(db, actor, events.AccountEnabled(), subject_id=account.id)


def reset_password(db: Session, actor: Actor, account_id: UUID, command: ResetPassword) -> str:
    """A temporary password for somebody who forgot theirs; all their sessions end."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    _not_oneself(actor, account_id)
    account = _locked(db, actor, account_id)
    temporary = temporary_password(_key(), command.id or new_id())
    account.password_hash = hash_password(temporary)
    account.must_change_password = True
    account.version += 1
    db.flush()
    end_sign_ins(db, account.id)
    record(db, actor, events.PasswordReset(), subject_id=account.id)
    return temporary


def open_post(db: Session, actor: Actor, command: PostOpen) -> tuple[UUID, bool]:
    """The id of a vacant post with a role at a place, and whether it had to be made."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    seat = seat_of(db, command.role, command.place, command.institution)
    vacant = vacant_post(db, seat, clock.today())
    return (vacant, False) if vacant else (new_post(db, actor, seat, command.title), True)


def _key() -> bytes:
    return get_settings().secret_key.get_secret_value().encode()


def _day(given: date | None, field: str) -> date:
    today = clock.today()
    problem = day_problem(given, today) if given else None
    if problem:
        raise FieldError(field, problem)
    return given or today


def _not_oneself(actor: Actor, account_id: UUID) -> None:
    if actor.account_id == account_id:
        raise Forbidden(_("Another administrator has to do this for your own account"))


def _locked(db: Session, actor: Actor, account_id: UUID) -> Account:
    account = db.scalar(select(Account).where(visible_accounts(actor), Account.id == account_id).with_for_update())
    if account is None:
        raise NotFound
    return account


def _keep_an_administrator(db: Session, leaving: UUID) -> None:
    # All of them are locked, so that two who dismiss each other at the same moment wait for one another.
    administrators = set(
        db.scalars(
            select(Account.id)
            .join(Appointment, Appointment.account_id == Account.id)
            .join(Post, Post.id == Appointment.post_id)
            .where(Post.role == Role.ADMINISTRATOR.value, Account.disabled_at.is_(None), held_on(clock.today()))
            .order_by(Account.id)
            .with_for_update(of=Account)
        )
    )
    if administrators == {leaving}:
        raise Forbidden(_("This is the last administrator; appoint another one first"))
