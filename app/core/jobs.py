"""The job queue: work that nobody waits for, kept in PostgreSQL, run by `tubarerere worker`.

It knows no job; `app/worker.py` names them. A job with a timetable is put into the queue once for each of its
times, however many workers run, and taken from it by one of them. What a job finds to do it looks for itself, so a
run that failed or was missed is made good by the next.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import procrastinate
import structlog
from procrastinate.jobs import Status
from sqlalchemy.engine import URL

log = structlog.get_logger("tubarerere.worker")

AT_ONCE = 4
"""Jobs that one worker runs side by side, so that a long one does not hold up the sealing of the audit log."""

RETRY_SECONDS = 5.0
PARENT_SECONDS = 1.0
GRACE_SECONDS = 10.0
A_DAY = 24 * 3600.0


class Jobs:
    """A queue and the jobs that this process can do."""

    def __init__(self, address: URL) -> None:
        arguments = address.translate_connect_args(username="user", database="dbname") | dict(address.query)
        connector = procrastinate.PsycopgConnector(
            min_size=1, max_size=AT_ONCE, kwargs=arguments | {"application_name": "tubarerere worker"}
        )
        # A worker that was down at night does what it missed within a day.
        self.queue = procrastinate.App(connector=connector, periodic_defaults={"max_delay": A_DAY})
        self._periodic("*/10 * * * *", "jobs.sweep", self._sweep)

    def every(self, timetable: str, name: str, work: Callable[[], object]) -> None:
        """Runs `work` at the times of a cron line, whose sixth field, if it has one, are seconds.

        `work` runs in a thread of its own. A failure is logged; the next time is the next try.
        """

        def attempt(timestamp: int) -> None:  # noqa: ARG001 - the queue tells every periodic job its time
            try:
                work()
            except Exception:
                log.exception("job failed; its next time is its next try", job=name)

        self._periodic(timetable, name, attempt)

    def _periodic(self, timetable: str, name: str, function: Callable[[int], Any]) -> None:
        # Two that wait would do the same work twice. No lock while running: a killed worker would keep it.
        task = self.queue.task(name=name, queueing_lock=name)(function)
        self.queue.periodic(cron=timetable, periodic_id=name)(task)

    def put(self, name: str) -> None:
        """Puts one run of a job into the queue, outside its timetable."""
        with self.queue.open():
            self.queue.configure_task(name, allow_unknown=False).defer(timestamp=0)

    def run(self, *, parent: int | None = None, once: bool = False) -> None:
        """Works until SIGTERM or SIGINT, finishing what is in hand; with `once` until the queue is empty.

        With `parent`, stops also when the process of that id is no longer the parent of this one. A lost database
        is waited for.
        """
        asyncio.run(self._empty() if once else self._serve(parent))

    async def _empty(self) -> None:
        async with self.queue.open_async():
            await self._work(wait=False)

    async def _serve(self, parent: int | None) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        watch = asyncio.create_task(_watch(parent, stop)) if parent is not None else None
        log.info("worker started", jobs=sorted(name for name in self.queue.tasks if "builtin" not in name))
        while not stop.is_set():
            await self._serve_while_connected(stop)
            if not stop.is_set():
                log.warning("worker lost the database; it tries again")
                await _sleep(RETRY_SECONDS, stop)
        if watch is not None:
            watch.cancel()
        log.info("worker stopped")

    async def _serve_while_connected(self, stop: asyncio.Event) -> None:
        try:
            async with self.queue.open_async():
                working = asyncio.create_task(self._work(wait=True))
                stopping = asyncio.create_task(stop.wait())
                await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
                stopping.cancel()
                # Cancelling is how the queue is told to finish what is in hand and end.
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working
        except Exception as error:  # noqa: BLE001 - whatever it was, a worker that ends helps nobody
            log.error("worker", exception=type(error).__name__)  # noqa: TRY400 - a traceback every five seconds

    async def _work(self, *, wait: bool) -> None:
        await self.queue.run_worker_async(
            wait=wait,
            concurrency=AT_ONCE,
            install_signal_handlers=False,
            delete_jobs="always",
            shutdown_graceful_timeout=GRACE_SECONDS,
        )

    async def _sweep(self, timestamp: int) -> None:  # noqa: ARG002 - the queue tells every periodic job its time
        """Takes away what workers that were killed left in the queue as running."""
        manager = self.queue.job_manager
        for job in await manager.get_stalled_jobs():
            # Another worker may be sweeping too.
            with suppress(procrastinate.exceptions.ConnectorException):
                await manager.finish_job(job, Status.FAILED, delete_job=True)


async def _watch(parent: int, stop: asyncio.Event) -> None:
    while not stop.is_set():
        if os.getppid() != parent:
            stop.set()
        await _sleep(PARENT_SECONDS, stop)


async def _sleep(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
