"""Two browsers and several workers at the same moment, on connections of their own that truly commit."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from time import sleep
from uuid import UUID

import pytest
from sqlalchemy import URL, create_engine, func, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.core import clock
from app.core.db import WEB_ROLE, WORKER_ROLE, Database
from app.core.errors import Stale
from app.referrals.models import Notice, Referral, ReferralHop
from app.referrals.schemas import ReferralEscalate
from app.referrals.service import escalate_overdue, escalate_referral, file_referral
from tests.make import actor_for
from tests.referrals.conftest import command

WORKERS, EACH = 3, 3


@pytest.fixture(scope="module")
def address(new_database: Callable[[], URL]) -> URL:
    return new_database()


def database(address: URL, role: str) -> Database:
    return Database(create_engine(address.update_query_dict({"options": f"-c role={role}"})))


@pytest.fixture(scope="module")
def web_role(address: URL) -> Iterator[Database]:
    made = database(address, WEB_ROLE)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def worker_role(address: URL) -> Iterator[Database]:
    made = database(address, WORKER_ROLE)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def people(address: URL) -> dict[str, Actor]:
    engine = create_engine(address)
    with Session(engine, expire_on_commit=False) as db, db.begin():
        made = {
            "volunteer": actor_for(db, Role.VOLUNTEER),
            "first": actor_for(db, Role.CELL_COORDINATOR),
            "second": actor_for(db, Role.CELL_COORDINATOR),
            "sector": actor_for(db, Role.SECTOR_OFFICER),
        }
    engine.dispose()
    return made


def filed(web_role: Database, author: Actor) -> UUID:
    with web_role.unit_of_work() as db:
        bind_actor(db, author)
        return file_referral(db, author, command())[0]


def wait_for_a_lock(address: URL) -> None:
    engine = create_engine(address)
    waiting = text(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _try in range(600):
            if connection.scalar(waiting):
                break
            sleep(0.05)
    engine.dispose()


def test_of_two_browsers_one_wins_and_the_other_is_told(
    address: URL, web_role: Database, people: dict[str, Actor]
) -> None:
    referral_id = filed(web_role, people["volunteer"])
    first_holds_the_row = Event()

    def first() -> None:
        with web_role.unit_of_work() as db:
            bind_actor(db, people["first"])
            escalate_referral(db, people["first"], referral_id, ReferralEscalate(reason="One"), 1)
            first_holds_the_row.set()
            wait_for_a_lock(address)

    def second() -> None:
        first_holds_the_row.wait(timeout=60)
        with web_role.unit_of_work() as db:
            bind_actor(db, people["second"])
            escalate_referral(db, people["second"], referral_id, ReferralEscalate(reason="Two"), 1)

    with ThreadPoolExecutor(2) as threads:
        won, lost = threads.submit(first), threads.submit(second)
        won.result()
        with pytest.raises(Stale, match="Somebody of your office already sent this to the sector at"):
            lost.result()
    with web_role.unit_of_work() as db:
        bind_actor(db, people["volunteer"])
        hops = list(db.scalars(select(ReferralHop).where(ReferralHop.referral_id == referral_id)))
        assert len(hops) == 2
        assert db.get_one(Referral, referral_id).version == 2


def test_the_same_form_sent_twice_at_once_makes_one_referral(
    address: URL, web_role: Database, people: dict[str, Actor]
) -> None:
    author = people["volunteer"]
    the_form = command(id="01890a5d-ac96-774b-bcce-b302099a8057")
    first_holds_the_row = Event()

    def first() -> bool:
        with web_role.unit_of_work() as db:
            bind_actor(db, author)
            _referral_id, is_new = file_referral(db, author, the_form)
            first_holds_the_row.set()
            wait_for_a_lock(address)
        return is_new

    def second() -> bool:
        first_holds_the_row.wait(timeout=60)
        with web_role.unit_of_work() as db:
            bind_actor(db, author)
            return file_referral(db, author, the_form)[1]

    with ThreadPoolExecutor(2) as threads:
        futures = threads.submit(first), threads.submit(second)
        assert [future.result() for future in futures] == [True, False]


def test_however_many_workers_run_each_overdue_referral_moves_once(
    address: URL, web_role: Database, worker_role: Database, people: dict[str, Actor]
) -> None:
    owner = create_engine(address)
    with owner.begin() as connection:
        connection.execute(text("update referrals set due_at = null"))
    ids = {filed(web_role, people["volunteer"]) for _number in range(WORKERS * EACH)}
    later = clock.now() + timedelta(hours=80)
    all_hold_their_rows = Barrier(WORKERS, timeout=60)

    def work() -> int:
        with worker_role.unit_of_work() as db:
            moved = escalate_overdue(db, later, limit=EACH)
            all_hold_their_rows.wait()
        return moved

    with ThreadPoolExecutor(WORKERS) as threads:
        moved = [future.result() for future in [threads.submit(work) for _worker in range(WORKERS)]]
    assert moved == [EACH] * WORKERS
    with worker_role.unit_of_work() as db:
        assert escalate_overdue(db, later) == 0
    with Session(owner) as db:
        hops = select(ReferralHop.referral_id, func.count()).where(ReferralHop.referral_id.in_(ids))
        assert {row[0]: row[1] for row in db.execute(hops.group_by(ReferralHop.referral_id))} == dict.fromkeys(ids, 2)
        levels = select(Referral.level).where(Referral.id.in_(ids))
        assert set(db.scalars(levels)) == {3}
        told = select(func.count()).where(Notice.account_id == people["sector"].account_id, Notice.referral_id.in_(ids))
        assert db.scalar(told) == len(ids)
    owner.dispose()
