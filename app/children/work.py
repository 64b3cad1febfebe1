"""Working on a child's case: who may read the whole file, and who may write in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.roles import CASE_WORKERS, Role
from app.access.rules import ChildFacts, View, inside_area, is_responsible, supervises
from app.children.models import Child
from app.children.queries import not_found, view_of, visible_children
from app.children.schemas import shown_name
from app.core.db import kept
from app.core.errors import Forbidden
from app.core.i18n import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildAtWork:
    """What a verb of the case work needs to know of the child: who it is, where it lives, whose it is."""

    id: UUID
    code: str
    given_name: str
    family_name: str
    sex: str
    born_on: date | None
    birth_precision: str
    has_disability: bool | None
    area_code: int
    responsible_post_id: UUID | None
    supervising_post_id: UUID | None
    institution_id: UUID | None
    household_id: UUID | None
    lives_as: str | None
    lives_since: date | None
    restricted: bool

    @property
    def name(self) -> str:
        """Given and family name."""
        return shown_name(self.given_name, self.family_name, "")

    @property
    def facts(self) -> ChildFacts:
        """What the rules of access ask for."""
        return ChildFacts(
            area_code=self.area_code,
            responsible_post_id=self.responsible_post_id,
            supervising_post_id=self.supervising_post_id,
            institution_id=self.institution_id,
            restricted=self.restricted,
        )


def child_to_read(db: Session, actor: Actor, child_id: UUID) -> ChildAtWork:
    """A child whose whole file the actor may read; raises `NotFound` for any other, one statement.

    The caller has its own event to record.
    """
    return _found(db, actor, _one(actor), child_id)


def child_to_work_on(db: Session, actor: Actor, child_id: UUID) -> ChildAtWork:
    """A child whose file the actor may write in, locked until the end of the transaction.

    Raises `NotFound` out of reach, and `Forbidden` with the reason where the case is another worker's.
    """
    return checked_at_work(actor, _found(db, actor, _one_locked(actor), child_id))


def checked_at_work(actor: Actor, child: ChildAtWork) -> ChildAtWork:
    """The child, where the actor may write in its file; raises `Forbidden` with the reason."""
    reason = why_not_at_work(actor, child.facts)
    if reason is not None:
        raise Forbidden(reason)
    return child


def may_work_on(actor: Actor, child: ChildFacts) -> bool:
    """Whether the actor's role writes in files at all, and the actor in this child's."""
    return actor.may_ever(Permission.CASES_WRITE) and why_not_at_work(actor, child) is None


def why_not_at_work(actor: Actor, child: ChildFacts) -> str | None:
    """Why an actor may not write in a child's file, or None if they may.

    The responsible worker may, whoever supervises the case, and the supervisor of the district; where nobody is
    responsible, any case worker there.
    """
    if is_responsible(actor, child) or supervises(actor, child):
        return None
    if not inside_area(actor, child.area_code):
        return _("The child lives in another district now; the worker responsible there decides")
    if actor.role is Role.DISTRICT_SUPERVISOR:
        return None
    if actor.role in CASE_WORKERS and child.responsible_post_id is None:
        return None
    return _("Only the worker who is responsible for this child, or the supervisor, writes in this file")


def _found(db: Session, actor: Actor, statement: Select[Any], child_id: UUID) -> ChildAtWork:
    row = db.execute(statement, {"child_id": child_id}).one_or_none() if view_of(actor) is View.WHOLE else None
    if row is None:
        raise not_found(db, actor, child_id)
    return ChildAtWork(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names


@kept
def _one(actor: Actor) -> Select[Any]:
    columns: list[Any] = [
        Child.id,
        Child.code,
        Child.given_name,
        Child.family_name,
        Child.sex,
        Child.born_on,
        Child.birth_precision,
        Child.has_disability,
        Child.area_code,
        Child.responsible_post_id,
        Child.supervising_post_id,
        Child.institution_id,
        Child.household_id,
        Child.lives_as,
        Child.lives_since,
        Child.restricted,
    ]
    return select(*columns).where(Child.id == bindparam("child_id"), visible_children(actor))


@kept
def _one_locked(actor: Actor) -> Select[Any]:
    return _one(actor).with_for_update(key_share=True)
