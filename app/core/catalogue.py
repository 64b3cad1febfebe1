"""The translators' catalogues: collect the messages of the code, merge them, and say what is missing.

`python -m app.core.catalogue update` after writing pages, `check` to see what has no translation yet, and
`review` to list what a speaker should still look at. A translation whose comment begins with "review" is
used as it is; gettext's own "fuzzy" mark would hide it from the page.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.core.i18n import DOMAIN, catalogue_path

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = ("fr", "rw")
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Dates in a catalogue's head make every merge a conflict, and the other lines are never filled in.
HEAD_NOISE = re.compile(
    rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team).*\n',
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A message that wants a translator, and the files in which it stands."""

    language: str
    message: str
    files: tuple[str, ...]
    note: str = ""


def extract() -> Catalog:
    """Every message of the code and the templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = Catalog(domain=DOMAIN, project="Tubarerere", version="1", charset="utf-8", fuzzy=False)
    for file, _line, message, comments, context in extract_from_dir(
        str(ROOT), methods, options, KEYWORDS, comment_tags=("Translators:",), directory_filter=_holds_messages
    ):
        # Files without line numbers: a line that moves is no news to a translator.
        found.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return found


def _holds_messages(folder: str) -> bool:
    parts = Path(folder).relative_to(ROOT).parts
    return not parts or (parts[0] in ("app", "templates") and parts[-1] not in ("static", "__pycache__"))


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it stands in its file; an empty one where there is none."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, project="Tubarerere", version="1", charset="utf-8", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def update() -> None:
    """Merge the messages of the code into every catalogue; what is no longer used is dropped."""
    found = extract()
    for language in TRANSLATED:
        known = catalogue(language)
        # No guessing by likeness: a wrong sentence on a page is worse than an English one.
        known.update(found, no_fuzzy_matching=True)
        known.obsolete.clear()
        write(language, known)


def write(language: str, content: Catalog) -> None:
    """Put a catalogue into its file, in an order that does not change from run to run."""
    content.header_comment = (
        '# The words of Tubarerere. A comment that begins with "review" asks a speaker to look again.'
    )
    written = BytesIO()
    write_po(written, content, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEAD_NOISE.sub(b"", written.getvalue()))


def check(found: Catalog | None = None) -> list[Finding]:
    """What has no translation; `found` spares reading the sources again."""
    wanted = [message for message in found or extract() if message.id]
    known = {language: catalogue(language) for language in TRANSLATED}
    return sorted(
        _finding(language, message)
        for language in known
        for message in wanted
        if not _translated(known[language], message)
    )


def review(languages: Iterable[str] = TRANSLATED) -> list[Finding]:
    """What a speaker of the language should still look at."""
    return sorted(
        _finding(language, message, " ".join(message.user_comments))
        for language in languages
        for message in catalogue(language)
        if any(comment.startswith("review") for comment in message.user_comments)
    )


def _translated(known: Catalog, message: Message) -> bool:
    same = known.get(message.id, message.context)
    if same is None or "fuzzy" in same.flags:
        return False
    return all(same.string) if isinstance(same.string, tuple | list) else bool(same.string)


def _finding(language: str, message: Message, note: str = "") -> Finding:
    text = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return Finding(language, str(text), tuple(sorted({file for file, _line in message.locations})), note)


def main(command: str) -> int:
    """What `python -m app.core.catalogue` does."""
    if command == "extract":
        write_po(sys.stdout.buffer, extract(), width=110, sort_by_file=True, include_lineno=False)
        return 0
    if command == "update":
        update()
        return 0
    if command not in ("check", "review"):
        print("python -m app.core.catalogue extract|update|check|review")  # noqa: T201 - a command line
        return 2
    findings = check() if command == "check" else review()
    for finding in findings:
        print(f"{finding.language}  {finding.message!r}  {', '.join(finding.files)}  {finding.note}")  # noqa: T201
    print(f"{len(findings)} found")  # noqa: T201
    return 1 if findings and command == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
