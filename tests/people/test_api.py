from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.core.ids import new_id
from app.people.models import Account, SignIn
from tests.clients import ApiClient
from tests.make import actor_for, make_institution
from tests.people.conftest import PASSWORD

Api = Callable[..., ApiClient]
Give = Callable[..., Actor]


def test_a_token_is_got_used_and_ended(db: Session, api_for: Api, with_password: Give) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    client = api_for()
    answer = client.post("/tokens", json={"username": actor.username.upper(), "password": PASSWORD})
    assert answer.status_code == 201
    assert set(answer.json()) == {"token", "expires_at"}
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    me = client.get("/me").json()
    assert (me["username"], me["role"], me["place"]) == (actor.username, "social_worker", 11)
    assert "children:read" in me["permissions"]
    assert client.delete("/tokens/current").status_code == 204
    assert client.get("/me").status_code == 401


def test_a_wrong_password_is_a_401_that_was_written_down(db: Session, api_for: Api, with_password: Give) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    answer = api_for().post("/tokens", json={"username": actor.username, "password": "no"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    for _guess in range(4):
        api_for().post("/tokens", json={"username": actor.username, "password": "no"})
    answer = api_for().post("/tokens", json={"username": actor.username, "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "x"},
        {"username": "x", "password": "y", "more": 1},
        {"username": "x" * 101, "password": "y"},
        {"username": "x", "password": "y" * 201},
        {"username": 1, "password": "y"},
    ],
)
def test_credentials_that_cannot_be_read(api_for: Api, body: dict[str, object]) -> None:
    assert api_for().post("/tokens", json=body).status_code == 422


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "Bearer " + "x" * 500])
def test_what_is_no_token(api_for: Api, header: str) -> None:
    client = api_for()
    client.headers["Authorization"] = header
    assert client.get("/me").status_code == 401


def test_a_newcomer_changes_the_password_through_the_api(db: Session, api_for: Api, with_password: Give) -> None:
    actor = with_password(actor_for(db, Role.ADMINISTRATOR), must_change_password=True)
    client = api_for(actor)
    assert client.get("/me").json()["must_change_password"] is True
    assert client.get("/accounts").status_code == 403
    change = {"current": PASSWORD, "new": "imvura iragwa cyane"}
    assert client.post("/me/password", json=change).status_code == 204
    assert client.get("/accounts").status_code == 200


def new_account(**changes: object) -> dict[str, object]:
    body: dict[str, object] = {
        "id": str(new_id()),
        "username": f"uwase.{uuid4().hex[:6]}",
        "display_name": "Uwase Marie-Claire",
        "role": "volunteer",
        "place": 11010102,
    }
    return body | changes


def test_an_account_is_created_once_and_its_person_comes_in(db: Session, api_for: Api) -> None:
    client = api_for(actor_for(db, Role.ADMINISTRATOR))
    body = new_account()
    made = client.post("/accounts", json=body)
    assert made.status_code == 201, made.text
    again = client.post("/accounts", json=body)
    assert again.status_code == 200
    assert again.json() == made.json()
    assert client.post("/accounts", json=body | {"display_name": "Another"}).status_code == 409
    assert client.post("/accounts", json=new_account(username=body["username"])).status_code == 422
    account = made.json()["account"]
    assert [line["role"] for line in account["appointments"]] == ["volunteer"]
    credentials = {"username": body["username"], "password": made.json()["temporary_password"]}
    token = api_for().post("/tokens", json=credentials)
    assert token.status_code == 201
    assert db.scalar(select(func.count()).where(Account.username == body["username"])) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": 1101}, "place"),
        ({"place": None}, "place"),
        ({"place": 99999999}, "place"),
        ({"username": "Uwase Marie"}, "username"),
        ({"username": "a\x00b"}, "username"),
        ({"display_name": "  "}, "display_name"),
        ({"display_name": "x" * 101}, "display_name"),
        ({"display_name": "Uwase\x00"}, "display_name"),
        ({"role": "king"}, "role"),
        ({"role": "institution_manager", "place": None}, "institution"),
        ({"role": "institution_manager", "place": None, "institution": str(uuid4())}, "institution"),
        ({"starts_on": "1990-01-01"}, "starts_on"),
        ({"starts_on": "2999-01-01"}, "starts_on"),
        ({"phone": "call me"}, "phone"),
        ({"nickname": "x"}, "nickname"),
    ],
)
def test_accounts_that_cannot_be(db: Session, api_for: Api, changes: dict[str, object], field: str) -> None:
    answer = api_for(actor_for(db, Role.ADMINISTRATOR)).post("/accounts", json=new_account(**changes))
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    "name", ["N'Gabo Éric", "Uwase", "Jean-Marie", "x" * 100, "أحمد", "Keza 🌱", "<b>Bob</b>", "Robert'); drop"]
)
def test_names_of_all_kinds(db: Session, api_for: Api, name: str) -> None:
    client = api_for(actor_for(db, Role.ADMINISTRATOR))
    made = client.post("/accounts", json=new_account(display_name=name))
    assert made.json()["account"]["display_name"] == name
    found = client.get("/accounts", params={"q": name}).json()["items"]
    assert [row["display_name"] for row in found] == [name]


def test_a_manager_stands_where_the_institution_does(db: Session, api_for: Api) -> None:
    home = make_institution(db, name="Home of Hope", sector=1101)
    client = api_for(actor_for(db, Role.ADMINISTRATOR))
    body = new_account(role="institution_manager", place=None, institution=str(home.id))
    line = client.post("/accounts", json=body).json()["account"]["appointments"][0]
    assert (line["place"], line["place_name"], line["institution"]) == (1101, "Home of Hope", str(home.id))


def test_the_list_goes_on_where_it_stopped_and_filters(db: Session, api_for: Api) -> None:
    administrator = actor_for(db, Role.ADMINISTRATOR)
    workers = {actor_for(db, Role.PSYCHOLOGIST).username for _number in range(5)}
    client = api_for(administrator)
    seen: list[str] = []
    cursor = None
    while True:
        parameters = {"role": "psychologist", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get("/accounts", params=parameters).json()
        seen += [row["username"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert workers <= set(seen)
    assert seen == sorted(seen)
    assert client.get("/accounts", params={"disabled": "true"}).json()["items"] == []
    assert client.get("/accounts", params={"q": "%"}).json()["items"] == []
    assert client.get("/accounts", params={"cursor": "nonsense"}).status_code == 422
    assert client.get("/accounts", params={"colour": "red"}).status_code == 422


def test_disabling_ends_every_session_at_the_next_request(db: Session, api_for: Api) -> None:
    administrator, worker = actor_for(db, Role.ADMINISTRATOR), actor_for(db, Role.SOCIAL_WORKER)
    client, program = api_for(administrator), api_for(worker)
    assert program.get("/me").status_code == 200
    path = f"/accounts/{worker.account_id}"
    disabled = client.post(f"{path}/disable", json={"reason": "Left the service"})
    assert disabled.json()["disabled_at"]
    assert disabled.json()["sessions"] == 0
    assert program.get("/me").status_code == 401
    assert client.post(f"{path}/disable", json={}).status_code == 200
    assert client.post(f"{path}/enable").json()["disabled_at"] is None
    assert program.get("/me").status_code == 401


def test_moving_leaves_the_post_to_whoever_comes_next(db: Session, api_for: Api) -> None:
    administrator, worker = actor_for(db, Role.ADMINISTRATOR), actor_for(db, Role.SOCIAL_WORKER, 57)
    client, program = api_for(administrator), api_for(worker)
    moved = client.post(f"/accounts/{worker.account_id}/move", json={"role": "district_supervisor", "place": 56})
    assert moved.status_code == 200, moved.text
    now_held = [line for line in moved.json()["appointments"] if line["is_current"]]
    assert [(line["role"], line["place"]) for line in now_held] == [("district_supervisor", 56)]
    assert program.get("/me").status_code == 401
    successor = client.post("/accounts", json=new_account(role="social_worker", place=57)).json()
    assert successor["account"]["appointments"][0]["post"] == str(worker.post_id)
    second = client.post("/accounts", json=new_account(role="social_worker", place=57)).json()
    assert second["account"]["appointments"][0]["post"] != str(worker.post_id)


def test_with_several_posts_the_one_to_leave_is_named(db: Session, api_for: Api) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    client = api_for(actor_for(db, Role.ADMINISTRATOR))
    path = f"/accounts/{worker.account_id}"
    assert client.post(f"{path}/appoint", json={"role": "psychologist", "place": 11}).status_code == 200
    target = {"role": "social_worker", "place": 12}
    assert client.post(f"{path}/move", json=target).status_code == 422
    moved = client.post(f"{path}/move", json=target | {"from_post": str(worker.post_id)})
    current = {(line["role"], line["place"]) for line in moved.json()["appointments"] if line["is_current"]}
    assert current == {("psychologist", 11), ("social_worker", 12)}


def test_an_appointment_ends_on_a_day(db: Session, api_for: Api) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    client = api_for(actor_for(db, Role.ADMINISTRATOR))
    path = f"/accounts/{worker.account_id}"
    appointment = client.get(path).json()["appointments"][0]["id"]
    end = f"{path}/appointments/{appointment}/end"
    assert client.post(end, json={"ends_on": "2001-01-01"}).status_code == 422
    assert client.post(end, json={}).json()["appointments"][0]["is_current"] is False
    assert client.post(end, json={}).status_code == 422
    assert client.post(f"{path}/appointments/{uuid4()}/end", json={}).status_code == 404


def test_an_administrator_cannot_act_on_the_own_account(db: Session, api_for: Api) -> None:
    administrator = actor_for(db, Role.ADMINISTRATOR)
    actor_for(db, Role.ADMINISTRATOR)
    client = api_for(administrator)
    path = f"/accounts/{administrator.account_id}"
    for verb, body in [
        ("disable", {}),
        ("move", {"role": "social_worker", "place": 11}),
        ("appoint", {"role": "social_worker", "place": 11}),
        ("reset-password", {}),
    ]:
        answer = client.post(f"{path}/{verb}", json=body)
        assert answer.status_code == 403
        assert "Another administrator" in answer.json()["title"]


def test_a_reset_password_ends_the_sessions_and_has_to_be_changed(
    db: Session, api_for: Api, with_password: Give
) -> None:
    worker = with_password(actor_for(db, Role.SOCIAL_WORKER))
    client, program = api_for(actor_for(db, Role.ADMINISTRATOR)), api_for(worker)
    issue = {"id": str(new_id())}
    path = f"/accounts/{worker.account_id}/reset-password"
    first = client.post(path, json=issue).json()["temporary_password"]
    assert client.post(path, json=issue).json()["temporary_password"] == first
    assert program.get("/me").status_code == 401
    assert api_for().post("/tokens", json={"username": worker.username, "password": PASSWORD}).status_code == 401
    token = api_for().post("/tokens", json={"username": worker.username, "password": first}).json()["token"]
    fresh = api_for()
    fresh.headers["Authorization"] = f"Bearer {token}"
    assert fresh.get("/me").json()["must_change_password"] is True


def test_a_change_that_somebody_else_overtook_is_refused(db: Session, api_for: Api) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    client = api_for(actor_for(db, Role.ADMINISTRATOR))
    path = f"/accounts/{worker.account_id}"
    version = client.get(path).headers["etag"]
    body = {"display_name": "Keza Alice", "phone": "+250 788 000 000"}
    assert client.patch(path, json=body, headers={"If-Match": version}).status_code == 200
    stale = client.patch(path, json=body | {"display_name": "Other"}, headers={"If-Match": version})
    assert stale.status_code == 412
    assert stale.json()["current"]["display_name"] == "Keza Alice"


def test_posts_are_found_or_opened(db: Session, api_for: Api) -> None:
    client = api_for(actor_for(db, Role.ADMINISTRATOR))
    body = {"role": "sector_officer", "place": 5711}
    made = client.post("/posts", json=body)
    assert made.status_code == 201
    assert client.post("/posts", json=body).json() == made.json()
    assert client.post("/posts", json=body).status_code == 200
    vacant = client.get("/posts", params={"place": 57, "vacant": "true"}).json()["items"]
    assert made.json() in vacant
    assert client.get("/posts", params={"place": 56, "role": "sector_officer", "vacant": "true"}).json()["items"] == []
    assert client.get("/posts", params={"place": 99}).status_code == 422
    assert client.post("/posts", json={"role": "sector_officer", "place": 57}).status_code == 422


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_manages_accounts(db: Session, api_for: Api, role: Role) -> None:
    client = api_for(actor_for(db, role))
    for answer in [
        client.get("/accounts"),
        client.get("/posts"),
        client.post("/accounts", json=new_account()),
        client.get(f"/accounts/{uuid4()}"),
    ]:
        assert answer.status_code == 403
    assert api_for().get("/accounts").status_code == 401


def test_nobody_is_found_under_a_strange_id(db: Session, api_for: Api) -> None:
    client = api_for(actor_for(db, Role.ADMINISTRATOR))
    assert client.get(f"/accounts/{uuid4()}").status_code == 404
    assert client.post(f"/accounts/{uuid4()}/disable", json={}).status_code == 404
    assert client.get("/accounts/one").status_code == 422
    assert db.scalar(select(func.count()).select_from(SignIn).where(SignIn.kind == "browser")) == 0
