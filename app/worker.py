"""The worker put together: which jobs run when."""

from app.audit.chain import seal_waiting
from app.config import Settings
from app.core import clock
from app.core.db import Database, make_engine
from app.core.jobs import AT_ONCE, Jobs
from app.core.logs import configure_logs
from app.core.server import addresses
from app.people.upkeep import drop_ended_sign_ins
from app.referrals.service import escalate_overdue
from app.visits.planning import extend_visits, replan_changed

BATCH = 100


def run_worker(settings: Settings, *, parent: int | None = None) -> None:
    """Works until it is told to stop (SIGTERM, SIGINT), or until the process `parent` is gone."""
    configure_logs(settings)
    with addresses(settings) as known:
        engine = make_engine(known.worker, pool_size=AT_ONCE)
        try:
            jobs = Jobs(known.worker)
            add_jobs(jobs, Database(engine), settings)
            jobs.run(parent=parent)
        finally:
            engine.dispose()


def add_jobs(jobs: Jobs, database: Database, settings: Settings) -> None:
    """The timetable. Each job opens units of work of its own, in the worker's database role."""

    def seal_audit_log() -> None:
        seal_waiting(database, settings.audit_head_path)

    def move_overdue_referrals() -> None:
        while True:
            with database.unit_of_work() as db:
                moved = escalate_overdue(db, clock.now(), BATCH)
            if moved < BATCH:
                return

    def plan_visits_again() -> None:
        for job in (replan_changed, extend_visits):
            while True:
                with database.unit_of_work() as db:
                    planned = job(db, BATCH)
                if planned < BATCH:
                    break

    def drop_sign_ins() -> None:
        with database.unit_of_work() as db:
            drop_ended_sign_ins(db, clock.now())

    # The sixth field are seconds: an event is sealed at most five seconds after it was written.
    jobs.every("* * * * * */2", "audit.seal", seal_audit_log)
    jobs.every("* * * * *", "referrals.escalate", move_overdue_referrals)
    jobs.every("30 1 * * *", "people.drop_sign_ins", drop_sign_ins)
    jobs.every("0 2 * * *", "visits.plan_again", plan_visits_again)
