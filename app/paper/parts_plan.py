"""What was decided, planned, agreed and asked for a child."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.consents.queries import must_not_tell, read_consents
from app.consents.schemas import ConsentRow, WithholdingRow
from app.consents.words import LegalBasis
from app.core.formats import day, label, number
from app.core.i18n import gettext as _
from app.core.sheets import Part
from app.decisions.queries import decisions_of, read_decision
from app.decisions.words import DecisionState
from app.paper.copies import Copy
from app.paper.decision import considered, panel
from app.plans.asked_queries import read_services
from app.plans.queries import read_file
from app.plans.schemas import PackageRow, PlanActionRow, PlanDetail
from app.plans.words import Responsible


def decisions(db: Session, actor: Actor, child_id: UUID, copy: Copy) -> list[Part]:
    """The decisions in force, and of the child's own newest one what it says; four statements at most."""
    found = [one for one in decisions_of(db, child_id) if one.state is DecisionState.APPROVED]
    made = [
        Part(
            title=_("Decisions in force"),
            head=[_("Day of the panel"), _("Decided"), _("Approved")],
            rows=[[day(one.decided_on), label(one.kind), day(one.approved_at)] for one in found],
        )
    ]
    own = next((one for one in found if one.child == child_id), None)
    if own is not None:
        whole = read_decision(db, actor, own.id)
        facts = [
            (_("Grounds"), ", ".join(ground.label for ground in whole.grounds)),
            (_("Why it is necessary"), whole.necessity),
            (_("Why it is suitable"), whole.suitability),
            (_("What the child said"), whole.child_said),
            (_("Brothers and sisters"), label(whole.siblings)),
            (_("Conditions"), whole.conditions),
        ]
        title = _("Decision of the panel, %(day)s") % {"day": day(own.decided_on)}
        made.append(Part(title=title, facts=copy.facts(facts)))
        made += [panel(whole, names=copy.names), considered(whole, copy.told)]
    return made


def plan_in_force(db: Session, child_id: UUID, copy: Copy) -> list[Part]:
    """The plan in force, or else the one that ended last, with all that it holds; seven statements at most."""
    file = read_file(db, child_id)
    plan = file.current or file.ended
    if plan is None:
        return []
    return [
        _head(plan, copy),
        Part(
            title=_("Goals"),
            head=[_("Part of life"), _("Goal"), _("Where it stands")],
            rows=[[one.domain.label, copy.words(one.statement), one.state.label] for one in plan.goals],
        ),
        Part(
            title=_("Actions"),
            head=[_("What"), _("Who does it?"), _("Until when"), _("Where it stands")],
            rows=[[copy.words(one.what), _who(one, copy), day(one.due_on), _stands(one, copy)] for one in plan.actions],
        ),
        Part(
            title=_("Packages for the family"),
            head=[_("What"), _("Cost in all"), _("Who pays?"), _("Where it stands")],
            rows=[_package(one, copy) for one in plan.packages],
        ),
        Part(
            title=_("Reviews"),
            head=[_("Day"), _("The child was heard"), _("What has changed"), _("What follows?")],
            rows=[
                [
                    day(one.reviewed_on),
                    copy.words(one.child_said or one.not_heard),
                    copy.words(one.changed),
                    one.result.label,
                ]
                for one in plan.reviews
            ],
        ),
    ]


def _head(plan: PlanDetail, copy: Copy) -> Part:
    facts = [
        (_("Version"), str(plan.number)),
        (_("In force since"), day(plan.in_force_on)),
        (_("Aim"), plan.aim),
        (_("What the child wants"), plan.child_says),
        (_("What the family wants"), plan.family_says),
    ]
    if plan.ended_on is None:
        facts.append((_("Next review"), day(plan.review_on)))
        return Part(title=_("The plan in force"), facts=copy.facts(facts))
    facts += [(_("Closed"), day(plan.ended_on)), (_("Why"), plan.why_ended)]
    return Part(title=_("Plan"), facts=copy.facts(facts))


def _who(action: PlanActionRow, copy: Copy) -> str:
    if action.responsible_name is None:
        return _("The child's own worker") if action.responsible is Responsible.OFFICE else action.responsible.label
    # Who works for an office is named; of a family the name would say whose sheet it is.
    if copy.names or action.responsible is Responsible.OFFICE:
        return action.responsible_name
    return action.responsible.label


def _stands(action: PlanActionRow, copy: Copy) -> str:
    if action.done_on:
        return _("Done on %(day)s") % {"day": day(action.done_on)}
    return ". ".join(filter(None, (action.state.label, action.not_done_because and copy.told(action.not_done_because))))


def _package(package: PackageRow, copy: Copy) -> list[str]:
    given = _("Given on %(day)s") % {"day": day(package.given_on)} if package.given_on else package.state.label
    return [
        ", ".join(filter(None, (package.kind.label, package.what and copy.told(package.what)))),
        _("%(amount)s Rwf") % {"amount": number(package.amount_rwf)},
        package.source.label,
        given,
    ]


def consents(db: Session, child_id: UUID, copy: Copy) -> list[Part]:
    """What was agreed to, and inside the service what must not be told; two statements."""
    found = read_consents(db, child_id)
    return [
        Part(
            title=_("Consent"),
            head=[_("Day"), _("What for?"), _("What was said"), _("The child says"), _("Where it stands")],
            rows=[_consent(one, copy) for one in found.consents],
        ),
        _withheld([one for one in found.withholdings if one.lifted_on is None], copy),
    ]


def withheld(db: Session, child_id: UUID, copy: Copy) -> Part:
    """What must not be told to whom; nothing of it goes out of the service, for it would tell it."""
    return _withheld([] if copy.outside else must_not_tell(db, child_id), copy)


def _withheld(rows: list[WithholdingRow], copy: Copy) -> Part:
    return Part(
        title=_("What must not be told"),
        head=[_("What"), _("To whom?"), _("Why")],
        rows=[]
        if copy.outside
        else [[copy.told(one.what), copy.told(one.from_whom), one.reason.label] for one in rows],
    )


def _consent(one: ConsentRow, copy: Copy) -> list[str]:
    said = one.answer if one.basis is LegalBasis.CONSENT else one.basis
    giver = one.giver_name if copy.names and one.giver_name else one.given_by and one.given_by.label
    return [
        day(one.given_on),
        ", ".join(filter(None, (one.purpose.label, one.organisation))),
        ", ".join(filter(None, (said.label, giver))),
        copy.words(one.assent),
        one.state.label,
    ]


def services(db: Session, actor: Actor, child_id: UUID, copy: Copy) -> Part:
    """What was asked of providers, and what came of it; one statement."""
    return Part(
        title=_("Services"),
        head=[_("Day"), _("Provider"), _("What was asked"), _("Where it stands"), _("What came of it")],
        rows=[
            [
                day(one.sent_at),
                f"{one.provider_name}, {one.kind.label}",
                copy.words(one.asked),
                one.outcome.label if one.outcome else one.status.label,
                copy.words(one.answer),
            ]
            for one in read_services(db, actor, child_id)
        ],
    )
