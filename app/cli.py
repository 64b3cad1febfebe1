"""The operator's commands; each opens a unit of work and calls the same services as the doors."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import make_url

from app.config import Settings, get_settings
from app.core.errors import FieldError, Problem

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False, help=__doc__)
db_commands = typer.Typer(no_args_is_help=True, help="The tables.")
places_commands = typer.Typer(no_args_is_help=True, help="The list of places.")
demo_commands = typer.Typer(no_args_is_help=True, help="The demonstration: invented people in real places.")
account_commands = typer.Typer(no_args_is_help=True, help="Accounts of people.")
audit_commands = typer.Typer(no_args_is_help=True, help="The audit log.")
dataset_commands = typer.Typer(no_args_is_help=True, help="Large invented data for measurements.")
app.add_typer(db_commands, name="db")
app.add_typer(places_commands, name="places")
app.add_typer(demo_commands, name="demo")
app.add_typer(account_commands, name="account")
app.add_typer(audit_commands, name="audit")
app.add_typer(dataset_commands, name="dataset")

console = Console(stderr=True, highlight=False, soft_wrap=True)
DEMONSTRATION_PASSWORD = "tubarerere-demo"  # noqa: S105 - shown to everybody, and only in the demonstration


def say(text: str) -> None:
    """One line of progress."""
    console.print(f"  {text}")


@contextmanager
def _problems_as_words() -> Iterator[None]:
    """Ends a command with the problem's sentence instead of a traceback."""
    from app.core.embedded import EmbeddedError
    from app.core.readiness import NotReady

    try:
        yield
    except FieldError as error:
        for field, message in error.errors:
            console.print(f"[red]{field or 'Error'}[/]: {message}")
        raise typer.Exit(1) from error
    except (Problem, NotReady, EmbeddedError, OSError) as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from error


@contextmanager
def _settings() -> Iterator[Settings]:
    from pydantic import ValidationError

    import app.tables  # noqa: F401 - a row with a foreign key needs every table to be known

    try:
        settings = get_settings()
    except ValidationError as invalid:
        for finding in invalid.errors():
            console.print(f"[red]{finding['msg'].removeprefix('Value error, ')}[/]")
        raise typer.Exit(2) from invalid
    with _problems_as_words():
        yield settings


@db_commands.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables up to date and add defaults that are missing."""
    from app.core.migrate import migrate
    from app.core.server import owner_database
    from app.defaults import load_defaults

    with _settings() as settings, owner_database(settings, say) as database:
        with database.engine.connect() as connection:
            migrate(connection)
        with database.unit_of_work() as db:
            added = load_defaults(db)
        say(f"The tables are up to date; {added} default values were added")


@places_commands.command("load")
def places_load(
    file: Annotated[Path | None, typer.Argument(help="A list of places; the shipped one by default.")] = None,
    label: Annotated[str | None, typer.Option(help="What this edition is called.")] = None,
    source: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    effective: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From which day on; today by default.")
    ] = None,
) -> None:
    """Load the places of Rwanda; the same file again does nothing."""
    from app.core.server import owner_database
    from app.places.service import load_release

    given = {"file": file, "label": label, "source": source, "effective_on": effective and effective.date()}
    options: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    with _settings() as settings, owner_database(settings) as database, database.unit_of_work() as db:
        report = load_release(db, progress=say, **options)
        say(str(report))


@demo_commands.command("load")
def demo_load(seed: Annotated[int, typer.Option(help="The same seed makes the same demonstration.")] = 2012) -> None:
    """Build the demonstration, unless it is there already."""
    from app.core.server import owner_database
    from app.demo.load import load_demonstration

    with _settings() as settings, owner_database(settings) as database, database.unit_of_work() as db:
        if settings.mode == "production":
            console.print("[red]The demonstration is not for production[/]")
            raise typer.Exit(1)
        say(load_demonstration(db, seed=seed, password=DEMONSTRATION_PASSWORD, progress=say))


@account_commands.command("create")
def account_create(
    username: str,
    role: Annotated[str, typer.Option(help="One of the roles of docs/access.md.")],
    name: Annotated[str | None, typer.Option(help="The person's name.")] = None,
    place: Annotated[int, typer.Option(help="Code of the place of the post; 0 is the country.")] = 0,
) -> None:
    """Create an account with a temporary password, which is shown once."""
    from app.access.roles import Role
    from app.core.server import owner_database
    from app.people.service import create_account_by_operator

    if role not in set(Role):
        console.print(f"[red]There is no role {role}[/]; there are: {', '.join(Role)}")
        raise typer.Exit(2)
    with _settings() as settings, owner_database(settings) as database, database.unit_of_work() as db:
        password = create_account_by_operator(
            db, username=username, display_name=name or username, role=Role(role), place_code=place
        )
    print(f"{username}: {password}")
    say("The password is temporary: at the first sign-in a new one is chosen.")


@audit_commands.command("verify")
def audit_verify(
    head: Annotated[Path | None, typer.Option(help="The file with the heads of the chain.")] = None,
) -> None:
    """Check the whole audit log against its chain and the heads kept outside; ends with 1 if anything is wrong."""
    from app.audit.verification import verify
    from app.core.server import owner_database

    with _settings() as settings, owner_database(settings) as database, database.unit_of_work() as db:
        result = verify(db, head or settings.audit_head_path)
    for finding in result.findings:
        console.print(f"[red]{finding.kind.label}[/]: {finding.text}")
    print(f"{result.sealed} sealed events, {len(result.findings)} findings")
    raise typer.Exit(0 if result.ok else 1)


@dataset_commands.command("generate")
def dataset_generate(
    children: Annotated[int, typer.Option(help="How many children.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same data.")] = 2012,
) -> None:
    """Fill an empty database with invented children, placements, visits and referrals, for measurements."""
    from app.core.server import owner_database
    from app.demo.dataset import generate_dataset

    with _settings() as settings, owner_database(settings) as database, database.unit_of_work() as db:
        if settings.mode == "production":
            console.print("[red]Invented data are not for production[/]")
            raise typer.Exit(1)
        generate_dataset(db, children=children, seed=seed, progress=say)


@app.command()
def gatekeeping(
    since: Annotated[
        datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="The first day; without it the day is only shown.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Switch it off.")] = False,
) -> None:
    """Show or set the day from which residential care needs an approved decision before a child enters."""
    from app.core.server import owner_database
    from app.decisions.service import gatekeeping_since, set_gatekeeping

    if since and off:
        console.print("[red]Give a day or --off, not both[/]")
        raise typer.Exit(2)
    with _settings() as settings, owner_database(settings) as database, database.unit_of_work() as db:
        if since or off:
            set_gatekeeping(db, since.date() if since else None)
        day = gatekeeping_since(db)
    print(f"Gatekeeping since {day}" if day else "Gatekeeping is off")


@app.command()
def worker(
    parent: Annotated[int | None, typer.Option(help="Stop when this process is gone.", hidden=True)] = None,
) -> None:
    """Run what nobody waits for: sealing the audit log, moving late referrals up the ladder."""
    from app.worker import run_worker

    with _settings() as settings:
        run_worker(settings, parent=parent)


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Web processes.")] = 1,
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Run the worker beside it.")] = False,
) -> None:
    """Serve the pages and the API."""
    import uvicorn

    from app.core import readiness
    from app.core.server import owner_database

    with _settings() as settings, owner_database(settings, say) as database:
        with database.unit_of_work() as db:
            readiness.check(db, settings)
        beside = _start_worker() if with_worker else None
        _announce(settings, host, port)
        try:
            uvicorn.run(
                "app.main:create_app",
                factory=True,
                host=host,
                port=port,
                workers=workers,
                access_log=False,
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=10,
            )
        finally:
            if beside is not None:
                beside.terminate()
                beside.wait(15)


def _start_worker() -> "subprocess.Popen[bytes]":
    # The worker watches this process and ends with it, also when it is killed without a word.
    command = [sys.executable, "-m", "app.cli", "worker", "--parent", str(os.getpid())]
    return subprocess.Popen(command)


def _announce(settings: Settings, host: str, port: int) -> None:
    console.print(f"\n[bold]Tubarerere[/] is on http://{host}:{port}")
    if settings.database_url is not None:
        console.print(f"  Database: {make_url(settings.database_url.get_secret_value()).render_as_string()}")
    else:
        console.print(f"  Database: embedded, in {settings.data_dir}")
    if settings.mode != "demonstration":
        return
    from app.demo.accounts import DEMONSTRATION_ACCOUNTS

    table = Table(title=f"Who may sign in (password: {DEMONSTRATION_PASSWORD})", title_justify="left", box=None)
    for heading in ("Name", "Works as"):
        table.add_column(heading)
    for account in DEMONSTRATION_ACCOUNTS:
        table.add_row(account.username, f"{account.role.label}, {account.place_name}")
    console.print(table)
    console.print()


if __name__ == "__main__":
    app()
