"""Every read of claims: a manager's own house, the district for its workers; never where a child lives after."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, null, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.access.scope import in_area
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.models import Child
from app.children.queries import visible_children
from app.children.schemas import shown_name
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.institutions.models import Institution
from app.institutions.queries import get_institution
from app.people.models import Account, Post
from app.transformation.claim_schemas import ClaimFile, ClaimQuery, ClaimRow
from app.transformation.events import ClaimOpened
from app.transformation.models import Claim
from app.transformation.settling import open_stay

READERS = (Permission.CLAIMS_REPORT, Permission.PLACEMENTS_WRITE)
MOST_RESIDENTS = 800
_KEY = (Claim.created_at.expression, Claim.id.expression)


def visible_claims(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor may read a claim: of the own house, or of a house in a worker's district."""
    if actor.role is Role.INSTITUTION_MANAGER:
        return Claim.institution_id == actor.institution_id
    if actor.may_ever(Permission.PLACEMENTS_WRITE):
        return in_area(Claim.area_code, actor.area)
    return false()


def list_claims(db: Session, actor: Actor, institution_id: UUID, query: ClaimQuery) -> Page[ClaimRow]:
    """The claims of a house, newest first, and the note that they were listed; raises `NotFound` out of reach."""
    require(actor, *READERS)
    house = get_institution(db, actor, institution_id)
    statement = _claims(actor).where(Claim.institution_id == institution_id)
    if query.state is not None:
        statement = statement.where(Claim.state == query.state.value)
    rows = db.execute(after(statement, _KEY, query.cursor).limit(query.limit + 1)).all()
    page = page_of(rows, query.limit, ClaimRow.model_validate, lambda row: (row.created_at, row.id))
    children = [row.child for row in page.items if row.child is not None]
    listed = RecordsListed(
        what="claims", filter={"institution": str(institution_id)}, rows=len(page.items), ids=children
    )
    record(db, actor, listed, area_code=house.area_code)
    return page


def open_claim(db: Session, actor: Actor, claim_id: UUID) -> ClaimFile:
    """One claim, and the note that it was read; raises `NotFound` out of reach."""
    claim = read_claim(db, actor, claim_id)
    record(db, actor, ClaimOpened(institution=claim.institution), subject_id=claim_id, area_code=actor.area.lo)
    return claim


def read_claim(db: Session, actor: Actor, claim_id: UUID) -> ClaimFile:
    """The same without the note."""
    require(actor, *READERS)
    row = db.execute(_claims(actor).where(Claim.id == claim_id)).one_or_none()
    if row is None:
        raise NotFound
    claim = ClaimFile.model_validate(row)
    if claim.child is None:
        return claim
    stay = open_stay(db, claim.institution, claim.child)
    return claim.model_copy(update={"stay": stay, "lives_here": stay is not None})


def residents_to_choose(db: Session, actor: Actor, institution_id: UUID) -> list[tuple[UUID, str]]:
    """The residents whom the actor sees in a house, by name, for a field that chooses one."""
    found = db.execute(
        select(Child.id, Child.given_name, Child.family_name)
        .where(Child.institution_id == institution_id, visible_children(actor))
        .order_by(Child.given_name, Child.family_name, Child.id)
        .limit(MOST_RESIDENTS)
    )
    return [(row.id, shown_name(row.given_name, row.family_name, "")) for row in found]


def post_to_check(db: Session, institution_id: UUID, district_code: int) -> UUID | None:
    """Whose task a claim becomes: the post that holds most residents of the house, else the supervisor's."""
    count = func.count(Child.id)
    most = db.scalar(
        select(Child.responsible_post_id)
        .where(Child.institution_id == institution_id, Child.responsible_post_id.is_not(None))
        .group_by(Child.responsible_post_id)
        .order_by(count.desc(), Child.responsible_post_id)
        .limit(1)
    )
    return most or post_of_district(db, district_code)


def post_of_district(db: Session, district_code: int) -> UUID | None:
    """Whose task it is in a district where no worker is responsible for it: the supervisor's, else a worker's."""
    return db.scalar(
        select(Post.id)
        .where(
            Post.place_code == district_code,
            Post.closed_on.is_(None),
            Post.role.in_([Role.DISTRICT_SUPERVISOR.value, Role.SOCIAL_WORKER.value]),
        )
        .order_by(case((Post.role == Role.DISTRICT_SUPERVISOR.value, 0), else_=1), Post.id)
        .limit(1)
    )


def _claims(actor: Actor) -> Select[Any]:
    manager = actor.role is Role.INSTITUTION_MANAGER
    columns: list[Any] = [
        Claim.id,
        Claim.institution_id.label("institution"),
        Institution.name.label("institution_name"),
        Claim.kind,
        Claim.name,
        Claim.sex,
        Claim.age_years,
        Claim.happened_on,
        Claim.destination,
        Claim.note,
        Claim.state,
        Claim.reason,
        Claim.created_at,
        Claim.decided_at,
        Account.display_name.label("reported_by"),
        func.coalesce(Claim.created_by == actor.account_id, false()).label("mine"),
        (null() if manager else Child.id).label("child"),
        (null() if manager else Child.code).label("child_code"),
    ]
    return (
        select(*columns)
        .join(Institution, Institution.id == Claim.institution_id)
        .outerjoin(Account, Account.id == Claim.created_by)
        .outerjoin(Child, and_(Child.id == Claim.child_id, or_(Child.id.is_(None), visible_children(actor))))
        .where(visible_claims(actor))
    )
