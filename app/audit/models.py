"""The audit log: events as they happen, and the chain that seals them in batches soon after."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base


class AuditEvent(Base):
    """What happened: by whom, in which post, to what, where; `content` is the typed event as JSON."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject", "subject_kind", "subject_id", "id"),
        Index("ix_audit_events_account", "account_id", "id"),
        Index("ix_audit_events_kind", "kind", "id"),
        Index("ix_audit_events_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[str]
    account_id: Mapped[UUID | None]
    post_id: Mapped[UUID | None]
    role: Mapped[str | None]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    area_code: Mapped[int | None]
    address: Mapped[str | None]
    request_id: Mapped[str | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)


class AuditUnsealed(Base):
    """An event that waits for its seal. A trigger of `audit_events` writes it, so no event can come in without."""

    __tablename__ = "audit_unsealed"

    event_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class AuditSeal(Base):
    """One link of the chain: the event at position `seq`, and the hash over it and the link before."""

    __tablename__ = "audit_seals"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_events.id"), unique=True)
    hash: Mapped[bytes]
    sealed_at: Mapped[datetime] = mapped_column(default=now)
