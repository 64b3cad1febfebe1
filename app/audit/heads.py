"""The head file: the end of the chain after each batch, one line of JSON each, where the database cannot reach it.

Whoever owns the database could write a whole new chain; it would not pass through the hashes in this file. The file
is only ever added to. Old lines may be moved away to safer keeping, the last one must stay.
"""

import fcntl
import os
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

log = structlog.get_logger("tubarerere.audit")

TAIL_BYTES = 8192


class Head(BaseModel):
    """That the chain had `hash` at position `seq`; `events` were sealed since the line before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int = Field(ge=1)
    hash: str = Field(pattern="^[0-9a-f]{64}$")
    sealed_at: datetime
    events: int = 0


def keep(path: Path, head: Head) -> bool:
    """Adds a head to the file, safely on the disk when this returns; says whether it was new.

    A chain that ends before the last line of the file was cut: then nothing is written, and the log says so.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # Several workers of one machine share the file.
        fcntl.flock(file, fcntl.LOCK_EX)
        size = os.fstat(file).st_size
        tail = os.pread(file, TAIL_BYTES, max(0, size - TAIL_BYTES))
        last = _last(tail)
        if last is not None and last.seq >= head.seq:
            if last.seq > head.seq or last.hash != head.hash:
                _tell(head.seq, head.hash, last.seq)
            return False
        line = head.model_copy(update={"events": head.seq - (last.seq if last else 0)}).model_dump_json()
        # A line that a power cut left unfinished is closed, so that it spoils no other.
        broken = size > 0 and not tail.endswith(b"\n")
        _write(file, f"{chr(10) if broken else ''}{line}\n".encode())
        os.fsync(file)
        if size == 0:
            _sync_folder(path.parent)
        return True
    finally:
        os.close(file)


def last_head(path: Path) -> Head | None:
    """The last line that can be read, or None where there is no file or no such line. Raises `OSError`."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            return _last(file.read())
    except FileNotFoundError:
        return None


def heads(path: Path) -> Iterator[Head]:
    """All lines that can be read, oldest first; none where there is no file. Raises `OSError`."""
    try:
        with path.open("rb") as file:
            for line in file:
                head = _parse(line)
                if head is not None:
                    yield head
    except FileNotFoundError:
        return


def _last(tail: bytes) -> Head | None:
    return next((head for line in reversed(tail.splitlines()) if (head := _parse(line))), None)


def _parse(line: bytes) -> Head | None:
    try:
        return Head.model_validate_json(line)
    except ValidationError:
        return None


def _write(file: int, content: bytes) -> None:
    written = os.write(file, content)
    if written < len(content):
        message = "the disk of the audit head file is full"
        raise OSError(message)


@lru_cache(maxsize=8)
def _tell(seq: int, _hash: str, kept: int) -> None:
    """Logs once for each state, although the sealer comes by every two seconds."""
    log.error("audit chain differs from its head file: run tubarerere audit verify", chain=seq, head_file=kept)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
