from dataclasses import replace

import pytest

from app.children.words import EntryReason, PlacementKind
from app.decisions.missing import Written, lacking, part_of
from app.decisions.rules import Weighed
from app.decisions.schemas import DecisionContent
from app.decisions.words import CareOption, DecisionNotHeard, DecisionPart, Nearness, Siblings

NOTHING = Written(
    panel=[],
    grounds=[],
    necessity=None,
    weighed=[],
    kind=None,
    suitability=None,
    heard=None,
    said=None,
    not_heard=None,
    siblings=None,
    siblings_why=None,
    shared=0,
    household=False,
    institution=False,
    nearness=None,
    far_why=None,
    age=8,
)
WHOLE = replace(
    NOTHING,
    panel=[("Mukamana Rose", "Social worker"), ("Kalisa Jean", "Uncle")],
    grounds=[EntryReason.DEATH_BOTH],
    necessity="Both parents died",
    weighed=[Weighed(CareOption.FAMILY, False, None, "Both died")],
    kind=PlacementKind.KINSHIP_FORMAL,
    suitability="She knows them",
    heard=True,
    said="I want to go to school",
    siblings=Siblings.NONE,
)


def fields(draft: Written) -> list[str]:
    return [field for field, _words in lacking(draft)]


def test_a_whole_draft_lacks_nothing() -> None:
    assert lacking(WHOLE) == []


def test_an_empty_draft_is_asked_for_each_thing_in_the_order_of_its_form() -> None:
    assert fields(NOTHING) == ["panel", "grounds", "necessity", "kind", "suitability", "child_heard", "siblings"]
    assert [part_of(field) for field in fields(NOTHING)] == [
        DecisionPart.PANEL,
        DecisionPart.NECESSITY,
        DecisionPart.NECESSITY,
        DecisionPart.OPTIONS,
        DecisionPart.SUITABILITY,
        DecisionPart.CHILD,
        DecisionPart.SIBLINGS,
    ]


@pytest.mark.parametrize(
    ("draft", "lacks"),
    [
        (replace(WHOLE, panel=[("Rose", None), (None, "Uncle")]), ["panel.0.role", "panel.1.name"]),
        (replace(WHOLE, grounds=[EntryReason.POVERTY]), ["grounds"]),
        (replace(WHOLE, weighed=[]), ["options"]),
        (replace(WHOLE, kind=PlacementKind.FOSTER_MALAYIKA_MURINZI, age=19), ["kind"]),
        (replace(WHOLE, institution=True), ["institution"]),
        (replace(WHOLE, nearness=Nearness.ELSEWHERE), ["far_why"]),
        (replace(WHOLE, said=None), ["child_said"]),
        (replace(WHOLE, heard=False), ["not_heard"]),
        (replace(WHOLE, heard=False, not_heard=DecisionNotHeard.TOO_YOUNG), []),
        (replace(WHOLE, siblings=Siblings.APART), ["siblings_why"]),
        (replace(WHOLE, shared=1), ["siblings"]),
    ],
)
def test_what_is_lacking(draft: Written, lacks: list[str]) -> None:
    assert fields(draft) == lacks


def test_each_field_of_the_form_has_its_part() -> None:
    parts = {part_of(field) for field in DecisionContent.model_fields}
    assert parts == set(DecisionPart)
