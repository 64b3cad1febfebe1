"""Which files are taken: how large, how many, and what they are by their content. Nothing here opens a picture."""

import zipfile
from datetime import date
from io import BytesIO

import puremagic

from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.documents.words import FileKind

MOST_BYTES = 20 * 1024 * 1024
MOST_A_CHILD = 100
MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
PICTURES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"})
_APPLE = frozenset({".heic", ".heif", ".avif"})
_MARKED_UP = frozenset({".svg", ".html", ".htm", ".xml", ".xhtml"})
_PROGRAMS = frozenset({".exe", ".dll", ".sys", ".sh", ".bat", ".msi", ".jar", ".apk", ".elf", ".AppImage"})
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".iso"})
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")
_MAIN_PARTS = {
    "word/document.xml": FileKind.DOCX,
    "xl/workbook.xml": FileKind.XLSX,
    "ppt/presentation.xml": FileKind.PPTX,
}


def check_size(size: int) -> None:
    """Raises `FieldError` for an empty file and for one that is too large."""
    if size == 0:
        raise FieldError("file", _("This file is empty"))
    if size > MOST_BYTES:
        raise FieldError(
            "file",
            _("This file has %(size)s MB; at most 20 MB are kept. Scan or photograph it in a lower resolution.")
            % {"size": -(-size // 1_000_000)},
        )


def check_count(documents: int) -> None:
    """Raises `FieldError` where a child has as many documents as are kept."""
    if documents >= MOST_A_CHILD:
        raise FieldError(
            "file", _("This child has 100 documents, and no more are kept. Put several pages into one PDF.")
        )


def check_day(dated_on: date | None, *, today: date) -> None:
    """Raises `FieldError` for a document of the future."""
    if dated_on is not None and dated_on > today:
        raise FieldError("dated_on", _("This day lies in the future"))


def recognise(content: bytes) -> FileKind | None:
    """What a file is by its content; None for a picture, which is decoded to know it.

    Raises `FieldError`, with a sentence that says what to do, for everything that is not kept.
    """
    if content.startswith(_ZIP):
        return _packed(content)
    if content.startswith(_OLE):
        return _old_office(content)
    endings = _endings(content)
    if endings & PICTURES:
        return None
    if ".pdf" in endings and content.startswith(b"%PDF-"):
        return FileKind.PDF
    if endings & _APPLE:
        raise FieldError(
            "file",
            _(
                "Photographs of this kind (HEIC) cannot be read here. On an iPhone choose Settings, Camera, Formats, "
                "Most Compatible and take the photograph again; on other phones save or share it as JPEG and send that."
            ),
        )
    if endings & _MARKED_UP:
        raise FieldError("file", _("Pages and drawings that can hold programs are not kept. Send a picture or a PDF."))
    if endings & _PROGRAMS or content[:2] in {b"MZ", b"#!"} or content[:4] == b"\x7fELF":
        raise FieldError("file", _("Programs are not kept. Send a picture, a PDF or an office file."))
    if endings & _ARCHIVES:
        raise FieldError("file", _("Archives are not kept. Send the files in it one by one."))
    raise FieldError("file", _("It cannot be told what this file is. Send a picture, a PDF or an office file."))


def _endings(content: bytes) -> frozenset[str]:
    try:
        return frozenset(match.extension for match in puremagic.magic_string(content))
    except (puremagic.PureError, ValueError):
        return frozenset()


def _packed(content: bytes) -> FileKind:
    """The office file in a zip. Raises `FieldError` for other archives, and for one that unpacks to too much."""
    damaged = FieldError(
        "file", _("This file is damaged, or locked by a password. Open it, save it anew and send that.")
    )
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise FieldError("file", _("This file unpacks to far more than it seems to hold, so it is not taken."))
            names = {entry.filename for entry in entries}
            kind = _office(archive, names)
            # What the list of contents says of their sizes is checked against what is there.
            if any(entry.flag_bits & 1 for entry in entries) or archive.testzip() is not None:
                raise damaged
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise damaged from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FieldError("file", _("Office files with macros are not kept. Save it without macros, or as a PDF."))
    return kind


def _office(archive: zipfile.ZipFile, names: set[str]) -> FileKind:
    if "[Content_Types].xml" in names:
        for part, kind in _MAIN_PARTS.items():
            if part in names:
                return kind
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        stated = archive.read("mimetype").decode("ascii", "replace").strip()
        for kind in (FileKind.ODT, FileKind.ODS):
            if stated == kind.value:
                return kind
    raise FieldError("file", _("Archives are not kept. Send the files in it one by one."))


def _old_office(content: bytes) -> FileKind:
    """A Word or Excel file of before 2007, by the names of the streams in it."""
    if _stream("_VBA_PROJECT") in content:
        raise FieldError("file", _("Office files with macros are not kept. Save it without macros, or as a PDF."))
    if _stream("WordDocument") in content:
        return FileKind.DOC
    if _stream("Workbook") in content:
        return FileKind.XLS
    raise FieldError("file", _("It cannot be told what this file is. Send a picture, a PDF or an office file."))


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")
