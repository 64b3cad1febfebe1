"""The work on cases that the demonstration tells of: every kind of it is there to be opened."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.approvals.models import Approval
from app.approvals.words import ApprovalKind
from app.audit.chain import keep_head, seal
from app.audit.models import AuditEvent
from app.audit.verification import verify
from app.casefile.words import Show
from app.cases.models import Case, CaseClosing, CaseContact, CaseGroup, CaseTransfer
from app.children.models import Child
from app.consents.models import Consent, Withholding
from app.core import clock
from app.decisions.models import Decision, Match
from app.decisions.words import DecisionState
from app.demo.answers import answered
from app.demo.draft import Draft
from app.documents.models import Document
from app.finding.models import DuplicateQuestion
from app.fostering.models import FosterFamily
from app.fostering.words import Stage
from app.institutions.models import Institution
from app.instruments import rules
from app.instruments.definitions import registry
from app.instruments.models import InstrumentAnswers
from app.placements.models import Placement, Preparation
from app.plans.models import PlanReview, ServiceRequest, SupportPackage
from app.plans.words import ServiceStatus
from app.referrals.models import Referral
from app.referrals.rules import id_for_child
from app.supervision.models import Conference, HandOver
from app.tasks.models import Task
from app.tracing.models import Relative, TracingRequest
from app.tracing.words import TracingState
from app.transformation.census_queries import read_census
from app.transformation.models import Census, Claim, StageChange, TransformationPlan
from app.visits.models import ChildAlert, PsychSession
from tests.clients import PageClient

Person = Callable[[str], Actor]


@pytest.fixture(scope="module")
def engine(demonstration: Engine) -> Engine:
    """The database with the demonstration."""
    return demonstration


def _count(db: Session, table: Any, *conditions: Any) -> int:
    return db.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def test_every_answered_form_fits_its_definition(db: Session) -> None:
    found = db.scalars(select(InstrumentAnswers)).all()
    keys = {row.instrument for row in found}
    assert keys >= {
        "child_profile",
        "child_assessment",
        "family_assessment",
        "wellbeing",
        "child_functioning_5_17",
        "functioning_adult",
        "caregiver_feedback",
        "child_feedback",
        "reintegration_readiness",
    }
    for row in found:
        definition = registry().get(row.instrument, row.instrument_version)
        assert definition is not None
        reading = rules.read_answers(definition.questions.values(), row.answers, today=clock.today())
        assert not reading.errors
        assert reading.values == row.answers
        if row.state == "submitted":
            assert not rules.missing(definition, row.answers)
            assert row.submitted_at is not None
            assert row.submitted_at <= clock.now()
    times = Counter(row.child_id for row in found if row.instrument == "wellbeing")
    assert max(times.values()) >= 3
    assert {row.state for row in found} == {"draft", "submitted"}


@pytest.mark.parametrize("definition", list(registry()), ids=lambda one: one.path)
def test_every_form_can_be_answered(definition: Any) -> None:
    draft = Draft(3, clock.now())
    for _time in range(10):
        values = answered(draft, definition, day=draft.ago(3))
        assert not rules.missing(definition, values)


def test_what_waits_for_whom(db: Session) -> None:
    rows = db.execute(select(Approval.kind, Approval.state, Approval.of_role)).all()
    waiting = Counter((row.of_role, row.kind) for row in rows if row.state == "requested")
    for kind in (
        ApprovalKind.PLAN,
        ApprovalKind.DECISION,
        ApprovalKind.CLOSURE,
        ApprovalKind.SHARING,
        ApprovalKind.ASSESSMENT,
        ApprovalKind.FOSTER_FAMILY,
    ):
        assert waiting["district_supervisor", kind.value], kind
    assert sum(count for (role, _kind), count in waiting.items() if role == "national_manager") == 1
    assert set(db.scalars(select(Decision.state))) >= set(DecisionState) - {DecisionState.DRAFT}


def test_one_file_is_whole(db: Session) -> None:
    child_id = db.scalar(select(Document.child_id).limit(1))
    of_child = {
        table.__name__: _count(db, table, table.child_id == child_id)
        for table in (
            Case,
            Consent,
            Withholding,
            Decision,
            Document,
            InstrumentAnswers,
            PlanReview,
            PsychSession,
            Relative,
            ServiceRequest,
            SupportPackage,
            TracingRequest,
            Conference,
        )
    }
    assert min(of_child.values()) >= 1, of_child
    assert of_child["Document"] == 3
    assert of_child["Relative"] == 3


@pytest.mark.parametrize("show", list(Show), ids=str)
def test_the_whole_file_was_written_when_it_happened(
    show: Show, db: Session, person: Person, client_for: Callable[[Actor], PageClient]
) -> None:
    child_id = db.scalar(select(Document.child_id).limit(1))
    page = client_for(person("social_worker")).open(f"/children/{child_id}?show={show.value}")
    assert "Written down" not in page.text


def test_the_log_of_a_whole_file_verifies_and_shows_who_read_it(
    db: Session, person: Person, client_for: Callable[[Actor], PageClient], tmp_path: Path
) -> None:
    child_id = db.scalar(select(Document.child_id).limit(1))
    supervisor = person("district_supervisor")
    client_for(supervisor).open(f"/children/{child_id}")
    while seal(db):
        pass
    keep_head(db, tmp_path / "heads.jsonl")
    assert verify(db, tmp_path / "heads.jsonl").findings == []

    openings = client_for(person("social_worker")).open(f"/children/{child_id}/openings").text
    assert supervisor.display_name in openings
    events = db.scalars(select(AuditEvent).where(AuditEvent.subject_id == child_id).order_by(AuditEvent.id)).all()
    assert len(events) > 20
    db.execute(text("alter table audit_seals drop constraint if exists fk_audit_seals_event_id"))
    db.execute(delete(AuditEvent).where(AuditEvent.id == events[3].id))
    assert [one.event_id for one in verify(db, tmp_path / "heads.jsonl").findings] == [events[3].id]


def test_cases_at_every_turn(db: Session) -> None:
    closed = db.scalars(select(Case).where(Case.closed_on.is_not(None))).all()
    assert {row.closing_reason for row in closed} >= {"goals_met", "aged_out", "child_died"}
    assert all(row.retain_until > clock.today() for row in closed if row.retain_until)
    assert all(row.retain_until for row in closed)
    assert _count(db, CaseClosing) > len(closed)
    assert _count(db, CaseContact, CaseContact.aftermath.is_not(None)) > 5
    assert _count(db, Task, Task.kind == "aftercare", Task.done_on.is_(None)) > 3
    assert _count(db, CaseTransfer, CaseTransfer.state == "requested") == 2
    assert _count(db, CaseGroup) == 1
    assert _count(db, HandOver, HandOver.read_at.is_(None)) == 2
    assert _count(db, ChildAlert, ChildAlert.seen_at.is_(None)) >= 1
    assert _count(db, DuplicateQuestion) == 1
    assert set(db.scalars(select(TracingRequest.state))) == {TracingState.OPEN, TracingState.FOUND}
    assert set(db.scalars(select(ServiceRequest.status))) >= {ServiceStatus.ANSWERED, ServiceStatus.SENT}
    assert _count(db, Consent, Consent.withdrawn_on.is_not(None)) == 1
    assert _count(db, Match) >= 1
    assert _count(db, Preparation) >= 1


def test_children_who_were_never_separated(db: Session) -> None:
    home = select(Placement).where(Placement.kind == "with_parents", Placement.ended_on.is_(None))
    stays = db.scalars(home).all()
    assert len(stays) == 2
    for stay in stays:
        assert _count(db, Case, Case.child_id == stay.child_id, Case.closed_on.is_(None)) == 1
        assert _count(db, Task, Task.subject_id == stay.id, Task.kind == "visit") >= 5
    worries = db.scalars(select(Referral).where(Referral.status == "accepted"))
    assert {id_for_child(worry.id) for worry in worries} & {stay.child_id for stay in stays}


def test_families_at_every_step(db: Session) -> None:
    assert set(db.scalars(select(FosterFamily.stage))) == set(Stage)


def test_houses_on_their_way(db: Session, person: Person) -> None:
    worker = person("social_worker")
    house = db.scalars(select(Institution).where(Institution.name == "Crested Crane House")).one()
    assert house.closure_stage == 5
    stages = db.scalars(
        select(StageChange.reached_on).where(StageChange.institution_id == house.id).order_by(StageChange.stage)
    ).all()
    assert len(stages) == 5
    assert list(stages) == sorted(stages)
    assert house.moratorium_on == stages[1]
    late = select(Placement.id).where(Placement.institution_id == house.id, Placement.started_on > house.moratorium_on)
    assert len(db.scalars(late).all()) == 1
    census_id = db.scalars(select(Census.id)).one()
    census = read_census(db, worker, census_id)
    assert {row.difference for row in census.people if row.difference} == {"not_registered", "left"}
    assert Counter(db.scalars(select(Claim.state))) == {"reported": 2, "rejected": 1}
    plans = db.scalars(select(TransformationPlan)).all()
    assert [plan.approved_on is None for plan in plans].count(True) == 1
    for institution in db.scalars(select(Institution).where(Institution.closure_stage >= 2)):
        assert institution.moratorium_on is not None
        assert institution.stage_reached_on is not None
        assert institution.moratorium_on <= institution.stage_reached_on <= clock.today()


def test_two_records_of_one_child(db: Session) -> None:
    same = select(Child.born_on, Child.sounds).group_by(Child.born_on, Child.sounds, Child.sex)
    assert (
        len(db.execute(same.where(Child.sounds != "", Child.born_on.is_not(None)).having(func.count() > 1)).all()) >= 2
    )


@pytest.mark.parametrize(
    ("username", "words"),
    [
        ("social_worker", "Read the hand-over"),
        ("district_supervisor", "A visit says that a child is not safe"),
        ("service_provider", "SRV-"),
    ],
)
def test_my_day_tells_of_it(
    username: str, words: str, person: Person, client_for: Callable[[Actor], PageClient]
) -> None:
    assert words in client_for(person(username)).open("/").text
