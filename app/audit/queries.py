"""Every read of the log. The auditor's come through `service`, which writes that the log was read."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Uuid,
    column,
    false,
    func,
    select,
    table,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.chain import newest_link
from app.audit.events import EVENT_KINDS
from app.audit.heads import last_head
from app.audit.models import AuditEvent, AuditSeal, AuditUnsealed
from app.audit.schemas import ChainState, EventDetail, EventFilter, EventRow
from app.audit.words import HeadState
from app.core.clock import KIGALI
from app.core.errors import FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.ids import CODE_ALPHABET
from app.core.paging import after, page_of
from app.core.schemas import Page

# The log stands below people and places, so that both can write to it. It knows their tables by name only.
_accounts = table("accounts", column("id", Uuid), column("username", String), column("display_name", String))
_places = table("places", column("code", Integer), column("path", String))

SLACK = 10_000
"""Ids and instants of events run in step but for those that are written at the same moment: so many at most."""

_ROW = (
    AuditEvent.id,
    AuditEvent.at,
    AuditEvent.kind,
    AuditEvent.account_id,
    _accounts.c.username,
    _accounts.c.display_name,
    AuditEvent.role,
    AuditEvent.subject_kind,
    AuditEvent.subject_id,
    AuditEvent.area_code,
)


def visible_events(actor: Actor, *columns: Any) -> Select[Any]:
    """The whole log, for who may read it; raises `Forbidden` for everybody else."""
    require(actor, Permission.AUDIT_READ)
    return select(*columns).select_from(AuditEvent).outerjoin(_accounts, _accounts.c.id == AuditEvent.account_id)


def list_events(
    db: Session, actor: Actor, wanted: EventFilter, *, cursor: str | None = None, limit: int = 25
) -> Page[EventRow]:
    """Events that meet all conditions, newest first."""
    statement = visible_events(actor, *_ROW).where(*_conditions(db, wanted))
    return _page(db, statement, cursor, limit)


def events_of(
    db: Session,
    subject_kind: str,
    subject_id: UUID,
    *,
    kinds: Sequence[str] | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[EventRow]:
    """What happened to one record, newest first: who opened a child's file, who changed it.

    For a domain that has found the record in the actor's scope; nothing is asked here.
    """
    statement = (
        select(*_ROW)
        .select_from(AuditEvent)
        .outerjoin(_accounts, _accounts.c.id == AuditEvent.account_id)
        .where(AuditEvent.subject_kind == subject_kind, AuditEvent.subject_id == subject_id)
    )
    if kinds is not None:
        statement = statement.where(AuditEvent.kind.in_(kinds))
    return _page(db, statement, cursor, limit)


def read_event(db: Session, actor: Actor, event_id: int) -> EventDetail:
    """One event whole; raises `NotFound`."""
    own = AuditEvent.id == event_id
    before = select(func.max(AuditEvent.id)).where(AuditEvent.id < event_id).scalar_subquery()
    behind = select(func.min(AuditEvent.id)).where(AuditEvent.id > event_id).scalar_subquery()
    row = db.execute(
        visible_events(
            actor,
            *_ROW,
            AuditEvent.post_id,
            AuditEvent.address,
            AuditEvent.request_id,
            AuditEvent.content,
            AuditSeal.seq,
            AuditSeal.hash,
            AuditSeal.sealed_at,
            before.label("previous"),
            behind.label("next"),
        )
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(own)
    ).one_or_none()
    if row is None:
        raise NotFound
    values = row._asdict()
    values["hash"] = bytes(row.hash).hex() if row.hash else None
    return EventDetail(**values, place=_paths(db, [row.area_code]).get(row.area_code))


def chain_state(db: Session, actor: Actor, head_file: Path) -> ChainState:
    """How far the chain goes, what waits, and how the head file stands to it."""
    require(actor, Permission.AUDIT_READ)
    seq, value, sealed_at = newest_link(db)
    event_id = db.scalar(select(AuditSeal.event_id).where(AuditSeal.seq == seq)) if seq else None
    waiting = db.execute(
        select(func.count().label("number"), func.min(AuditEvent.at).label("since"))
        .select_from(AuditUnsealed)
        .join(AuditEvent, AuditEvent.id == AuditUnsealed.event_id)
    ).one()
    state, head = _head_state(db, seq, head_file)
    return ChainState(
        sealed=seq,
        sealed_at=sealed_at,
        event_id=event_id,
        hash=value.hex() if seq else None,
        waiting=waiting.number,
        waiting_since=waiting.since,
        head=state,
        head_seq=head.seq if head else None,
        head_at=head.sealed_at if head else None,
    )


def _head_state(db: Session, seq: int, head_file: Path) -> tuple[HeadState, Any]:
    try:
        head = last_head(head_file)
    except OSError:
        return HeadState.MISSING, None
    if head is None:
        return (HeadState.MISSING if seq else HeadState.EMPTY), None
    there = db.scalar(select(AuditSeal.hash).where(AuditSeal.seq == head.seq))
    if there is None:
        return HeadState.CUT_OFF, head
    if bytes(there).hex() != head.hash:
        return HeadState.DIFFERS, head
    return (HeadState.AGREES if head.seq == seq else HeadState.BEHIND), head


def _conditions(db: Session, wanted: EventFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kind:
        found.append(AuditEvent.kind == wanted.kind)
    if wanted.account:
        account_id = _account_named(db, wanted.account)
        found.append(AuditEvent.account_id == account_id if account_id else false())
    if wanted.role:
        found.append(AuditEvent.role == wanted.role.value)
    if wanted.subject_kind:
        found.append(AuditEvent.subject_kind == wanted.subject_kind)
    if wanted.subject_id:
        record_id = _record_named(db, wanted.subject_id)
        found.append(AuditEvent.subject_id == record_id if record_id else false())
    # The list is ordered by id. The bounds on ids keep PostgreSQL from walking through all that came after.
    if wanted.from_:
        start = datetime.combine(wanted.from_, time(), KIGALI)
        found += [AuditEvent.at >= start, AuditEvent.id >= func.coalesce(_first_id(start) - SLACK, 0)]
    if wanted.to:
        end = datetime.combine(wanted.to + timedelta(days=1), time(), KIGALI)
        newest = select(func.max(AuditEvent.id)).scalar_subquery()
        found += [AuditEvent.at < end, AuditEvent.id <= func.coalesce(_first_id(end) + SLACK, newest)]
    return found


def _account_named(db: Session, name: str) -> UUID | None:
    """The id that was given, or the account of a user name; asked first, so that the index over accounts serves."""
    with suppress(ValueError):
        return UUID(name)
    return db.scalar(select(_accounts.c.id).where(_accounts.c.username == name.lower()))


def _record_named(db: Session, typed: str) -> UUID | None:
    """The id that was given, or the record that was made under a code; raises `FieldError` for what is neither.

    Only the log is asked, which its reader sees whole: a code of which it tells nothing is no record here, whether
    there is one or not.
    """
    with suppress(ValueError):
        return UUID(typed)
    code = _CODE.fullmatch(re.sub(r"[\s-]", "", typed).upper())
    if code is None:
        raise FieldError("subject_id", _("Write the whole identifier of a record, or its code, such as TMM-7K3Q9D"))
    telling = [kind for kind, event in EVENT_KINDS.items() if "code" in event.model_fields]
    known = AuditEvent.content["code"].as_string() == "-".join(code.groups())
    return db.scalar(
        select(AuditEvent.subject_id).where(AuditEvent.kind.in_(telling), known).order_by(AuditEvent.id).limit(1)
    )


_CODE = re.compile(f"([A-Z]{{3,4}})([{CODE_ALPHABET}]{{6}})")


def _first_id(moment: datetime) -> ColumnElement[int]:
    return (
        select(AuditEvent.id)
        .where(AuditEvent.at >= moment)
        .order_by(AuditEvent.at)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )


def _page(db: Session, statement: Select[Any], cursor: str | None, limit: int) -> Page[EventRow]:
    rows = db.execute(after(statement, [AuditEvent.id.expression], cursor).limit(limit + 1)).all()
    paths = _paths(db, [row.area_code for row in rows])

    def make(row: Any) -> EventRow:
        return EventRow(**row._asdict(), place=paths.get(row.area_code))

    return page_of(rows, limit, make, lambda row: [row.id])


def _paths(db: Session, area_codes: Sequence[int | None]) -> dict[int, str]:
    codes = {area_code: _place_code(area_code) for area_code in area_codes if area_code is not None}
    if not codes:
        return {}
    found = db.execute(select(_places.c.code, _places.c.path).where(_places.c.code.in_(set(codes.values()))))
    paths = {row.code: row.path for row in found}
    return {area_code: paths[code] for area_code, code in codes.items() if code in paths}


def _place_code(area_code: int) -> int:
    """The code of the place behind a code padded to eight digits: pairs of zeros fill it up."""
    while area_code and area_code % 100 == 0:
        area_code //= 100
    # A province has one digit and no district ends in zero, so what is left of a province is its code and a zero.
    return area_code // 10 if area_code in range(10, 100, 10) else area_code
