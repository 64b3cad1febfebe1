"""The five words of the shell, for those whose role opens something behind them."""

from fastapi import Request

from app.access.actor import Actor
from app.access.permissions import Permission
from app.core.i18n import N_, gettext

_WORDS: tuple[tuple[str, str, str, Permission | None], ...] = (
    ("/", N_("My day"), "sun", Permission.TASKS_READ),
    ("/services", N_("Services"), "handshake", Permission.SERVICES_ANSWER),
    ("/referrals", N_("Referrals"), "hand-heart", Permission.REFERRALS_READ),
    ("/children", N_("Children"), "baby", Permission.CHILDREN_LIST),
    ("/numbers", N_("Numbers"), "chart-column", Permission.INDICATORS_READ),
    ("/institutions", N_("Institutions"), "building-2", Permission.INSTITUTIONS_READ),
    ("/audit", N_("Audit log"), "shield", Permission.AUDIT_READ),
    ("/admin/accounts", N_("Accounts"), "users", Permission.ACCOUNTS_MANAGE),
    ("/more", N_("More"), "ellipsis", None),
)


def navigation(request: Request, actor: Actor) -> list[dict[str, object]]:
    """At most five items: address, word, icon, and whether the page belongs to it."""
    path = request.url.path
    items = [
        {"href": href, "label": gettext(word), "icon": icon, "current": belongs(path, href)}
        for href, word, icon, permission in _WORDS
        if permission is None or actor.may_ever(permission)
    ]
    return items[:4] + items[-1:] if len(items) > 5 else items


_OF_CHILDREN = (
    "/answers/", "/cases/", "/consents/", "/decisions/", "/drafts/", "/placements/", "/plan-actions/", "/plan-goals/",
    "/plans/", "/preparations/", "/relatives/", "/tracing/", "/visits/",
)  # fmt: skip
"""Pages of a child's file whose own address does not say so."""


def belongs(path: str, href: str) -> bool:
    """Whether a page lies behind a word of the shell."""
    if href == "/children" and path.startswith(_OF_CHILDREN):
        return True
    return path == href or (href != "/" and path.startswith(f"{href}/"))
