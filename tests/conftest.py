"""A database per worker, built by the migrations and filled with Rwanda; a transaction a test, thrown away.

The clients act as the web's database role inside that transaction, so row-level security binds every page that a
test opens, while the `db` of the test itself is the owner's.
"""

import gc
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.access.actor import Actor
from app.access.roles import Role
from app.config import ROOT, Settings, get_settings
from app.core import clock
from app.core.db import WEB_ROLE, Database, UnitOfWork, driver_url, make_engine
from app.core.migrate import migrate
from app.defaults import load_defaults
from app.people.models import SignIn
from app.places.service import load_release
from tests.clients import ApiClient, PageClient, Statements
from tests.make import actor_for

# The default values stand among the rules of their domains.
BUILT_FROM = (
    "migrations/versions/*.py",
    "data/places/*.csv",
    "app/defaults.py",
    "app/places/*.py",
    "app/*/rules.py",
    "app/visits/follow_rules.py",
    "app/indicators/quoted.py",
)


@pytest.fixture(scope="session")
def server_url(worker_id: str) -> Iterator[URL]:
    """The owner's address of a PostgreSQL server: DATABASE_URL, or an embedded one for the tests."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield driver_url(given)
        return
    from app.core import embedded

    with embedded.ensure(ROOT / ".data" / "tests", fast=True) as server:
        superuser = create_engine(driver_url(server.superuser_url), isolation_level="AUTOCOMMIT")
        with superuser.connect() as connection:
            # The clients turn from the owner into the web's role inside one transaction.
            connection.execute(text("grant tubarerere_web, tubarerere_worker to tubarerere_owner"))
        superuser.dispose()
        yield driver_url(server.admin_url)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in BUILT_FROM:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _maintenance(server_url: URL) -> Iterator[Connection]:
    # Without a pool the connection ends with the block, and with it the lock, whatever happens inside.
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        # One worker at a time makes databases: PostgreSQL refuses to copy a template that somebody is connected to.
        connection.execute(text("select pg_advisory_lock(20120701)"))
        yield connection


@pytest.fixture(scope="session")
def template_database(server_url: URL) -> str:
    """A database with all tables and all places; it outlives the run and is made anew when its sources change."""
    name = f"tubarerere_template_{_fingerprint()}"
    with _maintenance(server_url) as connection:
        exists = connection.scalar(text("select 1 from pg_database where datname = :name"), {"name": name})
        if not exists:
            connection.execute(text(f"drop database if exists {name}_building"))
            connection.execute(text(f"create database {name}_building"))
            engine = create_engine(server_url.set(database=f"{name}_building"))
            with engine.connect() as inside:
                migrate(inside)
            with Session(engine) as db, db.begin():
                load_release(db)
                load_defaults(db)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as inside:
                inside.execute(text("analyze"))
            engine.dispose()
            connection.execute(text(f"alter database {name}_building rename to {name}"))
    return name


@pytest.fixture(scope="session")
def new_database(server_url: URL, template_database: str) -> Iterator[Callable[[], URL]]:
    """Makes databases with all tables and places, for tests that must truly commit; dropped at the end."""
    made: list[str] = []

    def make() -> URL:
        name = f"tubarerere_test_{secrets.token_hex(5)}"
        with _maintenance(server_url) as connection:
            connection.execute(text(f"create database {name} template {template_database}"))
        made.append(name)
        return server_url.set(database=name)

    yield make
    with _maintenance(server_url) as connection:
        for name in made:
            try:
                connection.execute(text(f"drop database if exists {name} with (force)"))
            except DBAPIError:
                # The owner may not end a cleaning process of PostgreSQL; without force it is asked to go.
                connection.execute(text(f"drop database if exists {name}"))


@pytest.fixture(scope="session")
def engine(new_database: Callable[[], URL]) -> Iterator[Engine]:
    """The owner's engine of this worker's database, as the service makes its own."""
    engine = make_engine(new_database())
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One connection with a transaction that is thrown away after the test."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def db(connection: Connection) -> Iterator[Session]:
    """The test's own session, as the owner; what it flushes the clients see."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session


LIMITS = ("lo", "hi", "account", "post", "institution", "hand")
# In one statement, because it follows every request of every test.
AS_BEFORE = "reset role; select " + ", ".join(f"set_config('tubarerere.{limit}', '', true)" for limit in LIMITS)


class OneTransaction(Database):
    """Units of work as savepoints of the test's transaction, in the web's role."""

    def __init__(self, connection: Connection, test_session: Session) -> None:
        super().__init__(connection.engine)
        self.connection = connection
        self.test_session = test_session

    def new_session(self) -> Session:
        """A session inside the test's transaction."""
        return UnitOfWork(
            self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False, autoflush=False
        )

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """As in the service: committed at the end, rolled back when anything is raised."""
        self.test_session.flush()
        self.connection.exec_driver_sql(f"set role {WEB_ROLE}")
        try:
            with self.new_session() as session, session.begin():
                yield session
        finally:
            self.connection.exec_driver_sql(AS_BEFORE)
            self.test_session.expire_all()


@pytest.fixture
def web(connection: Connection, db: Session) -> Database:
    """The database as the web's role, for calling verbs under row-level security without a client."""
    return OneTransaction(connection, db)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a demonstration whose files are thrown away."""
    os.environ["TUBARERERE_DATA_DIR"] = str(tmp_path_factory.mktemp("data"))
    get_settings.cache_clear()
    return get_settings()


@pytest.fixture(scope="session")
def the_app(settings: Settings) -> FastAPI:
    """The application, put together once; each test lends it a database."""
    from app.main import create_app

    app = create_app(settings, Database(create_engine("postgresql+psycopg://")))
    # What lives as long as the run need not be looked through again at every collection.
    gc.collect()
    gc.freeze()
    return app


@pytest.fixture
def app(the_app: FastAPI, web: Database) -> FastAPI:
    """The application on this test's transaction."""
    the_app.state.database = web
    return the_app


@pytest.fixture
def statements(connection: Connection) -> Iterator[Statements]:
    """Counts the SQL statements of what happens in its block."""
    counter = Statements(connection)
    yield counter
    counter.close()


def _sign_in(db: Session, actor: Actor, kind: str) -> str:
    secret = secrets.token_urlsafe(32)
    db.add(
        SignIn(
            kind=kind,
            account_id=actor.account_id,
            post_id=actor.post_id,
            secret_hash=hashlib.sha256(secret.encode()).digest(),
            expires_at=clock.now() + timedelta(hours=12),
        )
    )
    db.flush()
    return secret


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """The one event loop of all clients."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture
def worker(db: Session) -> Actor:
    """A social worker of the district in which the tests play."""
    return actor_for(db, Role.SOCIAL_WORKER)


@pytest.fixture
def supervisor(db: Session) -> Actor:
    """Who supervises there."""
    return actor_for(db, Role.DISTRICT_SUPERVISOR)


@pytest.fixture
def client_for(
    app: FastAPI, db: Session, statements: Statements, portal: BlockingPortal
) -> Callable[[Actor | None], PageClient]:
    """A browser without JavaScript, signed in as an actor (or as nobody); it checks every page it opens."""

    def make(actor: Actor | None = None) -> PageClient:
        client = PageClient(app, portal, statements)
        if actor is not None:
            client.cookies.set("session", _sign_in(db, actor, "browser"))
        return client

    return make


@pytest.fixture
def api_for(
    app: FastAPI, db: Session, statements: Statements, portal: BlockingPortal
) -> Callable[[Actor | None], ApiClient]:
    """A client of /api/v1 with an actor's bearer token (or without any)."""

    def make(actor: Actor | None = None) -> ApiClient:
        client = ApiClient(app, portal, statements)
        if actor is not None:
            client.headers["Authorization"] = f"Bearer {_sign_in(db, actor, 'token')}"
        return client

    return make


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared reference data, where this checkout has one beside it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no shared reference data beside this checkout")
    return folder
