"""What a file is, by what is in it."""

from io import BytesIO

import pytest
from PIL import Image

from app.core.errors import FieldError
from app.documents.pictures import LONGEST_SIDE, made_anew
from app.documents.rules import MOST_BYTES, check_size, recognise
from app.documents.words import FileKind
from tests.documents import files


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.PDF, FileKind.PDF),
        (files.docx(), FileKind.DOCX),
        (files.packed({"[Content_Types].xml": b"<T/>", "xl/workbook.xml": b"<w/>"}), FileKind.XLSX),
        (files.packed({"mimetype": FileKind.ODT.value.encode(), "content.xml": b"<a/>"}), FileKind.ODT),
        (files.old_office("WordDocument"), FileKind.DOC),
        (files.old_office("Workbook"), FileKind.XLS),
        (files.jpeg(), None),
        (files.png(), None),
        (files.webp(), None),
    ],
)
def test_what_is_kept(content, kind):
    assert recognise(content) is kind


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (files.SVG, "can hold programs"),
        (b"<?xml version='1.0'?>" + files.SVG, "can hold programs"),
        (files.HTML, "can hold programs"),
        (files.EXE, "Programs are not kept"),
        (files.ELF, "Programs are not kept"),
        (files.SCRIPT, "Programs are not kept"),
        (files.HEIC, "Settings, Camera, Formats, Most Compatible"),
        (files.HEIC, "save or share it as JPEG"),
        (files.packed({"a.txt": b"x"}), "Archives are not kept"),
        (b"Rar!\x1a\x07\x00" + bytes(100), "Archives are not kept"),
        (b"\x1f\x8b\x08" + bytes(100), "Archives are not kept"),
        (files.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (files.old_office("WordDocument", "_VBA_PROJECT"), "macros"),
        (files.old_office("Nothing"), "cannot be told"),
        (b"hello there", "cannot be told"),
        (files.docx()[:200], "damaged"),
        (files.packed({f"{number}": b"" for number in range(2001)}), "unpacks to far more"),
    ],
)
def test_what_is_refused_says_what_to_do(content, words):
    with pytest.raises(FieldError) as told:
        recognise(content)
    ((field, message),) = told.value.errors
    assert field == "file"
    assert words in message


def test_a_zip_bomb_is_refused_unopened_and_a_lying_one_as_damaged():
    with pytest.raises(FieldError) as told:
        recognise(files.zip_bomb())
    assert "unpacks to far more" in told.value.errors[0][1]
    with pytest.raises(FieldError) as told:
        recognise(files.lying_zip_bomb())
    assert "damaged" in told.value.errors[0][1]


def test_sizes():
    check_size(MOST_BYTES)
    with pytest.raises(FieldError) as told:
        check_size(21_000_000)
    assert "21 MB; at most 20 MB" in told.value.errors[0][1]
    with pytest.raises(FieldError):
        check_size(0)


def test_a_picture_is_upright_and_holds_nothing_but_what_is_seen():
    taken = files.jpeg(640, 480, positioned=True)
    with Image.open(BytesIO(taken)) as before:
        assert before.getexif().get_ifd(0x8825), "the phone wrote where it was"
    kind, kept = made_anew(taken)
    assert kind is FileKind.JPEG
    with Image.open(BytesIO(kept)) as after:
        assert after.size == (480, 640)
        assert not after.getexif()
        assert "comment" not in after.info
    for hidden in (b"Exif", b"CanaryPhone", b"CanaryComment", b"GPS", b"http://ns.adobe.com"):
        assert hidden not in kept


def test_pictures_of_other_kinds_and_sizes():
    assert made_anew(files.png())[0] is FileKind.PNG
    assert made_anew(files.webp())[0] is FileKind.JPEG
    _kind, kept = made_anew(files.jpeg(5000, 400))
    with Image.open(BytesIO(kept)) as after:
        assert max(after.size) == LONGEST_SIDE


@pytest.mark.parametrize("content", [files.jpeg()[:400], files.png()[:50], b"\xff\xd8\xff\xe0" + bytes(50)])
def test_a_damaged_picture_is_told(content):
    with pytest.raises(FieldError) as told:
        made_anew(content)
    assert "damaged" in told.value.errors[0][1]


def test_a_picture_of_too_many_points_is_not_decoded():
    bomb = files.many_points()
    assert len(bomb) < 100_000
    with pytest.raises(FieldError) as told:
        made_anew(bomb)
    assert "too many points" in told.value.errors[0][1]
