"""Stories of the manager's house: residents at every step of the way home, a census that differs, claims, a plan."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.access.roles import Role
from app.children.words import PlacementKind, Sex
from app.decisions.proposing import choose_family, open_matching
from app.decisions.schemas import MatchChoose
from app.decisions.service import request_decision
from app.demo.draft import known
from app.demo.houses import House
from app.demo.lives import Life
from app.demo.story_decisions import approved, decide, returned
from app.demo.story_file import tell_search
from app.demo.world import Teller, in_the_house
from app.fostering.schemas import Ask
from app.fostering.service import request_approval as ask_for_family
from app.instruments.models import InstrumentAnswers
from app.instruments.service import request_approval as ask_for_assessment
from app.placements.inside_schemas import PreparationStart, StepDone
from app.placements.preparing import do_step, start_preparation
from app.placements.rules import PREPARATION_ITEMS
from app.transformation.census_schemas import CensusStart, CensusTick, PersonAdd, PersonMark
from app.transformation.census_service import add_person, finish_count, mark_person, start_census, tick_people
from app.transformation.claim_schemas import ClaimReject, ClaimReport
from app.transformation.claim_service import reject_claim, report_claim
from app.transformation.models import CensusPerson
from app.transformation.schemas import PlanWrite
from app.transformation.service import ask_for_plan, write_plan
from app.transformation.words import Becomes, ClaimKind, PersonStatus

_PLAN_WAITS = "Jacaranda House"
_OF_AGE = 18


def tell_of_houses(teller: Teller) -> None:
    """All stories of houses; one for which there is no child in this draft is left out."""
    house = teller.world.houses[0]
    _residents(teller, house)
    _census(teller, house)
    _claims(teller, house)
    _plan_of_another_house(teller)
    _what_waits(teller)


def _residents(teller: Teller, house: House) -> None:
    """Some residents are further on the way home than others."""

    def resident(life: Life) -> bool:
        return in_the_house(life) and life.now is not None and life.now.house is house

    def young(life: Life) -> bool:
        return resident(life) and teller.age(life) < _OF_AGE

    foster, kin = PlacementKind.FOSTER_MALAYIKA_MURINZI, PlacementKind.KINSHIP_FORMAL
    for step, kind, fits in (
        ("prepared", foster, young),
        ("matched", foster, young),
        ("decided", kin, resident),
        ("waits", kin, resident),
        ("back", kin, in_the_house),
    ):
        life = teller.take(fits)
        if life is not None:
            _decided(teller, life, kind, step)
    for found in (True, False):
        life = teller.take(young) or teller.take(in_the_house)
        if life and life.id:
            tell_search(teller, life.id, teller.ago(48), found=found)


def _decided(teller: Teller, life: Life, kind: PlacementKind, step: str) -> None:
    """A panel sat three weeks ago; `step` says how far its decision has come."""
    child_id = known(life.id)
    if teller.age(life) >= _OF_AGE:
        kind = PlacementKind.SUPPORTED_INDEPENDENT_LIVING
    decision = decide(teller, life, kind, teller.ago(20))
    if step == "waits":
        request_decision(teller.db, teller.worker, decision)
    elif step == "back":
        returned(teller, decision, teller.ago(4))
    else:
        approved(teller, decision, teller.ago(16))
    if step in {"prepared", "matched"} and _matched(teller, child_id):
        _prepared(teller, child_id, kind, whole=step == "prepared")


def _matched(teller: Teller, child_id: UUID) -> bool:
    """The first family that is proposed is chosen, if any is."""
    _child, matching = open_matching(teller.db, teller.worker, child_id)
    if not matching.proposals:
        return False
    why = "They live near the school and have raised two children before."
    command = MatchChoose(id=teller.id(), household=matching.proposals[0].household, why=why)
    choose_family(teller.db, teller.worker, child_id, command)
    return True


def _prepared(teller: Teller, child_id: UUID, kind: PlacementKind, *, whole: bool) -> None:
    command = PreparationStart(id=teller.id(), kind=kind, planned_on=teller.ago(-9))
    preparation_id, _new = start_preparation(teller.db, teller.worker, child_id, command)
    items = PREPARATION_ITEMS if whole else PREPARATION_ITEMS[:2]
    for number, (code, _label) in enumerate(items):
        day = teller.ago(max(0, 10 - number))
        do_step(teller.db, teller.worker, preparation_id, StepDone(step=code, done_on=day, done_by="Solange Ingabire"))


def _census(teller: Teller, house: House) -> None:
    """Last night's census: one resident in hospital, one gone since May, one whom nobody registered."""
    db, worker = teller.db, teller.worker
    night = teller.ago(1)
    census_id, _new = start_census(db, worker, house.id, CensusStart(id=teller.id(), counted_on=night))
    people = db.scalars(
        select(CensusPerson.id).where(CensusPerson.census_id == census_id).order_by(CensusPerson.name, CensusPerson.id)
    ).all()
    ill, gone, *here = people
    tick_people(db, worker, census_id, CensusTick(shown=list(people), present=here))
    in_hospital = PersonMark(
        status=PersonStatus.ABSENT, away_on=night - timedelta(days=3), away_where="District hospital"
    )
    mark_person(db, worker, ill, in_hospital)
    left = PersonMark(status=PersonStatus.LEFT, away_on=night - timedelta(days=150), away_where="An uncle, it is said")
    mark_person(db, worker, gone, left)
    stranger = PersonAdd(
        id=teller.id(), name="Divine Umutoni", sex=Sex.FEMALE, age_years=7, since_on=night - timedelta(days=30)
    )
    add_person(db, worker, census_id, stranger)
    finish_count(db, worker, census_id)


def _claims(teller: Teller, house: House) -> None:
    """The manager reports: one claim was not accepted, two wait for a worker."""
    db, manager = teller.db, teller.actor(Role.INSTITUTION_MANAGER)
    for name, kind, days, destination in (
        ("Kevin Ishimwe", ClaimKind.ADMISSION, 20, "Brought by a neighbour"),
        ("Divine Umutoni", ClaimKind.ADMISSION, 4, "Came with her older sister"),
        ("Eric Nshuti", ClaimKind.EXIT, 2, "With an uncle"),
    ):
        claim = ClaimReport(
            id=teller.id(),
            kind=kind,
            name=name,
            sex=Sex.FEMALE if name.startswith("Divine") else Sex.MALE,
            age_years=7,
            happened_on=teller.ago(days),
            destination=destination,
        )
        claim_id, _new = report_claim(db, manager, house.id, claim)
        if name.startswith("Kevin"):
            no = ClaimReject(reason="He sleeps at home and comes for lunch: he is no resident.")
            reject_claim(db, teller.worker, claim_id, no)


def _plan_of_another_house(teller: Teller) -> None:
    """The plan of a house waits for the national manager."""
    house = next((one for one in teller.world.houses if one.name == _PLAN_WAITS), None)
    if house is None:
        return
    plan = PlanWrite(
        becomes=Becomes.SCHOOL,
        becomes_words="A nursery school for the whole sector",
        children="Nine residents: four to relatives who were found, three to foster families, two on their own.",
        buildings="The dormitories become three classrooms.",
        money="The founder pays for two more years, then the district.",
        staff="Five caregivers are trained as nursery teachers.",
        last_day_planned=teller.ago(-200),
    )
    write_plan(teller.db, teller.supervisor, house.id, plan, version=None)
    ask_for_plan(teller.db, teller.worker, house.id)


def _what_waits(teller: Teller) -> None:
    """An assessment and a foster family wait for the supervisor."""
    db, worker = teller.db, teller.worker
    trained = next((family for family in teller.world.families if family.key == "r0"), None)
    if trained is not None:
        ask_for_family(db, worker, trained.id, Ask(note="The training ended last week; all at home agree."))
    rows = teller.world.draft.rows[InstrumentAnswers]
    mine = [
        row["id"]
        for row in rows
        if row["instrument"] == "child_assessment"
        and row["state"] == "submitted"
        and row["created_by"] == worker.account_id
        and row["created_at"] > teller.world.draft.now - timedelta(days=45)
    ]
    for answers_id in mine[:1]:
        ask_for_assessment(db, worker, answers_id)
