from dataclasses import replace
from datetime import date

import pytest

from app.children.words import Sex
from app.decisions.matching import Candidate, ChildNeed, Fit, Need, fit
from app.decisions.words import Nearness
from app.fostering.words import Care, Stage

TODAY = date(2026, 11, 22)
GIRL = ChildNeed(age=8, sex=Sex.FEMALE, has_disability=False)
NEED = Need(children=[GIRL], care=Care.ORDINARY, origin=11010102, languages=frozenset({"rw"}))
FAMILY = Candidate(
    stage=Stage.AVAILABLE,
    vetting_approved=True,
    approved_until=date(2027, 11, 22),
    record_checked_on=date(2026, 1, 1),
    capacity=2,
    children=0,
    cares=frozenset({"ordinary"}),
    area_code=11010103,
    languages=frozenset({"rw", "sw"}),
    age_from=None,
    age_to=None,
    sex=None,
    siblings_welcome=False,
    disability_training=False,
)


def of(need: Need = NEED, **given: object) -> Fit:
    return fit(need, replace(FAMILY, **given), today=TODAY, record_months=24)


def test_a_family_that_fits_says_why() -> None:
    found = of()
    assert found.excluded == []
    assert found.nearness is Nearness.CELL
    assert found.reasons == ["In the same cell", "They share a language"]
    assert found.against == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"stage": Stage.PAUSED}, "Not available: Paused"),
        ({"vetting_approved": False}, "Not available"),
        ({"approved_until": date(2026, 1, 1)}, "The approval has ended"),
        ({"approved_until": None}, "The approval has ended"),
        ({"record_checked_on": date(2020, 1, 1)}, "criminal record has run out"),
        ({"children": 2}, "No place is free"),
        ({"cares": frozenset({"emergency"})}, "Does not offer this care"),
    ],
)
def test_what_excludes_a_family_is_named(given: dict[str, object], words: str) -> None:
    assert [one for one in of(**given).excluded if words in one]


def test_brothers_and_sisters_need_places_together() -> None:
    two = replace(NEED, children=[GIRL, replace(GIRL, age=5)])
    assert of(two, siblings_welcome=True).excluded == []
    assert "Takes brothers and sisters together, and has room for all 2" in of(two, siblings_welcome=True).reasons
    assert of(two).excluded == ["Does not take brothers and sisters together"]
    assert of(two, siblings_welcome=True, children=1).excluded == ["Only 1 place is free, and 2 children come together"]


def test_brothers_and_sisters_in_other_hands_are_thought_of() -> None:
    need = replace(NEED, beyond=2)
    roomy = of(need, siblings_welcome=True, capacity=3)
    assert "Has room as well for 2 brothers and sisters whose files are in other hands" in roomy.reasons
    assert "Has no room for 2 brothers and sisters whose files are in other hands" in of(need).against
    assert of(need).excluded == []
    assert roomy.score > of(need, siblings_welcome=True).score
    assert of(has_sibling=True).reasons[0:2] == ["In the same cell", "A brother or sister lives there"]


def test_nearer_is_better() -> None:
    areas = [11010102, 11010103, 11010201, 11020101, 12010101]
    scores = [of(area_code=area).score for area in areas]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_wishes_weigh_but_do_not_exclude() -> None:
    wished = of(age_from=6, age_to=10, sex="female")
    against = of(age_from=0, age_to=3, sex="male")
    assert wished.score > of().score > against.score
    assert against.excluded == []
    assert {"The age is not what the family wished for", "The family wished for a boy"} <= set(against.against)


def test_disability_asks_for_training() -> None:
    need = replace(NEED, children=[replace(GIRL, has_disability=True)])
    assert of(need, disability_training=True).score > of(need).score
    assert [one for one in of(need).against if "plan it before the child comes" in one]


def test_languages() -> None:
    assert "They share no language" in of(languages=frozenset({"fr"})).against
    assert (
        "They share no language"
        in of(replace(NEED, languages=frozenset({"other"})), languages=frozenset({"other"})).against
    )
    assert [one for one in of(languages=frozenset()).against if "not known" in one]
    deaf = replace(NEED, languages=frozenset({"rsl"}))
    assert of(deaf, languages=frozenset({"rsl"})).score > of(deaf).score
