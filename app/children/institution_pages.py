"""Pages of institutions that tell who lives there; registering and changing one is in `app.institutions`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.queries import list_children
from app.children.residents import open_institution, residents_of
from app.children.schemas import ChildQuery
from app.core.asking import sought
from app.core.db import Db
from app.core.forms import Form
from app.core.routing import StrictRoute
from app.core.templating import render
from app.institutions.queries import list_institutions
from app.institutions.rules import share_occupied
from app.institutions.schemas import InstitutionQuery
from app.institutions.words import ClosureStage, Registration
from app.places.narrowing import SeeksPlace, narrowing

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.INSTITUTIONS_READ)]
RESIDENTS_SHOWN = 100


class InstitutionPageQuery(SeeksPlace, InstitutionQuery):
    """Filters of the page of the register."""


@router.get("/institutions")
def show_institutions(
    request: Request, db: Db, actor: Reader, query: Annotated[InstitutionPageQuery, Query()]
) -> HTMLResponse:
    """The register, with how many live in each institution."""
    form = Form({"q": query.q or ""})
    found = sought(form, lambda: list_institutions(db, actor, query))
    return render(
        request,
        "institutions/list.html",
        block="list",
        status=form.status,
        query=query,
        narrow=narrowing(db, actor, query.place, query.place_q),
        form=form,
        found=found,
        residents=residents_of(db, [row.id for row in found.items]),
        registrations=Registration,
        stages=[stage.label for stage in ClosureStage],
    )


@router.get("/institutions/{institution_id}")
def show_institution(request: Request, db: Db, actor: Reader, institution_id: UUID) -> HTMLResponse:
    """One institution: what the register knows, and who lives there for those who may see it."""
    institution = open_institution(db, actor, institution_id)
    residents = None
    if actor.may_ever(Permission.CHILDREN_LIST):
        residents = list_children(db, actor, ChildQuery(institution=institution_id, limit=RESIDENTS_SHOWN))
    return render(
        request,
        "institutions/detail.html",
        institution=institution,
        stages=[stage.label for stage in ClosureStage],
        occupied=share_occupied(institution.residents, institution.capacity),
        residents=residents,
    )
