"""Everything else that a role opens, on one page; and one's own account."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.access.actor import Actor
from app.access.guards import signed_in
from app.access.permissions import Permission
from app.core.i18n import N_, gettext
from app.core.routing import StrictRoute
from app.core.templating import render

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

_PAGES: tuple[tuple[str, str, str, Permission | None], ...] = (
    (
        "/referrals/new",
        N_("File a referral"),
        N_("Tell the right office that a child needs help"),
        Permission.REFERRALS_FILE,
    ),
    ("/children", N_("Children"), N_("The list of children in your reach"), Permission.CHILDREN_LIST),
    ("/search", N_("Search"), N_("A name, a place or a code"), None),
    ("/households", N_("Families"), N_("Families of birth, of kin, and foster families"), Permission.HOUSEHOLDS_READ),
    (
        "/fostering",
        N_("Foster families"),
        N_("Who is on the way to become one, and who has room"),
        Permission.HOUSEHOLDS_READ,
    ),
    ("/cases", N_("Cases"), N_("Open cases, by step and by risk"), Permission.CASES_READ),
    ("/caseloads", N_("Caseloads"), N_("Who has how much to do, and what is late"), Permission.CASELOADS_MANAGE),
    (
        "/transfers",
        N_("Transfers"),
        N_("Cases that go from one district to another, and wait for the answer"),
        Permission.CASELOADS_MANAGE,
    ),
    ("/alerts", N_("Alerts"), N_("What you have to know within the hour"), Permission.CASELOADS_MANAGE),
    ("/approvals", N_("Approvals"), N_("What waits for somebody's agreement"), Permission.APPROVALS_DECIDE),
    ("/providers", N_("Providers"), N_("Organisations that services are asked of"), Permission.CASES_READ),
    ("/services", N_("What was asked of you"), N_("Services that wait for your answer"), Permission.SERVICES_ANSWER),
    (
        "/institutions",
        N_("Institutions"),
        N_("The houses where children live, and how many"),
        Permission.INSTITUTIONS_READ,
    ),
    (
        "/closures",
        N_("The way to the last day"),
        N_("Every institution by its stage of closure, and who is left"),
        Permission.INSTITUTIONS_READ,
    ),
    ("/numbers", N_("Numbers"), N_("What the records add up to"), Permission.INDICATORS_READ),
    ("/places", N_("Places"), N_("Villages, cells, sectors and districts of Rwanda"), Permission.PLACES_READ),
    ("/audit", N_("Audit log"), N_("Who did and who read what, and when"), Permission.AUDIT_READ),
    ("/admin/accounts", N_("Accounts"), N_("People, their posts and their sign-ins"), Permission.ACCOUNTS_MANAGE),
    ("/admin/access", N_("Who may do what"), N_("Roles and their permissions"), Permission.MATRIX_READ),
    ("/account", N_("My account"), N_("Password, language, sessions"), None),
)


@router.get("/more")
def more(request: Request, actor: Annotated[Actor, signed_in()]) -> HTMLResponse:
    """The pages of a role, each with a sentence."""
    pages = [
        {"href": href, "label": gettext(label), "hint": gettext(hint)}
        for href, label, hint, permission in _PAGES
        if permission is None or actor.may_ever(permission)
    ]
    return render(request, "home/more.html", pages=pages)
