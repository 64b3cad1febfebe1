"""The verbs of paper: each makes a PDF and notes that it was made."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.children.queries import read_child
from app.children.schemas import ChildFile
from app.children.work import child_to_read
from app.core import clock
from app.core.formats import instant
from app.core.i18n import current_language
from app.core.i18n import gettext as _
from app.core.sheets import Part, Sheet, as_pdf
from app.paper import parts
from app.paper.events import CaseloadPrinted, SheetPrinted
from app.paper.queries import caseload_rows
from app.paper.words import SheetKind


def print_sheet(db: Session, actor: Actor, child_id: UUID, kind: SheetKind, *, names: bool) -> bytes:
    """One sheet of a child's file as a PDF; raises `NotFound` unless the actor reads the whole file."""
    return as_pdf(make_sheet(db, actor, child_id, kind, names=names))


def make_sheet(db: Session, actor: Actor, child_id: UUID, kind: SheetKind, *, names: bool) -> Sheet:
    """The same before it is set, and the note that it was printed."""
    require(actor, Permission.CASES_READ)
    child_to_read(db, actor, child_id)
    child = read_child(db, actor, child_id)
    made = parts.of_sheet(db, actor, child, kind)
    printed = SheetPrinted(sheet=kind.value, with_name=names)
    record(db, actor, printed, subject_id=child_id, area_code=child.area_code)
    return _sheet(actor, kind.label, over=_who(child, names=names), lead=_lead(child), made=made)


def print_caseload(db: Session, actor: Actor) -> bytes:
    """The list of the actor's caseload as a PDF, with codes and initials."""
    require(actor, Permission.CASES_READ)
    rows = caseload_rows(db, actor)
    record(
        db,
        actor,
        CaseloadPrinted(post=actor.post_id, children=[row.id for row in rows]),
        area_code=actor.area.lo,
    )
    return as_pdf(_sheet(actor, _("Caseload"), over=actor.place_name, lead="", made=[parts.of_caseload(rows)]))


def _who(child: ChildFile, *, names: bool) -> str:
    return f"{child.code}, {child.name if names else child.initials}"


def _lead(child: ChildFile) -> str:
    return ", ".join(part for part in (child.sex.label if child.sex else None, child.age_text) if part)


def _sheet(actor: Actor, title: str, *, over: str, lead: str, made: list[Part]) -> Sheet:
    now = instant(clock.now())
    return Sheet(
        language=current_language.get(),
        title=title,
        over=over,
        lead=lead,
        printed=_("Printed by %(who)s, %(when)s") % {"who": actor.display_name, "when": now},
        watermark=f"{actor.display_name}, {now}",
        parts=made,
    )
