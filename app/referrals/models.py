"""Referrals that climb the ladder, and one hop for each level that held them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, SmallInteger, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, Recorded
from app.core.ids import new_id


class LadderClock(Base):
    """How long a level may hold a referral of an urgency, in hours. Data that the programme may change, never law."""

    __tablename__ = "ladder_clocks"

    urgency: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    acknowledge_hours: Mapped[int]
    resolve_hours: Mapped[int]


class Referral(Recorded, Base):
    """A concern for a child, held by one level of the ladder at a time.

    `level` (1 village to 5 nation) and `due_at` are those of the open hop, repeated for lists and the clock;
    `filed_level` is its author's, `reached_level` the highest that ever held it. An open referral always has a
    `due_at`; a closed one never. Whoever is in `suspect_account_ids`, or bears a name of `suspect_words` (the folded
    words of `suspect_name`), never receives or finds it.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint("char_length(narrative) <= 2000", name="narrative"),
        Index("ix_referrals_district_newest", "district_code", "filed_at", "id"),
        Index("ix_referrals_area_newest", "area_code", "filed_at", "id"),
        Index("ix_referrals_newest", "filed_at", "id"),
        Index("ix_referrals_author", "author_account_id", "filed_at", "id"),
        Index("ix_referrals_due", "due_at", postgresql_where=text("resolved_at is null and due_at is not null")),
        Index("ix_referrals_child_id", "child_id", postgresql_where=text("child_id is not null")),
        Index("ix_referrals_held", "level", "area_code", "due_at", postgresql_where=text("resolved_at is null")),
    )

    code: Mapped[str] = mapped_column(unique=True)
    concern: Mapped[str]
    urgency: Mapped[str]
    status: Mapped[str]
    level: Mapped[int] = mapped_column(SmallInteger)
    filed_level: Mapped[int] = mapped_column(SmallInteger)
    reached_level: Mapped[int] = mapped_column(SmallInteger)
    place_code: Mapped[int] = mapped_column(ForeignKey("places.code"))
    village_name: Mapped[str | None]
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("children.id"))
    child_sex: Mapped[str | None]
    child_age_band: Mapped[str | None]
    narrative: Mapped[str] = mapped_column(default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    suspect_name: Mapped[str | None]
    suspect_words: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
    suspect_account_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default=text("'{}'"))
    author_account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    author_post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    filed_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    outcome_note: Mapped[str | None]


class ReferralHop(Base):
    """One level's time with a referral: received, acknowledged, accepted, and how it left that level.

    `is_copy` marks the copy that an emergency sends to the district beside the cell. `ended` is how the hop
    ended: returned, answered, escalated, escalated_by_clock, taken_over, joined, resolved, withdrawn. `area_code` is
    that of the referral, `place_code` the place of the level. `reminded_at` is when the holders were told that the
    clock had passed, where no level is above them.
    """

    __tablename__ = "referral_hops"
    __table_args__ = (
        Index("ix_referral_hops_referral_id", "referral_id", "seq", unique=True),
        Index("ix_referral_hops_district_received", "district_code", "received_at"),
        Index("ix_referral_hops_received", "received_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"))
    seq: Mapped[int] = mapped_column(SmallInteger)
    level: Mapped[int] = mapped_column(SmallInteger)
    place_code: Mapped[int] = mapped_column(ForeignKey("places.code"))
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    is_copy: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    acknowledge_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended: Mapped[str | None]
    ended_by: Mapped[UUID | None]
    reason: Mapped[str | None]
    reminded_at: Mapped[datetime | None]


class Notice(Base):
    """Word to an account that something happened with a referral; written in the same transaction."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_account_id", "account_id", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
