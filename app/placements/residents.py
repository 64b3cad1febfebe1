"""Residents of an institution whose sector was corrected: what repeats the area follows in the same transaction."""

from uuid import UUID

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.approvals.service import follow_children
from app.audit.service import record
from app.cases.models import Case
from app.children.models import Child
from app.children.queries import holders_of
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.people.models import Post
from app.placements.events import ResidentsFollowed
from app.placements.models import Placement
from app.places.models import Place
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.words import TaskKind
from app.visits.models import ChildAlert


def move_residents(db: Session, actor: Actor, institution_id: UUID, area_code: int) -> int:
    """Gives the residents, their open placements, tasks, cases and what waits about them an institution's new area.

    What waits for approval goes to the supervisor who decides about each of them from now on. What is over keeps the
    area in which it was, and a transfer is answered by the district that was asked. Returns how many residents
    followed.
    """
    residents = list(db.scalars(select(Child.id).where(Child.institution_id == institution_id).with_for_update()))
    if not residents:
        return 0
    following: list[Update] = [
        update(Placement).where(Placement.institution_id == institution_id, Placement.ended_on.is_(None)),
        update(Task).where(Task.child_id.in_(residents), Task.kind != TaskKind.ACCEPT_TRANSFER.value, IS_OPEN),
        update(Case).where(Case.child_id.in_(residents), Case.closed_on.is_(None)),
        update(ChildAlert).where(ChildAlert.child_id.in_(residents), ChildAlert.seen_at.is_(None)),
        # Last, because the others are seen through the children.
        update(Child).where(Child.id.in_(residents)),
    ]
    for statement in following:
        db.execute(statement.values(area_code=area_code))
    follow_children(db, residents, area_code)
    event = ResidentsFollowed(area_code=area_code, residents=len(residents))
    record(db, actor, event, subject_id=institution_id, area_code=area_code)
    return len(residents)


def residents_who_follow(db: Session, _actor: Actor, institution_id: UUID) -> list[str]:
    """How many residents would follow their institution, and which posts stay responsible for them."""
    holder = holders_of(Child.responsible_post_id)
    by_post = db.execute(
        select(func.count(Child.id).label("residents"), Post.id, Post.role, holder.label("holders"), Place.name)
        .outerjoin(Post, Post.id == Child.responsible_post_id)
        .outerjoin(Place, Place.code == Post.place_code)
        .where(Child.institution_id == institution_id)
        .group_by(Post.id, Child.responsible_post_id, Place.name)
        .order_by(func.count(Child.id).desc(), Post.id)
    ).all()
    residents = sum(row.residents for row in by_post)
    if not residents:
        return []
    told = [
        ngettext(
            "%(num)s resident, with the placement, the open case and what is due.",
            "%(num)s residents, with their placements, their open cases and what is due.",
            residents,
        )
        % {"num": residents}
    ]
    vacant = _("Nobody holds this post")
    posts = [f"{row.holders or vacant}, {Role(row.role).label}, {row.name}" for row in by_post if row.id is not None]
    if posts:
        told.append(_("Whoever is responsible for them stays so: %(posts)s.") % {"posts": "; ".join(posts)})
    return told
