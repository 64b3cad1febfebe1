"""What stands before every route."""

import pytest

from app.core.db import Database
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
