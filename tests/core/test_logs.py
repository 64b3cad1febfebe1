"""What the service writes down about a failure holds nothing that somebody typed."""

import json
import logging

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.config import Settings
from app.core.db import make_engine
from app.core.logs import configure_logs
from tests.make import make_child

SECRET = "kanariya"


@pytest.fixture
def logging_as():
    """Sets the log up for a mode, and puts the one of before back afterwards."""
    before = structlog.get_config()

    def set_up(mode: str) -> None:
        configure_logs(Settings(log_level="info").model_copy(update={"mode": mode}))
        # A logger that was used already keeps what it was set up with.
        structlog.configure(cache_logger_on_first_use=False)

    yield set_up
    logging.getLogger("uvicorn.error").filters.clear()
    structlog.configure(**before)


def failing_statement(db) -> IntegrityError:
    """A statement that PostgreSQL refuses with the whole row in its words."""
    child = make_child(db, given=SECRET)
    with pytest.raises(IntegrityError) as failed, db.begin_nested():
        db.execute(text("update children set sex = :sex where id = :id"), {"sex": f"{SECRET} sex", "id": child.id})
    return failed.value


def test_what_a_statement_was_given_is_not_in_its_exception(engine):
    ours = make_engine(engine.url, pool_size=1)
    with pytest.raises(ProgrammingError, match="hidden") as failed, ours.begin() as connection:
        connection.execute(text("select 1 from no_such_table where name = :name"), {"name": SECRET})
    ours.dispose()
    assert SECRET not in str(failed.value)


def test_in_production_a_failure_is_kinds_and_places_without_messages(db, logging_as, capsys):
    refused = failing_statement(db)
    assert SECRET in str(refused), "the database tells the row that it refused"
    failure = ValueError(SECRET)
    failure.__cause__ = refused
    logging_as("production")
    structlog.get_logger("tubarerere").error("failure", exc_info=failure)
    written = capsys.readouterr().out
    assert SECRET not in written
    told = json.loads(written)["exception"]
    for words in ("builtins.ValueError", "sqlalchemy.exc.IntegrityError", "23514 ck_children_sex", "test_logs.py:"):
        assert words in told


def test_the_server_writes_a_failure_without_its_message(logging_as):
    server = logging.getLogger("uvicorn.error")
    logging_as("production")
    failure = ValueError(SECRET)
    line = server.makeRecord(server.name, logging.ERROR, "", 0, "Exception\n", (), (ValueError, failure, None))
    assert server.filter(line)
    written = logging.Formatter().format(line)
    assert written == "Exception\nbuiltins.ValueError"
    plain = server.makeRecord(server.name, logging.INFO, "", 0, "Shutting down %s", ("now",), None)
    assert server.filter(plain)
    assert plain.getMessage() == "Shutting down now"
    logging_as("demonstration")
    assert server.filters == []
