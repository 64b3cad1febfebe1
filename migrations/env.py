"""Runs the migrations as the database's owner, giving up early rather than holding up a service that runs."""

from alembic import context
from sqlalchemy import Connection, create_engine, text

from app.config import get_settings
from app.core.server import addresses
from app.tables import metadata

# Tables that others own: the job queue's come from its own schema.
NOT_OURS = ("procrastinate_",)


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leaves out what the job queue brings."""
    return not (kind == "table" and name is not None and name.startswith(NOT_OURS))


def run(connection: Connection) -> None:
    """All steps in one transaction."""
    connection.execute(text("set lock_timeout = '4s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=include_name,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with addresses(get_settings()) as known:
        engine = create_engine(known.owner)
        with engine.connect() as own:
            run(own)
        engine.dispose()
