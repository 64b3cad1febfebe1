"""What other domains do when a case's risk is rated, or a case is closed: they lie above and say so themselves."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor

RiskListener = Callable[[Session, Actor, UUID], object]
ClosedListener = Callable[[Session, Actor, UUID], object]
_on_risk_rated: list[RiskListener] = []
_on_case_closed: list[ClosedListener] = []


def on_risk_rated(listener: RiskListener) -> None:
    """Calls a function with the child's id, in the same transaction, whenever the risk of its case is rated."""
    _on_risk_rated.append(listener)


def risk_rated(db: Session, actor: Actor, child_id: UUID) -> None:
    """Tells all who listen; for the verbs of cases."""
    for listener in _on_risk_rated:
        listener(db, actor, child_id)


def on_case_closed(listener: ClosedListener) -> None:
    """Calls a function with the case's id, in the same transaction, whenever a case is closed."""
    _on_case_closed.append(listener)


def case_closed(db: Session, actor: Actor, case_id: UUID) -> None:
    """Tells all who listen; for the verbs of cases."""
    for listener in _on_case_closed:
        listener(db, actor, case_id)
