"""The demonstration while it is drawn up: all rows in memory, every choice from one source of chance."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.approvals.models import Approval
from app.cases.models import Case, CaseClosing, CaseConcern, CaseContact, CaseStep, RiskRating
from app.children.models import Child, Household, HouseholdMember
from app.core.clock import KIGALI
from app.core.db import Base
from app.core.ids import CODE_ALPHABET
from app.fostering.models import FosterFamily, FosterStep
from app.institutions.models import Institution
from app.instruments.models import InstrumentAnswers
from app.people.models import Account, Appointment, Post
from app.placements.models import Placement
from app.plans.models import Plan, PlanAction, PlanGoal, SupportPackage
from app.referrals.models import Notice, Referral, ReferralHop
from app.tasks.models import Task
from app.transformation.models import Funder, PlanStep, StaffPlan, StageChange, TransformationPlan
from app.visits.models import Visit

T = TypeVar("T")


def known(value: T | None) -> T:
    """What must stand by now at this point of the telling."""
    if value is None:
        raise LookupError("The demonstration is told in another order than it was written")
    return value


ORDER: tuple[type[Base], ...] = (
    Account,
    Institution,
    Post,
    Appointment,
    Household,
    HouseholdMember,
    Child,
    Placement,
    Visit,
    Task,
    Referral,
    ReferralHop,
    Notice,
    Case,
    CaseConcern,
    CaseStep,
    CaseClosing,
    CaseContact,
    RiskRating,
    InstrumentAnswers,
    Plan,
    PlanGoal,
    PlanAction,
    SupportPackage,
    Approval,
    FosterFamily,
    FosterStep,
    StageChange,
    TransformationPlan,
    PlanStep,
    Funder,
    StaffPlan,
)
"""The tables in the order in which their rows can be written."""


class Draft:
    """Rows to be written, and the chance that they come from: the same seed on the same day makes the same rows."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - it must be repeatable, and guards nothing
        self.now = now
        self.today = now.astimezone(KIGALI).date()
        self.rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in ORDER}
        self._codes: set[str] = set()

    def id(self) -> UUID:
        """An identifier that follows from the seed."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def code(self, prefix: str) -> str:
        """A code that nothing else in this draft has."""
        while (code := f"{prefix}-{''.join(self.rng.choices(CODE_ALPHABET, k=6))}") in self._codes:
            pass
        self._codes.add(code)
        return code

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self.rng.random() < probability

    def pick(self, choices: Sequence[T]) -> T:
        """One of them."""
        return self.rng.choice(choices)

    def ago(self, days: int) -> date:
        """The day that many days before today."""
        return self.today - timedelta(days=days)

    def between(self, first: date, last: date) -> date:
        """A day from the first to the last, both included; the last where there is none."""
        return last if first >= last else first + timedelta(days=self.rng.randint(0, (last - first).days))

    def working_hour(self, day: date) -> datetime:
        """A moment of a working day, never in the future."""
        moment = datetime.combine(day, time(8), KIGALI) + timedelta(minutes=self.rng.randint(0, 500))
        return min(moment, self.now - timedelta(minutes=1))

    def same_hour(self, moment: datetime, day: date) -> datetime:
        """The hour of a moment on another day, never in the future."""
        return min(datetime.combine(day, moment.astimezone(KIGALI).time(), KIGALI), self.now - timedelta(minutes=1))

    def phone(self) -> str:
        """A number that is nobody's."""
        return f"+25078000{self.rng.randint(0, 9999):04d}"

    def add(self, table: type[Base], **values: Any) -> UUID:
        """Draws up a row and gives its id, which is new unless it is among the values."""
        record: UUID = values.setdefault("id", self.id())
        self.rows[table].append(values)
        return record

    def write(self, db: Session) -> int:
        """Writes all rows, one statement a table; returns how many."""
        for table, rows in self.rows.items():
            names = sorted({name for row in rows for name in row})
            if rows:
                db.execute(insert(table), [{name: row.get(name) for name in names} for row in rows])
        return sum(map(len, self.rows.values()))
