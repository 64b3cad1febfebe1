"""How well records of one person are told from those of two, beside Double Metaphone and trigrams.

`python -m benchmarks.matching` prints the tables of docs/matching.md. Every way of comparing names stands in the same
frame (birth, sex, origin); its threshold is chosen on one half of data/matching/pairs.csv and measured on the other,
both ways round.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from app.children import matching
from app.children.matching import Person, match
from app.children.spelling import Similar, alike
from app.config import ROOT
from app.core.db import driver_url
from app.core.embedded import ensure
from app.core.text import fold

PAIRS = ROOT / "data" / "matching" / "pairs.csv"
DATA = ROOT / ".data" / "bench"
Scored = list[tuple[float, bool, str, str]]


def read_pairs(path: Path = PAIRS) -> list[tuple[Person, Person, bool, str]]:
    """The list: two records, whether they tell of one person, and the kind of difference."""
    with path.open(encoding="utf-8") as lines:
        return [
            (_person(row, "a"), _person(row, "b"), row["same"] == "same", row["kind"]) for row in csv.DictReader(lines)
        ]


def _person(row: dict[str, str], side: str) -> Person:
    return Person(
        given_name=row[f"given_{side}"],
        family_name=row[f"family_{side}"],
        sex=row[f"sex_{side}"] or None,
        born_on=date.fromisoformat(row[f"born_{side}"]) if row[f"born_{side}"] else None,
        birth_precision=row[f"precision_{side}"],
        origin=int(row[f"origin_{side}"]) if row[f"origin_{side}"] else None,
    )


class Rivals:
    """Double Metaphone and trigrams as PostgreSQL computes them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cache  # noqa: B019 - one object for one run
    def metaphones(self, word: str) -> frozenset[str]:
        asked = text("select dmetaphone(:word), dmetaphone_alt(:word)")
        return frozenset(code for code in self._connection.execute(asked, {"word": word}).one() if code)

    def metaphone(self, one: str, other: str) -> float:
        """1 where a code of one word is a code of the other."""
        return float(one == other or bool(self.metaphones(one) & self.metaphones(other)))

    @cache  # noqa: B019
    def trigrams(self, one: str, other: str) -> float:
        """The similarity of two words, or of two whole names."""
        return float(self._connection.scalar(text("select similarity(:a, :b)"), {"a": one, "b": other}) or 0)

    def half(self, one: str, other: str) -> float:
        """Trigrams that are less than half alike are other names."""
        likeness = self.trigrams(one, other)
        return likeness if likeness >= 0.3 else 0.0


def _names(person: Person) -> str:
    return fold(f"{person.given_name} {person.family_name}")


def main() -> None:
    """Prints the tables."""
    pairs = read_pairs()
    with ExitStack() as stack:
        server = stack.enter_context(ensure(DATA))
        engine = create_engine(driver_url(server.superuser_url), isolation_level="AUTOCOMMIT")
        connection = stack.enter_context(engine.connect())
        connection.execute(text("create extension if not exists fuzzystrmatch"))
        connection.execute(text("create extension if not exists pg_trgm"))
        rivals = Rivals(connection)
        ways: dict[str, Callable[[Person, Person], float]] = {
            "Tubarerere": lambda a, b: match(a, b).score,
            "Double Metaphone, with birth, sex and origin": lambda a, b: match(a, b, similar=rivals.metaphone).score,
            "Trigrams of each name, with birth, sex and origin": lambda a, b: match(a, b, similar=rivals.half).score,
            "Tubarerere, names alone": lambda a, b: _alone(a, b, alike),
            "Double Metaphone, names alone": lambda a, b: _alone(a, b, rivals.metaphone),
            "Trigrams of the whole name alone": lambda a, b: rivals.trigrams(_names(a), _names(b)),
        }
        results = {
            name: [(way(a, b), same, kind, f"{_names(a)} / {_names(b)}") for a, b, same, kind in pairs]
            for name, way in ways.items()
        }
    _print(results)


def _alone(a: Person, b: Person, similar: Similar) -> float:
    return matching.likeness_of_names(a, b, similar)


def _print(results: dict[str, Scored]) -> None:
    print("| way | threshold | precision | recall | F1 |")
    print("|---|---|---|---|---|")
    for name, scored in results.items():
        even, odd = _best(scored[::2]), _best(scored[1::2])
        precision, recall, f1 = crosswise(scored)
        print(f"| {name} | {even:.2f}, {odd:.2f} | {precision:.1%} | {recall:.1%} | {f1:.3f} |")
    ours = results["Tubarerere"]
    print("\n| level of ours | from | precision | recall |\n|---|---|---|---|")
    for level, least in (
        ("sure", matching.SURE),
        ("likely or surer", matching.LIKELY),
        ("possible or surer", matching.POSSIBLE),
    ):
        precision, recall, _f1 = figures(ours, least)
        print(f"| {level} | {least:.2f} | {precision:.1%} | {recall:.1%} |")
    names = list(results)[:3]
    print(
        "\n| kind of difference | pairs | "
        + " | ".join(one.split(",")[0] for one in names)
        + " |\n|---|---|---|---|---|"
    )
    rows: dict[str, list[Any]] = defaultdict(list)
    for name in names:
        threshold = _best(results[name][::2])
        by_kind: dict[tuple[bool, str], list[bool]] = defaultdict(list)
        for score, same, kind, _words in results[name]:
            by_kind[same, kind].append((score >= threshold) == same)
        for (same, kind), right in by_kind.items():
            rows[f"| {kind} ({'one' if same else 'two'}) | {len(right)}"].append(f"{sum(right) / len(right):.0%}")
    for head, cells in rows.items():
        print(f"{head} | {' | '.join(cells)} |")
    print("\nWrong in ours:")
    for score, same, kind, words in ours:
        if (score >= matching.LIKELY) != same:
            print(f"  {score:.2f} {'one' if same else 'two'} {kind}: {words}")


def figures(scored: Scored, threshold: float) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean at a threshold."""
    hits = sum(same for score, same, *_rest in scored if score >= threshold)
    called = sum(score >= threshold for score, *_rest in scored)
    true = sum(same for _score, same, *_rest in scored)
    precision, recall = hits / called if called else 1.0, hits / true
    return precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0


def crosswise(scored: Scored) -> tuple[float, float, float]:
    """The figures of each half at the threshold that was chosen on the other half."""
    judged: Scored = []
    for chosen_on, measured_on in ((scored[::2], scored[1::2]), (scored[1::2], scored[::2])):
        least = _best(chosen_on)
        judged += [(float(score >= least), same, kind, words) for score, same, kind, words in measured_on]
    return figures(judged, 1.0)


def _best(scored: Scored) -> float:
    """The threshold of the best F1; of several equal ones the middle."""
    tried = [number / 100 for number in range(5, 100)]
    best = max(figures(scored, least)[2] for least in tried)
    equal = [least for least in tried if figures(scored, least)[2] == best]
    return equal[len(equal) // 2]


if __name__ == "__main__":
    main()
