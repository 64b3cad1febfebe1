"""The numbers for machines."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.indicators import queries, service
from app.indicators.catalogue import CATALOGUE
from app.indicators.schemas import (
    IndicatorAnswer,
    IndicatorMeaning,
    IndicatorQuery,
    Ledger,
    LedgerQuery,
    QuotedRow,
    RecordRow,
    RecordsQuery,
)

router = APIRouter(route_class=StrictRoute, tags=["indicators"])

Reader = Annotated[Actor, requires(Permission.INDICATORS_READ)]


@router.get("/indicators", summary="The catalogue of indicators")
def list_indicators(_actor: Reader) -> list[IndicatorMeaning]:
    """Every indicator with its meaning, what it divides, which way is good, and by what it can be taken apart."""
    return [service.meaning_of(indicator) for indicator in CATALOGUE.values()]


@router.get("/indicators/{code}", summary="One indicator over a period and a place")
def get_indicator(code: str, query: Annotated[IndicatorQuery, Query()], db: Db, actor: Reader) -> IndicatorAnswer:
    """Numerator, denominator and value, the rows of a dimension, and published figures beside them, never mixed."""
    return service.measure(db, actor, code, query)


@router.get("/indicators/{code}/records", summary="The records behind an indicator")
def list_indicator_records(
    code: str,
    query: Annotated[RecordsQuery, Query()],
    db: Db,
    actor: Annotated[Actor, requires(Permission.INDICATORS_RECORDS)],
) -> Page[RecordRow]:
    """What the number, or one of its rows, counts: newest first. Opening the list is written to the audit log."""
    return service.list_records(db, actor, code, query)


@router.get("/ledger", summary="The stock-flow ledger")
def get_ledger(query: Annotated[LedgerQuery, Query()], db: Db, actor: Reader) -> Ledger:
    """Opening + inward - outward + residual = closing, for a place or one institution."""
    return service.keep_ledger(db, actor, query)


@router.get("/quoted-figures", summary="Published figures of others")
def list_quoted_figures(db: Db, _actor: Reader) -> list[QuotedRow]:
    """Figures that others published, with what they count and their source; they disagree, and stay as they are."""
    return queries.quoted_figures(db)
