"""A list is narrowed to a place by links and a form that needs no JavaScript, and widened again."""

from typing import Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy.orm import Session

from app.access.roles import Role
from tests.clients import Page
from tests.make import OTHER_DISTRICT, SECTOR, actor_for, make_child, make_household, make_institution

PAGES = ["/children", "/households", "/institutions", "/closures", "/fostering", "/referrals?view=all"]


def _to_the_sector(page: Page) -> str:
    return next(
        href for href in page.links().values() if parse_qs(href.partition("?")[2]).get("place") == [str(SECTOR)]
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_list_that_knows_places_offers_to_choose_one(page: str, db: Session, client_for: Any) -> None:
    client = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    found = client.open(f"{page}{'&' if '?' in page else '?'}place_q=gitega")
    assert "Only inside a place" in found.text
    link = _to_the_sector(found)
    assert "place_q" not in link
    narrowed = client.open(link)
    widened = narrowed.links()["Any place"]
    assert "place=" not in widened
    assert "Any place" not in client.open(widened).text
    nothing = client.open(f"{page}{'&' if '?' in page else '?'}place_q=qqqqqq")
    assert "No place of that name was found" in nothing.text


def test_only_what_lies_inside_is_listed_and_other_filters_stay(db: Session, client_for: Any) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    make_child(db, given="Keza", household=make_household(db), worker=worker)
    make_child(db, given="Gisa", institution=make_institution(db, sector=1102), worker=worker)
    client = client_for(worker)
    page = client.open("/children?mine=true&place_q=gitega")
    assert page.form("/children") == {"mine": "true", "place_q": "gitega"}
    link = _to_the_sector(page)
    assert "mine=true" in link
    narrowed = client.open(link)
    assert "Keza" in narrowed.text
    assert "Gisa" not in narrowed.text
    assert "Gisa" in client.open(narrowed.links()["Any place"]).text


def test_places_outside_the_own_area_are_not_offered(db: Session, client_for: Any) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    page = client_for(worker).open("/children?place_q=gitega")
    assert f"place={SECTOR}" not in page.html
    told = client_for(worker).open("/children?place=999", status=422)
    assert "No place has the code 999" in told.text
