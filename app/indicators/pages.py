"""The numbers for people: a table first, a picture second, and the list behind each."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core import clock
from app.core.db import Db
from app.core.i18n import gettext as _
from app.core.routing import StrictRoute
from app.core.templating import render
from app.indicators import queries, service
from app.indicators.catalogue import CATALOGUE
from app.indicators.rules import Period, fiscal_quarter, quarter_of
from app.indicators.schemas import IndicatorQuery, LedgerQuery, RecordsQuery

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.INDICATORS_READ)]
QUARTERS_OFFERED = 5


def _periods(chosen: Period) -> list[dict[str, Any]]:
    """The last quarters of the fiscal year and the whole time since the programme began, as filters."""
    today = clock.today()
    offered = []
    day = today
    for _number in range(QUARTERS_OFFERED):
        quarter = quarter_of(day)
        year, number = fiscal_quarter(quarter.first)
        last = min(quarter.last, today)
        label = _("Quarter %(number)s of %(year)s") % {"number": number, "year": year}
        offered.append({"label": label, "from": quarter.first, "to": last})
        day = quarter.first - timedelta(days=1)
    offered.append({"label": _("Since July 2012"), "from": date(2012, 7, 1), "to": today})
    return [period | {"current": (period["from"], period["to"]) == (chosen.first, chosen.last)} for period in offered]


@router.get("/numbers")
def numbers(request: Request, query: Annotated[IndicatorQuery, Query()], db: Db, actor: Reader) -> HTMLResponse:
    """All indicators of a place and a period at a glance."""
    answers = service.measure_all(db, actor, query)
    period = Period(answers[0].first, answers[0].last)
    return render(
        request,
        "numbers/list.html",
        answers=answers,
        first=answers[0],
        periods=_periods(period),
        has_ledger=service.sees_ledger(actor),
    )


@router.get("/numbers/ledger")
def ledger(request: Request, query: Annotated[LedgerQuery, Query()], db: Db, actor: Reader) -> HTMLResponse:
    """Whether the movements explain the stock."""
    kept = service.keep_ledger(db, actor, query)
    return render(request, "numbers/ledger.html", ledger=kept, periods=_periods(Period(kept.first, kept.last)))


@router.get("/numbers/quoted")
def quoted(request: Request, db: Db, _actor: Reader) -> HTMLResponse:
    """What others published, beside each other."""
    return render(request, "numbers/quoted.html", figures=queries.quoted_figures(db), catalogue=CATALOGUE)


@router.get("/numbers/{code}")
def number(
    request: Request, code: str, query: Annotated[IndicatorQuery, Query()], db: Db, actor: Reader
) -> HTMLResponse:
    """One indicator with its rows."""
    indicator = service.indicator_of(code)
    if query.by is None:
        query = query.model_copy(update={"by": indicator.by[0]})
    answer = service.measure(db, actor, code, query)
    return render(
        request,
        "numbers/detail.html",
        answer=answer,
        indicator=indicator,
        periods=_periods(Period(answer.first, answer.last)),
        may_list=service.may_list_records(actor),
    )


@router.get("/numbers/{code}/records")
def records(
    request: Request,
    code: str,
    query: Annotated[RecordsQuery, Query()],
    db: Db,
    actor: Annotated[Actor, requires(Permission.INDICATORS_RECORDS)],
) -> HTMLResponse:
    """The list behind a number."""
    page = service.list_records(db, actor, code, query)
    return render(
        request,
        "numbers/records.html",
        indicator=service.indicator_of(code),
        page=page,
        query=query,
        period=service.period_of(query.first, query.last),
        may_open_children=actor.may_ever(Permission.CHILDREN_READ),
        may_open_referrals=actor.may_ever(Permission.REFERRALS_READ),
    )
