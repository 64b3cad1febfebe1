"""The stock-flow ledger of an institution, a district or the country.

It asks whether the movement explains the stock. Opening and closing are counted from the episodes open on those
days, movements from episodes that begin or end in between, each put into one class. What the classes do not
explain stays as a residual: it is shown, never hidden.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.area import Area
from app.access.scope import in_area
from app.core.i18n import N_
from app.core.words import Word
from app.indicators.rules import Period
from app.placements.models import Placement
from app.placements.words import FOSTER_KINDS, PLACED_KINDS, RESIDENTIAL_KINDS, EndReason

_RESIDENTIAL = [kind.value for kind in RESIDENTIAL_KINDS]


class Inward(Word):
    """How somebody comes to live in an institution."""

    ADMISSION = "admission", N_("New admissions")
    TRANSFER = "transfer", N_("Moved in from another institution")


class Outward(Word):
    """How somebody ceases to live in an institution."""

    FAMILY = "family", N_("To a family of birth, of kin or of a guardian")
    FOSTER = "foster", N_("To a foster family")
    INDEPENDENT = "independent", N_("To supported independent living")
    ELSEWHERE = "elsewhere", N_("To another place, such as a hospital or a boarding school")
    TRANSFER = "transfer", N_("Moved out to another institution")
    DEATH = "death", N_("Died")
    CORRECTION = "correction", N_("Recorded by mistake, taken back")


def movements(
    db: Session, period: Period, area: Area, institution_id: UUID | None
) -> tuple[int, dict[Inward, int], dict[Outward, int], int]:
    """Opening stock, movements inward and outward by class, closing stock; one statement.

    Inside a district or the country a move between two of its institutions is both a move out and a move in.
    """
    following = aliased(Placement)
    next_kind = (
        select(following.kind)
        .where(following.child_id == Placement.child_id, following.started_on == Placement.ended_on)
        .where(following.id != Placement.id)
        .order_by(following.started_on, following.id)
        .limit(1)
        .correlate(Placement)
        .scalar_subquery()
    )
    before = period.first - timedelta(days=1)
    begins = Placement.started_on.between(period.first, period.last)
    ends = Placement.ended_on.between(period.first, period.last)
    came = case((Placement.from_kind.in_(_RESIDENTIAL), Inward.TRANSFER.value), else_=Inward.ADMISSION.value)
    left = case(
        (Placement.end_reason == EndReason.CHILD_DEATH.value, Outward.DEATH.value),
        (Placement.end_reason == EndReason.DATA_CORRECTION.value, Outward.CORRECTION.value),
        (next_kind.in_(_RESIDENTIAL), Outward.TRANSFER.value),
        (next_kind.in_([kind.value for kind in FOSTER_KINDS]), Outward.FOSTER.value),
        (next_kind == "supported_independent_living", Outward.INDEPENDENT.value),
        (next_kind.in_([kind.value for kind in PLACED_KINDS]), Outward.FAMILY.value),
        (next_kind.is_not(None), Outward.ELSEWHERE.value),
        # Whoever left, and where to is not recorded, belongs to no class: the residual shows it.
    )
    relevant = and_(
        Placement.is_residential,
        in_area(Placement.area_code, area),
        Placement.started_on <= period.last,
        or_(Placement.ended_on.is_(None), Placement.ended_on >= period.first),
    )
    if institution_id is not None:
        relevant = and_(relevant, Placement.institution_id == institution_id)
    episodes = (
        select(
            _open_on(before).label("opening"),
            _open_on(period.last).label("closing"),
            case((begins, came)).label("came"),
            case((ends, left)).label("went"),
        )
        .where(relevant)
        .subquery()
    )
    rows = db.execute(
        select(
            episodes.c.came,
            episodes.c.went,
            func.count().filter(episodes.c.opening).label("opening"),
            func.count().filter(episodes.c.closing).label("closing"),
            func.count().label("episodes"),
        ).group_by(episodes.c.came, episodes.c.went)
    ).all()
    inward = {kind: sum(row.episodes for row in rows if row.came == kind.value) for kind in Inward}
    outward = {kind: sum(row.episodes for row in rows if row.went == kind.value) for kind in Outward}
    return sum(row.opening for row in rows), inward, outward, sum(row.closing for row in rows)


def _open_on(day: Any) -> ColumnElement[bool]:
    return and_(Placement.started_on <= day, or_(Placement.ended_on.is_(None), Placement.ended_on > day))
