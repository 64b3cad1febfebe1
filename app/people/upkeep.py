"""What the worker keeps tidy."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.people.models import SignIn

KEPT = timedelta(days=30)


def drop_ended_sign_ins(db: Session, now: datetime) -> int:
    """Deletes sessions and tokens that ended more than thirty days ago; says how many. The audit log keeps the fact.

    The newest of each account stays: it tells when the person was last here.
    """
    newer = aliased(SignIn)
    gone = (
        delete(SignIn)
        .where(
            or_(SignIn.expires_at < now - KEPT, SignIn.revoked_at < now - KEPT),
            exists().where(newer.account_id == SignIn.account_id, newer.created_at > SignIn.created_at),
        )
        .returning(SignIn.id)
        .cte("gone")
    )
    return db.scalar(select(func.count()).select_from(gone)) or 0
