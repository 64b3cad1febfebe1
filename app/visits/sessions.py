"""Psychological sessions: that one took place is in the child's file; what was said is its writer's and the owner's.

The note stands in a table of its own, which the database opens to nobody else; the statements here that read it go by
the same limits.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.access.rules import View
from app.audit.service import record
from app.children.models import Child
from app.children.queries import view_of
from app.children.timeline import Item
from app.children.work import child_to_read
from app.core import clock
from app.core.errors import FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.paging import after, page_of
from app.core.records import create_once
from app.core.schemas import Page
from app.people.models import Account
from app.visits.events import SessionOpened, SessionRecorded, SessionsOpened
from app.visits.models import PsychSession, SessionNote
from app.visits.schemas import SessionDetail, SessionQuery, SessionRecord, SessionRow
from app.visits.words import SessionKind

_KEY = (PsychSession.held_on.expression, PsychSession.id.expression)
_COLUMNS: list[Any] = [PsychSession.id, PsychSession.child_id.label("child"), PsychSession.kind, PsychSession.held_on]


def record_session(db: Session, actor: Actor, child_id: UUID, command: SessionRecord) -> tuple[UUID, bool]:
    """A psychologist writes that a session with a child of the district took place, and a note if they wish.

    Returns its id and whether it is new. Raises `Forbidden` for other roles, `FieldError` for a day in the future.
    """
    require(actor, Permission.VISITS_WRITE)
    child = child_to_read(db, actor, child_id)
    if actor.role is not Role.PSYCHOLOGIST:
        raise Forbidden(_("Only a psychologist records psychological sessions"))
    if command.held_on > clock.today():
        raise FieldError("held_on", _("The day of the session cannot lie in the future"))
    session_id, is_new = create_once(
        db,
        PsychSession,
        actor,
        command,
        child_id=child.id,
        kind=command.kind.value,
        held_on=command.held_on,
        post_id=actor.post_id,
    )
    if is_new:
        if command.note:
            note = {"psych_session_id": session_id, "child_id": child.id, "note": command.note}
            db.execute(insert(SessionNote).values(id=new_id(), created_by=actor.account_id, **note))
        event = SessionRecorded(
            session=session_id, session_kind=command.kind.value, held_on=command.held_on, has_note=bool(command.note)
        )
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return session_id, is_new


def list_sessions(db: Session, actor: Actor, child_id: UUID, query: SessionQuery) -> Page[SessionRow]:
    """That sessions with a child took place, newest first, and the note that somebody read it."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    statement = select(*_COLUMNS).where(PsychSession.child_id == child.id)
    rows = db.execute(after(statement, _KEY, query.cursor).limit(query.limit + 1)).all()
    page = page_of(rows, query.limit, SessionRow.model_validate, lambda row: (row.held_on, row.id))
    event = SessionsOpened(sessions=len(page.items))
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return page


def open_session(db: Session, actor: Actor, session_id: UUID) -> SessionDetail:
    """One session, its note for its writer and the responsible post only, and the note that it was opened."""
    require(actor, Permission.CASES_READ)
    found = select(*_COLUMNS, Account.display_name.label("by"), SessionNote.note)
    found = found.outerjoin(Account, Account.id == PsychSession.created_by)
    found = found.outerjoin(SessionNote, (SessionNote.psych_session_id == PsychSession.id) & _may_read_note(actor))
    row = db.execute(found.where(PsychSession.id == session_id)).one_or_none()
    if row is None:
        raise NotFound
    child = child_to_read(db, actor, row.child)
    event = SessionOpened(session=session_id, with_note=row.note is not None)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return SessionDetail.model_validate(row)


def _may_read_note(actor: Actor) -> ColumnElement[bool]:
    owns = select(Child.id).where(Child.id == SessionNote.child_id, Child.responsible_post_id == actor.post_id)
    return or_(SessionNote.created_by == actor.account_id, owns.exists())


def session_items_of(db: Session, actor: Actor, child_id: UUID) -> list[Item]:
    """The sessions of a child for the timeline of whoever has just opened it; no word of their notes, one statement."""
    if view_of(actor) is not View.WHOLE:
        return []
    rows = db.execute(
        select(*_COLUMNS, PsychSession.created_at)
        .where(PsychSession.child_id == child_id)
        .order_by(PsychSession.held_on.desc(), PsychSession.id.desc())
    )
    return [
        Item(
            when=row.held_on,
            title=_("A psychological session took place"),
            text=SessionKind(row.kind).label,
            icon="message-square",
            href=f"/sessions/{row.id}",
            noted_at=row.created_at,
        )
        for row in rows
    ]
