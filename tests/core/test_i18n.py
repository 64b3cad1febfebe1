"""Languages: which one is chosen, what the catalogues hold, how values are written in each."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.messages.catalog import Message
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app.core import catalogue, formats
from app.core.i18n import (
    LANGUAGES,
    LanguageMiddleware,
    gettext,
    lazy,
    negotiate,
    ngettext,
    use_language,
)
from app.web.language import safe_path

NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.mark.parametrize(
    ("account", "cookie", "accepted", "expected"),
    [
        ("rw", "fr", "en", "rw"),
        (None, "fr", "en", "fr"),
        (None, "tlh", "fr-RW,fr;q=0.9,en;q=0.8", "fr"),
        (None, None, "de, en;q=0.4, rw;q=0.7", "rw"),
        (None, None, "fr;q=0, sw", "en"),
        (None, None, "fr;q=high", "en"),
        (None, None, None, "en"),
    ],
)
def test_language_is_the_accounts_then_the_cookies_then_the_browsers(
    account: str | None, cookie: str | None, accepted: str | None, expected: str
) -> None:
    assert negotiate(account=account, cookie=cookie, accepted=accepted) == expected


def test_middleware_speaks_the_language_also_in_a_thread() -> None:
    def endpoint(request: Request) -> PlainTextResponse:
        return PlainTextResponse(gettext("Yes"))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await run_in_threadpool(endpoint, Request(scope))
        await response(scope, receive, send)

    client = TestClient(LanguageMiddleware(app))
    assert client.get("/", headers={"Accept-Language": "rw"}).text == "Yego"
    assert client.get("/", headers={"Cookie": "lang=fr; other=1"}).text == "Oui"
    assert client.get("/", headers={"Cookie": "broken=[;;lang"}).text == "Yes"


def test_an_empty_message_is_not_the_head_of_the_catalogue() -> None:
    with use_language("rw"):
        assert gettext("") == ""


def test_a_constant_is_translated_when_it_is_shown() -> None:
    word = lazy("Yes")
    with use_language("fr"):
        assert str(word) == "Oui"
    assert str(word) == "Yes"


def test_kinyarwanda_has_its_two_forms() -> None:
    with use_language("rw"):
        assert [ngettext("%(num)s day", "%(num)s days", n) % {"num": n} for n in (0, 1, 3)] == [
            "iminsi 0",
            "umunsi 1",
            "iminsi 3",
        ]


def test_a_translation_that_wants_review_is_used() -> None:
    findings = catalogue.review(["rw"])
    assert findings
    with use_language("rw"):
        assert gettext(findings[0].message) != findings[0].message


def _sentences(message: Message) -> list[tuple[str, str]]:
    """Each form of a message beside its translation; where there is none yet, nothing."""
    ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
    strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return [(ids[min(index, len(ids) - 1)], string) for index, string in enumerate(strings) if string]


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_every_translation_keeps_the_places_of_its_values(language: str) -> None:
    wrong = [
        (said, translated)
        for message in catalogue.catalogue(language)
        if message.id
        for said, translated in _sentences(message)
        if set(PLACEHOLDER.findall(said)) != set(PLACEHOLDER.findall(translated))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "5 March 2026"), ("fr", "5 mars 2026"), ("rw", "5 Werurwe 2026")]
)
def test_the_day_comes_first_in_every_language(language: str, expected: str) -> None:
    with use_language(language):
        assert formats.day(date(2026, 3, 5)).lower() == expected.lower()


def test_instants_are_written_on_the_clocks_of_rwanda() -> None:
    assert formats.instant(datetime(2026, 3, 5, 22, 30, tzinfo=UTC)) == "6 March 2026, 00:30"
    assert formats.day(datetime(2026, 3, 5, 22, 30, tzinfo=UTC)) == "6 March 2026"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOON, "just now"),
        (NOON - timedelta(minutes=5), "5 minutes ago"),
        (NOON + timedelta(hours=2), "in 2 hours"),
        (NOON - timedelta(days=1), "yesterday"),
        (NOON - timedelta(days=3), "3 days ago"),
        (NOON + timedelta(days=200), "in 6 months"),
        (NOON - timedelta(days=365 * 3), "3 years ago"),
    ],
)
def test_ago_says_where_a_moment_lies(moment: datetime, expected: str) -> None:
    assert formats.ago(moment, NOON) == expected


@pytest.mark.parametrize(("days", "expected"), [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (5, "in 5 days")])
def test_ago_of_a_day(days: int, expected: str) -> None:
    assert formats.ago(NOON.date() + timedelta(days=days), NOON.date()) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(60, "60 days"), (61, "2 months"), (427, "14 months"), (729, "23 months"), (730, "2 years"), (4279, "11 years")],
)
def test_long_times_are_told_in_months_and_years(days: int, expected: str) -> None:
    assert formats.duration(NOON.date() - timedelta(days=days), NOON.date()) == expected


def test_duration_composes() -> None:
    assert formats.duration(timedelta(hours=30)) == "30 hours"
    assert formats.duration(NOON - timedelta(days=3), NOON) == "3 days"
    assert formats.duration(NOON.date() - timedelta(days=1), NOON.date()) == "1 day"
    assert formats.duration(None) == "–"


def test_numbers_are_written_as_the_language_does() -> None:
    assert formats.number(12408) == "12,408"
    assert formats.number(2.345, 1) == "2.3"
    assert formats.number(None) == "–"
    assert formats.percent(0.625) in {"62%", "63%"}
    assert formats.percent(0.0625, 1) == "6.2%"
    assert formats.percent(None) == "–"
    with use_language("fr"):
        assert formats.number(12408).replace("\u202f", " ") == "12 408"
        assert formats.percent(0.62).replace("\u202f", " ").replace("\xa0", " ") == "62 %"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/children?page=2", "/children?page=2"),
        ("https://elsewhere.example/children", "/children"),
        ("//elsewhere.example/x", "/x"),
        ("\\\\elsewhere.example/x", "/x"),
        ("https:elsewhere.example", "/elsewhere.example"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_the_language_switch_comes_back_to_this_site_only(address: str, expected: str) -> None:
    assert safe_path(address) == expected


def test_languages_are_named_in_themselves() -> None:
    assert LANGUAGES == {"en": "English", "rw": "Ikinyarwanda", "fr": "Français"}
