import csv
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.children.matching import LIKELY, Level, Match, Person, Reason, keys, match, sought_keys
from app.children.spelling import sound
from app.config import ROOT


def person(name: str, born: str | None = "2012-03-14", **known: object) -> Person:
    given_name, _comma, family_name = (part.strip() for part in name.partition(","))
    known = {"sex": "female", "birth_precision": "day" if born else "unknown"} | known
    return Person(
        given_name=given_name, family_name=family_name, born_on=date.fromisoformat(born) if born else None, **known
    )


def judged(one: str, other: str, **known: object) -> Match:
    return match(person(one), person(other, **known))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lwagasana", "Rwagasana"),
        ("Vumilia", "Bumiria"),
        ("Mugnaneza", "Munyaneza"),
        ("Cyiza", "Kiza"),
        ("Cyuzuzo", "Kyuzuzo"),
        ("Immaculee", "Imaculée"),
        ("Habimana", "Abimana"),
        ("Uwimana", "Wimana"),
        ("Byiringiro", "Biringiro"),
        ("Rwigamba", "Ruigamba"),
        ("Jean d'Amour", "John Damour"),
        ("Marie-Claire", "Mary Claire"),
        ("N'Gabo", "Ngabo"),
        ("Shyaka", "Shaka"),
        ("Mougabo", "Mugabo"),
    ],
)
def test_what_is_heard_is_one_spelling(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mugabo", "Mugisha"), ("Uwase", "Uwera"), ("Jean", "Jeanne"), ("Keza", "Teta"), ("Claude", "Claudine")],
)
def test_other_names_sound_otherwise(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("one", "other", "level", "reason"),
    [
        ("Keza, Mutesi", "Keza, Mutesi", Level.SURE, Reason.SAME_NAMES),
        ("Keza, Mutesi", "Mutesi, Keza", Level.SURE, Reason.SAME_NAMES),
        ("Jean, Lwagasana", "Rwagasana, John", Level.SURE, Reason.SOUNDS_THE_SAME),
        ("Aline, Mukamana", "Aline, Muka Mana", Level.SURE, Reason.SAME_NAMES),
        ("Jean Bosco, Ntawukuriryayo", "Jeanbosco, Ntawu Kuriryayo", Level.SURE, Reason.SOUNDS_THE_SAME),
        ("Marie Claire, Uwase", "Claire, Uwase", Level.LIKELY, Reason.ONE_NAME_MISSING),
        ("Josiane, Mukamana", "Josiane, Mukamna", Level.LIKELY, Reason.SIMILAR_NAMES),
        # Twins share a name and a birthday, never both names.
        ("Keza, Mutesi", "Teta, Mutesi", Level.NO, Reason.MAY_BE_TWINS),
        ("Gakuru, Mugisha", "Gato, Mugisha", Level.NO, Reason.MAY_BE_TWINS),
        ("Jean Paul, Habimana", "Jean Pierre, Habimana", Level.NO, Reason.MAY_BE_TWINS),
        ("Marie, Uwase", "Eric, Habimana", Level.NO, Reason.OTHER_NAMES),
    ],
)
def test_names_of_one_birthday(one: str, other: str, level: Level, reason: Reason) -> None:
    found = judged(one, other)
    assert found.level is level
    assert reason in found.reasons


@pytest.mark.parametrize(
    ("born", "precision", "levels", "reason"),
    [
        ("2012-03-14", "day", {Level.SURE}, Reason.SAME_BIRTHDAY),
        ("2012-03-15", "day", {Level.LIKELY, Level.SURE}, Reason.NEAR_BIRTHDAY),
        ("2012-03-15", "month", {Level.SURE, Level.LIKELY}, Reason.SAME_MONTH),
        ("2012-07-01", "year", {Level.LIKELY}, Reason.SAME_YEAR),
        ("2014-07-01", "estimated", {Level.LIKELY}, Reason.NEAR_YEAR),
        ("2014-03-14", "day", {Level.NO}, Reason.OTHER_BIRTH),
        ("2002-05-14", "day", {Level.NO}, Reason.OTHER_BIRTH),
        (None, "unknown", {Level.LIKELY}, Reason.BIRTH_UNKNOWN),
    ],
)
def test_births_of_the_same_names(born: str | None, precision: str, levels: set[Level], reason: Reason) -> None:
    found = match(person("Keza, Mutesi"), person("Keza, Mutesi", born, birth_precision=precision))
    assert found.level in levels
    assert reason in found.reasons


def test_day_and_month_that_changed_places() -> None:
    found = match(person("Keza, Mutesi", "2012-03-04"), person("Keza, Mutesi", "2012-04-03"))
    assert Reason.NEAR_BIRTHDAY in found.reasons


def test_a_place_says_more() -> None:
    near = match(person("Keza, Mutesi", None, origin=11010102), person("Keza, Mutesi", None, origin=11010102))
    far = match(person("Keza, Mutesi", None, origin=11010102), person("Keza, Mutesi", None, origin=41020101))
    assert near.score > far.score
    assert Reason.SAME_VILLAGE in near.reasons
    assert Reason.OTHER_DISTRICT in far.reasons


def test_another_sex_is_no_sure_thing() -> None:
    assert judged("Keza, Mutesi", "Keza, Mutesi", sex="male").level is Level.LIKELY


def test_twins_of_the_same_names_are_for_a_person_to_judge() -> None:
    found = match(person("Keza, Mutesi"), person("Keza, Mutesi"), siblings=True)
    assert found.level is Level.LIKELY
    assert Reason.SIBLINGS in found.reasons


def test_known_under_another_name() -> None:
    found = match(person("Keza, Mutesi", other_names=("Ange Umutoni",)), person("Ange, Umutoni"))
    assert found.level in {Level.SURE, Level.LIKELY}
    assert Reason.KNOWN_AS in found.reasons


@pytest.mark.parametrize("name", ["日本", "🙂", "'", "d'", "x" * 100, "a b c d e f g h i j", "d de da", "İ"])
def test_any_name_has_keys_and_a_score(name: str) -> None:
    assert isinstance(keys(person(name)), list)
    assert 0 <= match(person(name), person("Keza, Mutesi")).score <= 1
    assert len(keys(person(name))) < 80


NAMES = st.lists(
    st.sampled_from(
        [
            "Keza",
            "Mutesi",
            "Uwase",
            "Marie",
            "Mary",
            "Jean",
            "Habimana",
            "Abimana",
            "Muka",
            "Mana",
            "Mukamana",
            "Gato",
            "Ñ",
        ]
    ),
    min_size=1,
    max_size=4,
).map(" ".join) | st.text(max_size=20)
PEOPLE = st.builds(
    Person,
    given_name=NAMES,
    family_name=NAMES | st.just(""),
    other_names=st.lists(NAMES, max_size=2).map(tuple),
    sex=st.sampled_from(["female", "male", None]),
    born_on=st.dates(date(2000, 1, 1), date(2024, 12, 31)) | st.none(),
    birth_precision=st.sampled_from(["day", "month", "year", "estimated", "unknown"]),
    origin=st.sampled_from([None, 11, 1101, 110101, 11010102, 41020101]),
)


@settings(deadline=None)
@given(PEOPLE, PEOPLE)
def test_it_does_not_matter_who_is_compared_with_whom(one: Person, other: Person) -> None:
    assert match(one, other) == match(other, one)


@given(
    st.lists(
        st.sampled_from(["Keza", "Mutesi", "Uwase", "Habimana", "Jean Paul"]), min_size=2, max_size=2, unique=True
    ),
    st.integers(0, 6000),
)
def test_a_whole_record_is_surely_itself(names: list[str], days: int) -> None:
    born = date(2005, 1, 1) + timedelta(days=days)
    same = Person(given_name=names[0], family_name=names[1], sex="male", born_on=born, birth_precision="day")
    assert match(same, same).level is Level.SURE


def test_the_labelled_list() -> None:
    with (ROOT / "data" / "matching" / "pairs.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) >= 400
    called = same = right = found = 0
    for row in rows:
        one, other = (
            Person(
                given_name=row[f"given_{side}"],
                family_name=row[f"family_{side}"],
                sex=row[f"sex_{side}"],
                born_on=date.fromisoformat(row[f"born_{side}"]) if row[f"born_{side}"] else None,
                birth_precision=row[f"precision_{side}"],
                origin=int(row[f"origin_{side}"]) if row[f"origin_{side}"] else None,
            )
            for side in "ab"
        )
        likely = match(one, other).score >= LIKELY
        is_same = row["same"] == "same"
        called, same, right = called + likely, same + is_same, right + (likely and is_same)
        shares = bool(set(sought_keys(one)) & set(keys(other)))
        found += is_same and shares
    assert right / called >= 0.98
    assert right / same >= 0.96
    # What the database looks up by finds nearly all of them before anything is scored.
    assert found / same >= 0.97
