"""Stories of children who live with a family: a refusal, a worry, brothers and sisters, and cases at their end."""

from uuid import UUID

from app.access.roles import Role
from app.access.scope import bind_actor
from app.cases.closing import approve_closing, close_case
from app.cases.grouping import join_group
from app.cases.schemas import CaseClose, ClosingApprove, ConcernAdd, GroupJoin, RiskRate, TransferAsk
from app.cases.service import add_concern, rate_risk
from app.cases.transferring import ask_transfer
from app.cases.words import CaseState, ClosingReason, Risk, Source
from app.children.words import ConcernType
from app.consents.schemas import ConsentRecord, ConsentWithdraw
from app.consents.service import record_consent, withdraw_consent
from app.consents.words import Answer, Assent, Giver, How, LegalBasis, Purpose
from app.demo.draft import known
from app.demo.lives import Life
from app.demo.staff import STAFFED_DISTRICTS
from app.demo.world import Teller, at_home
from app.finding.schemas import AskDuplicate
from app.finding.service import ask_duplicate
from app.placements.inside import start_time_away
from app.placements.inside_schemas import TimeAwayStart
from app.placements.words import AwayKind
from app.supervision.schemas import Reassign
from app.supervision.service import reassign
from app.visits.schemas import VisitLog
from app.visits.service import confirm_risk, log_visit
from app.visits.words import Safe, VisitKind, WellbeingDomain, Worry

_OF_AGE, _CHILDHOOD = 18, range(6, 17)


def tell_of_homes(teller: Teller) -> None:
    """All of these stories; one for which there is no child in this draft is left out."""
    _a_child_is_not_safe(teller)
    _they_said_no(teller)
    _brothers_and_sisters(teller)
    _away_at_school(teller)
    _closings(teller)
    _between_districts(teller)
    _handed_over(teller)
    _one_child_twice(teller)


def _a_child_is_not_safe(teller: Teller) -> None:
    """A visit of today brings an alert to the supervisor, tasks to the worker, and a higher risk."""
    life = teller.take(lambda one: at_home(one) and teller.age(one) in _CHILDHOOD and one.risk != Risk.HIGH.value)
    if life is None:
        return
    visit = VisitLog(
        id=teller.id(),
        placement=teller.placement(life),
        kind=VisitKind.UNANNOUNCED,
        visited_on=teller.ago(0),
        child_seen=True,
        seen_alone=True,
        safe=Safe.NOT_SAFE,
        safe_why="There are marks on the back. The child is afraid of the evenings.",
        worries=[Worry.BEATEN, Worry.DRINK_IN_HOUSE],
        worry_words="The uncle has moved in since the last visit.",
        agreed="The child sleeps at the neighbour's until we have spoken with the sector tomorrow.",
        wellbeing={WellbeingDomain.SAFETY: 1, WellbeingDomain.EMOTIONAL: 2, WellbeingDomain.FOOD: 3},
        next_visit_on=teller.ago(-1),
    )
    visit_id, _new = log_visit(teller.db, teller.worker, visit)
    confirm_risk(teller.db, teller.worker, visit_id)
    concern = ConcernAdd(
        id=teller.id(),
        concern=ConcernType.PHYSICAL_VIOLENCE,
        identified_on=teller.ago(0),
        source=Source.WORKER,
        note="Found at an unannounced visit",
    )
    add_concern(teller.db, teller.worker, _case(life), concern)


def _they_said_no(teller: Teller) -> None:
    """A family does not want an organisation to be told; for another one the supervisor is asked."""
    life = teller.take(at_home)
    if life is None or life.id is None:
        return
    day = teller.ago(6)
    refusal = ConsentRecord(
        id=teller.id(),
        purpose=Purpose.SHARING,
        organisation="Foundation for Families",
        answer=Answer.REFUSED,
        how=How.ORAL,
        given_by=Giver.CAREGIVER,
        given_on=day,
        note="They do not want to be photographed for a report.",
    )
    urgent = ConsentRecord(
        id=teller.id(),
        purpose=Purpose.SHARING,
        organisation="Isange One Stop Centre",
        basis=LegalBasis.VITAL_INTEREST,
        given_on=day,
        reason="The centre has to know of the threats before the next weekend.",
    )
    numbers = ConsentRecord(
        id=teller.id(),
        purpose=Purpose.REPORTING,
        answer=Answer.GIVEN,
        how=How.ORAL,
        given_by=Giver.OTHER,
        giver_name="The aunt",
        assent=Assent.YES,
        given_on=day,
    )
    for command in (refusal, urgent, numbers):
        record_consent(teller.db, teller.worker, life.id, command)
    taken_back = ConsentWithdraw(withdrawn_on=teller.ago(1), reason="She thought about it and would rather not.")
    withdraw_consent(teller.db, teller.worker, known(numbers.id), taken_back)


def _brothers_and_sisters(teller: Teller) -> None:
    """Two children of one family whose decisions are taken together."""
    first = teller.take(lambda one: at_home(one) and _sibling(teller, one) is not None)
    other = _sibling(teller, first) if first else None
    if first is None or other is None or other.row is None:
        return
    command = GroupJoin(code=other.row["code"], reason="Brother and sister: they want to stay together.")
    join_group(teller.db, teller.worker, _case(first), command)
    rated = RiskRate(risk=Risk.LOW, reason="The sister has settled; the family has joined the savings group.")
    rate_risk(teller.db, teller.worker, _case(first), rated)


def _sibling(teller: Teller, life: Life) -> Life | None:
    family = life.now.family if life.now else None
    return next(
        (
            one
            for one in teller.world.lives
            if one is not life
            and one.case_id is not None
            and not one.restricted
            and one.worker is life.worker
            and one.now is not None
            and one.now.family is family
        ),
        None,
    )


def _away_at_school(teller: Teller) -> None:
    life = teller.take(lambda one: at_home(one) and teller.age(one) > max(_CHILDHOOD) - 6)
    if life is None or life.now is None:
        return
    away = TimeAwayStart(
        id=teller.id(),
        kind=AwayKind.BOARDING_SCHOOL,
        from_on=max(teller.ago(40), life.now.started_on),
        place="A boarding school in the south",
        note="Home in the holidays.",
    )
    start_time_away(teller.db, teller.worker, teller.placement(life), away)


def _closings(teller: Teller) -> None:
    """One closing waits for the supervisor, another case was closed today."""
    for agreed in (False, True):
        life = teller.take(lambda one: at_home(one) and one.case_state is CaseState.UNDER_FOLLOW_UP)
        if life is None:
            return
        grown = teller.age(life) >= _OF_AGE
        asked = CaseClose(
            id=teller.id(),
            reason=ClosingReason.AGED_OUT if grown else ClosingReason.GOALS_MET,
            words="The goals are reached. The family manages, and the child knows whom to call.",
        )
        closing_id, _new = close_case(teller.db, teller.worker, _case(life), asked)
        if agreed:
            why = "What is still open belongs to the family now; the volunteer looks in."
            approve_closing(teller.db, teller.supervisor, closing_id, ClosingApprove(reason=why))


def _between_districts(teller: Teller) -> None:
    """Huye gives a case to Nyarugenge, and Nyarugenge one to Huye; both wait for the answer."""
    here, there = STAFFED_DISTRICTS
    theirs = next(
        (
            one
            for one in teller.world.lives
            if one.case_id is not None
            and not one.restricted
            and at_home(one)
            and one.worker is not None
            and one.worker.role is Role.SOCIAL_WORKER
            and one.worker.place_code == there
        ),
        None,
    )
    mine = teller.take(at_home)
    for life, district in ((theirs, here), (mine, there)):
        if life is None or life.worker is None:
            continue
        command = TransferAsk(
            id=teller.id(),
            district=district,
            reason="The family moves to your district at the end of the month.",
            note="A calm child and a good family. The volunteer knows them; school starts on Monday. "
            "Please visit in the first week, the mother is worried about the new place.",
        )
        ask_transfer(teller.db, life.worker.actor, _case(life), command)


def _handed_over(teller: Teller) -> None:
    """Two children of a colleague come to the social worker, with a note to read."""
    worker = teller.worker
    colleague = next(
        (one for one in teller.world.staff.at(Role.SOCIAL_WORKER, worker.place_code) if one.post_id != worker.post_id),
        None,
    )
    if colleague is None:
        return
    children = [
        life.id
        for life in teller.world.lives
        if life.worker is colleague and life.case_id and life.id and not life.restricted
    ][:2]
    if children:
        note = "I go on leave in December. The grandmother hears badly: knock long. School fees are paid until March."
        command = Reassign(children=children, post=worker.post_id, note=note)
        reassign(teller.db, teller.supervisor, colleague.post_id, command)


def _one_child_twice(teller: Teller) -> None:
    """Somebody of Huye asks whether a child is the same as one of Nyarugenge."""
    for here, there in teller.world.twice:
        if there.worker is None or there.worker.place_code == teller.worker.place_code:
            continue
        command = AskDuplicate(id=teller.id(), other=known(here.id), note="The mother speaks of a house with a crane.")
        # The search in the whole country is for somebody who is signed in.
        bind_actor(teller.db, there.worker.actor)
        ask_duplicate(teller.db, there.worker.actor, known(there.id), command)


def _case(life: Life) -> UUID:
    return known(life.case_id)
