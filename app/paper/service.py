"""The verbs of paper: each makes a PDF and notes that it was made."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.queries import all_approvals_of
from app.audit.service import record
from app.children.coding import hide_all_names
from app.children.queries import read_child
from app.children.schemas import ChildFile
from app.children.work import child_to_read
from app.consents.queries import may_share_all
from app.consents.words import Purpose
from app.core import clock
from app.core.errors import FieldError
from app.core.formats import instant
from app.core.i18n import current_language
from app.core.i18n import gettext as _
from app.core.sheets import Part, Sheet, as_pdf
from app.decisions.queries import match_of, read_decision, sees_child, sibling_ids
from app.decisions.schemas import DecisionDetail
from app.decisions.words import DecisionState
from app.paper import parts
from app.paper.copies import Copy, Told
from app.paper.decision import of_decision
from app.paper.events import CaseloadPrinted, SheetPrinted
from app.paper.queries import caseload_rows, kin_names, own_names
from app.paper.rules import check_names, check_receiver, why_blocked
from app.paper.schemas import DecisionPrint, SheetPrint
from app.paper.words import ForWhom
from app.supervision.queries import read_post


def print_sheet(db: Session, actor: Actor, child_id: UUID, command: SheetPrint) -> bytes:
    """One sheet of a child's file as a PDF; raises `NotFound` unless the actor reads the whole file.

    Raises `FieldError` on `receiver` where nobody agreed that the receiver is told.
    """
    return as_pdf(make_sheet(db, actor, child_id, command))


def make_sheet(db: Session, actor: Actor, child_id: UUID, command: SheetPrint) -> Sheet:
    """The same before it is set, and the note that it was printed."""
    require(actor, Permission.CASES_READ)
    child_to_read(db, actor, child_id)
    consents = _check(db, [child_id], command)
    child = read_child(db, actor, child_id)
    told = _as_is if command.names else _coded(db, [child_id], kin=kin_names(db, child))
    copy = Copy(told=told, names=command.names, outside=command.for_whom is ForWhom.OUTSIDE)
    made = parts.of_sheet(db, actor, child, command.sheet, copy)
    printed = SheetPrinted(
        sheet=command.sheet.value, with_name=command.names, reason=_reason(command), consents=tuple(consents)
    )
    record(db, actor, printed, subject_id=child_id, area_code=child.area_code)
    over = _who(child, names=command.names)
    return _sheet(actor, command.sheet.label, over=over, lead=_lead(child, command), names=command.names, made=made)


def print_decision(db: Session, actor: Actor, decision_id: UUID, command: DecisionPrint) -> bytes:
    """A decision of the panel as a PDF; raises `NotFound` where the actor may not read it.

    Raises `FieldError` on `receiver` where nobody agreed for one of its children that the receiver is told, and on
    `names` where the actor reads the decision by code only.
    """
    return as_pdf(make_decision_sheet(db, actor, decision_id, command))


def make_decision_sheet(db: Session, actor: Actor, decision_id: UUID, command: DecisionPrint) -> Sheet:
    """The same before it is set, and the note that it was printed."""
    decision = read_decision(db, actor, decision_id)
    whole = not decision.coded and sees_child(db, actor, decision.child)
    if command.names and not whole:
        raise FieldError("names", _("This child's name is not yours to read; print it with the code"))
    concerned = [decision.child, *sibling_ids(db, decision_id)]
    consents = _check(db, concerned, command)
    told = _as_is if command.names else _coded(db, concerned, by_code=not whole)
    match = match_of(db, decision_id) if decision.state is DecisionState.APPROVED and whole else None
    made = of_decision(decision, match, all_approvals_of(db, decision_id), names=command.names, told=told)
    printed = SheetPrinted(
        sheet="decision",
        with_name=command.names,
        reason=_reason(command),
        decision=decision_id,
        consents=tuple(consents),
    )
    record(db, actor, printed, subject_id=decision.child, area_code=actor.area.lo)
    return _sheet(
        actor,
        _("Decision of the panel"),
        over=_whose(db, actor, decision, names=command.names),
        lead=", ".join(filter(None, (decision.sex.label, decision.age_text, _for(command), _unapproved(decision)))),
        names=command.names,
        made=made,
    )


def print_caseload(db: Session, actor: Actor, post_id: UUID | None = None) -> bytes:
    """A caseload as a PDF, with codes and initials: the actor's own, or that of a post whose supervisor the actor is.

    Raises `NotFound` for a post of another district.
    """
    require(actor, Permission.CASES_READ)
    over = actor.place_name
    if post_id is not None:
        require(actor, Permission.CASELOADS_MANAGE)
        post = read_post(db, actor, post_id)
        holders = post.holders or _("Nobody holds this post")
        over = f"{holders}, {post.role.label}, {over}"
    rows = caseload_rows(db, actor, post_id or actor.post_id)
    printed = CaseloadPrinted(post=post_id or actor.post_id, children=[row.id for row in rows])
    record(db, actor, printed, area_code=actor.area.lo)
    made = [parts.of_caseload(rows)]
    return as_pdf(_sheet(actor, _("Caseload"), over=over, lead="", names=True, made=made))


def _check(db: Session, child_ids: Sequence[UUID], command: DecisionPrint) -> list[UUID]:
    """The consents that let the sheet go to its receiver; none for work inside the service.

    Each child of a shared decision has answers of its own, and one refusal is enough to keep it back.
    """
    check_receiver(command.for_whom, command.receiver)
    check_names(names=command.names, reason=command.reason)
    if command.receiver is None:
        return []
    found = list(may_share_all(db, child_ids, Purpose.SHARING, command.receiver).values())
    blocked = next((sharing for sharing in found if not sharing.allowed), None)
    if blocked is not None:
        raise FieldError("receiver", why_blocked(command.receiver, blocked.reason))
    return [sharing.consent for sharing in found if sharing.consent is not None]


def _reason(command: DecisionPrint) -> str | None:
    return command.reason if command.names else None


def _as_is(text: str) -> str:
    return text


def _coded(
    db: Session, child_ids: Sequence[UUID], *, by_code: bool = False, kin: Sequence[tuple[list[str], str]] = ()
) -> Told:
    own = [(names, code if by_code else letters) for names, code, letters in own_names(db, child_ids)]

    def told(text: str) -> str:
        return hide_all_names(text, [*own, *kin])

    return told


def _who(child: ChildFile, *, names: bool) -> str:
    return f"{child.code}, {child.name if names else child.initials}"


def _whose(db: Session, actor: Actor, decision: DecisionDetail, *, names: bool) -> str:
    if names:
        return _who(read_child(db, actor, decision.child), names=True)
    return ", ".join(filter(None, (decision.child_code, decision.initials)))


def _lead(child: ChildFile, command: DecisionPrint) -> str:
    return ", ".join(filter(None, (child.sex.label if child.sex else None, child.age_text, _for(command))))


def _for(command: DecisionPrint) -> str | None:
    return _("for %(receiver)s") % {"receiver": command.receiver} if command.receiver else None


def _unapproved(decision: DecisionDetail) -> str | None:
    return None if decision.state is DecisionState.APPROVED else _("not approved")


def _sheet(actor: Actor, title: str, *, over: str, lead: str, names: bool, made: list[Part]) -> Sheet:
    now = instant(clock.now())
    return Sheet(
        language=current_language.get(),
        title=title,
        over=over,
        lead=lead,
        note="" if names else _("Code and initials stand for the name. What people wrote may still tell who it is."),
        printed=_("Printed by %(who)s, %(when)s") % {"who": actor.display_name, "when": now},
        watermark=f"{actor.display_name}, {now}",
        parts=made,
    )
