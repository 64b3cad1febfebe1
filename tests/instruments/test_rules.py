from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.core.i18n import use_language
from app.instruments import rules
from app.instruments.definitions import Definition, Question, Registry, read_definition, read_folder, registry
from app.instruments.words import Derived, SectionState

TODAY = date(2026, 11, 22)
SHIPPED = {
    "best_interest", "caregiver_feedback", "child_assessment", "child_feedback", "child_functioning_2_4",
    "child_functioning_5_17", "child_profile", "closure_checklist", "family_assessment", "functioning_adult",
    "reintegration_readiness", "sdq_scores", "wellbeing",
}  # fmt: skip
FOURTEEN = {
    "food", "nutrition_growth", "shelter", "care", "safety", "legal", "health", "health_access", "emotional",
    "social", "learning", "school_work", "caregiver_wellbeing", "household_economy",
}  # fmt: skip


def form(key: str, version: int = 1) -> Definition:
    found = registry().get(key, version)
    assert found is not None
    return found


def words(text: str) -> dict[str, str]:
    return {"en": text, "fr": text, "rw": text}


def question(kind: str, **more: Any) -> Question:
    extra: dict[str, Any] = {}
    if kind == "scale":
        extra["meanings"] = [words(step) for step in "abcd"]
    if kind in {"choice", "choices"}:
        extra["options"] = [{"value": value, "text": words(value)} for value in ("red", "green", "blue")]
    return Question.model_validate({"key": "asked", "kind": kind, "text": words("Asked?"), **extra, **more})


# The files


def test_every_form_of_the_list_is_shipped_and_valid() -> None:
    assert set(registry().keys()) == SHIPPED


@pytest.mark.parametrize("definition", list(registry()), ids=lambda one: one.path)
def test_every_text_speaks_english_and_french_and_kinyarwanda_or_waits_for_review(definition: Definition) -> None:
    def texts(part: Any) -> list[dict[str, Any]]:
        if isinstance(part, dict):
            own = [part] if {"en", "fr", "rw"} <= part.keys() else []
            return own + [text for value in part.values() for text in texts(value)]
        return [text for item in part for text in texts(item)] if isinstance(part, list) else []

    found = texts(definition.model_dump())
    assert found
    for text in found:
        assert text["en"].strip()
        assert text["fr"].strip()
        assert text["rw"] or text["review"], text
    with use_language("fr"):
        assert definition.title.label == definition.title.fr


@pytest.mark.parametrize("definition", list(registry()), ids=lambda one: one.path)
def test_pages_are_short(definition: Definition) -> None:
    assert max(len(section.questions) for section in definition.sections) <= 9


def test_wellbeing_has_the_fourteen_domains_with_four_meanings_and_the_childs_voice() -> None:
    scales = {key for key, asked in form("wellbeing").questions.items() if asked.kind == "scale"}
    assert scales == FOURTEEN
    assert "child_voice" in form("wellbeing").questions


def test_sdq_is_scores_only_and_psychological() -> None:
    assert form("sdq_scores").sensitive == "psychological"
    numbers = [asked for asked in form("sdq_scores").questions.values() if asked.kind == "number"]
    assert len(numbers) == 6


BASE = """
key = "small"
version = 1
title = { en = "T", fr = "T", rw = "T" }
guidance = { en = "G", fr = "G", rw = "G" }
[[sections]]
key = "one"
title = { en = "S", fr = "S", rw = "S" }
[[sections.questions]]
key = "first"
kind = "yes_no"
text = { en = "Q", fr = "Q", rw = "Q" }
"""
SECOND = '[[sections.questions]]\nkey = "second"\nkind = "text"\ntext = { en = "Q", fr = "Q", rw = "Q" }\n'


@pytest.mark.parametrize(
    "wrong",
    [
        BASE.replace('rw = "T"', 'rw = ""'),
        BASE.replace('{ en = "Q", fr = "Q", rw = "Q" }', '{ en = "Q" }'),
        BASE.replace("version = 1", "version = 2"),
        BASE + BASE[BASE.index("[[sections.questions]]") :],
        BASE.replace("yes_no", "choice"),
        BASE.replace("yes_no", "scale"),
        BASE.replace("yes_no", "shout"),
        BASE + SECOND + 'when = { question = "third", is = ["yes"] }',
        BASE + SECOND + 'when = { question = "second", is = ["yes"] }',
        BASE + SECOND + 'when = { question = "first", is = ["perhaps"] }',
        BASE + '[[scores]]\nkey = "s"\nrule = "sum"\nof = ["first"]\ntitle = { en = "S", fr = "S", rw = "S" }',
        BASE + '[[scores]]\nkey = "s"\nrule = "count"\nof = ["none"]\ntitle = { en = "S", fr = "S", rw = "S" }',
        BASE + "nonsense = 1",
        "key = ",
    ],
)
def test_a_definition_that_does_not_fit_is_refused_with_its_name(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "small.v1.toml"
    path.write_text(BASE, encoding="utf-8")
    assert read_definition(path).key == "small"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(ValueError, match=r"small\.v1\.toml"):
        read_folder(tmp_path)


# Answers


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("yes_no", "yes", True),
        ("yes_no", False, False),
        ("choice", "red", "red"),
        ("choices", ["blue", "red", "red"], ["red", "blue"]),
        ("number", " 12 ", 12),
        ("number", 7, 7),
        ("scale", "3", 3),
        ("scale", 4, 4),
        ("scale", "not_assessed", "not_assessed"),
        ("date", "2026-11-22", "2026-11-22"),
        ("text", "  two   words ", "two words"),
        ("long_text", "a\r\nb", "a\nb"),
        *(
            (kind, empty, None)
            for kind in ("yes_no", "choice", "number", "scale", "date")
            for empty in ("", None, "  ")
        ),
        ("choices", [], None),
    ],
)
def test_an_answer_is_kept_in_one_shape(kind: str, given: Any, kept: Any) -> None:
    assert rules.read_answer(question(kind), given, today=TODAY) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("yes_no", "perhaps"),
        ("yes_no", 1),
        ("choice", "black"),
        ("choice", ["red"]),
        ("choices", "red"),
        ("choices", ["red", "black"]),
        ("choices", [["red"]]),
        ("number", "twelve"),
        ("number", "1e400"),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", True),
        ("number", "\u0663"),
        ("number", "1.5"),
        ("number", 10**30),
        ("scale", 0),
        ("scale", "0"),
        ("scale", True),
        ("scale", 2.5),
        ("scale", {}),
        ("date", "2026-11-23"),
        ("date", "1899-12-31"),
        ("date", "2026-02-30"),
        ("date", 86400),
        ("text", "a\x00b"),
        ("text", "Ke\u202eza"),
        ("text", "x" * 201),
        ("long_text", "x" * 2001),
        ("long_text", "a\x00"),
        ("long_text", 12),
    ],
)
def test_an_answer_that_is_none_is_told(kind: str, given: Any) -> None:
    with pytest.raises(ValueError) as told:
        rules.read_answer(question(kind), given, today=TODAY)
    assert str(told.value)


def test_limits_of_a_number_and_a_day_ahead() -> None:
    most = question("number", min=0, max=10, decimals=1)
    assert rules.read_answer(most, "9,5", today=TODAY) == 9.5
    for wrong in ("-1", "11", "1.25"):
        with pytest.raises(ValueError):
            rules.read_answer(most, wrong, today=TODAY)
    assert rules.read_answer(question("date", future=True), "2027-01-01", today=TODAY) == "2027-01-01"


def test_what_is_hidden_is_neither_asked_nor_missing_nor_kept() -> None:
    assessment = form("child_assessment")
    values: dict[str, Any] = {"danger_now": False, "danger_done": "Called", "separated": True}
    assert "danger_done" not in rules.shown(assessment, values)
    assert "danger_done" not in rules.missing(assessment, values)
    assert "danger_done" not in rules.kept(assessment, values)
    assert "separation_causes" in rules.missing(assessment, values)
    assert "danger_done" in rules.missing(assessment, {"danger_now": True})


def test_a_condition_on_a_hidden_question_never_holds(tmp_path: Path) -> None:
    path = tmp_path / "small.v1.toml"
    second = SECOND.replace('text"\nt', 'yes_no"\nt') + 'when = { question = "first", is = ["yes"] }\n'
    third = SECOND.replace("second", "third") + 'when = { question = "second", is = ["yes"] }\n'
    path.write_text(BASE + second + third, encoding="utf-8")
    small = read_definition(path)
    assert list(rules.shown(small, {"first": True, "second": True})) == ["first", "second", "third"]
    assert list(rules.shown(small, {"first": False, "second": True})) == ["first"]


def test_how_far_a_section_is() -> None:
    wellbeing = form("wellbeing")
    body = wellbeing.sections[0]
    assert rules.standing(wellbeing, body, {}, saved=False) is SectionState.TO_DO
    assert rules.standing(wellbeing, body, {"food": 3}, saved=True) is SectionState.STARTED
    full = dict.fromkeys(("food", "nutrition_growth", "health", "health_access"), 3)
    assert rules.standing(wellbeing, body, full, saved=True) is SectionState.DONE
    assert rules.standing(wellbeing, body, full, saved=False) is SectionState.TO_DO, "carried over: looked at once more"
    following = rules.first_open(wellbeing, full, ["body"])
    assert following is not None
    assert following.key == "home"


# Scores


def test_scores_leave_out_what_was_not_assessed() -> None:
    values = {"food": 1, "safety": "not_assessed", "care": 4, "health": 2}
    assert rules.scores(form("wellbeing"), values, age=8) == {"worrying": 2, "lowest": 1}
    assert rules.scores(form("wellbeing"), {"safety": "not_assessed"}, age=8) == {"worrying": 0, "lowest": None}
    assert rules.scores(form("caregiver_feedback"), {"heard": 4, "respected": 3, "helped": 3}, age=None) == {
        "mean": 3.3
    }


def test_the_sum_of_the_four_scales_of_difficulties() -> None:
    values = {"emotional_scale": 4, "conduct_scale": 2, "hyperactivity_scale": 7, "peer_scale": 3, "prosocial_scale": 8}
    assert rules.scores(form("sdq_scores"), values, age=9) == {"difficulties": 16, "prosocial": 8}


def _all_none(key: str) -> dict[str, str]:
    return {name: asked.options[0].value for name, asked in form(key).questions.items()}


@pytest.mark.parametrize(
    ("key", "changed", "age", "derived"),
    [
        ("child_functioning_2_4", {}, 3, Derived.NO),
        ("child_functioning_2_4", {"seeing": "some", "learning": "some"}, 3, Derived.NO),
        ("child_functioning_2_4", {"seeing": "a_lot"}, 3, Derived.YES),
        ("child_functioning_2_4", {"playing": "cannot"}, 3, Derived.YES),
        ("child_functioning_2_4", {"behaviour": "more"}, 3, Derived.NO),
        ("child_functioning_2_4", {"behaviour": "a_lot_more"}, 3, Derived.YES),
        ("child_functioning_2_4", {"hearing": None}, 3, Derived.UNKNOWN),
        ("child_functioning_2_4", {"hearing": None, "seeing": "cannot"}, 3, Derived.YES),
        ("child_functioning_2_4", {"seeing": "cannot"}, 1, Derived.UNKNOWN),
        ("child_functioning_2_4", {"seeing": "cannot"}, None, Derived.YES),
        ("child_functioning_5_17", {}, 12, Derived.NO),
        ("child_functioning_5_17", {"anxiety": "weekly", "depression": "weekly"}, 12, Derived.NO),
        ("child_functioning_5_17", {"anxiety": "daily"}, 12, Derived.YES),
        ("child_functioning_5_17", {"depression": "daily"}, 12, Derived.YES),
        ("child_functioning_5_17", {"making_friends": "a_lot"}, 12, Derived.YES),
        ("child_functioning_5_17", {}, 19, Derived.UNKNOWN),
        ("functioning_adult", {}, 24, Derived.NO),
        ("functioning_adult", {"remembering": "a_lot"}, 24, Derived.YES),
        ("functioning_adult", {"self_care": None}, 24, Derived.UNKNOWN),
        ("functioning_adult", {}, 17, Derived.UNKNOWN),
    ],
)
def test_disability_follows_from_the_cut_offs(
    key: str, changed: dict[str, str | None], age: int | None, derived: Derived
) -> None:
    values = {name: value for name, value in (_all_none(key) | changed).items() if value is not None}
    assert rules.scores(form(key), values, age=age) == {"disability": derived.value}


@pytest.mark.parametrize(
    ("age", "exact", "fitting"),
    [
        (1, True, set()),
        (2, True, {"child_functioning_2_4"}),
        (4, True, {"child_functioning_2_4"}),
        (5, True, {"child_functioning_5_17"}),
        (4, False, {"child_functioning_2_4", "child_functioning_5_17"}),
        (17, True, {"child_functioning_5_17"}),
        (18, True, {"functioning_adult"}),
        (31, True, {"functioning_adult"}),
        (None, True, {"child_functioning_2_4", "child_functioning_5_17", "functioning_adult"}),
    ],
)
def test_the_age_decides_which_form_fits(age: int | None, exact: bool, fitting: set[str]) -> None:
    asked = {"child_functioning_2_4", "child_functioning_5_17", "functioning_adult"}
    assert {key for key in asked if rules.fits(form(key), age, exact=exact)} == fitting


def test_age_on_the_birthday_and_the_day_before() -> None:
    assert rules.age_on(date(2021, 11, 22), TODAY) == 5
    assert rules.age_on(date(2021, 11, 23), TODAY) == 4
    assert rules.age_on(None, TODAY) is None


# Versions and comparison


def test_matching_answers_are_carried_over(tmp_path: Path) -> None:
    old = form("caregiver_feedback", 1)
    new = form("caregiver_feedback", 2)
    values = {"told": True, "heard": 2, "missing": ["food"], "note": "Thank you"}
    assert rules.carried(old, new, values, today=TODAY) == values
    path = tmp_path / "small.v1.toml"
    path.write_text(BASE.replace("first", "told").replace("yes_no", "text"), encoding="utf-8")
    assert rules.carried(old, read_definition(path), values, today=TODAY) == {}, (
        "another kind of answer is not the same"
    )


def test_sets_of_different_versions_stand_side_by_side() -> None:
    old, new = form("caregiver_feedback", 1), form("caregiver_feedback", 2)
    told = rules.compared([(old, {"heard": 2, "told": True}), (new, {"heard": 4, "told": True, "knows_whom": False})])
    lines = {line.key: line for _title, section in told for line in section}
    assert (lines["heard"].changed, lines["heard"].direction, lines["heard"].steps) == (True, 1, [2, 4])
    assert lines["knows_whom"].words == ["", "No"]
    assert lines["told"].changed is False
    assert "note" not in lines, "what nobody answered is left out"


def test_a_step_that_was_not_assessed_is_neither_better_nor_worse() -> None:
    wellbeing = form("wellbeing")
    told = rules.compared([(wellbeing, {"food": 2}), (wellbeing, {"food": "not_assessed"})])
    line = told[0][1][0]
    assert (line.changed, line.direction, line.steps) == (True, 0, [2, None])


def test_a_registry_knows_its_versions() -> None:
    known = Registry([form("caregiver_feedback", 2), form("caregiver_feedback", 1)])
    assert [one.version for one in known.versions("caregiver_feedback")] == [1, 2]
    assert known.versions("nothing") == []
    assert known.get("caregiver_feedback", 3) is None
