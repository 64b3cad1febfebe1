"""What a draft lacks before it can be sent for approval, and in which part of the decision that stands. Pure.

A draft is kept as it is, however little it says. What is asked for here is asked when it is sent.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.children.rules import age_on
from app.children.words import EntryReason, PlacementKind
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.decisions.rules import (
    Weighed,
    check_distance,
    check_grounds,
    check_heard,
    check_host,
    check_kind,
    check_options,
    check_siblings,
)
from app.decisions.words import CareOption, DecisionNotHeard, DecisionPart, Nearness, Siblings

LEAST_SITTING = 2

Lack = tuple[str, str]
"""A field, and what to write there."""

_PART_OF = {
    "decided_on": DecisionPart.PANEL,
    "panel": DecisionPart.PANEL,
    "author_sat": DecisionPart.PANEL,
    "grounds": DecisionPart.NECESSITY,
    "necessity": DecisionPart.NECESSITY,
    "kind": DecisionPart.OPTIONS,
    "options": DecisionPart.OPTIONS,
    "child_heard": DecisionPart.CHILD,
    "child_said": DecisionPart.CHILD,
    "not_heard": DecisionPart.CHILD,
    "siblings": DecisionPart.SIBLINGS,
    "siblings_why": DecisionPart.SIBLINGS,
    "also_codes": DecisionPart.SIBLINGS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a draft says so far; None is what nobody has said yet. `panel` is pairs of name and role."""

    panel: Sequence[tuple[str | None, str | None]]
    grounds: Collection[EntryReason]
    necessity: str | None
    weighed: Sequence[Weighed]
    kind: PlacementKind | None
    suitability: str | None
    heard: bool | None
    said: str | None
    not_heard: DecisionNotHeard | None
    siblings: Siblings | None
    siblings_why: str | None
    shared: int
    household: bool
    institution: bool
    nearness: Nearness | None
    far_why: str | None
    age: int | None

    @classmethod
    def of(cls, row: Any, *, shared: int) -> "Written":
        """The columns of a decision with the child's `born_on`; `shared` counts the other children."""
        return cls(
            panel=[(one["name"], one["role"]) for one in row.panel],
            grounds=[EntryReason(ground) for ground in row.grounds],
            necessity=row.necessity,
            weighed=[
                Weighed(CareOption(one["option"]), one["considered"], one["finding"], one["why_not"])
                for one in row.options
            ],
            kind=PlacementKind(row.kind) if row.kind else None,
            suitability=row.suitability,
            heard=row.child_heard,
            said=row.child_said,
            not_heard=DecisionNotHeard(row.not_heard) if row.not_heard else None,
            siblings=Siblings(row.siblings) if row.siblings else None,
            siblings_why=row.siblings_why,
            shared=shared,
            household=row.household_id is not None,
            institution=row.institution_id is not None,
            nearness=Nearness(row.nearness) if row.nearness else None,
            far_why=row.far_why,
            age=age_on(row.born_on, row.decided_on),
        )


def part_of(field: str) -> DecisionPart:
    """The part of a decision in which a field stands; the home is the largest, and has what is left."""
    return _PART_OF.get(field.split(".", maxsplit=1)[0], DecisionPart.SUITABILITY)


def lacking(draft: Written) -> list[Lack]:
    """What has to be written or put right before a draft can be sent, in the order of its form."""
    return [
        *_panel(draft.panel),
        *_necessity(draft),
        *_options(draft),
        *_suitability(draft),
        *_child(draft),
        *_siblings(draft),
    ]


def _panel(panel: Sequence[tuple[str | None, str | None]]) -> list[Lack]:
    found: list[Lack] = []
    if len(panel) < LEAST_SITTING:
        found.append(("panel", _("At least two people sit on a panel: write who they were")))
    for number, (name, role) in enumerate(panel):
        if not name:
            found.append((f"panel.{number}.name", _("Write the name")))
        if not role:
            found.append((f"panel.{number}.role", _("Write in which role this person sat")))
    return found


def _necessity(draft: Written) -> list[Lack]:
    found = _refused(lambda: check_grounds(draft.grounds))
    if not draft.grounds:
        found = [("grounds", _("Say why the child cannot be with the parents"))]
    if not draft.necessity:
        found.append(("necessity", _("Write why it is necessary")))
    return found


def _options(draft: Written) -> list[Lack]:
    kind = draft.kind
    if kind is None:
        return [("kind", _("Choose how the child will live"))]
    return _refused(lambda: check_kind(kind, age=draft.age)) or _refused(
        lambda: check_options(kind, draft.weighed, age=draft.age)
    )


def _suitability(draft: Written) -> list[Lack]:
    kind = draft.kind
    found: list[Lack] = []
    if not draft.suitability:
        found.append(("suitability", _("Write why it is suitable for this child")))
    if kind is not None:
        found += _refused(lambda: check_host(kind, household=draft.household, institution=draft.institution))
    return found + _refused(lambda: check_distance(draft.nearness, draft.far_why))


def _child(draft: Written) -> list[Lack]:
    heard = draft.heard
    if heard is None:
        return [("child_heard", _("Say whether the child was heard"))]
    return _refused(lambda: check_heard(heard=heard, said=draft.said, not_heard=draft.not_heard))


def _siblings(draft: Written) -> list[Lack]:
    siblings = draft.siblings
    if siblings is None:
        return [("siblings", _("Say what it means for brothers and sisters"))]
    return _refused(lambda: check_siblings(siblings, draft.siblings_why, shared=draft.shared))


def _refused(check: Callable[[], None]) -> list[Lack]:
    try:
        check()
    except FieldError as error:
        return list(error.errors)
    return []
