"""How the foster families came to be: each at some step between the application and the day it fosters no more."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.children.words import HouseholdKind
from app.demo.draft import Draft
from app.demo.houses import Family
from app.fostering.models import FosterFamily, FosterStep

_WAY = ("applied", "record_checked", "references_taken", "home_checked", "checked", "trained", "asked", "approved")
_CARES = (["ordinary"], ["ordinary", "short_term"], ["emergency"], ["specialised"])
_STAGES = {
    "f0": "applied",
    "h0": "checking",
    "c0": "checked",
    "t0": "trained",
    "r0": "trained",
    "n0": "approved",
    "p0": "paused",
    "w0": "withdrawn",
}
"""Where a family without a child of the programme stands, by its key; the others are available."""
_LAST_STEP = {
    "applied": "applied",
    "checking": "references_taken",
    "withdrawn": "references_taken",
    "paused": "approved",
}
_AFTERWARDS = {"available": ["available"], "paused": ["available", "paused"], "withdrawn": ["withdrawn"]}
_APPROVED = frozenset({"available", "approved", "paused"})
_RENEW_AT = 3
_HOLDS = 730
"""Of the available families one was approved so long ago that the approval is to be renewed within weeks."""


def draw_foster_families(draft: Draft, families: Sequence[Family]) -> None:
    """How far each foster family is, and the steps that led there."""
    foster = [family for family in families if family.kind is HouseholdKind.FOSTER]
    for number, family in enumerate(foster):
        stage = _STAGES.get(family.key, "available")
        applied_on = draft.ago(draft.rng.randint(775, 785) if number == _RENEW_AT else draft.rng.randint(200, 420))
        checked = applied_on + timedelta(days=30) if stage != "applied" else None
        complete = checked if stage not in {"checking", "withdrawn"} else None
        approved = applied_on + timedelta(days=90) if stage in _APPROVED else None
        training = "Three days with the district hospital" if draft.chance(0.2) else None
        cares = draft.pick(_CARES)
        if "specialised" in cares:
            training = training or "Raised a nephew who uses a wheelchair"
        draft.add(
            FosterFamily,
            household_id=family.id,
            stage="applied" if stage == "checking" else stage,
            income_source=draft.pick(("Two cows and a garden", "A small shop", "Work at the tea factory", None)),
            languages=draft.pick((["rw"], ["rw", "fr"], ["rw", "sw"])),
            age_from=draft.pick((None, 0, 3)),
            age_to=draft.pick((None, 10, 17)),
            siblings_welcome=draft.chance(0.6),
            disability_training=training,
            cares=cares,
            record_checked_on=draft.ago(90) if complete and number == _RENEW_AT else checked,
            references_on=checked,
            home_checked_on=complete,
            approved_on=approved,
            approved_until=approved + timedelta(days=_HOLDS) if approved else None,
            paused_why="The grandmother is ill; they ask for a pause until the harvest" if stage == "paused" else None,
            created_at=draft.working_hour(applied_on),
        )
        last = _LAST_STEP.get(stage, stage if stage in _WAY else "approved")
        _draw_way(draft, family, [*_WAY[: _WAY.index(last) + 1], *_AFTERWARDS.get(stage, [])], applied_on)


def _draw_way(draft: Draft, family: Family, way: Sequence[str], day: date) -> None:
    for step in way:
        draft.add(
            FosterStep,
            household_id=family.id,
            step=step,
            stepped_on=day,
            in_order=True,
            note="The house is too small for another child; they were thanked" if step == "withdrawn" else None,
            created_at=draft.working_hour(day),
        )
        day = min(day + timedelta(days=draft.rng.randint(6, 20)), draft.today)
