"""What a case adds to the story of a child: its steps, its risk, its contacts, its transfers."""

from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Select, String, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.rules import View
from app.cases.models import CaseContact, CaseStep, CaseTransfer, RiskRating
from app.cases.words import CaseContactKind, CaseState, ContactOutcome, Risk, StepKind, TransferState
from app.children.queries import view_of
from app.children.timeline import Item
from app.core.i18n import gettext as _

_ICONS = {
    StepKind.OPENED: "folder-open",
    StepKind.CLOSED: "flag",
    StepKind.REOPENED: "undo-2",
    StepKind.TRANSFERRED: "route",
}
_RISK_TONES = {Risk.HIGH: "overdue", Risk.MEDIUM: "due", Risk.LOW: "info"}


def items_of(db: Session, actor: Actor, child_id: UUID, most: int | None = None) -> list[Item]:
    """What happened in the cases of a child whom the actor has opened whole, newest first; one statement."""
    if view_of(actor) is not View.WHOLE or not actor.may_ever(Permission.CASES_READ):
        return []
    address = f"/children/{child_id}/case"
    return [_item(row, address) for row in db.execute(_rows(), {"child_id": child_id, "most": most})]


@cache
def _rows() -> Any:
    rated_on = cast(func.timezone("Africa/Kigali", RiskRating.rated_at), Date)
    answered = func.coalesce(CaseTransfer.answered_at, CaseTransfer.created_at)
    transfer_on = cast(func.timezone("Africa/Kigali", answered), Date)
    parts = [
        _part("step", CaseStep.happened_on, CaseStep.kind, CaseStep.reason, CaseStep.state, CaseStep),
        _part("risk", rated_on, RiskRating.risk, RiskRating.reason, null(), RiskRating),
        _part(
            "contact", CaseContact.contacted_on, CaseContact.outcome, CaseContact.note, CaseContact.kind, CaseContact
        ),
        _part("transfer", transfer_on, CaseTransfer.state, CaseTransfer.reason, null(), CaseTransfer),
    ]
    every = union_all(*(part.where(table.child_id == bindparam("child_id")) for part, table in parts)).subquery()
    return (
        select(every)
        .order_by(every.c.happened_on.desc(), every.c.created_at.desc())
        .limit(bindparam("most", type_=Integer))
    )


def _part(what: str, day: Any, word: Any, text: Any, further: Any, table: Any) -> tuple[Select[Any], Any]:
    columns = [
        literal(what).label("what"),
        cast(day, Date).label("happened_on"),
        cast(word, String).label("word"),
        cast(text, String).label("text"),
        cast(further, String).label("further"),
        table.created_at.label("created_at"),
    ]
    return select(*columns), table


def _item(row: Any, address: str) -> Item:
    day: date = row.happened_on
    noted: datetime = row.created_at
    if row.what == "risk":
        risk = Risk(row.word)
        title = _("Risk rated: %(risk)s") % {"risk": risk.label}
        return Item(
            when=day, noted_at=noted, title=title, text=row.text, icon="shield", tone=_RISK_TONES[risk], href=address
        )
    if row.what == "contact":
        outcome = ContactOutcome(row.word)
        return Item(
            when=day,
            noted_at=noted,
            title=outcome.label,
            text=row.text,
            meta=[CaseContactKind(row.further).label],
            icon="phone",
            tone="due" if outcome is ContactOutcome.NOT_REACHED else "done",
            href=address,
        )
    if row.what == "transfer":
        title = _("Transfer to another district: %(state)s") % {"state": TransferState(row.word).label}
        return Item(when=day, noted_at=noted, title=title, text=row.text, icon="route", tone="info", href=address)
    kind, title = StepKind(row.word), StepKind(row.word).label
    if kind in {StepKind.ADVANCED, StepKind.WENT_BACK}:
        title = _("%(step)s: %(state)s") % {"step": kind.label, "state": CaseState(row.further).label}
    return Item(
        when=day, noted_at=noted, title=title, text=row.text, icon=_ICONS.get(kind, "circle"), tone="info", href=address
    )
