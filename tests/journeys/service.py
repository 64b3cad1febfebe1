"""The service as an operator starts it: a web process with a worker beside it, on a database of its own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.config import ROOT, Settings
from app.core.db import Database
from app.core.jobs import Jobs
from app.people.service import create_account_by_operator
from app.worker import add_jobs

READY_SECONDS = 60
PASSWORD = "imisozi igihumbi myiza"


class Person(NamedTuple):
    """Somebody who can sign in."""

    username: str
    password: str
    name: str


@dataclass
class Service:
    """A running service; `engine` is its database's owner, for looking behind the pages."""

    address: str
    engine: Engine
    data_dir: Path
    environment: dict[str, str] = field(repr=False)

    def operator(self, *words: str) -> str:
        """Runs `tubarerere ...` and returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def appoint(self, username: str, role: Role, place: int, name: str) -> Person:
        """A person with a password of their own, in a post."""
        with Session(self.engine) as db, db.begin():
            create_account_by_operator(
                db, username=username, display_name=name, role=role, place_code=place, password=PASSWORD
            )
        return Person(username, PASSWORD, name)

    def newcomer(self, username: str, role: Role, place: int, name: str) -> Person:
        """A person with the temporary password that the command line prints."""
        printed = self.operator("account", "create", username, "--role", role, "--place", str(place), "--name", name)
        found = re.fullmatch(rf"{username}: (\S.*)", printed.strip())
        assert found, printed
        return Person(username, found[1], name)

    def let_the_clock_pass(self, referral_code: str) -> None:
        """Puts a referral's due time into the past and wakes the worker, which finds it by itself every minute."""
        with self.engine.begin() as connection:
            referral = connection.scalar(text("select id from referrals where code = :code"), {"code": referral_code})
            values = {"id": referral, "past": timedelta(days=30)}
            hop = "update referral_hops set received_at = received_at - :past, due_at = due_at - :past"
            connection.execute(text(f"{hop} where referral_id = :id and ended_at is null"), values)
            connection.execute(text("update referrals set due_at = due_at - :past where id = :id"), values)
        jobs = Jobs(self.engine.url)
        add_jobs(jobs, Database(self.engine), Settings(data_dir=self.data_dir))
        jobs.put("referrals.escalate")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_service(database: URL, data_dir: Path) -> Iterator[Service]:
    """Serves on a free port of this machine until the block ends."""
    address = database.set(drivername="postgresql").render_as_string(hide_password=False)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(data_dir),
        "DATABASE_URL": address,
        "TUBARERERE_DATA_DIR": str(data_dir),
        "TUBARERERE_MODE": "development",
        "TUBARERERE_LOG_LEVEL": "warning",
    }
    port = _free_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--with-worker"]
    output = data_dir / "service.log"
    with output.open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    engine = create_engine(database)
    service = Service(f"http://127.0.0.1:{port}", engine, data_dir, environment)
    try:
        _wait_until_ready(process, service.address, output)
        yield service
    finally:
        engine.dispose()
        process.terminate()
        process.wait(20)
    broken = [line for line in output.read_text().splitlines() if '"level": "error"' in line or "Traceback" in line]
    assert not broken, f"The service complained: {broken[:3]}"


def _wait_until_ready(process: "subprocess.Popen[bytes]", address: str, output: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, f"The service did not start: {output.read_text()}"
        try:
            with urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (URLError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"The service was not ready in {READY_SECONDS} s: {output.read_text()}")
