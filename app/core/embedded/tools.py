"""Small tools of the embedded server: its error, locks of files, running a program as another user."""

import fcntl
import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Progress = Callable[[str], None]


class EmbeddedError(RuntimeError):
    """The embedded server cannot be had; the message says why and what helps."""


def quoted(name: object) -> str:
    """A name as SQL and lists in PostgreSQL's settings want it, whatever characters it has."""
    return '"' + str(name).replace('"', '""') + '"'


def try_lock(descriptor: int) -> bool:
    """Whether we now hold the exclusive lock of this open file."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the exclusive lock of a file; waits for it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, whole or not at all."""
    fresh = path.with_name(f"{path.name}.part")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # noqa: PTH123
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(path)


def environment() -> dict[str, str]:
    """Our environment without the settings of PostgreSQL clients and without what a test tool hangs in it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "COV_"))}


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def run(command: list[str], user: pwd.struct_passwd | None = None, *, text: str | None = None) -> str:
    """What a program printed. Raises EmbeddedError with its last words if it failed."""
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command,
        input=text or "",
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=environment() | {"LC_ALL": "C"},
        **as_user(user),
    )
    if done.returncode:
        raise EmbeddedError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout
