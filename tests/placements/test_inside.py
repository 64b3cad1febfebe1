"""What surrounds a placement: preparation, package, legal acts, times away, a death, a life on one's own."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.approvals.queries import waiting_for
from app.approvals.schemas import Approve
from app.approvals.service import approve
from app.audit.models import AuditEvent
from app.children.models import Child, HouseholdMember
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.institutions.schemas import InstitutionChange
from app.institutions.service import change_institution
from app.placements.inside import (
    change_placement,
    correct_support,
    end_time_away,
    give_support,
    record_legal_act,
    report_death,
    start_time_away,
)
from app.placements.inside_queries import away_items_of, open_file, whereabouts
from app.placements.inside_schemas import (
    DeathReport,
    LegalActRecord,
    PreparationStart,
    StepDone,
    SupportContent,
    SupportGive,
    TimeAwayEnd,
    TimeAwayStart,
)
from app.placements.models import Placement, PlacementSetting, Preparation
from app.placements.preparing import do_step, preparations_of, start_preparation
from app.placements.rules import PREPARATION_ITEMS
from app.placements.schemas import EndPrevious, PlacementChange, PlacementEnd, PlacementStart, SleepsNext
from app.placements.service import end_placement, start_placement
from app.placements.words import AwayKind, EndReason, FundSource, LegalKind, PlacementKind
from app.tasks.models import Task
from app.visits.models import ChildAlert
from tests.clients import PageClient
from tests.make import (
    OTHER_DISTRICT,
    OTHER_SECTOR,
    actor_for,
    make_approval,
    make_case,
    make_child,
    make_household,
    make_institution,
    make_placement,
    make_preparation,
    make_task,
    make_time_away,
    reload,
)

K = PlacementKind
TODAY = clock.today()
Clients = Callable[[Actor | None], PageClient]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker, since=ago(100))


@pytest.fixture
def placement(db: Session, child: Child) -> Placement:
    return db.scalars(select(Placement).where(Placement.child_id == child.id)).one()


def open_tasks(db: Session, child: Child, kind: str) -> list[Task]:
    found = select(Task).where(Task.child_id == child.id, Task.kind == kind, Task.done_on.is_(None))
    return list(db.scalars(found.where(Task.cancelled_on.is_(None)).execution_options(populate_existing=True)))


# Preparation


def test_a_placement_is_prepared_step_by_step(db: Session, worker: Actor) -> None:
    child = make_child(db, institution=make_institution(db), worker=worker)
    begun = PreparationStart(kind=K.KINSHIP_FORMAL, planned_on=TODAY + timedelta(days=14))
    preparation_id, is_new = start_preparation(db, worker, child.id, begun)
    assert is_new
    with pytest.raises(Conflict):
        start_preparation(db, worker, child.id, begun)
    (task,) = open_tasks(db, child, "prepare")
    assert (task.due_on, task.post_id) == (begun.planned_on, worker.post_id)

    move = {"child": child.id, "kind": K.KINSHIP_FORMAL, "household": make_household(db).id, "started_on": TODAY}
    ends = {"end_previous": EndPrevious(reason=EndReason.MOVED_TO_PERMANENT)}
    with pytest.raises(FieldError) as caught:
        start_placement(db, worker, PlacementStart(**move, **ends))
    assert caught.value.errors[0][0] == "unprepared_reason"

    for code, _label in PREPARATION_ITEMS[:-1]:
        do_step(db, worker, preparation_id, StepDone(step=code, done_on=TODAY, done_by="Uwase"))
    do_step(db, worker, preparation_id, StepDone(step="child_told", done_on=ago(1), done_by="Uwase Marie"))
    (found,) = preparations_of(db, child.id)
    assert found.done == len(PREPARATION_ITEMS) - 1
    assert found.steps[0].done_by == "Uwase Marie", "said again it corrects the first"
    with pytest.raises(FieldError):
        do_step(db, worker, preparation_id, StepDone(step="dance", done_on=TODAY, done_by="Uwase"))

    reason = "The house closes tomorrow"
    placement_id, _new = start_placement(db, worker, PlacementStart(**move, **ends, unprepared_reason=reason))
    assert db.get_one(Placement, placement_id).unprepared_reason == reason
    assert reload(db, db.get_one(Preparation, preparation_id)).placement_id == placement_id
    assert open_tasks(db, child, "prepare") == []
    with pytest.raises(Conflict):
        do_step(db, worker, preparation_id, StepDone(step="start_package", done_on=TODAY, done_by="Uwase"))


def test_several_steps_are_ticked_on_one_page_and_saved_at_once(
    db: Session, client_for: Clients, api_for: Clients, worker: Actor
) -> None:
    child = make_child(db, institution=make_institution(db), worker=worker)
    preparation = make_preparation(db, child)
    client, address = client_for(worker), f"/preparations/{preparation.id}/done"
    form = client.open(f"{address}?step=child_told").form(address)
    assert (form["step[]"], form["_version"]) == ("child_told", str(preparation.version))
    ticked = form | {"step[]": ["child_told", "papers_ready", "belongings"]}
    page = client.post_form(address, ticked | {"done_on-year": "2099"}, status=422)
    assert page.html.count(" checked") == 3
    assert "The ticks are kept." in client.post_form(address, ticked).text
    (found,) = preparations_of(db, child.id)
    assert [step.step for step in found.steps if step.done_on] == ["child_told", "papers_ready", "belongings"]
    # Somebody else ticks one meanwhile: what was ticked here is kept on the page, and saved by sending it again.
    form = client.open(address).form(address)
    told = {"step": "siblings", "done_on": TODAY.isoformat(), "done_by": "Uwase"}
    assert api_for(worker).post(address, json=told).status_code == 200
    mine = {"step[]": ["family_told", "siblings"], "note": "They talked for an hour"}
    page = client.post_form(address, form | mine, status=412)
    again = page.form(address)
    assert (page.html.count(" checked"), again["note"]) == (2, mine["note"])
    client.post_form(address, again | mine)
    assert preparations_of(db, child.id)[0].done == 5
    # A step that is done is corrected, beginning with what was said of it.
    correct = client.open(f"{address}?step=siblings").form(address)
    assert (correct["step[]"], correct["note"]) == ("siblings", mine["note"])
    del correct["step[]"]
    assert "This is needed" in client.post_form(address, correct, status=422).text


def test_a_move_to_hospital_does_not_end_the_preparation(db: Session, worker: Actor, child: Child) -> None:
    begun = PreparationStart(kind=K.KINSHIP_FORMAL, planned_on=TODAY)
    preparation_id, _new = start_preparation(db, worker, child.id, begun)
    ends = EndPrevious(reason=EndReason.CAREGIVER_ILLNESS)
    start_placement(db, worker, PlacementStart(child=child.id, kind=K.HOSPITAL, started_on=TODAY, end_previous=ends))
    assert reload(db, db.get_one(Preparation, preparation_id)).placement_id is None


# What stands in a placement


def test_package_act_and_planned_end(db: Session, worker: Actor, child: Child, placement: Placement) -> None:
    for item, amount in (("Mattress", 30_000), ("Uniform", 12_500)):
        given = SupportGive(item=item, amount_rwf=amount, source=FundSource.PROGRAMME, given_on=TODAY)
        give_support(db, worker, placement.id, given)
    act = LegalActRecord(kind=LegalKind.COURT_ORDER, number="RC 1/26", decided_on=ago(3), body="Court of Gasabo")
    record_legal_act(db, worker, placement.id, act)
    ends_on = TODAY + timedelta(days=60)
    change_placement(db, worker, placement.id, PlacementChange(planned_end_on=ends_on, brought_by="The aunt"), 1)
    with pytest.raises(Stale):
        change_placement(db, worker, placement.id, PlacementChange(brought_by="The uncle"), 1)
    found = open_file(db, worker, placement.id)
    assert (found.support_rwf, found.legal_acts[0].number, found.brought_by) == (42_500, "RC 1/26", "The aunt")
    (task,) = open_tasks(db, child, "prepare")
    assert task.due_on == ends_on - timedelta(days=30)
    change_placement(db, worker, placement.id, PlacementChange(planned_end_on=None), None)
    assert open_tasks(db, child, "prepare") == []
    with pytest.raises(FieldError):
        give_support(db, worker, placement.id, given.model_copy(update={"given_on": TODAY + timedelta(days=1)}))


def test_what_was_given_is_put_right_and_the_event_names_what_changed(
    db: Session, worker: Actor, child: Child, placement: Placement
) -> None:
    given = SupportGive(item="Mattress", amount_rwf=300_000, source=FundSource.PROGRAMME, given_on=TODAY)
    support_id, _new = give_support(db, worker, placement.id, given)
    right = SupportContent(item="Mattress", amount_rwf=30_000, source=FundSource.PARTNER, given_on=TODAY)
    assert correct_support(db, worker, support_id, right, 1) == placement.id
    with pytest.raises(Stale):
        correct_support(db, worker, support_id, right, 1)
    ahead = right.model_copy(update={"given_on": TODAY + timedelta(days=1)})
    with pytest.raises(FieldError), db.begin_nested():
        correct_support(db, worker, support_id, ahead, 2)
    correct_support(db, worker, support_id, right, None)
    (row,) = open_file(db, worker, placement.id).support
    assert (row.amount_rwf, row.source, row.version) == (30_000, FundSource.PARTNER, 3)
    told = db.scalars(select(AuditEvent.content).where(AuditEvent.kind == "support.corrected")).all()
    assert [one["fields"] for one in told] == [["amount_rwf", "source"]], "nothing changed the second time"
    with pytest.raises(NotFound):
        correct_support(db, worker, new_id(), right, None)
    with pytest.raises(NotFound):
        correct_support(db, actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT), support_id, right, None)
    with pytest.raises(Forbidden):
        correct_support(db, actor_for(db, Role.PSYCHOLOGIST), support_id, right, None)


@pytest.mark.parametrize("given", [{"amount_rwf": -1}, {"amount_rwf": 10**12}, {"quantity": 0}, {"item": "\x00"}])
def test_amounts_that_cannot_be(given: dict[str, Any]) -> None:
    values = {"item": "Goat", "amount_rwf": 1, "source": "programme", "given_on": TODAY} | given
    with pytest.raises(ValueError, match=next(iter(given))):
        SupportGive.model_validate(values)


def test_where_a_child_was_on_a_day(db: Session, worker: Actor, child: Child, placement: Placement) -> None:
    away = TimeAwayStart(kind=AwayKind.HOSPITAL, from_on=ago(20), place="Muhima")
    away_id, _new = start_time_away(db, worker, placement.id, away)
    second = TimeAwayStart(kind=AwayKind.RESPITE, from_on=ago(10), until_on=ago(9), place="The aunt")
    with pytest.raises(FieldError, match="look"):
        start_time_away(db, worker, placement.id, second)
    end_time_away(db, worker, away_id, TimeAwayEnd(until_on=ago(15)))
    with pytest.raises(Conflict):
        end_time_away(db, worker, away_id, TimeAwayEnd(until_on=ago(14)))

    def on(day: date) -> tuple[str | None, str | None]:
        found = whereabouts(db, worker, child.id, day)[1]
        return (found.placement and found.placement.kind.value, found.away and found.away.kind.value)

    home = "foster_malayika_murinzi"
    assert on(ago(101)) == (None, None)
    assert on(ago(21)) == (home, None)
    assert on(ago(20)) == (home, "hospital")
    assert on(ago(15)) == (home, None)
    assert [item.when for item in away_items_of(db, worker, child.id)] == [ago(15), ago(20)]


@pytest.mark.parametrize(
    ("from_days", "until_days", "field"),
    [(-1, None, "from_on"), (101, 90, "from_on"), (20, 21, "until_on"), (20, -1, "until_on")],
)
def test_a_time_away_lies_inside_the_placement(
    db: Session, worker: Actor, placement: Placement, from_days: int, until_days: int | None, field: str
) -> None:
    until = ago(until_days) if until_days is not None else None
    command = TimeAwayStart(kind=AwayKind.OTHER, from_on=ago(from_days), until_on=until, place="Somewhere")
    with pytest.raises(FieldError) as caught:
        start_time_away(db, worker, placement.id, command)
    assert caught.value.errors[0][0] == field


def test_a_time_away_ends_with_the_placement_or_moves_to_the_next(
    db: Session, worker: Actor, child: Child, placement: Placement
) -> None:
    early = make_time_away(db, placement, from_on=ago(50), until_on=ago(30))
    late = make_time_away(db, placement, from_on=ago(10))
    ends = EndPrevious(reason=EndReason.MOVED_TO_PERMANENT)
    command = PlacementStart(
        child=child.id, kind=K.KINSHIP_FORMAL, household=make_household(db).id, started_on=ago(40), end_previous=ends
    )
    placement_id, _new = start_placement(db, worker, command)
    early, late = reload(db, early), reload(db, late)
    assert (early.placement_id, early.until_on) == (placement.id, ago(40))
    assert (late.placement_id, late.until_on) == (placement_id, None)
    end_placement(db, worker, placement_id, PlacementEnd(ended_on=ago(2), reason=EndReason.REUNIFIED))
    assert reload(db, late).until_on == ago(2)


# Disruption


def test_an_unplanned_end_starts_the_emergency_place_and_asks_for_a_decision(
    db: Session, worker: Actor, child: Child, placement: Placement
) -> None:
    family = make_household(db, capacity=0)
    ends = {"ended_on": TODAY, "reason": EndReason.ABUSE_IN_PLACEMENT}
    full = PlacementEnd(**ends, next=SleepsNext(kind=K.FOSTER_EMERGENCY, household=family.id))
    with pytest.raises(FieldError) as caught, db.begin_nested():
        end_placement(db, worker, placement.id, full, 1)
    assert caught.value.errors[0][0] == "next.household"
    family.capacity = 1
    db.flush()
    end_placement(db, worker, placement.id, full, 1)
    assert reload(db, child).lives_as == "foster_emergency"
    (decide,) = open_tasks(db, child, "decide_again")
    assert decide.due_on == TODAY + timedelta(days=7)
    with pytest.raises(Conflict):
        end_placement(db, worker, placement.id, full)

    lasting = PlacementStart(
        child=child.id,
        kind=K.KINSHIP_FORMAL,
        household=make_household(db).id,
        started_on=TODAY,
        end_previous=EndPrevious(reason=EndReason.MOVED_TO_PERMANENT),
    )
    start_placement(db, worker, lasting)
    assert open_tasks(db, child, "decide_again") == []


@pytest.mark.parametrize("reason", [EndReason.CHILD_DEATH, EndReason.DATA_CORRECTION])
def test_after_a_death_or_a_mistake_nobody_is_asked(
    db: Session, worker: Actor, child: Child, placement: Placement, reason: EndReason
) -> None:
    command = PlacementEnd(ended_on=TODAY, reason=reason, next=SleepsNext(kind=K.UNKNOWN))
    with pytest.raises(FieldError):
        end_placement(db, worker, placement.id, command)
    end_placement(db, worker, placement.id, PlacementEnd(ended_on=TODAY, reason=reason))
    assert open_tasks(db, child, "decide_again") == []


def test_a_caregiver_who_dies_the_day_before_a_visit(
    db: Session, client_for: Clients, worker: Actor, child: Child, placement: Placement
) -> None:
    member = HouseholdMember(household_id=child.household_id, name="Uwase Marie", relation="head", is_caregiver=True)
    db.add(member)
    colleague = actor_for(db, Role.SOCIAL_WORKER)
    other = make_child(db, given="Gisa", household=None, worker=colleague)
    family = placement.household_id
    make_placement(db, other, household=db.get_one(type(make_household(db)), family))
    due = make_task(db, child, due_on=TODAY, subject_id=placement.id)
    report = DeathReport(member=member.id, died_on=ago(1), note="After an accident")
    report_death(db, worker, placement.id, report)
    assert reload(db, member).left_on == ago(1)
    assert [task.post_id for task in open_tasks(db, child, "follow_worry")] == [worker.post_id]
    assert [task.post_id for task in open_tasks(db, other, "follow_worry")] == [colleague.post_id]
    assert set(db.scalars(select(ChildAlert.child_id))) == {child.id, other.id}
    assert reload(db, placement).ended_on is None, "it stays until it is decided"
    assert reload(db, due).cancelled_on is None
    page = client_for(worker).open(f"/placements/{placement.id}/visits/new")
    assert "Uwase Marie, a caregiver here, died on" in page.text
    with pytest.raises(FieldError):
        report_death(db, worker, placement.id, report.model_copy(update={"member": placement.id}))


# A life on one's own


def test_who_lives_alone_is_old_enough_as_the_programme_sets_it(db: Session, worker: Actor) -> None:
    young = make_child(db, worker=worker, born_on=TODAY - timedelta(days=int(15.5 * 365.25)))
    alone = {"child": young.id, "kind": K.SUPPORTED_INDEPENDENT_LIVING, "started_on": TODAY}
    with pytest.raises(FieldError, match="look"):
        start_placement(db, worker, PlacementStart(**alone))
    db.get_one(PlacementSetting, "lives_alone_from").value = 15
    db.flush()
    told = {"address": "Behind the market of Gitega", "mentor": "Mukamana, 0788", "rent_until": TODAY + timedelta(90)}
    placement_id, _new = start_placement(db, worker, PlacementStart(**alone, **told))
    found = open_file(db, worker, placement_id)
    assert (found.address, found.mentor, found.household) == (told["address"], told["mentor"], None)


# Who may


def test_another_workers_placement_is_read_and_not_changed(db: Session, placement: Placement) -> None:
    colleague = actor_for(db, Role.SOCIAL_WORKER)
    assert open_file(db, colleague, placement.id).id == placement.id
    with pytest.raises(Forbidden):
        change_placement(db, colleague, placement.id, PlacementChange(note="Mine"), None)


def test_residents_follow_their_institution_to_another_sector(db: Session, worker: Actor) -> None:
    home = make_institution(db)
    resident = make_child(db, institution=home, worker=worker)
    case = make_case(db, resident)
    task = make_task(db, resident, due_on=TODAY)
    former = make_task(db, resident, due_on=ago(9), done_on=ago(9))
    left = make_child(db, given="Gisa", worker=worker)
    before = make_placement(db, left, institution=home, started_on=ago(90), ended_on=ago(9))
    change_institution(db, worker, home.id, InstitutionChange(sector=1102), version=None)
    now = reload(db, home).area_code
    stay = db.scalars(select(Placement).where(Placement.child_id == resident.id)).one()
    for followed in (resident, case, task, stay):
        assert reload(db, followed).area_code == now
    for stays in (former, left, before):
        assert reload(db, stays).area_code != now


def test_what_waits_about_residents_follows_them_to_the_supervisor_who_decides_now(db: Session, web: Database) -> None:
    author = actor_for(db, Role.SOCIAL_WORKER)
    far, watching = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT), actor_for(db, Role.DISTRICT_SUPERVISOR, 21)
    home = make_institution(db)
    resident, watched = (make_child(db, given=given, institution=home, worker=author) for given in ("Keza", "Gisa"))
    watched.supervising_post_id = watching.post_id
    moves, stays = make_approval(db, resident, author), make_approval(db, watched, author)
    over = make_approval(db, resident, author, state="returned", decided_at=clock.now())
    asked = make_task(db, resident, kind="accept_transfer", due_on=TODAY)
    asked.area_code = stays.area_code = 21000000
    before = over.area_code
    db.flush()
    manager = actor_for(db, Role.NATIONAL_MANAGER)
    with web.unit_of_work() as acting:
        bind_actor(acting, manager)
        change_institution(acting, manager, home.id, InstitutionChange(sector=OTHER_SECTOR), version=None)
    now = reload(db, home).area_code
    assert [reload(db, child).area_code for child in (resident, watched)] == [now, now]
    assert reload(db, moves).area_code == now
    assert [reload(db, kept).area_code for kept in (stays, asked)] == [21000000, 21000000]
    assert reload(db, over).area_code == before
    assert [row.id for row in waiting_for(db, far)] == [moves.id]
    assert [row.id for row in waiting_for(db, watching)] == [stays.id]
    approve(db, far, moves.id, Approve())


def test_the_pages_of_a_placement(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    client = client_for(worker)
    page = client.open(f"/placements/{placement.id}")
    for words in ("Start package", "What makes it lawful", "Times away", "The day itself"):
        assert words in page.text
    form = client.open(f"/placements/{placement.id}/edit").form(f"/placements/{placement.id}/edit")
    page = client.post_form(f"/placements/{placement.id}/edit", form | {"child_was": "Calm, and <b>curious</b> 🙂"})
    assert "Calm, and <b>curious</b> 🙂" in page.text
    page = client.post_form(f"/placements/{placement.id}/edit", form | {"note": "Kept"}, status=412)
    assert page.form(f"/placements/{placement.id}/edit")["note"] == "Kept"
    assert "Nothing is being prepared" in client.open(f"/children/{child.id}/preparation").text
    begin = f"/children/{child.id}/preparation/begin"
    day = TODAY + timedelta(days=3)
    dated = {"planned_on-day": str(day.day), "planned_on-month": str(day.month), "planned_on-year": str(day.year)}
    page = client.post_form(begin, client.open(begin).form(begin) | dated | {"kind": "kinship_formal"})
    assert "The child was told and asked" in page.text
    whereabouts_page = client.open(f"/children/{child.id}/whereabouts?on={ago(10).isoformat()}")
    assert "Foster family" in whereabouts_page.text
    client.open(f"/children/{child.id}/whereabouts?on=yesterday", status=422)


def test_what_was_given_is_corrected_on_its_page(
    db: Session, client_for: Callable[[Actor | None], PageClient], worker: Actor, placement: Placement
) -> None:
    given = SupportGive(item="Mattress", amount_rwf=300_000, source=FundSource.PROGRAMME, given_on=TODAY)
    support_id, _new = give_support(db, worker, placement.id, given)
    client = client_for(worker)
    edit = f"/support/{support_id}/edit"
    assert client.open(f"/placements/{placement.id}").links()["Correct: Mattress"] == edit
    form = client.open(edit).form(edit)
    assert (form["item"], form["amount_rwf"], form["source"]) == ("Mattress", "300000", "programme")
    wrong = client.post_form(edit, form | {"quantity": "many"}, status=422)
    assert "Write a whole number" in wrong.text
    page = client.post_form(edit, form | {"amount_rwf": "30000"})
    assert "It is corrected" in page.text
    assert "30,000" in page.text
    stale = client.post_form(edit, form | {"amount_rwf": "31000"}, status=412)
    assert "What did it cost in all? 30,000 Rwf" in stale.text
    assert "31,000" in client.post_form(edit, stale.form(edit)).text
    colleague = client_for(actor_for(db, Role.PSYCHOLOGIST))
    assert "Correct: Mattress" not in colleague.open(f"/placements/{placement.id}").links()
    colleague.open(edit, status=403)
