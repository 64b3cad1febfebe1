"""What stands before every route."""

import pytest

from app.core.db import Database
from app.core.i18n import LANGUAGE_COOKIE
from tests.make import actor_for


def test_a_body_of_ten_megabytes_is_refused_in_words(db, api_for, client_for):
    answer = api_for(actor_for(db, "social_worker")).post("/children", content=b"{" + b" " * 10_000_000)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    page = client_for(actor_for(db, "social_worker")).post("/children/new", data={"given_name": "x" * 2_000_000})
    assert page.status_code == 413
    assert "<h1" in page.text


def test_a_body_without_a_length_is_counted_while_it_is_read(db, api_for):
    stretches = (b" " * 100_000 for _number in range(20))
    answer = api_for(actor_for(db, "social_worker")).post("/children", content=stretches)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example"}, 403),
    ],
)
def test_a_post_from_another_site_is_refused(db, client_for, headers, status):
    client = client_for(actor_for(db, "social_worker"))
    client.headers.update(headers)
    assert client.post("/language", data={"language": "fr"}, follow_redirects=False).status_code == status


def test_an_older_browser_says_its_origin(db, client_for):
    client = client_for(actor_for(db, "social_worker"))
    del client.headers["Sec-Fetch-Site"]
    assert client.post("/language", data={"language": "fr"}, follow_redirects=False).status_code == 403
    client.headers["Origin"] = "http://testserver"
    assert client.post("/language", data={"language": "fr"}, follow_redirects=False).status_code == 303


def test_every_answer_has_safe_headers(client_for):
    for path in ("/sign-in", "/healthz", "/nowhere", "/api/v1/me"):
        headers = client_for(None).get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["x-request-id"]


@pytest.mark.parametrize(
    ("came_from", "leads_back"),
    [("http://testserver/children?q=x", True), ("http://elsewhere.example/children", False), ("", False)],
)
def test_a_refusal_leads_back_to_where_one_came_from(db, client_for, came_from, leads_back):
    page = client_for(actor_for(db, "volunteer")).get("/admin/accounts", headers={"Referer": came_from})
    assert page.status_code == 403
    assert ('href="/children"' in page.text) is leads_back


def test_an_unknown_query_parameter_is_told(db, client_for, api_for):
    actor = actor_for(db, "social_worker")
    answer = api_for(actor).get("/me?colour=red")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "colour", "message": "This parameter is not known"}]
    assert client_for(actor).get("/numbers?colour=red").status_code == 422


def test_a_zero_byte_is_refused_and_not_stored(db, api_for, client_for):
    actor = actor_for(db, "social_worker")
    answer = api_for(actor).post("/children", json={"given_name": "A\x00b", "sex": "female", "birth_precision": "year"})
    assert answer.status_code == 422
    assert client_for(actor).get("/children?q=a%00b").status_code == 422
    assert client_for(actor).get("/children/%00").status_code in {404, 422}


def test_the_answers_of_health(web: Database, client_for):
    client = client_for(None)
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"
    metrics = client.get("/metrics").text
    assert 'route="/healthz"' in metrics


def test_head_is_answered_as_get_is(db, client_for):
    assert client_for(None).head("/healthz").status_code == 200
    assert client_for(None).head("/children", follow_redirects=False).status_code == 303
    assert client_for(actor_for(db, "social_worker")).head("/children").status_code == 200
    assert client_for(actor_for(db, "volunteer")).head("/admin/accounts").status_code == 403


@pytest.mark.parametrize("language", ["en", "fr", "rw"])
@pytest.mark.parametrize("path", ["/sign-in", "/api/docs", "/design"])
def test_a_page_for_everybody_opens_in_each_language(client_for, path, language):
    client = client_for(None)
    client.cookies.set(LANGUAGE_COOKIE, language)
    page = client.get(path)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert "<h1" in page.text


@pytest.mark.parametrize("mode", ["development", "production"])
def test_invented_content_is_shown_in_the_demonstration_only(app, client_for, mode):
    demonstration = app.state.settings
    app.state.settings = demonstration.model_copy(update={"mode": mode})
    try:
        assert client_for(None).get("/design").status_code == 404
    finally:
        app.state.settings = demonstration


def test_the_way_to_signing_in_names_any_address(client_for):
    answer = client_for(None).get("/children/a&b", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=/children/a%26b"


def test_the_page_of_the_api_tells_what_a_form_with_a_file_holds(client_for):
    page = client_for(None).get("/api/docs").text
    operation = page[page.index("POST /api/v1/children/{child_id}/documents") :]
    assert "<code>given_by</code>" in operation[: operation.index("</details>")]


@pytest.fixture
def broken(app, client_for):
    """A client of a service of which one address fails."""
    answers = len(app.router.routes)

    @app.get("/broken")
    @app.get("/api/v1/broken")
    def fail() -> None:
        raise RuntimeError("kanariya in the message")

    # Before the addresses of the domains, the last of which takes any.
    app.router.routes[:0] = [app.router.routes.pop(), app.router.routes.pop()]
    client = client_for(None)
    client.visits.raises = False
    yield client
    del app.router.routes[: len(app.router.routes) - answers]


@pytest.mark.parametrize("path", ["/broken", "/api/v1/broken"])
def test_an_answer_after_a_failure_is_as_safe_as_any(broken, path):
    answer = broken.get(path)
    assert answer.status_code == 500
    assert "kanariya" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_an_address_says_which_methods_it_takes(client_for, api_for):
    assert client_for(None).post("/healthz").headers["allow"] == "GET"
    assert api_for(None).post("/me").headers["allow"] == "GET"


def test_a_long_answer_travels_packed_to_who_can_unpack_it(db, client_for):
    client = client_for(actor_for(db, "social_worker"))
    plain = client.get("/children/new")
    packed = client.get("/children/new", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text.count("<input") == plain.text.count("<input") > 0
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
