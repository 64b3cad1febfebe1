from datetime import date

import pytest

from app.children.rules import (
    age_band,
    age_on,
    age_text,
    check_birth,
    check_vetting,
    code_in,
    initials,
    may_foster,
    plain_phone,
)
from app.children.schemas import ChildRegister, ChildUnseal
from app.children.words import AgeBand, BirthPrecision, HouseholdKind, Vetting
from app.core.errors import FieldError

TODAY = date(2026, 11, 21)
DAY, MONTH, YEAR, ESTIMATED = (
    BirthPrecision.DAY,
    BirthPrecision.MONTH,
    BirthPrecision.YEAR,
    BirthPrecision.ESTIMATED,
)


@pytest.mark.parametrize(
    ("born_on", "precision", "years", "words", "band"),
    [
        (date(2018, 11, 21), DAY, 8, "8 years", AgeBand.CHILD),
        (date(2018, 11, 22), DAY, 7, "7 years", AgeBand.CHILD),
        (date(2016, 2, 29), DAY, 10, "10 years", AgeBand.YOUNG_TEEN),
        (date(2025, 9, 1), MONTH, 1, "14 months", AgeBand.BABY),
        (date(2026, 11, 2), DAY, 0, "younger than one month", AgeBand.BABY),
        (date(2019, 7, 1), YEAR, 7, "about 7 years", AgeBand.CHILD),
        (date(2026, 7, 1), ESTIMATED, 0, "about one year or younger", AgeBand.BABY),
        (date(2025, 7, 1), YEAR, 1, "about 1 year", AgeBand.BABY),
        (date(2009, 1, 1), DAY, 17, "17 years", AgeBand.TEEN),
        (date(2008, 1, 1), DAY, 18, "18 years", AgeBand.YOUTH),
        (date(1981, 1, 1), DAY, 45, "45 years", AgeBand.ADULT),
        (date(2022, 1, 1), DAY, 4, "4 years", AgeBand.NURSERY),
        (None, BirthPrecision.UNKNOWN, None, "age not known", AgeBand.UNKNOWN),
    ],
)
def test_ages(born_on: date | None, precision: BirthPrecision, years: int | None, words: str, band: AgeBand) -> None:
    assert age_on(born_on, TODAY) == years
    assert age_text(born_on, precision, TODAY) == words
    assert age_band(born_on, TODAY) is band


@pytest.mark.parametrize(
    ("born_on", "precision", "admission"),
    [
        (date(2026, 11, 21), DAY, None),
        (date(2026, 12, 1), YEAR, None),
        (date(2026, 11, 30), MONTH, None),
        (date(1926, 1, 1), DAY, None),
        (date(2020, 7, 1), YEAR, date(2020, 3, 1)),
        (date(2020, 3, 1), DAY, date(2020, 3, 1)),
        (None, BirthPrecision.UNKNOWN, date(2020, 3, 1)),
    ],
)
def test_births_that_can_be(born_on: date | None, precision: BirthPrecision, admission: date | None) -> None:
    check_birth(born_on, precision, today=TODAY, admission=admission)


@pytest.mark.parametrize(
    ("born_on", "precision", "admission", "words"),
    [
        (date(2026, 11, 22), DAY, None, "future"),
        (date(2027, 1, 1), YEAR, None, "future"),
        (date(1905, 1, 1), DAY, None, "check the year"),
        (date(2020, 3, 2), DAY, date(2020, 3, 1), "admission"),
        (date(2021, 1, 1), ESTIMATED, date(2020, 3, 1), "admission"),
    ],
)
def test_births_that_cannot_be(born_on: date, precision: BirthPrecision, admission: date | None, words: str) -> None:
    with pytest.raises(FieldError) as complaint:
        check_birth(born_on, precision, today=TODAY, admission=admission)
    assert complaint.value.errors[0][0] == "born_on"
    assert words in complaint.value.errors[0][1]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("2016-05-04", date(2016, 5, 4)), ("2016-05-00", date(2016, 5, 15)), ("2016-00-00", date(2016, 7, 1))],
)
def test_parts_of_a_birth_date_that_nobody_knows_are_filled(typed: str, stored: date) -> None:
    command = ChildRegister.model_validate(
        {"given_name": "A", "sex": "male", "born_on": typed, "birth_precision": "year"}
    )
    assert command.born_on == stored


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"birth_precision": "day"}, "birth_precision"),
        ({"birth_precision": "unknown", "born_on": "2016-05-04"}, "birth_precision"),
        ({"birth_precision": "day", "born_on": "2016-13-04"}, "born_on"),
        ({"birth_precision": "day", "born_on": "0000-05-04"}, "born_on"),
        ({"birth_precision": "estimated", "given_name": "a\x00b"}, "given_name"),
        ({"birth_precision": "estimated", "given_name": "\u202egnp.exe"}, "given_name"),
        ({"birth_precision": "estimated", "given_name": "x" * 101}, "given_name"),
        ({"birth_precision": "estimated", "age": 7}, "age"),
    ],
)
def test_commands_that_contradict_themselves_say_where(content: dict[str, object], field: str) -> None:
    with pytest.raises(ValueError, match="validation error") as complaint:
        ChildRegister.model_validate({"given_name": "A", "sex": "male"} | content)
    assert [error["loc"][0] for error in complaint.value.errors()] == [field]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["N'Gabo", "Jean-Marie", "Uwase", "x" * 100, "محمد", "Keza 🌱", "報告.pdf"])
def test_names_of_any_script_are_kept(name: str) -> None:
    command = ChildRegister.model_validate({"given_name": name, "sex": "male", "birth_precision": "estimated"})
    assert command.given_name == name


def test_a_reason_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="at least 10"):
        ChildUnseal(reason="why not")


@pytest.mark.parametrize(
    ("given", "family", "letters"),
    [("Marie", "Uwase", "M. U."), ("Uwase", "", "U."), ("émile", "ngabo", "É. N.")],
)
def test_initials(given: str, family: str, letters: str) -> None:
    assert initials(given, family) == letters


@pytest.mark.parametrize(
    ("kind", "vetting", "may"),
    [
        (HouseholdKind.FOSTER, Vetting.APPROVED, True),
        (HouseholdKind.FOSTER, Vetting.CHECKED, False),
        (HouseholdKind.FOSTER, Vetting.NOT_CHECKED, False),
        (HouseholdKind.BIRTH, Vetting.NOT_CHECKED, True),
        (HouseholdKind.KIN, Vetting.WITHDRAWN, False),
    ],
)
def test_who_may_foster(kind: HouseholdKind, vetting: Vetting, may: bool) -> None:
    assert may_foster(kind, vetting) is may


def test_the_day_of_vetting() -> None:
    assert check_vetting(Vetting.NOT_CHECKED, TODAY, today=TODAY) is None
    assert check_vetting(Vetting.APPROVED, None, today=TODAY) == TODAY
    with pytest.raises(FieldError):
        check_vetting(Vetting.APPROVED, date(2027, 1, 1), today=TODAY)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0788 123 456", "+250788123456"),
        ("0252-123-456", "+250252123456"),
        ("+250 788 123 456", "+250788123456"),
        ("+243 990 000 000", "+243990000000"),
        ("", None),
        (None, None),
    ],
)
def test_telephone_numbers(typed: str | None, number: str | None) -> None:
    assert plain_phone(typed) == number


@pytest.mark.parametrize("typed", ["12", "0888 123 456", "call me", "+0788123456"])
def test_what_is_no_telephone_number(typed: str) -> None:
    with pytest.raises(FieldError):
        plain_phone(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("TMM-7K3Q9D", "TMM-7K3Q9D"),
        ("tmm 7k3q9d", "TMM-7K3Q9D"),
        ("7k3q9d", "TMM-7K3Q9D"),
        ("tmmkkkkkk", "TMM-KKKKKK"),
        ("KKKKKK", None),
        ("Uwase", None),
        ("TMM-7K3Q9", None),
    ],
)
def test_codes_among_what_is_typed(typed: str, code: str | None) -> None:
    assert code_in(typed, "TMM") == code
