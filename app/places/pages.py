"""Places, for people: the search, the way down from the country, and what the place picker of a form asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.templating import render
from app.places import queries
from app.places.picking import around
from app.places.schemas import PickerQuery, PlaceCode, PlaceQuery
from app.places.search import search_page, search_places
from app.places.words import PlaceLevel

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.PLACES_READ)]
COUNTRY = 0


@router.get("/places")
def find_places(request: Request, db: Db, actor: Reader, query: Annotated[PlaceQuery, Query()]) -> HTMLResponse:
    """The search; without letters, the provinces to go down from."""
    within = None if query.within is None else queries.find_area(db, query.within, "within")
    found = None
    if query.q:
        found = search_page(
            db,
            query.q,
            level=query.level,
            within=within,
            near=around(actor),
            limit=query.limit,
            cursor=query.cursor,
        )
    return render(
        request,
        "places/list.html",
        query=query,
        found=found,
        provinces=queries.children_of(db, COUNTRY) if found is None else [],
        levels=[level for level in PlaceLevel if level is not PlaceLevel.COUNTRY],
    )


@router.get("/places/options")
def place_options(request: Request, db: Db, actor: Reader, query: Annotated[PickerQuery, Query()]) -> HTMLResponse:
    """What the letters in a place picker find, as its radio buttons."""
    places = search_places(db, query.q, level=query.level, near=around(actor))
    return render(request, "components/place_options.html", places=places, field=query.name, selected=None)


@router.get("/places/{code}")
def open_place(request: Request, db: Db, _actor: Reader, code: PlaceCode) -> HTMLResponse:
    """One place: what holds it, what lies in it, what it was called and what it became."""
    place = queries.place_detail(db, code)
    return render(request, "places/detail.html", place=place, inside=queries.children_of(db, code))
