"""Consents and other bases, and what must not be told."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class Consent(Recorded, Base):
    """One answer, or one other basis, for one purpose. `agreed` is what the supervisor said to another basis."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("(basis = 'consent') = (answer <> 'not_asked')", name="answer"),
        CheckConstraint("basis = 'consent' or reason is not null", name="reason"),
        CheckConstraint("purpose = 'sharing' or organisation is null", name="organisation"),
        CheckConstraint("(withdrawn_on is null) = (withdrawn_reason is null)", name="withdrawn"),
        CheckConstraint("withdrawn_on is null or withdrawn_on >= given_on", name="order"),
        Index("ix_consents_child_id", "child_id", "purpose", "given_on"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    purpose: Mapped[str]
    organisation: Mapped[str | None]
    answer: Mapped[str]
    basis: Mapped[str]
    how: Mapped[str | None]
    given_by: Mapped[str | None]
    giver_name: Mapped[str | None]
    assent: Mapped[str | None]
    given_on: Mapped[date]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
    reason: Mapped[str | None]
    note: Mapped[str | None]
    agreed: Mapped[bool | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]


class Withholding(Recorded, Base):
    """Something that must not be told to somebody, and why; lifted when it need not be kept any more."""

    __tablename__ = "withholdings"
    __table_args__ = (
        CheckConstraint("(lifted_on is null) = (lifted_reason is null)", name="lifted"),
        Index("ix_withholdings_child_id", "child_id"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    what: Mapped[str]
    from_whom: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str | None]
    lifted_on: Mapped[date | None]
    lifted_reason: Mapped[str | None]
