"""What decisions and chosen families tell the timeline of a child."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.rules import View
from app.children.models import Household
from app.children.queries import view_of
from app.children.timeline import CHILD, Item, Teller, local_day, told
from app.children.words import PlacementKind
from app.core.i18n import gettext as _
from app.decisions.models import Decision, Match
from app.decisions.queries import counts_for
from app.decisions.words import DecisionState


def _rows(actor: Actor) -> list[Select[Any]]:
    if view_of(actor) is not View.WHOLE or not actor.may_ever(Permission.CASES_READ):
        return []
    decisions = told(
        "decision",
        Decision.decided_on,
        Decision.created_at,
        Decision.id,
        kind=Decision.kind,
        state=Decision.state,
    )
    matches = told("match", local_day(Match.created_at), Match.created_at, Match.id, code=Household.code)
    of_match = matches.select_from(Match).join(Decision, Decision.id == Match.decision_id)
    of_match = of_match.outerjoin(Household, Household.id == Match.household_id)
    return [decisions.where(counts_for(CHILD)), of_match.where(Match.child_id == CHILD, counts_for(CHILD))]


def _item(row: Any, child_id: UUID) -> Item:
    facts = row.facts
    if row.what == "match":
        return Item(
            when=row.noted_at,
            title=_("A foster family was chosen: %(code)s") % {"code": facts["code"] or "–"},
            icon="house-heart",
            tone="info",
            href=f"/children/{child_id}/matching",
        )
    state = DecisionState(facts["state"])
    title = _("Decision of the panel")
    if facts["kind"]:
        title = _("Decision of the panel: %(kind)s") % {"kind": PlacementKind(facts["kind"]).label}
    return Item(
        when=row.day,
        noted_at=row.noted_at,
        title=title,
        meta=[state.label],
        icon="scale",
        tone="done" if state is DecisionState.APPROVED else "due",
        href=f"/decisions/{row.id}",
    )


TELLS = Teller(_rows, _item)
"""The decisions that count for a child and the families that were chosen, for whoever reads the whole file."""
