"""Sealing: every event gets a place in a chain of hashes, soon after it was written.

A trigger notes each new event in `audit_unsealed`, in the event's own transaction. The sealer takes what is noted
there, so an event that commits late, behind events with higher ids, is sealed later but never passed over. Its
lock is asked for by sealers only: no request ever waits for it.

`hash` is SHA-256 over the hash before it and the canonical JSON of the link. To change, take out or move one event
unnoticed, all that follow would have to be computed anew, and their hashes would differ from those in the head
file (`heads.py`).
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, any_, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from app.audit.heads import Head, keep
from app.audit.models import AuditEvent, AuditSeal, AuditUnsealed
from app.core.clock import now
from app.core.db import Database

BEGINNING = bytes(32)
"""What the first link takes for the hash before it."""

SEALERS_LOCK = 0x7475_6261_7365_616C
"""The advisory lock that makes sealers take turns; the bytes spell "tubaseal"."""

EVENT_COLUMNS = tuple(AuditEvent.__table__.columns)


class Link(NamedTuple):
    """The newest link of the chain; position 0 is the beginning."""

    seq: int
    hash: bytes
    sealed_at: datetime | None


def link_hash(before: bytes, seq: int, sealed_at: datetime, event: Mapping[str, Any]) -> bytes:
    """The hash of an event at a position. Empty columns are left out, so that a later column changes no old hash."""
    content = {
        "seq": seq,
        "sealed_at": sealed_at,
        "event": {name: value for name, value in event.items() if value is not None},
    }
    return hashlib.sha256(before + _CANONICAL.encode(content).encode("ascii")).digest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain)


def newest_link(db: Session) -> Link:
    """The end of the chain."""
    row = db.execute(
        select(AuditSeal.seq, AuditSeal.hash, AuditSeal.sealed_at).order_by(AuditSeal.seq.desc()).limit(1)
    ).one_or_none()
    return Link(row.seq, bytes(row.hash), row.sealed_at) if row else Link(0, BEGINNING, None)


def seal(db: Session, *, most: int = 1000) -> int:
    """Seals up to `most` waiting events, lowest id first, and says how many.

    None where another sealer is at work: it answers 0 without waiting.
    """
    if not db.scalar(select(func.pg_try_advisory_xact_lock(SEALERS_LOCK))):
        return 0
    waiting = list(db.scalars(select(AuditUnsealed.event_id).order_by(AuditUnsealed.event_id).limit(most)))
    if not waiting:
        return 0
    chosen = literal(waiting, ARRAY(BigInteger))
    events = db.execute(select(*EVENT_COLUMNS).where(AuditEvent.id == any_(chosen)).order_by(AuditEvent.id)).mappings()
    seq, before, _sealed_at = newest_link(db)
    sealed_at = now()
    links = []
    for event in events:
        seq += 1
        before = link_hash(before, seq, sealed_at, dict(event))
        links.append({"seq": seq, "event_id": event["id"], "hash": before, "sealed_at": sealed_at})
    if links:
        db.execute(insert(AuditSeal), links)
        sealed = literal([link["event_id"] for link in links], ARRAY(BigInteger))
        # A note without its event stays: it tells that the event was taken out before it was sealed.
        db.execute(delete(AuditUnsealed).where(AuditUnsealed.event_id == any_(sealed)))
    return len(links)


def keep_head(db: Session, head_file: Path) -> None:
    """Notes the end of the chain in the head file, unless it stands there already."""
    seq, value, sealed_at = newest_link(db)
    if sealed_at is not None:
        keep(head_file, Head(seq=seq, hash=value.hex(), sealed_at=sealed_at))


def seal_waiting(database: Database, head_file: Path, *, most: int = 1000) -> int:
    """Seals all that waits, in batches that each commit, and keeps the head after each; says how many.

    Where an earlier run ended between its commit and its note, this one writes the note, also with nothing to seal.
    """
    total = 0
    while True:
        with database.unit_of_work() as db:
            sealed = seal(db, most=most)
        with database.unit_of_work() as db:
            keep_head(db, head_file)
        total += sealed
        if sealed < most:
            return total
