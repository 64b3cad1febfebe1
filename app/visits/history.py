"""What visits add to the story of a child."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.timeline import Item
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.visits.queries import visits_of
from app.visits.schemas import VisitRow
from app.visits.words import Safe, wellbeing_label

WORRYING = 2


def items_of(db: Session, actor: Actor, child_id: UUID, most: int | None = None) -> list[Item]:
    """The visits to a child, newest first, for whoever has just opened the child; one statement."""
    return [_visit_item(visit) for visit in visits_of(db, actor, child_id, most)]


def _visit_item(visit: VisitRow) -> Item:
    if not visit.child_seen:
        reason = visit.not_seen_reason.label if visit.not_seen_reason else None
        return Item(
            when=visit.visited_on,
            noted_at=visit.created_at,
            title=_("%(visit)s, the child was not seen") % {"visit": visit.kind.label},
            text=reason,
            icon="eye",
            tone="due",
            href=f"/visits/{visit.id}",
        )
    worries = [
        f"{domain.label}: {wellbeing_label(score)}" for domain, score in visit.wellbeing.items() if score <= WORRYING
    ]
    assessed = len(visit.wellbeing)
    counted = ngettext("%(num)s thing assessed", "%(num)s things assessed", assessed) % {"num": assessed}
    meta = [counted] if assessed else []
    return Item(
        when=visit.visited_on,
        noted_at=visit.created_at,
        title=_("%(visit)s, the child was seen") % {"visit": visit.kind.label},
        text="; ".join(worries) or None,
        meta=[*meta, visit.safe.label] if visit.safe else meta,
        icon="footprints",
        tone="overdue" if worries or visit.safe is Safe.NOT_SAFE else "done",
        href=f"/visits/{visit.id}",
    )
