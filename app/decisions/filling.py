"""A draft as a form, and what two people wrote into it at the same time."""

from starlette.datastructures import FormData

from app.core.asking import day_boxes
from app.core.formats import label
from app.core.forms import Form
from app.core.i18n import gettext as _
from app.decisions.schemas import DecisionDetail
from app.decisions.words import CareOption

_ALWAYS_ANSWERED = frozenset({"author_sat"})
"""A box without a tick is an answer here, so nothing is put in its place."""


def form_of(decision: DecisionDetail) -> Form:
    """A draft as its form."""
    single = day_boxes("decided_on", decision.decided_on) | {
        "author_sat": "yes" if decision.author_sat else "",
        "necessity": decision.necessity or "",
        "kind": decision.kind.value if decision.kind else "",
        "suitability": decision.suitability or "",
        "child_heard": {True: "true", False: "false", None: ""}[decision.child_heard],
        "child_said": decision.child_said or "",
        "not_heard": decision.not_heard.value if decision.not_heard else "",
        "siblings": decision.siblings.value if decision.siblings else "",
        "siblings_why": decision.siblings_why or "",
        "also_codes": ", ".join(one.child_code for one in decision.shared),
        "household_code": decision.household_code or "",
        "institution": str(decision.institution or ""),
        "far_why": decision.far_why or "",
        "conditions": decision.conditions or "",
    }
    for number, one in enumerate(decision.panel):
        single |= {f"panel.{number}.name": one.name or "", f"panel.{number}.role": one.role or ""}
    known = {one.option: one for one in decision.options}
    for number, option in enumerate(CareOption):
        weighed = known.get(option)
        if weighed is not None:
            single |= {
                f"options.{number}.considered": "yes" if weighed.considered else "",
                f"options.{number}.finding": weighed.finding or "",
                f"options.{number}.why_not": weighed.why_not or "",
            }
    return Form(FormData([*single.items(), *(("grounds[]", ground.value) for ground in decision.grounds)]))


def joined_with(form: Form, decision: DecisionDetail) -> Form:
    """What was typed, and in every box that was left empty what somebody else saved meanwhile."""
    saved = form_of(decision).data.multi_items()
    added = [(name, value) for name, value in saved if not form.value(name).strip() and name not in _ALWAYS_ANSWERED]
    kept = [(name, value) for name, value in form.data.multi_items() if name not in dict(added)]
    joined = Form(FormData([*kept, *added]))
    joined.errors, joined.status, joined.stale = form.errors, form.status, form.stale
    return joined


def differing_from(form: Form, decision: DecisionDetail) -> list[tuple[str, str]]:
    """The questions that were answered otherwise by somebody else meanwhile, with that answer."""
    saved = form_of(decision)
    return [
        (words, said)
        for name, words, said in _answers(decision)
        if form.value(name).strip() and _typed(form, name) != _typed(saved, name)
    ]


def _typed(form: Form, name: str) -> set[str]:
    # A browser ends each line with two signs, and the verb keeps one of them.
    return {" ".join(value.split()) for value in form.values(name)}


def _answers(decision: DecisionDetail) -> list[tuple[str, str, str]]:
    """Each question of the form by name and words, and how the draft answers it."""
    told = [
        ("grounds[]", _("Why can the child not be with the parents?"), decision.grounds),
        ("necessity", _("Why is it necessary?"), decision.necessity),
        ("kind", _("What was decided: how will the child live?"), decision.kind),
        ("suitability", _("Why is it suitable for this child?"), decision.suitability),
        ("household_code", _("Household"), decision.household_code),
        ("institution", _("Institution"), decision.institution_name),
        ("far_why", _("Why in another district"), decision.far_why),
        ("conditions", _("Under which conditions?"), decision.conditions),
        ("child_heard", _("Was the child heard?"), decision.child_heard),
        ("child_said", _("What did the child say?"), decision.child_said),
        ("not_heard", _("If not: why not?"), decision.not_heard),
        ("siblings", _("Brothers and sisters"), decision.siblings),
        ("siblings_why", _("If apart, why"), decision.siblings_why),
        ("also_codes", _("Counts too for"), ", ".join(one.child_code for one in decision.shared)),
    ]
    for number, one in enumerate(decision.panel):
        told.append((f"panel.{number}.name", _("Name, person %(number)s") % {"number": number + 1}, one.name))
        told.append((f"panel.{number}.role", _("Role, person %(number)s") % {"number": number + 1}, one.role))
    order = list(CareOption)
    finding, why_not = _("What was found"), _("Why not")
    for weighed in decision.options:
        name = f"options.{order.index(weighed.option)}"
        told.append((f"{name}.finding", f"{weighed.option.label}: {finding}", weighed.finding))
        told.append((f"{name}.why_not", f"{weighed.option.label}: {why_not}", weighed.why_not))
    return [(name, words, _said(answer)) for name, words, answer in told]


def _said(answer: object) -> str:
    return ", ".join(label(one) for one in answer) if isinstance(answer, list) else label(answer)
