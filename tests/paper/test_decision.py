"""The sheet of a decision: all of it, coded, and for the receivers to whom all its children may be shown."""

import json
from dataclasses import asdict

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.approvals.schemas import Approve
from app.approvals.service import approve, ask_approval
from app.approvals.words import ApprovalKind
from app.audit.models import AuditEvent
from app.core import clock
from app.core.errors import FieldError, NotFound
from app.decisions.models import DecisionSibling
from app.decisions.queries import read_decision
from app.decisions.schemas import DecisionMake, Sitting
from app.decisions.service import make_decision as make_draft
from app.paper import service
from app.paper.schemas import DecisionPrint
from app.record.models import RecordPart
from tests.make import OTHER_DISTRICT, actor_for, make_child, make_consent, make_decision

COURT = "Court of Gasabo"
REASON = "The court asks for the name"


@pytest.fixture
def child(db, worker):
    made = make_child(db, given="Iriza", family="Mukamana", worker=worker)
    names = {"names": [{"name": "Kibibi", "kind": "nickname"}]}
    db.add(RecordPart(child_id=made.id, part="names", content=names))
    db.flush()
    return made


def _written(db, actor, decision, **values):
    made = service.make_decision_sheet(db, actor, decision.id, DecisionPrint(**values))
    return json.dumps(asdict(made), ensure_ascii=False)


def test_all_of_a_decision_stands_on_its_sheet_without_the_name(db, child, worker, client_for):
    decision = make_decision(
        db,
        child,
        worker,
        necessity="IRIZA's mother died; nobody cares for Kibibi.",
        child_said="I want to live with them, said Mukamana Iriza",
        far_why="Her aunt lives there",
        siblings="apart",
        siblings_why="The brother is in Huye with an uncle",
        options=[
            {"option": "foster", "considered": True, "finding": "A family next door", "why_not": None},
            {"option": "family", "considered": True, "finding": "Nobody of Iriza is alive", "why_not": "Dead"},
        ],
    )
    found = _written(db, worker, decision)
    for words in (
        "I. M.'s mother died; nobody cares for I. M.",
        "said I. M.",
        "Her aunt lives there",
        "The brother is in Huye",
        "Nobody of I. M. is alive",
        "Social worker",
        "K. J.",
        "It was not sent for approval yet.",
        "not approved",
        child.code,
    ):
        assert words in found
    for name in ("Iriza", "IRIZA", "Mukamana", "Kibibi", "Kalisa"):
        assert name not in found
    assert found.index("Back to the own family") < found.index("A family next door")
    named = _written(db, worker, decision, names=True, reason=REASON)
    assert "Iriza Mukamana" in named
    assert "Kalisa Jean" in named
    page = client_for(worker).open(f"/decisions/{decision.id}")
    assert f"/decisions/{decision.id}/paper" in page.links().values()
    assert "Print the decision" in client_for(worker).open(f"/decisions/{decision.id}/paper").text
    answer = client_for(worker).post(f"/decisions/{decision.id}/paper", data={"for_whom": "own"})
    assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_who_agreed_and_why_stands_on_it_and_the_print_in_the_log(db, child, worker):
    decision = make_decision(db, child, worker, state="requested", approval_kind="decision")
    asked = ask_approval(
        db,
        worker,
        ApprovalKind.DECISION,
        decision.id,
        path=f"/decisions/{decision.id}",
        area_code=child.area_code,
        child_id=child.id,
    )
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    approve(db, supervisor, asked, Approve(reason="Well weighed"))
    found = _written(db, worker, decision)
    assert supervisor.display_name in found
    assert "Well weighed" in found
    assert "not approved" not in found
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "paper.printed")).one()
    assert event.subject_id == child.id
    assert (event.content["sheet"], event.content["decision"]) == ("decision", str(decision.id))


def test_one_refusal_among_brothers_and_sisters_keeps_it_back(db, child, worker):
    brother = make_child(db, given="Manzi", family="Mukamana", worker=worker)
    decision = make_decision(db, child, worker, siblings="together")
    db.add(DecisionSibling(decision_id=decision.id, child_id=brother.id))
    make_consent(db, child, purpose="sharing", organisation=COURT)
    refused = make_consent(db, brother, purpose="sharing", organisation=COURT, answer="refused")
    with pytest.raises(FieldError) as told:
        _written(db, worker, decision, for_whom="outside", receiver=COURT)
    assert "It was refused" in told.value.errors[0][1]
    refused.answer = "given"
    db.flush()
    assert COURT in _written(db, worker, decision, for_whom="outside", receiver=COURT)


def test_who_knows_a_child_by_code_prints_it_by_code(db, child, worker, client_for):
    decision = make_decision(db, child, worker, necessity="Iriza is alone", state="requested")
    manager = actor_for(db, Role.NATIONAL_MANAGER)
    ask_approval(
        db,
        worker,
        ApprovalKind.RESIDENTIAL_ENTRY,
        decision.id,
        path=f"/decisions/{decision.id}",
        area_code=child.area_code,
        child_id=child.id,
    )
    found = _written(db, manager, decision)
    assert f"{child.code} is alone" in found
    assert "I. M." not in found
    assert read_decision(db, manager, decision.id).necessity == f"{child.code} is alone"
    with pytest.raises(FieldError):
        _written(db, manager, decision, names=True, reason=REASON)
    with pytest.raises(NotFound):
        _written(db, actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT), decision)
    page = client_for(manager).open(f"/decisions/{decision.id}/paper")
    assert "Print it with the name" not in page.text
    answer = client_for(manager).post(f"/decisions/{decision.id}/paper", data={"for_whom": "own"})
    assert answer.content.startswith(b"%PDF-")
    blocked = {"for_whom": "outside", "receiver": COURT}
    assert "No consent" in client_for(manager).post_form(f"/decisions/{decision.id}/paper", blocked, status=422).text


def test_a_half_done_draft_prints_with_gaps_and_says_that_it_is_not_approved(db, child, worker):
    decision_id, _is_new = make_draft(
        db, worker, child.id, DecisionMake(decided_on=clock.today(), panel=[Sitting(name="Mukamana Rose")])
    )
    made = service.make_decision_sheet(db, worker, decision_id, DecisionPrint())
    written = json.dumps(asdict(made), ensure_ascii=False)
    assert "not approved" in written
    assert "Draft, not sent" in written
    assert "None" not in written
