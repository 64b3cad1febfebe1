from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.approvals.models import Approval
from app.audit.models import AuditEvent
from app.children.models import Child, Household
from app.core import clock
from app.instruments.history import items_of
from app.instruments.models import InstrumentAnswers, InstrumentChoice
from app.instruments.queries import definition_of
from tests.clients import PageClient
from tests.make import OTHER_VILLAGE, actor_for, make_answers, make_child, make_household, reload

Clients = Callable[[Actor | None], PageClient]
TODAY = clock.today()
WELLBEING = (
    "food", "nutrition_growth", "health", "health_access", "shelter", "care", "caregiver_wellbeing",
    "household_economy", "safety", "legal", "emotional", "social", "learning", "school_work",
)  # fmt: skip


@pytest.fixture
def worker(db: Session) -> Actor:
    return actor_for(db, Role.SOCIAL_WORKER, name="Uwera Alice")


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def answers_of(db: Session, child: Child, **wanted: Any) -> list[InstrumentAnswers]:
    statement = select(InstrumentAnswers).where(InstrumentAnswers.child_id == child.id).filter_by(**wanted)
    return list(db.scalars(statement.order_by(InstrumentAnswers.id)))


def test_a_form_is_filled_in_part_by_part_and_submitted(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    client = client_for(worker)
    address = f"/children/{child.id}/instruments"
    page = client.open(address)
    assert "No form yet" in page.text
    page = client.post_form(f"{address}/wellbeing/start", page.form(f"{address}/wellbeing/start"))
    draft = answers_of(db, child)[0]
    assert page.url.endswith(f"/drafts/{draft.id}")
    assert "Not begun" in page.text
    page = client.open(f"/drafts/{draft.id}/sections/body")
    assert "Goes without a meal on most days" in page.text
    path = f"/drafts/{draft.id}/sections/body"
    page = client.post_form(path, page.form(path) | {"q-food": "2", "q-health": "not_assessed"})
    assert page.url.endswith("/sections/home"), "saving leads to the next part"
    assert "Saved: Food and health" in page.text
    assert "Not finished" in client.open(f"/drafts/{draft.id}").text
    page = client.post_form(f"/drafts/{draft.id}/submit", status=422)
    assert "This question needs an answer" in page.text
    for section, typed in {
        "body": {"q-food": "2", "q-nutrition_growth": "3", "q-health": "not_assessed", "q-health_access": "4"},
        "home": {"q-shelter": "1", "q-care": "4", "q-caregiver_wellbeing": "3", "q-household_economy": "2"},
        "protection": {"q-safety": "4", "q-legal": "3"},
        "growing": {"q-emotional": "3", "q-social": "3", "q-learning": "4", "q-school_work": "4"},
        "voice": {"q-heard_alone": "yes", "q-child_voice": "I like the goats"},
    }.items():
        path = f"/drafts/{draft.id}/sections/{section}"
        client.post_form(path, client.open(path).form(path) | typed)
    page = client.open(f"/drafts/{draft.id}/check")
    assert "2 – Bad: Is often hungry, or eats only one thing" in page.text
    page = client.post_form(f"/drafts/{draft.id}/submit")
    assert page.url.endswith(f"/answers/{draft.id}")
    assert "I like the goats" in page.text
    found = reload(db, draft)
    assert (found.state, found.submitted_by) == ("submitted", worker.account_id)
    assert found.scores == {"worrying": 3, "lowest": 1}
    assert found.answers["health"] == "not_assessed", "never a zero"
    assert "Submitted" in client.open(address).text
    kinds = set(db.scalars(select(AuditEvent.kind).where(AuditEvent.subject_id == child.id)))
    assert kinds >= {"instrument.started", "instrument.saved", "instrument.submitted", "instrument.opened"}


def test_starting_twice_opens_the_draft_that_is_there(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    client = client_for(worker)
    for _click in range(2):
        page = client.post_form(f"/children/{child.id}/instruments/wellbeing/start")
    assert "open already" in page.text
    assert len(answers_of(db, child)) == 1


def test_two_phones_merge_parts_and_the_second_saver_of_one_is_told(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, name="Gatete Jean")
    draft = make_answers(db, child, worker, state="draft")
    path, other = (f"/drafts/{draft.id}/sections/{section}" for section in ("body", "home"))
    first, second = client_for(worker), client_for(supervisor)
    mine, theirs = first.open(path).form(path), second.open(path).form(path)
    elsewhere = second.open(other).form(other)
    first.post_form(path, mine | {"q-food": "2", "q-health": "1"})
    second.post_form(other, elsewhere | {"q-shelter": "4"})
    assert reload(db, draft).answers == {"food": 2, "health": 1, "shelter": 4}, "different parts are merged"
    page = second.post_form(path, theirs | {"q-food": "4"}, status=412)
    assert "Uwera Alice saved it" in page.text
    assert "Is often hungry" in page.text
    assert "Eats enough and varied food every day" in page.text
    assert reload(db, draft).answers["food"] == 2
    second.post_form(path, page.form(path))
    assert reload(db, draft).answers == {"food": 4, "health": 1, "shelter": 4}, "what only one answered is joined"


def test_saving_the_same_again_is_no_conflict(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    draft = make_answers(db, child, worker, state="draft")
    path = f"/drafts/{draft.id}/sections/body"
    client = client_for(worker)
    form = client.open(path).form(path) | {"q-food": "2"}
    for _click in range(2):
        client.post_form(path, form)


def test_typing_is_saved_as_one_goes(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    draft = make_answers(db, child, worker, instrument="child_assessment", state="draft", answers={})
    path = f"/drafts/{draft.id}/sections/talk"
    client = client_for(worker)
    page = client.open(path)
    assert f'data-autosave="{path}/autosave"' in page.html
    assert f'data-keep="{draft.id}:talk:{worker.account_id}"' in page.html
    typed = {"_version": "0", "q-assessed_on-day": "3", "q-heard[]": "mother"}
    answer = client.post(f"{path}/autosave", data=typed)
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert answer.json()["left_out"] == 1, "half a date waits"
    assert reload(db, draft).answers == {"heard": ["mother"]}
    assert client.post(f"{path}/autosave", data=typed | {"q-heard[]": "father"}).status_code == 412
    signed_out = client_for(None).post(f"{path}/autosave", data=typed, follow_redirects=False)
    assert signed_out.status_code == 303


def test_the_day_of_an_assessment_is_today_until_somebody_says_otherwise(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    draft = make_answers(db, child, worker, instrument="child_assessment", state="draft", answers={}, sections={})
    path = f"/drafts/{draft.id}/sections/talk"
    client = client_for(worker)
    form = client.open(path).form(path)
    boxes = [f"q-assessed_on-{part}" for part in ("year", "month", "day")]
    assert [int(form[box]) for box in boxes] == [TODAY.year, TODAY.month, TODAY.day]
    assert reload(db, draft).answers == {}, "what nobody has seen is no answer"
    client.post_form(path, form | dict.fromkeys(boxes, ""))
    assert not any(client.open(path).form(path).get(box) for box in boxes), "what was emptied stays empty"
    ahead = make_answers(db, child, worker, instrument="best_interest", state="draft", answers={}, sections={})
    path = f"/drafts/{ahead.id}/sections/after"
    assert not client.open(path).form(path).get("q-review_on-day")


def test_a_post_after_the_session_ended_comes_back_to_its_page(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    draft = make_answers(db, child, worker, state="draft")
    path = f"/drafts/{draft.id}/sections/body"
    headers = {"Referer": f"http://testserver{path}"}
    answer = client_for(None).post(path, data={"q-food": "2"}, headers=headers, follow_redirects=False)
    assert answer.headers["location"] == f"/sign-in?next={path}"
    abroad = client_for(None).post(path, headers={"Referer": "https://elsewhere.rw/x"}, follow_redirects=False)
    assert abroad.headers["location"] == "/sign-in"


@pytest.mark.parametrize("typed", ["9", "0", "x", "\u00b2", "<script>alert(1)</script>", "4\x00"])
def test_a_step_that_is_none_is_told_at_its_question(
    typed: str, db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    draft = make_answers(db, child, worker, state="draft")
    path = f"/drafts/{draft.id}/sections/body"
    page = client_for(worker).post_form(path, {"_version": "0", "q-food": typed, "q-health": "3"}, status=422)
    assert "Choose one of the answers" in page.text
    assert page.form(path)["q-health"] == "3", "nothing that was typed is lost"
    assert reload(db, draft).answers == {}


def test_a_question_on_a_condition_says_so_and_is_left_out_when_it_falls_away(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    draft = make_answers(db, child, worker, state="draft", answers=dict.fromkeys(WELLBEING, 3))
    path = f"/drafts/{draft.id}/sections/voice"
    client = client_for(worker)
    assert "Only if the answer to “Could you speak with the child alone?” is: No" in client.open(path).text
    typed = {"_version": "0", "q-heard_alone": "yes", "q-why_not_alone": "The aunt stayed"}
    client.post_form(path, typed)
    assert reload(db, draft).answers["why_not_alone"] == "The aunt stayed", "a draft forgets nothing"
    page = client.post_form(f"/drafts/{draft.id}/submit")
    assert "why_not_alone" not in reload(db, draft).answers
    assert "The aunt stayed" not in page.text


def test_a_correction_names_the_old_set_and_replaces_it(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    full = dict.fromkeys(WELLBEING, 3) | {"heard_alone": True}
    old = make_answers(db, child, worker, answers=full)
    client = client_for(worker)
    page = client.post_form(f"/answers/{old.id}/correct")
    new = answers_of(db, child, state="draft")[0]
    assert page.url.endswith(f"/drafts/{new.id}")
    assert (new.replaces_id, new.answers) == (old.id, full)
    path = f"/drafts/{new.id}/sections/body"
    client.post_form(path, client.open(path).form(path) | {"q-food": "1"})
    client.post_form(f"/drafts/{new.id}/submit")
    assert (reload(db, old).state, old.answers["food"]) == ("superseded", 3)
    assert "There is a newer set of answers" in client.open(f"/answers/{old.id}").text
    page = client.open(f"/answers/{new.id}")
    assert f"/answers/{old.id}" in page.html


def test_an_assessment_is_put_up_for_approval_and_corrected_when_returned(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    made = make_answers(db, child, worker, instrument="child_assessment", answers={"story": "Came alone"})
    client = client_for(worker)
    page = client.open(f"/answers/{made.id}")
    assert "Ask for approval" in page.text
    page = client.post_form(f"/answers/{made.id}/request-approval")
    assert "Waiting for approval" in page.text
    assert "Ask for approval" not in page.text
    page = client.post_form(f"/answers/{made.id}/correct", status=409)
    assert "take the request back first" in page.text
    approval = db.scalars(select(Approval).where(Approval.subject_id == made.id)).one()
    supervisor = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    told = supervisor.open(approval.path)
    assert "Came alone" in told.text
    assert told.links()["Open the request"] == f"/approvals/{approval.id}"
    supervisor.post_form(f"/approvals/{approval.id}/return", {"reason": "The father is not mentioned"})
    page = client.open(f"/answers/{made.id}")
    assert "The father is not mentioned" in page.text
    client.post_form(f"/answers/{made.id}/correct")


def test_wellbeing_is_not_put_up_for_approval(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    made = make_answers(db, child, worker)
    assert "Ask for approval" not in client_for(worker).open(f"/answers/{made.id}").text
    client_for(worker).post_form(f"/answers/{made.id}/request-approval", status=409)


def test_the_last_sets_stand_side_by_side(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    client = client_for(worker)
    address = f"/children/{child.id}/instruments/wellbeing/compare"
    assert "Nothing to compare yet" in client.open(address).text
    make_answers(db, child, worker, answers={"food": 2, "safety": 4, "care": 3}, scores={"lowest": 2})
    make_answers(db, child, worker, answers={"food": 4, "safety": 1, "care": 3}, scores={"lowest": 1})
    page = client.open(address)
    assert "Better" in page.text
    assert "Worse" in page.text
    assert "2 – Bad" in page.text
    assert page.html.count('class="steps"') == 3
    client.open(f"/children/{child.id}/instruments/nonsense/compare", status=404)


def test_a_draft_in_an_older_version_goes_on_as_it_is_or_is_carried_over(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    draft = make_answers(db, child, worker, instrument="caregiver_feedback", state="draft", answers={"heard": 2})
    client = client_for(worker)
    assert "newer version" not in client.open(f"/drafts/{draft.id}").text
    supervisor = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    page = supervisor.open("/instruments")
    supervisor.post_form(
        "/instruments/caregiver_feedback/switch-on", page.form("/instruments/caregiver_feedback/switch-on")
    )
    assert db.scalars(select(InstrumentChoice.district_code)).all() == [11]
    page = client.open(f"/drafts/{draft.id}")
    assert "There is a newer version of this form" in page.text
    page = client.post_form(f"/drafts/{draft.id}/carry-over")
    new = answers_of(db, child, state="draft")[0]
    assert (new.instrument_version, new.answers, new.replaces_id) == (2, {"heard": 2}, draft.id)
    assert reload(db, draft).state == "superseded"
    assert "not a draft any more" in client.open(f"/drafts/{draft.id}").text
    far = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR, 12)).open("/instruments")
    assert "Switch version 2 on" in far.text, "another district decides for itself"
    supervisor.post_form("/instruments/caregiver_feedback/switch-on", {"version": "2"}, status=409)


def test_what_follows_for_a_disability_is_taken_over_by_one_button(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    made = make_answers(db, child, worker, instrument="child_functioning_5_17", scores={"disability": "yes"})
    client = client_for(worker)
    assert "Take it into the record" in client.open(f"/answers/{made.id}").text
    page = client.post_form(f"/answers/{made.id}/take-over")
    assert reload(db, child).has_disability is True
    assert "Take it into the record" not in page.text
    unknown = make_answers(db, child, worker, instrument="child_functioning_5_17", scores={"disability": "unknown"})
    client.post_form(f"/answers/{unknown.id}/take-over", status=409)


def test_only_forms_for_the_age_are_offered(db: Session, client_for: Clients, worker: Actor) -> None:
    baby = make_child(db, worker=worker, born_on=clock.today())
    page = client_for(worker).open(f"/children/{baby.id}/instruments")
    assert "child_functioning" not in page.html
    page = client_for(worker).post_form(f"/children/{baby.id}/instruments/child_functioning_2_4/start", status=409)
    assert "made for another age" in page.text


def test_psychological_answers_open_to_their_author_and_the_responsible_worker_only(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    author = actor_for(db, Role.PSYCHOLOGIST)
    made = make_answers(
        db, child, author, instrument="sdq_scores", sensitive="psychological", answers={"remark": "kirazira"}
    )
    for reader in (author, worker):
        assert "kirazira" in client_for(reader).open(f"/answers/{made.id}").text
    others = [Role.PSYCHOLOGIST, Role.SOCIAL_WORKER, Role.DISTRICT_SUPERVISOR]
    for role in others:
        client = client_for(actor_for(db, role))
        client.open(f"/answers/{made.id}", status=404)
        client.open(f"/drafts/{made.id}", status=404)
        assert str(made.id) not in client.open(f"/children/{child.id}/instruments").html
        assert "kirazira" not in client.open(f"/children/{child.id}/instruments/sdq_scores/compare").text
    assert "kirazira" in client_for(worker).open(f"/children/{child.id}/instruments/sdq_scores/compare").text


def test_a_psychologist_fills_in_the_scores_in_any_case_of_the_district(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    author = actor_for(db, Role.PSYCHOLOGIST)
    client = client_for(author)
    client.post_form(f"/children/{child.id}/instruments/sdq_scores/start")
    draft = answers_of(db, child)[0]
    assert draft.sensitive == "psychological"
    assert "Go on" in client.open(f"/drafts/{draft.id}").text
    path = f"/drafts/{draft.id}/sections/scores"
    client.post_form(path, client.open(path).form(path) | {"q-total": "17"})
    assert reload(db, draft).answers == {"total": 17, "asked_on": TODAY.isoformat()}
    client_for(worker).post_form(f"/children/{child.id}/instruments/sdq_scores/start", status=403)
    client.post_form(f"/children/{child.id}/instruments/wellbeing/start", status=403)
    client_for(worker).post_form(path, {"_version": "1", "q-total": "3"}, status=403)


def test_somebody_elses_case_is_read_and_not_written(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    draft = make_answers(db, child, worker, state="draft")
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    assert "Save" not in client.open(f"/drafts/{draft.id}").links()
    client.open(f"/drafts/{draft.id}/sections/body", status=403)
    client.post_form(f"/drafts/{draft.id}/sections/body", {"_version": "0", "q-food": "1"}, status=403)
    client_for(actor_for(db, Role.SOCIAL_WORKER, 12)).open(f"/drafts/{draft.id}", status=404)


def test_the_assessment_of_a_family_names_its_household_on_each_page(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    client = client_for(worker)
    address = f"/children/{child.id}/instruments"
    start = f"{address}/family_assessment/start"
    home = db.get_one(Household, child.household_id)
    aunt = make_household(db, head="Mukamana Rose")
    page = client.open(address)
    assert page.form(start)["household_code"] == home.code
    wrong = client.post_form(start, page.form(start) | {"household_code": "FAM-ZZZZZZ"}, status=422)
    assert wrong.form(start)["household_code"] == "FAM-ZZZZZZ"
    assert "There is no such household" in wrong.text
    client.post_form(start, page.form(start) | {"household_code": aunt.code.lower()})
    draft = answers_of(db, child)[0]
    assert draft.household_id == aunt.id
    named = f"Household: Mukamana Rose, {aunt.code}"
    first = definition_of(draft).sections[0].key
    for path in (f"/drafts/{draft.id}", f"/drafts/{draft.id}/sections/{first}", f"/drafts/{draft.id}/check"):
        assert named in client.open(path).text
    assert aunt.code in client.open(address).text
    made = make_answers(db, child, worker, instrument="family_assessment", household_id=aunt.id)
    assert named in client.open(f"/answers/{made.id}").text
    assert named in items_of(db, worker, child.id)[0].meta, "and in the story"


def test_a_household_out_of_reach_is_not_named(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    far = make_household(db, head="Mukamana Rose", village=OTHER_VILLAGE)
    made = make_answers(db, child, worker, instrument="family_assessment", household_id=far.id)
    home = make_answers(db, child, worker, instrument="family_assessment", household_id=child.household_id)
    page = client_for(worker).open(f"/answers/{made.id}")
    assert "Mukamana" not in page.html
    assert far.code not in page.html
    assert "Household: " in client_for(worker).open(f"/answers/{home.id}").text
