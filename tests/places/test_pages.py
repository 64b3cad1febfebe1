from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.core import clock
from app.core.forms import Form
from app.places.models import Place, PlaceName, PlaceSuccession
from app.places.picking import pick_place, seeks_place
from app.places.words import PlaceLevel
from tests import make
from tests.clients import PageClient

ClientFor = Callable[[Actor | None], PageClient]


@pytest.fixture
def client(db: Session, client_for: ClientFor) -> PageClient:
    return client_for(make.actor_for(db, Role.VOLUNTEER))


def test_one_goes_down_from_the_country_to_a_village(client: PageClient) -> None:
    page = client.open("/places")
    for words, heading in [
        ("Kigali City", "Kigali City"),
        ("Nyarugenge", "Nyarugenge district"),
        ("Gitega", "Gitega sector, Nyarugenge"),
        ("Akabahizi", "Akabahizi cell, Gitega sector, Nyarugenge"),
        ("Gihanga", "Gihanga, Akabahizi cell, Gitega sector, Nyarugenge"),
    ]:
        page = client.open(page.links()[words])
        assert page.h1 == heading


def test_a_search_shows_full_paths_and_can_go_on(client: PageClient) -> None:
    page = client.open("/places?q=kabeza&level=village")
    assert page.links()["Kabeza, Mataba cell, Mageregere sector, Nyarugenge"].startswith("/places/1105")
    more = client.open(page.links()["More places"])
    assert "Kabeza" in more.text
    assert client.open(page.links()["All levels"]).status == 200


def test_a_search_without_result_says_what_to_do(client: PageClient) -> None:
    assert "Try fewer letters" in client.open("/places?q=qqqqqq").text


@pytest.mark.parametrize("q", ["<script>alert(1)</script>", "' or 1=1 --", "😀", "\u0627" * 100, "%25%25"])
def test_strange_letters_are_shown_as_they_are(client: PageClient, q: str) -> None:
    page = client.open(f"/places?q={q}")
    assert "<script>alert" not in page.html


@pytest.mark.parametrize(
    "query", ["q=a%00b", "q=" + "x" * 101, "level=street", "within=99", "within=x", "colour=red", "q=kab&cursor=x"]
)
def test_what_a_search_cannot_read_is_told(client: PageClient, query: str) -> None:
    client.open(f"/places?{query}", status=422)


def test_a_place_shows_its_past(db: Session, client: PageClient) -> None:
    today = clock.today()
    release = db.get_one(Place, 1101).release_id
    db.add(PlaceName(code=1101, name="Gitega ya Kera", until_on=today, release_id=release))
    db.add(PlaceSuccession(from_code=1101, to_code=1102, from_on=today))
    db.execute(update(Place).where(Place.code == 1101).values(ended_on=today))
    db.flush()
    page = client.open("/places/1101")
    assert "Gitega ya Kera" in page.text
    assert "No longer in the list" in page.text
    assert "What it became" in page.text
    assert "What it came from" in client.open("/places/1102").text
    assert "Mageragere" in client.open("/places/1105").text


@pytest.mark.parametrize("code", ["1199", "123", "99999999", "abc", "-1", "100000000", "9" * 40])
def test_an_unknown_place_is_not_found(client: PageClient, code: str) -> None:
    client.open(f"/places/{code}", status=404)


def test_the_picker_gets_radio_buttons_with_paths_the_own_district_first(client: PageClient) -> None:
    answer = client.get("/places/options?q=kabeza&level=village&name=village", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert answer.text.count('type="radio"') == 12
    assert 'name="village"' in answer.text
    first = answer.text.index("Mataba cell, Mageregere sector, Nyarugenge")
    assert first < answer.text.index("Gasabo")


def test_the_picker_says_when_nothing_is_found(client: PageClient) -> None:
    answer = client.get("/places/options?q=qqqqqq&level=village&name=home.village")
    assert "No place of that name was found" in answer.text


@pytest.mark.parametrize("query", ["name=%22%3E%3Cb%3E", "name=", "level=x", "q=a%00", "x=1"])
def test_the_picker_refuses_what_it_does_not_send(client: PageClient, query: str) -> None:
    assert client.get(f"/places/options?{query}").status_code == 422


def test_nobody_else_comes_in(client_for: ClientFor) -> None:
    client = client_for(None)
    for path in ("/places", "/places/11", "/places/options"):
        assert client.get(path, follow_redirects=False).status_code in {303, 401}


def test_without_javascript_the_form_finds_places_and_keeps_the_chosen_one(db: Session) -> None:
    actor = make.actor_for(db, Role.VOLUNTEER)
    form = Form({"village": "11010102", "_village-q": "kabeza", "_action": "find_place"})
    assert seeks_place(form)
    picker = pick_place(db, form, "village", PlaceLevel.VILLAGE, actor)
    assert picker.chosen is not None
    assert picker.chosen.name == "Gihanga"
    assert picker.found is not None
    assert picker.found[0].path == "Kabeza, Mataba cell, Mageregere sector, Nyarugenge"


@pytest.mark.parametrize("typed", ["", "x", "1" * 30, "11019999", "\x00"])
def test_a_chosen_place_that_is_none_is_not_shown(db: Session, typed: str) -> None:
    picker = pick_place(db, Form({"village": typed}), "village", PlaceLevel.VILLAGE, make.actor_for(db, Role.VOLUNTEER))
    assert picker.chosen is None
    assert picker.found is None
