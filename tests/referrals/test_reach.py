"""Who finds a referral: the rule in words, the condition of the database and every list and door say the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Level, Role
from app.core import clock
from app.core.db import Database
from app.core.errors import NotFound
from app.people.models import Appointment
from app.referrals.models import Referral
from app.referrals.queries import (
    count_waiting,
    list_referrals,
    read_referral,
    suspect_choices,
    unread_notices,
)
from app.referrals.reach import visible_referrals, waiting_for
from app.referrals.rights import ReaderFacts, may_read
from app.referrals.schemas import ReferralEscalate, ReferralQuery, ReferralReturn
from app.referrals.service import accept_referral, acknowledge_referral, escalate_referral, return_referral
from tests.make import DISTRICT, OTHER_VILLAGE, VILLAGE, actor_for
from tests.referrals.conftest import Act, Ladder, hops_of, told

File = Callable[..., Referral]
UP = ReferralEscalate(reason="Up")
DOWN = ReferralReturn(reason="Down?")


def facts_of(db: Session, referral: Referral) -> ReaderFacts:
    hops = hops_of(db, referral)
    hands = {by for hop in hops for by in (hop.acknowledged_by, hop.accepted_by, hop.ended_by) if by is not None}
    return ReaderFacts(
        area_code=referral.area_code,
        level=Level(referral.level),
        filed_level=Level(referral.filed_level),
        reached_level=Level(referral.reached_level),
        restricted=referral.restricted,
        author_id=referral.author_account_id,
        levels=frozenset(Level(hop.level) for hop in hops),
        hands=frozenset(hands),
        suspects=frozenset(referral.suspect_account_ids),
        suspect_words=frozenset(referral.suspect_words),
    )


@pytest.fixture
def everywhere(ladder: Ladder, filed: File, act: Act, db: Session) -> list[Referral]:
    """Referrals at every level and state, plain and restricted, with and without suspects, here and elsewhere."""
    made: list[Referral] = []
    for concern in ("neglect", "sexual_violence"):
        for levels in range(4):
            referral = filed(concern=concern)
            for holder in (ladder.cell, ladder.sector, ladder.district)[:levels]:
                act(holder, escalate_referral, referral.id, UP)
            made.append(referral)
        returned = filed(concern=concern)
        act(ladder.cell, return_referral, returned.id, DOWN)
        down = filed(concern=concern)
        act(ladder.cell, escalate_referral, down.id, UP)
        act(ladder.sector, return_referral, down.id, DOWN)
        taken = filed(concern=concern, urgency="emergency")
        act(ladder.district, accept_referral, taken.id)
        seen = filed(concern=concern)
        act(ladder.cell, acknowledge_referral, seen.id)
        made += [returned, down, taken, seen, filed(concern=concern, urgency="emergency")]
        made += [
            filed(concern=concern, suspects=[str(ladder.cell.account_id)]),
            filed(concern=concern, suspect_name="habimana  ÉRIC"),
            filed(concern=concern, suspect_name="Ingabire", suspects=[str(ladder.sector.account_id)]),
            filed(ladder.cell, concern=concern),
            filed(ladder.sector, concern=concern),
            filed(ladder.district, concern=concern),
            filed(concern=concern, village=OTHER_VILLAGE),
        ]
    return made


def everybody(db: Session, ladder: Ladder) -> list[Actor]:
    same_places = [actor_for(db, role) for role in Role]
    others = [
        actor_for(db, role, place)
        for role, place in (
            (Role.VOLUNTEER, OTHER_VILLAGE),
            (Role.CELL_COORDINATOR, 110102),
            (Role.SECTOR_OFFICER, 1102),
            (Role.SOCIAL_WORKER, 12),
            (Role.DISTRICT_SUPERVISOR, 12),
        )
    ]
    named = [
        actor_for(db, Role.SECTOR_OFFICER, name="Eric Habimana"),
        actor_for(db, Role.PSYCHOLOGIST, name="Ingabire"),
    ]
    on_it = [ladder.volunteer, ladder.cell, ladder.sector, ladder.district, ladder.national]
    return [*on_it, *same_places, *others, *named]


def test_the_rule_in_words_and_the_condition_of_the_database_agree(
    ladder: Ladder, everywhere: list[Referral], act: Act, db: Session
) -> None:
    def found(session: Session, actor: Actor) -> set[UUID]:
        return set(session.scalars(select(Referral.id).where(visible_referrals(actor))))

    facts = {referral.id: facts_of(db, referral) for referral in everywhere}
    for actor in everybody(db, ladder):
        expected = {referral_id for referral_id, known in facts.items() if may_read(actor, known)}
        assert act(actor, found) == expected, actor.role
        by_owner = set(db.scalars(select(Referral.id).where(visible_referrals(actor))))
        assert by_owner == expected, f"{actor.role}: the application's own filter needs no second lock"


def test_row_level_security_alone_keeps_out_other_districts_and_suspects(
    ladder: Ladder, everywhere: list[Referral], act: Act, db: Session
) -> None:
    def unfiltered(session: Session, _actor: Actor) -> list[Referral]:
        return list(session.scalars(select(Referral)))

    elsewhere = actor_for(db, Role.DISTRICT_SUPERVISOR, 12)
    assert {referral.district_code for referral in act(elsewhere, unfiltered)} == {12}
    for referral in act(ladder.cell, unfiltered):
        assert ladder.cell.account_id not in referral.suspect_account_ids


def test_lists_single_reads_counts_and_notices_agree(
    ladder: Ladder, everywhere: list[Referral], act: Act, db: Session
) -> None:
    for actor in (ladder.volunteer, ladder.cell, ladder.sector, ladder.district, ladder.national):
        listed = {row.id for row in act(actor, list_referrals, ReferralQuery(limit=200)).items}
        for referral in everywhere:
            if referral.id in listed:
                assert act(actor, read_referral, referral.id).id == referral.id
            else:
                with pytest.raises(NotFound):
                    act(actor, read_referral, referral.id)
        inbox = act(actor, list_referrals, ReferralQuery(inbox=True, limit=200)).items
        assert {row.id for row in inbox} <= listed
        assert [row.due_at for row in inbox] == sorted(row.due_at for row in inbox)
        assert act(actor, count_waiting) == len(inbox)
        assert {notice.referral_id for notice in act(actor, unread_notices, 200)} <= listed


def test_the_inbox_pages_through_everything_once(ladder: Ladder, everywhere: list[Referral], act: Act) -> None:
    whole = act(ladder.district, list_referrals, ReferralQuery(inbox=True, limit=200)).items
    assert len(whole) > 4
    paged: list[UUID] = []
    cursor = None
    for _page in range(len(whole)):
        page = act(ladder.district, list_referrals, ReferralQuery(inbox=True, limit=3, cursor=cursor))
        paged += [row.id for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert paged == [row.id for row in whole]


def test_a_restricted_file_leaves_the_sight_of_an_office_with_the_referral(
    ladder: Ladder, filed: File, act: Act, db: Session
) -> None:
    colleague = actor_for(db, Role.CELL_COORDINATOR)
    referral = filed(concern="sexual_violence")
    assert act(colleague, read_referral, referral.id).restricted
    act(ladder.cell, escalate_referral, referral.id, UP)
    with pytest.raises(NotFound):
        act(colleague, read_referral, referral.id)
    assert act(ladder.cell, read_referral, referral.id).level == "sector"
    for reader in (ladder.volunteer, ladder.sector, ladder.district, actor_for(db, Role.PSYCHOLOGIST)):
        assert act(reader, read_referral, referral.id).restricted
    with pytest.raises(NotFound):
        act(ladder.national, read_referral, referral.id)


# Suspects


def nobody_knows(act: Act, db: Session, suspect: Actor, referral: Referral) -> None:
    with pytest.raises(NotFound):
        act(suspect, read_referral, referral.id)
    assert referral.id not in {row.id for row in act(suspect, list_referrals, ReferralQuery(limit=200)).items}
    assert act(suspect, count_waiting) == 0
    assert told(db, referral, suspect) == []
    for verb, *given in ((acknowledge_referral,), (accept_referral,), (escalate_referral, UP), (return_referral, DOWN)):
        with pytest.raises(NotFound):
            act(suspect, verb, referral.id, *given)


def test_a_level_of_suspects_is_passed_over_on_every_way_up(ladder: Ladder, filed: File, act: Act, db: Session) -> None:
    referral = filed(suspects=[str(ladder.sector.account_id)])
    assert referral.level == 2
    act(ladder.cell, escalate_referral, referral.id, UP)
    assert referral.level == 4
    nobody_knows(act, db, ladder.sector, referral)
    with pytest.raises(Exception, match="named in it as a suspect"):
        act(ladder.district, return_referral, referral.id, DOWN)


def test_a_colleague_of_a_suspect_receives_and_the_suspect_does_not(
    ladder: Ladder, filed: File, act: Act, db: Session
) -> None:
    colleague = actor_for(db, Role.CELL_COORDINATOR, name="Kamanzi Jean")
    referral = filed(suspects=[str(ladder.cell.account_id)])
    assert referral.level == 2
    assert told(db, referral, colleague) == ["received"]
    nobody_knows(act, db, ladder.cell, referral)


@pytest.mark.parametrize("written", ["Uwera Alice", "ALICE", "uwera alice mukamana", "Uwerra Alice"])
def test_a_written_name_keeps_out_whoever_it_may_mean(
    written: str, ladder: Ladder, filed: File, act: Act, db: Session
) -> None:
    referral = filed(suspect_name=written)
    assert referral.level == 3
    nobody_knows(act, db, ladder.cell, referral)


def test_a_suspect_of_the_district_gets_no_copy_of_an_emergency(
    ladder: Ladder, filed: File, act: Act, db: Session
) -> None:
    referral = filed(urgency="emergency", suspects=[str(ladder.district.account_id)])
    assert [hop.level for hop in hops_of(db, referral)] == [2]
    nobody_knows(act, db, ladder.district, referral)
    colleague = actor_for(db, Role.PSYCHOLOGIST, name="Kamanzi Jean")
    another = filed(urgency="emergency", suspects=[str(ladder.district.account_id)])
    assert [hop.level for hop in hops_of(db, another)] == [2, 4]
    assert told(db, another, colleague) == ["copied"]
    nobody_knows(act, db, ladder.district, another)


def test_who_is_appointed_later_under_a_suspects_name_finds_nothing(
    ladder: Ladder, filed: File, act: Act, db: Session
) -> None:
    referral = filed(suspect_name="Munyaneza Olivier")
    newcomer = actor_for(db, Role.SECTOR_OFFICER, name="Olivier Munyaneza")
    nobody_knows(act, db, newcomer, referral)
    act(ladder.cell, escalate_referral, referral.id, UP)
    nobody_knows(act, db, newcomer, referral)
    assert newcomer.account_id in referral.suspect_account_ids
    assert referral.level == 3, "the other officer of the sector receives it"


def test_a_suspect_who_also_wrote_it_down_sees_their_own(ladder: Ladder, filed: File, act: Act) -> None:
    referral = filed(suspect_name=ladder.volunteer.display_name)
    assert act(ladder.volunteer, read_referral, referral.id).is_mine


def test_the_suspects_to_choose_from_stand_on_the_ladder(ladder: Ladder, act: Act, db: Session) -> None:
    gone = actor_for(db, Role.CELL_COORDINATOR, name="Gone Already")
    db.execute(
        Appointment.__table__.update()
        .where(Appointment.account_id == gone.account_id)
        .values(ends_on=clock.today() - timedelta(days=1))
    )
    names = [choice.name for choice in act(ladder.volunteer, suspect_choices, VILLAGE)]
    assert names == ["Uwera Alice", "Habimana Eric", "Ingabire Claudine"]
    assert act(ladder.volunteer, suspect_choices, OTHER_VILLAGE) == []


# What waits, and the columns that say so


def test_a_new_copy_waits_for_the_district_until_it_is_acknowledged(
    ladder: Ladder, filed: File, act: Act, web: Database
) -> None:
    referral = filed(urgency="emergency")

    def waits(db: Session, actor: Actor) -> set[Any]:
        return set(db.scalars(select(Referral.id).where(visible_referrals(actor), waiting_for(actor))))

    assert act(ladder.district, waits) == {referral.id}
    act(ladder.district, acknowledge_referral, referral.id)
    assert act(ladder.district, waits) == set()
    assert act(ladder.cell, waits) == {referral.id}


def test_a_place_filters_by_its_code(ladder: Ladder, everywhere: list[Referral], act: Act) -> None:
    def codes(**given: Any) -> set[int]:
        query = ReferralQuery(limit=200, **given)
        return {row.place_code for row in act(ladder.district, list_referrals, query).items}

    assert codes(place=DISTRICT) == codes(place=1101) == codes(place=110101) == {VILLAGE}
    assert codes(place=1102) == set()
    assert act(ladder.volunteer, list_referrals, ReferralQuery(place=OTHER_VILLAGE)).items
