"""The database: one PostgreSQL, one session a request, the commit before the answer leaves.

Web and worker act as database roles that own nothing, so that row-level security binds them; only
migrations and operator commands act as the owner.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Annotated, Any, ParamSpec, TypeVar, cast
from uuid import UUID

from fastapi import Depends, Request
from psycopg import Column, Cursor
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Engine,
    Insert,
    LargeBinary,
    MetaData,
    Select,
    Subquery,
    TextClause,
    create_engine,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from app.core.clock import now
from app.core.ids import new_id

P = ParamSpec("P")
T = TypeVar("T")

WEB_ROLE = "tubarerere_web"
WORKER_ROLE = "tubarerere_worker"


class Base(DeclarativeBase):
    """All tables. Constraint names follow one convention, so that migrations and field errors can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: DateTime(timezone=True), bytes: LargeBinary}  # noqa: RUF012 - SQLAlchemy's way


class Recorded:
    """A record: its id, when and by which account it was made, its version, and the fingerprint of its making."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    digest: Mapped[bytes | None]


def driver_url(address: str, *, role: str | None = None) -> URL:
    """A PostgreSQL address for psycopg 3; with `role`, connections act as that role from their first statement."""
    url = make_url(address).set(drivername="postgresql+psycopg")
    return url.update_query_dict({"options": f"-c role={role}"}) if role else url


class _Columns(Sequence[Column]):
    """What the columns of an answer are called, looked up when somebody asks."""

    def __init__(self, cursor: "_Reading") -> None:
        self._cursor = cursor

    @cached_property
    def _all(self) -> list[Column]:
        return self._cursor.columns()

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, index: Any) -> Any:
        return self._all[index]


class _Reading(Cursor[Any]):
    """A cursor that describes its columns on request: a statement that SQLAlchemy knows already asks for none.

    One object a column, for each statement anew, was a twentieth of a page.
    """

    @property
    def description(self) -> Any:
        """As the interface of databases has it: None where there are no rows."""
        answer = self.pgresult
        return _Columns(self) if answer is not None and answer.nfields else None

    def columns(self) -> list[Column]:
        """The descriptions themselves."""
        return super().description or []


def make_engine(url: URL, *, pool_size: int = 10) -> Engine:
    """An engine whose connections speak UTC and give up on a lock or a statement that would hold a page up."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=2,
        pool_pre_ping=False,
        # Or a statement that fails would put what somebody typed into the log.
        hide_parameters=True,
        connect_args={"prepare_threshold": 3, "application_name": "tubarerere", "cursor_factory": _Reading},
        # A row answers to the names of its columns. Each answer would be made to answer to the column objects as well,
        # one by one, whenever somebody else's statement of the same shape was compiled before.
        execution_options={"_result_disable_adapt_to_context": True},
    )


class UnitOfWork(Session):
    """A session that reads columns past itself, over its connection.

    What a session does for records (to watch them, to have each only once) it prepares for every statement, also for
    one that reads nothing but columns, as nearly all here do: that takes longer than everything else about it.
    """

    def execute(self, statement: Any, *given: Any, **options: Any) -> Any:
        """As any session does; without its care where nothing needs it."""
        if not options and _knows_no_records(statement):
            return self.connection().execute(statement, *given)
        return super().execute(statement, *given, **options)

    def scalars(self, statement: Any, *given: Any, **options: Any) -> Any:
        """The first of the columns."""
        if not options and _knows_no_records(statement):
            return self.connection().scalars(statement, *given)
        return super().scalars(statement, *given, **options)

    def scalar(self, statement: Any, *given: Any, **options: Any) -> Any:
        """The first column of the first row, or None."""
        if not options and _knows_no_records(statement):
            return self.connection().scalar(statement, *given)
        return super().scalar(statement, *given, **options)


def _knows_no_records(statement: Any) -> bool:
    """Whether a statement reads columns only, or writes into a table; a whole record is no column but its class."""
    if isinstance(statement, Insert):
        return "compile_state_plugin" not in statement._propagate_attrs  # noqa: SLF001 - set for records
    return isinstance(statement, Select) and all(
        isinstance(one, ColumnElement | Subquery)
        for one in statement._raw_columns  # noqa: SLF001 - what is public builds a description first
    )


class Database:
    """The engine of one process and its sessions."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, class_=UnitOfWork, expire_on_commit=False, autoflush=False)

    def new_session(self) -> Session:
        """A session that the caller closes."""
        return self._sessions()

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back when anything is raised."""
        with self._sessions() as session, session.begin():
            yield session


async def get_session(request: Request) -> Session:
    """The unit of work of a request, which its route opened: returning commits before the answer leaves.

    A page that shows a form again with what is wrong with it (`render` with a status from 400 on) commits nothing:
    half of what a form asked for is worse than none of it.

    It runs in the thread of its route, as do all dependencies (see `StrictRoute`), so it awaits nothing.
    """
    session: Session = request.state.session
    return session


Db = Annotated[Session, Depends(get_session)]

STATEMENTS_KEPT = 512


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """Keeps what follows from hashable arguments, such as a statement from an actor.

    Building a statement takes longer than running it. What is kept must not depend on the day or the language: a day
    is a `bindparam` whose value, or `callable_`, is asked for when the statement runs.
    """
    return cast(Callable[P, T], lru_cache(maxsize=STATEMENTS_KEPT)(make))


def written_out(statement: Select[Any]) -> TextClause:
    """The statement with its values written into it, so that the planner sees them whenever it runs.

    A statement that runs often gets one plan for all values. That is right for finding a record by its key, and five
    times too slow for one that reads a table over years of a period: without the days it is taken for a short one.
    Only for values that the service itself has made, such as days and codes of places.
    """
    compiled = statement.compile(dialect=_NAMED, compile_kwargs={"literal_binds": True})
    return text(str(compiled).replace(":", "\\:"))


# With named parameters, per cent signs stay as they are.
_NAMED = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]


def violated(error: BaseException) -> str | None:
    """The name of the constraint that a database error broke, if it was one."""
    original: Any = getattr(error, "orig", error)
    diagnosis = getattr(original, "diag", None)
    return getattr(diagnosis, "constraint_name", None)
