from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.referrals.models import Referral
from app.referrals.queries import list_referrals, read_referral
from app.referrals.rules import id_for_child
from app.referrals.schemas import (
    ReferralAnswer,
    ReferralEscalate,
    ReferralQuery,
    ReferralResolve,
    ReferralReturn,
    ReferralWithdraw,
)
from app.referrals.service import (
    accept_referral,
    acknowledge_referral,
    answer_referral,
    escalate_overdue,
    escalate_referral,
    file_referral,
    resolve_referral,
    return_referral,
    withdraw_referral,
)
from app.referrals.words import ReferralStatus
from tests.clients import Statements
from tests.make import CELL, OTHER_VILLAGE, VILLAGE, actor_for, make_case, make_child, make_institution
from tests.referrals.conftest import Act, Ladder, command, hops_of, told

File = Callable[..., Referral]
UP = ReferralEscalate(reason="The family needs a social worker")
DOWN = ReferralReturn(reason="Which house is it?")
HELPED = ReferralResolve.model_validate({"outcome": "service_provided", "note": "The child eats at school now"})


def kinds(db: Session, referral: Referral) -> list[str]:
    events = select(AuditEvent.kind).where(AuditEvent.subject_id == referral.id).order_by(AuditEvent.id)
    return list(db.scalars(events))


# Filing


def test_a_volunteer_files_to_the_cell(ladder: Ladder, filed: File, db: Session) -> None:
    referral = filed(narrative="Two days alone. <b>' OR 1=1 --</b> 🙏 مرحبا")
    [hop] = hops_of(db, referral)
    assert (referral.level, referral.reached_level, referral.filed_level, referral.status) == (2, 2, 1, "sent")
    assert (hop.level, hop.place_code, hop.area_code, hop.is_copy) == (2, CELL, VILLAGE, False)
    assert referral.due_at == hop.acknowledge_due_at == hop.received_at + timedelta(hours=72)
    assert hop.due_at == hop.received_at + timedelta(hours=168)
    assert told(db, referral, ladder.cell) == ["received"]
    assert told(db, referral, ladder.sector) == told(db, referral, ladder.volunteer) == []
    assert kinds(db, referral) == ["referral.filed"]
    assert referral.code.startswith("REF-")


def test_an_emergency_reaches_the_district_at_the_same_time(ladder: Ladder, filed: File, db: Session) -> None:
    referral = filed(urgency="emergency")
    assert [(hop.level, hop.is_copy) for hop in hops_of(db, referral)] == [(2, False), (4, True)]
    assert referral.level == referral.reached_level == 2
    assert told(db, referral, ladder.cell) == ["received"]
    assert told(db, referral, ladder.district) == ["copied"]
    assert told(db, referral, ladder.sector) == []


@pytest.mark.parametrize(
    ("role", "level"), [(Role.CELL_COORDINATOR, 3), (Role.SECTOR_OFFICER, 4), (Role.PSYCHOLOGIST, 4)]
)
def test_officers_file_to_the_level_above_and_the_district_to_itself(
    role: Role, level: int, filed: File, db: Session
) -> None:
    assert filed(actor_for(db, role)).level == level


def test_the_same_command_again_makes_nothing_new(ladder: Ladder, act: Act, db: Session) -> None:
    again = command(id=str(new_id()))
    first = act(ladder.volunteer, file_referral, again)
    assert act(ladder.volunteer, file_referral, again) == (first[0], False)
    assert len(hops_of(db, first[0])) == 1
    with pytest.raises(Conflict):
        act(ladder.volunteer, file_referral, command(id=str(again.id), urgency="low"))


def test_a_village_that_no_list_knows(filed: File, db: Session) -> None:
    referral = filed(village=None, cell=CELL, village_name="Ntakazina")
    assert (referral.place_code, referral.area_code, referral.village_name) == (CELL, CELL * 100, "Ntakazina")


def test_an_author_may_file_for_another_district_and_keeps_it(ladder: Ladder, filed: File, act: Act) -> None:
    referral = filed(village=OTHER_VILLAGE)
    assert read_referral_as(act, ladder.volunteer, referral).is_mine
    with pytest.raises(NotFound):
        read_referral_as(act, ladder.cell, referral)


def read_referral_as(act: Act, actor: Any, referral: Referral) -> Any:
    return act(actor, read_referral, referral.id)


def test_a_known_child_gives_sex_and_age(ladder: Ladder, filed: File, db: Session) -> None:
    child = make_child(db, sex="male")
    referral = filed(child=str(child.id))
    assert (referral.child_id, referral.child_sex, referral.child_age_band) == (child.id, "male", "6-9")


def test_a_child_out_of_reach_is_not_known(ladder: Ladder, act: Act, db: Session) -> None:
    for child in (
        make_child(db, village=OTHER_VILLAGE),
        make_child(db, restricted=True),
        make_child(db, institution=make_institution(db)),
    ):
        with pytest.raises(FieldError) as error:
            act(ladder.volunteer, file_referral, command(child=str(child.id)))
        assert error.value.errors[0][0] == "child"


def test_a_restricted_child_makes_a_restricted_referral(filed: File, db: Session) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    child = make_child(db, restricted=True)
    assert filed(supervisor, child=str(child.id)).restricted


def test_only_people_of_the_ladder_can_be_named_as_suspects(ladder: Ladder, act: Act, db: Session) -> None:
    stranger = actor_for(db, Role.SECTOR_OFFICER, 1201)
    for account in (stranger.account_id, ladder.volunteer.account_id, new_id()):
        with pytest.raises(FieldError) as error:
            act(ladder.volunteer, file_referral, command(suspects=[str(account)]))
        assert error.value.errors[0][0] == "suspects"


def test_who_may_not_file(act: Act, db: Session) -> None:
    for role in (Role.NATIONAL_OFFICER, Role.PARTNER, Role.ADMINISTRATOR, Role.INSTITUTION_MANAGER):
        with pytest.raises(Forbidden):
            act(actor_for(db, role), file_referral, command())


# At the office that holds it


def test_the_way_up_to_the_nation_and_its_end(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed()
    act(ladder.cell, acknowledge_referral, referral.id, 1)
    act(ladder.cell, escalate_referral, referral.id, UP, 2)
    act(ladder.sector, accept_referral, referral.id, 3)
    act(ladder.sector, escalate_referral, referral.id, UP, 4)
    act(ladder.district, escalate_referral, referral.id, UP, 5)
    act(ladder.national, acknowledge_referral, referral.id, 6)
    with pytest.raises(Forbidden, match="No office is above yours"):
        act(ladder.national, escalate_referral, referral.id, UP, 7)
    act(ladder.national, resolve_referral, referral.id, HELPED, 7)
    hops = hops_of(db, referral)
    assert [hop.level for hop in hops] == [2, 3, 4, 5]
    assert [hop.ended for hop in hops] == ["escalated", "escalated", "escalated", "resolved"]
    assert all(hop.acknowledged_at for hop in hops), "whoever acts has seen it"
    assert (referral.status, referral.outcome, referral.due_at) == ("resolved", "service_provided", None)
    assert referral.outcome_note == "The child eats at school now"
    assert referral.resolved_at == hops[-1].ended_at
    assert told(db, referral, ladder.volunteer) == [
        "acknowledged", "moved_up", "accepted", "moved_up", "moved_up", "acknowledged", "resolved",
    ]  # fmt: skip
    assert told(db, referral, ladder.national) == ["received"]
    assert kinds(db, referral)[-1] == "referral.resolved"


def test_the_end_names_the_child_that_was_registered_since(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral, child = filed(), make_child(db)
    act(ladder.cell, escalate_referral, referral.id, UP)
    act(ladder.sector, escalate_referral, referral.id, UP)
    act(ladder.district, acknowledge_referral, referral.id)
    with pytest.raises(FieldError):
        act(ladder.district, resolve_referral, referral.id, HELPED.model_copy(update={"child_code": "TMM-NOBODY"}))
    named = HELPED.model_copy(update={"child_code": child.code.lower()})
    act(ladder.district, resolve_referral, referral.id, named)
    assert (referral.status, referral.child_id) == ("resolved", child.id)


def test_a_case_that_was_opened_is_what_came_of_it(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed()
    child = make_child(db, worker=ladder.district, id=id_for_child(referral.id))
    act(ladder.cell, escalate_referral, referral.id, UP)
    act(ladder.sector, escalate_referral, referral.id, UP)
    act(ladder.district, acknowledge_referral, referral.id)
    nothing_said = ReferralResolve.model_validate({"child_code": child.code})
    with pytest.raises(FieldError) as told_so:
        act(ladder.district, resolve_referral, referral.id, nothing_said)
    assert told_so.value.errors[0][0] == "outcome"
    case = make_case(db, child, opened_on=clock.days_ahead(-1))
    with pytest.raises(FieldError):
        act(ladder.district, resolve_referral, referral.id, nothing_said)
    case.opened_on = clock.today()
    db.flush()
    act(ladder.district, resolve_referral, referral.id, nothing_said)
    assert (referral.outcome, referral.child_id) == ("case_opened", child.id)


def test_acknowledging_gives_more_time(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed()
    act(ladder.cell, acknowledge_referral, referral.id)
    [hop] = hops_of(db, referral)
    assert referral.due_at == hop.due_at > hop.acknowledge_due_at
    assert hop.acknowledged_by == ladder.cell.account_id


def test_a_question_goes_back_to_the_author_and_the_answer_up_again(
    ladder: Ladder, filed: File, act: Act, db: Session
) -> None:
    referral = filed()
    act(ladder.cell, return_referral, referral.id, DOWN, 1)
    assert (referral.level, referral.status) == (1, "returned")
    assert told(db, referral, ladder.volunteer) == ["asked"]
    other = actor_for(db, Role.VOLUNTEER)
    with pytest.raises(NotFound):
        act(other, answer_referral, referral.id, ReferralAnswer(answer="It is the blue one"), 2)
    act(ladder.volunteer, answer_referral, referral.id, ReferralAnswer(answer="The blue one"), 2)
    assert (referral.level, referral.status) == (2, "sent")
    assert [(hop.level, hop.ended, hop.reason) for hop in hops_of(db, referral)] == [
        (2, "returned", "Which house is it?"),
        (1, "answered", "The blue one"),
        (2, None, None),
    ]
    assert told(db, referral, ladder.cell) == ["received", "answered"]


def test_the_sector_returns_to_the_cell(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed()
    act(ladder.cell, escalate_referral, referral.id, UP)
    act(ladder.sector, return_referral, referral.id, DOWN)
    assert (referral.level, referral.status, referral.reached_level) == (2, "returned", 3)
    assert told(db, referral, ladder.cell) == ["received", "returned"]
    assert told(db, referral, ladder.volunteer) == ["moved_up", "moved_down"]
    with pytest.raises(Forbidden, match="Acknowledge it first"):
        act(ladder.cell, resolve_referral, referral.id, HELPED)
    act(ladder.cell, acknowledge_referral, referral.id)
    act(ladder.cell, resolve_referral, referral.id, HELPED)
    assert referral.status == "resolved"


def test_the_district_takes_over_an_emergency(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed(urgency="emergency")
    with pytest.raises(Forbidden, match="accept the referral first"):
        act(ladder.district, resolve_referral, referral.id, HELPED)
    act(ladder.district, acknowledge_referral, referral.id, 1)
    assert (referral.level, referral.status) == (2, "sent"), "the cell still holds it"
    act(ladder.district, accept_referral, referral.id, 2)
    act(ladder.district, accept_referral, referral.id, 2)
    assert (referral.level, referral.reached_level, referral.status) == (4, 4, "accepted")
    assert [(hop.level, hop.is_copy, hop.ended) for hop in hops_of(db, referral)] == [
        (2, False, "taken_over"),
        (4, True, "joined"),
        (4, False, None),
    ]
    assert told(db, referral, ladder.cell) == ["received", "taken_over"]
    with pytest.raises(Stale, match="The district took this over"):
        act(ladder.cell, acknowledge_referral, referral.id, 1)


def test_a_copy_becomes_part_of_the_referral_when_it_arrives(
    ladder: Ladder, filed: File, act: Act, db: Session
) -> None:
    referral = filed(urgency="emergency")
    act(ladder.cell, escalate_referral, referral.id, UP)
    act(ladder.sector, escalate_referral, referral.id, UP)
    assert [(hop.level, hop.is_copy, hop.ended) for hop in hops_of(db, referral)] == [
        (2, False, "escalated"),
        (4, True, "joined"),
        (3, False, "escalated"),
        (4, False, None),
    ]


def test_resolving_an_emergency_at_the_cell_closes_the_copy(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed(urgency="emergency")
    act(ladder.cell, acknowledge_referral, referral.id)
    act(ladder.cell, resolve_referral, referral.id, HELPED)
    assert all(hop.ended == "resolved" for hop in hops_of(db, referral))
    assert told(db, referral, ladder.district) == ["copied", "closed"]


def test_an_author_withdraws_only_before_anybody_acted(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed()
    with pytest.raises(Forbidden, match="Only the person who sent this"):
        act(ladder.cell, withdraw_referral, referral.id, ReferralWithdraw())
    act(ladder.volunteer, withdraw_referral, referral.id, ReferralWithdraw(reason="The uncle came"), 1)
    assert (referral.status, referral.due_at, referral.resolved_at) == ("withdrawn", None, None)
    assert told(db, referral, ladder.cell) == ["received", "withdrawn"]
    late = filed()
    act(ladder.cell, acknowledge_referral, late.id)
    with pytest.raises(Forbidden, match="acted on it already"):
        act(ladder.volunteer, withdraw_referral, late.id, ReferralWithdraw())


def test_a_double_click_is_one_act(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed()
    for _click in range(2):
        act(ladder.cell, acknowledge_referral, referral.id, 1)
    for _click in range(2):
        act(ladder.cell, accept_referral, referral.id, 2)
    for _click in range(2):
        act(ladder.cell, escalate_referral, referral.id, UP, 3)
    act(ladder.cell, escalate_referral, referral.id, UP)
    assert (referral.level, referral.version) == (3, 4)
    assert kinds(db, referral).count("referral.escalated") == 1
    act(ladder.sector, acknowledge_referral, referral.id)
    for _click in range(2):
        act(ladder.sector, resolve_referral, referral.id, HELPED, 5)
    assert told(db, referral, ladder.volunteer).count("resolved") == 1


def test_a_colleague_who_was_first_is_told_of_in_words(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    colleague = actor_for(db, Role.CELL_COORDINATOR)
    referral = filed()
    act(ladder.cell, escalate_referral, referral.id, UP, 1)
    with pytest.raises(Stale, match=r"Somebody of your office already sent this to the sector at \d\d:\d\d") as error:
        act(colleague, escalate_referral, referral.id, ReferralEscalate(reason="Mine"), 1)
    assert error.value.typed == {"reason": "Mine"}
    assert error.value.current == {"status": "sent", "level": "sector", "version": 2}
    with pytest.raises(Conflict, match="already sent this to the sector"):
        act(colleague, escalate_referral, referral.id, UP)
    with pytest.raises(Forbidden, match="Only the office that holds"):
        act(colleague, escalate_referral, referral.id, UP, 2)


def test_oneself_in_another_window_is_told_and_loses_no_words(ladder: Ladder, filed: File, act: Act) -> None:
    referral = filed()
    act(ladder.cell, escalate_referral, referral.id, UP, 1)
    with pytest.raises(Stale, match="already sent this to the sector") as error:
        act(ladder.cell, escalate_referral, referral.id, ReferralEscalate(reason="Written elsewhere"), 1)
    assert error.value.typed == {"reason": "Written elsewhere"}


def test_offices_act_only_on_what_they_hold(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed()
    for actor in (ladder.sector, ladder.district):
        with pytest.raises(Forbidden):
            act(actor, acknowledge_referral, referral.id)
    for actor in (ladder.national, actor_for(db, Role.CELL_COORDINATOR, 110102), actor_for(db, Role.SOCIAL_WORKER, 12)):
        with pytest.raises(NotFound):
            act(actor, acknowledge_referral, referral.id)
    with pytest.raises(Forbidden, match="does not include"):
        act(ladder.volunteer, acknowledge_referral, referral.id)


def test_a_closed_referral_stays_closed(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed()
    act(ladder.cell, acknowledge_referral, referral.id)
    act(ladder.cell, resolve_referral, referral.id, HELPED)
    other = actor_for(db, Role.CELL_COORDINATOR)
    for verb, *given in (
        (escalate_referral, UP),
        (return_referral, DOWN),
        (accept_referral,),
        (resolve_referral, HELPED),
    ):
        with pytest.raises(Forbidden, match="This referral is resolved"):
            act(other, verb, referral.id, *given, 3)


# The clock


def overdue(web: Database, later: timedelta, limit: int = 100) -> int:
    """What a worker does at a later moment; the test's own role stands in for the worker's."""
    with Session(web.connection, join_transaction_mode="create_savepoint", autoflush=False) as db, db.begin():  # type: ignore[attr-defined]
        return escalate_overdue(db, clock.now() + later, limit)


def test_the_clock_moves_what_was_held_too_long(ladder: Ladder, filed: File, web: Database, db: Session) -> None:
    referral = filed()
    assert overdue(web, timedelta(hours=71)) == 0
    assert overdue(web, timedelta(hours=73)) == 1
    assert overdue(web, timedelta(hours=73)) == 0
    db.expire_all()
    assert (referral.level, referral.status, referral.version) == (3, "sent", 2)
    first, second = hops_of(db, referral)
    assert (first.ended, first.ended_by, first.acknowledged_at) == ("escalated_by_clock", None, None)
    assert second.received_at == first.ended_at
    assert told(db, referral, ladder.volunteer) == ["moved_up_by_clock"]
    assert told(db, referral, ladder.cell) == ["received", "lost_by_clock"]
    assert told(db, referral, ladder.sector) == ["received"]
    assert kinds(db, referral) == ["referral.filed", "referral.escalated"]


def test_a_late_office_is_told_that_the_clock_was_first(ladder: Ladder, filed: File, web: Database, act: Act) -> None:
    referral = filed()
    overdue(web, timedelta(hours=73))
    with pytest.raises(Stale, match="Its time had passed, so it moved up to the sector"):
        act(ladder.cell, acknowledge_referral, referral.id, 1)


def test_the_clock_runs_for_what_was_accepted_and_for_a_question(
    ladder: Ladder, filed: File, web: Database, act: Act, db: Session
) -> None:
    accepted, asked = filed(), filed()
    act(ladder.cell, accept_referral, accepted.id)
    act(ladder.cell, return_referral, asked.id, DOWN)
    assert overdue(web, timedelta(hours=100)) == 1
    db.expire_all()
    assert (asked.level, asked.status) == (2, "sent"), "no answer came: the cell has it again"
    assert accepted.level == 2
    assert overdue(web, timedelta(hours=169)) == 1
    db.expire_all()
    assert accepted.level == 3


def test_at_the_top_the_managers_are_told_once(
    ladder: Ladder, filed: File, web: Database, act: Act, db: Session
) -> None:
    referral = filed(ladder.district)
    act(ladder.district, escalate_referral, referral.id, UP)
    assert [overdue(web, timedelta(days=9)) for _run in range(3)] == [1, 0, 0]
    db.expire_all()
    assert (referral.level, hops_of(db, referral)[-1].ended) == (5, None)
    assert told(db, referral, ladder.national) == ["received", "overdue"]


def test_a_closed_referral_has_no_clock(ladder: Ladder, filed: File, web: Database, act: Act) -> None:
    referral = filed()
    act(ladder.volunteer, withdraw_referral, referral.id, ReferralWithdraw())
    assert overdue(web, timedelta(days=400)) == 0
    assert referral.status == ReferralStatus.WITHDRAWN


def test_one_that_cannot_be_moved_holds_up_no_other(ladder: Ladder, filed: File, web: Database, db: Session) -> None:
    broken, sound = filed(), filed()
    [hop] = hops_of(db, broken)
    hop.ended_at = hop.received_at
    db.flush()
    assert overdue(web, timedelta(hours=73)) == 1
    db.expire_all()
    assert (broken.level, sound.level) == (2, 3)


# What it costs


def test_filing_and_listing_take_a_fixed_number_of_statements(
    ladder: Ladder, filed: File, act: Act, statements: Statements
) -> None:
    with statements.counted() as one:
        filed(urgency="emergency")
    for _number in range(5):
        filed(urgency="emergency")
    with statements.counted() as another:
        filed(urgency="emergency")
    assert len(one) == len(another) <= 14
    with statements.counted() as listed:
        act(ladder.district, list_referrals, ReferralQuery(inbox=True))
    assert len(listed) == 2, "who acts, and the list"
