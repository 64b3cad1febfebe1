from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from tests import make
from tests.clients import ApiClient


@pytest.fixture
def api(db: Session, api_for: Callable[[Actor | None], ApiClient]) -> ApiClient:
    return api_for(make.actor_for(db, Role.VOLUNTEER))


def test_places_are_found_best_first(api: ApiClient) -> None:
    answer = api.get("/places", params={"q": "mageragere", "limit": 1})
    assert answer.status_code == 200
    assert answer.json()["items"] == [
        {"code": 1105, "level": "sector", "name": "Mageregere", "path": "Mageregere sector, Nyarugenge"}
    ]
    assert answer.json()["next"]


@pytest.mark.parametrize("query", [{"q": "kab", "level": "cell"}, {"within": 1101}, {"level": "sector", "within": 11}])
def test_a_list_goes_on_with_its_cursor_to_its_end(api: ApiClient, query: dict[str, object]) -> None:
    whole = api.get("/places", params={**query, "limit": 200}).json()
    seen, cursor = [], None
    while len(seen) < 200:
        page = api.get("/places", params={**query, "limit": 20} | ({"cursor": cursor} if cursor else {})).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen[:200] == whole["items"]
    assert len({place["code"] for place in seen}) == len(seen)


def test_without_letters_all_places_come_by_code(api: ApiClient) -> None:
    codes = [place["code"] for place in api.get("/places", params={"limit": 4}).json()["items"]]
    assert codes == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": "x" * 101}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"level": "street"}, "level"),
        ({"within": "99"}, "within"),
        ({"within": "123456789"}, "within"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"q": "kab", "cursor": "W1siaSIsIjEiXV0"}, "cursor"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(api: ApiClient, query: dict[str, str], field: str) -> None:
    answer = api.get("/places", params=query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in answer.json()["errors"][0]["field"]


def test_a_place_is_opened_with_its_holders(api: ApiClient) -> None:
    place = api.get("/places/11010102").json()
    assert place["path"] == "Gihanga, Akabahizi cell, Gitega sector, Nyarugenge"
    assert [holder["code"] for holder in place["holders"]] == [110101, 1101, 11, 1, 0]
    assert place["ended_on"] is None


@pytest.mark.parametrize(("code", "status"), [("1199", 404), ("123", 404), ("x", 422), ("-1", 422), ("9" * 30, 422)])
def test_what_is_no_place_is_told(api: ApiClient, code: str, status: int) -> None:
    assert api.get(f"/places/{code}").status_code == status


def test_nobody_comes_in_without_a_token(api_for: Callable[[Actor | None], ApiClient]) -> None:
    api = api_for(None)
    assert api.get("/places").status_code == 401
    assert api.get("/places/11").status_code == 401
