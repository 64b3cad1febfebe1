"""Everything under /api/v1, one description, and a page to try it."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field

from app.access.guards import PUBLIC
from app.api.fields import explain
from app.approvals import api as approvals
from app.audit import api as audit
from app.cases import api as cases
from app.children import api as children
from app.consents import api as consents
from app.core.routing import Addresses
from app.core.templating import render
from app.decisions import api as decisions
from app.documents import api as documents
from app.finding import api as finding
from app.fostering import api as fostering
from app.indicators import api as indicators
from app.institutions import api as institutions
from app.instruments import api as instruments
from app.paper import api as paper
from app.people import api as people
from app.placements import api as placements
from app.places import api as places
from app.plans import api as plans
from app.record import api as record
from app.referrals import api as referrals
from app.supervision import api as supervision
from app.tasks import api as tasks
from app.tracing import api as tracing
from app.transformation import api as transformation
from app.visits import api as visits

PREFIX = "/api/v1"
DESCRIPTION = """
The machine's door to Tubarerere, the case-management service of Rwanda's child care reform. It opens what the
pages open, to the same people: a role, a place and a caseload decide what comes out.

**Sign in** with `POST tokens` and send the token as `Authorization: Bearer …`.

**Lists** answer `{items, next}`; give `next` back as `cursor`. An unknown parameter is an error, never ignored.

**Making** something takes your own `id` (UUID version 7): the same body again answers 200 with what exists, another
body under the same id 409. **Changing** takes `If-Match` with the version from the `ETag`; a stale one answers 412
with the present state.

**Places** are codes of the National Institute of Statistics: district 2 digits, sector 4, cell 6, village 8.

**Errors** are problem documents (`application/problem+json`) whose `errors` name each field.
"""


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Path of the field, such as `child_hint.sex`; empty for the whole.")
    message: str


class ProblemDocument(BaseModel):
    """An answer other than success (RFC 9457)."""

    type: str = "about:blank"
    status: int
    title: str
    errors: list[FieldProblem] = []
    request_id: str | None = None
    current: dict[str, Any] | None = Field(None, description="The present state of a record that has changed.")


def _answer(meaning: str) -> dict[str, Any]:
    # Only the content type of problems: the default would also offer application/json.
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {"description": meaning, "content": {"application/problem+json": {"schema": schema}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _answer("The body cannot be read"),
    401: _answer("Not signed in, or the token has ended"),
    403: _answer("In reach, but not yours to do; the title says why"),
    404: _answer("Nothing there, or not in your reach"),
    409: _answer("Somebody was first, or the id stands for other content"),
    412: _answer("The record has changed since you read it; `current` is its present state"),
    413: _answer("The body is too large"),
    422: _answer("Something does not fit; `errors` names each field"),
    429: _answer("Too many tries; `Retry-After` says when"),
    503: _answer("The database is busy or away"),
}


def add_to(app: FastAPI) -> None:
    """Includes every domain's door under /api/v1, and the description beside it."""
    for domain in (
        people,
        places,
        institutions,
        transformation,
        children,
        finding,
        approvals,
        cases,
        instruments,
        decisions,
        fostering,
        placements,
        visits,
        paper,
        supervision,
        plans,
        tracing,
        tasks,
        record,
        documents,
        consents,
        referrals,
        indicators,
        audit,
    ):
        app.include_router(Addresses(domain.router, PREFIX), prefix=PREFIX, responses=PROBLEMS)
    app.include_router(_about)


_about = APIRouter(prefix="/api", include_in_schema=False, dependencies=[PUBLIC])


@_about.get("/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """The description of the whole API, made once."""
    return JSONResponse(describe(request.app))


@_about.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """The description as a page that needs no script of others."""
    return render(request, "api/docs.html", document=describe(request.app), prefix=PREFIX)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: what FastAPI gathers, with bearer tokens and the problem document."""
    if app.openapi_schema:
        return app.openapi_schema
    app.description = DESCRIPTION
    app.version = "1"
    document = app.openapi()
    components = document.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    schemas = components.setdefault("schemas", {})
    problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {})
    schemas["ProblemDocument"] = problem
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for operations in document["paths"].values():
        for operation in operations.values():
            if operation["operationId"].startswith("make_token"):
                operation["security"] = []
    explain(document)
    app.openapi_schema = document
    return document
