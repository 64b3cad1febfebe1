"""Three languages: nothing is missing, nothing is stale, and the pages of the village and the cell speak them."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape

import pytest
from babel.messages.catalog import Catalog, Message
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.config import ROOT
from app.core import catalogue
from app.core.i18n import LANGUAGE_COOKIE
from tests import make
from tests.clients import Page, PageClient
from tests.house.world import World, make_world

PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
MARKUP = re.compile(r"</?[a-z][^>]*>|&[a-z]+;")
# Signs that French puts a space before; a plain space would let them begin a line.
LOOSE_SIGN = re.compile(r" [:;?!»]|« |'")

GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext", "N_"}

Forms = tuple[str, ...]


def _forms(text: str | list[str] | tuple[str, ...]) -> Forms:
    return (text,) if isinstance(text, str) else tuple(text)


@cache
def _messages(language: str) -> list[Message]:
    return [message for message in catalogue.catalogue(language) if message.id]


@cache
def _found() -> Catalog:
    return catalogue.extract()


def _sources() -> list[Message]:
    return [message for message in _found() if message.id]


@cache
def _missing() -> list[catalogue.Finding]:
    return catalogue.check(found=_found())


def _translated(language: str) -> Iterator[tuple[Forms, Forms]]:
    for message in _messages(language):
        if any(_forms(message.string)):
            yield _forms(message.id), _forms(message.string)


def test_no_message_hides_in_a_formatted_string() -> None:
    """Python before 3.12 reads a formatted string as one piece, so a message inside it would never be translated."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        for string in ast.walk(ast.parse(path.read_text()))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT
    ]
    assert hidden == []


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_the_catalogue_holds_the_messages_of_the_sources(language: str) -> None:
    sources = {(message.id, message.context) for message in _sources()}
    known = {(message.id, message.context) for message in _messages(language)}
    assert known == sources, "run `python -m app.core.catalogue update` and translate what is new"


def test_messages_over_several_lines_are_found_as_they_are_looked_up() -> None:
    assert all("\n" not in str(message.id) for message in _sources())


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_every_language_is_whole(language: str) -> None:
    assert [finding for finding in _missing() if finding.language == language] == []


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_values_and_markup_stand_in_the_translation_too(language: str) -> None:
    for ids, strings in _translated(language):
        values = {value for form in ids for value in PLACEHOLDER.findall(form)}
        markup = sorted(MARKUP.findall(ids[-1]))
        for string in strings:
            found = set(PLACEHOLDER.findall(string))
            # A singular may spell its number out.
            assert found == values or (len(ids) > 1 and found == values - {("num", "s"), ("num", "d")}), string
            assert sorted(MARKUP.findall(string)) == markup, string
            # A sign of per cent that begins no value would break the sentence while it is filled in.
            assert not values or "%" not in PLACEHOLDER.sub("", string).replace("%%", ""), string


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_no_translation_is_blank_or_padded(language: str) -> None:
    for ids, strings in _translated(language):
        assert all(string.strip() == string and string for string in strings), ids


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_sentences_end_as_in_english(language: str) -> None:
    for ids, strings in _translated(language):
        for sign in ".?":
            assert ids[-1].endswith(sign) == strings[-1].endswith(sign), strings[-1]


def test_french_signs_stay_with_their_word() -> None:
    assert [string for _ids, strings in _translated("fr") for string in strings if LOOSE_SIGN.search(string)] == []


def test_no_word_that_demeans_a_child() -> None:
    assert [string for _ids, strings in _translated("rw") for string in strings if "zererezi" in string.lower()] == []


def test_plural_forms_of_each_language() -> None:
    assert catalogue.catalogue("fr").plural_forms.startswith("nplurals=2; plural=(n > 1)")
    assert catalogue.catalogue("rw").plural_forms.startswith("nplurals=2; plural=(n != 1)")


def test_what_a_speaker_should_look_at_is_listed() -> None:
    marked = [
        message
        for language in catalogue.TRANSLATED
        for message in _messages(language)
        if any(comment.startswith("review") for comment in message.user_comments)
    ]
    assert marked
    assert len(catalogue.review()) == len(marked)
    assert all(any(_forms(message.string)) for message in marked), "a translation is marked that is not there"


# The pages


def _english_only(language: str) -> set[str]:
    """Sentences of two words and more that this language says otherwise; parts around values are left out."""
    return {
        ids[0]
        for ids, strings in _translated(language)
        if " " in ids[0] and not PLACEHOLDER.search(ids[0]) and strings[0] != ids[0]
    }


def _left_in_english(page: Page, sentences: set[str]) -> list[str]:
    html = " ".join(unescape(re.sub(r"<[^>]+>", "\n", page.html)).split(" "))
    lines = {" ".join(line.split()) for line in html.splitlines()}
    return sorted(sentences & lines)


def _paths(world: World) -> list[str]:
    volunteer = world.actor.role is Role.VOLUNTEER
    open_referral, settled = world.records["referral", "own"]
    settled.status, settled.outcome, settled.level = "resolved", "service_provided", 1
    everybody = [
        "/",
        "/more",
        "/account",
        "/account/password",
        "/places",
        "/places/1101",
        "/places?q=Kabeza",
        "/referrals",
        "/referrals?view=mine",
        "/search",
        "/search?q=zzz",
        "/referrals/new",
        f"/referrals/{open_referral.id}",
        f"/referrals/{settled.id}",
    ]
    if volunteer:
        child, task = world.one("child"), world.one("placement")
        return [*everybody, "/children", f"/children/{child.id}", f"/placements/{task.id}/visits/new"]
    asked = [f"/referrals/{open_referral.id}/{verb}" for verb in ("return", "escalate")]
    return [*everybody, *asked, "/numbers", "/numbers/I01", "/numbers/I07"]


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.CELL_COORDINATOR])
def test_the_pages_of_the_village_and_the_cell_speak_the_language(
    db: Session, client_for: Callable[..., PageClient], role: Role, language: str
) -> None:
    world = make_world(db, role)
    paths = _paths(world)
    sentences = _english_only(language)
    client = client_for(world.actor)
    client.headers["Accept-Language"] = "en"
    client.cookies.set(LANGUAGE_COOKIE, language)
    for path in paths:
        page = client.open(path)
        assert page.response.headers["content-language"] == language
        assert _left_in_english(page, sentences) == [], path


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_a_stranger_is_met_in_the_language_of_the_browser(client_for: Callable[..., PageClient], language: str) -> None:
    client = client_for(None)
    client.headers["Accept-Language"] = language
    page = client.open("/sign-in")
    assert _left_in_english(page, _english_only(language)) == []
    refused = client.post_form("/sign-in", {"username": "", "password": ""}, status=422)
    assert _left_in_english(refused, _english_only(language)) == []
    nothing = client.open("/nowhere", status=404)
    assert _left_in_english(nothing, _english_only(language)) == []


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_the_steps_of_filing_and_their_refusals_speak_the_language(
    db: Session, client_for: Callable[..., PageClient], language: str
) -> None:
    world = make_world(db, Role.VOLUNTEER)
    client = client_for(world.actor)
    client.cookies.set(LANGUAGE_COOKIE, language)
    sentences = _english_only(language)
    form = client.open("/referrals/new").form("/referrals/new")
    assert _left_in_english(client.post_form("/referrals/new", form, status=422), sentences) == []
    for answers in ({"concern": "neglect"}, {"urgency": "emergency"}, {"village": str(make.VILLAGE)}, {}):
        page = client.post_form("/referrals/new", form | answers)
        assert _left_in_english(page, sentences) == []
        # The last step's form goes to another address.
        form = page.form("/referrals/new") if answers else {}
    assert {"fr": "cellule Akabahizi", "rw": "akagari ka Akabahizi"}[language] in page.text
