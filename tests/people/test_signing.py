"""Coming in, staying in, being thrown out: through real pages and tokens."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.core import clock
from app.main import create_app
from app.people.models import Account, Appointment, Post, SignIn
from app.people.rules import DEMONSTRATION_PASSWORD
from app.people.sessions import authenticate
from tests.clients import ApiClient, PageClient, Statements
from tests.make import account_of, actor_for
from tests.people.conftest import PASSWORD

Browser = Callable[..., PageClient]
Api = Callable[..., ApiClient]
Give = Callable[..., Actor]


def come_in(
    browser: PageClient, actor: Actor, password: str = PASSWORD, *, status: int = 303, **more: str
) -> dict[str, str]:
    page = browser.post_form(
        "/sign-in", {"username": actor.username, "password": password, **more}, status=status, follow=False
    )
    return dict(page.response.headers)


def kinds(db: Session, actor: Actor) -> list[str]:
    statement = select(AuditEvent.kind).where(AuditEvent.subject_id == actor.account_id).order_by(AuditEvent.id)
    return list(db.scalars(statement))


def test_signing_in_opens_a_session_whose_secret_is_only_in_the_cookie(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    browser = client_for()
    headers = come_in(browser, actor)
    secret = browser.cookies["session"]
    assert headers["location"] == "/"
    stored = db.scalar(select(SignIn.secret_hash).where(SignIn.account_id == actor.account_id))
    assert stored == hashlib.sha256(secret.encode()).digest()
    assert browser.open("/account").h1 == "My account"
    assert kinds(db, actor) == ["account.signed_in"]


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    cookies = (
        client_for()
        .post("/sign-in", data={"username": actor.username, "password": PASSWORD}, follow_redirects=False)
        .headers.get_list("set-cookie")
    )
    session = next(cookie for cookie in cookies if cookie.startswith("session="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "Path=/" in session
    assert "Domain" not in session
    assert "Secure" not in session


def test_over_https_the_cookie_is_bound_to_the_host(
    db: Session, app: FastAPI, with_password: Give, statements: Statements, portal: BlockingPortal
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    secure = app.state.settings.model_copy(update={"secure_cookies": True})
    https = create_app(secure, app.state.database)
    https.state.database = app.state.database
    browser = PageClient(https, portal, statements)
    browser.base_url = "https://testserver"
    answer = browser.post("/sign-in", data={"username": actor.username, "password": PASSWORD}, follow_redirects=False)
    cookies = answer.headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("__Host-session="))
    assert "Secure" in session
    assert any(cookie.startswith("__Host-device=") for cookie in cookies)


def test_signing_in_again_ends_the_session_that_the_browser_had(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    browser = client_for()
    come_in(browser, actor)
    before = browser.cookies["session"]
    come_in(browser, actor)
    assert browser.cookies["session"] != before
    open_sessions = select(func.count()).where(SignIn.account_id == actor.account_id, SignIn.revoked_at.is_(None))
    assert db.scalar(open_sessions) == 1


@pytest.mark.parametrize("username", ["nobody_here", "no\x00body", "'; drop table accounts; --", "x" * 100])
def test_nobody_comes_in_with_an_unknown_username(db: Session, client_for: Browser, username: str) -> None:
    page = client_for().post_form("/sign-in", {"username": username, "password": PASSWORD}, status=422)
    assert "The username or the password is not right" in page.text
    event = db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert event.kind == "account.sign_in_failed"
    # A password typed into the wrong box must not end up in the log.
    assert event.content == {"username": "?", "why": "unknown"}


def test_a_wrong_password_is_said_in_the_same_words_and_written_down(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.VOLUNTEER))
    page = client_for().post_form("/sign-in", {"username": actor.username, "password": "something else"}, status=422)
    assert "The username or the password is not right" in page.text
    assert kinds(db, actor) == ["account.sign_in_failed"]
    assert "something else" not in page.html


def test_empty_boxes_are_told(client_for: Browser) -> None:
    page = client_for().post_form("/sign-in", {"username": "", "password": ""}, status=422)
    assert "This is needed" in page.text


def test_where_one_wanted_to_go_is_remembered_and_only_this_site_is_gone_to(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    page = client_for().open("/account")
    assert page.url.endswith("/sign-in?next=/account")
    assert page.form("/sign-in")["_next"] == "/account"
    assert come_in(client_for(), actor, _next="/account")["location"] == "/account"
    assert come_in(client_for(), actor, _next="//evil.example")["location"] == "/"
    assert come_in(client_for(), actor, _next="https://evil.example/")["location"] == "/"
    page = client_for().open("/sign-in?next=//evil.example")
    assert page.form("/sign-in")["_next"] == "/"


def test_the_first_password_has_to_be_changed_before_anything_else(
    db: Session, client_for: Browser, api_for: Api, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER), must_change_password=True)
    browser = client_for()
    assert come_in(browser, actor, _next="/account")["location"] == "/account/password"
    page = browser.open("/account")
    assert page.h1 == "Choose your own password"
    assert api_for(actor).get("/accounts").status_code == 403
    page = browser.post_form(
        "/account/password",
        {"current": PASSWORD, "new": "imvura iragwa cyane", "again": "imvura iragwa cyane"},
        follow=False,
        status=303,
    )
    assert browser.open("/account").h1 == "My account"
    assert not account_of(db, actor).must_change_password


def test_changing_the_password_asks_for_the_old_one_and_ends_the_other_sessions(
    db: Session, client_for: Browser, api_for: Api, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    here, there, program = client_for(actor), client_for(actor), api_for(actor)
    typed = {"current": "wrong one here", "new": "imvura iragwa cyane", "again": "imvura iragwa cyane"}
    assert "not your present password" in here.post_form("/account/password", typed, status=422).text
    for new, words in [
        ("short", "at least 12 characters"),
        (PASSWORD, "another password"),
        (f"i am {actor.username}", "username out"),
    ]:
        page = here.post_form("/account/password", {"current": PASSWORD, "new": new, "again": new}, status=422)
        assert words.lower() in page.text.lower()
    mistyped = typed | {"current": PASSWORD, "again": "imvura iragwa"}
    assert "not the same" in here.post_form("/account/password", mistyped, status=422).text
    here.post_form("/account/password", typed | {"current": PASSWORD}, status=303, follow=False)
    assert here.open("/account").h1 == "My account"
    assert there.open("/account").h1 == "Sign in"
    assert program.get("/me").status_code == 401
    come_in(client_for(), actor, PASSWORD, status=422)
    come_in(client_for(), actor, "imvura iragwa cyane")
    assert "account.password_changed" in kinds(db, actor)


def test_guessing_the_old_password_in_an_open_browser_is_slowed_down(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    browser = client_for(with_password(actor_for(db, Role.SOCIAL_WORKER)))
    typed = {"current": "wrong", "new": "imvura iragwa cyane", "again": "imvura iragwa cyane"}
    for _guess in range(5):
        browser.post_form("/account/password", typed, status=422)
    assert browser.post_form("/account/password", typed, status=429).response.headers["retry-after"]


def test_signing_out_ends_the_session_and_not_only_the_cookie(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    browser = client_for()
    come_in(browser, actor)
    secret = browser.cookies["session"]
    page = browser.post_form("/sign-out")
    assert "You are signed out" in page.text
    assert "session" not in browser.cookies
    browser.cookies.set("session", secret)
    assert browser.open("/account").h1 == "Sign in"
    assert kinds(db, actor) == ["account.signed_in", "account.signed_out"]


def test_sessions_are_listed_and_ended_one_by_one_or_all(db: Session, client_for: Browser, api_for: Api) -> None:
    actor, other = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    here, there, program = client_for(actor), client_for(actor), api_for(actor)
    client_for(other)
    page = here.open("/account")
    assert page.html.count("/account/sessions/") == 2
    token = db.scalar(select(SignIn.id).where(SignIn.account_id == actor.account_id, SignIn.kind == "token"))
    here.post_form(f"/account/sessions/{token}/end")
    assert program.get("/me").status_code == 401
    foreign = db.scalar(select(SignIn.id).where(SignIn.account_id == other.account_id))
    here.post_form(f"/account/sessions/{foreign}/end", status=404)
    there.post_form("/account/sign-out-everywhere")
    assert here.open("/account").h1 == "Sign in"
    assert there.open("/account").h1 == "Sign in"


def test_a_session_ends_when_it_is_idle_and_when_its_time_is_over(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    start = clock.now()
    with time_machine.travel(start, tick=False) as time:
        browser = client_for()
        browser.cookies.clear()
        come_in(browser, actor)
        secret = browser.cookies["session"]

        def is_in() -> bool:
            browser.cookies.clear()
            browser.cookies.set("session", secret)
            return browser.open("/account").h1 == "My account"

        time.move_to(start + timedelta(minutes=59))
        assert is_in()
        time.move_to(start + timedelta(minutes=118))
        assert is_in()
        time.move_to(start + timedelta(minutes=179))
        assert not is_in()
        browser.cookies.clear()
        come_in(browser, actor)
        secret = browser.cookies["session"]
        for minutes in range(50, 12 * 60, 50):
            time.move_to(start + timedelta(minutes=179 + minutes))
            assert is_in()
        time.move_to(start + timedelta(minutes=179, hours=12))
        assert not is_in()


def test_when_somebody_was_last_seen_is_written_at_most_once_a_minute(
    db: Session, client_for: Browser, statements: Statements
) -> None:
    actor = actor_for(db, Role.SOCIAL_WORKER)
    start = clock.now()
    with time_machine.travel(start, tick=False) as time:
        browser = client_for(actor)

        def writes() -> int:
            with statements.counted() as block:
                browser.open("/account/password")
            return sum(statement.startswith("UPDATE sign_ins") for statement in block)

        time.move_to(start + timedelta(seconds=59))
        assert writes() == 0
        time.move_to(start + timedelta(seconds=61))
        assert writes() == 1
        time.move_to(start + timedelta(seconds=90))
        assert writes() == 0


def test_who_comes_in_is_found_in_one_statement(
    db: Session, app: FastAPI, client_for: Browser, statements: Statements
) -> None:
    actor = actor_for(db, Role.SOCIAL_WORKER)
    secret = client_for(actor).cookies["session"]
    from fastapi import Request

    headers = [(b"cookie", f"session={secret}".encode())]
    scope = {"type": "http", "app": app, "path": "/children", "headers": headers, "query_string": b""}
    request = Request(scope | {"method": "GET", "server": ("testserver", 80), "scheme": "http"})
    with statements.counted() as block:
        found = authenticate(db, request)
    assert len(block) == 1
    assert found is not None
    assert (found.account_id, found.post_id, found.place_name, found.posts) == (
        actor.account_id,
        actor.post_id,
        "Nyarugenge",
        1,
    )
    assert request.state.can("children:read")


@pytest.mark.parametrize(
    "ending",
    [
        lambda actor: update(Account).where(Account.id == actor.account_id).values(disabled_at=clock.now()),
        lambda actor: update(Post).where(Post.id == actor.post_id).values(closed_on=clock.today()),
        lambda actor: (
            update(Appointment).where(Appointment.account_id == actor.account_id).values(ends_on=clock.today())
        ),
        lambda actor: (
            update(Appointment)
            .where(Appointment.account_id == actor.account_id)
            .values(starts_on=clock.today() + timedelta(days=1))
        ),
        lambda actor: update(SignIn).where(SignIn.account_id == actor.account_id).values(revoked_at=clock.now()),
        lambda actor: update(SignIn).where(SignIn.account_id == actor.account_id).values(expires_at=clock.now()),
    ],
    ids=["disabled", "post closed", "appointment ended", "appointment not begun", "revoked", "expired"],
)
def test_what_ends_a_session_ends_it_at_the_next_request(
    db: Session, client_for: Browser, api_for: Api, ending: Callable[[Actor], object]
) -> None:
    actor = actor_for(db, Role.SOCIAL_WORKER)
    browser, program = client_for(actor), api_for(actor)
    assert browser.open("/account").h1 == "My account"
    assert program.get("/me").status_code == 200
    db.execute(ending(actor))  # type: ignore[call-overload]
    assert browser.open("/account").h1 == "Sign in"
    assert program.get("/me").status_code == 401


def test_a_cookie_does_not_open_the_api_nor_a_token_a_page(db: Session, client_for: Browser, api_for: Api) -> None:
    actor = actor_for(db, Role.SOCIAL_WORKER)
    browser, program = client_for(actor), api_for(actor)
    token = program.headers["Authorization"].removeprefix("Bearer ")
    assert browser.get("/api/v1/me").status_code == 401
    answer = program.request("GET", "/api/v1/me", headers={"Authorization": f"Bearer {browser.cookies['session']}"})
    assert answer.status_code == 401
    browser.cookies.set("session", token)
    assert browser.open("/account").h1 == "Sign in"


def test_five_wrong_passwords_close_the_way_from_there_but_not_for_a_known_browser(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    known, stranger = client_for(), client_for()
    come_in(known, actor)
    known.post_form("/sign-out")
    for _guess in range(5):
        come_in(stranger, actor, "wrong wrong wrong", status=422)
    headers = come_in(stranger, actor, status=429)
    assert 0 < int(headers["retry-after"]) <= 900
    assert "account.sign_in_failed" in kinds(db, actor)
    # The very same address, but this browser was here before.
    come_in(known, actor)
    # It has a count of its own.
    known.post_form("/sign-out")
    for _guess in range(5):
        come_in(known, actor, "wrong wrong wrong", status=422)
    come_in(known, actor, status=429)


def test_tries_from_everywhere_close_an_account_to_strangers_only(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    known = client_for()
    come_in(known, actor)
    from app.people.throttle import shared

    for guess in range(50):
        shared().failed(actor.username, f"10.0.0.{guess}", None)
    come_in(client_for(), actor, status=429)
    come_in(known, actor)


def test_an_address_that_tries_many_names_is_closed(db: Session, client_for: Browser, with_password: Give) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    stranger = client_for()
    for guess in range(30):
        stranger.post_form("/sign-in", {"username": f"name{guess}", "password": "x"}, status=422)
    come_in(stranger, actor, status=429)


def test_a_device_cookie_that_is_not_ours_helps_nobody(db: Session, client_for: Browser, with_password: Give) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    stranger = client_for()
    stranger.cookies.set("device", "W3siZCI6MX1d.forged.signature")
    for _guess in range(5):
        come_in(stranger, actor, "wrong wrong wrong", status=422)
    come_in(stranger, actor, status=429)


def test_waiting_opens_the_way_again(db: Session, client_for: Browser, with_password: Give) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER))
    stranger = client_for()
    start = clock.now()
    with time_machine.travel(start, tick=False) as time:
        for _guess in range(5):
            come_in(stranger, actor, "wrong wrong wrong", status=422)
        come_in(stranger, actor, status=429)
        time.move_to(start + timedelta(minutes=15, seconds=1))
        come_in(stranger, actor)


def test_a_disabled_account_and_one_without_a_post_are_told_so(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.SOCIAL_WORKER), disabled_at=clock.now())
    page = client_for().post_form("/sign-in", {"username": actor.username, "password": PASSWORD}, status=422)
    assert "This account is closed" in page.text
    idle = with_password(actor_for(db, Role.SOCIAL_WORKER))
    db.execute(update(Appointment).where(Appointment.account_id == idle.account_id).values(ends_on=clock.today()))
    page = client_for().post_form("/sign-in", {"username": idle.username, "password": PASSWORD}, status=422)
    assert "You hold no post today" in page.text


def test_the_demonstration_shows_who_may_sign_in(db: Session, client_for: Browser, with_password: Give) -> None:
    from app.people.passwords import hash_password

    actor = with_password(
        actor_for(db, Role.VOLUNTEER),
        username="volunteer",
        is_demonstration=True,
    )
    account_of(db, actor).password_hash = hash_password(DEMONSTRATION_PASSWORD)
    db.flush()
    browser = client_for()
    page = browser.open("/sign-in")
    assert "Sign in as volunteer" in page.text
    browser.post_form("/sign-in", page.form("/sign-in"), status=303, follow=False)
    assert browser.open("/account").h1 == "My account"


def test_the_language_of_the_account_comes_with_signing_in_and_is_kept(
    db: Session, client_for: Browser, with_password: Give
) -> None:
    actor = with_password(actor_for(db, Role.VOLUNTEER, language="fr"))
    browser = client_for()
    come_in(browser, actor)
    assert browser.cookies["lang"] == "fr"
    page = browser.open("/account")
    assert '<html lang="fr"' in page.html
    assert 'action="/account/language"' in page.html
    page = browser.post_form("/account/language", {"language": "rw", "next": "http://testserver/account"})
    assert page.url.endswith("/account")
    assert '<html lang="rw"' in page.html
    assert account_of(db, actor).language == "rw"
    browser.post_form("/account/language", {"language": "xx", "next": "/account"})
    assert account_of(db, actor).language == "rw"


def test_somebody_with_two_posts_chooses_the_one_to_act_in(db: Session, client_for: Browser, api_for: Api) -> None:
    actor, other = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.DISTRICT_SUPERVISOR)
    db.add(Appointment(account_id=actor.account_id, post_id=other.post_id, starts_on=clock.today()))
    db.flush()
    browser, program = client_for(actor), api_for(actor)
    assert "Act in this post" in browser.open("/account").text
    browser.post_form("/account/post", {"post": str(other.post_id)}, status=303, follow=False)
    assert "District supervisor" in browser.open("/account").text
    stranger = actor_for(db, Role.DISTRICT_SUPERVISOR)
    assert program.post("/me/post", json={"post": str(stranger.post_id)}).status_code == 403
    assert program.post("/me/post", json={"post": str(other.post_id)}).status_code == 204
    assert program.get("/me").json()["role"] == "district_supervisor"
    assert len(program.get("/me").json()["posts"]) == 2
