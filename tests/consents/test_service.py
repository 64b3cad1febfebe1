"""Consent is written down, withdrawn, stood over with the supervisor's reason, and never silently."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.approvals.models import Approval
from app.approvals.schemas import Approve, Return
from app.approvals.service import approve, return_to_author, withdraw_request, withdraw_requests_about
from app.consents import queries, service
from app.consents.models import Consent
from app.consents.schemas import ConsentRecord, ConsentWithdraw, WithholdingAdd, WithholdingLift
from app.consents.words import ConsentState, Purpose
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.tasks.models import Task
from tests.make import (
    OTHER_DISTRICT,
    actor_for,
    make_child,
    make_consent,
    make_document,
    make_withholding,
    reload,
)

TODAY = clock.today()
ISANGE = "Isange One Stop Centre"


@pytest.fixture
def child(db, worker):
    return make_child(db, worker=worker)


def _said(**values):
    defaults = {
        "purpose": "sharing",
        "organisation": ISANGE,
        "answer": "given",
        "how": "oral",
        "given_by": "caregiver",
        "assent": "yes",
        "given_on": TODAY.isoformat(),
    }
    return ConsentRecord.model_validate(defaults | values)


def _in_danger(**values):
    nothing_said = {"answer": "not_asked", "how": None, "given_by": None, "assent": None}
    return _said(**(nothing_said | {"basis": "vital_interest", "reason": "She may be killed tonight"} | values))


def _may(db, child):
    return queries.may_share(db, child.id, Purpose.SHARING, ISANGE)


def test_consent_opens_and_a_withdrawal_closes(db, worker, child):
    assert not _may(db, child).allowed
    consent_id, is_new = service.record_consent(db, worker, child.id, _said())
    assert is_new
    assert _may(db, child).allowed
    assert not queries.may_share(db, child.id, Purpose.SHARING, "Another").allowed
    service.withdraw_consent(
        db, worker, consent_id, ConsentWithdraw(withdrawn_on=TODAY, reason="She is afraid of gossip")
    )
    found = _may(db, child)
    assert (found.allowed, found.reason) == (False, "The consent was withdrawn")
    with pytest.raises(Conflict):
        service.withdraw_consent(db, worker, consent_id, ConsentWithdraw(withdrawn_on=TODAY, reason="Again"))


def test_a_refusal_blocks_until_the_supervisor_agrees_with_a_reason(db, worker, child):
    service.record_consent(db, worker, child.id, _said(answer="refused"))
    exception_id, _new = service.record_consent(db, worker, child.id, _in_danger())
    assert queries.read_consent(db, worker, exception_id).state is ConsentState.WAITS
    assert not _may(db, child).allowed
    approval = db.scalars(select(Approval).where(Approval.subject_id == exception_id)).one()
    assert (approval.kind, approval.path) == ("sharing", f"/consents/{exception_id}")
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    with pytest.raises(FieldError) as told, db.begin_nested():
        approve(db, supervisor, approval.id, Approve())
    assert told.value.errors[0][0] == "reason"
    db.expire_all()
    approve(db, supervisor, approval.id, Approve(reason="Her life is in danger, the police asks"))
    assert _may(db, child).allowed
    service.record_consent(db, worker, child.id, _said(answer="refused"))
    assert not _may(db, child).allowed


def test_what_is_asked_of_several_children_is_one_statement_and_says_the_same(db, worker, child, statements):
    refused, silent = make_child(db, worker=worker), make_child(db, worker=worker)
    service.record_consent(db, worker, child.id, _said())
    service.record_consent(db, worker, child.id, _said(purpose="services", organisation=None, answer="refused"))
    service.record_consent(db, worker, refused.id, _said(answer="refused"))
    ids = [silent.id, child.id, refused.id]
    with statements.counted() as block:
        found = queries.may_share_all(db, ids, Purpose.SHARING, ISANGE)
    assert len(block) == 1
    assert list(found) == ids
    assert found == {one: queries.may_share(db, one, Purpose.SHARING, ISANGE) for one in ids}


@pytest.mark.parametrize("answer", ["returned", "withdrawn"])
def test_what_the_supervisor_does_not_agree_to_stays_blocked(answer, db, worker, child):
    exception_id, _new = service.record_consent(db, worker, child.id, _in_danger())
    approval = db.scalars(select(Approval).where(Approval.subject_id == exception_id)).one()
    if answer == "returned":
        return_to_author(db, actor_for(db, Role.DISTRICT_SUPERVISOR), approval.id, Return(reason="Ask her first"))
    else:
        withdraw_request(db, worker, approval.id)
    assert queries.read_consent(db, worker, exception_id).state is ConsentState.NOT_AGREED
    assert not _may(db, child).allowed


def test_what_was_not_agreed_to_is_asked_anew_and_ends_the_task_to_correct_it(db, worker, child):
    first_id, _new = service.record_consent(db, worker, child.id, _in_danger())
    approval = db.scalars(select(Approval).where(Approval.subject_id == first_id)).one()
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    return_to_author(db, supervisor, approval.id, Return(reason="Ask her first"))
    to_correct = db.scalars(select(Task).where(Task.kind == "correct", Task.subject_id == first_id)).one()
    service.record_consent(db, worker, child.id, _in_danger(organisation="Another"))
    assert reload(db, to_correct).done_on is None
    second_id, _new = service.record_consent(db, worker, child.id, _in_danger(organisation="isange  one stop centre"))
    assert reload(db, to_correct).done_by_id == second_id
    found = queries.not_agreed_before(db, child.id, Purpose.SHARING, ISANGE)
    assert [(row.id, answer.reason) for row, answer in found] == [(first_id, "Ask her first")]
    anew = db.scalars(select(Approval).where(Approval.subject_id == second_id)).one()
    approve(db, supervisor, anew.id, Approve(reason="She was asked and cannot answer"))
    assert _may(db, child).allowed


def test_a_request_that_a_move_of_the_case_took_back_is_asked_anew_by_who_goes_on(db, worker, child):
    exception_id, _new = service.record_consent(db, worker, child.id, _in_danger())
    other = actor_for(db, Role.SOCIAL_WORKER)
    withdraw_requests_about(db, worker, child.id, "The case moves", goes_on=other.post_id)
    to_correct = db.scalars(select(Task).where(Task.kind == "correct", Task.subject_id == exception_id)).one()
    assert (to_correct.post_id, to_correct.path) == (other.post_id, f"/consents/{exception_id}")


def test_nobody_agrees_to_their_own_exception(db, child):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    exception_id, _new = service.record_consent(db, supervisor, child.id, _in_danger())
    approval = db.scalars(select(Approval).where(Approval.subject_id == exception_id)).one()
    with pytest.raises(Forbidden):
        approve(db, supervisor, approval.id, Approve(reason="It is right"))


def test_a_child_of_eight_does_not_consent_and_a_grown_resident_does(db, worker, child):
    with pytest.raises(FieldError) as told:
        service.record_consent(db, worker, child.id, _said(given_by="child"))
    assert told.value.errors[0][0] == "given_by"
    grown = make_child(db, worker=worker, born_on=date(1985, 1, 1))
    service.record_consent(db, worker, grown.id, _said(given_by="child", assent=None))
    assert _may(db, grown).allowed
    with pytest.raises(FieldError):
        service.record_consent(db, worker, grown.id, _said())


def test_the_childs_own_no_blocks(db, worker, child):
    service.record_consent(db, worker, child.id, _said(assent="no"))
    assert _may(db, child).reason == "The child says no"


def test_days_documents_and_half_answers_are_told(db, worker, child):
    letter, of_another = make_document(db, child, kind="consent"), make_document(db, make_child(db), kind="consent")
    service.record_consent(db, worker, child.id, _said(how="written", document=str(letter.id)))
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    for values, field in (
        ({"document": str(of_another.id)}, "document"),
        ({"given_on": tomorrow}, "given_on"),
        ({"given_on": "2018-01-01"}, "given_on"),
        ({"how": None}, "how"),
        ({"given_by": None}, "given_by"),
        ({"organisation": None}, "organisation"),
        ({"answer": "not_asked"}, "answer"),
    ):
        with pytest.raises(FieldError) as told:
            service.record_consent(db, worker, child.id, _said(**values))
        assert told.value.errors[0][0] == field
    consent = make_consent(db, child)
    early = ConsentWithdraw(withdrawn_on=TODAY - timedelta(days=1), reason="x")
    with pytest.raises(FieldError):
        service.withdraw_consent(db, worker, consent.id, early)
    with pytest.raises(FieldError):
        service.withdraw_consent(db, worker, consent.id, ConsentWithdraw(withdrawn_on=tomorrow, reason="x"))


def test_what_must_not_be_told(db, worker, child):
    withholding_id, _new = service.add_withholding(
        db, worker, child.id, WithholdingAdd(what="HIV", from_whom="The aunt", reason="tell_themselves")
    )
    assert [row.from_whom for row in queries.must_not_tell(db, child.id)] == ["The aunt"]
    service.lift_withholding(db, worker, withholding_id, WithholdingLift(reason="He told her himself"))
    assert queries.must_not_tell(db, child.id) == []
    assert len(queries.read_consents(db, child.id).withholdings) == 1
    with pytest.raises(Conflict):
        service.lift_withholding(db, worker, withholding_id, WithholdingLift(reason="Again"))


def test_whose_file_it_is(db, child):
    consent, withholding = make_consent(db, child), make_withholding(db, child)
    colleague, stranger = actor_for(db, Role.PSYCHOLOGIST), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    assert queries.open_consents(db, colleague, child.id)[1].consents[0].id == consent.id
    with pytest.raises(Forbidden):
        service.record_consent(db, colleague, child.id, _said())
    with pytest.raises(NotFound):
        queries.read_consent(db, stranger, consent.id)
    with pytest.raises(NotFound):
        queries.read_withholding(db, stranger, withholding.id)
    assert db.scalars(select(Consent)).one().id == consent.id


def test_the_history_tells_of_consents(db, worker, child):
    make_consent(db, child)
    (item,) = queries.items_of(db, worker, child.id)
    assert item.title == "Consent given: Services for the child and the family"
