"""Bringing the tables up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

INI = Path(__file__).resolve().parents[2] / "alembic.ini"


def migrate(connection: Connection, revision: str = "head") -> None:
    """Upgrades (or, to an earlier revision, downgrades) over an open connection of the owner."""
    config = Config(INI)
    config.attributes["connection"] = connection
    here = MigrationContext.configure(connection).get_current_revision()
    # `base` and any revision before the present one are steps down.
    if revision == "base" or (here is not None and revision != "head" and revision < here):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
    connection.commit()


def newest_revision() -> str | None:
    """The revision that this release expects."""
    return ScriptDirectory.from_config(Config(INI)).get_current_head()
