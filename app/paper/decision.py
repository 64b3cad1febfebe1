"""What stands on the sheet of a decision: who sat, what was weighed, why, what the child said, who agreed."""

from app.approvals.schemas import ApprovalRow
from app.children.rules import initials
from app.core.formats import day, instant, label
from app.core.i18n import gettext as _
from app.core.sheets import Part
from app.decisions.schemas import DecisionDetail, MatchRow, PanelRow
from app.decisions.words import CareOption
from app.paper.copies import Told

_ORDER = list(CareOption)


def of_decision(
    decision: DecisionDetail, match: MatchRow | None, approvals: list[ApprovalRow], *, names: bool, told: Told
) -> list[Part]:
    """The parts of the sheet of a decision, in the order in which a panel thinks."""
    return [
        _outcome(decision, match, told),
        panel(decision, names=names),
        Part(
            title=_("Why it is necessary"),
            facts=[(_("Grounds"), ", ".join(ground.label for ground in decision.grounds))],
            text=told(decision.necessity or "–"),
        ),
        considered(decision, told),
        Part(title=_("Why it is suitable"), text=told(decision.suitability or "–")),
        _said(decision, told),
        _siblings(decision, told),
        _distance(decision, told),
        _approvals(approvals, told),
    ]


def _outcome(decision: DecisionDetail, match: MatchRow | None, told: Told) -> Part:
    facts = [
        (_("Decided"), label(decision.kind)),
        (_("On"), day(decision.decided_on)),
        (_("State"), decision.state.label),
    ]
    if decision.household_code:
        facts.append((_("Household"), decision.household_code))
    if decision.institution_name:
        facts.append((_("Institution"), decision.institution_name))
    if match is not None:
        facts += [(_("Family that was chosen"), match.household_code), (_("Why this family"), told(match.why))]
    if decision.conditions:
        facts.append((_("Conditions"), told(decision.conditions)))
    return Part(title=_("What was decided"), facts=facts)


def panel(decision: DecisionDetail, *, names: bool) -> Part:
    """Who sat; by initials where the sheet names nobody."""
    sat = _("The author sat on the panel.") if decision.author_sat else _("The author did not sit on the panel.")
    return Part(
        title=_("Who sat on the panel"),
        head=[_("Name") if names else _("Initials"), _("Role")],
        rows=[[_sitting(one, names=names), one.role or "–"] for one in decision.panel],
        text=" ".join(
            words for words in (_("Written by %(name)s.") % {"name": decision.author} if decision.author else "", sat)
        ).strip(),
    )


def _sitting(one: PanelRow, *, names: bool) -> str:
    # Relatives sit on panels: their names would say whose sheet it is.
    if one.name is None:
        return "–"
    return one.name if names else initials(one.name.split()[0], " ".join(one.name.split()[1:]))


def considered(decision: DecisionDetail, told: Told) -> Part:
    """Every option that was looked into, and why it is not the one."""
    return Part(
        title=_("What was considered, in the order of preference"),
        head=[_("Option"), _("Looked into"), _("What was found"), _("Why not")],
        rows=[
            [one.option.label, label(one.considered), told(one.finding or "–"), told(one.why_not or "–")]
            for one in sorted(decision.options, key=lambda one: _ORDER.index(one.option))
        ],
        empty="" if decision.options else _("No option is written down."),
    )


def _said(decision: DecisionDetail, told: Told) -> Part:
    if decision.child_heard is not False:
        return Part(title=_("What the child said"), text=told(decision.child_said or "–"))
    why = _("The child was not heard: %(why)s.") % {"why": label(decision.not_heard)}
    return Part(title=_("What the child said"), text=why)


def _siblings(decision: DecisionDetail, told: Told) -> Part:
    facts = [(_("Decided for them"), label(decision.siblings))]
    if decision.siblings_why:
        facts.append((_("If apart, why"), told(decision.siblings_why)))
    if decision.shared:
        facts.append((_("Counts too for"), ", ".join(one.child_code for one in decision.shared)))
    return Part(title=_("Brothers and sisters"), facts=facts)


def _distance(decision: DecisionDetail, told: Told) -> Part:
    near = decision.nearness.label if decision.nearness else _("Not known")
    facts = [(_("From the child's own home"), near)]
    if decision.far_why:
        facts.append((_("Why in another district"), told(decision.far_why)))
    return Part(title=_("How far from home"), facts=facts)


def _approvals(approvals: list[ApprovalRow], told: Told) -> Part:
    return Part(
        title=_("Approvals"),
        head=[_("Sent"), _("By"), _("The answer"), _("Who answered"), _("Reason")],
        rows=[
            [
                instant(one.asked_at),
                one.asked_by or "–",
                ", ".join(filter(None, (one.state.label, instant(one.decided_at) if one.decided_at else None))),
                one.decided_by or "–",
                told(one.reason or "–"),
            ]
            for one in approvals
        ],
        empty="" if approvals else _("It was not sent for approval yet."),
    )
