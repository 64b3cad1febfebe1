"""What is known of each document; its content lies sealed in the store."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class Document(Recorded, Base):
    """A document of a child: what it is, of which day, who gave it. `address` is where its content lies."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("(withdrawn_at is null) = (withdrawn_reason is null)", name="withdrawn"),
        Index("ix_documents_child_id", "child_id", "created_at", "id"),
        Index(
            "ix_documents_photo",
            "child_id",
            "created_at",
            postgresql_where=text("kind = 'photo' and withdrawn_at is null"),
        ),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kind: Mapped[str]
    dated_on: Mapped[date | None]
    given_by: Mapped[str | None]
    note: Mapped[str | None]
    media_type: Mapped[str]
    size: Mapped[int]
    address: Mapped[str] = mapped_column(unique=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]
