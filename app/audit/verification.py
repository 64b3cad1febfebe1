"""Verification: walks the whole chain and names every event that is not as it was sealed.

The chain is read in stretches, so that a log of any length is walked in the same memory; each link is computed from
the stored hash before it, so that one edited event is one finding and not the ruin of all that follows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from app.audit.chain import BEGINNING, EVENT_COLUMNS, link_hash
from app.audit.heads import Head, heads
from app.audit.models import AuditEvent, AuditSeal, AuditUnsealed
from app.audit.words import FindingKind
from app.core.clock import now
from app.core.i18n import gettext as _
from app.core.i18n import ngettext

STRETCH = 2000
MOST_FINDINGS = 100
PATIENCE = timedelta(minutes=1)
"""How long an event may wait for its seal before that is a finding; the worker needs seconds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, in a plain sentence; the place in the chain and the event if known."""

    kind: FindingKind
    seq: int | None
    event_id: int | None
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: nothing when `ok`. `sealed` links were walked."""

    sealed: int
    findings: list[Finding]

    @property
    def ok(self) -> bool:
        """Whether the log is whole."""
        return not self.findings

    def __str__(self) -> str:
        if self.ok:
            return _("%(num)d events are sealed, and the log is whole.") % {"num": self.sealed}
        return ngettext(
            "%(num)d thing is not as it should be, among %(sealed)d sealed events.",
            "%(num)d things are not as they should be, among %(sealed)d sealed events.",
            len(self.findings),
        ) % {"num": len(self.findings), "sealed": self.sealed}


def verify(db: Session, head_file: Path, *, stretch: int = STRETCH) -> Verification:
    """Walks the chain from its beginning; stops after a hundred findings, saying so.

    Raises `OSError` where the head file is there and cannot be read.
    """
    walk = _Walk(heads(head_file))
    for rows in _stretches(db, stretch):
        walk.through(rows)
        if len(walk.findings) >= MOST_FINDINGS:
            walk.find(FindingKind.TOO_MANY, None, None, _("Verification stopped here: there is too much to list."))
            return Verification(walk.seq, walk.findings)
    walk.end(head_file)
    for finding in _without_seal(db):
        walk.findings.append(finding)
    return Verification(walk.seq, walk.findings)


def _stretches(db: Session, length: int) -> Iterator[Sequence[RowMapping]]:
    seal = AuditSeal.__table__
    columns = [
        seal.c.seq.label("seal_seq"),
        seal.c.event_id.label("seal_event_id"),
        seal.c.hash.label("seal_hash"),
        seal.c.sealed_at.label("seal_sealed_at"),
    ]
    statement = (
        select(*columns, *EVENT_COLUMNS)
        .select_from(seal)
        .outerjoin(AuditEvent, AuditEvent.id == seal.c.event_id)
        .order_by(seal.c.seq)
        .limit(length)
    )
    last: int | None = None
    while True:
        found = db.execute(statement if last is None else statement.where(seal.c.seq > last)).mappings().all()
        if not found:
            return
        yield found
        last = found[-1]["seal_seq"]


@dataclass(slots=True)
class _Walk:
    """Where verification stands: the last position, the hash that the next link builds on, and the next head."""

    heads: Iterator[Head]
    findings: list[Finding] = field(default_factory=list)
    seq: int = 0
    before: bytes | None = BEGINNING
    doubted: bytes | None = None
    head: Head | None = None
    last_head: Head | None = None
    agreed: Head | None = None
    rewritten: bool = False

    def __post_init__(self) -> None:
        self._next_head()

    def find(self, kind: FindingKind, seq: int | None, event_id: int | None, text: str) -> None:
        """Notes a finding."""
        self.findings.append(Finding(kind, seq, event_id, text))

    def through(self, rows: Sequence[RowMapping]) -> None:
        """One stretch of the chain."""
        for row in rows:
            seq = row["seal_seq"]
            if seq != self.seq + 1:
                self._gap(seq)
            self._link(row, rows)
            self._compare_head(seq, bytes(row["seal_hash"]))
            self.seq = seq
            if len(self.findings) >= MOST_FINDINGS:
                return

    def end(self, head_file: Path) -> None:
        """After the last link: what the head file knows beyond it."""
        while self.head is not None:
            self._next_head()
        known = self.last_head
        if known is None:
            if self.seq:
                text = _("%(file)s does not exist or holds no head: a cut-off end or a rewritten chain would not show.")
                self.find(FindingKind.NO_HEAD, None, None, text % {"file": head_file})
        elif known.seq > self.seq:
            text = ngettext(
                "The end of the chain was cut off: it stops at position %(end)d, and the head file knows %(num)d more.",
                "The end of the chain was cut off: it stops at position %(end)d, and the head file knows %(num)d more.",
                known.seq - self.seq,
            )
            self.find(FindingKind.CUT_OFF, self.seq + 1, None, text % {"end": self.seq, "num": known.seq - self.seq})

    def _gap(self, seq: int) -> None:
        text = _("The seals at positions %(first)d to %(last)d were taken out.")
        self.find(FindingKind.GAP, self.seq + 1, None, text % {"first": self.seq + 1, "last": seq - 1})
        # The hash that the next link builds on went with them.
        self.before = None

    def _link(self, row: RowMapping, rows: Sequence[RowMapping]) -> None:
        seq, event_id, stored = row["seal_seq"], row["seal_event_id"], bytes(row["seal_hash"])
        position = {"id": event_id, "seq": seq}
        doubted, self.doubted = self.doubted, None
        if row["id"] is None:
            text = _("Event %(id)d, at position %(seq)d, was deleted.")
            self.find(FindingKind.DELETED, seq, event_id, text % position)
        elif self.before is not None:
            computed = self._hash(self.before, seq, row, row)
            # Where not the event before but its seal was edited, this link builds on what that seal was.
            fits = computed == stored or (doubted is not None and self._hash(doubted, seq, row, row) == stored)
            moved = None if fits else self._stands_elsewhere(row, rows)
            if not fits and moved is None:
                text = _("Event %(id)d, at position %(seq)d, is not as it was sealed: it was edited.")
                self.find(FindingKind.EDITED, seq, event_id, text % position)
                self.doubted = computed
            stored = moved or stored
        self.before = stored

    def _stands_elsewhere(self, row: RowMapping, rows: Sequence[RowMapping]) -> bytes | None:
        """The true hash of a position if another link of the stretch belongs here; it is then found to be moved."""
        seq = row["seal_seq"]
        own = bytes(row["seal_hash"])
        for other in rows:
            if other is row or other["id"] is None:
                continue
            moved_hash = bytes(other["seal_hash"])
            for seal in (row, other):
                computed = self._hash(self.before or BEGINNING, seq, seal, other)
                if computed in (own, moved_hash):
                    text = _(
                        "Events were reordered: position %(seq)d belongs to event %(right)d, "
                        "and event %(id)d stands there."
                    )
                    numbers = {"seq": seq, "right": other["id"], "id": row["id"]}
                    self.find(FindingKind.REORDERED, seq, row["id"], text % numbers)
                    return computed
        return None

    @staticmethod
    def _hash(before: bytes, seq: int, seal: RowMapping, event: RowMapping) -> bytes:
        content = {column.name: event[column.name] for column in EVENT_COLUMNS}
        return link_hash(before, seq, seal["seal_sealed_at"], content)

    def _compare_head(self, seq: int, value: bytes) -> None:
        while self.head is not None and self.head.seq <= seq:
            if self.head.seq == seq:
                self._compare(self.head, value)
            self._next_head()

    def _compare(self, head: Head, value: bytes) -> None:
        if head.hash == value.hex():
            self.agreed = head
        elif not self.rewritten:
            # Said once: whatever is computed upon a changed hash differs too.
            self.rewritten = True
            text = _(
                "The chain was rewritten: at position %(seq)d it has another hash than the head file. "
                "Up to position %(agreed)d the two agree."
            )
            agreed = self.agreed.seq if self.agreed else 0
            self.find(FindingKind.REWRITTEN, head.seq, None, text % {"seq": head.seq, "agreed": agreed})

    def _next_head(self) -> None:
        self.last_head = self.head or self.last_head
        self.head = next(self.heads, None)


def _without_seal(db: Session) -> Iterator[Finding]:
    """Events that have no place in the chain: because none was made yet, or because it was taken away."""
    unsealed = (
        select(AuditEvent.id)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .outerjoin(AuditUnsealed, AuditUnsealed.event_id == AuditEvent.id)
        .where(AuditSeal.event_id.is_(None), AuditUnsealed.event_id.is_(None))
        .order_by(AuditEvent.id)
        .limit(MOST_FINDINGS)
    )
    for event_id in db.scalars(unsealed):
        text = _("Event %(id)d has no seal and waits for none: its seal was taken out.")
        yield Finding(FindingKind.UNSEALED, None, event_id, text % {"id": event_id})
    gone = (
        select(AuditUnsealed.event_id)
        .outerjoin(AuditEvent, AuditEvent.id == AuditUnsealed.event_id)
        .where(AuditEvent.id.is_(None))
        .order_by(AuditUnsealed.event_id)
        .limit(MOST_FINDINGS)
    )
    for event_id in db.scalars(gone):
        text = _("Event %(id)d was deleted before it was sealed.")
        yield Finding(FindingKind.DELETED, None, event_id, text % {"id": event_id})
    late: Any = db.execute(
        select(func.count().label("number"), func.min(AuditEvent.id).label("first"))
        .select_from(AuditUnsealed)
        .join(AuditEvent, AuditEvent.id == AuditUnsealed.event_id)
        .where(AuditEvent.at < now() - PATIENCE)
    ).one()
    if late.number:
        text = ngettext(
            "%(num)d event has waited more than a minute for its seal, from event %(first)d on: is the worker running?",
            "%(num)d events have waited more than a minute for their seals, from event %(first)d on: "
            "is the worker running?",
            late.number,
        )
        yield Finding(FindingKind.WAITING, None, late.first, text % {"num": late.number, "first": late.first})
