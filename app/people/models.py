"""Accounts of people, posts at places, appointments from day to day, and the sessions of who is signed in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Uuid, column, table, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, Recorded
from app.core.ids import new_id

INSTITUTIONS = table("institutions", column("id", Uuid), column("name", String), column("place_code", Integer))
"""Institutions belong to a package above this one; a post in one needs no more than its name and sector."""


class Account(Recorded, Base):
    """A person who signs in. `username` is stored in lower case."""

    __tablename__ = "accounts"

    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str | None]
    phone: Mapped[str | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]


class Post(Recorded, Base):
    """A role at a place or in an institution; caseload and inbox belong to it, so nothing is ever orphaned."""

    __tablename__ = "posts"
    __table_args__ = (Index("ix_posts_role_place_code", "role", "place_code"),)

    role: Mapped[str]
    place_code: Mapped[int] = mapped_column(ForeignKey("places.code"))
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutions.id"))
    title: Mapped[str | None]
    closed_on: Mapped[date | None]


class Appointment(Recorded, Base):
    """That a person holds a post from a day, until a day (excluded) if it has ended."""

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="order"),
        Index("ix_appointments_account_id", "account_id"),
        Index("ix_appointments_post_id", "post_id"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class SignIn(Base):
    """A browser's session or a bearer token: only the hash of its secret is kept, and it can be revoked."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        CheckConstraint("kind in ('browser','token')", name="kind"),
        Index("ix_sign_ins_account_id", "account_id", postgresql_where=text("revoked_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    user_agent: Mapped[str | None]
    address: Mapped[str | None]
