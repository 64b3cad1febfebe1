"""What the database's roles may do to the log, and sealing by several at once, on truly committed events."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.audit.chain import newest_link, seal, seal_waiting
from app.audit.events import SignedIn
from app.audit.heads import heads
from app.audit.models import AuditEvent, AuditSeal, AuditUnsealed
from app.audit.service import record
from app.audit.verification import verify
from app.core.db import WEB_ROLE, WORKER_ROLE, Database


@pytest.fixture(scope="module")
def address(new_database: Callable[[], URL]) -> URL:
    return new_database()


def as_role(address: URL, role: str | None) -> Engine:
    options = f"-c role={role}" if role else ""
    return create_engine(address.update_query_dict({"options": options}), pool_size=8)


@pytest.fixture
def owner(address: URL) -> Iterator[Database]:
    engine = as_role(address, None)
    with Session(engine) as db, db.begin():
        db.execute(text("truncate audit_events, audit_seals, audit_unsealed"))
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def web_role(address: URL, owner: Database) -> Iterator[Database]:
    engine = as_role(address, WEB_ROLE)
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def worker_role(address: URL, owner: Database) -> Iterator[Database]:
    engine = as_role(address, WORKER_ROLE)
    yield Database(engine)
    engine.dispose()


def write(database: Database, number: int = 1) -> None:
    with database.unit_of_work() as db:
        for _ in range(number):
            record(db, None, SignedIn(how="browser"))


def assert_refused(database: Database, statement: str) -> None:
    with database.engine.connect() as connection, connection.begin():
        assert connection.scalar(select(func.count()).select_from(AuditEvent)) == 1
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            connection.execute(text(statement))


FORBIDDEN_TO_BOTH = [
    "update audit_events set kind = 'x'",
    "delete from audit_events",
    "truncate audit_events",
    "update audit_seals set hash = ''",
    "delete from audit_seals",
    "truncate audit_seals",
    "update audit_unsealed set event_id = 0",
    "insert into audit_unsealed values (1)",
    "truncate audit_unsealed",
    "alter table audit_events disable trigger all",
    "drop table audit_seals",
]
FORBIDDEN_TO_THE_WEB = [
    "insert into audit_seals (seq, event_id, hash, sealed_at) values (1, 1, '', now())",
    "delete from audit_unsealed",
]


@pytest.mark.parametrize("statement", FORBIDDEN_TO_BOTH + FORBIDDEN_TO_THE_WEB)
def test_the_web_cannot_touch_what_was_written(web_role: Database, statement: str) -> None:
    write(web_role)
    assert_refused(web_role, statement)


@pytest.mark.parametrize("statement", FORBIDDEN_TO_BOTH)
def test_the_worker_cannot_touch_what_was_written(web_role: Database, worker_role: Database, statement: str) -> None:
    write(web_role)
    assert_refused(worker_role, statement)


def test_the_worker_seals_what_the_web_wrote(
    owner: Database, web_role: Database, worker_role: Database, tmp_path: Path
) -> None:
    head_file = tmp_path / "heads.jsonl"
    write(web_role, 5)
    assert seal_waiting(worker_role, head_file, most=2) == 5
    assert [(head.seq, head.events) for head in heads(head_file)] == [(2, 2), (4, 2), (5, 1)]
    with owner.unit_of_work() as db:
        found = verify(db, head_file)
    assert (found.ok, found.sealed) == (True, 5)


def test_a_head_lost_in_a_crash_is_noted_by_the_next_run(
    owner: Database, web_role: Database, worker_role: Database, tmp_path: Path
) -> None:
    head_file = tmp_path / "heads.jsonl"
    write(web_role, 3)
    with worker_role.unit_of_work() as db:
        assert seal(db) == 3
    # The process ended here, after its commit. The next run has nothing to seal and notes the head all the same.
    assert seal_waiting(worker_role, head_file) == 0
    assert [head.seq for head in heads(head_file)] == [3]
    with owner.unit_of_work() as db:
        assert verify(db, head_file).ok


def test_an_event_that_commits_late_is_not_passed_over(
    owner: Database, web_role: Database, worker_role: Database, tmp_path: Path
) -> None:
    head_file = tmp_path / "heads.jsonl"
    slow = web_role.new_session()
    record(slow, None, SignedIn(how="token"))
    slow.flush()
    write(web_role, 2)
    # The slow transaction holds the lowest id. Sealing neither waits for it nor forgets it.
    assert seal_waiting(worker_role, head_file) == 2
    slow.commit()
    slow.close()
    assert seal_waiting(worker_role, head_file) == 1
    with owner.unit_of_work() as db:
        sealed = db.execute(select(AuditSeal.event_id).order_by(AuditSeal.seq)).scalars().all()
        assert sealed[-1] == min(sealed)
        assert verify(db, head_file).ok


def test_a_rolled_back_event_leaves_nothing_to_seal(web_role: Database, worker_role: Database, tmp_path: Path) -> None:
    session = web_role.new_session()
    record(session, None, SignedIn(how="token"))
    session.rollback()
    session.close()
    assert seal_waiting(worker_role, tmp_path / "heads.jsonl") == 0


def test_a_second_sealer_does_not_wait(web_role: Database, worker_role: Database) -> None:
    write(web_role, 2)
    first = worker_role.new_session()
    assert seal(first) == 2
    with worker_role.unit_of_work() as second:
        assert seal(second) == 0
    first.rollback()
    first.close()
    with worker_role.unit_of_work() as second:
        assert seal(second) == 2


def test_no_request_waits_while_a_sealer_is_at_work(web_role: Database, worker_role: Database) -> None:
    write(web_role, 2)
    sealer = worker_role.new_session()
    assert seal(sealer) == 2
    with web_role.unit_of_work() as db:
        db.execute(text("set local lock_timeout = '1ms'"))
        record(db, None, SignedIn(how="token"))
    sealer.commit()
    sealer.close()
    with worker_role.unit_of_work() as db:
        assert seal(db) == 1


def test_many_writers_and_sealers_make_one_chain(
    owner: Database, web_role: Database, worker_role: Database, tmp_path: Path
) -> None:
    head_file = tmp_path / "heads.jsonl"
    writers = [threading.Thread(target=lambda: [write(web_role, 3) for _ in range(20)]) for _ in range(3)]
    done = threading.Event()

    def keep_sealing() -> None:
        while not done.is_set():
            seal_waiting(worker_role, head_file, most=7)

    sealers = [threading.Thread(target=keep_sealing) for _ in range(3)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in sealers:
        thread.join()
    seal_waiting(worker_role, head_file)
    with owner.unit_of_work() as db:
        assert newest_link(db).seq == 180
        assert db.scalar(select(func.count()).select_from(AuditUnsealed)) == 0
        found = verify(db, head_file, stretch=50)
    assert found.ok, found.findings
    positions = [head.seq for head in heads(head_file)]
    assert positions == sorted(set(positions))
    assert positions[-1] == 180
