"""The queue on a real database, as the worker's role; and the worker as a process of its own."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, func, select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.audit.events import SignedIn
from app.audit.heads import last_head
from app.audit.models import AuditEvent, AuditUnsealed
from app.audit.service import record
from app.audit.verification import verify
from app.config import ROOT, Settings
from app.core import clock
from app.core.db import WORKER_ROLE, Database
from app.core.ids import new_id
from app.core.jobs import Jobs
from app.people.models import SignIn
from app.people.upkeep import drop_ended_sign_ins
from app.worker import add_jobs
from tests.make import actor_for

PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def address(new_database: Callable[[], URL]) -> URL:
    return new_database()


@pytest.fixture(scope="module")
def worker_address(address: URL) -> URL:
    return address.update_query_dict({"options": f"-c role={WORKER_ROLE}"})


@pytest.fixture
def owner(address: URL) -> Iterator[Engine]:
    engine = create_engine(address)
    yield engine
    engine.dispose()


@pytest.fixture
def worker_database(worker_address: URL) -> Iterator[Database]:
    engine = create_engine(worker_address)
    yield Database(engine)
    engine.dispose()


def left_in_queue(owner: Engine) -> int:
    with owner.connect() as connection:
        return connection.scalar(text("select count(*) from procrastinate_jobs")) or 0


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in a minute"
        time.sleep(0.05)


def test_a_job_runs_once_and_leaves_nothing_behind(worker_address: URL, owner: Engine) -> None:
    jobs = Jobs(worker_address)
    runs: list[int] = []
    jobs.every("0 0 1 1 *", "test.count", lambda: runs.append(1))
    jobs.put("test.count")
    jobs.run(once=True)
    assert runs == [1]
    assert left_in_queue(owner) == 0


def test_a_failure_is_logged_and_the_next_run_tries_again(worker_address: URL, owner: Engine) -> None:
    jobs = Jobs(worker_address)
    runs: list[int] = []

    def fail_first() -> None:
        runs.append(1)
        if len(runs) == 1:
            message = "the first time goes wrong"
            raise RuntimeError(message)

    jobs.every("0 0 1 1 *", "test.fails", fail_first)
    with capture_logs() as logged:
        jobs.put("test.fails")
        jobs.run(once=True)
    assert [(line["job"], line["log_level"]) for line in logged] == [("test.fails", "error")]
    with capture_logs() as logged:
        jobs.put("test.fails")
        jobs.run(once=True)
    assert (len(runs), logged) == (2, [])
    assert left_in_queue(owner) == 0


def test_several_workers_take_each_job_once(worker_address: URL) -> None:
    runs: list[str] = []
    names = [f"test.job{number}" for number in range(12)]
    workers = []
    for _ in range(3):
        jobs = Jobs(worker_address)
        for name in names:
            jobs.every("0 0 1 1 *", name, lambda name=name: runs.append(name))
        workers.append(jobs)
    for name in names:
        workers[0].put(name)
    threads = [threading.Thread(target=lambda jobs=jobs: jobs.run(once=True)) for jobs in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(runs) == sorted(names)


def test_what_a_killed_worker_left_is_swept_away(worker_address: URL, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(
            text(
                "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, status) "
                "values ('default', 'test.killed', 'test.killed', 'doing')"
            )
        )
    jobs = Jobs(worker_address)
    jobs.put("jobs.sweep")
    jobs.run(once=True)
    assert left_in_queue(owner) == 0


def test_the_timetable_of_the_service_works_in_the_workers_role(
    worker_address: URL, worker_database: Database, owner: Engine, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path)
    with Session(owner) as db, db.begin():
        record(db, None, SignedIn(how="browser"))
    jobs = Jobs(worker_address)
    add_jobs(jobs, worker_database, settings)
    with capture_logs() as logged:
        for name in ("audit.seal", "referrals.escalate", "people.drop_sign_ins"):
            jobs.put(name)
        jobs.run(once=True)
    assert logged == []
    with Session(owner) as db:
        assert db.scalar(select(func.count()).select_from(AuditUnsealed)) == 0
        assert verify(db, settings.audit_head_path).ok


def test_ended_sign_ins_are_dropped_but_for_the_newest(db: Session) -> None:
    actor = actor_for(db, "auditor")
    now = clock.now()

    def sign_in(days: int, *, revoked: bool = False) -> SignIn:
        made = SignIn(
            kind="browser",
            account_id=actor.account_id,
            post_id=actor.post_id,
            secret_hash=new_id().bytes,
            created_at=now - timedelta(days=days),
            seen_at=now - timedelta(days=days),
            expires_at=now - timedelta(days=-90 if revoked else days),
            revoked_at=now - timedelta(days=days) if revoked else None,
        )
        db.add(made)
        db.flush()
        return made

    old, revoked, recent = sign_in(60), sign_in(40, revoked=True), sign_in(20)
    assert drop_ended_sign_ins(db, now) >= 2
    kept = db.scalars(select(SignIn.id).where(SignIn.account_id == actor.account_id)).all()
    assert kept == [recent.id]
    assert {old.id, revoked.id}.isdisjoint(kept)
    # A year later nobody came back: the last sign-in still tells when that was.
    drop_ended_sign_ins(db, now + timedelta(days=365))
    assert db.scalars(select(SignIn.id).where(SignIn.account_id == actor.account_id)).all() == [recent.id]


# The worker as a process


@pytest.fixture
def environment(address: URL, worker_address: URL, tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": address.render_as_string(hide_password=False),
        "DATABASE_WORKER_URL": worker_address.render_as_string(hide_password=False),
        "TUBARERERE_DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }


def start(environment: dict[str, str], code: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=ROOT, stdout=subprocess.PIPE)


WORK = "from app.worker import run_worker; from app.config import get_settings; run_worker(get_settings(){})"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_seals_by_itself_and_stops_when_told(
    environment: dict[str, str], owner: Engine, tmp_path: Path, number: signal.Signals
) -> None:
    process = start(environment, WORK.format(""))
    try:
        with Session(owner) as db, db.begin():
            record(db, None, SignedIn(how="browser"))
            event_id = db.scalar(select(func.max(AuditEvent.id)))

        def sealed() -> bool:
            with owner.connect() as connection:
                waiting = connection.scalar(
                    select(func.count()).select_from(AuditUnsealed).where(AuditUnsealed.event_id == event_id)
                )
            return waiting == 0 and last_head(tmp_path / "audit-heads.jsonl") is not None

        wait_until(sealed)
        process.send_signal(number)
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.communicate()
    with owner.connect() as connection:
        assert connection.scalar(text("select count(*) from procrastinate_workers")) == 0


def test_the_worker_ends_with_its_parent(environment: dict[str, str]) -> None:
    child = WORK.format(", parent=int(sys.argv[1])")
    code = (
        "import os, subprocess, sys, time\n"
        f"command = [sys.executable, '-c', 'import sys; {child}', str(os.getpid())]\n"
        "child = subprocess.Popen(command, stdout=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = start(environment, code)
    try:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(1)
        parent.kill()
        parent.wait()

        def gone() -> bool:
            try:
                return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
            except FileNotFoundError:
                return True

        wait_until(gone)
    finally:
        parent.kill()
        parent.communicate()
