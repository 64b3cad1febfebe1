"""A supervisor's Monday, as pages."""

from datetime import timedelta

from sqlalchemy import select

from app.access.roles import Role
from app.core import clock
from app.supervision import service
from app.supervision.models import ConferenceAction
from app.supervision.schemas import Reassign
from app.tasks.words import TaskKind
from tests.make import actor_for, make_case, make_child, make_household, make_placement, make_task, make_visit, reload

TODAY = clock.today()


def test_the_board_leads_to_a_caseload_and_children_are_handed_over(db, client_for):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    children = [make_child(db, given=name, worker=worker) for name in ("Keza", "Gisa")]
    for child in children:
        make_case(db, child, risk="high")
    make_child(db, given="Ineza")
    client = client_for(supervisor)
    board = client.open("/caseloads")
    assert worker.display_name in board.text
    assert "2 open cases" in board.text
    assert "Ineza Mutesi" in board.text.partition("In nobody's caseload")[2]
    address = f"/caseloads/{worker.post_id}"
    page = client.open(address)
    form = page.form(f"{address}/reassign")
    wrong = client.post_form(f"{address}/reassign", form | {"note": "Visit on Saturdays"}, status=422)
    assert "Visit on Saturdays" in wrong.text, "nothing that was typed is lost"
    given = form | {"children[]": str(children[0].id), "post": str(colleague.post_id), "note": "Visit on Saturdays"}
    client.post_form(f"{address}/reassign", given)
    assert reload(db, children[0]).responsible_post_id == colleague.post_id
    reader = client_for(colleague)
    note = reader.open(f"/children/{children[0].id}/hand-overs")
    assert "Visit on Saturdays" in note.text
    reader.post_form(f"/children/{children[0].id}/hand-overs/read", {})
    assert "I have read it" not in reader.open(f"/children/{children[0].id}/hand-overs").text


def test_a_caseload_that_came_stands_once_on_my_day_and_goes_when_read(db, client_for, api_for):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    children = [make_child(db, worker=worker) for _number in range(12)]
    service.reassign(
        db,
        supervisor,
        worker.post_id,
        Reassign(children=[child.id for child in children], post=colleague.post_id, note="Visit on Saturdays"),
    )
    reader = client_for(colleague)
    day = reader.open("/")
    assert day.text.count("Read the hand-over: 12 children") == 2, "the title, and once more for who hears the button"
    assert "They came to you from another worker" in day.text
    assert "/hand-overs" in day.links().values()
    page = reader.open("/hand-overs")
    assert page.text.count("Visit on Saturdays") == 1
    assert all(f"/children/{child.id}" in page.html for child in children)
    assert len(api_for(colleague).get("/api/v1/hand-overs").json()["items"][0]["children"]) == 12
    reader.post_form("/hand-overs/read", page.form("/hand-overs/read"))
    assert "Read the hand-over" not in reader.open("/").text
    assert "Nothing new was handed over" in reader.open("/hand-overs").text
    assert "Read" in reader.open(f"/children/{children[0].id}/hand-overs").text


def test_reading_through_the_api_ends_the_task(db, api_for):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    children = [make_child(db, worker=worker).id for _number in range(2)]
    given = Reassign(children=children, post=colleague.post_id, note="Visit on Saturdays")
    service.reassign(db, supervisor, worker.post_id, given)
    api = api_for(colleague)
    [found] = api.get("/api/v1/hand-overs").json()["items"]
    assert api.post("/api/v1/hand-overs/read", json={"until": found["at"]}).status_code == 204
    assert api.get("/api/v1/hand-overs").json()["items"] == []
    assert [row["kind"] for row in api.get("/api/v1/tasks").json()["items"]] == []


def test_a_long_wait_is_told_in_months(db, client_for):
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    make_case(db, child)
    placement = make_placement(db, child, household=make_household(db), started_on=TODAY - timedelta(days=500))
    make_visit(db, placement, visited_on=TODAY - timedelta(days=427))
    client = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    assert "One child not seen for 14 months" in client.open("/caseloads").text
    page = client.open(f"/caseloads/{worker.post_id}")
    assert page.text.index("Since the child who waits longest was seen") < page.text.index("14 months")


def test_a_post_is_covered_from_its_page(db, client_for):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    client = client_for(supervisor)
    address = f"/caseloads/{worker.post_id}"
    today = clock.today()
    until = today + timedelta(days=10)
    form = {"account": str(colleague.account_id)}
    for name, value in (("starts_on", today), ("ends_on", until)):
        form |= {f"{name}-day": str(value.day), f"{name}-month": str(value.month), f"{name}-year": str(value.year)}
    client.post_form(f"{address}/cover", form)
    assert colleague.display_name in client.open(address).text


def test_where_nobody_could_cover_the_page_says_so(db, client_for):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    worker = actor_for(db, Role.SOCIAL_WORKER)
    page = client_for(supervisor).open(f"/caseloads/{worker.post_id}")
    assert "Nobody else holds the post of a worker in this district" in page.text
    assert "Cover the post" not in page.html
    actor_for(db, Role.PSYCHOLOGIST)
    assert "Cover the post" in client_for(supervisor).open(f"/caseloads/{worker.post_id}").html


def test_a_conference_is_recorded_with_names_on_lines(db, client_for):
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    client = client_for(worker)
    address = f"/children/{child.id}/conferences/new"
    form = client.open(address).form(address)
    wrong = client.post_form(address, form | {"minutes": "She wishes to stay."}, status=422)
    assert "She wishes to stay." in wrong.text
    given = form | {
        "_attended": "Uwera Alice, social worker\nThe head of the village\n",
        "child_took_part": "true",
        "minutes": "She wishes to stay.",
        "actions.0.what": "Ask the school",
        "actions.0.post": str(worker.post_id),
        "actions.0.due_on-day": "1",
        "actions.0.due_on-month": "12",
        "actions.0.due_on-year": str(clock.today().year + 1),
    }
    client.post_form(address, given)
    page = client.open(f"/children/{child.id}/conferences")
    assert "The head of the village" in page.text
    assert "1 action" in page.text
    action_id = db.scalars(select(ConferenceAction.id)).one()
    done = client.post_form(f"/conference-actions/{action_id}/done")
    assert "Say that it is done" not in done.text
    opened = client.post_form(f"/conference-actions/{action_id}/reopen")
    assert "It is open again" in opened.text
    assert "Say that it is done" in opened.text


def test_a_caseload_says_with_what_a_child_is_late(db, client_for):
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    make_task(db, child, kind="plan", subject_kind="case", due_on=TODAY - timedelta(days=3), tolerance_days=0)
    make_task(db, child, kind="review", subject_kind="case", due_on=TODAY + timedelta(days=3))
    page = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR)).open(f"/caseloads/{worker.post_id}")
    assert f"{TaskKind.PLAN.label}: Due" in page.text
    assert f"{TaskKind.REVIEW.label}: Due" not in page.text
