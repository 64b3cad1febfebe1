"""Every read of consents; each begins with a child whose whole file the actor may read."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View
from app.approvals.queries import approvals_of
from app.approvals.schemas import ApprovalRow
from app.audit.service import record
from app.children.models import Child
from app.children.queries import view_of, visible_children
from app.children.timeline import Item
from app.children.work import ChildAtWork, child_to_read
from app.consents.events import ConsentsOpened
from app.consents.models import Consent, Withholding
from app.consents.rules import Entry, Sharing, decide, state_of
from app.consents.schemas import ConsentFile, ConsentRow, Standing, WithholdingRow
from app.consents.words import Answer, Assent, ConsentState, LegalBasis, Purpose
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.text import fold
from app.documents.models import Document
from app.documents.words import DocumentKind

MOST_DOCUMENTS = 50


def may_share(db: Session, child_id: UUID, purpose: Purpose, organisation: str | None = None) -> Sharing:
    """Whether a purpose may be followed for a child that the caller has found, and why; one statement.

    For sharing, `organisation` names with whom. Ask it again at the moment of the deed: a consent may be withdrawn.
    """
    return decide(map(_entry, _consents(db, child_id)), purpose, organisation)


def may_share_all(
    db: Session, child_ids: Collection[UUID], purpose: Purpose, organisation: str | None = None
) -> dict[UUID, Sharing]:
    """The same for several children, in the order given; one statement."""
    entries: dict[UUID, list[Entry]] = {child_id: [] for child_id in child_ids}
    for row in db.execute(_rows().where(Consent.child_id.in_(entries), Consent.purpose == purpose.value)):
        entries[row.child].append(_entry(row))
    return {child_id: decide(found, purpose, organisation) for child_id, found in entries.items()}


def must_not_tell(db: Session, child_id: UUID) -> list[WithholdingRow]:
    """What must not be told now, for a hand-over or a print; the caller has found the child."""
    return [row for row in _withholdings(db, child_id) if row.lifted_on is None]


def open_consents(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, ConsentFile]:
    """All consents of a child and what must not be told, and the note that they were read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    record(db, actor, ConsentsOpened(), subject_id=child_id, area_code=child.area_code)
    return child, read_consents(db, child_id)


def read_consents(db: Session, child_id: UUID) -> ConsentFile:
    """The same without the note, for a child that the caller has found; two statements."""
    rows = _consents(db, child_id)
    return ConsentFile(
        child=child_id, standing=_standing(rows), consents=rows, withholdings=_withholdings(db, child_id)
    )


def _standing(rows: list[ConsentRow]) -> list[Standing]:
    entries = [_entry(row) for row in rows]
    organisations = {fold(row.organisation): row.organisation for row in reversed(rows) if row.organisation}
    asked: list[tuple[Purpose, str | None]] = [
        (purpose, None) for purpose in Purpose if purpose is not Purpose.SHARING
    ] + [(Purpose.SHARING, name) for name in organisations.values()]
    found = []
    for purpose, organisation in asked:
        sharing = decide(entries, purpose, organisation)
        found.append(
            Standing(purpose=purpose, organisation=organisation, allowed=sharing.allowed, reason=sharing.reason)
        )
    return found


def not_agreed_before(
    db: Session, child_id: UUID, purpose: Purpose, organisation: str | None
) -> list[tuple[ConsentRow, ApprovalRow | None]]:
    """What was asked without consent for a purpose and not agreed to, and the answer to each; the newest first.

    The caller has found the child; two statements.
    """
    sought = fold(organisation or "")
    rows = [
        row
        for row in _consents(db, child_id)
        if row.state is ConsentState.NOT_AGREED and row.purpose is purpose and fold(row.organisation or "") == sought
    ]
    answers = approvals_of(db, [row.id for row in rows])
    return [(row, answers.get(row.id)) for row in rows]


def open_consent(db: Session, actor: Actor, consent_id: UUID) -> tuple[ChildAtWork, ConsentRow]:
    """One entry, and the note that it was read. Raises `NotFound` out of reach."""
    found = read_consent(db, actor, consent_id)
    child = child_to_read(db, actor, found.child)
    record(db, actor, ConsentsOpened(), subject_id=child.id, area_code=child.area_code)
    return child, found


def read_consent(db: Session, actor: Actor, consent_id: UUID) -> ConsentRow:
    """The same without the note."""
    require(actor, Permission.CASES_READ)
    statement = _rows().join(Child, Child.id == Consent.child_id)
    statement = statement.where(Consent.id == consent_id, visible_children(actor))
    row = db.execute(statement).one_or_none() if view_of(actor) is View.WHOLE else None
    if row is None:
        raise NotFound
    return _row(row)


def read_withholding(db: Session, actor: Actor, withholding_id: UUID) -> WithholdingRow:
    """Something that must not be told. Raises `NotFound` out of reach."""
    require(actor, Permission.CASES_READ)
    statement = _withheld().join(Child, Child.id == Withholding.child_id)
    statement = statement.where(Withholding.id == withholding_id, visible_children(actor))
    row = db.execute(statement).one_or_none() if view_of(actor) is View.WHOLE else None
    if row is None:
        raise NotFound
    return WithholdingRow.model_validate(row)


def written_consents(db: Session, child_id: UUID) -> list[tuple[UUID, str]]:
    """The written consents among a child's documents, to choose from."""
    rows = db.execute(
        select(Document.id, Document.dated_on, Document.created_at)
        .where(Document.child_id == child_id, Document.kind == DocumentKind.CONSENT.value)
        .where(Document.withdrawn_at.is_(None))
        .order_by(Document.created_at.desc(), Document.id.desc())
        .limit(MOST_DOCUMENTS)
    )
    label = DocumentKind.CONSENT.label
    return [(row.id, f"{label}, {(row.dated_on or row.created_at.date()).isoformat()}") for row in rows]


def items_of(db: Session, actor: Actor, child_id: UUID) -> list[Item]:
    """The consents of a child whom the actor has opened, for the timeline; one statement."""
    if view_of(actor) is not View.WHOLE or not actor.may_ever(Permission.CASES_READ):
        return []
    items = []
    for row in _consents(db, child_id):
        what = row.answer.label if row.basis is LegalBasis.CONSENT else row.basis.label
        tone = "done" if row.state is ConsentState.HOLDS else "quiet"
        title = _("%(what)s: %(purpose)s") % {"what": what, "purpose": row.purpose.label}
        meta = [row.organisation] if row.organisation else []
        items.append(
            Item(
                when=row.given_on,
                title=title,
                meta=meta,
                icon="shield",
                tone=tone,
                href=f"/consents/{row.id}",
                noted_at=row.created_at,
            )
        )
        if row.withdrawn_on is not None:
            title = _("Withdrawn: %(purpose)s") % {"purpose": row.purpose.label}
            items.append(Item(when=row.withdrawn_on, title=title, meta=meta, icon="shield", href=f"/consents/{row.id}"))
    return items


def _consents(db: Session, child_id: UUID) -> list[ConsentRow]:
    rows = db.execute(
        _rows()
        .where(Consent.child_id == child_id)
        .order_by(Consent.given_on.desc(), Consent.created_at.desc(), Consent.id.desc())
    )
    return [_row(row) for row in rows]


def _withholdings(db: Session, child_id: UUID) -> list[WithholdingRow]:
    rows = db.execute(
        _withheld()
        .where(Withholding.child_id == child_id)
        .order_by(Withholding.lifted_on.desc().nulls_first(), Withholding.created_at.desc())
    )
    return [WithholdingRow.model_validate(row) for row in rows]


def _withheld() -> Select[Any]:
    columns: list[Any] = [
        Withholding.id,
        Withholding.child_id.label("child"),
        Withholding.what,
        Withholding.from_whom,
        Withholding.reason,
        Withholding.note,
        Withholding.lifted_on,
        Withholding.lifted_reason,
    ]
    return select(*columns)


def _rows() -> Select[Any]:
    columns: list[Any] = [
        Consent.id,
        Consent.child_id.label("child"),
        Consent.purpose,
        Consent.organisation,
        Consent.answer,
        Consent.basis,
        Consent.how,
        Consent.given_by,
        Consent.giver_name,
        Consent.assent,
        Consent.given_on,
        Consent.document_id.label("document"),
        Consent.reason,
        Consent.note,
        Consent.agreed,
        Consent.withdrawn_on,
        Consent.withdrawn_at,
        Consent.withdrawn_reason,
        Consent.created_at,
        Consent.version,
    ]
    return select(*columns)


def _row(row: Row[Any]) -> ConsentRow:
    known: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    return ConsentRow.model_validate(known | {"state": state_of(_entry(row))})


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        purpose=Purpose(row.purpose),
        organisation=row.organisation,
        answer=Answer(row.answer),
        basis=LegalBasis(row.basis),
        assent=Assent(row.assent) if row.assent else None,
        given_on=row.given_on,
        created_at=row.created_at,
        withdrawn_on=row.withdrawn_on,
        withdrawn_at=row.withdrawn_at,
        agreed=row.agreed,
    )
