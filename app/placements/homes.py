"""Households to choose from when a child moves: those that may receive it, and the others with what stands against."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.household_queries import list_households
from app.children.household_schemas import HouseholdQuery, HouseholdRow
from app.children.words import HouseholdKind, Vetting
from app.core.errors import FieldError
from app.core.forms import Form
from app.core.i18n import gettext as _
from app.placements.gates import why_not_foster
from app.placements.rules import check_household
from app.placements.words import FOSTER_KINDS, PlacementKind

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Homes:
    """`fit` are id, words and hint; `unfit` words and the reason."""

    fit: list[tuple[str, str, str]]
    unfit: list[tuple[str, str]]


def homes_for(db: Session, actor: Actor, form: Form, sought: str | None, kind: PlacementKind | None = None) -> Homes:
    """The households that were sought by name, or the newest; without a kind of placement nothing speaks against any.

    Where nothing was sought for a foster placement, only approved foster families are looked at.
    """
    query = HouseholdQuery(q=sought or None, limit=MOST_SHOWN)
    if kind in FOSTER_KINDS and not sought:
        query = HouseholdQuery(kind=HouseholdKind.FOSTER, vetting=Vetting.APPROVED, limit=MOST_SHOWN)
    try:
        found = list_households(db, actor, query).items
    except FieldError as error:
        # Of the search beside the form; the page itself is as it should be.
        form.errors.extend(error.errors)
        found = []
    refused = why_not_foster(db, [one.id for one in found]) if kind in FOSTER_KINDS else {}
    reasons = {one.id: refused.get(one.id) or _why_not(one, kind) for one in found}
    return Homes(
        fit=[(str(one.id), _name(one), _facts(one)) for one in found if reasons[one.id] is None],
        unfit=[(_name(one), reason) for one in found if (reason := reasons[one.id]) is not None],
    )


def _why_not(one: HouseholdRow, kind: PlacementKind | None) -> str | None:
    if kind is None:
        return None
    try:
        check_household(
            kind,
            family=one.kind.value,
            vetting=one.vetting.value,
            capacity=one.capacity,
            children=one.children,
        )
    except FieldError as error:
        return error.errors[0][1]
    return None


def _name(one: HouseholdRow) -> str:
    return f"{one.head_name}, {one.code}"


def _facts(one: HouseholdRow) -> str:
    return _("%(place)s. %(kind)s: %(vetting)s. Children: %(children)d of %(capacity)d.") % {
        "place": one.place,
        "kind": one.kind.label,
        "vetting": one.vetting.label,
        "children": one.children,
        "capacity": one.capacity,
    }
