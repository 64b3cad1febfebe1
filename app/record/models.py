"""The groups of a record, identity numbers, previous addresses, and health behind a lock of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class RecordPart(Recorded, Base):
    """One group of a child's record; `content` has the fields of the group's command, as codes and words."""

    __tablename__ = "record_parts"
    __table_args__ = (UniqueConstraint("child_id", "part"),)

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    part: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)


class HealthRecord(Recorded, Base):
    """Health notes and HIV, sealed. No other table repeats them, so that no list or export can pick them up."""

    __tablename__ = "health_records"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"), unique=True)
    sealed: Mapped[bytes]


class Identity(Recorded, Base):
    """An identity number: sealed, and found by its fingerprint only. A wrong one is withdrawn."""

    __tablename__ = "identities"
    __table_args__ = (
        CheckConstraint("(withdrawn_at is null) = (withdrawn_reason is null)", name="withdrawn"),
        Index("ix_identities_fingerprint", "fingerprint"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"), index=True)
    kind: Mapped[str]
    sealed: Mapped[bytes]
    fingerprint: Mapped[bytes]
    note: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]


class PreviousAddress(Recorded, Base):
    """A place where a child lived before: on the list of places, in words, or both."""

    __tablename__ = "previous_addresses"
    __table_args__ = (
        CheckConstraint("place_code is not null or words is not null", name="somewhere"),
        CheckConstraint("until_year is null or from_year is null or until_year >= from_year", name="order"),
        CheckConstraint("(withdrawn_at is null) = (withdrawn_reason is null)", name="withdrawn"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"), index=True)
    place_code: Mapped[int | None] = mapped_column(ForeignKey("places.code"))
    words: Mapped[str | None]
    with_whom: Mapped[str | None]
    from_year: Mapped[int | None]
    until_year: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]
