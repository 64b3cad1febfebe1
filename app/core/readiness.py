"""Whether a process may serve at all: the tables fit this release, and production is not a demonstration."""

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.config import Settings
from app.core.migrate import newest_revision


class NotReady(RuntimeError):
    """The service must not start; the message says what to do."""


def revision_of(db: Session) -> str | None:
    """The revision of the tables, or None where there are none yet."""
    try:
        found: str | None = db.scalar(text("select version_num from alembic_version"))
        return found
    except ProgrammingError:
        db.rollback()
        return None


def check(db: Session, settings: Settings) -> None:
    """Raises `NotReady` unless the service may start on this database in this mode."""
    here, wanted = revision_of(db), newest_revision()
    if here != wanted:
        raise NotReady(
            f"The tables are at revision {here or 'none'}, this release needs {wanted}: run tubarerere db upgrade"
        )
    if settings.mode == "production":
        invented = db.scalar(text("select count(*) from accounts where is_demonstration and disabled_at is null"))
        if invented:
            raise NotReady(
                f"{invented} accounts of the demonstration can sign in here: production needs a database of its own"
            )
