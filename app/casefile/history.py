"""A child's story as one list, newest first, as far as the reader sees each part of it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.casefile.words import Show
from app.cases import history as cases
from app.children.timeline import Item, Teller, newest_first, tell, with_late_writing
from app.consents import queries as consents
from app.core import clock
from app.core.i18n import gettext as _
from app.decisions import history as decisions
from app.documents import queries as documents
from app.finding import history as finding
from app.instruments import history as instruments
from app.placements.history import placement_items
from app.placements.inside_queries import away_items_of
from app.placements.schemas import PlacementRow
from app.plans import history as plans
from app.referrals import history as referrals
from app.supervision import history as supervision
from app.tracing import history as tracing
from app.visits import history as visits
from app.visits.sessions import session_items_of

Reader = Callable[[Session, Actor, UUID], list[Item]]

_MILESTONES = (cases.TELLS, decisions.TELLS, plans.TELLS)
_TELLERS: dict[Show, tuple[Teller, ...]] = {
    Show.ALL: (visits.TELLS, referrals.TELLS, *_MILESTONES),
    Show.VISITS: (visits.TELLS,),
    Show.REFERRALS: (referrals.TELLS,),
    Show.CASE: _MILESTONES,
}
_WORK: tuple[Reader, ...] = (tracing.items_of, instruments.items_of, session_items_of)
_PAPERS: tuple[Reader, ...] = (supervision.items_of, documents.items_of, consents.items_of, finding.items_of)


def story(
    db: Session,
    actor: Actor,
    child_id: UUID,
    registered_at: datetime,
    placements: list[PlacementRow],
    show: Show,
    most: int | None = None,
) -> list[Item]:
    """What happened to a child, newest first, and no more than `most`.

    Everything is placements, visits, referrals and the milestones of the case; each form and contact, and papers and
    hand-overs, have a filter of their own, because they come in numbers and tell little of a life.
    """
    items: list[Item] = []
    if show in {Show.ALL, Show.PLACEMENTS}:
        items += placement_items(placements)
    if show is Show.PLACEMENTS:
        items += away_items_of(db, actor, child_id)
    items += tell(db, actor, child_id, _TELLERS.get(show, ()), most)
    if show is Show.CASE and actor.may_ever(Permission.CASES_READ):
        items += [item for read in _WORK for item in read(db, actor, child_id)]
    if show is Show.PAPERS and actor.may_ever(Permission.CASES_READ):
        items += [item for read in _PAPERS for item in read(db, actor, child_id)]
    registered_on = registered_at.astimezone(clock.KIGALI).date()
    if show is Show.ALL:
        items.append(
            Item(when=registered_on, title=_("The child was registered"), icon="user-plus", noted_at=registered_at)
        )
    newest = sorted(items, key=newest_first, reverse=True)[:most]
    return with_late_writing(newest, known_since=registered_on)
