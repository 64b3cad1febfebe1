"""Typed builders: each writes one believable record straight into the tables and returns it.

Codes of real places that the tests use: district 11 Nyarugenge with sector 1101 Gitega, cell 110101 Akabahizi and
village 11010102 Gihanga; district 12 Gasabo as the other district.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_code_of, area_of
from app.access.roles import CASE_WORKERS, Level, Role
from app.approvals.models import Approval
from app.cases.models import Case
from app.children.models import Child, Household
from app.consents.models import Consent, Withholding
from app.core import clock
from app.core.ids import new_code, new_id
from app.core.text import fold
from app.core.vault import vault
from app.decisions.models import Decision
from app.decisions.words import CareOption
from app.documents import store
from app.documents.models import Document
from app.fostering.models import FosterFamily
from app.institutions.models import Institution
from app.instruments.models import InstrumentAnswers
from app.people.models import Account, Appointment, Post
from app.placements.models import Placement, Preparation, TimeAway
from app.places.models import Place
from app.plans.models import Plan, PlanAction, PlanGoal, ServiceProvider, ServiceRequest, SupportPackage
from app.record.models import HealthRecord, Identity, PreviousAddress
from app.referrals.models import Referral, ReferralHop
from app.tasks.models import Task
from app.tracing.models import Relative, TracingRequest
from app.visits.models import ChildAlert, PsychSession, SessionNote, Visit

R = TypeVar("R")

VILLAGE, CELL, SECTOR, DISTRICT, COUNTRY = 11010102, 110101, 1101, 11, 0
OTHER_VILLAGE, OTHER_CELL, OTHER_SECTOR, OTHER_DISTRICT = 12010102, 120101, 1201, 12

PLACE_OF_ROLE = {
    Role.VOLUNTEER: (VILLAGE, OTHER_VILLAGE),
    Role.CELL_COORDINATOR: (CELL, OTHER_CELL),
    Role.SECTOR_OFFICER: (SECTOR, OTHER_SECTOR),
    Role.SOCIAL_WORKER: (DISTRICT, OTHER_DISTRICT),
    Role.PSYCHOLOGIST: (DISTRICT, OTHER_DISTRICT),
    Role.DISTRICT_SUPERVISOR: (DISTRICT, OTHER_DISTRICT),
    Role.DISTRICT_LEADER: (DISTRICT, OTHER_DISTRICT),
}


def actor_for(
    db: Session,
    role: Role | str,
    place: int | None = None,
    *,
    institution: Institution | None = None,
    language: str | None = None,
    must_change_password: bool = False,
    name: str | None = None,
) -> Actor:
    """A person newly appointed to a new post of a role: at its usual place in the tests, or at `place`."""
    role = Role(role)
    place_code = place if place is not None else PLACE_OF_ROLE.get(role, (COUNTRY, COUNTRY))[0]
    username = f"{role.value}_{new_code('x')[2:].lower()}"
    account = Account(
        username=username,
        display_name=name or f"{role.value.replace('_', ' ').title()} {username[-3:]}",
        password_hash="!",
        must_change_password=must_change_password,
        language=language,
    )
    post = Post(role=role.value, place_code=place_code, institution_id=institution.id if institution else None)
    db.add_all([account, post])
    db.flush()
    db.add(Appointment(account_id=account.id, post_id=post.id, starts_on=clock.today() - timedelta(days=30)))
    db.flush()
    found = db.get(Place, place_code)
    return Actor(
        account_id=account.id,
        username=account.username,
        display_name=account.display_name,
        post_id=post.id,
        role=role,
        place_code=place_code,
        place_name=found.name if found else "Rwanda",
        area=area_of(place_code),
        institution_id=institution.id if institution else None,
        language=language,
        must_change_password=must_change_password,
    )


def make_institution(db: Session, *, name: str = "Home of Hope", sector: int = SECTOR, **values: Any) -> Institution:
    """A registered orphanage for forty."""
    defaults: dict[str, Any] = {"kind": "orphanage", "registration": "registered", "capacity": 40}
    made = Institution(
        name=name, folded=fold(name), place_code=sector, area_code=area_code_of(sector), **(defaults | values)
    )
    db.add(made)
    db.flush()
    return made


def make_household(db: Session, *, village: int = VILLAGE, head: str = "Uwase Marie", **values: Any) -> Household:
    """An approved foster family with room for two."""
    defaults: dict[str, Any] = {"kind": "foster", "vetting": "approved", "capacity": 2}
    made = Household(
        code=new_code("FAM"),
        head_name=head,
        folded=fold(head),
        place_code=village,
        area_code=area_code_of(village),
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    return made


def make_child(
    db: Session,
    *,
    given: str = "Keza",
    family: str = "Mutesi",
    village: int = VILLAGE,
    institution: Institution | None = None,
    household: Household | None = None,
    worker: Actor | None = None,
    since: date | None = None,
    **values: Any,
) -> Child:
    """A girl of eight; with `institution` or `household` she lives there, in an open placement."""
    host = institution or household
    defaults: dict[str, Any] = {"sex": "female", "born_on": date(2018, 3, 27), "birth_precision": "day"}
    made = Child(
        code=new_code("TMM"),
        given_name=given,
        family_name=family,
        folded=fold(f"{given} {family}"),
        origin_place_code=village,
        area_code=host.area_code if host else area_code_of(village),
        responsible_post_id=worker.post_id if worker else None,
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    if host:
        make_placement(db, made, institution=institution, household=household, started_on=since)
    return made


def make_placement(
    db: Session,
    child: Child,
    *,
    institution: Institution | None = None,
    household: Household | None = None,
    kind: str | None = None,
    started_on: date | None = None,
    ended_on: date | None = None,
    **values: Any,
) -> Placement:
    """An episode; an open one also becomes where the child lives."""
    host = institution or household
    kind = kind or ("residential_institution" if institution else "foster_malayika_murinzi")
    if ended_on:
        values = {"end_reason": "reunified", "end_was_planned": True} | values
    made = Placement(
        child_id=child.id,
        kind=kind,
        is_residential=institution is not None,
        started_on=started_on or clock.today() - timedelta(days=100),
        ended_on=ended_on,
        institution_id=institution.id if institution else None,
        household_id=household.id if household else None,
        area_code=host.area_code if host else child.area_code,
        **values,
    )
    db.add(made)
    if ended_on is None:
        child.institution_id = made.institution_id
        child.household_id = made.household_id
        child.lives_as = made.kind
        child.lives_since = made.started_on
        child.area_code = made.area_code
    db.flush()
    return made


def make_visit(
    db: Session, placement: Placement, *, visited_on: date | None = None, child_seen: bool = True, **values: Any
) -> Visit:
    """A routine visit of today, with the child seen."""
    if not child_seen:
        values = {"not_seen_reason": "at_school"} | values
    defaults: dict[str, Any] = {"kind": "follow_up_routine", "wellbeing": {}}
    made = Visit(
        placement_id=placement.id,
        child_id=placement.child_id,
        visited_on=visited_on or clock.today(),
        child_seen=child_seen,
        area_code=placement.area_code,
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    return made


def make_task(db: Session, child: Child, *, due_on: date, subject_id: UUID | None = None, **values: Any) -> Task:
    """An open visit task for the child's responsible post."""
    defaults: dict[str, Any] = {"kind": "visit", "subject_kind": "placement", "post_id": child.responsible_post_id}
    made = Task(
        subject_id=subject_id or new_id(),
        child_id=child.id,
        due_on=due_on,
        area_code=child.area_code,
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    return made


def make_referral(
    db: Session,
    author: Actor,
    *,
    level: Level = Level.CELL,
    village: int = VILLAGE,
    filed_at: datetime | None = None,
    hours: int = 72,
    **values: Any,
) -> Referral:
    """A referral of medium urgency that waits, unacknowledged, at a level, having passed every level below."""
    filed_at = filed_at or clock.now()
    defaults: dict[str, Any] = {"concern": "neglect", "urgency": "medium", "status": "sent", "narrative": ""}
    made = Referral(
        code=new_code("REF"),
        level=level,
        filed_level=author.level or Level.VILLAGE,
        reached_level=level,
        place_code=village,
        area_code=area_code_of(village),
        author_account_id=author.account_id,
        author_post_id=author.post_id,
        filed_at=filed_at,
        due_at=filed_at + timedelta(hours=hours),
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    places = {1: village, 2: village // 100, 3: village // 10_000, 4: village // 1_000_000, 5: COUNTRY}
    for seq, rung in enumerate(range(Level.CELL, level + 1), start=1):
        left = rung < level
        db.add(
            ReferralHop(
                referral_id=made.id,
                seq=seq,
                level=rung,
                place_code=places[rung],
                area_code=made.area_code,
                received_at=filed_at,
                acknowledge_due_at=filed_at + timedelta(hours=hours),
                due_at=filed_at + timedelta(hours=hours),
                ended_at=filed_at if left else None,
                ended="escalated" if left else None,
                reason="Beyond what we can do here" if left else None,
            )
        )
    db.flush()
    return made


def caseload_worker(db: Session) -> Actor:
    """A social worker of the usual district."""
    assert Role.SOCIAL_WORKER in CASE_WORKERS
    return actor_for(db, Role.SOCIAL_WORKER)


def reload(db: Session, record: R) -> R:
    """The record as the database has it now."""
    db.expire(record)
    db.refresh(record)
    return record


def account_of(db: Session, actor: Actor) -> Account:
    """The account row behind an actor."""
    return db.execute(select(Account).where(Account.id == actor.account_id)).scalar_one()


def make_case(db: Session, child: Child, **values: Any) -> Case:
    """The open case of a child, registered today, of medium risk; the one that is open already, if there is one."""
    present = db.scalars(select(Case).where(Case.child_id == child.id, Case.closed_on.is_(None))).one_or_none()
    if present is not None:
        return present
    defaults: dict[str, Any] = {"state": "registered", "risk": "medium", "tier": "professional"}
    made = Case(code=new_code("CASE"), child_id=child.id, area_code=child.area_code, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_approval(db: Session, child: Child, author: Actor, **values: Any) -> Approval:
    """A request of an author's post that waits for the supervisor of the child's district."""
    defaults: dict[str, Any] = {"kind": "assessment", "of_role": Role.DISTRICT_SUPERVISOR.value}
    made = Approval(
        subject_id=values.pop("subject_id", None) or new_id(),
        child_id=child.id,
        area_code=child.area_code,
        path=f"/children/{child.id}",
        created_by=author.account_id,
        asked_by_post_id=author.post_id,
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    return made


def make_foster_family(db: Session, household: Household, **values: Any) -> FosterFamily:
    """What a household offers as a foster family: ordinary care for one child, all checks in order, available."""
    today = clock.today()
    defaults: dict[str, Any] = {
        "stage": "available",
        "cares": ["ordinary"],
        "languages": ["rw"],
        "record_checked_on": today - timedelta(days=30),
        "references_on": today - timedelta(days=30),
        "home_checked_on": today - timedelta(days=30),
        "approved_on": today - timedelta(days=20),
        "approved_until": today + timedelta(days=700),
    }
    made = FosterFamily(household_id=household.id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_search(db: Session, child: Child, **values: Any) -> TracingRequest:
    """An open search for a child's family."""
    made = TracingRequest(child_id=child.id, **({"last_places": "Near the market of Gitega"} | values))
    db.add(made)
    db.flush()
    return made


def make_relative(db: Session, child: Child, **values: Any) -> Relative:
    """An aunt who would care for the child, verified."""
    defaults: dict[str, Any] = {
        "name": "Mukamana Rose",
        "relationship": "aunt_uncle",
        "alive": "yes",
        "willing": "with_help",
        "wish": "contact",
        "verification": "verified",
        "verified_on": clock.today(),
        "verified_how": "The child knew her at once",
        "verified_by": "The worker",
    }
    made = Relative(child_id=child.id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_identity(
    db: Session, child: Child, *, kind: str = "national_id", number: str = "1201870012345678"
) -> Identity:
    """A sealed identity number of a child."""
    identity_id = new_id()
    made = Identity(
        id=identity_id,
        child_id=child.id,
        kind=kind,
        sealed=vault().seal_text(number, about=f"identity {identity_id}"),
        fingerprint=vault().fingerprint(number),
    )
    db.add(made)
    db.flush()
    return made


def make_address(db: Session, child: Child, **values: Any) -> PreviousAddress:
    """A place where a child lived before."""
    made = PreviousAddress(child_id=child.id, **({"words": "Near the old mill", "until_year": 2020} | values))
    db.add(made)
    db.flush()
    return made


def make_health(db: Session, child: Child, *, notes: str = "Asthma", hiv: str = "not_known") -> HealthRecord:
    """The sealed health notes of a child."""
    content = json.dumps({"hiv": hiv, "notes": notes, "clinic": None}).encode()
    health_id = new_id()
    made = HealthRecord(id=health_id, child_id=child.id, sealed=vault().seal(content, about=f"health {health_id}"))
    db.add(made)
    db.flush()
    return made


def make_answers(
    db: Session, child: Child, author: Actor, *, instrument: str = "wellbeing", state: str = "submitted", **values: Any
) -> InstrumentAnswers:
    """A set of answers to the first version of a form: submitted today by its author, or a draft."""
    submitted = {"submitted_at": clock.now(), "submitted_by": author.account_id} if state != "draft" else {}
    defaults: dict[str, Any] = {"answers": {}, "scores": {}, "sections": {}, "instrument_version": 1}
    made = InstrumentAnswers(
        child_id=child.id,
        instrument=instrument,
        state=state,
        created_by=author.account_id,
        started_by_post_id=author.post_id,
        area_code=child.area_code,
        **(defaults | submitted | values),
    )
    db.add(made)
    db.flush()
    return made


def make_document(db: Session, child: Child, **values: Any) -> Document:
    """A small PDF in a child's file, sealed in the store."""
    address = f"{child.id}/{new_id()}"
    store.put(address, b"%PDF-1.4 a letter")
    defaults: dict[str, Any] = {"kind": "letter", "media_type": "application/pdf", "size": 17, "address": address}
    made = Document(child_id=child.id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def open_case_of(db: Session, child: Child) -> Case:
    """The open case of a child, made where there is none."""
    found = db.scalars(select(Case).where(Case.child_id == child.id, Case.closed_on.is_(None))).one_or_none()
    return found or make_case(db, child)


def make_plan(db: Session, child: Child, *, content: bool = True, **values: Any) -> Plan:
    """A draft with a goal, an action of the child's worker and a package; `state` says otherwise."""
    case = open_case_of(db, child)
    if values.get("state") == "in_force":
        values = {"in_force_on": clock.today() - timedelta(days=30), "review_on": clock.days_ahead(60)} | values
    made = Plan(child_id=child.id, case_id=case.id, **({"number": 1, "aim": "She lives with her aunt"} | values))
    db.add(made)
    db.flush()
    if content:
        goal = PlanGoal(child_id=child.id, plan_id=made.id, domain="school_work", statement="Goes to school every day")
        db.add(goal)
        db.flush()
        action = PlanAction(
            child_id=child.id,
            plan_id=made.id,
            goal_id=goal.id,
            what="Talk with the head teacher",
            responsible="office",
            due_on=clock.days_ahead(7),
        )
        package = SupportPackage(
            child_id=child.id, plan_id=made.id, kind="school_materials", amount_rwf=35_000, source="district"
        )
        db.add_all([action, package])
        db.flush()
    return made


def make_provider(db: Session, *, post_id: UUID | None = None, **values: Any) -> ServiceProvider:
    """The Isange centre of the usual district; with a post its people answer themselves."""
    defaults: dict[str, Any] = {"name": "Isange Nyarugenge", "kind": "isange_one_stop", "district_code": DISTRICT}
    made = ServiceProvider(post_id=post_id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_service(db: Session, child: Child, provider: ServiceProvider, **values: Any) -> ServiceRequest:
    """An examination that was asked of a provider an hour ago."""
    sent_at = clock.now() - timedelta(hours=1)
    defaults: dict[str, Any] = {
        "kind": provider.kind,
        "urgency": "emergency",
        "asked": "Examine the child",
        "sent_at": sent_at,
        "due_at": sent_at + timedelta(hours=2),
    }
    made = ServiceRequest(
        code=new_code("SRV"),
        child_id=child.id,
        child_code=child.code,
        provider_id=provider.id,
        provider_post_id=provider.post_id,
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    return made


def make_consent(db: Session, child: Child, **values: Any) -> Consent:
    """A caregiver's consent to services, given today by word of mouth."""
    defaults: dict[str, Any] = {
        "purpose": "services",
        "answer": "given",
        "basis": "consent",
        "how": "oral",
        "given_by": "caregiver",
        "assent": "yes",
        "given_on": clock.today(),
    }
    made = Consent(child_id=child.id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_withholding(db: Session, child: Child, **values: Any) -> Withholding:
    """The child's school must not be told to an uncle."""
    defaults: dict[str, Any] = {"what": "Her school", "from_whom": "Her uncle", "reason": "fear_of_harm"}
    made = Withholding(child_id=child.id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_preparation(db: Session, child: Child, **values: Any) -> Preparation:
    """The preparation of a kinship placement in three weeks, with no step done."""
    defaults: dict[str, Any] = {"kind": "kinship_formal", "planned_on": clock.today() + timedelta(days=21)}
    made = Preparation(child_id=child.id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_time_away(db: Session, placement: Placement, **values: Any) -> TimeAway:
    """Ten days in hospital so far."""
    defaults: dict[str, Any] = {
        "kind": "hospital",
        "from_on": clock.today() - timedelta(days=10),
        "until_on": None,
        "place": "Hospital of Muhima",
    }
    made = TimeAway(placement_id=placement.id, child_id=placement.child_id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_alert(db: Session, child: Child, **values: Any) -> ChildAlert:
    """An alert that waits for the supervisor of the child's district."""
    defaults: dict[str, Any] = {"kind": "not_safe", "path": f"/children/{child.id}", "area_code": child.area_code}
    made = ChildAlert(child_id=child.id, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_session(
    db: Session, child: Child, psychologist: Actor, *, note: str | None = None, **values: Any
) -> PsychSession:
    """A session of yesterday, with a note if it has words."""
    defaults: dict[str, Any] = {"kind": "individual", "held_on": clock.today() - timedelta(days=1)}
    made = PsychSession(
        child_id=child.id,
        post_id=psychologist.post_id,
        created_by=psychologist.account_id,
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    if note:
        written = {"psych_session_id": made.id, "child_id": child.id, "created_by": psychologist.account_id}
        db.add(SessionNote(note=note, **written))
        db.flush()
    return made


def make_question(db: Session, child: Child, other: Child, author: Actor, **values: Any) -> Any:
    """A question from one child's worker to the other's; to itself: about a new record beside it."""
    from app.finding.models import DuplicateQuestion

    if other is child:
        village = child.origin_place_code
        other = make_child(db, given=child.given_name, family=child.family_name, village=village)
    made = DuplicateQuestion(
        child_id=child.id,
        other_child_id=other.id,
        other_code=other.code,
        told={"name": "A child", "sex": child.sex, "born_on": None, "birth_precision": "unknown", "origin": None}
        | {"district": None},
        reasons="The same names",
        created_by=author.account_id,
        asked_by_post_id=author.post_id,
        asked_from_area=child.area_code,
        to_post_id=other.responsible_post_id,
        area_code=other.area_code // 1_000_000 * 1_000_000,
        **values,
    )
    db.add(made)
    db.flush()
    return made


def make_join(db: Session, kept: Child, joined: Child, author: Actor, *, done: bool = False, **values: Any) -> Any:
    """A join that was asked for; `done`: the two are joined. Of one child with itself: with a new record beside it."""
    from app.access.scope import bind_limits
    from app.finding.models import ChildJoin

    if joined is kept:
        joined = make_child(db, given=kept.given_name, family=kept.family_name, village=kept.origin_place_code)
    made = ChildJoin(
        kept_id=kept.id,
        joined_id=joined.id,
        kept_code=kept.code,
        joined_code=joined.code,
        reason="The same mother told both",
        created_by=author.account_id,
        asked_by_post_id=author.post_id,
        near_area=kept.area_code // 1_000_000 * 1_000_000,
        near_agreed=done,
        far_agreed=True,
        **values,
    )
    db.add(made)
    db.flush()
    if done:
        bind_limits(db, lo=0, hi=99_999_999)
        db.execute(select(func.join_children(made.id, clock.today())))
        bind_limits(db, lo="", hi="")
        db.expire_all()
    return made


def make_decision(db: Session, child: Child, author: Actor, **values: Any) -> Decision:
    """A draft of a panel's decision for a foster family; with `state="approved"` it was approved today."""
    reasons = {"considered": True, "finding": "Nobody was found", "why_not": "Nobody was found"}
    defaults: dict[str, Any] = {
        "decided_on": clock.today(),
        "panel": [{"name": "Mukamana Rose", "role": "Social worker"}, {"name": "Kalisa Jean", "role": "Uncle"}],
        "author_sat": True,
        "grounds": ["death_both", "poverty"],
        "necessity": "Both parents died",
        "options": [{"option": option.value} | reasons for option in CareOption if option is not CareOption.OTHER],
        "kind": "foster_malayika_murinzi",
        "suitability": "She knows the family",
        "child_heard": True,
        "child_said": "I want to live with them",
        "siblings": "none",
    }
    if values.get("state") == "approved":
        defaults |= {"approved_at": clock.now()}
    if values.get("kind") == "residential_institution" and "institution_id" not in values:
        defaults |= {"institution_id": make_institution(db).id}
    made = Decision(
        child_id=child.id, created_by=author.account_id, written_by=author.account_id, **(defaults | values)
    )
    db.add(made)
    db.flush()
    return made
