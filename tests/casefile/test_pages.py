"""A child's one screen, for each view of a child, and what waits on My day."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.core import clock
from app.core.formats import day as date_filter
from app.decisions.models import Match
from app.placements.models import Placement
from app.tasks.words import TaskKind
from app.tracing.models import TracingAction
from tests.make import (
    actor_for,
    make_answers,
    make_approval,
    make_case,
    make_child,
    make_decision,
    make_household,
    make_institution,
    make_placement,
    make_search,
    make_session,
    make_task,
    make_time_away,
    make_visit,
)

TODAY = clock.today()


def test_a_new_child_needs_a_case(db, worker, client_for):
    child = make_child(db, worker=worker, institution=make_institution(db))
    page = client_for(worker).open(f"/children/{child.id}")
    assert "Open the case" in page.text
    assert "This comes next on the way home." in page.text
    assert "The way home" in page.text


def test_what_is_due_comes_first_with_its_reason(db, worker, client_for):
    child = make_child(db, worker=worker, household=make_household(db))
    make_case(db, child, state="assessed")
    path = f"/children/{child.id}/plan"
    make_task(db, child, kind=TaskKind.PLAN.value, subject_kind="case", due_on=TODAY, path=path)
    make_task(db, child, kind=TaskKind.REVIEW.value, subject_kind="case", due_on=TODAY + timedelta(days=9), path=path)
    page = client_for(worker).open(f"/children/{child.id}")
    assert "The case has no plan yet" in page.text
    assert "What else is due" in page.text


def test_visits_planned_long_ahead_stand_once_with_their_days(db, worker, client_for):
    child = make_child(db, worker=worker)
    placement = make_placement(db, child, household=make_household(db))
    for weeks in (1, 2, 3, 4):
        due_on = TODAY + timedelta(weeks=weeks, days=3)
        make_task(
            db, child, kind=TaskKind.VISIT.value, subject_kind="placement", subject_id=placement.id, due_on=due_on
        )
    page = client_for(worker).open(f"/children/{child.id}")
    assert page.text.count("Visit the child") <= 2
    assert all(date_filter(TODAY + timedelta(weeks=weeks, days=3)) in page.text for weeks in (3, 4))


def test_what_the_worker_does_comes_before_the_look_of_a_volunteer(db, worker, client_for):
    child = make_child(db, worker=worker)
    placement = make_placement(db, child, household=make_household(db))
    make_task(db, child, kind=TaskKind.IZU_CHECK.value, subject_id=placement.id, due_on=TODAY)
    make_task(db, child, kind=TaskKind.VISIT.value, subject_id=placement.id, due_on=TODAY + timedelta(days=1))
    text = client_for(worker).open(f"/children/{child.id}").text
    assert text.index("Visit the child") < text.index("Look in on the child")


def test_what_waits_for_approval_is_not_asked_for_again(db, worker, client_for):
    child = make_child(db, worker=worker, household=make_household(db))
    made = make_answers(db, child, worker, instrument="child_assessment")
    make_case(db, child, risk="high")
    make_task(db, child, kind=TaskKind.ASSESS.value, subject_kind="case", due_on=TODAY, path=f"/children/{child.id}/x")
    address = f"/children/{child.id}"
    assert "The case waits for the assessment" in client_for(worker).open(address).text
    make_approval(db, child, worker, subject_id=made.id)
    assert "The case waits for the assessment" not in client_for(worker).open(address).text


@pytest.mark.parametrize(("days", "words"), [(14, "This comes next on the way home."), (0, "Next on the way home:")])
def test_what_is_far_off_gives_way_to_the_next_step(db, worker, client_for, days, words):
    child = make_child(db, worker=worker, institution=make_institution(db))
    make_case(db, child)
    path = f"/children/{child.id}/plan"
    make_task(db, child, kind=TaskKind.PLAN.value, subject_kind="case", due_on=TODAY + timedelta(days=days), path=path)
    page = client_for(worker).open(f"/children/{child.id}")
    assert words in page.text
    assert page.links()["Assess the child"] == f"/children/{child.id}/instruments"


@pytest.mark.parametrize(
    ("role", "sees_way"),
    [
        (Role.SOCIAL_WORKER, True),
        (Role.DISTRICT_SUPERVISOR, True),
        (Role.NATIONAL_OFFICER, False),
        (Role.VOLUNTEER, False),
    ],
)
def test_the_file_opens_to_the_district_only(role, sees_way, db, client_for):
    child = make_child(db, household=make_household(db))
    page = client_for(actor_for(db, role)).open(f"/children/{child.id}")
    assert ("The way home" in page.text) is sees_way
    assert ("Print from the file" in page.text) is sees_way


@pytest.mark.parametrize("show", ["all", "placements", "visits", "referrals", "case", "papers"])
def test_the_story_has_its_filters(show, db, worker, client_for):
    child = make_child(db, worker=worker)
    make_case(db, child)
    make_visit(db, make_placement(db, child, household=make_household(db)))
    page = client_for(worker).open(f"/children/{child.id}?show={show}")
    assert ("Started: Foster family" in page.text) is (show in {"all", "placements"})
    assert ("the child was seen" in page.text) is (show in {"all", "visits"})


def test_the_story_begins_with_what_is_new(db, worker, client_for):
    child = make_child(db, worker=worker)
    placement = make_placement(db, child, household=make_household(db), started_on=TODAY - timedelta(days=99))
    visits = [make_visit(db, placement, visited_on=TODAY - timedelta(days=day)) for day in range(12)]
    client = client_for(worker)
    newest = client.open(f"/children/{child.id}")
    told = [f"/visits/{visit.id}" in newest.html for visit in visits]
    assert told == [True] * 9 + [False] * 3, "the tenth is that the child was registered today"
    assert "Started: Foster family" not in newest.text
    earlier = newest.links()["What happened earlier"]
    whole = client.open(earlier)
    assert all(f"/visits/{visit.id}" in whole.html for visit in visits)
    assert "Started: Foster family" in whole.text
    assert "What happened earlier" not in whole.links()
    part = client.get(earlier, headers={"HX-Request": "true"}).text
    assert part.strip().startswith('<div id="history-list">')
    assert part.count('class="event ') == 14


def test_one_day_is_told_in_the_order_in_which_it_was_written_down(db, worker, client_for):
    def at(hour):
        return datetime.combine(TODAY - timedelta(days=1), time(hour), clock.KIGALI)

    house, home = make_institution(db), make_household(db)
    child = make_child(db, worker=worker, institution=house, since=TODAY - timedelta(days=400))
    (stay,) = db.scalars(select(Placement).where(Placement.child_id == child.id))
    stay.ended_on, stay.end_reason = TODAY - timedelta(days=1), "moved_to_permanent"
    made = make_decision(db, child, worker, state="approved", decided_on=TODAY - timedelta(days=1), created_at=at(8))
    chosen = {"decision_id": made.id, "child_id": child.id, "household_id": home.id, "why": "Known", "score": 1}
    db.add(Match(**chosen, reasons=[], against=[], others=[], created_at=at(10)))
    placement = make_placement(
        db, child, household=home, kind="foster_malayika_murinzi", started_on=stay.ended_on, created_at=at(12)
    )
    make_visit(db, placement, visited_on=TODAY - timedelta(days=1), created_at=at(15))
    text = client_for(worker).open(f"/children/{child.id}").html.partition('class="timeline"')[2]
    told = ["the child was seen", "Started: Foster", "Ended: ", "A foster family was chosen", "Decision of the panel"]
    places = [text.index(words) for words in told]
    assert places == sorted(places), "newest first"


def test_what_was_written_down_much_later_says_so(db, worker, client_for):
    def ago(days):
        return datetime.combine(TODAY - timedelta(days=days), time(9), clock.KIGALI)

    child = make_child(db, worker=worker, created_at=ago(200), registered_on=TODAY - timedelta(days=200))
    late, told = TODAY - timedelta(days=90), date_filter(TODAY - timedelta(days=30))
    placement = make_placement(db, child, household=make_household(db), started_on=late, created_at=ago(30))
    # Visits that were logged while nobody had recorded the move are in time.
    make_visit(db, placement, visited_on=TODAY - timedelta(days=60), created_at=ago(58))
    make_session(db, child, actor_for(db, Role.PSYCHOLOGIST), held_on=late, created_at=ago(30))
    make_time_away(db, placement, from_on=late, until_on=late + timedelta(days=9), created_at=ago(30))
    search = make_search(db, child)
    done = {"done_on": late, "kind": "visit", "outcome": "Nobody was there", "created_at": ago(30)}
    db.add(TracingAction(tracing_id=search.id, child_id=child.id, **done))
    db.flush()
    client = client_for(worker)
    for show, times in (("all", 1), ("visits", 0), ("placements", 3), ("case", 2)):
        page = client.open(f"/children/{child.id}?show={show}")
        assert page.text.count(f"Written down on {told}") == times, show


def test_what_happened_before_the_child_was_known_is_not_late(db, worker, client_for):
    child = make_child(db, worker=worker, institution=make_institution(db), since=TODAY - timedelta(days=4000))
    assert "Written down" not in client_for(worker).open(f"/children/{child.id}").text


def test_my_day_has_tasks_of_every_kind_and_what_waits_for_approval(db, worker, client_for):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    child = make_child(db, worker=worker)
    for kind in TaskKind:
        if kind is TaskKind.IZU_CHECK:
            continue
        make_task(db, child, kind=kind.value, subject_kind="case", due_on=TODAY, path=f"/children/{child.id}/case")
    make_approval(db, child, worker, note="The aunt is willing")
    mine = client_for(worker).open("/")
    for kind in TaskKind:
        assert (kind.label in mine.text) is (kind is not TaskKind.IZU_CHECK), kind
    theirs = client_for(supervisor).open("/")
    assert "It waits for your approval" in theirs.text
    assert "The aunt is willing" in theirs.text
    assert "It waits for your approval" not in mine.text


def test_my_day_shows_fifty_things_at_most(db, worker, client_for):
    child = make_child(db, worker=worker)
    for number in range(60):
        make_task(db, child, kind="review", subject_kind="case", due_on=TODAY - timedelta(days=number), path="/cases")
    page = client_for(worker).open("/")
    assert page.text.count("A plan is reviewed at least every three months") == 50


def test_the_statements_of_the_screen_do_not_grow(db, worker, client_for, statements):
    child = make_child(db, worker=worker)
    make_case(db, child)
    placement = make_placement(db, child, household=make_household(db))
    client = client_for(worker)
    with statements.counted() as few:
        client.get(f"/children/{child.id}")
    for days in range(15):
        make_visit(db, placement, visited_on=TODAY - timedelta(days=days))
        make_task(db, child, kind="review", subject_kind="case", due_on=TODAY + timedelta(days=days), path="/cases")
    with statements.counted() as many:
        client.get(f"/children/{child.id}")
    assert len(many) <= len(few) <= 16
