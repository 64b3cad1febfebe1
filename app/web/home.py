"""The first page: My day for whoever has something to do, and a sensible place for the others."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import signed_in
from app.access.permissions import Permission
from app.access.roles import NATIONAL_ROLES, Role
from app.approvals.queries import waiting_for
from app.approvals.schemas import ApprovalRow
from app.casefile.day import TaskDue, tasks_due
from app.core import clock
from app.core.db import Db
from app.core.formats import ago, day, duration
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import StrictRoute
from app.core.templating import render
from app.referrals.queries import list_referrals, unread_notices
from app.referrals.schemas import ReferralQuery, ReferralRow
from app.referrals.words import ReferralStatus
from app.tasks.rules import standing
from app.tasks.words import Due, TaskKind
from app.transformation.breach_queries import alerts_for as breaches_for
from app.transformation.schemas import Breach
from app.visits.alerts import alerts_for
from app.visits.schemas import AlertRow

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

MOST_ROWS = 50
DAYS_TO_APPROVE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing to do: who and what, since when, why it is here, and its one button."""

    standing: Due
    due_at: datetime
    title: str
    href: str
    meta: list[str] = field(default_factory=list)
    why: str
    word: str
    tone: str
    action: tuple[str, str]
    first: bool = False
    """Whether it comes before all that waits, however long that has."""


@router.get("/")
def home(request: Request, db: Db, actor: Annotated[Actor, signed_in()]) -> Response:
    """My day, or the page that a role without one works on."""
    if not actor.may_ever(Permission.TASKS_READ):
        return RedirectResponse(_elsewhere(actor), status_code=303)
    rows = sorted(
        [_task_row(due) for due in tasks_due(db, actor)]
        + [_alert_row(alert) for alert in alerts_for(db, actor)]
        + [_breach_row(breach) for breach in breaches_for(db, actor)]
        + [_approval_row(approval) for approval in waiting_for(db, actor)]
        + _referral_rows(db, actor),
        key=lambda row: (not row.first, row.due_at, row.href),
    )[:MOST_ROWS]
    sections = [(due, [row for row in rows if row.standing is due]) for due in Due]
    to_do = {row.href for row in rows}
    return render(
        request,
        "home/my_day.html",
        sections=[(due.label, part) for due, part in sections if part],
        notices=[notice for notice in unread_notices(db, actor) if f"/referrals/{notice.referral_id}" not in to_do],
        overdue=sum(row.standing is Due.OVERDUE for row in rows),
        national=actor.role in NATIONAL_ROLES,
    )


def _elsewhere(actor: Actor) -> str:
    if actor.role is Role.INSTITUTION_MANAGER:
        return f"/institutions/{actor.institution_id}" if actor.institution_id else "/institutions"
    first = [
        (Permission.AUDIT_READ, "/audit"),
        (Permission.ACCOUNTS_MANAGE, "/admin/accounts"),
        (Permission.INDICATORS_READ, "/numbers"),
        (Permission.SERVICES_ANSWER, "/services"),
        (Permission.REFERRALS_READ, "/referrals"),
    ]
    return next((path for permission, path in first if actor.may_ever(permission)), "/more")


def _task_row(due: TaskDue) -> Row:
    task = due.task
    where = task.standing
    who = ", ".join(part for part in (due.given_name, due.code) if part)
    house = due.about if who else None
    many = ngettext("%(num)s child", "%(num)s children", due.children) % {"num": due.children} if due.children else ""
    who = who or due.about or many
    if where is Due.OVERDUE:
        word = _("Late by %(time)s") % {"time": duration(task.last_day)}
    else:
        word = _("Due %(when)s") % {"when": ago(task.due_on)}
    why, (address, button) = _why_here(due)
    return Row(
        standing=where,
        due_at=_noon(task.due_on),
        title=_("%(what)s: %(who)s") % {"what": task.kind.label, "who": who} if who else task.kind.label,
        href=f"/children/{due.child_id}" if due.child_id else address,
        meta=[house] if house else [],
        why=why,
        word=word,
        tone=_TONES.get(where, "info"),
        action=(address, button),
    )


_TONES = {Due.OVERDUE: "overdue", Due.TODAY: "due"}


def _why_here(due: TaskDue) -> tuple[str, tuple[str, str]]:
    """Why a task is on the list, and its one button."""
    task = due.task
    visit = f"/placements/{task.placement}/visits/new"
    if task.kind is TaskKind.IZU_CHECK:
        why = _("A child of your village: look in, and say whether all is well")
        return why, (visit, _("Log the light check"))
    if task.kind is TaskKind.VISIT:
        known = {"kind": due.lives_as.label, "day": day(due.lives_since)} if due.lives_as else None
        asked = _("%(kind)s, since %(day)s") % known if known else _("The schedule of the placement asks for it")
        return asked, (visit, _("Log the visit"))
    why = task.kind.why or task.kind.label
    if task.kind is TaskKind.READ_HANDOVER and task.child is None:
        why = _("They came to you from another worker")
    return why, (task.path or f"/children/{task.child}", _verb(task.kind))


def _verb(kind: TaskKind) -> str:
    if kind is TaskKind.ACCEPT_TRANSFER:
        return _("Answer")
    return _("Read it") if kind in _TO_READ else _("Do it")


_TO_READ = frozenset({TaskKind.READ_HANDOVER, TaskKind.READ_ANSWER, TaskKind.READ_DUPLICATE})


def _alert_row(alert: AlertRow) -> Row:
    return Row(
        standing=Due.OVERDUE,
        due_at=alert.created_at,
        title=_("%(what)s: %(who)s") % {"what": alert.kind.label, "who": alert.code},
        href=alert.path,
        meta=[_("Came %(when)s") % {"when": ago(alert.created_at)}],
        why=_("You have to know this within the hour"),
        word=_("Alert"),
        tone="overdue",
        action=("/alerts", _("Acknowledge")),
        first=True,
    )


def _breach_row(breach: Breach) -> Row:
    address = f"/institutions/{breach.institution}/closure"
    return Row(
        standing=Due.OVERDUE,
        due_at=_noon(breach.started_on),
        title=_("Admitted after the moratorium: %(house)s") % {"house": breach.institution_name},
        href=address,
        meta=[part for part in (breach.child_code, _("Admitted %(day)s") % {"day": day(breach.started_on)}) if part],
        why=_("No child was to come after the moratorium"),
        word=_("Alert"),
        tone="overdue",
        action=(address, _("Look into it")),
    )


def _approval_row(approval: ApprovalRow) -> Row:
    """What waits for the reader's agreement is for today, and late after three days: a family waits behind it."""
    waited = (clock.now() - approval.asked_at).days
    late = waited >= DAYS_TO_APPROVE
    address = f"/approvals/{approval.id}"
    # What is about no child says in its note what it is about.
    about = approval.child_code or approval.note
    told = (approval.asked_by, approval.note if approval.child_code else None)
    return Row(
        standing=Due.OVERDUE if late else Due.TODAY,
        due_at=approval.asked_at,
        title=_("%(what)s: %(who)s") % {"what": approval.kind.label, "who": about} if about else approval.kind.label,
        href=address,
        meta=[part for part in told if part],
        why=_("It waits for your approval"),
        word=_("Asked %(when)s") % {"when": ago(approval.asked_at)},
        tone="overdue" if late else "due",
        action=(address, _("Decide")),
    )


def _noon(due_on: date) -> datetime:
    return datetime(due_on.year, due_on.month, due_on.day, 12, tzinfo=clock.KIGALI)


def _referral_rows(db: Session, actor: Actor) -> list[Row]:
    if not actor.may_ever(Permission.REFERRALS_READ):
        return []
    waiting = list_referrals(db, actor, ReferralQuery(inbox=True, limit=MOST_ROWS)).items
    return [_referral_row(actor, referral) for referral in waiting]


def _referral_row(actor: Actor, referral: ReferralRow) -> Row:
    due = _referral_standing(referral)
    why, button = _what_to_do(actor, referral)
    if referral.due_at is None:
        word = referral.status.label
    elif referral.late:
        word = _("Late by %(time)s") % {"time": duration(referral.due_at)}
    else:
        word = _("Due %(when)s") % {"when": ago(referral.due_at)}
    return Row(
        standing=due,
        due_at=referral.due_at or referral.filed_at,
        title=f"{referral.concern.label}, {referral.code}",
        href=f"/referrals/{referral.id}",
        meta=[
            referral.urgency.label,
            referral.place,
            _("Came %(when)s") % {"when": ago(referral.received_at)},
        ],
        why=why,
        word=word,
        tone=_TONES.get(due, "info"),
        action=(f"/referrals/{referral.id}", button),
    )


def _referral_standing(referral: ReferralRow) -> Due:
    """A referral that nobody has acknowledged is for today, whatever its clock says."""
    if referral.late:
        return Due.OVERDUE
    due_on = referral.due_at.astimezone(clock.KIGALI).date() if referral.due_at else None
    if referral.status is ReferralStatus.SENT or (due_on is not None and due_on <= clock.today()):
        return Due.TODAY
    return Due.THIS_WEEK if due_on is None else standing(due_on, 0, clock.today())


def _what_to_do(actor: Actor, referral: ReferralRow) -> tuple[str, str]:
    match referral.status:
        case ReferralStatus.SENT:
            return _("It waits for your office, and nobody has acknowledged it yet"), _("Acknowledge")
        case ReferralStatus.RETURNED:
            return _("It came back with a question"), _("Answer")
        case ReferralStatus.ACKNOWLEDGED if actor.level is not referral.level.level:
            why = _(
                "Your district sees this emergency at the same time as the office that has it. "
                "Accept it to take it over."
            )
            return why, _("Open the referral")
        case ReferralStatus.ACKNOWLEDGED:
            return _("Your office has acknowledged it and has to act"), _("Open the referral")
        case _:
            return _("Your office works on it until it is resolved"), _("Open the referral")
