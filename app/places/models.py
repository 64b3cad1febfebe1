"""Places as NISR codes them, each release of the list, earlier names and other spellings."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base


class PlaceRelease(Base):
    """One edition of the list of places that was loaded; the same digest is not loaded twice."""

    __tablename__ = "place_releases"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    source: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    rows: Mapped[int]
    effective_on: Mapped[date]
    loaded_at: Mapped[datetime] = mapped_column(default=now)


class Place(Base):
    """The country (code 0), a province, district, sector, cell or village.

    `area_code` is its code in eight digits, `path` the name with those of the cell, sector and district that
    hold it. `folded` is what a search looks at: all spellings of each name of the path, the place's own first
    (see `rules.spellings`). `ended_on` is set when a release no longer lists it: records that name it keep
    their meaning, new ones cannot choose it.
    """

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("level in ('country','province','district','sector','cell','village')", name="level"),
        Index("ix_places_folded", "folded", postgresql_using="gin", postgresql_ops={"folded": "gin_trgm_ops"}),
        Index("ix_places_parent_code_name", "parent_code", "name"),
    )

    code: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent_code: Mapped[int | None] = mapped_column(ForeignKey("places.code"))
    level: Mapped[str]
    name: Mapped[str]
    path: Mapped[str]
    folded: Mapped[str]
    area_code: Mapped[int]
    code_is_inferred: Mapped[bool] = mapped_column(default=False)
    began_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    release_id: Mapped[int] = mapped_column(ForeignKey("place_releases.id"))


class PlaceName(Base):
    """A name that a place bore until a release changed it."""

    __tablename__ = "place_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[int] = mapped_column(ForeignKey("places.code"), index=True)
    name: Mapped[str]
    until_on: Mapped[date]
    release_id: Mapped[int] = mapped_column(ForeignKey("place_releases.id"))


class PlaceSuccession(Base):
    """That a place was renumbered, split or merged: what was `from_code` is, from that day, in `to_code`."""

    __tablename__ = "place_successions"

    from_code: Mapped[int] = mapped_column(ForeignKey("places.code"), primary_key=True)
    to_code: Mapped[int] = mapped_column(ForeignKey("places.code"), primary_key=True)
    from_on: Mapped[date]


class PlaceAlias(Base):
    """Another spelling that people search by, such as Mageragere for Mageregere."""

    __tablename__ = "place_aliases"

    code: Mapped[int] = mapped_column(ForeignKey("places.code"), primary_key=True)
    alias: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(server_default=text("'data'"))
