"""The case of a child who was registered from a referral begins with what the referral says."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Level, Role
from app.referrals.rules import id_for_child
from tests.clients import PageClient
from tests.make import VILLAGE, actor_for, make_child, make_referral
from tests.referrals.conftest import Ladder

Client = Callable[[Actor | None], PageClient]


def test_the_case_of_a_child_begins_with_what_the_referral_says(
    ladder: Ladder, client_for: Client, db: Session
) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    referral = make_referral(db, ladder.volunteer, level=Level.DISTRICT, concern="neglect")
    child = make_child(db, worker=worker, id=id_for_child(referral.id))
    other = make_child(db, worker=worker)
    address = f"/children/{child.id}/case/new"
    page = client_for(worker).open(address)
    form = page.form(address)
    assert form["concerns.0.concern"] == "neglect"
    assert form["concerns.0.source"] == "volunteer"
    assert form["concerns.0.village"] == str(VILLAGE)
    assert page.links()[referral.code] == f"/referrals/{referral.id}"
    assert referral.code not in client_for(worker).open(f"/children/{other.id}/case/new").text


def test_a_case_tells_nothing_of_a_referral_that_is_kept_from_who_opens_it(
    ladder: Ladder, client_for: Client, db: Session
) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    referral = make_referral(db, ladder.volunteer, level=Level.DISTRICT, suspect_account_ids=[worker.account_id])
    child = make_child(db, worker=worker, id=id_for_child(referral.id))
    page = client_for(worker).open(f"/children/{child.id}/case/new")
    assert referral.code not in page.text
