"""What plans and services tell the timeline of a child."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select

from app.access.actor import Actor
from app.access.permissions import Permission
from app.children.timeline import CHILD, Item, Teller, local_day, told
from app.core.i18n import gettext as _
from app.plans.models import Plan, PlanReview, ServiceRequest, SupportPackage
from app.plans.rules import why_ended
from app.plans.words import PackageKind, PlanState, ReviewResult, ServiceKind
from app.referrals.words import Outcome


def _rows(actor: Actor) -> list[Select[Any]]:
    if not actor.may_ever(Permission.CASES_READ):
        return []
    plan, review, package, asked = Plan, PlanReview, SupportPackage, ServiceRequest
    plans = told("plan", plan.in_force_on, plan.created_at, plan.id, number=plan.number, text=plan.aim)
    ended = told("plan_end", plan.ended_on, plan.created_at, plan.id, number=plan.number, text=plan.ended_reason)
    reviews = told(
        "review", review.reviewed_on, review.created_at, review.plan_id, result=review.result, text=review.changed
    )
    packages = told(
        "package", package.given_on, package.created_at, package.plan_id, kind=package.kind, text=package.what
    )
    services = told(
        "service", local_day(asked.sent_at), asked.sent_at, asked.id, kind=asked.kind, outcome=asked.outcome
    )
    return [
        plans.where(plan.child_id == CHILD, plan.in_force_on.is_not(None)),
        ended.where(plan.child_id == CHILD, plan.state == PlanState.CLOSED.value),
        reviews.where(review.child_id == CHILD),
        packages.where(package.child_id == CHILD, package.given_on.is_not(None)),
        services.where(asked.child_id == CHILD),
    ]


def _item(row: Any, _child_id: UUID) -> Item:
    facts = row.facts
    known = {"when": row.day, "noted_at": row.noted_at, "href": f"/plans/{row.id}"}
    match row.what:
        case "plan":
            title = _("The plan came into force, version %(num)s") % {"num": facts["number"]}
            return Item(**known, title=title, text=facts["text"], icon="target", tone="info")
        case "plan_end":
            title = _("The plan ended, version %(num)s") % {"num": facts["number"]}
            why = why_ended(PlanState.CLOSED, facts["text"])
            return Item(**known, title=title, text=why, icon="target", tone="quiet")
        case "review":
            meta = [ReviewResult(facts["result"]).label]
            title = _("The plan was reviewed")
            return Item(**known, title=title, text=facts["text"], meta=meta, icon="calendar-check")
        case "package":
            title = _("The family was given: %(what)s") % {"what": PackageKind(facts["kind"]).label}
            return Item(**known, title=title, text=facts["text"], icon="handshake")
        case _:
            title = _("Asked for a service: %(what)s") % {"what": ServiceKind(facts["kind"]).label}
            came = Outcome(facts["outcome"]).label if facts["outcome"] else None
            known["href"] = f"/services/{row.id}"
            return Item(**known, title=title, text=came, icon="hand-heart", tone="quiet" if came else "info")


TELLS = Teller(_rows, _item)
"""Plans that came into force or ended, reviews, packages that were given, and services that were asked for."""
