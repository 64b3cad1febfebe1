from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.children.models import Child
from app.referrals import drafts
from app.referrals.models import Referral
from app.referrals.schemas import ReferralEscalate
from app.referrals.service import escalate_referral
from tests.clients import Page, PageClient
from tests.make import CELL, OTHER_VILLAGE, VILLAGE, account_of, actor_for, make_case, make_child, reload
from tests.referrals.conftest import Act, Ladder, command, hops_of, told

Client = Callable[[Actor | None], PageClient]
File = Callable[..., Referral]


def count(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(Referral)) or 0


def answer(page: Page, *, status: int = 200, **given: Any) -> Page:
    """Fills in the step that a page shows and goes on, as a browser without JavaScript does."""
    action = "/referrals" if next(iter_actions(page)) == "/referrals" else "/referrals/new"
    return page.client.post_form(action, page.form(action) | given, status=status)


def iter_actions(page: Page) -> Any:
    return (
        form.get("action", "")
        for form in page.tree.iter("{http://www.w3.org/1999/xhtml}form")
        if form.get("action", "").startswith("/referrals")
    )


# Filing


def test_a_volunteer_files_in_five_taps(ladder: Ladder, client_for: Client, db: Session) -> None:
    client = client_for(ladder.volunteer)
    page = client.open("/referrals/new")
    assert page.h1 == "What is the worry?"
    page = answer(page, concern="school_dropout")
    assert page.h1 == "How urgent is it?"
    page = answer(page, urgency="high")
    assert "Gihanga" in page.text, "the volunteer's own village is proposed"
    page = answer(page)
    assert page.h1 == "Is there more to tell?"
    page = answer(page)
    assert page.h1 == "Check before you send"
    assert "Dropped out of school" in page.text
    assert "Not sent yet." in page.text
    assert "Send to the cell" in page.text
    page = answer(page)
    assert "Sent to the cell." in page.text
    assert "Waiting for the cell for 1 minute" in page.text
    referral = db.scalars(select(Referral)).one()
    assert (referral.concern, referral.urgency, referral.place_code) == ("school_dropout", "high", VILLAGE)
    assert referral.child_sex is None


def filled(page: Page, **given: Any) -> dict[str, Any]:
    everything = {
        "concern": "neglect",
        "urgency": "medium",
        "village": str(VILLAGE),
        "child_hint.sex": "female",
        "child_hint.age_band": "6-9",
        "narrative": "She is alone <script>alert(1)</script>\n'); DROP TABLE referrals; --",
    }
    return page.form("/referrals/new") | everything | given


def test_going_back_loses_nothing(ladder: Ladder, client_for: Client) -> None:
    client = client_for(ladder.volunteer)
    page = client.open("/referrals/new")
    page = client.post_form("/referrals/new", filled(page, _step="4"))
    assert page.h1 == "Check before you send"
    assert "<script>alert" not in page.html
    page = client.post_form("/referrals/new", page.form("/referrals") | {"_go": "1"})
    assert page.h1 == "What is the worry?"
    values = page.form("/referrals/new")
    assert values["concern"] == "neglect"
    assert values["narrative"].startswith("She is alone")
    page = client.post_form("/referrals/new", values | {"concern": "malnutrition"})
    assert page.h1 == "Check before you send", "what was changed on the last page leads back to it"
    assert "Malnutrition" in page.text
    page = client.post_form("/referrals/new", page.form("/referrals") | {"_go": "4"})
    assert "DROP TABLE referrals" in page.form("/referrals/new")["narrative"]


def test_each_page_says_what_is_missing(ladder: Ladder, client_for: Client) -> None:
    client = client_for(ladder.volunteer)
    page = answer(client.open("/referrals/new"), status=422)
    assert "Choose the worry that fits best" in page.text
    page = answer(answer(page, concern="neglect"), status=422)
    assert "Choose how urgent it is" in page.text
    page = answer(answer(page, urgency="low"), village="", status=422)
    assert "Choose the village" in page.text
    page = answer(page, village="", village_name="Ntakazina", status=422)
    assert "Choose the cell in which the village lies" in page.text
    page = answer(page, village="", village_name="", cell=str(CELL), status=422)
    assert "Write the name of the village" in page.text
    page = answer(answer(page, village=str(VILLAGE), cell=""), narrative="x" * 2001, status=422)
    assert "At most 2000 characters" in page.text
    assert page.h1 == "Is there more to tell?"


def test_nul_bytes_and_nonsense_are_answered(ladder: Ladder, client_for: Client) -> None:
    client = client_for(ladder.volunteer)
    page = client.open("/referrals/new")
    for field, value in (
        ("narrative", "a\x00b"),
        ("village", "abc"),
        ("village", "99999999"),
        ("child", "not-a-uuid"),
        ("suspects[]", "x"),
        ("suspect_name", "x" * 101),
        ("child_hint.age_band", "all"),
        ("concern", "gossip"),
        ("id", "1"),
    ):
        client.post_form("/referrals", filled(page, **{field: value}), status=422)


def test_a_place_is_found_without_javascript(ladder: Ladder, client_for: Client) -> None:
    client = client_for(ladder.volunteer)
    page = client.open("/referrals/new")
    page = client.post_form(
        "/referrals/new", filled(page, _step="3", _action="find_place", **{"_village-q": "kabeza gitega"})
    )
    assert page.h1 == "Where is it, and who is the child?"
    assert "places found" in page.text or "place found" in page.text or "No place of that name" in page.text
    assert page.form("/referrals/new")["narrative"].startswith("She is alone")


def test_a_village_that_is_not_in_the_list(ladder: Ladder, client_for: Client, db: Session) -> None:
    client = client_for(ladder.volunteer)
    page = client.open("/referrals/new")
    page = client.post_form("/referrals/new", filled(page, _step="3", cell=str(CELL), village_name="N'Takazina ❤ قرية"))
    page = client.post_form("/referrals/new", page.form("/referrals/new"))
    assert "N'Takazina ❤ قرية, Akabahizi" in page.text
    client.post_form("/referrals", page.form("/referrals"))
    assert db.scalars(select(Referral)).one().village_name == "N'Takazina ❤ قرية"


def test_a_child_of_the_village_can_be_named(ladder: Ladder, client_for: Client, db: Session) -> None:
    child = make_child(db, given="Keza")
    make_child(db, given="Hidden", restricted=True)
    client = client_for(ladder.volunteer)
    page = client.post_form("/referrals/new", filled(client.open("/referrals/new"), _step="2"))
    assert "Keza" in page.text
    assert "Hidden" not in page.text
    page = client.post_form("/referrals/new", page.form("/referrals/new") | {"child": str(child.id)})
    page = client.post_form("/referrals/new", page.form("/referrals/new"))
    assert "Keza" in page.text
    page = client.post_form("/referrals", page.form("/referrals"))
    assert page.links()["Keza"] == f"/children/{child.id}"


def test_a_double_click_makes_one_referral(ladder: Ladder, client_for: Client, db: Session) -> None:
    client = client_for(ladder.volunteer)
    page = client.post_form("/referrals/new", filled(client.open("/referrals/new"), _step="4"))
    values = page.form("/referrals")
    first, second = client.post_form("/referrals", values), client.post_form("/referrals", values)
    assert first.url == second.url
    assert count(db) == 1


def test_an_emergency_shows_the_numbers_first(ladder: Ladder, client_for: Client) -> None:
    client = client_for(ladder.volunteer)
    page = client.post_form("/referrals/new", filled(client.open("/referrals/new"), _step="4", urgency="emergency"))
    assert "the district sees it at the same time" in page.text
    page = client.post_form("/referrals", page.form("/referrals"))
    for number in ("116", "3512", "166"):
        assert f'href="tel:{number}"' in page.html
    assert page.text.index("call first") < page.text.index("Its way up the ladder")


def test_the_district_takes_an_emergency_over(ladder: Ladder, client_for: Client, filed: File) -> None:
    address = f"/referrals/{filed(urgency='emergency').id}"
    client = client_for(ladder.district)
    page = client.open(address)
    assert "Accept it to take it over" in page.text
    page = client.post_form(f"{address}/acknowledge", page.form(f"{address}/acknowledge"))
    assert "Accept it to take it over" in page.text
    page = client.post_form(f"{address}/accept", page.form(f"{address}/accept"))
    assert "The district has worked on it" in page.text
    assert "Taken over by the district" in page.text


def test_a_suspect_is_kept_out_and_the_next_office_receives(ladder: Ladder, client_for: Client, db: Session) -> None:
    client = client_for(ladder.volunteer)
    page = client.post_form("/referrals/new", filled(client.open("/referrals/new"), _step="3"))
    assert "Uwera Alice" in page.text
    page = client.post_form("/referrals/new", page.form("/referrals/new") | {"suspects[]": str(ladder.cell.account_id)})
    assert "Send to the sector" in page.text
    assert "Never shown to Uwera Alice" in page.text
    page = client.post_form("/referrals", page.form("/referrals"))
    referral = db.scalars(select(Referral)).one()
    assert referral.level == 3
    assert told(db, referral, ladder.cell) == []
    suspect = client_for(ladder.cell)
    assert referral.code not in suspect.open("/referrals?view=all").text
    suspect.open(f"/referrals/{referral.id}", status=404)


def test_officers_file_the_same_way(ladder: Ladder, client_for: Client, db: Session) -> None:
    client = client_for(ladder.district)
    page = client.post_form("/referrals/new", filled(client.open("/referrals/new"), _step="4"))
    assert "Send to the district" in page.text
    client.post_form("/referrals", page.form("/referrals"))
    assert db.scalars(select(Referral)).one().level == 4


def test_who_does_not_file_is_told_why(client_for: Client, db: Session) -> None:
    page = client_for(actor_for(db, Role.NATIONAL_OFFICER)).open("/referrals/new", status=403)
    assert "does not include this" in page.text


# One referral


def test_each_office_sees_it_arrive_and_sends_it_on(
    ladder: Ladder, client_for: Client, filed: File, db: Session
) -> None:
    referral = filed(narrative="She is alone", child_hint={"sex": "female", "age_band": "6-9"})
    address = f"/referrals/{referral.id}"
    cell = client_for(ladder.cell)
    page = cell.open("/referrals")
    assert page.links()["Neglect"] == address
    assert "Waiting for the cell" in page.text
    page = cell.open(address)
    assert "She is alone" in page.text
    page = cell.post_form(f"{address}/acknowledge", page.form(f"{address}/acknowledge"))
    assert "Acknowledged. Now accept it" in page.text
    page = cell.post_form(f"{address}/accept", page.form(f"{address}/accept"))
    assert "The cell has worked on it" in page.text
    page = cell.open(page.links()["Escalate to the sector"])
    assert page.h1 == "Escalate to the sector"
    empty = cell.post_form(f"{address}/escalate", page.form(f"{address}/escalate"), status=422)
    assert "This is needed" in empty.text
    values = page.form(f"{address}/escalate") | {"reason": "We need the police"}
    page = cell.post_form(f"{address}/escalate", values)
    assert "Sent to the sector." in page.text
    sector = client_for(ladder.sector)
    page = sector.open(address)
    page = sector.post_form(f"{address}/acknowledge", page.form(f"{address}/acknowledge"))
    page = sector.post_form(
        f"{address}/resolve",
        sector.open(page.links()["Resolve"]).form(f"{address}/resolve")
        | {"outcome": "service_provided", "note": "Safe with her aunt"},
    )
    assert "Resolved. Its author is told" in page.text
    assert "What you can do" not in page.text
    page = client_for(ladder.volunteer).open(address)
    assert "The child was helped" in page.text
    assert "Safe with her aunt" in page.text
    assert "We need the police" in page.text


def test_a_child_registered_from_a_referral_and_its_case_are_what_came_of_it(
    ladder: Ladder, client_for: Client, filed: File, act: Act, db: Session
) -> None:
    referral = filed(child_hint={"sex": "female", "age_band": "6-9"})
    address = f"/referrals/{referral.id}"
    for holder in (ladder.cell, ladder.sector):
        act(holder, escalate_referral, referral.id, ReferralEscalate(reason="The family needs a social worker"))
    worker = client_for(ladder.district)
    worker.post_form(f"{address}/accept", {"_version": str(reload(db, referral).version)})
    page = worker.post_form("/children/new", worker.open(address).form("/children/new"))
    named = {"given_name": "Keza", "family_name": "Mutesi", "birth_precision": "unknown"}
    worker.post_form("/children/new", page.form("/children/new") | named)
    child = db.scalars(select(Child)).one()
    assert worker.open(address).form("/children/new")["id"] != str(child.id), "a sister is another child"
    make_case(db, child)
    form = worker.open(f"{address}/resolve").form(f"{address}/resolve")
    assert (form["outcome"], form["child_code"]) == ("case_opened", child.code)
    worker.post_form(f"{address}/resolve", form)
    assert reload(db, referral).child_id == child.id
    assert "a social worker follows the child" in client_for(ladder.volunteer).open(address).text


def test_the_author_reads_the_question_and_answers(
    ladder: Ladder, client_for: Client, filed: File, db: Session
) -> None:
    referral = filed()
    address = f"/referrals/{referral.id}"
    cell, author = client_for(ladder.cell), client_for(ladder.volunteer)
    page = cell.open(f"{address}/return")
    assert page.h1 == "Return to the volunteer"
    cell.post_form(f"{address}/return", page.form(f"{address}/return") | {"reason": "Which house?"})
    page = author.open("/referrals")
    assert "Returned to you with a question" in page.text
    assert "Answer the question" in page.text
    assert " New " in page.text
    page = author.open(address)
    assert "Which house?" in page.text
    page = author.open(page.links()["Answer"])
    page = author.post_form(f"{address}/answer", page.form(f"{address}/answer") | {"answer": "The blue one"})
    assert "Sent to the cell." in page.text
    assert "The blue one" in cell.open(address).text


def test_two_browsers_one_wins_and_the_other_keeps_its_words(
    ladder: Ladder, client_for: Client, filed: File, db: Session
) -> None:
    referral = filed()
    address = f"/referrals/{referral.id}"
    first, second = client_for(ladder.cell), client_for(actor_for(db, Role.CELL_COORDINATOR))
    seen_first = first.open(f"{address}/escalate").form(f"{address}/escalate")
    seen_second = second.open(f"{address}/escalate").form(f"{address}/escalate")
    first.post_form(f"{address}/escalate", seen_first | {"reason": "One"})
    page = second.post_form(f"{address}/escalate", seen_second | {"reason": "Two <b>words</b>"}, status=412)
    assert "Somebody of your office already sent this to the sector at" in page.text
    assert "Two <b>words</b>" in page.text
    assert "Waiting for the sector" in page.text
    page = first.post_form(f"{address}/escalate", seen_first | {"reason": "One"})
    assert "Sent to the sector." in page.text, "a double click is answered as if it were one"
    assert len(hops_of(db, referral)) == 2


def test_a_restricted_file_that_moved_on_is_still_told_as_taken(
    ladder: Ladder, client_for: Client, filed: File, db: Session
) -> None:
    referral = filed(concern="sexual_violence", narrative="Secret words")
    address = f"/referrals/{referral.id}"
    first, second = client_for(ladder.cell), client_for(actor_for(db, Role.CELL_COORDINATOR))
    seen = second.open(f"{address}/escalate").form(f"{address}/escalate")
    first.post_form(f"{address}/escalate", seen | {"reason": "One"})
    page = second.post_form(f"{address}/escalate", seen | {"reason": "Two"}, status=412)
    assert "already sent this to the sector" in page.text
    assert "Secret words" not in page.text
    second.open(address, status=404)
    assert "Secret words" in first.open(address).text, "whoever sent it on learns what comes of it"


def test_withdrawing(ladder: Ladder, client_for: Client, filed: File) -> None:
    referral = filed()
    address = f"/referrals/{referral.id}"
    author = client_for(ladder.volunteer)
    page = author.open(author.open(address).links()["Withdraw"])
    page = author.post_form(f"{address}/withdraw", page.form(f"{address}/withdraw"))
    assert "Withdrawn. Nobody will act on it." in page.text
    author.open(f"{address}/withdraw", status=403)


def test_opening_is_noted_and_makes_notices_read(ladder: Ladder, client_for: Client, filed: File, db: Session) -> None:
    referral = filed()
    client = client_for(ladder.cell)
    assert " New " in client.open("/referrals").text
    assert "A referral waits for your office" in client.open("/referrals?view=mine").text
    client.open(f"/referrals/{referral.id}")
    assert " New " not in client.open("/referrals").text
    assert "A referral waits for your office" not in client.open("/referrals?view=mine").text
    opened = select(AuditEvent).where(AuditEvent.kind == "referral.opened", AuditEvent.subject_id == referral.id)
    assert [event.account_id for event in db.scalars(opened)] == [ladder.cell.account_id]


def test_the_phone_of_the_author_is_there_for_who_acts(
    ladder: Ladder, client_for: Client, filed: File, db: Session
) -> None:
    account_of(db, ladder.volunteer).phone = "+250788123456"
    db.flush()
    referral = filed()
    assert 'href="tel:+250788123456"' in client_for(ladder.cell).open(f"/referrals/{referral.id}").html
    assert "+250788123456" not in client_for(ladder.district).open(f"/referrals/{referral.id}").html


def test_lists_have_views_filters_and_words_when_empty(
    ladder: Ladder, client_for: Client, filed: File, act: Act
) -> None:
    client = client_for(ladder.cell)
    assert "Nothing waits for you" in client.open("/referrals").text
    assert "No referral yet" in client.open("/referrals?view=mine").text
    for _number in range(3):
        filed(urgency="high")
    filed(concern="malnutrition", urgency="low")
    page = client.open("/referrals?view=all&limit=2")
    assert "Malnutrition" in page.text
    page = client.open(page.links()["Older"])
    assert "Malnutrition" not in page.text
    assert "Malnutrition" not in client.open("/referrals?urgency=high").text
    assert "Nothing of this kind" in client.open("/referrals?view=all&urgency=emergency").text
    client.open("/referrals?nonsense=1", status=422)
    client.open("/referrals?view=other", status=422)


def test_a_volunteer_sees_only_their_own(ladder: Ladder, client_for: Client, filed: File, db: Session) -> None:
    referral = filed()
    other = client_for(actor_for(db, Role.VOLUNTEER))
    assert referral.code not in other.open("/referrals").text
    other.open(f"/referrals/{referral.id}", status=404)
    page = client_for(ladder.volunteer).open("/referrals")
    assert page.h1 == "Your referrals"
    assert referral.code in page.text


def test_a_place_elsewhere_goes_to_its_own_ladder(ladder: Ladder, client_for: Client, filed: File, db: Session) -> None:
    there = actor_for(db, Role.CELL_COORDINATOR, 120101)
    referral = filed(village=OTHER_VILLAGE)
    assert referral.code in client_for(there).open("/referrals").text
    assert referral.code not in client_for(ladder.cell).open("/referrals").text
    assert "Waiting for the cell" in client_for(ladder.volunteer).open(f"/referrals/{referral.id}").text


def test_the_command_of_the_page_and_of_the_tests_agree() -> None:
    assert command().village == VILLAGE


def test_every_page_of_filing_has_an_address_that_opens_again(ladder: Ladder, client_for: Client) -> None:
    client = client_for(ladder.volunteer)
    page = client.post_form("/referrals/new", filled(client.open("/referrals/new"), _step="4"))
    assert page.url.endswith("/referrals/new?step=5")
    back = client.open("/referrals/new?step=4")
    assert "DROP TABLE referrals" in back.form("/referrals/new")["narrative"]
    assert back.form("/referrals/new")["concern"] == page.form("/referrals")["concern"]
    assert back.form("/referrals/new")["id"] == page.form("/referrals")["id"]
    assert "DROP TABLE" not in client_for(ladder.cell).open("/referrals/new?step=4").html
    changed = client.cookies["filing"][:-8] + "AAAAAAAA"
    client.cookies.delete("filing")
    for other in (changed, "no cookie of ours", "A"):
        client.cookies.set("filing", other, path="/referrals")
        assert "DROP TABLE" not in client.open("/referrals/new?step=4").html
    scope = {"type": "http", "headers": [(b"cookie", b"filing=\xe9")]}
    assert drafts.kept(Request(scope), ladder.volunteer) is None
    client.open("/referrals/new?step=9", status=422)


def test_answers_that_are_too_long_for_a_cookie_stay_in_the_form(ladder: Ladder, client_for: Client) -> None:
    client = client_for(ladder.volunteer)
    words = "".join(chr(0x4E00 + (7919 * number) % 20_000) for number in range(2000))
    page = client.post_form("/referrals/new", filled(client.open("/referrals/new"), _step="4", narrative=words))
    assert page.url.endswith("/referrals/new")
    assert page.form("/referrals")["narrative"] == words


def test_what_was_sent_is_taken_out_of_the_browser(ladder: Ladder, client_for: Client) -> None:
    client = client_for(ladder.volunteer)
    page = client.post_form("/referrals/new", filled(client.open("/referrals/new"), _step="4"))
    assert "filing" in client.cookies
    client.post_form("/referrals", page.form("/referrals"))
    assert "filing" not in client.cookies
