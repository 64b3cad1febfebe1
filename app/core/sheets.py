"""Sheets for paper: one layout, filled with plain data, made into a PDF by Typst, which brings its own fonts."""

import json
from dataclasses import asdict, dataclass, field

import typst

from app.config import ROOT

_FOLDER = ROOT / "templates" / "paper"
_LAYOUT = _FOLDER / "sheet.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a sheet: facts as pairs, a table, a text, boxes to tick and lines to write on; each may be empty."""

    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    text: str = ""
    boxes: list[str] = field(default_factory=list)
    lines: int = 0
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet: whose it is, its parts, and who printed it when, which stands on every page and through it."""

    language: str
    title: str
    over: str
    lead: str = ""
    note: str = ""
    printed: str
    watermark: str
    parts: list[Part] = field(default_factory=list)


def as_pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF, A4. What people wrote is data to the layout, never a part of its program."""
    return typst.compile(
        _LAYOUT,
        root=_FOLDER,
        sys_inputs={"sheet": json.dumps(asdict(sheet))},
        ignore_system_fonts=True,
    )
