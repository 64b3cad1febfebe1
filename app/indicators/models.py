"""Figures that others published, quoted with their source beside the computed ones and never mixed with them."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class QuotedFigure(Base):
    """A published figure: what it counts, as of when, by whom, and what it includes."""

    __tablename__ = "quoted_figures"

    code: Mapped[str] = mapped_column(primary_key=True)
    indicator: Mapped[str]
    value: Mapped[float]
    unit: Mapped[str]
    definition: Mapped[str]
    from_on: Mapped[date | None]
    as_of_on: Mapped[date]
    source: Mapped[str]
    includes_young_adults: Mapped[bool | None]
    registered_institutions_only: Mapped[bool | None]
