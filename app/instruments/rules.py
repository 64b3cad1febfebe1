"""Reading and judging answers: pure functions of a definition, what was given, and the day."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.core import formats
from app.core.forms import field_errors
from app.core.i18n import gettext as _
from app.core.text import Line, Prose
from app.instruments.definitions import Ages, Definition, Question, Score, Section
from app.instruments.words import NOT_ASSESSED, Derived, SectionState, scale_label

Values = dict[str, Any]
"""Answers by question: bool, text, number, a list of chosen values, a day as text, 1 to 4 or `not_assessed`."""

_NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,4})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}
_EARLIEST = date(1900, 1, 1)
_LINE: TypeAdapter[str] = TypeAdapter(Line)
_PROSE: TypeAdapter[str] = TypeAdapter(Prose)


# Reading


@dataclass(frozen=True, slots=True)
class Reading:
    """What was given, as answers that can be kept, and what is wrong with the others."""

    values: Values
    errors: dict[str, str]


def read_answers(questions: Iterable[Question], given: Mapping[str, Any], *, today: date) -> Reading:
    """Answers to some questions from what was typed or sent; a box that was left empty is no answer."""
    values: Values = {}
    errors: dict[str, str] = {}
    for question in questions:
        try:
            value = read_answer(question, given.get(question.key), today=today)
        except ValueError as error:
            errors[question.key] = str(error)
        else:
            if value is not None:
                values[question.key] = value
    return Reading(values, errors)


def read_answer(question: Question, given: Any, *, today: date) -> Any:
    """One answer as it is kept, or None for no answer. Raises ValueError in words for a person."""
    if given is None or given == [] or (isinstance(given, str) and not given.strip()):
        return None
    match question.kind:
        case "yes_no":
            return _yes_no(given)
        case "choice":
            return _one_of(question, given)
        case "choices":
            return _some_of(question, given)
        case "number":
            return _number(question, given)
        case "scale":
            return _step(given)
        case "date":
            return _day(question, given, today)
        case _:
            return _text(_LINE if question.kind == "text" else _PROSE, given)


def _yes_no(given: Any) -> bool:
    found = given if isinstance(given, bool) else _YES_NO.get(given) if isinstance(given, str) else None
    if found is None:
        raise ValueError(_("Choose yes or no"))
    return found


def _one_of(question: Question, given: Any) -> str:
    if not isinstance(given, str) or given not in {option.value for option in question.options}:
        raise ValueError(_("Choose one of the answers"))
    return given


def _some_of(question: Question, given: Any) -> list[str]:
    known = [option.value for option in question.options]
    if not isinstance(given, list) or not all(isinstance(item, str) and item in known for item in given):
        raise ValueError(_("Choose among the answers"))
    return [value for value in known if value in given]


def _number(question: Question, given: Any) -> int | float:
    text = str(given).strip() if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
    if not _NUMBER.fullmatch(text):
        raise ValueError(_("Write a number, for example 12"))
    number = float(text.replace(",", "."))
    if not math.isclose(number, round(number, question.decimals), abs_tol=1e-9):
        raise ValueError(_("Write a whole number") if question.decimals == 0 else _("Write fewer decimals"))
    if question.min is not None and number < question.min:
        raise ValueError(_("At least %(num)s") % {"num": formats.number(_plain(question.min), 2)})
    if question.max is not None and number > question.max:
        raise ValueError(_("At most %(num)s") % {"num": formats.number(_plain(question.max), 2)})
    return _plain(round(number, question.decimals))


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _step(given: Any) -> int | str:
    if given == NOT_ASSESSED:
        return NOT_ASSESSED
    if str(given) in {"1", "2", "3", "4"} and not isinstance(given, bool):
        return int(given)
    raise ValueError(_("Choose one of the answers"))


def _day(question: Question, given: Any, today: date) -> str:
    try:
        day = date.fromisoformat(given) if isinstance(given, str) and _DAY.fullmatch(given) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("Write a date as day, month and year, for example 27 3 2019"))
    if day > today and not question.future:
        raise ValueError(_("The day cannot lie in the future"))
    if day < _EARLIEST:
        raise ValueError(_("The day lies too far back"))
    return day.isoformat()


def _text(kind: TypeAdapter[str], given: Any) -> str | None:
    try:
        return kind.validate_python(given) or None
    except ValidationError as invalid:
        raise ValueError(field_errors(invalid.errors())[0][1]) from invalid


# What is asked, and what is missing


def token(value: Any) -> str:
    """An answer as conditions and counts name it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def shown(definition: Definition, values: Mapping[str, Any]) -> dict[str, Question]:
    """The questions that are asked, given these answers; a condition on a question that is not asked never holds."""
    asked: dict[str, Question] = {}
    for question in definition.questions.values():
        if all(c.question in asked and _among(values.get(c.question), c.tokens) for c in question.when):
            asked[question.key] = question
    return asked


def _among(value: Any, tokens: frozenset[str]) -> bool:
    if isinstance(value, list):
        return any(item in tokens for item in value)
    return value is not None and token(value) in tokens


def kept(definition: Definition, values: Mapping[str, Any]) -> Values:
    """The answers to the questions that are asked; what was answered before a condition fell away is left out."""
    return {key: values[key] for key in shown(definition, values) if key in values}


def missing(definition: Definition, values: Mapping[str, Any]) -> dict[str, str]:
    """What must be answered and is not, by question."""
    return {
        key: _("This question needs an answer")
        for key, question in shown(definition, values).items()
        if question.required and values.get(key) is None
    }


def standing(definition: Definition, section: Section, values: Mapping[str, Any], *, saved: bool) -> SectionState:
    """How far a section is."""
    asked = shown(definition, values)
    mine = [question.key for question in section.questions if question.key in asked]
    if not mine:
        return SectionState.NOT_NEEDED
    lacking = missing(definition, values)
    if any(key in lacking for key in mine):
        return SectionState.STARTED if saved or any(key in values for key in mine) else SectionState.TO_DO
    return SectionState.DONE if saved else SectionState.TO_DO


def first_open(definition: Definition, values: Mapping[str, Any], saved: Iterable[str]) -> Section | None:
    """The first section that is not done, or None."""
    seen = set(saved)
    open_states = {SectionState.TO_DO, SectionState.STARTED}
    return next(
        (s for s in definition.sections if standing(definition, s, values, saved=s.key in seen) in open_states), None
    )


# Scores


def scores(definition: Definition, values: Mapping[str, Any], *, age: int | None) -> dict[str, Any]:
    """Each score of a set of answers; None where nothing was answered that it is made of."""
    answered = kept(definition, values)
    return {score.key: _score(definition, score, answered, age) for score in definition.scores}


def _score(definition: Definition, score: Score, values: Mapping[str, Any], age: int | None) -> Any:
    if score.rule == "cutoff":
        cutoffs = {key: frozenset(score.cutoffs.get(key, [])) or score.tokens for key in score.of}
        return derive(values, cutoffs, ages=definition.ages, age=age).value
    if score.rule == "count":
        answers = [values[key] for key in score.of if key in values]
        return sum(_among(value, score.tokens) for value in answers) if answers else None
    numbers = [values[key] for key in score.of if isinstance(values.get(key), int | float)]
    if not numbers:
        return None
    match score.rule:
        case "sum":
            return _plain(round(sum(numbers), 2))
        case "mean":
            return round(sum(numbers) / len(numbers), 1)
        case _:
            return min(numbers)


def derive(
    values: Mapping[str, Any], cutoffs: Mapping[str, frozenset[str]], *, ages: Ages | None, age: int | None
) -> Derived:
    """Whether any answer reaches its cut-off: yes, no, or unknown where not all was asked or the age does not fit."""
    if age is not None and not within(ages, age):
        return Derived.UNKNOWN
    if any(key in values and _among(values[key], tokens) for key, tokens in cutoffs.items()):
        return Derived.YES
    return Derived.NO if all(key in values for key in cutoffs) else Derived.UNKNOWN


def within(ages: Ages | None, age: int) -> bool:
    """Whether an age in whole years lies in a band."""
    return ages is None or (age >= ages.least and (ages.most is None or age <= ages.most))


def fits(definition: Definition, age: int | None, *, exact: bool) -> bool:
    """Whether a form was made for somebody of an age; a year's doubt, or no known age, leaves it to the worker."""
    if age is None or definition.ages is None:
        return True
    near = (age,) if exact else (age - 1, age, age + 1)
    return any(within(definition.ages, one) for one in near)


def age_on(born_on: date | None, day: date) -> int | None:
    """Whole years of age on a day."""
    if born_on is None:
        return None
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


# From one version to another, and from one set to the next


def carried(old: Definition, new: Definition, values: Mapping[str, Any], *, today: date) -> Values:
    """The answers that fit another version as they are: the same question, of the same kind, and still an answer."""
    matching: Values = {}
    for key, question in new.questions.items():
        before = old.questions.get(key)
        if before is None or before.kind != question.kind or key not in values:
            continue
        reading = read_answers([question], {key: values[key]}, today=today)
        matching |= reading.values
    return matching


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One question over some sets of answers, oldest first: the words of each, and whether the last one differs."""

    key: str
    text: str
    words: list[str]
    steps: list[int | None]
    changed: bool
    direction: int
    is_scale: bool


def compared(sets: Sequence[tuple[Definition, Mapping[str, Any]]]) -> list[tuple[str, list[Compared]]]:
    """Sections of the newest version, then what only older ones asked, with the answers of each set side by side."""
    newest = sets[-1][0]
    seen: set[str] = set()
    found = []
    versions = {newest.path: newest} | {one.path: one for one, _values in reversed(sets)}
    for definition in versions.values():
        for section in definition.sections:
            lines = [_line(key, question, sets) for key, question in _of(section, seen)]
            seen.update(line.key for line in lines)
            told = [line for line in lines if any(word for word in line.words)]
            if told:
                found.append((section.title.label, told))
    return found


def _of(section: Section, seen: set[str]) -> list[tuple[str, Question]]:
    return [(question.key, question) for question in section.questions if question.key not in seen]


def _line(key: str, question: Question, sets: Sequence[tuple[Definition, Mapping[str, Any]]]) -> Compared:
    asked = [definition.questions.get(key) for definition, _values in sets]
    values = [values.get(key) for _definition, values in sets]
    words = [told(one, value) if one and value is not None else "" for one, value in zip(asked, values, strict=True)]
    steps = [value if isinstance(value, int) and not isinstance(value, bool) else None for value in values]
    is_scale = question.kind == "scale"
    direction = 0
    if is_scale and len(steps) > 1 and steps[-1] is not None and steps[-2] is not None:
        direction = (steps[-1] > steps[-2]) - (steps[-1] < steps[-2])
    return Compared(
        key=key,
        text=question.text.label,
        words=words,
        steps=steps if is_scale else [],
        changed=len(values) > 1 and values[-1] != values[-2],
        direction=direction,
        is_scale=is_scale,
    )


def told(question: Question, value: Any) -> str:
    """An answer in words; empty for none."""
    if value is None:
        return ""
    match question.kind:
        case "yes_no":
            return _("Yes") if value else _("No")
        case "choice" | "choices":
            chosen = value if isinstance(value, list) else [value]
            return ", ".join(option.text.label for option in question.options if option.value in chosen)
        case "number":
            number = formats.number(value, 2)
            return f"{number} {question.unit.label}" if question.unit else number
        case "scale":
            if value == NOT_ASSESSED:
                return _("Not assessed")
            return f"{value} – {scale_label(value)}: {question.meanings[value - 1].label}"
        case "date":
            return formats.day(date.fromisoformat(value))
        case _:
            return str(value)
