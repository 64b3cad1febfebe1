"""The houses on their way to their last day: stages with their days, the moratorium, plans, money and staff."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from app.access.roles import Role
from app.demo.accounts import HOUSE_OF_THE_MANAGER
from app.demo.draft import Draft
from app.demo.houses import House
from app.demo.lives import Life
from app.demo.staff import Person, Staff
from app.institutions.words import ClosureStage
from app.transformation.models import Funder, PlanStep, StaffPlan, StageChange, TransformationPlan

EMPTY_HOUSE = "Maison du Flamboyant"
"""Nearly closed: nobody lives there any more, and two steps of its plan are left."""
CAME_LATE_DAYS = 60
"""So long ago a child came to the manager's house although the house had agreed to take nobody in."""
_EVIDENCE = {
    1: "Meeting with the director and the founder; minutes in the district's file",
    2: "Letter of the founder: nobody is taken in any more",
    3: "All residents assessed by the district's team",
    4: "Plan signed by the founder, approved by the national manager",
    5: "The first three children moved to their families",
    6: "The last child moved; the beds were given to families",
    7: "The new service opened with the staff who were trained for it",
    8: "Entry in the register of institutions closed",
}
_STAGE_OF_PLAN = ClosureStage.PLAN_APPROVED.number
_MORATORIUM = ClosureStage.NO_NEW_ADMISSIONS.number
_ENDED = ClosureStage.CARE_ENDED.number


def draw_closing(draft: Draft, staff: Staff, houses: Sequence[House], lives: Sequence[Life]) -> None:
    """The way of every house so far, as its stage says."""
    admitted: dict[Any, list[date]] = {house.id: [] for house in houses}
    for life in lives:
        for stay in life.stays:
            if stay.house is not None:
                admitted[stay.house.id].append(stay.started_on)
    recorder = staff.called(Role.DISTRICT_SUPERVISOR.value)
    for house in houses:
        days = _draw_stages(draft, house, sorted(admitted[house.id]), recorder)
        if house.stage >= _STAGE_OF_PLAN:
            _draw_plan(draft, house, days[_STAGE_OF_PLAN])
        if house.stage >= _MORATORIUM:
            _draw_means(draft, house)


def _draw_stages(draft: Draft, house: House, admissions: list[date], recorder: Person) -> dict[int, date]:
    if not house.stage:
        return {}
    if house.name == HOUSE_OF_THE_MANAGER:
        admissions = [day for day in admissions if day < draft.ago(CAME_LATE_DAYS)]
    last = max([house.surveyed_on, *admissions]) + timedelta(days=5)
    until_stage, until = (_ENDED, house.care_ended_on) if house.care_ended_on else (house.stage, draft.ago(20))
    days = {1: min(house.surveyed_on + timedelta(days=30), until)}
    start = min(max(last, days[1]), until)
    for stage in range(_MORATORIUM, house.stage + 1):
        steps = max(1, until_stage - _MORATORIUM)
        share = min(1.0, (stage - _MORATORIUM) / steps)
        day = start + timedelta(days=round((until - start).days * share))
        days[stage] = draft.between(days[stage - 1], draft.today) if stage > until_stage else day
    for stage in range(1, house.stage + 1):
        draft.add(
            StageChange,
            institution_id=house.id,
            from_stage=stage - 1,
            stage=stage,
            reached_on=days[stage],
            evidence=_EVIDENCE[stage],
            by_post_id=recorder.post_id,
            created_at=draft.working_hour(days[stage]),
            created_by=recorder.account_id,
        )
    house.row["stage_reached_on"] = days[house.stage]
    house.row["moratorium_on"] = days.get(_MORATORIUM)
    return days


def _draw_plan(draft: Draft, house: House, approved_on: date) -> None:
    at = draft.working_hour(approved_on)
    over = house.stage >= _ENDED
    draft.add(
        TransformationPlan,
        institution_id=house.id,
        becomes=draft.pick(("day_centre", "school", "family_support_centre", "vocational_centre")),
        children="Those with a traced family first, brothers and sisters together, the grown with a room of their own.",
        buildings="The dormitories become classrooms; the kitchen stays.",
        money="The funders were asked to pay for families and for the new service; two have agreed in writing.",
        staff="Caregivers are trained for the new service or help families; nobody leaves without a talk.",
        last_day_planned=house.care_ended_on or draft.ago(-120),
        approved_on=approved_on,
        created_at=at,
    )
    nearly = house.name == EMPTY_HOUSE
    steps = (
        ("Tell every child and every family, in person", "Director", approved_on + timedelta(days=20), True),
        ("Train six caregivers for the new service", "District and partner", approved_on + timedelta(days=60), True),
        ("Give beds and school material to the families", "House and district", draft.ago(30 if over else 12), over),
        (
            "Move the files to the district's archive",
            "District",
            draft.ago(6) if nearly else draft.ago(-45),
            not nearly,
        ),
        ("Open the new service", "New director", draft.ago(-35), False),
    )
    for what, who, due_on, done in steps:
        finished = done and (over or due_on <= draft.today)
        draft.add(
            PlanStep,
            institution_id=house.id,
            what=what,
            who=who,
            due_on=due_on,
            done_on=min(due_on, draft.today) if finished else None,
            created_at=at,
        )


def _draw_means(draft: Draft, house: House) -> None:
    at = draft.working_hour(house.surveyed_on)
    over = house.stage >= _ENDED
    for name, country, amount, currency, tied in (
        ("Friends of the House", "Belgium", 24_000, "usd", True),
        ("The parish", None, 3_600_000, "rwf", None),
        ("Foundation for Families", "Germany", 18_000, "usd", False),
    ):
        draft.add(
            Funder,
            institution_id=house.id,
            name=name,
            country=country,
            amount=amount,
            currency=currency,
            tied=tied,
            promised_until=draft.ago(-200) if not over else None,
            note="Will pay for mutuelle and school of children in families" if tied is False else None,
            ended_on=house.care_ended_on if over and tied else None,
            created_at=at,
        )
    for role, number in (("caregiver", 9), ("cook_cleaner", 4), ("guard", 2), ("director", 1)):
        settled = number if over else number // 3 if house.stage >= _STAGE_OF_PLAN else 0
        draft.add(
            StaffPlan,
            institution_id=house.id,
            role=role,
            number=number,
            trained=settled // 2,
            retrained=settled // 2,
            moved=settled - settled // 2,
            paid_off=0,
            created_at=at,
        )
