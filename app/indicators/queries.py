"""Reading the numbers: each indicator is one statement, each list one more."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, String, TextClause, and_, cast, func, literal, null, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import Area
from app.access.scope import in_area
from app.children.models import Child
from app.core.db import kept, written_out
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.indicators.catalogue import Indicator
from app.indicators.models import QuotedFigure
from app.indicators.rules import Count, Period, share
from app.indicators.schemas import QuotedRow, RecordRow
from app.indicators.words import Dimension
from app.placements.words import PlacementKind
from app.places.models import Place
from app.referrals.models import Referral
from app.referrals.reach import not_named_in


def _inside(indicator: Indicator, period: Period, area: Area) -> Select[Any]:
    base = indicator.records(period)
    return base.where(in_area(base.selected_columns.area_code, area))


def count(
    db: Session, indicator: Indicator, period: Period, area: Area, by: Dimension | None
) -> tuple[Count, list[Count]]:
    """The whole and its rows, in one statement: the whole comes as the grand total of the grouping."""
    rows = db.execute(_counting(indicator, period, area, by)).all()
    whole = next((row for row in rows if row.is_total), None)
    total = whole.records if whole else 0
    parts = [_count(indicator, row, total) for row in rows if not row.is_total] if by else []
    return _count(indicator, whole, None), parts


@lru_cache(maxsize=256)
def _counting(indicator: Indicator, period: Period, area: Area, by: Dimension | None) -> TextClause:
    records = _inside(indicator, period, area).subquery()
    key = cast(records.c[by.value] if by else literal(""), String)
    # Sorting for a median that nobody asks for would double the time.
    median = func.percentile_cont(0.5).within_group(records.c.measure) if indicator.is_median else null()
    return written_out(
        select(
            key.label("key"),
            func.count().label("records"),
            func.count().filter(records.c.counted).label("counted"),
            median.label("median"),
            func.grouping(key).label("is_total"),
        )
        .group_by(func.rollup(key))
        .order_by(key)
    )


def _count(indicator: Indicator, row: Row[Any] | None, whole: int | None) -> Count:
    if row is None:
        return Count("", "", 0, 0 if indicator.is_ratio else None, None)
    key = "unknown" if row.key is None else row.key
    if indicator.is_median:
        return Count(key, "", row.records, None, None if row.median is None else float(row.median))
    if indicator.is_mix and whole is not None:
        return Count(key, "", row.records, whole, share(row.records, whole))
    if indicator.is_ratio:
        return Count(key, "", row.counted, row.records, share(row.counted, row.records))
    return Count(key, "", row.counted, None, float(row.counted))


def records_behind(
    db: Session,
    actor: Actor,
    indicator: Indicator,
    period: Period,
    area: Area,
    *,
    by: Dimension | None,
    key: str | None,
    cursor: str | None,
    limit: int,
) -> Page[RecordRow]:
    """The records that a number, or one of its rows, counts, newest first."""
    base = _inside(indicator, period, area).subquery()
    statement = (
        select(
            base.c.id,
            base.c.child_id,
            Child.code.label("child_code"),
            base.c.referral_id,
            Referral.code.label("referral_code"),
            base.c.on,
            base.c.counted,
            base.c.measure,
            base.c.kind,
            base.c.level,
            func.coalesce(Place.path, "").label("place_name"),
        )
        .outerjoin(Child, and_(Child.id == base.c.child_id, _may_be_named(actor)))
        .outerjoin(Referral, _may_be_told(actor, base.c.referral_id))
        .outerjoin(Place, Place.code == base.c.district)
    )
    if by is not None and key is not None:
        column = cast(base.c[by.value], String)
        statement = statement.where(or_(column == key, column.is_(None)) if key == "unknown" else column == key)
    statement = after(statement, (base.c.on, base.c.id), cursor).limit(limit + 1)
    return page_of(
        db.execute(statement).all(),
        limit,
        _record,
        lambda row: (row.on, row.id),
    )


def _may_be_named(actor: Actor) -> Any:
    # A restricted child is counted like every other; whose file it is stays with those who may open it.
    return or_(~Child.restricted, Child.responsible_post_id == actor.post_id)


def _may_be_told(actor: Actor, referral_id: Any) -> Any:
    # Nobody named in a referral as a suspect learns of it, from a list behind a number as little as elsewhere.
    return and_(Referral.id == referral_id, ~Referral.restricted, not_named_in(actor))


def _record(row: Row[Any]) -> RecordRow:
    return RecordRow(
        id=row.id,
        child_id=row.child_id if row.child_code else None,
        child_code=row.child_code,
        referral_id=row.referral_id if row.referral_code else None,
        referral_code=row.referral_code,
        on=row.on,
        counted=row.counted,
        measure=row.measure,
        kind=PlacementKind(row.kind).label if row.kind else None,
        level=row.level,
        place_name=row.place_name,
    )


def quoted_figures(db: Session, indicator: str | None = None) -> list[QuotedRow]:
    """Published figures, of one indicator or all, oldest first."""
    return [QuotedRow(**row) for row in db.execute(_quoted(indicator)).mappings().all()]


@kept
def _quoted(indicator: str | None) -> Select[Any]:
    statement = select(*QuotedFigure.__table__.columns).order_by(
        QuotedFigure.indicator, QuotedFigure.as_of_on, QuotedFigure.code
    )
    return statement.where(QuotedFigure.indicator == indicator) if indicator else statement
