"""The operator's commands, called as an operator calls them, on a database of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from app.audit.models import AuditEvent
from app.cli import app
from app.config import get_settings
from app.people.models import Account


@pytest.fixture(scope="module")
def address(new_database: Callable[[], URL]) -> URL:
    """A database that the commands of this file share."""
    return new_database()


@pytest.fixture
def run(address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """Runs a command with the settings of an operator who keeps the database elsewhere."""
    monkeypatch.setenv("DATABASE_URL", address.render_as_string(hide_password=False))
    monkeypatch.setenv("TUBARERERE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TUBARERERE_MODE", "development")
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, list(words))
    get_settings.cache_clear()


def _told(address: URL, kind: str) -> list[dict[str, object]]:
    engine = create_engine(address)
    with Session(engine) as db:
        events = db.scalars(select(AuditEvent.content).where(AuditEvent.kind == kind).order_by(AuditEvent.id)).all()
    engine.dispose()
    return list(events)


def test_the_day_of_the_gate_is_shown_set_moved_and_taken_away(address: URL, run: Callable[..., Result]) -> None:
    for words, said in (
        ((), "Gatekeeping is off"),
        (("2027-01-01",), "Gatekeeping since 2027-01-01"),
        (("2027-02-01",), "Gatekeeping since 2027-02-01"),
        ((), "Gatekeeping since 2027-02-01"),
        (("--off",), "Gatekeeping is off"),
        ((), "Gatekeeping is off"),
    ):
        result = run("gatekeeping", *words)
        assert (result.exit_code, result.stdout.strip()) == (0, said), result.output
    told = _told(address, "decision.gatekeeping_set")
    assert told == [{"since": "2027-01-01"}, {"since": "2027-02-01"}, {"since": None}], "showing it changes nothing"


@pytest.mark.parametrize("words", [("2027-01-01", "--off"), ("1 January",), ("2027-02-30",)])
def test_what_is_no_day_of_the_gate_changes_nothing(
    words: tuple[str, ...], address: URL, run: Callable[..., Result]
) -> None:
    before = _told(address, "decision.gatekeeping_set")
    assert run("gatekeeping", *words).exit_code == 2
    assert _told(address, "decision.gatekeeping_set") == before


def test_an_account_is_made_with_a_password_that_is_shown_once(address: URL, run: Callable[..., Result]) -> None:
    result = run("account", "create", "uwase", "--role", "district_supervisor", "--place", "11", "--name", "Uwase M.")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("uwase: ")
    engine = create_engine(address)
    with Session(engine) as db:
        made = db.scalars(select(Account).where(Account.username == "uwase")).one()
        assert (made.display_name, made.must_change_password) == ("Uwase M.", True)
    engine.dispose()
    assert run("account", "create", "uwase", "--role", "auditor").exit_code == 1
    assert run("account", "create", "gasana", "--role", "king").exit_code == 2
    assert run("account", "create", "gasana", "--role", "district_supervisor", "--place", "99").exit_code == 1
