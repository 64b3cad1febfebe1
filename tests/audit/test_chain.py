"""Sealing and verification against real tampering, as the owner of the database could do it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.audit import chain
from app.audit.chain import keep_head, seal
from app.audit.events import RecordsListed, SignedIn
from app.audit.heads import Head, heads, last_head
from app.audit.models import AuditEvent, AuditSeal, AuditUnsealed
from app.audit.service import record
from app.audit.verification import Verification, verify
from app.audit.words import FindingKind
from app.core.clock import now
from tests.make import actor_for


@pytest.fixture
def head_file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "audit-heads.jsonl"


@pytest.fixture
def write(db: Session) -> Callable[[int], list[int]]:
    """Writes so many events and gives their ids."""
    actor = actor_for(db, "auditor")

    def events(number: int) -> list[int]:
        for index in range(number):
            record(
                db,
                actor,
                RecordsListed(what="children", filter={"name": f"Ng'abo 👧 {index}"}, rows=index),
                subject_id=actor.account_id,
                area_code=11010102,
            )
        ids = list(db.scalars(select(AuditEvent.id).order_by(AuditEvent.id.desc()).limit(number)))
        return ids[::-1]

    return events


@pytest.fixture
def sealed(db: Session, head_file: Path, write: Callable[[int], list[int]]) -> list[int]:
    """Ten sealed events, with heads after the sixth and the tenth."""
    seal(db)
    ids = write(6)
    seal(db)
    keep_head(db, head_file)
    ids += write(4)
    seal(db)
    keep_head(db, head_file)
    return ids


def tamper(db: Session, statement: str, **values: Any) -> None:
    """As the owner, with the foreign key out of the way."""
    db.execute(text("alter table audit_seals drop constraint if exists fk_audit_seals_event_id"))
    db.execute(text(statement), values)


def seq_of(db: Session, event_id: int) -> int:
    return db.execute(select(AuditSeal.seq).where(AuditSeal.event_id == event_id)).scalar_one()


def kinds(found: Verification) -> list[tuple[FindingKind, int | None]]:
    return [(finding.kind, finding.event_id) for finding in found.findings]


def test_a_whole_log_is_whole(db: Session, head_file: Path, sealed: list[int]) -> None:
    found = verify(db, head_file)
    assert found.ok, found.findings
    assert found.sealed >= 10
    assert "whole" in str(found)
    assert verify(db, head_file, stretch=3).ok
    assert db.scalar(select(AuditUnsealed.event_id).limit(1)) is None


def test_positions_have_no_holes_and_hashes_are_sha256(db: Session, sealed: list[int]) -> None:
    rows = db.execute(select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq)).all()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert {len(row.hash) for row in rows} == {32}


def test_every_column_of_an_event_is_hashed(db: Session, sealed: list[int]) -> None:
    event = db.execute(select(*chain.EVENT_COLUMNS).where(AuditEvent.id == sealed[0])).mappings().one()
    at = now()
    plain = chain.link_hash(chain.BEGINNING, 1, at, event)
    for name in event:
        changed = dict(event) | {name: "another" if name != "at" else at + timedelta(microseconds=1)}
        assert chain.link_hash(chain.BEGINNING, 1, at, changed) != plain, name
    assert chain.link_hash(bytes([1] * 32), 1, at, event) != plain
    assert chain.link_hash(chain.BEGINNING, 2, at, event) != plain
    assert chain.link_hash(chain.BEGINNING, 1, at + timedelta(seconds=1), event) != plain


def test_a_column_added_later_changes_no_old_hash(db: Session, sealed: list[int]) -> None:
    event = dict(db.execute(select(*chain.EVENT_COLUMNS).where(AuditEvent.id == sealed[0])).mappings().one())
    at = now()
    assert chain.link_hash(chain.BEGINNING, 1, at, event | {"later": None}) == chain.link_hash(
        chain.BEGINNING, 1, at, event
    )


@pytest.mark.parametrize(
    "change",
    [
        "content = jsonb_set(content, '{rows}', '99')",
        "account_id = gen_random_uuid()",
        "at = at + interval '1 microsecond'",
        "area_code = null",
        "kind = 'child.opened'",
        "address = '10.0.0.1'",
    ],
)
@pytest.mark.parametrize("position", [0, 4, 9])
def test_an_edited_event_is_named_and_nothing_else(
    db: Session, head_file: Path, sealed: list[int], change: str, position: int
) -> None:
    event_id = sealed[position]
    tamper(db, f"update audit_events set {change} where id = :id", id=event_id)  # noqa: S608 - the lines above
    found = verify(db, head_file)
    assert not found.ok
    assert kinds(found) == [(FindingKind.EDITED, event_id)]
    assert found.findings[0].seq == seq_of(db, event_id)
    assert str(event_id) in str(found.findings[0])
    assert "1 thing is not as it should be" in str(found)
    assert kinds(verify(db, head_file, stretch=2)) == kinds(found)


@pytest.mark.parametrize("position", [0, 4, 9])
def test_a_deleted_event_is_named_and_nothing_else(
    db: Session, head_file: Path, sealed: list[int], position: int
) -> None:
    tamper(db, "delete from audit_events where id = :id", id=sealed[position])
    assert kinds(verify(db, head_file)) == [(FindingKind.DELETED, sealed[position])]


def test_the_owner_cannot_delete_a_sealed_event_by_mistake(db: Session, sealed: list[int]) -> None:
    with pytest.raises(Exception, match="fk_audit_seals_event_id"), db.begin_nested():
        db.execute(delete(AuditEvent).where(AuditEvent.id == sealed[0]))


def test_swapped_events_are_found_as_reordered(db: Session, head_file: Path, sealed: list[int]) -> None:
    first, second = sealed[2], sealed[5]
    tamper(db, "alter table audit_seals drop constraint uq_audit_seals_event_id")
    swap = "update audit_seals set event_id = case event_id when :a then :b else :a end where event_id in (:a, :b)"
    tamper(db, swap, a=first, b=second)
    assert kinds(verify(db, head_file)) == [(FindingKind.REORDERED, second), (FindingKind.REORDERED, first)]


def test_swapped_seals_are_found_as_reordered(db: Session, head_file: Path, sealed: list[int]) -> None:
    first, second = seq_of(db, sealed[2]), seq_of(db, sealed[3])
    tamper(db, "update audit_seals set seq = -seq where seq in (:a, :b)", a=first, b=second)
    tamper(db, "update audit_seals set seq = :a + :b + seq where seq < 0", a=first, b=second)
    found = verify(db, head_file)
    assert kinds(found) == [(FindingKind.REORDERED, sealed[3]), (FindingKind.REORDERED, sealed[2])]


def test_an_edited_seal_is_found_once(db: Session, head_file: Path, sealed: list[int]) -> None:
    tamper(db, "update audit_seals set hash = sha256('x') where event_id = :id", id=sealed[3])
    assert kinds(verify(db, head_file)) == [(FindingKind.EDITED, sealed[3])]


def test_a_cut_off_end_is_found(db: Session, head_file: Path, sealed: list[int]) -> None:
    tamper(db, "delete from audit_seals where event_id >= :id", id=sealed[8])
    tamper(db, "delete from audit_events where id >= :id", id=sealed[8])
    found = verify(db, head_file)
    assert [finding.kind for finding in found.findings] == [FindingKind.CUT_OFF]
    assert "2" in found.findings[0].text
    assert found.findings[0].seq == found.sealed + 1


def test_deleted_seals_are_found_with_their_events(db: Session, head_file: Path, sealed: list[int]) -> None:
    seq = seq_of(db, sealed[3])
    tamper(db, "delete from audit_seals where event_id in (:a, :b)", a=sealed[3], b=sealed[4])
    found = verify(db, head_file)
    assert kinds(found) == [
        (FindingKind.GAP, None),
        (FindingKind.UNSEALED, sealed[3]),
        (FindingKind.UNSEALED, sealed[4]),
    ]
    assert found.findings[0].seq == seq


def test_a_chain_computed_anew_differs_from_the_head_file(db: Session, head_file: Path, sealed: list[int]) -> None:
    # The owner edits an event, throws the chain away and lets the service seal everything again.
    tamper(db, "update audit_events set content = '{}' where id = :id", id=sealed[1])
    db.execute(delete(AuditSeal))
    db.execute(text("insert into audit_unsealed select id from audit_events"))
    seal(db, most=10_000)
    found = verify(db, head_file)
    assert [finding.kind for finding in found.findings] == [FindingKind.REWRITTEN]


def test_without_a_head_file_verification_does_not_pass(db: Session, tmp_path: Path, sealed: list[int]) -> None:
    found = verify(db, tmp_path / "nothing.jsonl")
    assert [finding.kind for finding in found.findings] == [FindingKind.NO_HEAD]


def test_an_event_deleted_before_its_seal_is_found(
    db: Session, head_file: Path, sealed: list[int], write: Callable[[int], list[int]]
) -> None:
    gone, *_rest = write(3)
    tamper(db, "delete from audit_events where id = :id", id=gone)
    assert seal(db) == 2
    assert kinds(verify(db, head_file)) == [(FindingKind.DELETED, gone)]


def test_events_that_wait_longer_than_a_minute_are_found(
    db: Session, head_file: Path, sealed: list[int], write: Callable[[int], list[int]]
) -> None:
    waiting = write(2)
    assert verify(db, head_file).ok
    db.execute(update(AuditEvent).where(AuditEvent.id.in_(waiting)).values(at=now() - timedelta(minutes=2)))
    found = verify(db, head_file)
    assert kinds(found) == [(FindingKind.WAITING, waiting[0])]
    assert "worker" in found.findings[0].text


def test_a_ruined_chain_is_not_listed_to_its_end(
    db: Session, head_file: Path, write: Callable[[int], list[int]]
) -> None:
    write(150)
    seal(db)
    keep_head(db, head_file)
    tamper(db, "update audit_events set address = 'x'")
    found = verify(db, head_file, stretch=20)
    assert found.findings[-1].kind is FindingKind.TOO_MANY
    assert len(found.findings) == 101


def test_sealing_in_batches_takes_each_event_once(db: Session, write: Callable[[int], list[int]]) -> None:
    seal(db)
    ids = write(7)
    assert [seal(db, most=3) for _ in range(4)] == [3, 3, 1, 0]
    places = db.execute(select(AuditSeal.event_id).where(AuditSeal.event_id.in_(ids)).order_by(AuditSeal.seq))
    assert list(places.scalars()) == ids


# The head file


def test_the_head_file_is_private_and_grows_by_a_line(db: Session, head_file: Path, sealed: list[int]) -> None:
    assert head_file.stat().st_mode & 0o777 == 0o600
    lines = list(heads(head_file))
    assert [line.events for line in lines][-1] == 4
    newest = db.execute(select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1)).scalar_one()
    assert (lines[-1].seq, lines[-1].hash, lines[-1].sealed_at) == (newest.seq, newest.hash.hex(), newest.sealed_at)
    keep_head(db, head_file)
    assert list(heads(head_file)) == lines


def test_a_line_cut_by_a_power_cut_spoils_no_other(db: Session, head_file: Path, sealed: list[int]) -> None:
    whole = head_file.read_text()
    first = whole.splitlines()[0]
    head_file.write_text(first + "\n" + '{"seq": 999, "ha')
    assert last_head(head_file) == Head.model_validate_json(first)
    keep_head(db, head_file)
    assert [head.seq for head in heads(head_file)] == [json_seq(line) for line in whole.splitlines()]
    assert verify(db, head_file).ok


def json_seq(line: str) -> int:
    return Head.model_validate_json(line).seq


def test_a_cut_chain_is_not_noted_over_its_past(db: Session, head_file: Path, sealed: list[int]) -> None:
    before = head_file.read_text()
    tamper(db, "delete from audit_seals where event_id >= :id", id=sealed[8])
    with capture_logs() as logged:
        keep_head(db, head_file)
        keep_head(db, head_file)
    assert head_file.read_text() == before
    assert [line["log_level"] for line in logged] == ["error"]


def test_an_event_of_somebody_not_signed_in_is_sealed_too(db: Session, head_file: Path) -> None:
    record(db, None, SignedIn(how="browser"))
    assert seal(db) >= 1
    keep_head(db, head_file)
    assert verify(db, head_file).ok
