"""Whoever is disabled meanwhile decides nothing more; what they decided before stands, and what waits goes on."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.approvals.models import Approval
from app.approvals.queries import list_approvals
from app.approvals.schemas import ApprovalQuery, Return
from app.approvals.service import return_to_author
from app.audit.models import AuditEvent
from app.children.models import Child
from app.decisions.models import Decision
from app.decisions.service import request_decision
from app.people.models import Account, Appointment
from app.people.schemas import Disable
from app.people.service import disable_account
from app.tasks.queries import my_tasks
from tests.clients import ApiClient, PageClient
from tests.make import actor_for, make_case, make_child, make_decision, reload

Browser = Callable[[Actor | None], PageClient]
Machine = Callable[[Actor | None], ApiClient]


@pytest.fixture
def decision(db: Session, worker: Actor) -> Decision:
    child: Child = make_child(db, worker=worker)
    make_case(db, child)
    return make_decision(db, child, worker)


def disable(db: Session, person: Actor) -> None:
    disable_account(db, actor_for(db, Role.ADMINISTRATOR), person.account_id, Disable(reason="Works elsewhere"))


def state_of(db: Session, approval_id: UUID) -> str:
    return reload(db, db.get_one(Approval, approval_id)).state


def test_an_open_page_of_somebody_disabled_approves_nothing(
    db: Session, worker: Actor, supervisor: Actor, decision: Decision, client_for: Browser, api_for: Machine
) -> None:
    approval_id = request_decision(db, worker, decision.id)
    browser, machine = client_for(supervisor), api_for(supervisor)
    path = f"/approvals/{approval_id}"
    typed = browser.open(path).form(f"{path}/approve")
    disable(db, supervisor)
    sent = browser.post(f"{path}/approve", data=typed, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"].startswith("/sign-in")) == (303, True)
    assert machine.post(f"{path}/approve", json={}).status_code == 401
    assert (state_of(db, approval_id), reload(db, decision).state) == ("requested", "requested")
    decided = select(AuditEvent.id).where(AuditEvent.kind == "approval.decided")
    assert db.scalars(decided).all() == []
    # The office decides, not the person: a colleague, or who is appointed next, has it on the day.
    colleague = actor_for(db, Role.DISTRICT_SUPERVISOR)
    assert [row.id for row in list_approvals(db, colleague, ApprovalQuery()).items] == [approval_id]
    assert api_for(colleague).post(f"{path}/approve", json={}).status_code == 200
    assert reload(db, decision).state == "approved"


def test_what_was_approved_before_stands_under_the_name(
    db: Session, worker: Actor, supervisor: Actor, decision: Decision, client_for: Browser, api_for: Machine
) -> None:
    approval_id = request_decision(db, worker, decision.id)
    assert api_for(supervisor).post(f"/approvals/{approval_id}/approve", json={}).status_code == 200
    disable(db, supervisor)
    assert reload(db, decision).state == "approved"
    page = client_for(worker).open(f"/approvals/{approval_id}")
    assert supervisor.display_name in page.text


def test_what_somebody_disabled_asked_for_goes_on_with_the_post(
    db: Session, worker: Actor, supervisor: Actor, decision: Decision
) -> None:
    approval_id = request_decision(db, worker, decision.id)
    disable(db, worker)
    return_to_author(db, supervisor, approval_id, Return(reason="The aunt is not mentioned"))
    next_one = Account(username="next.one", display_name="Next One", password_hash="!")
    db.add(next_one)
    db.flush()
    db.add(Appointment(account_id=next_one.id, post_id=worker.post_id, starts_on=decision.decided_on))
    db.flush()
    tasks = my_tasks(db, replace(worker, account_id=next_one.id))
    assert [(task.kind.value, task.path) for task in tasks if task.kind.value == "correct"] == [
        ("correct", f"/decisions/{decision.id}")
    ]
    assert state_of(db, approval_id) == "returned"
