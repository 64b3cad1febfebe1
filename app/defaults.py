"""Values that the programme may change, as they are before it did: clocks, schedules, quoted figures."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.db import Base
from app.fostering.models import HomeTerm
from app.fostering.rules import DEFAULT_TERMS
from app.indicators.models import QuotedFigure
from app.indicators.quoted import QUOTED_FIGURES
from app.referrals.models import LadderClock
from app.referrals.rules import DEFAULT_CLOCKS
from app.visits.models import VisitSchedule
from app.visits.rules import DEFAULT_SCHEDULES


def load_defaults(db: Session) -> int:
    """Adds what is missing and leaves what the programme changed; returns how many rows were new."""
    return sum(
        _add(db, table, rows)
        for table, rows in (
            (LadderClock, DEFAULT_CLOCKS),
            (VisitSchedule, DEFAULT_SCHEDULES),
            (QuotedFigure, QUOTED_FIGURES),
            (HomeTerm, DEFAULT_TERMS),
        )
    )


def _add(db: Session, table: type[Base], rows: list[dict[str, object]]) -> int:
    added = db.execute(insert(table).values(rows).on_conflict_do_nothing().returning(*table.__table__.primary_key))
    return len(added.all())
