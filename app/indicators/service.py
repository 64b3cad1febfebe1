"""Measuring: the number, its rows and the records behind it, within the actor's reach."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import COUNTRY_CODE, Area, area_of
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.audit.service import record
from app.children.queries import check_place_may_be_asked
from app.children.words import AgeBand, ConcernType, PlacementKind, Sex
from app.core import clock
from app.core.errors import FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.schemas import Page
from app.indicators import queries, rules
from app.indicators.catalogue import CATALOGUE, Indicator
from app.indicators.events import RecordsBehindOpened
from app.indicators.ledger import movements
from app.indicators.rules import Count, Period
from app.indicators.schemas import (
    IndicatorAnswer,
    IndicatorMeaning,
    IndicatorQuery,
    IndicatorRow,
    Ledger,
    LedgerLine,
    LedgerQuery,
    QuotedRow,
    RecordRow,
    RecordsQuery,
)
from app.indicators.words import DaysLate, Dimension
from app.institutions.models import Institution
from app.places.queries import names_of
from app.referrals.words import Rung, Urgency

LONGEST_PERIOD_DAYS = 366 * 15
DISTRICT_DIGITS = 2


def indicator_of(code: str) -> Indicator:
    """An entry of the catalogue; raises `NotFound`."""
    if code not in CATALOGUE:
        raise NotFound(_("There is no such indicator"))
    return CATALOGUE[code]


def meaning_of(indicator: Indicator) -> IndicatorMeaning:
    """The catalogue's entry in the current language."""
    return IndicatorMeaning.model_validate(indicator)


def period_of(first: date | None, last: date | None) -> Period:
    """The period asked for; the current quarter up to today by default. Raises `FieldError`."""
    last = last or clock.today()
    first = first or rules.quarter_of(last).first
    if first > last:
        raise FieldError("from", _("The first day lies after the last"))
    if first.year < 1990:
        raise FieldError("from", _("Nothing is recorded before 1990"))
    if last.year > clock.today().year + 1:
        raise FieldError("to", _("This day lies too far in the future"))
    period = Period(first, last)
    if period.days > LONGEST_PERIOD_DAYS:
        raise FieldError("from", _("At most 15 years at a time"))
    return period


class Reach(NamedTuple):
    """The place that is counted."""

    code: int
    name: str
    area: Area


def reach_of(db: Session, actor: Actor, place: int | None) -> Reach:
    """The place that is counted: the actor's own, or one inside it.

    Raises `FieldError` where there is no such place, `NotFound` outside the actor's own. A count of one village on one
    day would tell the address of the child who was placed on it: so a place is only as small as the role sees it.
    """
    code = actor.place_code if place is None else place
    name = names_of(db, [code]).get(code)
    if name is None:
        raise FieldError("place", _("There is no place with this code"))
    area = area_of(code)
    if area.lo < actor.area.lo or area.hi > actor.area.hi:
        raise NotFound(_("This place lies outside your own"))
    if _is_suppressed(actor) and len(str(code)) > DISTRICT_DIGITS:
        raise FieldError("place", _("Below districts the numbers are too small to be shared"))
    check_place_may_be_asked(actor, code)
    return Reach(code, name, area)


def _is_suppressed(actor: Actor) -> bool:
    return actor.role is Role.PARTNER


def measure(db: Session, actor: Actor, code: str, query: IndicatorQuery) -> IndicatorAnswer:
    """A number over a period and a place, taken apart by a dimension if one is given."""
    require(actor, Permission.INDICATORS_READ)
    indicator = indicator_of(code)
    period = period_of(query.first, query.last)
    place = reach_of(db, actor, query.place)
    by = query.by
    if by is not None and by not in indicator.by:
        raise FieldError("by", _("This number cannot be taken apart that way"))
    if by is Dimension.SECTOR and _is_suppressed(actor):
        raise FieldError("by", _("Below districts the numbers are too small to be shared"))
    quoted = queries.quoted_figures(db, code) if place.code == COUNTRY_CODE else []
    return _answer(db, actor, indicator, period, place, by, quoted)


def measure_all(db: Session, actor: Actor, query: IndicatorQuery) -> list[IndicatorAnswer]:
    """Every number of the catalogue over a period and a place, one statement each."""
    require(actor, Permission.INDICATORS_READ)
    period = period_of(query.first, query.last)
    place = reach_of(db, actor, query.place)
    return [_answer(db, actor, indicator, period, place, None, []) for indicator in CATALOGUE.values()]


def _answer(
    db: Session,
    actor: Actor,
    indicator: Indicator,
    period: Period,
    place: Reach,
    by: Dimension | None,
    quoted: list[QuotedRow],
) -> IndicatorAnswer:
    whole, rows = queries.count(db, indicator, period, place.area, by)
    rows = _with_labels(db, by, rows)
    if _is_suppressed(actor):
        whole = rules.hidden(whole) if rules.is_small(whole) else whole
        rows = rules.suppress(rows)
    meaning = meaning_of(indicator).model_dump()
    if _is_suppressed(actor):
        # No way is offered that would be refused.
        meaning["by"] = [way for way in indicator.by if way is not Dimension.SECTOR]
    return IndicatorAnswer(
        **meaning,
        first=period.first,
        last=period.last,
        place=place.code,
        place_name=place.name,
        numerator=whole.numerator,
        denominator=whole.denominator,
        value=whole.value,
        suppressed=whole.suppressed,
        as_of=clock.now(),
        rows_by=by,
        rows=[IndicatorRow.model_validate(row) for row in rows],
        quoted=quoted,
    )


_WORDS = {
    Dimension.SEX: Sex,
    Dimension.AGE_BAND: AgeBand,
    Dimension.KIND: PlacementKind,
    Dimension.LEVEL: Rung,
    Dimension.URGENCY: Urgency,
    Dimension.CONCERN: ConcernType,
    Dimension.DAYS_LATE: DaysLate,
}


def _with_labels(db: Session, by: Dimension | None, rows: list[Count]) -> list[Count]:
    if by is None:
        return []
    names: dict[str, str] = {"unknown": _("Not known")}
    if by in {Dimension.DISTRICT, Dimension.SECTOR}:
        codes = [int(row.key) for row in rows if row.key.isdigit()]
        names |= {str(code): name for code, name in names_of(db, codes).items()}
    elif by is Dimension.INSTITUTION:
        ids = [UUID(row.key) for row in rows if row.key != "unknown"]
        found = db.execute(select(Institution.id, Institution.name).where(Institution.id.in_(ids)))
        names |= {str(institution_id): name for institution_id, name in found}
    elif by is Dimension.DISABILITY:
        names |= {"yes": _("With a disability"), "no": _("Without a disability")}
    elif by in _WORDS:
        names |= {word.value: word.label for word in _WORDS[by]}
    labelled = [replace(row, label=names.get(row.key, row.key)) for row in rows]
    if by in _WORDS:
        order = [word.value for word in _WORDS[by]]
        labelled.sort(key=lambda row: order.index(row.key) if row.key in order else len(order))
    return labelled


def may_list_records(actor: Actor) -> bool:
    """Whether the list behind a number is offered."""
    return actor.may_ever(Permission.INDICATORS_RECORDS)


def list_records(db: Session, actor: Actor, code: str, query: RecordsQuery) -> Page[RecordRow]:
    """The records behind a number, newest first; opening them is audited."""
    require(actor, Permission.INDICATORS_RECORDS)
    indicator = indicator_of(code)
    period = period_of(query.first, query.last)
    place = reach_of(db, actor, query.place)
    if (query.by is None) != (query.key is None):
        raise FieldError("key", _("Give both: by what, and which row"))
    if query.by is not None and query.by not in indicator.by:
        raise FieldError("by", _("This number cannot be taken apart that way"))
    page = queries.records_behind(
        db, actor, indicator, period, place.area, by=query.by, key=query.key, cursor=query.cursor, limit=query.limit
    )
    asked = {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "place": str(place.code),
        "by": query.by,
        "key": query.key,
    }
    children = [row.child_id for row in page.items if row.child_id]
    record(db, actor, RecordsBehindOpened(indicator=code, filter=asked, rows=len(page.items), children=children))
    return page


def sees_ledger(actor: Actor) -> bool:
    """Whether an actor may see movements, whose small numbers could point at a child."""
    return not _is_suppressed(actor)


def keep_ledger(db: Session, actor: Actor, query: LedgerQuery) -> Ledger:
    """The stock-flow ledger of a place or of one institution."""
    require(actor, Permission.INDICATORS_READ)
    period = period_of(query.first, query.last)
    place = reach_of(db, actor, query.place)
    if not sees_ledger(actor):
        raise Forbidden(_("The ledger's movements are too small to be shared"))
    institution_name = None
    if query.institution is not None:
        found = db.execute(
            select(Institution.name, Institution.area_code).where(Institution.id == query.institution)
        ).one_or_none()
        if found is None or found.area_code not in place.area:
            raise FieldError("institution", _("There is no such institution in this place"))
        institution_name = found.name
    opening, inward, outward, closing = movements(db, period, place.area, query.institution)
    left_over = rules.residual(opening, closing, inward.values(), outward.values())
    return Ledger(
        first=period.first,
        last=period.last,
        place=place.code,
        place_name=place.name,
        institution=query.institution,
        institution_name=institution_name,
        opening=opening,
        inward=[LedgerLine(code=kind.value, label=kind.label, count=number) for kind, number in inward.items()],
        outward=[LedgerLine(code=kind.value, label=kind.label, count=number) for kind, number in outward.items()],
        closing=closing,
        residual=left_over,
    )
