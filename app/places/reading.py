"""Reading a release from its files; a file with anything wrong in it is refused whole, line by line."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.access.area import DIGITS
from app.config import ROOT
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.places.rules import level_of, parent_of

PLACES_FILE = ROOT / "data" / "places" / "rwanda_places.csv"
ALIASES_FILE = ROOT / "data" / "places" / "aliases.csv"
PLACES_LABEL = "NISR codes with the names of rwanda-geo-data 1.1.0"
PLACES_SOURCE = "rwanda-geo-data 1.1.0 (MIT); codes of the National Institute of Statistics of Rwanda"

MOST_COMPLAINTS = 10
LONGEST_NAME = 100
LARGEST_FILE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """One line of the list."""

    code: int
    name: str
    code_is_inferred: bool


@dataclass(frozen=True, slots=True)
class Release:
    """All that a release says; `digest` is the fingerprint of its files."""

    digest: str
    places: dict[int, ListedPlace]
    aliases: list[tuple[int, str, str]]
    successions: list[tuple[int, int, date | None]]


@dataclass
class Complaints:
    """What is wrong with a file, gathered so that a person can mend all of it at once."""

    file: Path
    found: list[tuple[str, str]] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, message: str) -> None:
        """Something wrong in one line; the header is line 1."""
        if len(self.found) < MOST_COMPLAINTS:
            place = _("%(file)s, line %(line)d") % {"file": self.file.name, "line": line}
            self.found.append(("file", f"{place}: {message}"))
        else:
            self.more += 1

    def raise_any(self) -> None:
        """Refuses the file when anything was found."""
        if self.more:
            further = ngettext("%(num)d more line is wrong", "%(num)d more lines are wrong", self.more)
            self.found.append(("file", further % {"num": self.more}))
        if self.found:
            first, *rest = self.found
            raise FieldError(*first, *rest)


def read_release(places: Path, aliases: Path | None = None, successions: Path | None = None) -> Release:
    """Reads and checks the files; raises `FieldError` on `file` with line numbers and what to do."""
    digest = hashlib.sha256()
    texts: list[str | None] = []
    for path in (places, aliases, successions):
        content = b"" if path is None else _content(path)
        digest.update(len(content).to_bytes(8, "big") + content)
        texts.append(None if path is None else _text(path, content))
    listed = _read_places(places, texts[0] or "")
    return Release(
        digest=digest.hexdigest(),
        places=listed,
        aliases=_read_aliases(aliases, texts[1] or "") if aliases else [],
        successions=_read_successions(successions, texts[2] or "") if successions else [],
    )


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise FieldError("file", _("%(file)s is too large to be a list of places") % {"file": path.name})
        return path.read_bytes()
    except OSError as error:
        message = _("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror}
        raise FieldError("file", message) from error


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        complaints = Complaints(path)
        complaints.add(content.count(b"\n", 0, error.start) + 1, _("Save the file as UTF-8; this is another encoding"))
        complaints.raise_any()
        raise


def _lines(text: str, needed: tuple[str, ...], complaints: Complaints) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in needed if name not in header]
        if missing:
            columns = {"columns": ", ".join(missing), "needed": ",".join(needed)}
            complaints.add(1, _("Add the missing columns %(columns)s; the first line must name %(needed)s") % columns)
            return
        for row in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                counts = {"found": len(row), "needed": len(header)}
                complaints.add(line, _("Write %(needed)d values; there are %(found)d") % counts)
                continue
            yield line, dict(zip(header, (cell.strip() for cell in row), strict=True))
    except csv.Error as error:
        complaints.add(
            reader.line_num, _("The line cannot be read (%(why)s): mend its quotation marks") % {"why": error}
        )


def _code(text: str) -> int | None:
    plain = text.isascii() and text.isdigit() and not text.startswith("0") and len(text) <= DIGITS
    return int(text) if plain and level_of(int(text)) else None


def _name_complaint(name: str) -> str | None:
    if not name:
        return _("Write the name")
    if len(name) > LONGEST_NAME or not name.isprintable():
        return _("Write the name with at most 100 letters and signs")
    return None


def _read_places(path: Path, text: str) -> dict[int, ListedPlace]:
    complaints = Complaints(path)
    listed: dict[int, ListedPlace] = {}
    line_of: dict[int, int] = {}
    for line, row in _lines(text, ("code", "parent_code", "level", "name"), complaints):
        code = _code(row["code"])
        problem = _place_complaint(row, code, line_of)
        if problem or code is None:
            complaints.add(line, problem or "")
            continue
        line_of[code] = line
        listed[code] = ListedPlace(code, row["name"], row.get("code_source") == "inferred")
    for code, line in line_of.items():
        parent = parent_of(code)
        if parent and parent not in listed:
            codes = {"code": code, "parent": parent}
            complaints.add(
                line,
                _("%(code)d lies in %(parent)d, which is not listed: add it or correct the code") % codes,
            )
    if not listed and not complaints.found:
        complaints.add(1, _("There is no place in this file: give a whole list"))
    complaints.raise_any()
    return listed


def _place_complaint(row: dict[str, str], code: int | None, line_of: dict[int, int]) -> str | None:
    if code is None:
        given = {"code": row["code"][:20]}
        return _('"%(code)s" is no code: write 1 digit for a province, 2, 4, 6, and 8 for a village') % given
    if code in line_of:
        return _("The code %(code)d stands in line %(line)d already: remove one of the two") % {
            "code": code,
            "line": line_of[code],
        }
    if level_of(code) != row["level"]:
        found = {"code": code, "level": level_of(code), "given": row["level"][:20]}
        return _('%(code)d has the digits of a %(level)s, the level says "%(given)s": correct one of them') % found
    if row["parent_code"] != str(parent_of(code) or ""):
        found = {"code": code, "parent": parent_of(code) or '""', "given": row["parent_code"][:20]}
        return _('The parent_code of %(code)d must be %(parent)s and not "%(given)s"') % found
    return _name_complaint(row["name"])


def _read_aliases(path: Path, text: str) -> list[tuple[int, str, str]]:
    complaints = Complaints(path)
    aliases: dict[tuple[int, str], str] = {}
    for line, row in _lines(text, ("code", "alias"), complaints):
        code = _code(row["code"])
        if code is None:
            complaints.add(line, _('"%(code)s" is no code of a place') % {"code": row["code"][:20]})
        elif problem := _name_complaint(row["alias"]):
            complaints.add(line, problem)
        else:
            aliases[code, row["alias"]] = row.get("source") or "data"
    complaints.raise_any()
    return [(code, alias, source) for (code, alias), source in aliases.items()]


def _read_successions(path: Path, text: str) -> list[tuple[int, int, date | None]]:
    complaints = Complaints(path)
    successions: dict[tuple[int, int], date | None] = {}
    for line, row in _lines(text, ("from_code", "to_code"), complaints):
        before, after = _code(row["from_code"]), _code(row["to_code"])
        if before is None or after is None or before == after:
            complaints.add(line, _("Write the codes of two different places"))
            continue
        try:
            successions[before, after] = date.fromisoformat(row["from_on"]) if row.get("from_on") else None
        except ValueError:
            complaints.add(line, _("Write from_on as year-month-day, for example 2027-01-01"))
    complaints.raise_any()
    return [(before, after, day) for (before, after), day in successions.items()]
