"""Every read of accounts, posts and sessions."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.roles import ROLE_PERMISSIONS, Role
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.people.models import INSTITUTIONS, Account, Appointment, Post, SignIn
from app.people.rules import holds
from app.people.schemas import (
    AccountDetail,
    AccountRow,
    AccountsQuery,
    AppointmentRow,
    Me,
    PostLine,
    PostRow,
    PostsQuery,
    SignInRow,
)
from app.places.models import Place
from app.places.queries import find_area
from app.places.words import path_in_words

post_place_name = func.coalesce(INSTITUTIONS.c.name, Place.name)
"""Where a post is, in words: its institution, else its place."""


def held_on(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """That an appointment is in force on a day and its post is open."""
    return and_(
        Appointment.starts_on <= day,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on > day),
        or_(Post.closed_on.is_(None), Post.closed_on > day),
    )


def good_sign_in(idle: timedelta) -> ColumnElement[bool]:
    """That a session or token can be used at this moment; only sessions of browsers become idle."""
    moment = clock.now()
    return and_(
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > moment,
        or_(SignIn.kind == "token", SignIn.seen_at > moment - idle),
    )


def visible_accounts(actor: Actor) -> ColumnElement[bool]:
    """Which accounts an actor may read: their own, or all for who manages accounts."""
    return true() if actor.may_ever(Permission.ACCOUNTS_MANAGE) else Account.id == actor.account_id


def visible_posts(actor: Actor) -> ColumnElement[bool]:
    """Which posts an actor may read: those they hold, or all for who manages accounts."""
    if actor.may_ever(Permission.ACCOUNTS_MANAGE):
        return true()
    return Post.id.in_(select(Appointment.post_id).where(Appointment.account_id == actor.account_id))


def _posts_of(day: date, account: Any) -> Any:
    """The posts that an account holds on a day, as one JSON list; a correlated subquery."""
    also, holder = aliased(Appointment), aliased(Account)
    others = (
        select(func.string_agg(holder.display_name, aggregate_order_by(literal_column("', '"), holder.display_name)))
        .select_from(also)
        .join(holder, holder.id == also.account_id)
        .where(also.post_id == Post.id, also.account_id != Appointment.account_id)
        .where(also.starts_on <= day, or_(also.ends_on.is_(None), also.ends_on > day))
        .correlate(Post, Appointment)
        .scalar_subquery()
    )
    place = ("place", Post.place_code, "place_name", post_place_name)
    line = func.jsonb_build_object(
        "post", Post.id, "role", Post.role, *place, "until", Appointment.ends_on, "others", others
    )
    lines = func.jsonb_agg(aggregate_order_by(line, Appointment.starts_on, Post.id))
    return (
        select(func.coalesce(lines, func.jsonb_build_array(), type_=JSONB))
        .select_from(Appointment)
        .join(Post, Post.id == Appointment.post_id)
        .join(Place, Place.code == Post.place_code)
        .outerjoin(INSTITUTIONS, INSTITUTIONS.c.id == Post.institution_id)
        .where(Appointment.account_id == account, held_on(day))
        .correlate(Account)
        .scalar_subquery()
    )


def list_accounts(db: Session, actor: Actor, query: AccountsQuery) -> Page[AccountRow]:
    """Accounts by username; one statement."""
    day = clock.today()
    statement: Select[*tuple[Any, ...]] = select(
        Account.id,
        Account.username,
        Account.display_name,
        _posts_of(day, Account.id).label("posts"),
        Account.disabled_at.is_not(None).label("disabled"),
        Account.is_demonstration,
    ).where(visible_accounts(actor))
    if query.q and (typed := query.q.replace("\x00", "").strip()):
        statement = statement.where(
            or_(
                Account.username.icontains(typed, autoescape=True),
                Account.display_name.icontains(typed, autoescape=True),
            )
        )
    if query.disabled is not None:
        is_disabled = Account.disabled_at.is_not(None)
        statement = statement.where(is_disabled if query.disabled else ~is_disabled)
    if query.role is not None:
        statement = statement.where(
            select(Appointment.id)
            .join(Post, Post.id == Appointment.post_id)
            .where(Appointment.account_id == Account.id, Post.role == query.role.value, held_on(day))
            .exists()
        )
    statement = after(statement, [Account.username.expression], query.cursor, newest_first=False)
    rows = db.execute(statement.limit(query.limit + 1)).all()
    return page_of(rows, query.limit, AccountRow.model_validate, lambda row: [row.username])


def get_account(db: Session, actor: Actor, account_id: UUID, idle: timedelta) -> AccountDetail:
    """One account with all its appointments, in two statements; raises `NotFound`."""
    sessions = (
        select(func.count())
        .select_from(SignIn)
        .where(SignIn.account_id == Account.id, good_sign_in(idle))
        .scalar_subquery()
    )
    seen = select(func.max(SignIn.seen_at)).where(SignIn.account_id == Account.id).scalar_subquery()
    row = db.execute(
        select(
            Account.id,
            Account.username,
            Account.display_name,
            Account.phone,
            Account.language,
            Account.must_change_password,
            Account.is_demonstration,
            Account.disabled_at,
            Account.created_at,
            Account.version,
            seen.label("last_seen_at"),
            sessions.label("sessions"),
        ).where(visible_accounts(actor), Account.id == account_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return AccountDetail(**row._asdict(), appointments=_appointments(db, account_id))


def _appointments(db: Session, account_id: UUID) -> list[AppointmentRow]:
    day = clock.today()
    rows = db.execute(
        select(
            Appointment.id,
            Appointment.post_id,
            Appointment.starts_on,
            Appointment.ends_on,
            Post.role,
            Post.place_code,
            Post.institution_id,
            post_place_name.label("place_name"),
        )
        .join(Post, Post.id == Appointment.post_id)
        .join(Place, Place.code == Post.place_code)
        .outerjoin(INSTITUTIONS, INSTITUTIONS.c.id == Post.institution_id)
        .where(Appointment.account_id == account_id)
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
    )
    return [
        AppointmentRow(
            id=row.id,
            post=row.post_id,
            role=Role(row.role),
            place=row.place_code,
            place_name=row.place_name,
            institution=row.institution_id,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            is_current=holds(row.starts_on, row.ends_on, day),
        )
        for row in rows
    ]


def my_posts(db: Session, actor: Actor) -> list[PostLine]:
    """The posts that an actor may act in today; one statement."""
    found = db.scalar(select(_posts_of(clock.today(), actor.account_id)))
    return [PostLine.model_validate(line) for line in found or []]


def my_sign_ins(db: Session, actor: Actor, idle: timedelta) -> list[SignInRow]:
    """An actor's own sessions and tokens, the one used last first."""
    rows = db.execute(
        select(
            SignIn.id,
            SignIn.kind,
            SignIn.created_at,
            SignIn.seen_at,
            SignIn.expires_at,
            SignIn.user_agent,
            SignIn.address,
        )
        .where(SignIn.account_id == actor.account_id, good_sign_in(idle))
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        .limit(100)
    )
    return [SignInRow.model_validate(row) for row in rows]


def me(db: Session, actor: Actor) -> Me:
    """Who is signed in and what that allows."""
    return Me(
        id=actor.account_id,
        username=actor.username,
        display_name=actor.display_name,
        language=actor.language,
        must_change_password=actor.must_change_password,
        post=actor.post_id,
        role=actor.role,
        place=actor.place_code,
        place_name=actor.place_name,
        institution=actor.institution_id,
        permissions=sorted(ROLE_PERMISSIONS[actor.role]),
        posts=my_posts(db, actor),
    )


def list_posts(db: Session, actor: Actor, query: PostsQuery) -> Page[PostRow]:
    """Posts, the newest first, with who holds them today; one statement, one more to check the place."""
    day = clock.today()
    holders = (
        select(func.array_agg(aggregate_order_by(Account.username, Account.username)))
        .select_from(Appointment)
        .join(Account, Account.id == Appointment.account_id)
        .where(Appointment.post_id == Post.id, held_on(day))
        .correlate(Post)
        .scalar_subquery()
    )
    statement: Select[*tuple[Any, ...]] = (
        select(
            Post.id,
            Post.role,
            Post.place_code,
            post_place_name.label("place_name"),
            Post.institution_id,
            Post.title,
            holders.label("holders"),
        )
        .join(Place, Place.code == Post.place_code)
        .outerjoin(INSTITUTIONS, INSTITUTIONS.c.id == Post.institution_id)
        .where(visible_posts(actor), Post.closed_on.is_(None))
    )
    if query.role is not None:
        statement = statement.where(Post.role == query.role.value)
    if query.place is not None:
        area = find_area(db, query.place)
        statement = statement.where(Place.area_code.between(area.lo, area.hi))
    if query.vacant is not None:
        held = select(Appointment.id).where(Appointment.post_id == Post.id, held_on(day)).correlate(Post).exists()
        statement = statement.where(~held if query.vacant else held)
    statement = after(statement, [Post.id.expression], query.cursor)
    rows = db.execute(statement.limit(query.limit + 1)).all()
    return page_of(rows, query.limit, post_row, lambda row: [row.id])


def post_row(row: Row[*tuple[Any, ...]]) -> PostRow:
    """A post from its columns."""
    return PostRow(
        id=row.id,
        role=Role(row.role),
        place=row.place_code,
        place_name=row.place_name,
        institution=row.institution_id,
        title=row.title,
        holders=row.holders or [],
    )


def get_post(db: Session, actor: Actor, post_id: UUID) -> PostRow:
    """One post; raises `NotFound`."""
    row = db.execute(
        select(
            Post.id,
            Post.role,
            Post.place_code,
            post_place_name.label("place_name"),
            Post.institution_id,
            Post.title,
            select(func.array_agg(aggregate_order_by(Account.username, Account.username)))
            .select_from(Appointment)
            .join(Account, Account.id == Appointment.account_id)
            .where(Appointment.post_id == Post.id, held_on(clock.today()))
            .correlate(Post)
            .scalar_subquery()
            .label("holders"),
        )
        .join(Place, Place.code == Post.place_code)
        .outerjoin(INSTITUTIONS, INSTITUTIONS.c.id == Post.institution_id)
        .where(visible_posts(actor), Post.id == post_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return post_row(row)


def institution_choices(db: Session) -> list[tuple[str, str]]:
    """Institutions to appoint somebody to, by name, with the sector that each stands in."""
    rows = db.execute(
        select(INSTITUTIONS.c.id, INSTITUTIONS.c.name, Place.path)
        .join(Place, Place.code == INSTITUTIONS.c.place_code)
        .order_by(INSTITUTIONS.c.name, INSTITUTIONS.c.id)
    )
    return [(str(row.id), f"{row.name}, {path_in_words(row.path)}") for row in rows]


def demonstration_accounts(db: Session) -> list[tuple[Role, str, str]]:
    """Who may sign in to a demonstration: role, username and place of the accounts named after roles."""
    day = clock.today()
    rows = db.execute(
        select(Post.role, Account.username, post_place_name.label("place_name"))
        .select_from(Account)
        .join(Appointment, Appointment.account_id == Account.id)
        .join(Post, Post.id == Appointment.post_id)
        .join(Place, Place.code == Post.place_code)
        .outerjoin(INSTITUTIONS, INSTITUTIONS.c.id == Post.institution_id)
        .where(
            Account.is_demonstration,
            Account.disabled_at.is_(None),
            Account.username == Post.role,
            held_on(day),
        )
        .order_by(Account.username)
    )
    order = list(Role)
    found = [(Role(row.role), row.username, row.place_name) for row in rows]
    return sorted(found, key=lambda line: order.index(line[0]))
