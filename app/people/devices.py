"""Browsers that are known: a signed cookie names the accounts that signed in from one before.

It opens nothing. It only spares its people the counts that strangers can fill up (see `throttle.py`).
"""

import secrets
from typing import NamedTuple
from uuid import UUID

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.config import Settings

YEAR = 365 * 24 * 3600
MOST_ACCOUNTS = 8


_PROGRAMS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"))
_ENGINES = (("Chrome", "Chrome"), ("Safari", "Safari"))
_MACHINES = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str | None) -> str | None:
    """What a person would call a browser and its machine, "Chrome, Android"; nothing where neither is known."""
    told = user_agent or ""
    names = [
        next((name for sign, name in signs if sign in told), None) for signs in ((*_PROGRAMS, *_ENGINES), _MACHINES)
    ]
    return ", ".join(name for name in names if name) or None


class Device(NamedTuple):
    """A browser and the accounts that signed in from it, the last one first."""

    id: str
    accounts: tuple[UUID, ...]


def cookie_name(settings: Settings) -> str:
    """The name of the cookie; on HTTPS bound to this host."""
    return "__Host-device" if settings.cookies_are_secure else "device"


def read_device(request: Request, settings: Settings) -> Device | None:
    """The device that a request comes from, if it is known and its cookie is truly ours."""
    try:
        device, accounts = _serializer(settings).loads(request.cookies.get(cookie_name(settings), ""), max_age=YEAR)
        return Device(str(device), tuple(UUID(hex=account) for account in accounts))
    except (BadSignature, ValueError, TypeError, AttributeError):
        return None


def remember_device(response: Response, device: Device | None, account_id: UUID, settings: Settings) -> None:
    """Notes in the browser that somebody signed in from it."""
    others = [account for account in (device.accounts if device else ()) if account != account_id]
    accounts = [account.hex for account in (account_id, *others)][:MOST_ACCOUNTS]
    response.set_cookie(
        cookie_name(settings),
        _serializer(settings).dumps([device.id if device else secrets.token_hex(8), accounts]),
        max_age=YEAR,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.cookies_are_secure,
    )


def _serializer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key.get_secret_value(), salt="device")
