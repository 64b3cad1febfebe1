"""Values that the programme may change, as they are before it did: clocks, schedules, quoted figures."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.cases.models import ClosingRule, RiskClock
from app.cases.rules import DEFAULT_CLOSING_RULES, DEFAULT_RISK_CLOCKS
from app.core.db import Base
from app.fostering.models import HomeTerm
from app.fostering.rules import DEFAULT_TERMS
from app.indicators.models import QuotedFigure
from app.indicators.quoted import QUOTED_FIGURES
from app.placements.models import PlacementSetting, PreparationItem
from app.placements.rules import DEFAULT_PREPARATION_ITEMS, DEFAULT_SETTINGS
from app.plans.models import PlanClock
from app.plans.rules import DEFAULT_PLAN_CLOCKS
from app.referrals.models import LadderClock
from app.referrals.rules import DEFAULT_CLOCKS
from app.visits.follow_rules import DEFAULT_TRIGGERS
from app.visits.models import VisitSchedule, VisitTrigger
from app.visits.rules import DEFAULT_SCHEDULES


def load_defaults(db: Session) -> int:
    """Adds what is missing and leaves what the programme changed; returns how many rows were new."""
    return sum(
        _add(db, table, rows)
        for table, rows in (
            (LadderClock, DEFAULT_CLOCKS),
            (VisitSchedule, DEFAULT_SCHEDULES),
            (VisitTrigger, DEFAULT_TRIGGERS),
            (PlacementSetting, DEFAULT_SETTINGS),
            (PreparationItem, DEFAULT_PREPARATION_ITEMS),
            (PlanClock, DEFAULT_PLAN_CLOCKS),
            (QuotedFigure, QUOTED_FIGURES),
            (RiskClock, DEFAULT_RISK_CLOCKS),
            (ClosingRule, DEFAULT_CLOSING_RULES),
            (HomeTerm, DEFAULT_TERMS),
        )
    )


def _add(db: Session, table: type[Base], rows: list[dict[str, object]]) -> int:
    added = db.execute(insert(table).values(rows).on_conflict_do_nothing().returning(*table.__table__.primary_key))
    return len(added.all())
