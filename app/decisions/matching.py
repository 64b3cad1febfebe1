"""How well a family fits a decision, with the reasons in words. Pure; a person decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.children.words import Sex
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.decisions.rules import nearness
from app.decisions.words import Nearness
from app.fostering.rules import record_until
from app.fostering.words import Care, Stage

START = 50
_NEAR = {
    Nearness.VILLAGE: 30,
    Nearness.CELL: 25,
    Nearness.SECTOR: 20,
    Nearness.DISTRICT: 10,
    Nearness.ELSEWHERE: -10,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildNeed:
    """One child who is to come: age in years and sex, as far as known."""

    age: int | None
    sex: Sex
    has_disability: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What is looked for: children who come together, the care, where they come from, what they speak.

    `beyond` are brothers and sisters whose files others hold: nobody knows here whether they need a family as well.
    """

    children: Sequence[ChildNeed]
    care: Care
    origin: int | None
    languages: frozenset[str] = frozenset()
    beyond: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A family as the matching sees it. `children` are those who live there and are not among those who come.

    `has_sibling`: one of those who live there is a brother or sister of the child.
    """

    stage: Stage
    vetting_approved: bool
    approved_until: date | None
    record_checked_on: date | None
    capacity: int
    children: int
    cares: frozenset[str]
    area_code: int
    languages: frozenset[str]
    age_from: int | None
    age_to: int | None
    sex: str | None
    siblings_welcome: bool
    disability_training: bool
    has_sibling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a family fits: what excludes it, or a score with what speaks for and against it."""

    excluded: list[str]
    score: int
    reasons: list[str]
    against: list[str]
    nearness: Nearness | None


def fit(need: Need, family: Candidate, *, today: date, record_months: int) -> Fit:
    """How well a family fits a need. A score means nothing by itself; it only orders the proposals."""
    excluded = _exclusions(need, family, today=today, record_months=record_months)
    near = nearness(need.origin, family.area_code)
    points: list[tuple[int, str]] = [
        *_of_place(near),
        *_of_room(need, family),
        *_of_children(need, family),
        *_of_language(need, family),
    ]
    return Fit(
        excluded=excluded,
        score=max(0, START + sum(value for value, _words in points)),
        reasons=[words for value, words in points if value > 0],
        against=[words for value, words in points if value <= 0],
        nearness=near,
    )


def _exclusions(need: Need, family: Candidate, *, today: date, record_months: int) -> list[str]:
    found = []
    if family.stage is not Stage.AVAILABLE or not family.vetting_approved:
        found.append(_("Not available: %(stage)s") % {"stage": family.stage.label})
    if family.approved_until is None or family.approved_until < today:
        found.append(_("The approval has ended"))
    until = record_until(family.record_checked_on, record_months)
    if until is None or until < today:
        found.append(_("The check of the criminal record has run out"))
    free, coming = family.capacity - family.children, len(need.children)
    if free <= 0:
        found.append(_("No place is free"))
    elif free < coming:
        words = ngettext(
            "Only %(num)d place is free, and %(coming)d children come together",
            "Only %(num)d places are free, and %(coming)d children come together",
            free,
        )
        found.append(words % {"num": free, "coming": coming})
    if need.care.value not in family.cares:
        found.append(_("Does not offer this care: %(care)s") % {"care": need.care.label})
    if coming > 1 and not family.siblings_welcome:
        found.append(_("Does not take brothers and sisters together"))
    return found


def _of_place(near: Nearness | None) -> list[tuple[int, str]]:
    if near is None:
        return [(0, _("How far it is from the child's home is not known"))]
    if near is Nearness.ELSEWHERE:
        return [(_NEAR[near], _("Lives in another district than the child's home"))]
    return [(_NEAR[near], near.label)]


def _of_room(need: Need, family: Candidate) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    coming, free = len(need.children), family.capacity - family.children
    if coming > 1 and family.siblings_welcome:
        words = ngettext(
            "Takes brothers and sisters together, and has room for %(num)d",
            "Takes brothers and sisters together, and has room for all %(num)d",
            coming,
        )
        found.append((10, words % {"num": coming}))
    if family.has_sibling:
        found.append((20, _("A brother or sister lives there")))
    if need.beyond:
        found.append(_of_beyond(need, family, free - coming))
    if family.children:
        words = ngettext(
            "%(num)d child of the programme lives there already",
            "%(num)d children of the programme live there already",
            family.children,
        )
        found.append((-2 * family.children, words % {"num": family.children}))
    return found


def _of_beyond(need: Need, family: Candidate, left: int) -> tuple[int, str]:
    if family.siblings_welcome and left >= need.beyond:
        words = ngettext(
            "Has room as well for %(num)d brother or sister whose file is in other hands",
            "Has room as well for %(num)d brothers and sisters whose files are in other hands",
            need.beyond,
        )
        return 5, words % {"num": need.beyond}
    words = ngettext(
        "Has no room for %(num)d brother or sister whose file is in other hands",
        "Has no room for %(num)d brothers and sisters whose files are in other hands",
        need.beyond,
    )
    return 0, words % {"num": need.beyond}


def _of_children(need: Need, family: Candidate) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    ages = [child.age for child in need.children if child.age is not None]
    if family.age_from is not None or family.age_to is not None:
        youngest, oldest = family.age_from or 0, family.age_to if family.age_to is not None else 99
        if not ages:
            found.append((0, _("The child's age is not known, and the family has a wish")))
        elif all(youngest <= age <= oldest for age in ages):
            found.append((10, _("The age is what the family wished for")))
        else:
            found.append((-15, _("The age is not what the family wished for")))
    if family.sex is not None:
        fits = all(child.sex == family.sex for child in need.children)
        found.append((5, _("A girl or boy, as the family wished")) if fits else (-15, _wish(family.sex)))
    if any(child.has_disability for child in need.children):
        if family.disability_training:
            found.append((15, _("Has training or experience with disability")))
        else:
            found.append((-25, _("Has no training or experience with disability: plan it before the child comes")))
    return found


def _wish(sex: str) -> str:
    return _("The family wished for a girl") if sex == Sex.FEMALE else _("The family wished for a boy")


def _of_language(need: Need, family: Candidate) -> list[tuple[int, str]]:
    if not need.languages or not family.languages:
        return [(0, _("It is not known whether they share a language"))]
    if shares_language(need.languages, family.languages):
        return [(15, _("They share a language"))]
    return [(-20, _("They share no language"))]


def shares_language(child: Collection[str], family: Collection[str]) -> bool:
    """Whether a child and a family have a known language in common; "another one" may be any."""
    return bool(set(child) & set(family) - {"other", "none"})
