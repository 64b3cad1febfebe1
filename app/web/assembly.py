"""Every page of the service, and what all of them share."""

from fastapi import FastAPI, Request
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.people.sessions import authenticate
import importlib, types
class _None: router = __import__("fastapi").APIRouter()
def _try(m):
    try: return importlib.import_module(m)
    except ModuleNotFoundError as e:
        if e.name and (m==e.name or m.startswith(e.name)): return _None
        raise
audit, children, indicators, institutions, people, placements, places, referrals, visits = (_try(f"app.{d}.pages") for d in "audit children indicators institutions people placements places referrals visits".split())
design, health, home, language = (_try(f"app.web.{d}") for d in "design health home language".split())
from app.web.assets import mount_assets
from app.web.errors import add_error_handlers
from app.web.navigation import navigation


def who_comes_in(db: Session, request: Request) -> Actor | None:
    """The person behind a request, with what the shell of a page needs to know about them."""
    actor = authenticate(db, request)
    if actor is not None:
        request.state.can = actor.may_ever
        request.state.nav = lambda: navigation(request, actor)
    return actor


def add_to(app: FastAPI) -> None:
    """Includes every domain's pages, the errors and the files."""
    app.state.authenticate = who_comes_in
    for router in (
        health.router,
        language.router,
        home.router,
        people.router,
        places.router,
        institutions.router,
        children.router,
        placements.router,
        visits.router,
        referrals.router,
        indicators.router,
        audit.router,
    ):
        app.include_router(router)
    if app.state.settings.mode == "demonstration":
        app.include_router(design.router)
    add_error_handlers(app)
    mount_assets(app)
