"""Coming in and going out: what people do with their own sessions, password, language and posts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CursorResult, and_, func, insert, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.events import SignedIn, SignInFailed
from app.audit.service import record
from app.config import Settings
from app.core import clock
from app.core.errors import FieldError, Forbidden, NotFound, NotSignedIn, Problem, TooMany
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.people import events
from app.people.models import Account, Appointment, Post, SignIn
from app.people.passwords import check_password, hash_password
from app.people.queries import held_on
from app.people.rules import clean_username, password_problem
from app.people.schemas import Credentials, PasswordChange, PostSwitch
from app.people.sessions import BROWSER, TOKEN, find_sign_in, hash_secret, new_secret
from app.people.throttle import Throttle


class Why(StrEnum):
    """Why somebody was not let in; the audit log keeps this word."""

    WRONG = "wrong"
    UNKNOWN = "unknown"
    THROTTLED = "throttled"
    DISABLED = "disabled"
    NO_POST = "no_post"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where somebody knocks: a browser or a client of the API, and what it brought along.

    `device` is the id of a browser that `known_accounts` signed in from before. `replaces` is the secret of the
    session that the browser had until now.
    """

    kind: str
    address: str = ""
    user_agent: str | None = None
    device: str | None = None
    known_accounts: frozenset[UUID] = frozenset()
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """Somebody is in; the secret is told once."""

    actor: Actor
    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody came in. A value, not an exception, because the refusal is written down and must be committed."""

    why: Why
    retry_after: int = 0

    def problem(self) -> Problem:
        """The answer; a wrong password and an unknown username sound the same."""
        match self.why:
            case Why.THROTTLED:
                return TooMany(_("Too many tries: wait a little"), retry_after=self.retry_after)
            case Why.DISABLED:
                return NotSignedIn(_("This account is closed; ask your administrator"))
            case Why.NO_POST:
                return NotSignedIn(_("You hold no post today; ask your administrator"))
            case Why.DEMONSTRATION:
                return NotSignedIn(_("Accounts of the demonstration do not open this service"))
            case Why.WRONG | Why.UNKNOWN:
                return NotSignedIn(_("The username or the password is not right"))


def sign_in(
    db: Session, credentials: Credentials, door: Door, *, settings: Settings, throttle: Throttle
) -> Granted | Refused:
    """Lets somebody in who knows their password, in the post that they last acted in."""
    username = clean_username(credentials.username)
    account = (
        db.execute(
            select(Account.id, Account.password_hash, Account.disabled_at, Account.is_demonstration).where(
                Account.username == username
            )
        ).one_or_none()
        if username
        else None
    )
    device = door.device if account and account.id in door.known_accounts else None
    who = (credentials.username.strip().lower(), door.address, device)
    # Whoever mistypes may have typed the password where the username belongs: only known names are kept.
    name = username if account and username else "?"
    subject = account.id if account else None

    def refused(why: Why, retry_after: int = 0) -> Refused:
        record(db, None, SignInFailed(username=name, why=why.value), subject_id=subject)
        return Refused(why, retry_after)

    wait = throttle.admit(*who)
    if wait is not None:
        return refused(Why.THROTTLED, wait)
    right, better_hash = check_password(
        credentials.password.get_secret_value(), account.password_hash if account else None
    )
    if account is None or not right:
        throttle.failed(*who)
        return refused(Why.WRONG if account else Why.UNKNOWN)
    throttle.succeeded(*who)
    if account.disabled_at is not None:
        return refused(Why.DISABLED)
    if account.is_demonstration and settings.mode == "production":
        return refused(Why.DEMONSTRATION)
    post_id = _post_to_act_in(db, account.id)
    if post_id is None:
        return refused(Why.NO_POST)
    if better_hash:
        db.execute(update(Account).where(Account.id == account.id).values(password_hash=better_hash))
    if door.replaces:
        _revoke_secret(db, door.replaces)
    secret, expires_at = _begin(db, account.id, post_id, door, settings)
    found = find_sign_in(db, secret, door.kind, settings)
    if found is None:
        return refused(Why.DISABLED)
    record(db, found[0], SignedIn(how=door.kind), subject_id=account.id)
    return Granted(found[0], secret, expires_at)


def _begin(db: Session, account_id: UUID, post_id: UUID, door: Door, settings: Settings) -> tuple[str, datetime]:
    secret, moment = new_secret(), clock.now()
    lasts = timedelta(days=settings.token_days) if door.kind == TOKEN else timedelta(hours=settings.session_hours)
    db.execute(
        insert(SignIn).values(
            id=new_id(),
            kind=door.kind,
            account_id=account_id,
            post_id=post_id,
            secret_hash=hash_secret(secret),
            created_at=moment,
            seen_at=moment,
            expires_at=moment + lasts,
            user_agent=(door.user_agent or "")[:200] or None,
            address=door.address[:100] or None,
        )
    )
    return secret, moment + lasts


def _post_to_act_in(db: Session, account_id: UUID) -> UUID | None:
    last_used = (
        select(func.max(SignIn.created_at))
        .where(SignIn.account_id == account_id, SignIn.post_id == Post.id)
        .correlate(Post)
        .scalar_subquery()
    )
    return db.scalar(
        select(Post.id)
        .join(Appointment, Appointment.post_id == Post.id)
        .where(Appointment.account_id == account_id, held_on(clock.today()))
        .order_by(last_used.desc().nulls_last(), Appointment.ends_on.is_not(None), Appointment.starts_on, Post.id)
        .limit(1)
    )


def _revoke_secret(db: Session, secret: str) -> None:
    db.execute(
        update(SignIn)
        .where(SignIn.secret_hash == hash_secret(secret), SignIn.kind == BROWSER, SignIn.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def sign_out(db: Session, actor: Actor) -> None:
    """Ends the session or token in use."""
    if actor.session_id is not None:
        end_session(db, actor, actor.session_id)


def end_session(db: Session, actor: Actor, session_id: UUID) -> None:
    """Ends one of an actor's own sessions or tokens; raises `NotFound` for anybody else's. Twice is fine."""
    mine = and_(SignIn.id == session_id, SignIn.account_id == actor.account_id)
    if db.scalar(select(SignIn.id).where(mine)) is None:
        raise NotFound
    ended = db.scalar(
        update(SignIn).where(mine, SignIn.revoked_at.is_(None)).values(revoked_at=clock.now()).returning(SignIn.id)
    )
    if ended is not None:
        record(db, actor, events.SignedOut(session=session_id), subject_id=actor.account_id)


def sign_out_everywhere(db: Session, actor: Actor) -> int:
    """Ends all of an actor's sessions and tokens, this one too; how many."""
    ended = end_sign_ins(db, actor.account_id)
    event = events.SessionsEnded(why="signed_out_everywhere", sessions=ended)
    record(db, actor, event, subject_id=actor.account_id)
    return ended


def end_sign_ins(db: Session, account_id: UUID, *, but: UUID | None = None, post: UUID | None = None) -> int:
    """Revokes what an account is signed in with, but for one session, or only in one post; how many."""
    statement = (
        update(SignIn)
        .where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if but is not None:
        statement = statement.where(SignIn.id != but)
    if post is not None:
        statement = statement.where(SignIn.post_id == post)
    result = db.execute(statement)
    assert isinstance(result, CursorResult)  # noqa: S101 - what an UPDATE gives
    return result.rowcount


def change_password(db: Session, actor: Actor, command: PasswordChange, throttle: Throttle) -> None:
    """A new password; every other session and token ends. Raises `FieldError`, or `TooMany` for a guesser."""
    who = (actor.username, "password change", str(actor.account_id))
    wait = throttle.admit(*who)
    if wait is not None:
        raise TooMany(_("Too many tries: wait a little"), retry_after=wait)
    current, new = command.current.get_secret_value(), command.new.get_secret_value()
    stored = db.scalar(select(Account.password_hash).where(Account.id == actor.account_id).with_for_update())
    if not check_password(current, stored)[0]:
        raise FieldError("current", _("This is not your present password"))
    throttle.succeeded(*who)
    if command.again is not None and command.again != command.new:
        raise FieldError("again", _("The two passwords are not the same"))
    if new == current:
        raise FieldError("new", _("Choose another password than the present one"))
    problem = password_problem(new, actor.username)
    if problem:
        raise FieldError("new", problem)
    db.execute(
        update(Account)
        .where(Account.id == actor.account_id)
        .values(password_hash=hash_password(new), must_change_password=False, version=Account.version + 1)
        .execution_options(synchronize_session=False)
    )
    end_sign_ins(db, actor.account_id, but=actor.session_id)
    record(db, actor, events.PasswordChanged(), subject_id=actor.account_id)


def set_language(db: Session, actor: Actor, language: str) -> None:
    """Keeps the language that a person chose for their pages."""
    db.execute(
        update(Account)
        .where(Account.id == actor.account_id)
        .values(language=language)
        .execution_options(synchronize_session=False)
    )
    record(db, actor, events.LanguageChosen(language=language), subject_id=actor.account_id)


def switch_post(db: Session, actor: Actor, command: PostSwitch) -> None:
    """Goes on in another of one's own posts, in this session; raises `Forbidden` for any other."""
    role = db.scalar(
        select(Post.role)
        .join(Appointment, Appointment.post_id == Post.id)
        .where(Appointment.account_id == actor.account_id, Post.id == command.post, held_on(clock.today()))
        .limit(1)
    )
    if role is None:
        raise Forbidden(_("You do not hold this post today"))
    db.execute(
        update(SignIn)
        .where(SignIn.id == actor.session_id)
        .values(post_id=command.post)
        .execution_options(synchronize_session=False)
    )
    event = events.PostSwitched(post=command.post, role=role)
    record(db, actor, event, subject_id=actor.account_id)
