"""Files as people send them: honest ones, and those that are not what they seem."""

import os
import zipfile
from io import BytesIO

from PIL import Image

KIGALI = ((1.0, 57.0, 0.0), (30.0, 4.0, 0.0))


def jpeg(width: int = 640, height: int = 480, *, positioned: bool = False, quality: int = 90) -> bytes:
    """A photograph; `positioned` as a phone takes it, with the place in it and lying on its side."""
    picture = Image.new("RGB", (width, height), (120, 60, 20))
    exif = Image.Exif()
    if positioned:
        exif[0x0112] = 6
        exif[0x010F] = "CanaryPhone"
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "S", KIGALI[0], "E", KIGALI[1]
    written = BytesIO()
    picture.save(written, "JPEG", quality=quality, exif=exif, comment=b"CanaryComment" if positioned else b"")
    return written.getvalue()


def large_jpeg(size: int) -> bytes:
    """A real photograph of about so many bytes: noise, as of a phone that sees everything."""
    picture = Image.frombytes("RGB", (2400, 1800), os.urandom(2400 * 1800 * 3))
    written = BytesIO()
    picture.save(written, "JPEG", quality=98, subsampling=0)
    made = written.getvalue()
    assert len(made) <= size, len(made)
    # The rest stands in segments that a camera fills with what it likes.
    segment = b"\xff\xe5\xff\xff" + bytes(65_533)
    padding = segment * ((size - len(made)) // len(segment))
    return made[:2] + padding + made[2:]


def png(width: int = 40, height: int = 30) -> bytes:
    written = BytesIO()
    Image.new("RGBA", (width, height), (10, 200, 10, 120)).save(written, "PNG")
    return written.getvalue()


def webp() -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30)).save(written, "WEBP")
    return written.getvalue()


def many_points() -> bytes:
    """A picture of a hundred million white points in a few kilobytes."""
    written = BytesIO()
    Image.new("1", (10_000, 10_000), 1).save(written, "PNG")
    return written.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
EXE = b"MZ\x90\x00" + bytes(200)
ELF = b"\x7fELF" + bytes(200)
SCRIPT = b"#!/bin/sh\nrm -rf /\n"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)


def packed(entries: dict[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return written.getvalue()


def docx(**more: bytes) -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"} | more)


def zip_bomb() -> bytes:
    """A Word document of 200 kB that unpacks to 200 MB."""
    return docx(**{"word/media/a.bin": bytes(200_000_000)})


def lying_zip_bomb() -> bytes:
    """The same, whose list of contents says that it holds a hundred bytes."""
    made = bytearray(docx(**{"word/media/a.bin": bytes(30_000_000)}))
    size = (30_000_000).to_bytes(4, "little")
    while (at := made.find(size)) >= 0:
        made[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(made)


def old_office(*streams: str) -> bytes:
    return bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + b"".join(name.encode("utf-16-le") for name in streams)
