"""The answers of a referral that is being filed, as the browser keeps them from one page to the next.

Every page carries all answers in its form. So that the browser's own Back and reloading find them too, they also travel
in a cookie that is sealed for the one who writes, for an hour. Too many answers for a cookie stay in the forms alone.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.config import get_settings
from app.core.forms import Form
from app.core.vault import CannotOpen, vault
from app.referrals.steps import answered

COOKIE = "filing"
SECONDS = 3600
MOST = 3800
"""Characters: a browser keeps no cookie beyond four thousand."""


def keep(response: Response, actor: Actor, form: Form) -> bool:
    """Puts the answers so far into the browser; says whether they fit."""
    content = zlib.compress(json.dumps(list(answered(form)), ensure_ascii=False).encode(), 9)
    sealed = urlsafe_b64encode(vault().seal(content, about=_about(actor))).decode()
    if len(sealed) > MOST:
        return False
    secure = get_settings().cookies_are_secure
    response.set_cookie(
        COOKIE, sealed, max_age=SECONDS, path="/referrals", httponly=True, samesite="lax", secure=secure
    )
    return True


def kept(request: Request, actor: Actor) -> Form | None:
    """The answers that this browser keeps for this writer, if there are any."""
    try:
        content = vault().open(urlsafe_b64decode(request.cookies.get(COOKIE, "")), about=_about(actor))
    except (CannotOpen, ValueError):
        return None
    return Form(FormData([(str(name), str(value)) for name, value in json.loads(zlib.decompress(content))]))


def forget(response: Response) -> None:
    """Takes the answers out of the browser: they were sent."""
    response.delete_cookie(COOKIE, path="/referrals", httponly=True, samesite="lax")


def _about(actor: Actor) -> str:
    return f"filing {actor.account_id}"
