"""What visits add to the story of a child."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, null
from sqlalchemy.dialects.postgresql import JSONB

from app.access.actor import Actor
from app.access.rules import View
from app.children.queries import view_of
from app.children.timeline import CHILD, Item, Teller, told
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.visits.models import Visit
from app.visits.queries import visible_visits
from app.visits.words import NotSeenReason, Safe, VisitKind, WellbeingDomain, wellbeing_label

WORRYING = 2


def _rows(actor: Actor) -> list[Select[Any]]:
    whole = view_of(actor) is View.WHOLE
    visits = told(
        "visit",
        Visit.visited_on,
        Visit.created_at,
        Visit.id,
        kind=Visit.kind,
        child_seen=Visit.child_seen,
        not_seen_reason=Visit.not_seen_reason,
        wellbeing=Visit.wellbeing if whole else literal({}, JSONB),
        safe=Visit.safe if whole else null(),
    )
    return [visits.where(Visit.child_id == CHILD, visible_visits(actor))]


def _item(row: Any, _child_id: UUID) -> Item:
    facts = row.facts
    kind, href = VisitKind(facts["kind"]).label, f"/visits/{row.id}"
    if not facts["child_seen"]:
        reason = facts["not_seen_reason"]
        return Item(
            when=row.day,
            noted_at=row.noted_at,
            title=_("%(visit)s, the child was not seen") % {"visit": kind},
            text=NotSeenReason(reason).label if reason else None,
            icon="eye",
            tone="due",
            href=href,
        )
    wellbeing, safe = facts["wellbeing"], Safe(facts["safe"]) if facts["safe"] else None
    worries = [
        f"{WellbeingDomain(domain).label}: {wellbeing_label(score)}"
        for domain, score in wellbeing.items()
        if score <= WORRYING
    ]
    assessed = len(wellbeing)
    counted = ngettext("%(num)s thing assessed", "%(num)s things assessed", assessed) % {"num": assessed}
    meta = [counted] if assessed else []
    return Item(
        when=row.day,
        noted_at=row.noted_at,
        title=_("%(visit)s, the child was seen") % {"visit": kind},
        text="; ".join(worries) or None,
        meta=[*meta, safe.label] if safe else meta,
        icon="footprints",
        tone="overdue" if worries or safe is Safe.NOT_SAFE else "done",
        href=href,
    )


TELLS = Teller(_rows, _item)
"""The visits that the reader sees."""
