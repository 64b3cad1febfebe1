"""What a case adds to the story of a child: its steps, its risk, its contacts, its transfers."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.rules import View
from app.cases.models import CaseContact, CaseStep, CaseTransfer, RiskRating
from app.cases.words import CaseContactKind, CaseState, ContactOutcome, Risk, StepKind, TransferState
from app.children.queries import view_of
from app.children.timeline import CHILD, Item, Teller, local_day, told
from app.core.i18n import gettext as _

_ICONS = {
    StepKind.OPENED: "folder-open",
    StepKind.CLOSED: "flag",
    StepKind.REOPENED: "undo-2",
    StepKind.TRANSFERRED: "route",
}
_RISK_TONES = {Risk.HIGH: "overdue", Risk.MEDIUM: "due", Risk.LOW: "info"}


def _rows(actor: Actor) -> list[Select[Any]]:
    if view_of(actor) is not View.WHOLE or not actor.may_ever(Permission.CASES_READ):
        return []
    step, risk, contact, transfer = CaseStep, RiskRating, CaseContact, CaseTransfer
    answered = func.coalesce(transfer.answered_at, transfer.created_at)
    steps = told("step", step.happened_on, step.created_at, step.id, kind=step.kind, text=step.reason, state=step.state)
    risks = told("risk", local_day(risk.rated_at), risk.created_at, risk.id, risk=risk.risk, text=risk.reason)
    contacts = told(
        "contact",
        contact.contacted_on,
        contact.created_at,
        contact.id,
        outcome=contact.outcome,
        text=contact.note,
        kind=contact.kind,
    )
    transfers = told(
        "transfer",
        local_day(answered),
        transfer.created_at,
        transfer.id,
        state=transfer.state,
        text=transfer.reason,
    )
    return [
        steps.where(step.child_id == CHILD),
        risks.where(risk.child_id == CHILD),
        contacts.where(contact.child_id == CHILD),
        transfers.where(transfer.child_id == CHILD),
    ]


def _item(row: Any, child_id: UUID) -> Item:
    facts = row.facts
    known = {
        "when": row.day,
        "noted_at": row.noted_at,
        "text": facts["text"],
        "href": f"/children/{child_id}/case",
    }
    match row.what:
        case "risk":
            risk = Risk(facts["risk"])
            title = _("Risk rated: %(risk)s") % {"risk": risk.label}
            return Item(**known, title=title, icon="shield", tone=_RISK_TONES[risk])
        case "contact":
            outcome, kind = ContactOutcome(facts["outcome"]), CaseContactKind(facts["kind"])
            tone = "due" if outcome is ContactOutcome.NOT_REACHED else "done"
            return Item(**known, title=outcome.label, meta=[kind.label], icon="phone", tone=tone)
        case "transfer":
            state = TransferState(facts["state"])
            title = _("Transfer to another district: %(state)s") % {"state": state.label}
            return Item(**known, title=title, icon="route", tone="info")
        case _:
            step = StepKind(facts["kind"])
            title = step.label
            if step in {StepKind.ADVANCED, StepKind.WENT_BACK}:
                title = _("%(step)s: %(state)s") % {"step": title, "state": CaseState(facts["state"]).label}
            return Item(**known, title=title, icon=_ICONS.get(step, "circle"), tone="info")


TELLS = Teller(_rows, _item)
"""The cases of a child, for whoever reads the whole file."""
