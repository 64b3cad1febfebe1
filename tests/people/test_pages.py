"""The administrator's pages, without JavaScript."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.people.models import Account
from tests.clients import ApiClient, PageClient
from tests.make import account_of, actor_for, make_institution

Browser = Callable[..., PageClient]


def test_a_volunteer_is_created_from_the_role_to_the_first_sign_in(db: Session, client_for: Browser) -> None:
    browser = client_for(actor_for(db, Role.ADMINISTRATOR))
    page = browser.open("/admin/accounts/new")
    assert page.h1 == "A new account"
    page = browser.open(page.links()["Friend of the family (IZU volunteer)"])
    typed = page.form("/admin/accounts/new") | {
        "display_name": "Mukamana Josée",
        "username": "mukamana.j",
        "_place-q": "Gihanga",
    }
    found = browser.post_form("/admin/accounts/new", typed | {"_action": "find_place"})
    assert found.form("/admin/accounts/new")["display_name"] == "Mukamana Josée"
    assert 'name="place"' in found.html
    page = browser.post_form("/admin/accounts/new", typed | {"place": "11010102"})
    assert page.h1 == "A temporary password"
    password = page.text.split("Temporary password ")[-1].split()[0]
    again = browser.post_form("/admin/accounts/new", typed | {"place": "11010102"})
    assert password in again.text
    assert db.scalar(select(func.count()).where(Account.username == "mukamana.j")) == 1
    newcomer = client_for()
    page = newcomer.post_form("/sign-in", {"username": "mukamana.j", "password": password})
    assert page.h1 == "Choose your own password"


def test_what_was_typed_stays_where_something_is_wrong(db: Session, client_for: Browser) -> None:
    browser = client_for(actor_for(db, Role.ADMINISTRATOR))
    typed = browser.open("/admin/accounts/new?role=social_worker").form("/admin/accounts/new") | {
        "display_name": "<script>alert(1)</script>",
        "username": "Not A Username",
        "place": "1101",
        "starts_on-day": "31",
        "starts_on-month": "2",
        "starts_on-year": "2026",
    }
    page = browser.post_form("/admin/accounts/new", typed, status=422)
    form = page.form("/admin/accounts/new")
    assert form["display_name"] == "<script>alert(1)</script>"
    assert form["username"] == "Not A Username"
    assert form["starts_on-day"] == "31"
    assert form["id"] == typed["id"]
    page = browser.post_form(
        "/admin/accounts/new",
        typed | {"username": "uwase", "starts_on-day": "", "starts_on-month": "", "starts_on-year": ""},
        status=422,
    )
    assert "Choose a district" in page.text
    browser.post_form("/admin/accounts/new", {"role": "king"}, status=422)


def test_the_list_is_searched_and_filtered(db: Session, client_for: Browser) -> None:
    browser = client_for(actor_for(db, Role.ADMINISTRATOR))
    for number in range(30):
        actor_for(db, Role.PSYCHOLOGIST, name=f"Person {number:02}")
    page = browser.open("/admin/accounts?role=psychologist&limit=20")
    assert "Older" in page.links()
    assert "Person" in browser.open(page.links()["Older"]).text
    assert "Nobody is found" in browser.open("/admin/accounts?q=%25%25%25").text
    assert "Person 07" in browser.open("/admin/accounts?q=person+07").text
    assert "Nobody is found" in browser.open("/admin/accounts?disabled=true").text
    browser.open("/admin/accounts?colour=red", status=422)
    browser.open("/admin/accounts?role=king", status=422)


def test_an_account_is_opened_corrected_moved_disabled_and_enabled(db: Session, client_for: Browser) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER, name="Keza Alice")
    browser = client_for(actor_for(db, Role.ADMINISTRATOR))
    path = f"/admin/accounts/{worker.account_id}"
    assert browser.open(path).h1 == "Keza Alice"
    typed = browser.open(f"{path}/change").form(f"{path}/change") | {"phone": "+250 788 123 456"}
    assert "The account is changed" in browser.post_form(f"{path}/change", typed).text
    stale = browser.post_form(f"{path}/change", typed | {"display_name": "Keza Aline"}, status=412)
    assert "Somebody changed this account" in stale.text
    assert stale.form(f"{path}/change")["display_name"] == "Keza Aline"
    assert "The account is changed" in browser.post_form(f"{path}/change", stale.form(f"{path}/change")).text
    page = browser.open(f"{path}/move")
    page = browser.open(page.links()["District supervisor"])
    typed = page.form(f"{path}/move")
    assert "Choose a district" in browser.post_form(f"{path}/move", typed, status=422).text
    page = browser.post_form(f"{path}/move", typed | {"place": "12"})
    assert "The person is moved" in page.text
    assert "Gasabo" in page.text
    page = browser.post_form(f"{path}/appoint", {"role": "psychologist", "place": "12"})
    assert "The person is appointed" in page.text
    appointments = [line for line in page.html.split('"') if line.endswith("/end") and "appointments" in line]
    assert "The appointment has ended" in browser.post_form(appointments[0]).text
    page = browser.post_form(f"{path}/disable", {"reason": "Left the service"})
    assert "Disabled since" in page.text
    assert "The account is enabled" in browser.post_form(f"{path}/enable").text
    page = browser.post_form(f"{path}/reset-password", {"id": str(uuid4())})
    assert page.h1 == "A temporary password"


def test_the_own_account_offers_nothing_that_would_lock_one_out(db: Session, client_for: Browser) -> None:
    administrator = actor_for(db, Role.ADMINISTRATOR)
    browser = client_for(administrator)
    path = f"/admin/accounts/{administrator.account_id}"
    page = browser.open(path)
    assert "This is your own account" in page.text
    assert f"{path}/disable" not in page.html
    assert "Another administrator" in browser.post_form(f"{path}/disable", status=403).text
    assert account_of(db, administrator).disabled_at is None


def test_a_manager_is_appointed_to_an_institution(db: Session, client_for: Browser) -> None:
    home = make_institution(db, name="Home of Hope")
    browser = client_for(actor_for(db, Role.ADMINISTRATOR))
    page = browser.open("/admin/accounts/new?role=institution_manager")
    assert "Home of Hope" in page.text
    typed = page.form("/admin/accounts/new") | {"display_name": "Sœur Agnès", "username": "agnes"}
    assert "Choose the institution" in browser.post_form("/admin/accounts/new", typed, status=422).text
    page = browser.post_form("/admin/accounts/new", typed | {"institution": str(home.id)})
    assert page.h1 == "A temporary password"


def test_the_matrix_is_drawn_for_who_may_see_it(db: Session, client_for: Browser) -> None:
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        page = client_for(actor_for(db, role)).open("/admin/access")
        assert page.h1 == "Who may do what"
        assert "Open a child's page" in page.text
    page = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR)).open("/admin/access", status=403)
    assert "does not include this" in page.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_the_pages_of_accounts_open_to_administrators_only(db: Session, client_for: Browser, role: Role) -> None:
    actor = actor_for(db, role)
    browser = client_for(actor)
    browser.open("/admin/accounts", status=403)
    browser.open(f"/admin/accounts/{actor.account_id}", status=403)
    browser.post_form(f"/admin/accounts/{actor.account_id}/enable", status=403)
    assert browser.open("/account").h1 == "My account"


def test_nobody_else_than_this_site_can_make_a_browser_act(
    db: Session, client_for: Browser, api_for: Callable[..., ApiClient]
) -> None:
    actor = actor_for(db, Role.SOCIAL_WORKER)
    browser = client_for(actor)
    answer = browser.post("/account/sign-out-everywhere", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert browser.open("/account").h1 == "My account"
    assert api_for(actor).get("/me").status_code == 200
