"""What a form asks: read from its file, checked once, never changed after that.

The files lie in `data/instruments`, one for each version; `data/instruments/README.md` explains them.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from app.config import ROOT
from app.core.i18n import current_language

FOLDER = ROOT / "data" / "instruments"
STEPS = 4

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Kind = Literal["yes_no", "choice", "choices", "number", "text", "long_text", "date", "scale"]
Sensitive = Literal["psychological"]
_FILE = re.compile(r"(?P<key>[a-z][a-z0-9_]*)\.v(?P<version>[1-9][0-9]*)\.toml")
_CHOSEN = frozenset({"choice", "choices"})
_NUMERIC = frozenset({"number", "scale"})


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Part):
    """Words in three languages. A Kinyarwanda text that is missing or not certain says `review`."""

    en: Annotated[str, Field(min_length=1)]
    fr: Annotated[str, Field(min_length=1)]
    rw: str | None = None
    review: bool = False

    @model_validator(mode="after")
    def _speaks(self) -> Self:
        if not self.rw and not self.review:
            raise ValueError(f"No Kinyarwanda and no mark for review: {self.en}")
        return self

    @property
    def label(self) -> str:
        """The words in the current language; English where Kinyarwanda waits."""
        return {"fr": self.fr, "rw": self.rw}.get(current_language.get()) or self.en


class FormOption(_Part):
    """One answer that may be chosen."""

    value: Key
    text: Text

    @property
    def label(self) -> str:
        """Its words in the current language."""
        return self.text.label


class FormCondition(_Part):
    """Holds where another question, asked before, has one of some answers."""

    question: Key
    among: Annotated[list[str | int], Field(alias="is", min_length=1)]

    @property
    def tokens(self) -> frozenset[str]:
        """The answers as text."""
        return frozenset(str(item) for item in self.among)


class Question(_Part):
    """One question; `when` are conditions that must all hold for it to be asked."""

    key: Key
    kind: Kind
    text: Text
    hint: Text | None = None
    required: bool = False
    options: list[FormOption] = []
    meanings: Annotated[list[Text], Field(description="Of a scale: what 1, 2, 3 and 4 mean.")] = []
    unit: Text | None = None
    min: float | None = None
    max: float | None = None
    decimals: Annotated[int, Field(ge=0, le=2)] = 0
    future: Annotated[bool, Field(description="Of a date: whether it may lie ahead.")] = False
    when: list[FormCondition] = []

    @model_validator(mode="after")
    def _fits_kind(self) -> Self:
        values = [option.value for option in self.options]
        if (self.kind in _CHOSEN) != (len(values) > 1) or len(set(values)) != len(values):
            raise ValueError(f"{self.key}: options belong to choices, at least two different ones")
        if len(self.meanings) != (STEPS if self.kind == "scale" else 0):
            raise ValueError(f"{self.key}: a scale has four meanings, nothing else has any")
        if self.kind != "number" and (self.unit, self.min, self.max, self.decimals) != (None, None, None, 0):
            raise ValueError(f"{self.key}: units and limits belong to numbers")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"{self.key}: the least is more than the most")
        return self

    def tokens(self) -> frozenset[str] | None:
        """Every answer there is, as text; None where there are too many to list."""
        match self.kind:
            case "yes_no":
                return frozenset({"yes", "no"})
            case "choice" | "choices":
                return frozenset(option.value for option in self.options)
            case "scale":
                return frozenset({"1", "2", "3", "4", "not_assessed"})
            case _:
                return None


class Section(_Part):
    """A short page of questions."""

    key: Key
    title: Text
    guidance: Text | None = None
    questions: Annotated[list[Question], Field(min_length=1)]


class Score(_Part):
    """A number or a word that follows from the answers.

    `sum`, `mean` and `lowest` are of numbers and scales, `count` of the questions with one of the answers `is`;
    `cutoff` is yes where any question has an answer at its cut-off, no where all were asked and none has.
    """

    key: Key
    title: Text
    rule: Literal["sum", "mean", "lowest", "count", "cutoff"]
    of: Annotated[list[Key], Field(min_length=1)]
    among: Annotated[list[str | int], Field(alias="is")] = []
    cutoffs: Annotated[dict[str, list[str]], Field(description="Where a question has cut-offs of its own.")] = {}
    most: Annotated[float | None, Field(description="The highest that it can be, where that says something.")] = None

    @property
    def tokens(self) -> frozenset[str]:
        """The counted answers as text."""
        return frozenset(str(item) for item in self.among)


class Ages(_Part):
    """The whole years of age for which a form was made; None is open."""

    least: int
    most: int | None = None


class Definition(_Part):
    """An instrument in one version."""

    key: Key
    version: Annotated[int, Field(ge=1)]
    title: Text
    guidance: Text
    sections: Annotated[list[Section], Field(min_length=1)]
    scores: list[Score] = []
    ages: Ages | None = None
    sensitive: Annotated[Sensitive | None, Field(description="Who may read the answers beyond the usual rules.")] = None
    approval: Annotated[bool, Field(description="Whether a submitted set may be put up for approval.")] = False
    household: Annotated[bool, Field(description="Whether it is about a household, named when it is started.")] = False

    @field_validator("sections")
    @classmethod
    def _no_key_twice(cls, sections: list[Section]) -> list[Section]:
        keys = [section.key for section in sections]
        asked = [question.key for section in sections for question in section.questions]
        if len(set(keys)) != len(keys) or len(set(asked)) != len(asked):
            raise ValueError("A key of a section or a question occurs twice")
        return sections

    @field_validator("sections")
    @classmethod
    def _conditions_look_back(cls, sections: list[Section]) -> list[Section]:
        known: dict[str, Question] = {}
        for question in (question for section in sections for question in section.questions):
            for condition in question.when:
                asked = known.get(condition.question)
                tokens = asked.tokens() if asked else None
                if tokens is None or not condition.tokens <= tokens:
                    raise ValueError(f"{question.key}: its condition must name an earlier question and its answers")
            known[question.key] = question
        return sections

    @field_validator("scores")
    @classmethod
    def _scores_fit(cls, scores: list[Score], info: ValidationInfo) -> list[Score]:
        known = {q.key: q for section in info.data.get("sections", []) for q in section.questions}
        for score in scores:
            asked = [known.get(key) for key in score.of]
            if None in asked or not set(score.cutoffs) <= set(score.of):
                raise ValueError(f"{score.key}: it is made of questions that are not asked")
            for question in (one for one in asked if one is not None):
                wanted = frozenset(score.cutoffs.get(question.key, [])) or score.tokens
                if score.rule in {"sum", "mean", "lowest"}:
                    fits = question.kind in _NUMERIC
                else:
                    fits = bool(wanted) and bool(wanted & (question.tokens() or frozenset()))
                if not fits:
                    raise ValueError(f"{score.key}: {question.key} has no answers that count")
        return scores

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by its key, in the order in which they are asked."""
        return {question.key: question for section in self.sections for question in section.questions}

    def section(self, key: str) -> Section | None:
        """The section of a key, or None."""
        return next((section for section in self.sections if section.key == key), None)

    @property
    def path(self) -> str:
        """Key and version as one word."""
        return f"{self.key}.v{self.version}"


class Registry:
    """All definitions, by key and version."""

    def __init__(self, definitions: list[Definition]) -> None:
        self._all: dict[str, dict[int, Definition]] = {}
        for one in sorted(definitions, key=lambda one: (one.key, one.version)):
            self._all.setdefault(one.key, {})[one.version] = one

    def __iter__(self) -> Iterator[Definition]:
        for versions in self._all.values():
            yield from versions.values()

    def keys(self) -> list[str]:
        """Every instrument."""
        return list(self._all)

    def versions(self, key: str) -> list[Definition]:
        """The versions of an instrument, oldest first; empty where there is none of that name."""
        return list(self._all.get(key, {}).values())

    def get(self, key: str, version: int) -> Definition | None:
        """One version of an instrument, or None."""
        return self._all.get(key, {}).get(version)


def read_definition(path: Path) -> Definition:
    """The definition of a file. Raises ValueError, naming the file, for one that does not fit."""
    named = _FILE.fullmatch(path.name)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found = Definition.model_validate(_spelled_out(content))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    if named is None or (named["key"], int(named["version"])) != (found.key, found.version):
        raise ValueError(f"{path.name}: the file is not named after its key and version")
    return found


def read_folder(folder: Path) -> Registry:
    """Every definition of a folder. Raises ValueError for one that does not fit."""
    return Registry([read_definition(path) for path in sorted(folder.glob("*.toml"))])


@cache
def registry() -> Registry:
    """The definitions that this service ships."""
    return read_folder(FOLDER)


def _spelled_out(content: dict[str, Any]) -> dict[str, Any]:
    """The file without its shorthands: `review` for all its texts, and lists of options that questions share."""
    content = dict(content)
    shared = content.pop("answers", {})
    if content.pop("review", False):
        content, shared = _for_review(content), _for_review(shared)
    for section in content.get("sections", []):
        for question in section.get("questions", []):
            if "answers" in question:
                question["options"] = shared.get(question.pop("answers"), [])
            when = question.get("when")
            if isinstance(when, dict):
                question["when"] = [when]
    return content


def _for_review(part: Any) -> Any:
    if isinstance(part, list):
        return [_for_review(item) for item in part]
    if not isinstance(part, dict):
        return part
    if "en" in part and "fr" in part:
        return {"review": True} | part
    return {name: _for_review(value) for name, value in part.items()}
