"""Whatever people and the clock do, in whatever order, a referral stays whole."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Conflict, Forbidden, NotFound
from app.referrals.models import Referral
from app.referrals.schemas import (
    ReferralAnswer,
    ReferralEscalate,
    ReferralResolve,
    ReferralReturn,
    ReferralWithdraw,
)
from app.referrals.service import (
    accept_referral,
    acknowledge_referral,
    answer_referral,
    escalate_overdue,
    escalate_referral,
    file_referral,
    resolve_referral,
    return_referral,
    withdraw_referral,
)
from app.referrals.words import CLOSED, HopEnd
from tests.referrals.conftest import Ladder, command, hops_of

VERBS: dict[str, tuple[Callable[..., None], tuple[Any, ...]]] = {
    "acknowledge": (acknowledge_referral, ()),
    "accept": (accept_referral, ()),
    "return": (return_referral, (ReferralReturn(reason="?"),)),
    "escalate": (escalate_referral, (ReferralEscalate(reason="!"),)),
    "resolve": (resolve_referral, (ReferralResolve.model_validate({"outcome": "partly"}),)),
    "answer": (answer_referral, (ReferralAnswer(answer="."),)),
    "withdraw": (withdraw_referral, (ReferralWithdraw(),)),
}
WHO = st.sampled_from(["volunteer", "cell", "sector", "district", "national"])
# What moves a referral comes more often than what ends it, so that the walks are long.
MOVES = st.sampled_from([*VERBS, *["acknowledge", "accept", "return", "escalate", "escalate", "clock"] * 2])
STEPS = st.lists(st.tuples(WHO, MOVES), min_size=4, max_size=14)


@given(urgency=st.sampled_from(["emergency", "medium"]), suspect=st.sampled_from([None, "cell", "sector"]), steps=STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_referral_stays_whole(
    ladder: Ladder, connection: Connection, urgency: str, suspect: str | None, steps: list[tuple[str, str]]
) -> None:
    with Session(connection, join_transaction_mode="create_savepoint", autoflush=False) as db:
        kept_from = [str(getattr(ladder, suspect).account_id)] if suspect else []
        referral_id, _new = file_referral(db, ladder.volunteer, command(urgency=urgency, suspects=kept_from))
        referral = db.get_one(Referral, referral_id)
        reached = 0
        for who, what in steps:
            before = referral.version
            if what == "clock":
                escalate_overdue(db, clock.now() + timedelta(days=400))
            else:
                verb, command_given = VERBS[what]
                try:
                    verb(db, getattr(ladder, who), referral_id, *command_given)
                except (Forbidden, Conflict, NotFound):
                    assert referral.version == before
            db.flush()
            assert_whole(db, referral)
            assert referral.reached_level >= reached
            reached = referral.reached_level
        db.rollback()


def assert_whole(db: Session, referral: Referral) -> None:
    hops = hops_of(db, referral)
    held = [hop for hop in hops if hop.ended_at is None and not hop.is_copy]
    copies = [hop for hop in hops if hop.ended_at is None and hop.is_copy]
    assert [hop.seq for hop in hops] == list(range(1, len(hops) + 1))
    assert all((hop.ended is None) == (hop.ended_at is None) for hop in hops)
    assert {hop.ended for hop in hops} <= {None, *HopEnd}
    assert referral.reached_level == max(hop.level for hop in hops if not hop.is_copy)
    if referral.status in CLOSED:
        assert held == copies == []
        assert referral.due_at is None
        assert (referral.resolved_at is not None) == (referral.status == "resolved")
        return
    [holder] = held
    assert referral.level == holder.level
    assert referral.due_at == (holder.due_at if holder.acknowledged_at else holder.acknowledge_due_at)
    assert (referral.status == "accepted") == (holder.accepted_at is not None)
    assert referral.status != "sent" or holder.acknowledged_at is None
    assert referral.resolved_at is referral.outcome is None
    assert all(copy.level > holder.level for copy in copies)
    assert len(copies) <= 1
