"""The whole file on paper: every part that has something, no name uncalled for, nothing that is not the reader's."""

import json
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.access.roles import Role
from app.cases.models import CaseConcern, RiskRating
from app.core import clock
from app.instruments.definitions import registry
from app.paper import service
from app.paper.schemas import SheetPrint
from app.paper.words import SheetKind
from app.placements.models import LegalAct, Placement, SupportItem
from app.plans.models import PlanReview
from app.record.models import RecordPart
from app.tracing.models import TracingAction
from tests import make
from tests.make import actor_for, make_child

REASON = "The court asks for the name"
RECEIVER = "Court of Gasabo"
NAMES = ("Iriza", "Mukamana", "Kibibi", "Rose", "Gatera", "Umutoni", "Uwase", "Marie")


@pytest.fixture
def worker(db):
    return actor_for(db, Role.SOCIAL_WORKER, name="Habimana Eric")


@pytest.fixture
def psychologist(db):
    return actor_for(db, Role.PSYCHOLOGIST, name="Ingabire Alice")


@pytest.fixture
def child(db, worker, psychologist):
    """A child of whom everything is written, with names in what people wrote."""
    made = make_child(db, given="Iriza", family="Mukamana", household=make.make_household(db), worker=worker)
    parts = {
        "names": {"names": [{"name": "Kibibi", "kind": "nickname"}]},
        "birth": {"registration": "under_way", "known_by": "kin"},
        "parents": {"mother_status": "dead", "mother_name": "Umutoni", "father_name": "Gatera", "note": "Gatera left"},
        "languages": {"languages": ["rw", "sw"], "religion": "Adventist", "family_asks": True},
        "school": {"level": "primary", "year": "P4", "attends": True},
    }
    db.add_all(RecordPart(child_id=made.id, part=part, content=content) for part, content in parts.items())
    case = make.make_case(db, made)
    today = clock.today()
    db.add_all(
        [
            RiskRating(case_id=case.id, child_id=made.id, risk="medium", reason="Umutoni died, Rose is far away"),
            CaseConcern(
                case_id=case.id,
                child_id=made.id,
                concern="neglect",
                identified_on=today,
                source="neighbour",
                note="Kibibi was alone",
            ),
        ]
    )
    placement = db.scalars(select(Placement).where(Placement.child_id == made.id)).one()
    make.make_visit(db, placement, wellbeing={"food": 2, "care": 4})
    make.make_decision(db, made, worker, state="approved", necessity="Nobody cares for Iriza")
    plan = make.make_plan(db, made, state="in_force", aim="Iriza lives with Rose Mukamana")
    review = {"child_heard": True, "child_said": "Rose is kind", "changed": "Iriza smiles", "result": "continue"}
    review |= {"next_review_on": today + timedelta(days=60)}
    db.add(PlanReview(child_id=made.id, plan_id=plan.id, reviewed_on=today, present="Rose", **review))
    make.make_consent(db, made, giver_name="Gatera")
    make.make_withholding(db, made, what="The village of Rose", from_whom="Gatera")
    search = make.make_search(db, made, state="found", ended_on=today)
    found = {"kind": "visit", "outcome": "Rose Mukamana wept", "done_on": today - timedelta(days=3)}
    db.add(TracingAction(child_id=made.id, tracing_id=search.id, **found))
    make.make_relative(db, made, phone="0788123456", place="Beside the mill", willing_note="Rose needs a bed")
    make.make_answers(db, made, worker, answers=_answers("wellbeing", "Iriza said it"))
    make.make_answers(
        db,
        made,
        psychologist,
        instrument="sdq_scores",
        sensitive="psychological",
        answers=_answers("sdq_scores", "CANARY-SDQ"),
    )
    make.make_session(db, made, psychologist, note="CANARY-NOTE")
    make.make_health(db, made, notes="CANARY-HEALTH", hiv="positive")
    make.make_identity(db, made)
    make.make_address(db, made, words="CANARY-ADDRESS", with_whom="Umutoni")
    make.make_service(db, made, make.make_provider(db), asked="Examine Iriza")
    make.make_document(db, made, kind="school_report", dated_on=today)
    make.make_task(db, made, due_on=today)
    db.flush()
    return made


def _answers(key, words):
    """An answer to the first question of a form that takes text."""
    asked = registry().get(key, 1).questions.values()
    return {one.key: words for one in asked if one.kind in {"text", "long_text"} and not one.when}


def _sheet(db, actor, child, kind=SheetKind.CASE_FILE, **values):
    return service.make_sheet(db, actor, child.id, SheetPrint(sheet=kind, **values))


def _written(db, actor, child, kind=SheetKind.CASE_FILE, **values):
    return json.dumps(asdict(_sheet(db, actor, child, kind, **values)), ensure_ascii=False)


def _titles(made):
    return [part.title for part in made.parts]


def test_the_whole_file_stands_in_the_order_of_a_reader(db, child, worker):
    made = _sheet(db, worker, child, names=True, reason=REASON)
    day = "Decision of the panel"
    titles = [day if title.startswith(day) else title for title in _titles(made)]
    assert titles == [
        "Who the child is",
        "Other names",
        "Birth",
        "Parents",
        "Languages and religion",
        "School",
        "The case",
        "How the risk was rated",
        "Concerns",
        "Where the child lived",
        "Where the child lived before",
        "Decisions in force",
        day,
        "Who sat on the panel",
        "What was considered, in the order of preference",
        "The plan in force",
        "Goals",
        "Actions",
        "Packages for the family",
        "Reviews",
        "Consent",
        "What must not be told",
        "The search for the family",
        "Relatives",
        "What was done to find the family",
        registry().versions("sdq_scores")[0].title.en,
        registry().versions("wellbeing")[0].title.en,
        "The last visits",
        "Wellbeing",
        "Psychological sessions",
        "Services",
        "Documents",
        "What is to be done",
        "What happened",
    ]
    found = json.dumps(asdict(made), ensure_ascii=False)
    for words in (
        "Being registered",
        "P4",
        "Kibibi",
        "Umutoni",
        "CANARY-ADDRESS",
        "Goes to school every day",
        "Talk with the head teacher",
        "35,000 Rwf",
        "Mukamana Rose",
        "Would care for the child with help",
        "Rose needs a bed",
        "Iriza said it",
        "School report",
        "Examine Iriza",
    ):
        assert words in found


@pytest.mark.parametrize("kind", [SheetKind.CASE_FILE, SheetKind.HAND_OVER], ids=str)
def test_a_coded_file_names_nobody_of_the_family(kind, db, child, worker):
    found = _written(db, worker, child, kind)
    for name in NAMES:
        assert name not in found
    assert "I. M. lives with M. R." in found
    assert "The village of M. R." in found
    for hidden in ("0788123456", "Beside the mill", "CANARY-ADDRESS", "1201870012345678"):
        assert hidden not in found


def test_health_and_psychological_notes_stand_on_no_sheet(db, child, worker, psychologist):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    for reader in (worker, psychologist, supervisor):
        found = _written(db, reader, child, names=True, reason=REASON)
        for canary in ("CANARY-HEALTH", "CANARY-NOTE", "HIV", "1201870012345678"):
            assert canary not in found
        assert "Psychological sessions" in found


def test_psychological_answers_are_printed_by_whoever_reads_them_and_stay_inside(db, child, worker, psychologist):
    answers = "Strengths and difficulties"
    colleague = actor_for(db, Role.SOCIAL_WORKER)
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    assert answers in _written(db, worker, child)
    assert answers in _written(db, psychologist, child)
    for reader in (colleague, supervisor):
        assert answers not in _written(db, reader, child)
    make.make_consent(db, child, purpose="sharing", organisation=RECEIVER)
    assert answers not in _written(db, worker, child, for_whom="outside", receiver=RECEIVER)


def test_what_leaves_the_service_tells_no_place_and_nothing_that_is_withheld(db, child, worker):
    make.make_consent(db, child, purpose="sharing", organisation=RECEIVER)
    outside = {"for_whom": "outside", "receiver": RECEIVER, "names": True, "reason": REASON}
    for kind in (SheetKind.CASE_FILE, SheetKind.HAND_OVER):
        found = _written(db, worker, child, kind, **outside)
        for hidden in ("CANARY-ADDRESS", "The village of Rose", "What must not be told", "Adventist"):
            assert hidden not in found
        assert "Comes from" in found
        assert "Comes from" not in _written(db, worker, child, kind, for_whom="outside", receiver=RECEIVER)


def test_the_hand_over_note_holds_what_the_next_worker_needs(db, child, worker):
    made = _sheet(db, worker, child, SheetKind.HAND_OVER)
    assert _titles(made) == [
        "Who the child is",
        "The case",
        "The plan in force",
        "Goals",
        "Actions",
        "Packages for the family",
        "Reviews",
        "What is to be done",
        "The last visits",
        "What must not be told",
        "What the next worker has to know",
    ]


def test_the_whole_file_tells_how_a_placement_was_prepared_and_what_surrounds_it(db, child, worker):
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    make.make_preparation(db, child)
    make.make_time_away(db, placement)
    day = clock.today()
    start = {"item": "A bed", "quantity": 2, "amount_rwf": 45_000, "source": "programme", "given_on": day}
    db.add(SupportItem(placement_id=placement.id, child_id=child.id, **start))
    act = {"kind": "court_order", "number": "RC 00012", "decided_on": day, "body": "The court of Nyarugenge"}
    db.add(LegalAct(placement_id=placement.id, child_id=child.id, **act))
    make.make_visit(db, placement, safe="not_safe", safe_why="Nobody was at home at night")
    db.flush()
    found = _written(db, worker, child)
    wanted = (
        "The school expects the child",
        "2 × A bed",
        "45,000",
        "RC 00012",
        "Hospital of Muhima",
        "at home at night",
    )
    assert [words for words in wanted if words not in found] == []
    make.make_consent(db, child, purpose="sharing", organisation=RECEIVER)
    outside = _written(db, worker, child, for_whom="outside", receiver=RECEIVER)
    assert [words for words in ("Muhima", "at home at night", "RC 00012", "court of") if words in outside] == []


def test_a_new_file_is_short(db, worker):
    made = _sheet(db, worker, make_child(db, worker=worker))
    assert _titles(made) == ["Who the child is", "What is to be done", "What happened"]


def test_a_long_file_takes_no_more_statements(db, child, worker):
    def statements():
        seen = []
        connection = db.connection()

        def note(_connection, _cursor, statement, *_rest):
            if statement.lstrip().upper().startswith("SELECT"):
                seen.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        _sheet(db, worker, child)
        event.remove(connection, "before_cursor_execute", note)
        return len(seen)

    before = statements()
    for _number in range(4):
        make.make_relative(db, child, name="Mukamana Rose")
        make.make_document(db, child)
        make.make_withholding(db, child)
        make.make_answers(db, child, worker, instrument="child_profile")
    assert statements() == before


def test_it_is_a_pdf(db, child, worker):
    asked = SheetPrint(sheet=SheetKind.CASE_FILE, names=True, reason=REASON)
    made = service.print_sheet(db, worker, child.id, asked)
    assert made.startswith(b"%PDF-")
