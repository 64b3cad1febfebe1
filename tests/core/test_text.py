"""Names and texts: what is trimmed, what is refused, what comes out as it went in."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.core.text import Line, Name, OptionalName, Prose, fold

NAME, OPTIONAL, LINE, PROSE = (TypeAdapter(kind) for kind in (Name, OptionalName, Line, Prose))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Keza", "Keza"),
        ("  Uwera   Alice ", "Uwera Alice"),
        ("N'Gabo", "N'Gabo"),
        ("\u0645\u0631\u064a\u0645", "\u0645\u0631\u064a\u0645"),
        ("\U0001f331", "\U0001f331"),
        ("E\u0301ric", "\u00c9ric"),
        ("x" * 100, "x" * 100),
    ],
)
def test_a_name_is_trimmed_and_otherwise_left_alone(typed, kept):
    assert NAME.validate_python(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", " ", "\t", "x" * 101, "a\x00b", "a\nb", "a\x7fb", "a\u202eb", "a\u2066b", "a\ud800b", 5, None]
)
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(ValidationError):
        NAME.validate_python(typed)


def test_a_name_that_may_be_empty_may_be_empty():
    assert OPTIONAL.validate_python("  ") == ""
    with pytest.raises(ValidationError):
        OPTIONAL.validate_python("x" * 101)


def test_a_line_and_a_text_have_their_limits():
    assert LINE.validate_python("x" * 200) == "x" * 200
    assert PROSE.validate_python("x" * 2000) == "x" * 2000
    for kind, typed in ((LINE, "x" * 201), (LINE, ""), (LINE, "a\nb"), (PROSE, "x" * 2001), (PROSE, "a\x00b")):
        with pytest.raises(ValidationError):
            kind.validate_python(typed)


def test_a_text_keeps_its_lines():
    assert PROSE.validate_python("one\r\ntwo\rthree\tfour\n") == "one\ntwo\nthree\tfour"


@given(st.text(max_size=120))
def test_a_name_comes_out_the_same_when_it_goes_in_again(typed):
    try:
        kept = NAME.validate_python(typed)
    except ValidationError:
        return
    assert NAME.validate_python(kept) == kept
    assert 1 <= len(kept) <= 100
    assert kept == " ".join(kept.split())
    kept.encode()


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("N'Gabo \u00c9ric", "ngabo eric"),
        ("d\u2019Arc", "darc"),
        ("Uwera-Mutesi", "uwera mutesi"),
        ("STRA\u00dfE", "strasse"),
        ("  Keza  ", "keza"),
        ("''", ""),
        ("\U0001d400\u0130", "ai"),
    ],
)
def test_folding(name, folded):
    assert fold(name) == folded


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once_and_capitals_make_no_difference(name):
    assert fold(fold(name)) == fold(name)
    composed = unicodedata.normalize("NFC", name)
    assert fold(composed) == fold(unicodedata.normalize("NFD", name))
