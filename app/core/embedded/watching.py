"""The watcher: a process of its own that owns the server and stops it when nobody holds a lease any more."""

import contextlib
import ctypes
import json
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from app.core.embedded.places import Place
from app.core.embedded.tools import EmbeddedError, as_user, environment, quoted, try_lock

ROOT = Path(__file__).resolve().parents[3]
STOP_SECONDS = 60
LEASE_POLL_SECONDS = 0.2
LARGEST_LOG_BYTES = 5_000_000

SETTINGS = {
    "listen_addresses": "",  # The socket only: no other machine, no other user.
    "port": "5432",  # Only names the socket; said here because PGPORT would change it.
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "max_connections": "100",
    "random_page_cost": "1.1",  # Solid-state disks.
    "jit": "off",  # Costs more than it saves on pages of this kind.
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    # Details of errors quote rows, and rows are about children: they stay out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# For data that nobody misses: a power cut may break the cluster, a killed server loses the last second.
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start_watcher(place: Place, binaries: Path, watch_lock: int, *, fast: bool) -> None:
    """Start the process that owns the server, in a session of its own so that Ctrl-C does not reach it.

    It inherits our lock on the file `watcher`: from the first moment on there is no gap in which a second
    one could be started.
    """
    order = {
        "home": str(place.home),
        "socket_dir": str(place.socket_dir),
        "user": place.user.pw_name if place.user else None,
        "bin_dir": str(binaries),
        "fast": fast,
        "watch_lock": watch_lock,
    }
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG_BYTES:
        place.log.rename(place.log.with_suffix(".log.1"))
    with open(os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:  # noqa: PTH123
        # Returns when the watcher has left us for good (`os.fork` in `__main__`), so nobody has to wait for it.
        done = subprocess.run(
            # -P: what lies in the folder of the caller must not hide anything.
            [sys.executable, "-P", "-m", "app.core.embedded", json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_where_the_project_is(environment()),
            pass_fds=[watch_lock],
            start_new_session=True,
            check=False,
        )
    if done.returncode:
        raise EmbeddedError(f"The embedded database did not start.\n{end_of_log(place)}")


def _where_the_project_is(known: dict[str, str]) -> dict[str, str]:
    """An environment in which the watcher finds this package, also where it is not installed."""
    paths = [str(ROOT), *filter(None, [known.get("PYTHONPATH")])]
    return known | {"PYTHONPATH": os.pathsep.join(paths)}


def watch(order: dict[str, Any]) -> None:
    """Run the server until nobody holds a lease any more. The life of the watcher process."""
    user = pwd.getpwnam(order["user"]) if order["user"] else None
    place = Place(Path(order["home"]), Path(order["socket_dir"]), user)
    signal.signal(signal.SIGTERM, _leave)
    os.set_inheritable(order["watch_lock"], False)  # The server must not inherit it.
    leases = os.open(place.home / "leases", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    short_lives = 0
    while short_lives < 3:
        started = time.monotonic()
        server = _start_server(place, Path(order["bin_dir"]), fast=order["fast"])
        try:
            if _wait_for_last_lease(server, leases):
                break
        finally:
            _stop_server(server)
        # The server died under us (out of memory, say). Whoever holds a lease still wants it.
        short_lives = short_lives + 1 if time.monotonic() - started < 5 else 0
        time.sleep(0.5)
        stop_orphan(place)
    # In this order: a process that comes in waits for `leases` and must then find that no watcher lives.
    os.close(order["watch_lock"])
    os.close(leases)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _start_server(place: Place, binaries: Path, *, fast: bool) -> "subprocess.Popen[bytes]":
    settings = SETTINGS | {"unix_socket_directories": quoted(place.socket_dir)} | (FAST_SETTINGS if fast else {})
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(binaries / "postgres"), "-D", str(place.cluster), *options],
        stdin=subprocess.DEVNULL,
        cwd="/",
        env=environment(),
        # Runs after the change of user, which would clear the wish. The watcher has one thread.
        preexec_fn=_stop_with_parent,  # noqa: PLW1509
        **as_user(place.user),
    )


def _stop_with_parent() -> None:
    """In the child: ask the kernel for a fast shutdown when the watcher is killed. Linux only."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT, 0, 0, 0)


def _wait_for_last_lease(server: "subprocess.Popen[bytes]", leases: int) -> bool:
    """True when the last lease is gone, and now held by us alone; False when the server ended by itself."""
    while server.poll() is None:
        if try_lock(leases):
            return True
        time.sleep(LEASE_POLL_SECONDS)
    return False


def _stop_server(server: "subprocess.Popen[bytes]") -> None:
    """Fast shutdown; after a minute an immediate one, from which the server recovers at its next start."""
    for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(wish)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS)


def stop_orphan(place: Place) -> None:
    """Stop a server that lost its watcher, and remove the pid file of one that is no more.

    We hold the watcher's lock, so no other server of this cluster is wanted. PostgreSQL itself would take a
    stranger who got the old pid (after a restart of a container, say) for a living server.
    """
    lines = pid_file(place)
    if not lines:
        return
    pid = int(lines[0])
    deadline = time.monotonic() + STOP_SECONDS
    while is_our_server(place, pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT if time.monotonic() < deadline else signal.SIGQUIT)
        time.sleep(0.1)
    (place.cluster / "postmaster.pid").unlink(missing_ok=True)


def pid_file(place: Place) -> list[str]:
    try:
        return (place.cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def is_our_server(place: Place, pid: int) -> bool:
    """Whether this process is the server of this cluster: after a restart the pid may be anyone's."""
    import psutil

    try:
        return place.cluster.samefile(psutil.Process(pid).cwd())
    except (psutil.Error, OSError):
        return False


def end_of_log(place: Place) -> str:
    with contextlib.suppress(FileNotFoundError):
        return "\n".join(place.log.read_text(errors="replace").splitlines()[-15:])
    return ""
