"""One box for everything in reach: a code opens its record's list, a name finds children, families and places."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access.actor import Actor
from app.access.guards import signed_in
from app.access.permissions import Permission
from app.access.rules import View
from app.children.household_queries import list_households
from app.children.household_schemas import HouseholdQuery
from app.children.queries import list_children, view_of
from app.children.rules import code_in
from app.children.schemas import ChildQuery
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.templating import render
from app.places.search import search_places
from app.referrals.queries import referral_with_code

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

FEWEST_LETTERS = 2
MOST_ROWS = 8


@router.get("/search")
def search(
    request: Request,
    db: Db,
    actor: Annotated[Actor, signed_in()],
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """What somebody typed into the box at the top."""
    typed = " ".join(q.split())
    code = code_in(typed, "REF")
    if code is not None and actor.may_ever(Permission.REFERRALS_READ):
        referral_id = referral_with_code(db, actor, code)
        if referral_id is not None:
            return RedirectResponse(f"/referrals/{referral_id}", 303)
    if len(typed) < FEWEST_LETTERS:
        return _page(request, typed)
    children = families = None
    if actor.may_ever(Permission.CHILDREN_LIST) and (_sees_names(actor) or code_in(typed, "TMM")):
        children = list_children(db, actor, ChildQuery(q=typed, limit=MOST_ROWS)).items
    if actor.may_ever(Permission.HOUSEHOLDS_READ):
        families = list_households(db, actor, HouseholdQuery(q=typed, limit=MOST_ROWS)).items
    places = search_places(db, typed, near=actor.area, limit=MOST_ROWS)
    return _page(request, typed, children=children, families=families, places=places)


def _sees_names(actor: Actor) -> bool:
    return view_of(actor) >= View.RESIDENT


def _page(request: Request, typed: str, **found: object) -> HTMLResponse:
    return render(request, "home/search.html", typed=typed, found={name: rows for name, rows in found.items() if rows})
