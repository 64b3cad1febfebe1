"""Every page of the service, and what all of them share."""

from fastapi import FastAPI, Request
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.approvals import pages as approvals
from app.audit import pages as audit
from app.casefile import pages as casefile
from app.cases import pages as cases
from app.children import pages as children
from app.consents import pages as consents
from app.core.routing import Addresses
from app.decisions import pages as decisions
from app.documents import pages as documents
from app.finding import pages as finding
from app.fostering import pages as fostering
from app.indicators import pages as indicators
from app.institutions import pages as institutions
from app.instruments import pages as instruments
from app.paper import pages as paper
from app.people import pages as people
from app.people.sessions import authenticate
from app.placements import pages as placements
from app.places import pages as places
from app.plans import pages as plans
from app.record import pages as record
from app.referrals import pages as referrals
from app.supervision import pages as supervision
from app.tracing import pages as tracing
from app.transformation import pages as transformation
from app.visits import pages as visits
from app.web import design, health, home, language, more, search
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
        more.router,
        search.router,
        people.router,
        places.router,
        institutions.router,
        transformation.router,
        children.router,
        finding.router,
        approvals.router,
        cases.router,
        instruments.router,
        decisions.router,
        fostering.router,
        placements.router,
        visits.router,
        plans.router,
        tracing.router,
        casefile.router,
        paper.router,
        supervision.router,
        record.router,
        documents.router,
        consents.router,
        referrals.router,
        indicators.router,
        audit.router,
    ):
        app.include_router(Addresses(router))
    if app.state.settings.mode == "demonstration":
        app.include_router(design.router)
    add_error_handlers(app)
    mount_assets(app)
