"""One box for everything in reach: a code opens its record, a name, telephone or identity number finds whose it is.

Names are found as they sound; numbers only exactly, and what was typed is never written into the log.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import signed_in
from app.access.permissions import Permission
from app.access.rules import View
from app.children.household_queries import households_with_phone, list_households
from app.children.household_schemas import HouseholdQuery
from app.children.queries import list_children, list_these, view_of
from app.children.rules import code_in, plain_phone
from app.children.schemas import ChildQuery
from app.core.db import Db
from app.core.errors import FieldError
from app.core.routing import StrictRoute
from app.core.templating import render
from app.finding.queries import kept_for_code
from app.places.search import search_places
from app.record.queries import children_with_identity
from app.referrals.queries import referral_with_code

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

FEWEST_LETTERS = 2
FEWEST_DIGITS = 5
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
    if sum(character.isdigit() for character in typed) >= FEWEST_DIGITS:
        found = _by_number(db, actor, typed)
        if found:
            return _page(request, typed, **found)
    children = families = None
    if actor.may_ever(Permission.CHILDREN_LIST) and (_sees_names(actor) or code_in(typed, "TMM")):
        children = _children(db, actor, typed)
    if actor.may_ever(Permission.HOUSEHOLDS_READ):
        families = list_households(db, actor, HouseholdQuery(q=typed, limit=MOST_ROWS)).items
    places = search_places(db, typed, near=actor.area, limit=MOST_ROWS)
    return _page(request, typed, children=children, families=families, places=places)


def _children(db: Session, actor: Actor, typed: str) -> Any:
    rows = list_children(db, actor, ChildQuery(q=typed, limit=MOST_ROWS)).items
    code = code_in(typed, "TMM")
    if rows or code is None:
        return rows
    # The code of a record that was joined into another one finds that one.
    return list_these(db, actor, kept_for_code(db, code), found_by="code")


def _by_number(db: Session, actor: Actor, typed: str) -> dict[str, Any]:
    """Who has this identity number, or whose family this telephone number; nothing for what is neither."""
    if actor.may_ever(Permission.CHILDREN_LIST):
        children = list_these(db, actor, children_with_identity(db, actor, typed), found_by="identity number")
        if children:
            return {"children": children}
    if not actor.may_ever(Permission.HOUSEHOLDS_READ):
        return {}
    try:
        phone = plain_phone(typed)
    except FieldError:
        return {}
    families, children_there = households_with_phone(db, actor, phone) if phone else ([], [])
    if not families:
        return {}
    return {"families": families, "children": list_these(db, actor, children_there, found_by="telephone number")}


def _sees_names(actor: Actor) -> bool:
    return view_of(actor) >= View.RESIDENT


def _page(request: Request, typed: str, **found: object) -> HTMLResponse:
    return render(request, "home/search.html", typed=typed, found={name: rows for name, rows in found.items() if rows})
