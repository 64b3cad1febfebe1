from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.core.ids import new_id
from app.referrals.models import Referral
from tests.clients import ApiClient
from tests.make import CELL, VILLAGE, actor_for, make_child
from tests.referrals.conftest import Ladder

Api = Callable[[Actor | None], ApiClient]
File = Callable[..., Referral]

BODY: dict[str, Any] = {"concern": "neglect", "urgency": "medium", "village": VILLAGE, "narrative": "Alone"}


def test_the_body_of_the_design(ladder: Ladder, api_for: Api, db: Session) -> None:
    api = api_for(ladder.volunteer)
    body = {**BODY, "id": str(new_id()), "child_hint": {"sex": "female", "age_band": "6-9"}}
    first = api.post("/referrals", json=body)
    assert first.status_code == 201
    told = first.json()
    assert (told["status"], told["level"], told["child_sex"], told["child_age_band"]) == (
        "sent",
        "cell",
        "female",
        "6-9",
    )
    assert told["id"] == body["id"]
    assert first.headers["ETag"] == '"1"'
    assert api.post("/referrals", json=body).status_code == 200
    assert api.post("/referrals", json={**body, "urgency": "low"}).status_code == 409
    assert api_for(actor_for(db, Role.VOLUNTEER)).post("/referrals", json=body).status_code == 409


def test_an_unknown_village_under_its_cell(ladder: Ladder, api_for: Api) -> None:
    body = {"concern": "other", "urgency": "low", "cell": CELL, "village_name": "Ntakazina"}
    told = api_for(ladder.volunteer).post("/referrals", json=body).json()
    assert told["place"].startswith("Ntakazina, ")
    assert told["place_code"] == CELL


def test_what_does_not_fit_is_named_by_field(ladder: Ladder, api_for: Api, db: Session) -> None:
    api = api_for(ladder.volunteer)
    child = make_child(db)
    for given, field in (
        ({"concern": "gossip"}, "concern"),
        ({"urgency": None}, "urgency"),
        ({"village": 1101}, "village"),
        ({"village": None}, "village"),
        ({"village": VILLAGE, "cell": 120101}, "village"),
        ({"narrative": "x" * 2001}, "narrative"),
        ({"narrative": "a\x00b"}, "narrative"),
        ({"child_hint": {"sex": "girl"}}, "child_hint.sex"),
        ({"child": str(new_id())}, "child"),
        ({"child": str(child.id), "child_hint": {"sex": "male"}}, "child_hint"),
        ({"suspects": [str(new_id())]}, "suspects"),
        ({"suspect_name": "\u202eevil"}, "suspect_name"),
        ({"note": "unknown"}, "note"),
    ):
        answer = api.post("/referrals", json=BODY | given)
        assert answer.status_code == 422, given
        assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_the_whole_way_with_versions(ladder: Ladder, api_for: Api, filed: File) -> None:
    address = f"/referrals/{filed().id}"
    cell, sector = api_for(ladder.cell), api_for(ladder.sector)
    opened = cell.get(address)
    assert opened.json()["can"] == ["acknowledge", "accept", "return", "escalate"]
    assert (opened.json()["escalates_to"], opened.json()["returns_to"]) == ("sector", "village")
    seen = cell.post(f"{address}/acknowledge", headers={"If-Match": opened.headers["ETag"]})
    assert (seen.status_code, seen.json()["status"], seen.headers["ETag"]) == (200, "acknowledged", '"2"')
    up = cell.post(f"{address}/escalate", json={"reason": "Up"}, headers={"If-Match": '"2"'})
    assert (up.json()["level"], up.json()["status"], up.json()["can"]) == ("sector", "sent", [])
    assert cell.post(f"{address}/escalate", json={"reason": "Up"}, headers={"If-Match": '"2"'}).status_code == 200
    assert sector.post(f"{address}/accept").json()["status"] == "accepted"
    done = sector.post(f"{address}/resolve", json={"outcome": "partly", "note": "Food for a month"})
    assert (done.json()["status"], done.json()["outcome"], done.json()["due_at"]) == ("resolved", "partly", None)
    author = api_for(ladder.volunteer)
    assert author.get(address).json()["outcome_note"] == "Food for a month"
    hops = author.get(address).json()["hops"]
    assert [(hop["level"], hop["ended"]) for hop in hops] == [("cell", "escalated"), ("sector", "resolved")]


def test_a_stale_version_is_412_with_the_present_state(ladder: Ladder, api_for: Api, filed: File, db: Session) -> None:
    address = f"/referrals/{filed().id}"
    first, second = api_for(ladder.cell), api_for(actor_for(db, Role.CELL_COORDINATOR))
    first.post(f"{address}/escalate", json={"reason": "Up"}, headers={"If-Match": '"1"'})
    stale = second.post(f"{address}/escalate", json={"reason": "Me too"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["title"].startswith("Somebody of your office already sent this to the sector at ")
    assert stale.json()["current"] == {"status": "sent", "level": "sector", "version": 2}
    assert second.post(f"{address}/escalate", json={"reason": "Me too"}).status_code == 409
    assert second.post(f"{address}/accept", headers={"If-Match": "rubbish"}).status_code == 412


def test_return_answer_and_withdraw(ladder: Ladder, api_for: Api, filed: File) -> None:
    address = f"/referrals/{filed().id}"
    cell, author = api_for(ladder.cell), api_for(ladder.volunteer)
    back = cell.post(f"{address}/return", json={"reason": "Which house?"})
    assert (back.json()["level"], back.json()["status"]) == ("village", "returned")
    assert cell.post(f"{address}/return", json={"reason": ""}).status_code == 422
    answered = author.post(f"{address}/answer", json={"answer": "The blue one"})
    assert (answered.json()["level"], answered.json()["status"]) == ("cell", "sent")
    refused = author.post(f"{address}/withdraw", json={})
    assert refused.status_code == 403
    assert "acted on it already" in refused.json()["title"]
    other = f"/referrals/{filed().id}"
    assert author.post(f"{other}/withdraw", json={"reason": "A mistake"}).json()["status"] == "withdrawn"


def test_lists_filter_and_page(ladder: Ladder, api_for: Api, filed: File) -> None:
    for urgency in ("low", "high", "high"):
        filed(urgency=urgency)
    api = api_for(ladder.cell)

    def codes(query: str) -> list[str]:
        return [row["urgency"] for row in api.get(f"/referrals?{query}").json()["items"]]

    assert codes("") == ["high", "high", "low"]
    assert codes("inbox=true") == ["high", "high", "low"]
    assert codes("urgency=low") == ["low"]
    assert codes("status=resolved") == codes("level=sector") == codes("concern=abandonment") == []
    assert codes(f"level=cell&place={CELL}&status=sent") == ["high", "high", "low"]
    page = api.get("/referrals?limit=2").json()
    assert len(page["items"]) == 2
    rest = api.get(f"/referrals?limit=2&cursor={page['next']}").json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    row = page["items"][0]
    assert "narrative" not in row
    assert "child" not in row
    for query in ("nonsense=1", "urgency=urgent", "place=999", "cursor=x", "limit=0", "level=4"):
        assert api.get(f"/referrals?{query}").status_code == 422, query


def test_a_suspect_never_gets_it_by_any_door(ladder: Ladder, api_for: Api, filed: File) -> None:
    address = f"/referrals/{filed(suspects=[str(ladder.cell.account_id)]).id}"
    api = api_for(ladder.cell)
    assert api.get(address).status_code == 404
    assert api.get("/referrals").json()["items"] == []
    assert api.get("/notices").json() == []
    for verb, body in (
        ("acknowledge", None),
        ("accept", None),
        ("return", {"reason": "x"}),
        ("escalate", {"reason": "x"}),
        ("resolve", {"outcome": "partly"}),
        ("answer", {"answer": "x"}),
        ("withdraw", {}),
    ):
        assert api.post(f"{address}/{verb}", json=body).status_code == 404, verb


def test_notices_are_news_until_the_referral_is_opened(ladder: Ladder, api_for: Api, filed: File) -> None:
    referral = filed()
    api = api_for(ladder.cell)
    [notice] = api.get("/notices").json()
    assert (notice["kind"], notice["code"]) == ("received", referral.code)
    api.get(f"/referrals/{referral.id}")
    assert api.get("/notices").json() == []


def test_the_nation_reads_no_names(ladder: Ladder, api_for: Api, filed: File, db: Session) -> None:
    child = make_child(db, given="Keza")
    address = f"/referrals/{filed(child=str(child.id)).id}"
    for officer in (ladder.cell, ladder.sector, ladder.district):
        assert api_for(officer).get(address).json()["child"]["given_name"] == "Keza"
        api_for(officer).post(f"{address}/escalate", json={"reason": "Up"})
    told = api_for(ladder.national).get(address).json()
    assert told["child"] == {"id": str(child.id), "code": child.code, "given_name": None, "may_open": True}
    assert api_for(actor_for(db, Role.NATIONAL_OFFICER)).get(address).json()["can"] == []
