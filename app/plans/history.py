"""What plans and services tell the timeline of a child."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, String, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.children.timeline import Item
from app.core.i18n import gettext as _
from app.plans.models import Plan, PlanReview, ServiceRequest, SupportPackage
from app.plans.words import PackageKind, ReviewResult, ServiceKind
from app.referrals.words import Outcome


def items_of(db: Session, actor: Actor, child_id: UUID, most: int | None = None) -> list[Item]:
    """Plans in force, reviews, packages and services, newest first, for whoever opened the child; one statement."""
    if not actor.may_ever(Permission.CASES_READ):
        return []
    return [_item(row) for row in db.execute(_rows(), {"child_id": child_id, "most": most})]


@cache
def _rows() -> Any:
    child_id: Any = bindparam("child_id")
    nothing = cast(null(), String)
    plans = select(
        literal("plan").label("what"),
        Plan.id.label("id"),
        Plan.in_force_on.label("day"),
        cast(Plan.number, String).label("code"),
        Plan.aim.label("words"),
        Plan.created_at.label("noted_at"),
    ).where(Plan.child_id == child_id, Plan.in_force_on.is_not(None))
    reviews = select(
        literal("review"),
        PlanReview.plan_id,
        PlanReview.reviewed_on,
        PlanReview.result,
        PlanReview.changed,
        PlanReview.created_at,
    ).where(PlanReview.child_id == child_id)
    packages = select(
        literal("package"),
        SupportPackage.plan_id,
        SupportPackage.given_on,
        SupportPackage.kind,
        SupportPackage.what,
        SupportPackage.created_at,
    ).where(SupportPackage.child_id == child_id, SupportPackage.given_on.is_not(None))
    asked = select(
        literal("service"),
        ServiceRequest.id,
        cast(func.timezone("Africa/Kigali", ServiceRequest.sent_at), Date),
        ServiceRequest.kind,
        func.coalesce(ServiceRequest.outcome, nothing),
        ServiceRequest.sent_at,
    ).where(ServiceRequest.child_id == child_id)
    together = union_all(plans, reviews, packages, asked).subquery()
    return (
        select(together)
        .order_by(together.c.day.desc(), together.c.noted_at.desc())
        .limit(bindparam("most", type_=Integer))
    )


def _item(row: Any) -> Item:
    match row.what:
        case "plan":
            title = _("The plan came into force, version %(num)s") % {"num": row.code}
            return Item(
                when=row.day,
                noted_at=row.noted_at,
                title=title,
                text=row.words,
                icon="target",
                tone="info",
                href=f"/plans/{row.id}",
            )
        case "review":
            title = _("The plan was reviewed")
            meta = [ReviewResult(row.code).label]
            return Item(
                when=row.day,
                noted_at=row.noted_at,
                title=title,
                text=row.words,
                meta=meta,
                icon="calendar-check",
                href=f"/plans/{row.id}",
            )
        case "package":
            title = _("The family was given: %(what)s") % {"what": PackageKind(row.code).label}
            return Item(
                when=row.day,
                noted_at=row.noted_at,
                title=title,
                text=row.words,
                icon="handshake",
                href=f"/plans/{row.id}",
            )
        case _:
            title = _("Asked for a service: %(what)s") % {"what": ServiceKind(row.code).label}
            came = Outcome(row.words).label if row.words else None
            tone = "quiet" if came else "info"
            return Item(
                when=row.day,
                noted_at=row.noted_at,
                title=title,
                text=came,
                icon="hand-heart",
                tone=tone,
                href=f"/services/{row.id}",
            )
