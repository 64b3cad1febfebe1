import pytest

from app.core.i18n import use_language
from app.places.rules import level_of, lineage, parent_of, path_of, sought, spelling, spellings
from app.places.words import PlaceLevel, path_in_words


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        (0, "country", None),
        (1, "province", 0),
        (11, "district", 1),
        (1101, "sector", 11),
        (110101, "cell", 1101),
        (11010102, "village", 110101),
        (111, None, None),
        (11011, None, None),
        (-1, None, None),
        (110101021, None, None),
    ],
)
def test_a_code_says_its_level_and_what_holds_it(code: int, level: str | None, parent: int | None) -> None:
    assert level_of(code) == level
    assert parent_of(code) == parent


def test_a_lineage_goes_up_to_the_province() -> None:
    assert lineage(11010102) == [11010102, 110101, 1101, 11, 1]
    assert lineage(0) == []


@pytest.mark.parametrize(
    ("names", "path"),
    [
        ([], "Rwanda"),
        (["Kigali City"], "Kigali City"),
        (["Nyarugenge", "Kigali City"], "Nyarugenge district"),
        (["Gitega", "Nyarugenge", "Kigali City"], "Gitega sector, Nyarugenge"),
        (["Kibenga", "Mageregere", "Nyarugenge", "Kigali City"], "Kibenga cell, Mageregere sector, Nyarugenge"),
        (
            ["Kabeza", "Kibenga", "Mageregere", "Nyarugenge", "Kigali City"],
            "Kabeza, Kibenga cell, Mageregere sector, Nyarugenge",
        ),
    ],
)
def test_a_path_says_the_place_in_words(names: list[str], path: str) -> None:
    assert path_of(names) == path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mulinzi", "Murinzi"),
        ("Rilima", "Ririma"),
        ("Ngoma Ii", "NGOMA II"),
        ("Cité", "cite"),
        ("Congo-nil", "congo nil"),
        ("Nyamata y' Umujyi", "nyamata y’umujyi"),
        ("C. Rushaki", "c rushaki"),
    ],
)
def test_spellings_that_a_search_takes_for_one(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


def test_spellings_of_a_place_begin_with_its_name_and_stand_once() -> None:
    assert spellings(["Mageregere", "Mageragere", "mageregere"]) == "mageregere; mageragere"


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("umudugudu wa Kabeza", "kabeza"),
        ("Kabeza cell", "kabeza"),
        ("Akagari ka Nyamata y' Umujyi", "nyamata yumujyi"),
        ("Karambo Ya 1", "karambo ya 1"),
        ("Cellule", "cerrure"),
        ("sector", "sector"),
        ("100%", "100"),
        ("", ""),
    ],
)
def test_words_for_levels_are_not_searched_for(typed: str, letters: str) -> None:
    assert sought(typed) == letters


def test_a_path_stays_as_it_is_in_english() -> None:
    with use_language("en"):
        path = "Kabeza, Kibenga cell, Mageregere sector, Nyarugenge"
        assert path_in_words(path) == path
        assert path_in_words("Kigali City") == "Kigali City"


def test_levels_have_words() -> None:
    assert [level.label for level in PlaceLevel] == ["Country", "Province", "District", "Sector", "Cell", "Village"]
