"""How long it takes to find who may be the same child, and to search by name: `python -m benchmarks.finding`.

It makes a database with 300,000 children whose names are as common and as rare as names are, measures the whole verbs
(statements, scoring, the note in the audit log) as a worker under row-level security, prints one table, and drops it.
"""

import argparse
import platform
import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psutil
from sqlalchemy import URL, Engine, create_engine, select, text
from sqlalchemy.orm import Session

import app.tables  # noqa: F401 - a row with a foreign key needs every table to be known
from app.access.actor import Actor
from app.access.area import area_of
from app.access.roles import Role
from app.access.scope import bind_actor
from app.children.duplicates import check_duplicates
from app.children.matching import Person, found_by
from app.children.queries import list_children
from app.children.schemas import ChildQuery, ChildRegister
from app.config import ROOT
from app.core.db import WEB_ROLE, driver_url
from app.core.embedded import ensure
from app.core.ids import new_code, new_id
from app.core.migrate import migrate
from app.core.text import fold
from app.defaults import load_defaults
from app.demo.names import GIVEN, OWN
from app.people.models import Account, Post
from app.places.models import Place
from app.places.service import load_release
from benchmarks.make_pairs import SLIPS, lines, slip, two

DATA = ROOT / ".data" / "bench"
ASKED = 300
COLUMNS = (
    "id, created_at, code, given_name, family_name, folded, sounds, name_keys, other_names, sex, born_on, "
    "birth_precision, origin_place_code, registered_on, restricted, area_code"
)
# Kinyarwanda names are sentences: beside the names of the demonstration, beginnings and ends make some thousands more.
BEGINNINGS = "Uwa Muka Nyira Habi Niyo Nsa Nshi Twi Tuyi Iri Ha Ndi Mu Byi Nzi Kayi Ru Ga Bi Si".split()  # noqa: SIM905
ENDS = "mana yezu hirwe bera murera zimana yisenga kunda gisha sabye rema tesi gabo kire mbabazi neza".split()  # noqa: SIM905


def names(rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """Given name, family name and sex, without end; the hundredth name is a hundred times rarer than the first."""
    made = [begin + end for begin in BEGINNINGS for end in ENDS]
    more = [two(line)[0] for line in lines(SLIPS)]
    for sex, given in GIVEN.items():
        rng.shuffle(given)
        OWN[sex] = list(dict.fromkeys([*OWN[sex], *more, *rng.sample(made, len(made))]))
    weights = {sex: [1 / (rank + 4) for rank in range(len(OWN[sex]))] for sex in OWN}
    given_weights = {sex: [1 / (rank + 3) for rank in range(len(GIVEN[sex]))] for sex in GIVEN}
    while True:
        sex = rng.choice(list(OWN))
        given, own = rng.choices(GIVEN[sex], given_weights[sex])[0], rng.choices(OWN[sex], weights[sex])[0]
        if rng.random() < 0.15:
            given += " " + rng.choices(GIVEN[sex], given_weights[sex])[0]
        yield given, own, sex.value


def fill(engine: Engine, count: int, rng: random.Random) -> None:
    """Writes the children by COPY."""
    with engine.connect() as connection:
        migrate(connection)
    with Session(engine) as db, db.begin():
        load_release(db)
        load_defaults(db)
    with engine.connect() as connection:
        villages = connection.scalars(select(Place.code).where(Place.code > 10_000_000)).all()
    raw = engine.raw_connection()
    today, stream = date(2026, 11, 1), names(rng)
    with raw.cursor() as cursor, cursor.copy(f"copy children ({COLUMNS}) from stdin") as copy:  # type: ignore[attr-defined]
        for number in range(count):
            given, own, sex = next(stream)
            born = today - timedelta(days=rng.randrange(365 * 18))
            precision = rng.choices(("day", "year", "estimated"), (7, 2, 1))[0]
            born = born if precision == "day" else date(born.year, 7, 1)
            village = rng.choice(villages)
            found = found_by(Person(given_name=given, family_name=own, born_on=born, birth_precision=precision))
            registered = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=7 * number)
            row = (new_id(), registered, new_code("TMM") + str(number), given, own, fold(f"{given} {own}"))
            row += (found.sounds, found.name_keys, [], sex, born, precision, village, today, False, village)
            copy.write_row(row)
    raw.commit()
    raw.close()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze children"))


def worker(engine: Engine) -> Actor:
    """A social worker of Gasabo."""
    with Session(engine) as db, db.begin():
        account = Account(username="bench", display_name="A worker", password_hash="!", must_change_password=False)  # noqa: S106 - no password has this hash
        post = Post(role=Role.SOCIAL_WORKER.value, place_code=12)
        db.add_all([account, post])
        db.flush()
        return Actor(
            account_id=account.id,
            username="bench",
            display_name="A worker",
            post_id=post.id,
            role=Role.SOCIAL_WORKER,
            place_code=12,
            place_name="Gasabo",
            area=area_of(12),
        )


def asked(engine: Engine, rng: random.Random) -> list[tuple[Any, ...]]:
    """Children of the database as somebody hears them again: half with a slip."""
    some = text("select given_name, family_name, sex, born_on, birth_precision from children order by code limit :most")
    with engine.connect() as connection:
        rows = connection.execute(some, {"most": ASKED}).all()
    return [(row[0], slip(rng, row[1]) if rng.random() < 0.5 and len(row[1]) > 3 else row[1], *row[2:]) for row in rows]


def measure(url: URL, actor: Actor, calls: list[Callable[[Session], Any]]) -> tuple[list[float], list[Any]]:
    """Milliseconds of each call in a transaction of its own as the web's role, the first twenty left out."""
    engine = create_engine(url.update_query_dict({"options": f"-c role={WEB_ROLE}"}), pool_size=1)
    times, answers = [], []
    for call in [*calls[:20], *calls]:
        with Session(engine, expire_on_commit=False, autoflush=False) as db, db.begin():
            bind_actor(db, actor)
            start = time.perf_counter()
            answers.append(call(db))
            times.append((time.perf_counter() - start) * 1000)
    engine.dispose()
    return times[20:], answers[20:]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=300_000)
    count = parser.parse_args().children
    rng = random.Random("finding")
    with ensure(DATA) as server:
        owner = driver_url(server.admin_url)
        name = f"bench_finding_{secrets.token_hex(4)}"
        maintenance = create_engine(owner, isolation_level="AUTOCOMMIT")
        with maintenance.connect() as connection:
            connection.execute(text(f"create database {name}"))
            url = owner.set(database=name)
            engine = create_engine(url)
            try:
                fill(engine, count, rng)
                report(engine, url, count, rng)
            finally:
                engine.dispose()
                connection.execute(text(f"drop database {name} with (force)"))
        maintenance.dispose()


def report(engine: Engine, url: URL, count: int, rng: random.Random) -> None:
    """Measures and prints."""
    actor, heard = worker(engine), asked(engine, rng)
    commands = [
        ChildRegister(given_name=row[0], family_name=row[1], sex=row[2], born_on=row[3], birth_precision=row[4])
        for row in heard
    ]
    checks: list[Callable[[Session], Any]] = [
        lambda db, command=command: check_duplicates(db, actor, command) for command in commands
    ]
    searches: list[Callable[[Session], Any]] = [
        lambda db, row=row: list_children(db, actor, ChildQuery(q=f"{row[0]} {row[1]}", limit=8)) for row in heard
    ]
    parts: list[Callable[[Session], Any]] = [
        lambda db, row=row: list_children(db, actor, ChildQuery(q=row[1][:6], limit=8)) for row in heard
    ]
    print(f"{count:,} children; {platform.machine()}, {psutil.cpu_count()} processors; one client\n")
    print("| what | p50 | p95 | slowest | with an answer |\n|---|---|---|---|---|")
    for label, calls in (
        ("likely duplicates, whole country", checks),
        ("search by whole name, one district", searches),
        ("search by the beginning of a name, one district", parts),
    ):
        times, answers = measure(url, actor, calls)
        ordered = sorted(times)
        some = sum(bool(answer if isinstance(answer, list) else answer.items) for answer in answers) / len(answers)
        p95 = ordered[int(len(ordered) * 0.95)]
        print(f"| {label} | {statistics.median(times):.1f} ms | {p95:.1f} ms | {ordered[-1]:.1f} ms | {some:.0%} |")


if __name__ == "__main__":
    main()
