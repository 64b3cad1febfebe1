"""The story of one child whose file is whole: this is the child to open first in the demonstration."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.access.roles import Role
from app.consents.schemas import ConsentRecord, WithholdingAdd
from app.consents.service import add_withholding, record_consent
from app.consents.words import Answer, Assent, Giver, How, Purpose, WithholdReason
from app.core.schemas import Command
from app.demo.draft import known
from app.demo.files import letter, picture
from app.demo.lives import Life
from app.demo.story_decisions import approved, decide
from app.demo.world import Teller, at_home
from app.documents.schemas import DocumentAdd
from app.documents.service import add_document
from app.documents.words import DocumentKind
from app.placements.inside import give_support, record_legal_act
from app.placements.inside_schemas import LegalActRecord, SupportGive
from app.placements.words import FOSTER_KINDS, FundSource, LegalKind, PlacementKind
from app.plans.schemas import ReviewRecord
from app.plans.service import record_review
from app.plans.words import ReviewResult
from app.record import schemas as told
from app.record.service import add_address, add_identity, change_group, change_health
from app.record.words import (
    BirthRegistration,
    BirthSource,
    HivStatus,
    IdentityKind,
    Language,
    NameKind,
    ParentStatus,
    RecordGroup,
    SchoolLevel,
)
from app.supervision.schemas import ActionGiven, ConferenceRecord
from app.supervision.service import record_conference
from app.tracing.schemas import (
    ActionRecord,
    RelativeContactRecord,
    RelativeRecord,
    RelativeVerify,
    TracingEnd,
    TracingOpen,
)
from app.tracing.service import (
    end_tracing,
    open_tracing,
    record_action,
    record_contact,
    record_relative,
    verify_relative,
)
from app.tracing.words import (
    ActionKind,
    Alive,
    Relationship,
    RelativeContactKind,
    TracingState,
    Verification,
    Willingness,
    Wish,
)
from app.visits.schemas import SessionRecord, VisitLog
from app.visits.service import log_visit
from app.visits.sessions import record_session
from app.visits.words import Safe, SessionKind, VisitKind, WellbeingDomain

_AGES = range(7, 16)
_LEAST_DAYS = 50
_WITH_OTHERS = FOSTER_KINDS | {PlacementKind.KINSHIP_FORMAL, PlacementKind.KINSHIP_INFORMAL}
"""With kin or a foster family: then the search, the decision and the consent have the most to tell."""


def tell_the_whole_file(teller: Teller) -> Life | None:
    """Everything that a file can hold, of a child who has been with a family for a while."""

    def fits(life: Life) -> bool:
        settled = life.now is not None and life.now.started_on < teller.ago(_LEAST_DAYS)
        return at_home(life) and settled and life.plan_id is not None and teller.age(life) in _AGES

    def with_others(life: Life) -> bool:
        return fits(life) and life.now is not None and life.now.kind in _WITH_OTHERS

    life = teller.take(with_others) or teller.take(fits)
    if life is None or life.now is None or life.id is None:
        return None
    since = life.now.started_on
    _record(teller, life.id)
    _papers(teller, life.id, since)
    tell_search(teller, life.id, since - timedelta(days=60), found=True)
    decision = decide(teller, life, life.now.kind, since - timedelta(days=12))
    approved(teller, decision, since - timedelta(days=10))
    _placement(teller, life, since)
    _people(teller, life)
    return life


def _record(teller: Teller, child_id: UUID) -> None:
    db, worker = teller.db, teller.worker
    groups: tuple[tuple[RecordGroup, Command], ...] = (
        (RecordGroup.NAMES, told.NamesChange(names=[told.OtherName(name="Kibwa", kind=NameKind.NICKNAME)])),
        (
            RecordGroup.BIRTH,
            told.BirthChange(
                registration=BirthRegistration.UNDER_WAY,
                registered_at="Sector Gitega",
                known_by=BirthSource.HEALTH_CARD,
            ),
        ),
        (
            RecordGroup.PARENTS,
            told.ParentsChange(
                mother_status=ParentStatus.DEAD,
                father_status=ParentStatus.MISSING,
                note="The father was last seen at the border three years ago.",
            ),
        ),
        (RecordGroup.LANGUAGES, told.LanguagesChange(languages=[Language.KINYARWANDA, Language.FRENCH])),
        (
            RecordGroup.SCHOOL,
            told.SchoolChange(level=SchoolLevel.PRIMARY, year="P4", school="Groupe Scolaire Gitega", attends=True),
        ),
    )
    for group, command in groups:
        change_group(db, worker, child_id, group, command, version=None)
    change_health(
        db,
        worker,
        child_id,
        told.HealthChange(
            hiv=HivStatus.NEGATIVE, notes="Asthma; an inhaler is at school.", clinic="Health centre Gitega"
        ),
        version=None,
    )
    number = f"MUT-{teller.world.draft.rng.randint(100_000, 999_999)}"
    insured = told.IdentityAdd(id=teller.id(), kind=IdentityKind.HEALTH_INSURANCE, number=number)
    add_identity(db, worker, child_id, insured)
    year = teller.ago(0).year
    lived = told.AddressAdd(
        id=teller.id(),
        words="Near the church with the blue door",
        with_whom="The mother and an aunt",
        from_year=year - 8,
        until_year=year - 4,
    )
    add_address(db, worker, child_id, lived)


def _papers(teller: Teller, child_id: UUID, since: date) -> None:
    db, worker = teller.db, teller.worker
    photo = DocumentAdd(
        id=teller.id(),
        kind=DocumentKind.PHOTO,
        dated_on=since,
        given_by="The foster mother",
        note="A drawn picture stands here for the photograph: the demonstration shows no child.",
    )
    add_document(db, worker, child_id, photo, picture())
    consent = DocumentAdd(id=teller.id(), kind=DocumentKind.CONSENT, dated_on=since, given_by="The grandmother")
    page = letter("I agree that the health centre is told what it needs to know.", "", "Signed by the grandmother")
    consent_id, _new = add_document(db, worker, child_id, consent, page)
    report = DocumentAdd(
        id=teller.id(), kind=DocumentKind.SCHOOL_REPORT, dated_on=teller.ago(30), given_by="Groupe Scolaire Gitega"
    )
    add_document(db, worker, child_id, report, letter("School report, second term", "Mathematics 14/20, French 12/20"))
    by_caregiver: dict[str, Any] = {
        "answer": Answer.GIVEN,
        "given_by": Giver.CAREGIVER,
        "giver_name": "The grandmother",
    }
    for purpose, organisation, document in (
        (Purpose.SERVICES, None, None),
        (Purpose.TRACING, None, None),
        (Purpose.SHARING, "Health centre Gitega", consent_id),
    ):
        said = ConsentRecord(
            id=teller.id(),
            purpose=purpose,
            organisation=organisation,
            how=How.WRITTEN if document else How.ORAL,
            assent=Assent.YES,
            given_on=since,
            document=document,
            **by_caregiver,
        )
        record_consent(db, worker, child_id, said)
    silent = WithholdingAdd(
        id=teller.id(),
        what="In which village the child lives now",
        from_whom="The stepfather",
        reason=WithholdReason.FEAR_OF_HARM,
        note="He came to the former house twice and was loud.",
    )
    add_withholding(db, worker, child_id, silent)


def tell_search(teller: Teller, child_id: UUID, since: date, *, found: bool) -> None:
    """A search for the family: what was done, and who was found; without `found` it goes on."""
    db, worker = teller.db, teller.worker
    opened = TracingOpen(
        id=teller.id(),
        relatives_known="An aunt called Félicité, a grandmother",
        last_places="A house near a church in the next district",
        told_by="The cook of the house",
    )
    tracing_id, _new = open_tracing(db, worker, child_id, opened)
    steps = (
        (ActionKind.INSTITUTION_RECORDS, 2, "The house", "The admission book names the aunt and a cell."),
        (ActionKind.LOCAL_LEADER, 15, "Leader of the cell", "The aunt still lives there; the grandmother as well."),
        (ActionKind.VISIT, 30, None, "The grandmother wept and asked how tall the child is."),
    )
    for kind, days, who, outcome in steps[: 3 if found else 1]:
        day = min(since + timedelta(days=days), teller.ago(0))
        more: dict[str, Any] = {} if found else {"next_step": "Ask the leader of the cell", "next_on": teller.ago(-3)}
        record_action(
            db,
            worker,
            tracing_id,
            ActionRecord(id=teller.id(), done_on=day, kind=kind, by_whom=who, outcome=outcome, **more),
        )
    if not found:
        return
    last = min(since + timedelta(days=32), teller.ago(0))
    grandmother = RelativeRecord(
        id=teller.id(),
        name="Félicité Nyirabagenzi",
        relationship=Relationship.GRANDPARENT,
        place="The next district",
        alive=Alive.YES,
        willing=Willingness.WITH_HELP,
        willing_note="With a bed and mutuelle",
        wish=Wish.LIVE_WITH,
        wish_words="She tells stories.",
    )
    aunt = RelativeRecord(
        id=teller.id(),
        name="Odette Uwimana",
        relationship=Relationship.AUNT_UNCLE,
        alive=Alive.YES,
        willing=Willingness.NO,
        willing_note="Five children already",
        wish=Wish.CONTACT,
    )
    uncle = RelativeRecord(
        id=teller.id(),
        name="Jean Bosco Habimana",
        relationship=Relationship.STEP_PARENT,
        alive=Alive.YES,
        willing=Willingness.UNSURE,
        wish=Wish.NO_CONTACT,
        safety_concern=True,
        safety_note="The child is afraid of him.",
    )
    for relative in (grandmother, aunt, uncle):
        record_relative(db, worker, child_id, relative)
    grandmother_id = known(grandmother.id)
    checked = RelativeVerify(
        verification=Verification.VERIFIED,
        verified_on=last,
        verified_how="Her name stands in the admission book; the leader of the cell knows her",
        verified_by="Solange Ingabire",
    )
    verify_relative(db, worker, grandmother_id, checked)
    for how, days, took in (
        (RelativeContactKind.CALL, 0, "Said little, smiled afterwards."),
        (RelativeContactKind.SUPERVISED_VISIT, 6, "Held her hand all the time and asked when she comes again."),
    ):
        meeting = RelativeContactRecord(
            id=teller.id(), contact_on=min(last + timedelta(days=days), teller.ago(0)), kind=how, child_took=took
        )
        record_contact(db, worker, grandmother_id, meeting)
    end_tracing(db, worker, tracing_id, TracingEnd(state=TracingState.FOUND))


def _placement(teller: Teller, life: Life, since: date) -> None:
    db, worker = teller.db, teller.worker
    placement_id = teller.placement(life)
    for item, quantity, amount, source in (
        ("Mattress and blanket", 1, 38_000, FundSource.PROGRAMME),
        ("School uniform", 2, 17_000, FundSource.PARTNER),
        ("Goat", 1, 45_000, FundSource.COMMUNITY),
    ):
        gift = SupportGive(
            id=teller.id(), item=item, quantity=quantity, amount_rwf=amount, source=source, given_on=since
        )
        give_support(db, worker, placement_id, gift)
    act = LegalActRecord(
        id=teller.id(),
        kind=LegalKind.ADMINISTRATIVE_DECISION,
        number=f"{teller.world.draft.rng.randint(100, 999)}/{since.year}",
        decided_on=since,
        body="Sector Gitega",
    )
    record_legal_act(db, worker, placement_id, act)


def _people(teller: Teller, life: Life) -> None:
    db, worker, child_id = teller.db, teller.worker, known(life.id)
    visit = VisitLog(
        id=teller.id(),
        placement=teller.placement(life),
        kind=VisitKind.FOLLOW_UP_ROUTINE,
        visited_on=teller.ago(3),
        child_seen=True,
        seen_alone=True,
        safe=Safe.SAFE,
        wellbeing={domain: 4 if number % 3 else 3 for number, domain in enumerate(WellbeingDomain)}
        | {WellbeingDomain.HOUSEHOLD_ECONOMY: 2},
        agreed="The family asks the sector for a second mattress; I call the school about the choir.",
        note="The goat has a name now. We walked to the spring and talked.",
    )
    log_visit(db, worker, visit)
    if life.plan_id is not None:
        review = ReviewRecord(
            id=teller.id(),
            reviewed_on=teller.ago(1),
            present="The child, the family, the volunteer of the village",
            child_heard=True,
            child_said="I like it here. I would like to learn to swim.",
            changed="Goes to school every day; the cough is gone.",
            result=ReviewResult.CONTINUE,
            next_review_on=teller.ago(-80),
        )
        record_review(db, worker, life.plan_id, review)
    psychologist = teller.actor(Role.PSYCHOLOGIST)
    for kind, days, note in (
        (SessionKind.FIRST_TALK, 40, "Came willingly. Draws the old house very large."),
        (SessionKind.INDIVIDUAL, 12, "Sleeps better. We wrote a letter to the mother."),
    ):
        held = SessionRecord(id=teller.id(), kind=kind, held_on=teller.ago(days), note=note)
        record_session(db, psychologist, child_id, held)
    supervisor = teller.supervisor
    conference = ConferenceRecord(
        id=teller.id(),
        held_on=teller.ago(5),
        attended=["Solange Ingabire", "Patrick Mugabo", "Claudine Uwamariya", "The head teacher"],
        child_took_part=True,
        minutes="The school offers a place in the choir. The stepfather has asked the sector where the child lives; "
        "nobody tells him. The sector speaks with him.",
        actions=[
            ActionGiven(
                what="Tell the head teacher who may fetch the child", post=worker.post_id, due_on=teller.ago(-2)
            )
        ],
    )
    record_conference(db, supervisor, child_id, conference)
