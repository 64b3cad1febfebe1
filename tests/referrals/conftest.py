from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.core.db import Database
from app.referrals.models import Notice, Referral, ReferralHop
from app.referrals.schemas import ReferralFile
from app.referrals.service import file_referral
from tests.make import VILLAGE, actor_for


@dataclass(frozen=True)
class Ladder:
    """One person at each rung above the usual village."""

    volunteer: Actor
    cell: Actor
    sector: Actor
    district: Actor
    national: Actor


@pytest.fixture
def ladder(db: Session) -> Ladder:
    return Ladder(
        volunteer=actor_for(db, Role.VOLUNTEER, name="Mukamana Grace"),
        cell=actor_for(db, Role.CELL_COORDINATOR, name="Uwera Alice"),
        sector=actor_for(db, Role.SECTOR_OFFICER, name="Habimana Eric"),
        district=actor_for(db, Role.SOCIAL_WORKER, name="Ingabire Claudine"),
        national=actor_for(db, Role.NATIONAL_MANAGER, name="Nshuti Patrick"),
    )


Act = Callable[..., Any]


@pytest.fixture
def act(web: Database) -> Act:
    """Calls a verb or a query as the web's role, under row-level security, bound to the actor."""

    def call(actor: Actor, verb: Callable[..., Any], *given: Any, **named: Any) -> Any:
        with web.unit_of_work() as db:
            bind_actor(db, actor)
            return verb(db, actor, *given, **named)

    return call


def command(**given: Any) -> ReferralFile:
    """A referral of medium urgency about neglect in the usual village."""
    return ReferralFile.model_validate({"concern": "neglect", "urgency": "medium", "village": VILLAGE} | given)


@pytest.fixture
def filed(act: Act, ladder: Ladder, db: Session) -> Callable[..., Referral]:
    """Files a referral by the volunteer (or another author) and gives its row."""

    def file(author: Actor | None = None, **given: Any) -> Referral:
        referral_id, _is_new = act(author or ladder.volunteer, file_referral, command(**given))
        return db.get_one(Referral, referral_id)

    return file


def hops_of(db: Session, referral: Referral | UUID) -> list[ReferralHop]:
    referral_id = referral if isinstance(referral, UUID) else referral.id
    return list(db.scalars(select(ReferralHop).where(ReferralHop.referral_id == referral_id).order_by(ReferralHop.seq)))


def told(db: Session, referral: Referral, actor: Actor) -> list[str]:
    """The kinds of notices that somebody got about a referral, in order."""
    kinds = select(Notice.kind).where(Notice.referral_id == referral.id, Notice.account_id == actor.account_id)
    return list(db.scalars(kinds.order_by(Notice.at, Notice.id)))
