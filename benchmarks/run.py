"""Measures the service beside a bare FastAPI, and writes the table of docs/performance.md: `make bench`."""

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from load import ID, Call, Result, json_call, load, page_call
from sqlalchemy import create_engine, text
from stage import PASSWORD, ROOT, Cast, DatabaseTime, cast_in, database, process_seconds, say, serving, settings_for

from app.children.words import Sex
from app.demo.names import GIVEN, OWN

TABLE = ROOT / "docs" / "performance.md"
START, END = "<!-- measured: written by benchmarks/run.py -->", "<!-- measured until here -->"
COOKIE = "__Host-session"
MANY = 16
SLICES = 3
SINCE = "2012-07-01"
FEW = 300
"""With so many children an operation takes as many statements as with all of them."""
STEPS, EVEN_PACE = 300_000, 25.0
"""A loop of so many steps, and the milliseconds of processor that it takes at the pace the aims were set for."""


@dataclass(frozen=True)
class Aim:
    """Milliseconds of processor that a request may take in the service and in the database."""

    app: float
    database: float


@dataclass(frozen=True)
class Operation:
    """What is measured, and its aim."""

    name: str
    call: Call
    aim: Aim | None = None


def operations(cast: Cast) -> list[Operation]:
    """The work of a day, by machine and by page."""
    searches = [f"/api/v1/children?q={quote(name)}" for name in cast.names]
    typed = [f"/search?q={quote(name)}" for name in cast.names]
    numbers = f"by=district&from={SINCE}&to={date.today().isoformat()}"  # noqa: DTZ011 - any last day will do
    credentials = [{"username": name, "password": PASSWORD} for name in cast.usernames]
    # Before a child is registered its duplicates are looked for, so no two have one name and one birthday.
    children = [
        {"id": ID, "given_name": given, "family_name": family, "sex": "female", "birth_precision": "day"}
        | {"born_on": f"{2009 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}", "village": cast.village}
        for number, (given, family) in enumerate(product(GIVEN[Sex.FEMALE], OWN[Sex.FEMALE]))
    ]
    referral = {"id": ID, "concern": "neglect", "urgency": "medium", "village": cast.village}
    referral |= {"child_hint": {"sex": "male", "age_band": "6-9"}, "narrative": "He has not been to school this month."}
    worker, cookie = cast.worker_token, cast.worker_cookie
    return [
        Operation("Sign in", json_call("", "POST", "/api/v1/tokens", bodies=credentials, expects=201)),
        Operation("List children", json_call(worker, "GET", "/api/v1/children?limit=25"), Aim(4, 2)),
        Operation("Search by name", json_call(worker, "GET", *searches), Aim(4, 3)),
        Operation(
            "Open a child", json_call(worker, "GET", *(f"/api/v1/children/{one}" for one in cast.children)), Aim(5, 2)
        ),
        Operation(
            "Register a child", json_call(worker, "POST", "/api/v1/children", bodies=children, expects=201), Aim(7, 3)
        ),
        Operation(
            "File a referral",
            json_call(cast.volunteer_token, "POST", "/api/v1/referrals", bodies=[referral], expects=201),
            Aim(7, 3),
        ),
        Operation(
            "National number", json_call(cast.national_token, "GET", f"/api/v1/indicators/I05?{numbers}"), Aim(6, 20)
        ),
        Operation("Page: my day", page_call(cookie, "/"), Aim(6, 3)),
        Operation("Page: my day of a supervisor", page_call(cast.supervisor_cookie, "/"), Aim(6, 3)),
        Operation("Page: children", page_call(cookie, "/children"), Aim(6, 3)),
        Operation("Page: a child", page_call(cookie, *(f"/children/{one}" for one in cast.children)), Aim(7.5, 3)),
        Operation("Page: search", page_call(cookie, *typed), Aim(10, 5)),
        Operation("Page: caseloads", page_call(cast.supervisor_cookie, "/caseloads"), Aim(10, 30)),
        Operation("Page: referrals", page_call(cookie, "/referrals"), Aim(6, 3)),
        Operation("Page: a number", page_call(cast.national_cookie, f"/numbers/I05?{numbers}"), Aim(9, 30)),
    ]


@dataclass(frozen=True)
class Measured:
    """An operation with one client and with many, and the bare endpoint with many."""

    operation: Operation
    statements: int
    one: Result
    many: Result
    bare: Result
    app: tuple[float, float]
    """Milliseconds of processor a request, with one client and with many."""
    database: tuple[float, float]
    bare_app: float
    pace: float
    bytes: int


class Bench:
    """The processes that are measured."""

    def __init__(self, environment: dict[str, str], database_time: DatabaseTime, seconds: float) -> None:
        self.environment = environment
        self.database_time = database_time
        self.seconds = seconds

    def measure(self, wanted: list[Operation]) -> list[Measured]:
        """All operations, each against the service and then against the bare endpoint with the same bytes."""
        statements = count_statements(self.environment, wanted)
        found = []
        with serving("app.main:create_app", self.environment) as (port, process):
            for operation in wanted:
                say(f"{operation.name} ...")
                # Every connection of the pool prepares its statements before anything is measured.
                sample = load(port, operation.call, clients=MANY, seconds=3)
                one, *costs_one = self._loaded(port, process, operation.call, 1)
                many, *costs_many = self._loaded(port, process, operation.call, MANY)
                found.append((operation, sample.sample, one, many, costs_one, costs_many))
        answers = {str(number): answer_of(sample) for number, (_operation, sample, *_rest) in enumerate(found)}
        measured = []
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(answers, file)
            file.flush()
            say("The bare endpoint ...")
            bare_environment = {"BENCH_ANSWERS": file.name, "PYTHONPATH": str(Path(__file__).parent)}
            with serving("bare:create_app", bare_environment) as (port, process):
                for number, (operation, sample, one, many, costs_one, costs_many) in enumerate(found):
                    call = operation.call
                    same = Call(call.method, (f"/{number}",), call.headers, call.bodies, call.expects)
                    load(port, same, clients=2, seconds=0.3)
                    bare, bare_app, _database, _pace = self._loaded(port, process, same, MANY, share=0.5)
                    measured.append(
                        Measured(
                            operation,
                            statements[operation.name],
                            one,
                            many,
                            bare,
                            (costs_one[0], costs_many[0]),
                            (costs_one[1], costs_many[1]),
                            bare_app,
                            costs_one[2],
                            len(sample),
                        )
                    )
        return measured

    def _loaded(
        self, port: int, process: psutil.Process, call: Call, clients: int, share: float = 1
    ) -> tuple[Result, float, float, float]:
        """The answers, the milliseconds of service and database each, and the pace, of the least disturbed slice."""
        slices = [self._slice(port, process, call, clients, self.seconds * share / SLICES) for _number in range(SLICES)]
        return min(slices, key=lambda one: (one[1] + one[2]) / one[3])

    def _slice(
        self, port: int, process: psutil.Process, call: Call, clients: int, seconds: float
    ) -> tuple[Result, float, float, float]:
        before = pace()
        app, database = process_seconds(process), self.database_time.seconds()
        result = load(port, call, clients=clients, seconds=seconds)
        answers = len(result.milliseconds)
        return (
            result,
            (process_seconds(process) - app) * 1000 / answers,
            (self.database_time.seconds() - database) * 1000 / answers,
            (before + pace()) / 2,
        )


def pace() -> float:
    """Milliseconds of processor that a loop takes now: a shared machine is not equally fast all the time."""
    started, total = time.process_time(), 0
    for step in range(STEPS):
        total += step * step % 7
    return (time.process_time() - started) * 1000


def answer_of(raw: bytes) -> dict[str, object]:
    """What the bare endpoint needs to give the same answer."""
    head, _blank, body = raw.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    kept = {name: value for name, value in headers.items() if name in {"content-type", "content-encoding"}}
    return {"body": b64encode(body).decode(), "status": int(status.split()[1]), "headers": kept}


def count_statements(environment: dict[str, str], wanted: list[Operation]) -> dict[str, int]:
    """SQL statements of one request of each kind, counted in this process; BEGIN and COMMIT are not among them."""
    os.environ |= environment
    from sqlalchemy import event
    from starlette.testclient import TestClient

    from app.config import get_settings
    from app.main import create_app

    get_settings.cache_clear()
    app = create_app()
    seen: list[str] = []
    counted = {}
    with TestClient(app, base_url="https://127.0.0.1") as client:
        event.listen(app.state.database.engine, "before_cursor_execute", lambda _c, _cur, sql, *_more: seen.append(sql))
        for operation in wanted:
            make = operation.call.maker()
            for _time in range(2):
                head, _blank, body = make().partition(b"\r\n\r\n")
                seen.clear()
                answer = client.request(
                    operation.call.method,
                    head.split()[1].decode(),
                    headers=operation.call.headers,
                    content=body,
                    follow_redirects=False,
                )
                if answer.status_code != operation.call.expects:
                    raise RuntimeError(f"{operation.name}: {answer.status_code} {answer.text[:600]}")
            counted[operation.name] = len(seen)
    return counted


HEADINGS = (
    "Operation",
    "SQL",
    "CPU ms: app + database",
    "Pace ms",
    "CPU ms at the even pace",
    "Aim",
    "CPU ms at 16",
    "1 client: req/s",
    "p50 ms",
    "p95 ms",
    "16 clients: req/s",
    "p50 ms",
    "p95 ms",
    "Bare: req/s",
    "CPU ms",
    "Share of bare",
    "Bytes",
)


def cells(row: Measured) -> list[str]:
    """One line of the table."""
    aim = row.operation.aim
    even = EVEN_PACE / row.pace
    return [
        row.operation.name,
        str(row.statements),
        f"{row.app[0]:.1f} + {row.database[0]:.1f}",
        f"{row.pace:.0f}",
        f"{row.app[0] * even:.1f} + {row.database[0] * even:.1f}",
        f"{aim.app:g} + {aim.database:g}" if aim else "–",
        f"{row.app[1]:.1f} + {row.database[1]:.1f}",
        *(f"{row.one.rate:,.0f}", f"{row.one.percentile(0.5):.1f}", f"{row.one.percentile(0.95):.1f}"),
        *(f"{row.many.rate:,.0f}", f"{row.many.percentile(0.5):.1f}", f"{row.many.percentile(0.95):.1f}"),
        f"{row.bare.rate:,.0f}",
        f"{row.bare_app:.2f}",
        f"{row.many.rate / row.bare.rate:.0%}",
        f"{row.bytes:,}",
    ]


def markdown(rows: list[Measured], children: int, server: str) -> str:
    """The measured part of docs/performance.md."""
    machine = f"{os.cpu_count()} cores of {processor()}, {psutil.virtual_memory().total / 2**30:.0f} GiB"
    run = (
        f"`make bench`, {date.today().isoformat()}: {children:,} children; {machine}; PostgreSQL {server}; "  # noqa: DTZ011
        f"Python {platform.python_version()}; one web process; load, service and database share the machine."
    )
    lines = [
        run,
        "",
        f"| {' | '.join(HEADINGS)} |",
        f"|{'|'.join(['---', *['--:'] * (len(HEADINGS) - 1)])}|",
        *(f"| {' | '.join(cells(row))} |" for row in rows),
    ]
    return "\n".join(lines)


def processor() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def write(table: str) -> None:
    """Puts the table between the marks of docs/performance.md."""
    content = TABLE.read_text()
    before, _start, rest = content.partition(START)
    _old, _end, after = rest.partition(END)
    TABLE.write_text(f"{before}{START}\n{table}\n{END}{after}")


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=20_000, help="how many children the database holds")
    parser.add_argument("--seconds", type=float, default=6, help="how long each measurement takes")
    parser.add_argument("--quick", action="store_true", help="shorter, and nothing is written")
    parser.add_argument("--only", help="operations whose name contains this; nothing is written")
    given = parser.parse_args()
    # So that the processes started here end with this one, also when it is told to.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    def wanted_of(cast: Cast) -> list[Operation]:
        return [one for one in operations(cast) if not given.only or given.only.lower() in one.name.lower()]

    with database(FEW) as (server, url):
        few = count_statements(settings_for(server, url), wanted_of(cast_in(url, COOKIE)))
    with database(given.children) as (server, url):
        cast = cast_in(url, COOKIE)
        environment = settings_for(server, url)
        engine = create_engine(url)
        with engine.connect() as connection:
            version = connection.scalar(text("show server_version"))
        engine.dispose()
        bench = Bench(environment, DatabaseTime(server.home / "pgdata"), 1.5 if given.quick else given.seconds)
        rows = bench.measure(wanted_of(cast))
    table = markdown(rows, given.children, version)
    print(table)
    if not given.quick and not given.only:
        write(table)
        say(f"Written to {TABLE.relative_to(ROOT)}")
    grown = [row.operation.name for row in rows if row.statements != few[row.operation.name]]
    if grown:
        sys.exit(f"These take another number of statements with {FEW} children: {', '.join(grown)}")


if __name__ == "__main__":
    main()
