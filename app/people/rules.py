"""Rules about people: names to sign in with, passwords, where a role may stand, when an appointment holds."""

import hmac
import re
from datetime import date, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from app.access.roles import PLACE_LEVEL, Role
from app.core.i18n import gettext as _
from app.core.ids import CODE_ALPHABET

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
DEMONSTRATION_PASSWORD = "tubarerere-demo"  # noqa: S105 - public; it opens demonstration accounts only
SHORTEST_PASSWORD = 12
INSTITUTION_ROLES = frozenset({Role.INSTITUTION_MANAGER})
"""Roles whose post is in an institution; it stands where the institution does."""

EARLIEST_APPOINTMENT = date(2000, 1, 1)
LONGEST_AHEAD = timedelta(days=366)

# What people choose when they only want to be let in; compared without digits and signs at the ends.
_COMMON = frozenset(
    {
        "administrator",
        "changeme",
        "changemenow",
        "children",
        "imbabazi",
        "ijambobanga",
        "letmein",
        "letmeinplease",
        "motdepasse",
        "murakozecyane",
        "password",
        "passwordpassword",
        "qwerty",
        "qwertyuiop",
        "azertyuiop",
        "rwanda",
        "rwandarwanda",
        "tubarerere",
        "tubarereredemo",
        "tubarereremumuryango",
        "umubyeyi",
        "umuryango",
        "welcome",
    }
)
_LEAST_DIFFERENT = 5


def clean_username(typed: str) -> str | None:
    """The username as it is stored, or None for text that can be nobody's."""
    name = typed.strip().lower()
    return name if USERNAME.fullmatch(name) else None


def password_problem(password: str, username: str) -> str | None:
    """Why somebody may not choose a password, in a sentence for them, or None."""
    if len(password) < SHORTEST_PASSWORD:
        return _("Use at least %(num)s characters; a short sentence is easy to remember") % {"num": SHORTEST_PASSWORD}
    plain = password.casefold()
    if username in plain:
        return _("Leave your username out of the password")
    letters = re.sub(r"[^a-z]", "", plain)
    if letters in _COMMON or len(set(plain)) < _LEAST_DIFFERENT or plain in "01234567890123456789":
        return _("This password is one of the first that somebody would try; choose another")
    return None


def temporary_password(key: bytes, issue: UUID) -> str:
    """The first password of one issue, such as `K7QW-3D9H-XTM4`: 52 bits that people can read aloud.

    It follows from the issue's id, so that a form that was sent twice shows the same password twice.
    """
    number = int.from_bytes(hmac.digest(key, b"temporary password" + issue.bytes, "sha256"), "big")
    letters = ""
    for _position in range(12):
        number, rest = divmod(number, len(CODE_ALPHABET))
        letters += CODE_ALPHABET[rest]
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def place_problem(role: Role, level: str | None, institution: UUID | None) -> tuple[str, str] | None:
    """Why a post with this role cannot be there, as field and sentence, or None. `level` is that of its place."""
    if role in INSTITUTION_ROLES:
        return None if institution else ("institution", _("Choose the institution of this post"))
    if institution:
        return "institution", _("This role does not belong to an institution")
    needed = PLACE_LEVEL.get(role, "country")
    if needed == "country":
        return ("place", _("This role works for the whole country")) if level else None
    if level == needed:
        return None
    sentences = {
        "village": _("Choose a village: this role works in a village"),
        "cell": _("Choose a cell: this role works in a cell"),
        "sector": _("Choose a sector: this role works in a sector"),
        "district": _("Choose a district: this role works in a district"),
    }
    return "place", sentences[needed]


def day_problem(day: date, today: date) -> str | None:
    """Why an appointment cannot start or end on a day, or None."""
    if day < EARLIEST_APPOINTMENT:
        return _("This day is too long ago")
    if day > today + LONGEST_AHEAD:
        return _("This day is more than a year away")
    return None


def holds(starts_on: date, ends_on: date | None, day: date) -> bool:
    """Whether an appointment is in force on a day; its last day is excluded."""
    return starts_on <= day and (ends_on is None or day < ends_on)


def local_path(address: str, host: str | None = None) -> str:
    """A path of this site to go on to; whatever else was asked for becomes the first page.

    `host` allows a whole address of this very host, as browsers send it in Referer.
    """
    if address.startswith("//") or "\\" in address or any(letter <= " " for letter in address):
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    if (parts.scheme or parts.netloc) and (host is None or parts.netloc != host):
        return "/"
    if not parts.path.startswith("/") or parts.path.startswith("//") or parts.path.startswith("/sign-"):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
