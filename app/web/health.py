"""Whether the process lives, and whether it can serve."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.access.guards import PUBLIC
from app.core.observe import metrics

router = APIRouter(include_in_schema=False, dependencies=[PUBLIC])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> JSONResponse:
    """The database answers, and its tables are those that this release expects."""
    try:
        with request.app.state.database.unit_of_work() as db:
            revision = db.scalar(text("select version_num from alembic_version"))
    except SQLAlchemyError:
        return JSONResponse({"status": "no database"}, 503)
    return JSONResponse({"status": "ok", "revision": revision})


router.add_api_route("/metrics", metrics, methods=["GET"])
