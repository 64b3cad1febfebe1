from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.approvals.models import Approval
from app.children.models import Child
from app.core import clock
from app.plans.models import Plan, PlanAction, PlanGoal, ServiceProvider, ServiceRequest, SupportPackage
from tests.clients import PageClient
from tests.make import (
    actor_for,
    make_child,
    make_consent,
    make_household,
    make_plan,
    make_provider,
    make_service,
    open_case_of,
    reload,
)

TODAY = clock.today()
Clients = Callable[[Actor | None], PageClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def boxes(name: str, days: int = 0) -> dict[str, str]:
    day = clock.days_ahead(days)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_a_plan_from_the_first_word_to_a_review(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    open_case_of(db, child)
    client, start = client_for(worker), f"/children/{child.id}/plan"
    page = client.open(start)
    new = page.links()["Write the plan"]
    page = client.post_form(new, client.open(new).form(new) | {"aim": "She lives with her aunt"})
    add = page.links()["Add a goal"]
    page = client.post_form(add, client.open(add).form(add) | {"domain": "learning", "statement": "Reads every day"})
    assert "Ask for approval" not in page.text, "an action is missing"
    add = page.links()["Add an action"]
    typed = client.open(add).form(add) | {"what": "Talk with the teacher"} | boxes("due_on", 7)
    page = client.post_form(add, typed)
    add = page.links()["Add a package"]
    typed = client.open(add).form(add) | {"kind": "mutuelle", "source": "district"}
    page = client.post_form(add, typed | {"amount_rwf": "-5"}, status=422)
    assert "The number is too small" in page.text
    page = client.post_form(add, typed | {"amount_rwf": "999999999999"}, status=422)
    page = client.post_form(add, typed | {"amount_rwf": "15000"})
    assert "15,000 Rwf" in page.text
    plan = db.scalars(select(Plan)).one()
    ask = f"/plans/{plan.id}/request"
    page = client.post_form(ask, page.form(ask))
    assert "waits for the supervisor's approval" in page.text
    approval = db.scalars(select(Approval)).one()
    supervisor = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    assert supervisor.open(f"/plans/{plan.id}").links()["Decide about this plan"] == f"/approvals/{approval.id}"
    supervisor.post_form(f"/approvals/{approval.id}/approve", {})
    page = client.open(start)
    assert "In force" in page.text
    report = page.links()["Report Talk with the teacher"]
    client.post_form(report, client.open(report).form(report) | {"done": "false"}, status=422)
    page = client.post_form(report, client.open(report).form(report) | {"done": "true"})
    give = page.links()["Give Health insurance (mutuelle)"]
    page = client.post_form(give, client.open(give).form(give) | {"amount_rwf": "14500", "receipt": "0042"})
    assert "0042" in page.text
    review = page.links()["Review the plan"]
    typed = client.open(review).form(review) | {"child_heard": "true", "child_said": "I like it", "changed": "A bed"}
    late = client.post_form(review, typed | {"result": "continue"} | boxes("next_review_on", 91), status=422)
    assert late.form(review)["child_said"] == "I like it"
    page = client.post_form(review, typed | {"result": "continue"})
    assert "I like it" in page.text
    assert "14,500 Rwf" in client.open(start).text


def test_a_review_that_changes_the_plan_leads_to_a_new_version(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    plan = make_plan(db, child, state="in_force")
    client, review = client_for(worker), f"/plans/{plan.id}/reviews/new"
    typed = {"child_heard": "false", "not_heard": "too_young", "changed": "She walks", "result": "change"}
    page = client.post_form(review, client.open(review).form(review) | typed)
    new = f"/children/{child.id}/plan/new"
    page = client.post_form(new, page.form(new))
    assert "The plan below stays in force" in page.text
    assert "Version 2" in page.text


def test_the_second_phone_sees_both(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child)
    goal = db.scalars(select(PlanGoal).where(PlanGoal.plan_id == plan.id)).one()
    client, path = client_for(worker), f"/plan-goals/{goal.id}/edit"
    typed = client.open(path).form(path) | {"statement": "From the second phone"}
    client.post_form(path, client.open(path).form(path) | {"statement": "From the first phone"})
    page = client.post_form(path, typed, status=412)
    assert "From the first phone" in page.text
    assert page.form(path)["statement"] == "From the second phone"
    client.post_form(path, page.form(path))
    assert reload(db, goal).statement == "From the second phone"
    head = f"/plans/{plan.id}/edit"
    typed = client.open(head).form(head) | {"aim": "Second"}
    client.post_form(head, client.open(head).form(head) | {"aim": "First"})
    assert "First" in client.post_form(head, typed, status=412).text
    client.post_form(f"/plans/{plan.id}/request", {"_version": "1"}, status=412)


def test_a_plan_that_waits_says_how_to_change_it(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child)
    client = client_for(worker)
    ask = f"/plans/{plan.id}/request"
    client.post_form(ask, client.open(f"/plans/{plan.id}").form(ask))
    add = f"/plans/{plan.id}/goals/new"
    typed = client.open(add).form(add) | {"domain": "food", "statement": "Eats twice a day"}
    page = client.post_form(add, typed, status=409)
    assert "take the request back" in page.text
    back = f"/plans/{plan.id}/withdraw"
    client.post_form(back, client.open(f"/plans/{plan.id}").form(back))
    client.post_form(add, typed)
    client.post_form(back, {}, status=409)


def test_parts_are_changed_taken_out_and_reached(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child)
    client = client_for(worker)
    for table, name, change in (
        (PlanAction, "plan-actions", {"what": "Visit the school"}),
        (SupportPackage, "packages", {"quantity": "2"}),
        (SupportPackage, "packages", {"dropped": "yes"}),
    ):
        row = db.scalars(select(table).where(table.plan_id == plan.id)).one()
        path = f"/{name}/{row.id}/edit"
        page = client.post_form(path, client.open(path).form(path) | change)
    assert "No package is planned" in page.text
    client.open(path, status=403)
    plan.state, plan.in_force_on = "in_force", TODAY
    db.flush()
    goal = db.scalars(select(PlanGoal)).one()
    page = client.post_form(f"/plan-goals/{goal.id}/reach", {})
    assert "Reached" in page.text
    client.post_form(f"/plan-goals/{goal.id}/reach", {}, status=409)
    end = f"/plans/{plan.id}/end"
    page = client.post_form(end, client.open(end).form(end) | {"reason": "She is at home"})
    assert "no plan in force" in page.text


def test_asking_isange_begins_with_the_hours(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    provider = make_provider(db)
    client, start = client_for(worker), f"/children/{child.id}/services/new"
    page = client.open(client.open(f"/children/{child.id}/services").links()["Ask for a service"])
    path = page.links()["Isange One Stop Centre"]
    page = client.open(path)
    assert "72 hours" in page.text
    typed = page.form(path)
    assert typed["urgency"] == "emergency"
    client.post_form(path, typed, status=422)
    page = client.post_form(path, typed | {"provider": str(provider.id), "asked": "Examine the child"})
    assert "Examine the child" in page.text
    assert client.open(f"{start}?kind=health").links()["Register a provider"] == "/providers/new"
    answer = f"/services/{db.scalars(select(ServiceRequest.id)).one()}/answer"
    page = client.post_form(answer, client.open(answer).form(answer) | {"outcome": "service_unavailable"})
    assert "Ask another provider" in page.links()
    feedback = page.links()["Record how it was"]
    typed = client.open(feedback).form(feedback) | {"feedback_by": "caregiver", "helped": "no"}
    assert "It did not help" in client.post_form(feedback, typed).text


def test_without_consent_nothing_is_told(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    provider = make_provider(db, kind="education", name="School of Gitega")
    client, path = client_for(worker), f"/children/{child.id}/services/new?kind=education"
    typed = client.open(path).form(path) | {"provider": str(provider.id), "asked": "A place in class 3"}
    page = client.post_form(path, typed, status=409)
    assert "No consent is written down" in page.text
    to_consent = page.links()["Write down a consent"]
    asked = client.open(to_consent).form(f"/children/{child.id}/consents/new")
    assert (asked["purpose"], asked["organisation"]) == ("sharing", "School of Gitega")
    make_consent(db, child, purpose="sharing")
    client.post_form(path, page.form(path))


def test_the_provider_answers_without_the_file(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    nurse = actor_for(db, Role.SERVICE_PROVIDER)
    service = make_service(db, child, make_provider(db, post_id=nurse.post_id), told="Speaks Kinyarwanda")
    client = client_for(nurse)
    page = client.open("/services")
    page = client.open(page.links()["Examine the child"])
    assert child.code in page.text
    assert "Keza" not in page.html
    assert str(child.id) not in page.html
    seen = f"/services/{service.id}/acknowledge"
    page = client.post_form(seen, page.form(seen))
    client.post_form(seen, {}, status=409)
    answer = page.links()["Answer"]
    page = client.post_form(answer, client.open(answer).form(answer) | {"outcome": "service_provided"})
    assert "The child was helped" in page.text
    assert "answered or withdrawn already" in client.open(answer).text
    assert "Examine the child" in client.open("/services?waiting=false").text
    client.open(f"/children/{child.id}", status=403)
    client.open(f"/services/{service.id}/feedback", status=403)
    asker = client_for(worker)
    day = asker.open("/")
    assert f"Read what came of the service: Keza, {child.code}" in day.text
    assert "The child was helped" in asker.open(f"/services/{service.id}").text
    assert "Read what came of the service" not in asker.open("/").text


def test_the_register_of_providers(db: Session, client_for: Clients, worker: Actor) -> None:
    client, new = client_for(worker), "/providers/new"
    assert "No provider is registered yet" in client.open("/providers").text
    page = client.post_form(new, client.open(new).form(new) | {"name": "Ke\x00za", "kind": "health"}, status=422)
    client.post_form(new, page.form(new) | {"name": "Health centre", "kind": "health", "district": "11"})
    provider = db.scalars(select(ServiceProvider)).one()
    page = client.open("/providers?kind=health&district=11")
    edit = page.links()["Health centre"]
    typed = client.open(edit).form(edit)
    client.post_form(edit, typed | {"name": "Health centre of Gitega"})
    assert "Health centre of Gitega" in client.post_form(edit, typed | {"name": "Other"}, status=412).text
    assert reload(db, provider).name == "Health centre of Gitega"
