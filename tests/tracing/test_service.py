from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.children.models import Child
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.tasks.models import Task
from app.tracing.history import items_of
from app.tracing.models import Relative
from app.tracing.queries import open_relative, open_tracing
from app.tracing.schemas import (
    ActionRecord,
    RelativeChange,
    RelativeContactRecord,
    RelativeRecord,
    RelativeVerify,
    TracingEnd,
    TracingOpen,
)
from app.tracing.service import (
    change_relative,
    end_tracing,
    record_action,
    record_contact,
    record_relative,
    verify_relative,
)
from app.tracing.service import open_tracing as begin
from tests.make import OTHER_DISTRICT, actor_for, make_child, make_household, make_relative, make_search, reload

TODAY = clock.today()


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def action(**given: Any) -> ActionRecord:
    values = {"done_on": TODAY, "kind": "radio", "outcome": "A caller from Huye"} | given
    return ActionRecord(**values)


def tasks(db: Session, child: Child) -> list[Task]:
    return list(db.scalars(select(Task).where(Task.child_id == child.id, Task.kind == "trace").order_by(Task.due_on)))


def test_a_search_begins_once(db: Session, worker: Actor, child: Child) -> None:
    command = TracingOpen(id=new_id(), last_places="Huye", told_by="The cook")
    made = begin(db, worker, child.id, command)
    assert made == (command.id, True)
    assert begin(db, worker, child.id, command) == (command.id, False)
    with pytest.raises(Conflict, match="open already"):
        begin(db, worker, child.id, TracingOpen(last_places="Elsewhere"))
    _child, found = open_tracing(db, worker, child.id)
    assert [search.last_places for search in found.searches] == ["Huye"]


def test_each_next_step_is_a_task_until_the_next_action(db: Session, worker: Actor, child: Child) -> None:
    search = make_search(db, child)
    in_a_week = TODAY + timedelta(days=7)
    record_action(db, worker, search.id, action(next_step="Call Huye", next_on=in_a_week))
    [first] = tasks(db, child)
    assert (first.due_on, first.post_id, first.path) == (in_a_week, worker.post_id, f"/children/{child.id}/tracing")
    done, _new = record_action(db, worker, search.id, action(kind="phone", next_step="Go there", next_on=in_a_week))
    assert reload(db, first).done_by_id == done
    end_tracing(db, worker, search.id, TracingEnd(state="not_found", reason="Nobody knows them"), 1)
    assert [task.cancelled_on is not None or task.done_on is not None for task in tasks(db, child)] == [True, True]
    with pytest.raises(Conflict, match="over"):
        record_action(db, worker, search.id, action())
    assert len(items_of(db, worker, child.id)) == 2


def test_a_double_click_records_an_action_once(db: Session, worker: Actor, child: Child) -> None:
    search = make_search(db, child)
    command = action(id=new_id(), next_step="Go there", next_on=TODAY)
    assert record_action(db, worker, search.id, command) == (command.id, True)
    assert record_action(db, worker, search.id, command) == (command.id, False)
    assert len(tasks(db, child)) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"done_on": TODAY + timedelta(days=1)}, "done_on"),
        ({"next_step": "Go there"}, "next_on"),
        ({"next_on": TODAY}, "next_step"),
    ],
)
def test_days_that_do_not_fit_are_told(
    db: Session, worker: Actor, child: Child, given: dict[str, Any], field: str
) -> None:
    search = make_search(db, child)
    with pytest.raises(FieldError) as error:
        record_action(db, worker, search.id, action(**given))
    assert error.value.errors[0][0] == field


def test_an_end_says_why_and_is_not_stale(db: Session, worker: Actor, child: Child) -> None:
    search = make_search(db, child)
    with pytest.raises(FieldError):
        end_tracing(db, worker, search.id, TracingEnd(state="closed"))
    with pytest.raises(FieldError):
        end_tracing(db, worker, search.id, TracingEnd(state="open", reason="x"))
    db.expire_all()
    with pytest.raises(Stale):
        end_tracing(db, worker, search.id, TracingEnd(state="found"), 7)


def test_the_childs_no_is_a_no(db: Session, worker: Actor, child: Child) -> None:
    relative = make_relative(db, child, wish="no_contact")
    contact = RelativeContactRecord(contact_on=TODAY, kind="letter", child_took="She tore it up")
    with pytest.raises(FieldError, match="another look") as error:
        record_contact(db, worker, relative.id, contact)
    assert error.value.errors[0][0] == "kind"


def test_a_worry_stops_further_contact(db: Session, worker: Actor, child: Child) -> None:
    relative = make_relative(db, child)
    worried = RelativeContactRecord(contact_on=TODAY, kind="supervised_visit", child_took="He hid", worry=True)
    record_contact(db, worker, relative.id, worried)
    assert reload(db, relative).safety_concern
    with pytest.raises(FieldError):
        record_contact(
            db, worker, relative.id, RelativeContactRecord(contact_on=TODAY, kind="call", child_took="Silent")
        )
    _child, found = open_relative(db, worker, relative.id)
    assert [contact.worry for contact in found.contacts] == [True]


def test_a_relative_is_recorded_changed_and_verified(db: Session, worker: Actor, child: Child) -> None:
    relative_id, _new = record_relative(
        db, worker, child.id, RelativeRecord(name="Mukamana Rose", relationship="grandparent", phone="0788 123 456")
    )
    changed = RelativeChange(name="Mukamana Rose", relationship="aunt_uncle", alive="yes", wish="live_with")
    change_relative(db, worker, relative_id, changed, 1)
    with pytest.raises(Stale) as stale:
        change_relative(db, worker, relative_id, changed, 1)
    assert stale.value.current["relationship"] == "aunt_uncle"
    checked = {"verified_on": TODAY, "verified_how": "Papers", "verified_by": "The worker"}
    with pytest.raises(FieldError):
        verify_relative(db, worker, relative_id, RelativeVerify(verification="not_yet", **checked))
    verify_relative(db, worker, relative_id, RelativeVerify(verification="verified", **checked))
    relative = db.get_one(Relative, relative_id)
    assert (relative.verification, relative.phone) == ("verified", None)
    kinds = set(db.scalars(select(AuditEvent.kind).where(AuditEvent.subject_id == child.id)))
    assert {"relative.recorded", "relative.changed", "relative.verified"} <= kinds
    assert "Mukamana" not in str(list(db.scalars(select(AuditEvent.content))))


def test_a_worry_says_what_it_is(db: Session, worker: Actor, child: Child) -> None:
    with pytest.raises(FieldError) as error:
        record_relative(db, worker, child.id, RelativeRecord(name="X", relationship="father", safety_concern=True))
    assert error.value.errors[0][0] == "safety_note"


def test_only_who_works_on_the_child_writes(db: Session, child: Child) -> None:
    search, relative = make_search(db, child), make_relative(db, child)
    colleague = actor_for(db, Role.SOCIAL_WORKER)
    with pytest.raises(Forbidden):
        record_action(db, colleague, search.id, action())
    far = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    with pytest.raises(NotFound):
        record_action(db, far, search.id, action())
    with pytest.raises(NotFound):
        open_relative(db, far, relative.id)
    with pytest.raises(NotFound):
        open_tracing(db, far, child.id)
    with pytest.raises(Forbidden):
        open_tracing(db, actor_for(db, Role.VOLUNTEER), child.id)
