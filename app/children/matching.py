"""Whether two records tell of one person: keys to find by, a score, and the reasons in words. Pure.

A name in Rwanda is heard and written down by somebody else, again and again: l for r, b for v, Cyiza or Kiza, with h or
without, in one word or two, the given name first or last, Jean for John. `spelling.sound` brings all of these to one
spelling; `keys` are what the database looks records up by; `match` judges two records and says why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise

from app.children.spelling import Similar, alike, skeleton_of, sound, sound_of, words_of
from app.children.words import BirthPrecision
from app.core.i18n import N_, gettext
from app.core.text import fold
from app.core.words import Word


class Level(Word):
    """How sure it is that two records tell of one person."""

    SURE = "sure", N_("Almost certainly the same child")
    LIKELY = "likely", N_("Probably the same child")
    POSSIBLE = "possible", N_("Perhaps the same child")
    NO = "no", N_("Another child")


class Reason(Word):
    """What speaks for or against it."""

    SAME_NAMES = "same_names", N_("The same names")
    SOUNDS_THE_SAME = "sounds_the_same", N_("Names that sound the same")
    SIMILAR_NAMES = "similar_names", N_("Similar names")
    ONE_NAME_MISSING = "one_name_missing", N_("One of the names is missing")
    OTHER_NAME_DIFFERS = "other_name_differs", N_("One name is the same, another is different")
    OTHER_NAMES = "other_names", N_("Other names")
    KNOWN_AS = "known_as", N_("Known under this name as well")
    SAME_BIRTHDAY = "same_birthday", N_("The same date of birth")
    NEAR_BIRTHDAY = "near_birthday", N_("A date of birth that is easily mistaken for the other")
    SAME_MONTH = "same_month", N_("Born in the same month")
    SAME_YEAR = "same_year", N_("Born in the same year")
    NEAR_YEAR = "near_year", N_("Born about the same time")
    BIRTH_UNKNOWN = "birth_unknown", N_("A date of birth is not known")
    OTHER_BIRTH = "other_birth", N_("Born in another year")
    OTHER_SEX = "other_sex", N_("Another sex is recorded")
    SAME_VILLAGE = "same_village", N_("From the same village")
    SAME_SECTOR = "same_sector", N_("From the same sector")
    OTHER_DISTRICT = "other_district", N_("From another district")
    SIBLINGS = "siblings", N_("They are recorded as two children of one family")
    MAY_BE_TWINS = "may_be_twins", N_("Another given name and the same date of birth: they may be twins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is compared of a record; `other_names` are whole names under which the person is known as well."""

    given_name: str
    family_name: str = ""
    other_names: tuple[str, ...] = ()
    sex: str | None = None
    born_on: date | None = None
    birth_precision: str = BirthPrecision.UNKNOWN.value
    origin: int | None = None
    """The code of the place that the person comes from, at any level."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well two records fit, from 0 to 1, what that means, and why."""

    score: float
    level: Level
    reasons: tuple[Reason, ...]

    @property
    def words(self) -> str:
        """The reasons as one line for a person."""
        return "; ".join(reason.label for reason in self.reasons)


# Thresholds chosen on one half of data/matching/pairs.csv, see docs/matching.md.
SURE, LIKELY, POSSIBLE = 0.86, 0.62, 0.52


# Keys, by which the database finds who may be the same


def keys(person: Person) -> list[str]:
    """What a record is found by: two names and the year of birth, one name and the birthday, or the name in one word.

    Two records of one person share a key unless several slips fell together; the score judges what is found.
    """
    born = str(person.born_on.year) if person.born_on else _NO_YEAR
    found: set[str] = set()
    for given, family in _fields(person):
        pairs = _pairs(given, family)
        found |= pairs | {f"{pair}@{born}" for pair in pairs} | _whole(given, family)
        if person.born_on and person.birth_precision == BirthPrecision.DAY:
            found |= {f"{sound}@{person.born_on.isoformat()}" for sound in (*given, *family)}
    return sorted(found)


def sought_keys(person: Person) -> list[str]:
    """The keys to look for: pairs of names of about the same year, or of any where the year is not known."""
    everything = keys(person)
    if person.born_on is None:
        return everything
    year = person.born_on.year
    reach = 3 if person.birth_precision == BirthPrecision.ESTIMATED else 1
    years = [str(year + more) for more in range(-reach, reach + 1)] + [_NO_YEAR]
    found = {key for key in everything if key[0] == "=" or "@" in key}
    for given, family in _fields(person):
        found |= {f"{pair}@{one}" for pair in _pairs(given, family) for one in years}
    return sorted(found)


_NO_YEAR = "?"


def _fields(person: Person) -> Iterator[tuple[list[str], list[str]]]:
    """Given and family names as they sound; another whole name counts as a given name."""
    yield _sounds(person.given_name), _sounds(person.family_name)
    for name in person.other_names:
        yield _sounds(name), []


def _sounds(name: str) -> list[str]:
    return [sound for sound in map(sound_of, words_of(name)) if sound]


def _pairs(given: list[str], family: list[str]) -> set[str]:
    """A given with a family name, in either order and by their consonants: Jean Paul alone would find half a town."""
    one, other = (given, family) if given and family else ([*given, *family],) * 2
    return {
        "+".join(sorted((skeleton_of(x), skeleton_of(y))))
        for x in (*one, *_neighbours(one))
        for y in (*other, *_neighbours(other))
        if x != y
    }


def _whole(given: list[str], family: list[str]) -> set[str]:
    return {"=" + "".join((*given, *family)), "=" + "".join((*family, *given))} if given or family else set()


def _names(person: Person) -> list[str]:
    return [f"{person.given_name} {person.family_name}".strip(), *person.other_names]


def _neighbours(words: list[str]) -> list[str]:
    return [one + other for one, other in pairwise(words)]


@dataclass(frozen=True, slots=True)
class Found:
    """What a row keeps so that the person is found: how all the names sound, and the keys."""

    sounds: str
    name_keys: list[str]


def found_by(person: Person) -> Found:
    """What a row keeps so that the person is found."""
    heard = dict.fromkeys(sound(name) or fold(name) for name in _names(person))
    return Found(" ".join(heard), keys(person))


# The score


@dataclass(frozen=True, slots=True)
class _Names:
    score: float
    kind: Reason
    differs: bool = field(default=False)


def _compare_names(a: Person, b: Person, similar: Similar) -> _Names:
    best = _Names(-1, Reason.OTHER_NAMES)
    for i, one in enumerate(_names(a)):
        for j, other in enumerate(_names(b)):
            found = _compare(words_of(one), words_of(other), similar)
            if found.score > best.score:
                best = found
                if (i or j) and found.score > 0.9:
                    best = _Names(found.score * 0.98, Reason.KNOWN_AS)
    return best


@lru_cache(maxsize=20_000)
def _compare(one: tuple[str, ...], other: tuple[str, ...], similar: Similar) -> _Names:
    ways = [(x, other) for x in _joinings(one)] + [(one, y) for y in _joinings(other)]
    best = max((_align(x, y, similar) for x, y in ways), key=lambda found: (found.score, not found.differs))
    if similar is alike and best.score < 0.9 and _in_one_word(one, other):
        return _Names(0.97, Reason.SOUNDS_THE_SAME)
    return best


def _in_one_word(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the same letters were only cut into words in other places, perhaps with another name first."""
    whole = "".join(map(sound_of, one))
    orders = (other, other[1:] + other[:1], other[-1:] + other[:-1])
    return any("".join(map(sound_of, order)) == whole for order in orders)


def _joinings(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    yield words
    for i in range(len(words) - 1):
        yield (*words[:i], words[i] + words[i + 1], *words[i + 2 :])


def _align(one: tuple[str, ...], other: tuple[str, ...], similar: Similar) -> _Names:
    """The best pairs of words, whatever their order; what stays alone on one side is missing, on both it differs."""
    pairs = sorted(
        ((similar(x, y), -abs(i - j), i, j) for i, x in enumerate(one) for j, y in enumerate(other)), reverse=True
    )
    used_one: set[int] = set()
    used_other: set[int] = set()
    likenesses: list[float] = []
    for likeness, _near, i, j in pairs:
        if likeness and i not in used_one and j not in used_other:
            used_one.add(i)
            used_other.add(j)
            likenesses.append(likeness)
    if not likenesses:
        return _Names(0, Reason.OTHER_NAMES)
    left_one, left_other = len(one) - len(used_one), len(other) - len(used_other)
    mean = sum(likenesses) / len(likenesses)
    if left_one and left_other:
        part = len(likenesses) / max(len(one), len(other))
        return _Names(min(mean * part, 0.6), Reason.OTHER_NAME_DIFFERS, differs=True)
    if left_one or left_other:
        missing = max(left_one, left_other)
        return _Names(mean - (0.14 if len(likenesses) > 1 else 0.24) * missing, Reason.ONE_NAME_MISSING)
    if len(one) == 1:
        mean -= 0.1
    kind = Reason.SAME_NAMES if min(likenesses) == 1 else Reason.SOUNDS_THE_SAME
    return _Names(mean, Reason.SIMILAR_NAMES if min(likenesses) < 0.97 else kind)


_COARSE = frozenset({BirthPrecision.YEAR.value, BirthPrecision.ESTIMATED.value})


def _compare_births(a: Person, b: Person) -> tuple[float, Reason]:
    if a.born_on is None or b.born_on is None:
        return 6, Reason.BIRTH_UNKNOWN
    x, y = sorted((a.born_on, b.born_on))
    precisions = {a.birth_precision, b.birth_precision}
    return _compare_years(x, y, precisions) if precisions & _COARSE else _compare_days(x, y, precisions)


def _compare_years(x: date, y: date, precisions: set[str]) -> tuple[float, Reason]:
    years = y.year - x.year
    if years == 0:
        return (20 if precisions <= _COARSE else 18), Reason.SAME_YEAR
    loose = 3 if BirthPrecision.ESTIMATED.value in precisions else 1
    return (9, Reason.NEAR_YEAR) if years <= loose else (_apart(years), Reason.OTHER_BIRTH)


def _compare_days(x: date, y: date, precisions: set[str]) -> tuple[float, Reason]:
    same_month = (x.year, x.month) == (y.year, y.month)
    to_the_month = BirthPrecision.MONTH.value in precisions
    if same_month and to_the_month:
        return 24, Reason.SAME_MONTH
    if x == y:
        return 30, Reason.SAME_BIRTHDAY
    if not to_the_month and _easily_mistaken(x, y):
        return 22, Reason.NEAR_BIRTHDAY
    if same_month:
        return 16, Reason.SAME_MONTH
    if x.year == y.year:
        return 8, Reason.SAME_YEAR
    return (2, Reason.NEAR_YEAR) if (y - x).days <= 366 else (_apart(y.year - x.year), Reason.OTHER_BIRTH)


def _apart(years: int) -> float:
    return -14.0 - 3 * min(years, 8)


def _easily_mistaken(x: date, y: date) -> bool:
    """Day and month changed places, one figure is another, or one of the three parts slipped by one."""
    if x.year == y.year and (x.day, x.month) == (y.month, y.day):
        return True
    parts = [p != q for p, q in zip(x.timetuple()[:3], y.timetuple()[:3], strict=True)]
    if sum(parts) != 1:
        return False
    figures = sum(p != q for p, q in zip(x.isoformat(), y.isoformat(), strict=True))
    return figures == 1 and (not parts[0] or abs(x.year - y.year) in {1, 10})


def _compare_origins(a: Person, b: Person) -> tuple[float, Reason | None]:
    if not a.origin or not b.origin:
        return 0, None
    one, other = str(a.origin), str(b.origin)
    shared = min(len(one), len(other))
    if one[:shared] == other[:shared]:
        return {8: (9, Reason.SAME_VILLAGE), 6: (7, Reason.SAME_SECTOR), 4: (5, Reason.SAME_SECTOR)}.get(
            shared, (1, None)
        )
    if one[:4] == other[:4]:
        return 4, Reason.SAME_SECTOR
    return (0, None) if one[:2] == other[:2] else (-5, Reason.OTHER_DISTRICT)


def match(a: Person, b: Person, *, siblings: bool = False, similar: Similar = alike) -> Match:
    """How well two records fit. `siblings`: they are recorded as two children of one family, twins among them.

    Twins of one family name and birthday with different given names are never called the same; with the same names
    too, they are `likely` at most, and a person decides.
    """
    # In one order, so that who is compared with whom makes no difference.
    if _order(b) < _order(a):
        a, b = b, a
    names = _compare_names(a, b, similar)
    births, birth = _compare_births(a, b)
    origin, place = _compare_origins(a, b)
    reasons = [names.kind, birth]
    points = 60 * max(0.0, (names.score - 0.5) / 0.5) + births + origin
    if a.sex and b.sex:
        points += 2 if a.sex == b.sex else -24
        if a.sex != b.sex:
            reasons.append(Reason.OTHER_SEX)
    if place is not None:
        reasons.append(place)
    score = min(max(points / 100, 0.0), 1.0)
    if names.score <= 0:
        score = 0.0
    if names.differs and birth in {Reason.SAME_BIRTHDAY, Reason.NEAR_BIRTHDAY}:
        reasons.append(Reason.MAY_BE_TWINS)
        score = min(score, POSSIBLE - 0.01)
    if siblings:
        reasons.append(Reason.SIBLINGS)
        score = min(score, SURE - 0.01)
    return Match(round(score, 3), level_of(score), tuple(reasons))


def _order(person: Person) -> tuple[str, ...]:
    known = (person.sex, person.born_on, person.birth_precision, person.origin)
    return (person.given_name, person.family_name, *map(str, known), *person.other_names)


def likeness_of_names(a: Person, b: Person, similar: Similar = alike) -> float:
    """How alike two people's names are, from 0 to 1, whatever else is known of them."""
    return max(_compare_names(a, b, similar).score, 0.0)


def level_of(score: float) -> Level:
    """What a score means."""
    if score >= SURE:
        return Level.SURE
    if score >= LIKELY:
        return Level.LIKELY
    return Level.POSSIBLE if score >= POSSIBLE else Level.NO


def explain(reasons: Iterable[Reason]) -> str:
    """Reasons as one line for a person, in the reader's language."""
    return "; ".join(gettext(reason.label) for reason in reasons)
