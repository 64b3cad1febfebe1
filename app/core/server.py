"""Where the database is: the embedded server, or the one that DATABASE_URL names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from app.config import Settings
from app.core.db import WEB_ROLE, WORKER_ROLE, Database, driver_url, make_engine


@dataclass(frozen=True, slots=True)
class Addresses:
    """The database's addresses for its owner (migrations, operators), the web, and the worker."""

    owner: URL
    web: URL
    worker: URL


@contextmanager
def addresses(settings: Settings, progress: Callable[[str], None] | None = None) -> Iterator[Addresses]:
    """The addresses; the embedded server runs at least as long as the block."""
    if settings.database_url is not None:
        owner = settings.database_url.get_secret_value()
        yield Addresses(
            owner=driver_url(owner),
            web=_address(settings.database_web_url, owner, WEB_ROLE),
            worker=_address(settings.database_worker_url, owner, WORKER_ROLE),
        )
        return
    from app.core import embedded

    with embedded.ensure(settings.data_dir, progress=progress) as server:
        yield Addresses(
            owner=driver_url(server.admin_url),
            web=driver_url(server.web_url),
            worker=driver_url(server.worker_url),
        )


def _address(own: object, owner: str, role: str) -> URL:
    secret = getattr(own, "get_secret_value", None)
    return driver_url(secret()) if secret else driver_url(owner, role=role)


@contextmanager
def owner_database(settings: Settings, progress: Callable[[str], None] | None = None) -> Iterator[Database]:
    """The database as its owner, for operator commands: row-level security does not bind it."""
    with addresses(settings, progress) as known:
        engine: Engine = make_engine(known.owner, pool_size=2)
        try:
            yield Database(engine)
        finally:
            engine.dispose()
