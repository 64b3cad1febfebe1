"""Commands about people and what is told of them."""

import unicodedata
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints

from app.access.permissions import Permission
from app.access.roles import Role
from app.core.i18n import gettext as _
from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Line, Name
from app.people.rules import clean_username

Language = Literal["en", "rw", "fr"]


def _normal_form(value: object) -> object:
    # The same accented letter comes as one sign or as two, depending on the keyboard.
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _username(value: str) -> str:
    clean = clean_username(value)
    if clean is None:
        raise ValueError(_("Use 2 to 40 small letters, digits, dots and hyphens; begin with a letter"))
    return clean


Secret = Annotated[SecretStr, BeforeValidator(_normal_form), Field(min_length=1, max_length=200)]
Username = Annotated[str, StringConstraints(max_length=100), AfterValidator(_username)]
PlaceCode = Annotated[int, Field(ge=0, le=99_999_999)]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ()-]{5,24}$"),
]


class Credentials(Command):
    """Who wants to come in."""

    username: Annotated[str, Field(max_length=100)]
    password: Secret


class PasswordChange(Command):
    """A new password of one's own; `again` repeats it where a person types it unseen."""

    current: Secret
    new: Secret
    again: Secret | None = None


class PostSwitch(Command):
    """The post to go on in."""

    post: UUID


class PostOpen(Command):
    """A role at a place or in an institution; roles for the whole country need neither."""

    role: Role
    place: PlaceCode | None = None
    institution: UUID | None = None
    title: Line | None = None


class AccountCreate(Create):
    """A new account and its first post, from today unless another day is given."""

    username: Username
    display_name: Name
    phone: Phone | None = None
    language: Language | None = None
    role: Role
    place: PlaceCode | None = None
    institution: UUID | None = None
    starts_on: Day | None = None


class AccountChange(Command):
    """What an administrator corrects."""

    display_name: Name
    phone: Phone | None = None


class Appoint(Command):
    """A further post from a day on."""

    role: Role
    place: PlaceCode | None = None
    institution: UUID | None = None
    starts_on: Day | None = None


class Move(Appoint):
    """Another post instead of the present one; `from_post` where there are several."""

    from_post: UUID | None = None


class EndAppointment(Command):
    """The first day on which the post is no longer held; today unless given."""

    ends_on: Day | None = None


class Disable(Command):
    """Why nobody may sign in to an account any more."""

    reason: Line | None = None


class ResetPassword(Create):
    """A new temporary password."""


class AccountsQuery(ListQuery):
    """Which accounts: by name or username, by role, open or disabled."""

    q: Annotated[str | None, Field(max_length=100, description="Part of a name or username.")] = None
    role: Annotated[Role | None, Field(description="Who holds a post with this role today.")] = None
    disabled: Annotated[bool | None, Field(description="Only disabled accounts, or only open ones.")] = None


class PostsQuery(ListQuery):
    """Which posts: by role, inside a place, vacant or held."""

    role: Annotated[Role | None, Field(description="Posts with this role.")] = None
    place: Annotated[int | None, Field(ge=0, le=99_999_999, description="Posts inside this place.")] = None
    vacant: Annotated[bool | None, Field(description="Only posts that nobody holds, or held ones.")] = None


class PostLine(ReadModel):
    """A post that somebody holds."""

    post: UUID
    role: Role
    place: int
    place_name: str
    until: date | None = Field(None, description="The first day on which it is not held any more, for a cover.")
    others: str | None = Field(None, description="Who else holds it today.")


class AccountRow(ReadModel):
    """An account in a list, with the posts that it holds today."""

    id: UUID
    username: str
    display_name: str
    posts: list[PostLine]
    disabled: bool
    is_demonstration: bool


class AppointmentRow(ReadModel):
    """That a person holds, held or will hold a post."""

    id: UUID
    post: UUID
    role: Role
    place: int
    place_name: str
    institution: UUID | None
    starts_on: date
    ends_on: date | None
    is_current: bool


class AccountDetail(ReadModel):
    """One account."""

    id: UUID
    username: str
    display_name: str
    phone: str | None
    language: str | None
    must_change_password: bool
    is_demonstration: bool
    disabled_at: datetime | None
    created_at: datetime
    last_seen_at: datetime | None
    sessions: int = Field(description="Sessions and tokens that are good at this moment.")
    version: int
    appointments: list[AppointmentRow]


class AccountMade(ReadModel):
    """An account that was just made; the temporary password is told here and nowhere else."""

    account: AccountDetail
    temporary_password: str | None = Field(
        description="To be handed over; changed at the first sign-in. Null once that has happened."
    )


class TemporaryPassword(ReadModel):
    """Told once; it has to be changed at the next sign-in."""

    temporary_password: str


class PostRow(ReadModel):
    """A post and who holds it today."""

    id: UUID
    role: Role
    place: int
    place_name: str
    institution: UUID | None
    title: str | None
    holders: list[str] = Field(description="Usernames.")


class SignInRow(ReadModel):
    """A session or token that is good at this moment."""

    id: UUID
    kind: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str | None
    address: str | None


class Token(ReadModel):
    """A bearer token; it is told here and nowhere else."""

    token: str
    expires_at: datetime


class Me(ReadModel):
    """Who is signed in, in which post, and what that allows."""

    id: UUID
    username: str
    display_name: str
    language: str | None
    must_change_password: bool
    post: UUID
    role: Role
    place: int
    place_name: str
    institution: UUID | None
    permissions: list[Permission]
    posts: list[PostLine]
