"""Places, for machines."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.places import queries
from app.places.schemas import PlaceCode, PlaceDetail, PlaceQuery, PlaceRow
from app.places.search import search_page

router = APIRouter(route_class=StrictRoute, tags=["places"])

Reader = Annotated[Actor, requires(Permission.PLACES_READ)]


@router.get("/places", summary="Find places")
def find_places(db: Db, _actor: Reader, query: Annotated[PlaceQuery, Query()]) -> Page[PlaceRow]:
    """With `q` the best first: further words narrow by the path, so "kabeza gitega" is Kabeza in Gitega.

    Capitals, accents and l for r make no difference, and other spellings are known. Without `q` all places by
    code. A place that has ended is in neither.
    """
    within = None if query.within is None else queries.find_area(db, query.within, "within")
    if query.q:
        return search_page(db, query.q, level=query.level, within=within, limit=query.limit, cursor=query.cursor)
    return queries.list_places(db, level=query.level, within=within, limit=query.limit, cursor=query.cursor)


@router.get("/places/{code}", summary="Open a place")
def open_place(db: Db, _actor: Reader, code: PlaceCode) -> PlaceDetail:
    """A place with those that hold it, its former names and other spellings, and what it became or came from."""
    return queries.place_detail(db, code)
