"""What the measurements stand on: a database of their own with many children, and processes that serve it."""

import hashlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil
from sqlalchemy import URL, Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

import app.tables  # noqa: F401 - a row with a foreign key needs every table to be known
from app.access.roles import Role
from app.children.models import Child
from app.config import ROOT
from app.core import clock
from app.core.db import WEB_ROLE, driver_url
from app.core.embedded import Server, ensure
from app.core.migrate import migrate
from app.core.text import fold
from app.defaults import load_defaults
from app.people.models import Account, Appointment, Post, SignIn
from app.people.passwords import hash_password
from app.people.sessions import BROWSER, TOKEN, hash_secret
from app.places.models import Place
from app.places.service import load_release

DATA = ROOT / ".data" / "bench"
PASSWORD = "a password for measuring"  # noqa: S105 - the database is thrown away
SIGNING_ACCOUNTS = 32
"""Several: whoever tries one username more than five times at once is taken for a guesser."""
BUILT_FROM = ("migrations/versions/*.py", "data/places/*.csv", "app/defaults.py", "app/demo/dataset*.py")


@contextmanager
def database(children: int) -> Iterator[tuple[Server, URL]]:
    """The running server, and the owner's address of a fresh copy of a database with that many children."""
    with ensure(DATA, progress=say) as server:
        owner = driver_url(server.admin_url)
        template = _template(owner, children)
        name = f"bench_{secrets.token_hex(4)}"
        maintenance = create_engine(owner, isolation_level="AUTOCOMMIT")
        with maintenance.connect() as connection:
            connection.execute(text(f"create database {name} template {template}"))
            try:
                yield server, owner.set(database=name)
            finally:
                connection.execute(text(f"drop database {name} with (force)"))
        maintenance.dispose()


def _template(owner: URL, children: int) -> str:
    """The name of a database that is generated once for each version of the tables and of the generator."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in BUILT_FROM for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    name = f"bench_template_{children}_{digest.hexdigest()[:8]}"
    maintenance = create_engine(owner, isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        if connection.scalar(text("select 1 from pg_database where datname = :name"), {"name": name}):
            return name
        older = text("select datname from pg_database where datname like :name")
        for stale in connection.scalars(older, {"name": f"bench_template_{children}_%"}).all():
            connection.execute(text(f"drop database {stale} with (force)"))
        connection.execute(text(f"create database {name}_building"))
        say(f"Generating {children:,} children with their cases, visits, tasks and referrals")
        engine = create_engine(owner.set(database=f"{name}_building"))
        _fill(engine, children)
        engine.dispose()
        connection.execute(text(f"alter database {name}_building rename to {name}"))
    maintenance.dispose()
    return name


def _fill(engine: Engine, children: int) -> None:
    from app.demo.dataset import generate_dataset

    with engine.connect() as connection:
        migrate(connection)
    with Session(engine) as db, db.begin():
        load_release(db)
        load_defaults(db)
        generate_dataset(db, children=children, progress=say)
        db.execute(text("update accounts set is_demonstration = false"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


@dataclass(frozen=True)
class Cast:
    """Who makes the requests, with which tokens and cookies, and what they open."""

    worker_token: str
    worker_cookie: str
    supervisor_cookie: str
    volunteer_token: str
    national_token: str
    national_cookie: str
    usernames: list[str]
    children: list[str]
    names: list[str]
    village: int


def cast_in(url: URL, cookie_name: str) -> Cast:
    """Appoints people to the busiest posts, and signs them in."""
    engine = create_engine(url)
    with Session(engine) as db, db.begin():
        district = db.scalar(
            select(Child.district_code)
            .where(Child.district_code > 0)
            .group_by(Child.district_code)
            .order_by(func.count().desc())
            .limit(1)
        )
        assert district is not None, "there are no children"  # noqa: S101
        worker_post = db.scalar(
            select(Child.responsible_post_id)
            .join(Post, Post.id == Child.responsible_post_id)
            .where(Post.role == Role.SOCIAL_WORKER.value, Post.place_code == district, Post.closed_on.is_(None))
            .group_by(Child.responsible_post_id)
            .order_by(func.count().desc())
            .limit(1)
        )
        village = db.scalar(
            select(Child.origin_place_code)
            .join(Place, Place.code == Child.origin_place_code)
            .where(Child.district_code == district, Child.origin_place_code >= 10_000_000)
            .order_by(Child.id)
            .limit(1)
        )
        assert village is not None, "no child comes from a village"  # noqa: S101
        hashed = hash_password(PASSWORD)
        post_id = worker_post or _post(db, Role.SOCIAL_WORKER, district)
        accounts = [_account(db, f"bench.worker{number}", hashed, post_id) for number in range(SIGNING_ACCOUNTS)]
        volunteer_post = _post(db, Role.VOLUNTEER, village)
        volunteer = _account(db, "bench.volunteer", hashed, volunteer_post)
        national_post = _post(db, Role.NATIONAL_OFFICER, 0)
        national = _account(db, "bench.national", hashed, national_post)
        supervisor_post = _post(db, Role.DISTRICT_SUPERVISOR, district)
        supervisor = _account(db, "bench.supervisor", hashed, supervisor_post)
        shown = db.execute(
            select(Child.id, Child.given_name, Child.family_name)
            .where(Child.district_code == district, Child.restricted.is_(False))
            .order_by(Child.created_at.desc(), Child.id.desc())
            .limit(200)
        ).all()
        cast = Cast(
            worker_token=_signed_in(db, TOKEN, accounts[0], post_id),
            worker_cookie=f"{cookie_name}={_signed_in(db, BROWSER, accounts[0], post_id)}",
            supervisor_cookie=f"{cookie_name}={_signed_in(db, BROWSER, supervisor, supervisor_post)}",
            volunteer_token=_signed_in(db, TOKEN, volunteer, volunteer_post),
            national_token=_signed_in(db, TOKEN, national, national_post),
            national_cookie=f"{cookie_name}={_signed_in(db, BROWSER, national, national_post)}",
            usernames=[account.username for account in accounts],
            children=[str(row.id) for row in shown],
            names=sorted({fold(f"{row.given_name} {row.family_name}") for row in shown})[:50],
            village=village,
        )
    engine.dispose()
    return cast


def _post(db: Session, role: Role, place: int) -> object:
    post = Post(role=role.value, place_code=place)
    db.add(post)
    db.flush()
    return post.id


def _account(db: Session, username: str, password_hash: str, post_id: object) -> Account:
    account = Account(
        username=username, display_name=username.title(), password_hash=password_hash, must_change_password=False
    )
    db.add(account)
    db.flush()
    db.add(Appointment(account_id=account.id, post_id=post_id, starts_on=clock.today() - timedelta(days=1)))
    db.flush()
    return account


def _signed_in(db: Session, kind: str, account: Account, post_id: object) -> str:
    secret = secrets.token_urlsafe(32)
    db.add(
        SignIn(
            kind=kind,
            account_id=account.id,
            post_id=post_id,
            secret_hash=hash_secret(secret),
            expires_at=clock.now() + timedelta(hours=12),
        )
    )
    db.flush()
    return secret


def settings_for(server: Server, url: URL) -> dict[str, str]:
    """The environment of a process that serves this database as in production."""
    owner = url.set(drivername="postgresql")
    web = owner.set(username=WEB_ROLE, password=server.passwords[WEB_ROLE])
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"grant connect on database {url.database} to {WEB_ROLE}"))
    return {
        "TUBARERERE_MODE": "production",
        "TUBARERERE_DATA_DIR": str(DATA),
        "TUBARERERE_SECRET_KEY": secrets.token_urlsafe(32),
        "TUBARERERE_ENCRYPTION_KEYS": json.dumps([secrets.token_urlsafe(32)]),
        "TUBARERERE_TRUSTED_HOSTS": '["127.0.0.1"]',
        "DATABASE_URL": owner.render_as_string(hide_password=False),
        "DATABASE_WEB_URL": web.render_as_string(hide_password=False),
    }


@contextmanager
def serving(factory: str, environment: dict[str, str], *, ready: str = "/") -> Iterator[tuple[int, psutil.Process]]:
    """One web process of this factory, on a free port of 127.0.0.1: its port and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", factory, "--factory", "--port", str(port), "--no-access-log"]
    process = subprocess.Popen(
        [*command, "--log-level", "warning", "--no-server-header"], cwd=ROOT, env=os.environ | environment
    )
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}{ready}")
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(15)


def _wait_until_ready(process: "subprocess.Popen[bytes]", address: str) -> None:
    for _try in range(300):
        if process.poll() is not None:
            raise RuntimeError("The server did not start")
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - always of this machine
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not answer")


class DatabaseTime:
    """The processor time of the database: of all backends together, the ended ones included."""

    def __init__(self, cluster: Path) -> None:
        self.postmaster = psutil.Process(int((cluster / "postmaster.pid").read_text().split("\n")[0]))

    def seconds(self) -> float:
        """Seconds of processor until now."""
        own = self.postmaster.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for backend in self.postmaster.children():
            try:
                used = backend.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += used.user + used.system
        return float(total)


def process_seconds(process: psutil.Process) -> float:
    """Seconds of processor that a process has used."""
    used = process.cpu_times()
    return float(used.user + used.system)


def say(words: str) -> None:
    """One line of progress."""
    print(f"  {words}", file=sys.stderr, flush=True)
