from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.finding.models import DuplicateQuestion
from tests.make import OTHER_DISTRICT, OTHER_VILLAGE, actor_for, make_child, make_join, make_question, reload


def test_a_worker_registers_and_asks_the_worker_elsewhere(db: Session, client_for: Any) -> None:
    worker, far_worker = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    other = make_child(
        db, given="Arine", family="Ngabo", village=OTHER_VILLAGE, worker=far_worker, born_on=date(2016, 5, 4)
    )
    client = client_for(worker)
    form = {"given_name": "Aline", "family_name": "Ngabo", "sex": "female", "birth_precision": "day"}
    form |= {"born_on-day": "4", "born_on-month": "5", "born_on-year": "2016"}
    page = client.post_form("/children/new", form)
    page = client.post_form("/children/new", page.form("/children/new") | {"_duplicates": "ask"})
    assert page.h1 == "Records of the same child"
    assert f"{other.code}, district Gasabo" in page.text
    address = page.url.removeprefix("http://testserver").replace("/duplicates", "/duplicate-questions")
    page = client.post_form(address, page.form(address))
    assert "The worker of that record is asked" in page.text
    assert "Arine" not in page.html
    question = db.scalars(select(DuplicateQuestion)).one()
    far = client_for(far_worker)
    page = far.open(f"/duplicate-questions/{question.id}")
    assert "Aline Ngabo" in page.text
    page = far.post_form(f"/duplicate-questions/{question.id}/answer", {"answer": ""}, status=422)
    page = far.post_form(f"/duplicate-questions/{question.id}/answer", {"answer": "same"})
    assert "who asked is told" in page.text
    page = client.open(f"/duplicate-questions/{question.id}")
    assert "It is the same child" in page.text
    page = client.open(client.open(f"/children/{question.child_id}").links()["Records of the same child"])
    assert f"/children/{question.child_id}/joins/new?other={other.id}" in page.links().values()
    page = client.open(f"/children/{question.child_id}/joins/new?other={other.id}")
    assert "Its worker says that it is the same child" in page.text
    assert "Arine" not in page.html


def test_what_was_answered_stands_beside_the_record_and_can_be_asked_again(db: Session, client_for: Any) -> None:
    worker, far_worker = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    child, other = make_child(db, worker=worker), make_child(db, village=OTHER_VILLAGE, worker=far_worker)
    question = make_question(db, child, other, worker)
    client = client_for(worker)
    address, ask = f"/children/{child.id}/duplicates", f"/children/{child.id}/duplicate-questions"
    assert ask not in client.open(address).html
    far = client_for(far_worker)
    far.post_form(f"/duplicate-questions/{question.id}/answer", {"answer": "cannot_say"})
    page = client.open(address)
    assert "Ask again" in page.text
    assert "I cannot say" in page.text
    client.post_form(ask, page.form(ask))
    assert len(db.scalars(select(DuplicateQuestion)).all()) == 2


def test_a_supervisor_joins_two_records_and_the_closed_one_leads_on(db: Session, client_for: Any, api_for: Any) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    kept, gone = make_child(db), make_child(db, given="Kezza")
    client = client_for(supervisor)
    page = client.open(f"/children/{kept.id}/duplicates")
    assert "Compare and join" in page.text
    address = f"/children/{kept.id}/joins/new"
    page = client.open(f"{address}?other={gone.id}")
    page = client.post_form(address, page.form(address) | {"keep": "this", "reason": ""}, status=422)
    page = client.post_form(address, page.form(address) | {"keep": "this", "reason": "One mother"})
    assert "The two records are joined." in page.text
    join = page.url.removeprefix("http://testserver")
    answer = client.get(f"/children/{gone.id}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, f"/children/{kept.id}")
    assert answer.headers["cache-control"] == "no-store"
    answer = api_for(supervisor).get(f"/children/{gone.id}", follow_redirects=False)
    assert (answer.status_code, answer.json()["instead"]) == (307, f"/api/v1/children/{kept.id}")
    answer = api_for(supervisor).post(f"/children/{gone.id}/restrict", json={"restricted": True})
    assert answer.status_code == 404
    page = client.post_form(f"{join}/part", {"reason": "Seen together"})
    assert "The two records are parted again." in page.text
    assert reload(db, gone).joined_into is None
    assert "Kezza" in client.open(f"/children/{gone.id}").text


def test_a_join_form_of_nonsense_says_so(db: Session, client_for: Any) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    child, far = make_child(db), make_child(db, village=OTHER_VILLAGE)
    client = client_for(supervisor)
    address = f"/children/{child.id}/joins/new"
    for other in ("", "nonsense", str(child.id), str(far.id)):
        page = client.post_form(address, {"other": other, "keep": "this", "reason": "One mother"}, status=422)
        assert "Choose the other record first" in page.text or "This record" in page.text
    client.open(f"{address}?other=nonsense", status=422)


def test_an_empty_page_says_how_records_are_compared(db: Session, client_for: Any) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    assert "No other record is like this one" in client_for(worker).open(f"/children/{child.id}/duplicates").text


def test_who_agrees_to_a_join_compares(db: Session, client_for: Any) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child, other = make_child(db, worker=worker), make_child(db, given="Kezza")
    question, join = make_question(db, child, other, worker), make_join(db, child, other, worker)
    page = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR)).open(f"/joins/{join.id}")
    assert {child.given_name in page.text, "Kezza" in page.text} == {True}
    assert f"/duplicate-questions/{question.id}" in page.links().values()


def test_questions_and_joins_are_not_for_others(db: Session, client_for: Any) -> None:
    worker, stranger = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    child, other = make_child(db, worker=worker), make_child(db)
    question, join = make_question(db, child, other, worker), make_join(db, child, other, worker)
    for address in (f"/duplicate-questions/{question.id}", f"/joins/{join.id}"):
        client_for(worker).open(address)
        client_for(stranger).open(address, status=404)
