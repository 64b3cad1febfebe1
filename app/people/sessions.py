"""Who a request comes from: the session cookie of a browser or the bearer token of the API, in one statement.

Only the hash of a secret is stored, so whoever reads the table cannot act as anybody.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import and_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_of
from app.access.roles import Role
from app.access.scope import bound_limits
from app.config import Settings
from app.core.clock import now, today
from app.people.models import INSTITUTIONS, Account, Appointment, Post, SignIn
from app.places.models import Place

BROWSER, TOKEN = "browser", "token"
API = "/api/"
SEEN_EVERY = timedelta(minutes=1)
LONGEST_SECRET = 100

_held = and_(
    Appointment.starts_on <= bindparam("today"),
    or_(Appointment.ends_on.is_(None), Appointment.ends_on > bindparam("today")),
)
_open = or_(Post.closed_on.is_(None), Post.closed_on > bindparam("today"))
_posts = (
    select(func.count(Appointment.post_id.distinct()))
    .join(Post, Post.id == Appointment.post_id)
    .where(Appointment.account_id == Account.id, _held, _open)
    .correlate(Account)
    .scalar_subquery()
)
_FIND = (
    select(
        SignIn.id.label("session_id"),
        SignIn.seen_at,
        Account.id.label("account_id"),
        Account.username,
        Account.display_name,
        Account.language,
        Account.must_change_password,
        Post.id.label("post_id"),
        Post.role,
        Post.place_code,
        Post.institution_id,
        func.coalesce(INSTITUTIONS.c.name, Place.name).label("place_name"),
        _posts.label("posts"),
        *bound_limits(Post.role, Post.place_code, account=Account.id, post=Post.id, institution=Post.institution_id),
    )
    .select_from(SignIn)
    .join(Account, Account.id == SignIn.account_id)
    .join(Post, Post.id == SignIn.post_id)
    .join(Place, Place.code == Post.place_code)
    .outerjoin(INSTITUTIONS, INSTITUTIONS.c.id == Post.institution_id)
    .join(Appointment, and_(Appointment.account_id == Account.id, Appointment.post_id == Post.id, _held))
    .where(
        SignIn.secret_hash == bindparam("secret_hash"),
        SignIn.kind == bindparam("kind"),
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > bindparam("now"),
        SignIn.seen_at > bindparam("not_idle_since"),
        Account.disabled_at.is_(None),
        _open,
    )
    .limit(literal_column("1"))
)
_ENDLESS = timedelta(days=10_000)


def new_secret() -> str:
    """32 random bytes as text: what a cookie or a bearer token carries."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """What is stored of a secret. It is random and long, so one round of SHA-256 cannot be searched back."""
    return hashlib.sha256(secret.encode()).digest()


def authenticate(db: Session, request: Request) -> Actor | None:
    """Who is acting, or None; the guard of every route asks it, so it is one statement, which binds the actor as well.

    A revoked, expired or idle sign-in, a disabled account, a closed post and an ended appointment all answer
    None at the next request. A page is opened by the cookie only, the API by a bearer token only.
    """
    settings: Settings = request.app.state.settings
    kind = TOKEN if request.url.path.startswith(API) else BROWSER
    secret = secret_of(request, settings)
    if secret is None:
        return None
    found = find_sign_in(db, secret, kind, settings)
    if found is None:
        return None
    actor, seen_at = found
    _note_seen(db, actor.session_id, seen_at)
    request.state.can = actor.may_ever
    # Somebody signed in keeps the chosen language with the account, not only in this browser.
    request.state.links = {"language": "/account/language"}
    return actor


def secret_of(request: Request, settings: Settings) -> str | None:
    """The secret that a request brings: under `/api/` in Authorization, elsewhere in the cookie."""
    if request.url.path.startswith(API):
        scheme, _space, secret = request.headers.get("authorization", "").partition(" ")
        secret = secret.strip() if scheme.lower() == "bearer" else ""
    else:
        secret = request.cookies.get(cookie_name(settings), "")
    return secret if 0 < len(secret) <= LONGEST_SECRET else None


def find_sign_in(db: Session, secret: str, kind: str, settings: Settings) -> tuple[Actor, datetime] | None:
    """The actor of a sign-in that is good at this moment and when it was last seen, or None.

    From here on, until the end of the transaction, row-level security goes by this actor.
    """
    moment = now()
    idle = idle_time(settings) if kind == BROWSER else _ENDLESS
    row = db.execute(
        _FIND,
        {
            "secret_hash": hash_secret(secret),
            "kind": kind,
            "now": moment,
            "not_idle_since": moment - idle,
            "today": today(),
        },
    ).one_or_none()
    return None if row is None else (_actor(row), row.seen_at)


def _actor(row: Any) -> Actor:
    return Actor(
        account_id=row.account_id,
        username=row.username,
        display_name=row.display_name,
        post_id=row.post_id,
        role=Role(row.role),
        place_code=row.place_code,
        place_name=row.place_name,
        area=area_of(row.place_code),
        institution_id=row.institution_id,
        language=row.language,
        session_id=row.session_id,
        must_change_password=row.must_change_password,
        posts=row.posts,
    )


def _note_seen(db: Session, session_id: UUID | None, seen_at: datetime) -> None:
    """Moves the idle limit on, at most once a minute; several requests at once do not wait for each other."""
    moment = now()
    if moment - seen_at < SEEN_EVERY:
        return
    free = select(SignIn.id).where(SignIn.id == session_id).with_for_update(skip_locked=True).scalar_subquery()
    db.execute(update(SignIn).where(SignIn.id == free).values(seen_at=moment))


def idle_time(settings: Settings) -> timedelta:
    """How long a browser may be silent before its session ends."""
    return timedelta(minutes=settings.session_idle_minutes)


def cookie_name(settings: Settings) -> str:
    """`__Host-` makes a browser insist on HTTPS, on this very host, for the whole site."""
    return "__Host-session" if settings.cookies_are_secure else "session"


def give_cookie(response: Response, secret: str, settings: Settings) -> None:
    """Hands the session to the browser; no script can read it and no other site's post carries it."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=settings.session_hours * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.cookies_are_secure,
    )


def take_cookie(response: Response, settings: Settings) -> None:
    """Removes the session from the browser."""
    response.delete_cookie(
        cookie_name(settings), path="/", httponly=True, samesite="lax", secure=settings.cookies_are_secure
    )
