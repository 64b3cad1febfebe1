"""What the invented people answered: forms that are filled in as their definitions ask, and the words for them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.demo.draft import Draft
from app.instruments import rules
from app.instruments.definitions import Definition, Question
from app.instruments.words import NOT_ASSESSED

_SAID: dict[str, tuple[str, ...]] = {
    "story": (
        "After the mother died the grandmother cared for the children, until she could not walk any more.",
        "The father left for work and did not come back. A neighbour brought the child to the house.",
        "Found as a baby near the market; grew up in the house with the other children of the same year.",
    ),
    "strengths": (
        "Sings, helps the small ones, learns quickly. The aunt calls every Sunday.",
        "Patient and funny; good at football. The teacher stands by him.",
        "Draws everything that moves. An older sister writes letters.",
    ),
    "needs_help_with": (
        "To belong to somebody, and to stay at one school for more than a year.",
        "Help with reading.",
    ),
    "health_needs_which": ("Glasses, and a check of the ears.", "Treatment of the skin, and somebody to talk to."),
    "danger_done": ("Spent the night with the aunt; the cell was told.",),
    "recommendation": (
        "To look for the mother's family first. The aunt in the next sector has asked twice.",
        "The family can manage with a bed, mutuelle and somebody who looks in every two weeks.",
        "A foster family near the present school, together with the brother.",
    ),
    "wish_where": ("With my grandmother, because she tells stories.", "Somewhere with a garden, and my brother too."),
    "fears": ("The dark, and that nobody comes.",),
    "origin_words": ("A house with a blue door near a church; a dog called Simba.", "The child was too small to know."),
    "siblings_where": (
        "A sister is with an aunt; they call once a month.",
        "One brother, in the same house.",
    ),
    "others": ("The cook of the house, who is from the same village.",),
    "likes": ("Singing, beans with avocado, the radio. A song before sleep.", "Football; being asked first."),
    "dislikes": ("Loud voices.", "To be alone at night."),
    "habits": ("Eats everything, sleeps with the light on. Malaria twice.",),
    "hopes": ("To become a nurse, and to have a bicycle.", "To drive a bus to Huye."),
    "health_there": ("The grandmother has high blood pressure and takes her medicine.",),
    "danger_what": ("An uncle drinks; he will sleep at his own house.",),
    "child_voice": (
        "I like that we eat together.",
        "Ndashaka gukina umupira kenshi kurushaho.",
        "Ici, quelqu'un m'attend après l'école.",
    ),
    "why_not_alone": ("The house has one room, and it rained.",),
    "change": ("I would like to see my friends from the house.",),
    "good": ("I have my own bed.",),
    "child_worries": ("Whether the other children at school will ask.",),
    "what_first": ("A bed, and a second visit of the aunt.",),
    "child_view": ("I want to stay. Can I call you when you do not come any more?",),
    "open_points": ("The birth certificate; the sector's officer sees to it.",),
    "why_now": ("The house closes this year, and an aunt has asked for the child.",),
    "family_view": ("The aunt is glad; the uncle asks who pays for school.",),
    "opt_why": ("The mother has died, the father is not known.",),
    "necessary": ("There is nobody else, and the house is no place to grow up in.",),
    "suitable": ("They know each other, and the school stays the same.",),
    "safety": ("Too many children in one room: the volunteer looks in every week at first.",),
    "plan_b": ("A foster family of the same cell.",),
    "remark": ("Calm today.", "A new calf has been born; it has been named after the child."),
    "note": ("Thank you for coming also when it rains.",),
}
_OFTEN: dict[str, tuple[str, ...]] = {
    "yes": ("yes", "yes", "yes", "no"),
    "goals": ("yes",),
    "opt_family": ("not_possible",),
    "opt_kin": ("chosen",),
    "opt_foster": ("possible",),
    "opt_guardianship": ("not_examined",),
    "opt_adoption": ("not_examined",),
    "opt_other": ("not_examined",),
    "education": ("attends", "attends", "irregular", "left"),
    "family_possible": ("kin", "kin", "other_family", "parents", "not_known"),
    "suitable": ("yes", "with_support", "with_support"),
    "child_wish": ("wants", "wants", "unsure"),
    "siblings_together": ("yes", "none"),
    "informant": ("teacher", "parent"),
}
_RARE = frozenset({"danger_now", "danger", "health_needs"})
_NEVER_HEARD = frozenset({"why_child_not_heard", "why_not_heard", "siblings_why"})
_WORST = frozenset({"a_lot", "cannot", "a_lot_more", "daily"})
_MOST = 4


def answered(
    draft: Draft,
    definition: Definition,
    *,
    day: date,
    level: float = 3.0,
    difficulty: bool = False,
    given: Mapping[str, Any] | None = None,
) -> rules.Values:
    """A whole set of answers of a day. `level`: how well the child fares, 1 to 4; `given`: what is known already."""
    values: rules.Values = {}
    known = dict(given or {})
    for key, question in definition.questions.items():
        value = known[key] if key in known else _one(draft, question, day, level, difficulty=difficulty)
        if value is not None:
            values[key] = value
    if "total" in values:
        values["total"] = sum(values[f"{name}_scale"] for name in ("emotional", "conduct", "hyperactivity", "peer"))
    return rules.kept(definition, values)


def _one(draft: Draft, question: Question, day: date, level: float, *, difficulty: bool) -> Any:
    key = question.key
    match question.kind:
        case "date":
            return (day if not question.future else draft.ago(-90)).isoformat()
        case "yes_no":
            return draft.chance(0.15 if key in _RARE else 0.9)
        case "scale":
            return NOT_ASSESSED if draft.chance(0.05) else max(1, min(_MOST, round(draft.rng.gauss(level, 0.6))))
        case "number":
            least = int(question.min or 0)
            return draft.rng.randint(least, min(int(question.max or least), least + _MOST))
        case "choice":
            return _chosen(draft, question, difficulty=difficulty)
        case "choices":
            return [option.value for option in question.options if draft.chance(0.4)] or [question.options[0].value]
        case _:
            said = _SAID.get(key)
            if said is None and question.required and key not in _NEVER_HEARD:
                raise KeyError(key)
            return draft.pick(said) if said and (question.required or draft.chance(0.7)) else None


def _chosen(draft: Draft, question: Question, *, difficulty: bool) -> str:
    values = [option.value for option in question.options]
    if question.key in _OFTEN:
        return draft.pick(_OFTEN[question.key])
    if values[0] in {"yes", "none", "never", "not_at_all"}:
        # The first answer is the usual one: all is in order, no difficulty, never afraid.
        if question.key in {"walking", "learning"} and difficulty:
            return next(value for value in values if value in _WORST)
        return values[0] if draft.chance(0.8) else values[1]
    return draft.pick(values)
