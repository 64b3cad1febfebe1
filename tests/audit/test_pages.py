"""The auditor's pages and the same as JSON."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.chain import keep_head, seal
from app.audit.events import EVENT_KINDS, RecordsListed, Refused, SignedIn
from app.audit.models import AuditEvent, AuditSeal
from app.audit.queries import events_of
from app.audit.schemas import EventFilter
from app.audit.service import list_events, record
from app.audit.words import KINDS, SUBJECTS
from app.children.events import ChildOpened, ChildRegistered
from app.config import Settings
from app.core.clock import KIGALI, now
from app.core.errors import Forbidden
from app.core.ids import new_id
from tests.clients import ApiClient, PageClient
from tests.make import VILLAGE, actor_for, make_child

Pages = Callable[[Actor | None], PageClient]
Api = Callable[[Actor | None], ApiClient]


@pytest.fixture
def auditor(db: Session) -> Actor:
    return actor_for(db, Role.AUDITOR)


@pytest.fixture
def worker(db: Session) -> Actor:
    return actor_for(db, Role.SOCIAL_WORKER, name="Uwase D'Arc <b>Marie</b>")


@pytest.fixture
def head_file(settings: Settings) -> Path:
    return settings.audit_head_path


def newest(db: Session) -> AuditEvent:
    return db.execute(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).scalar_one()


def test_the_list_tells_what_when_who_whom_and_where(
    db: Session, client_for: Pages, auditor: Actor, worker: Actor
) -> None:
    record(db, worker, SignedIn(how="browser"), subject_id=worker.account_id, area_code=VILLAGE)
    page = client_for(auditor).open("/audit")
    assert page.h1 == "Audit log"
    assert "Uwase D'Arc <b>Marie</b>" in page.text
    assert "Signed in" in page.text
    assert "Social worker" in page.text
    assert "Gihanga" in page.text


def test_reading_the_log_is_itself_written(db: Session, client_for: Pages, auditor: Actor) -> None:
    client = client_for(auditor)
    client.open("/audit?kind=access.refused&account=&from=&to=")
    written = newest(db)
    assert (written.kind, written.account_id, written.content["what"]) == (
        "records.listed",
        auditor.account_id,
        "audit_events",
    )
    assert written.content["filter"]["kind"] == "access.refused"
    client.open(f"/audit/{written.id}")
    assert (newest(db).kind, newest(db).content) == ("audit.event_opened", {"event_id": written.id})


def test_a_page_holds_25_and_leads_to_the_older(db: Session, client_for: Pages, auditor: Actor, worker: Actor) -> None:
    for _ in range(30):
        record(db, worker, SignedIn(how="token"), subject_id=worker.account_id)
    client = client_for(auditor)
    address = f"/audit?account={worker.username}"
    first = client.open(address)
    assert first.html.count("data-label") == 25 * 4
    second = client.open(first.links()["Older"])
    assert second.html.count("data-label") == 5 * 4
    assert "Newer" in second.links()


def test_the_same_number_of_statements_for_one_row_and_for_many(
    db: Session, client_for: Pages, auditor: Actor, worker: Actor
) -> None:
    client = client_for(auditor)
    record(db, worker, SignedIn(how="token"), area_code=VILLAGE)
    with client.statements.counted() as few:
        client.open(f"/audit?account={worker.username}")
    for index in range(30):
        record(db, worker, SignedIn(how="token"), area_code=VILLAGE + index % 3)
    with client.statements.counted() as many:
        client.open(f"/audit?account={worker.username}")
    assert len(few) == len(many)


def test_an_event_shows_its_content_and_its_place_in_the_chain(
    db: Session, client_for: Pages, auditor: Actor, worker: Actor, head_file: Path
) -> None:
    record(db, worker, Refused(method="GET", path="/children/<script>", status=404, reason="Nothing"))
    event_id = newest(db).id
    page = client_for(auditor).open(f"/audit/{event_id}")
    assert "Waiting for its seal" in page.text
    assert "/children/<script>" in page.text
    seal(db, most=1_000_000)
    page = client_for(auditor).open(f"/audit/{event_id}")
    sealed = db.execute(select(AuditSeal).where(AuditSeal.event_id == event_id)).scalar_one()
    assert sealed.hash.hex() in page.html.replace("<wbr>", "")
    assert "Event after" in page.links()


@pytest.mark.parametrize(
    "address", ["/audit/9223372036854775807", "/audit/0", "/audit/x", "/audit/9223372036854775808"]
)
def test_what_does_not_exist_is_not_found(client_for: Pages, auditor: Actor, address: str) -> None:
    assert client_for(auditor).open(address, status=404).h1


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "from=yesterday",
        "from=0001-01-01",
        "to=9999-12-31",
        "subject_id=7",
        "kind=%00",
        "kind=';drop table audit_events",
        "account=a%00b",
        "role=king",
        "limit=201",
        "limit=0",
        "cursor=e30",
        "cursor=W1siZCIsIjIwMjAtMDEtMDEiXV0",
    ],
)
def test_a_filter_that_cannot_be_read_is_told(client_for: Pages, api_for: Api, auditor: Actor, query: str) -> None:
    client_for(auditor).open(f"/audit?{query}", status=422)
    answer = api_for(auditor).get(f"/audit-events?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] in query


def test_an_unknown_person_has_no_events(client_for: Pages, auditor: Actor) -> None:
    page = client_for(auditor).open("/audit?account=%F0%9F%91%A7+O'Neil+%D9%85%D8%B1%D9%8A%D9%85")
    assert "No event meets these conditions" in page.text


@pytest.mark.parametrize("typed", ["TMM-7K3Q9D", " tmm 7k3q9d "])
def test_a_record_is_found_by_its_code_as_by_its_id(
    db: Session, client_for: Pages, api_for: Api, auditor: Actor, worker: Actor, typed: str
) -> None:
    child_id = new_id()
    record(db, worker, ChildRegistered(code="TMM-7K3Q9D", restricted=False), subject_id=child_id)
    record(db, worker, ChildOpened(view="whole"), subject_id=child_id)
    record(db, worker, ChildOpened(view="whole"), subject_id=new_id())
    items = api_for(auditor).get("/audit-events", params={"subject_id": typed}).json()["items"]
    assert [(row["kind"], row["subject_id"]) for row in items] == [
        ("child.opened", str(child_id)),
        ("child.registered", str(child_id)),
    ]
    assert items == api_for(auditor).get(f"/audit-events?subject_id={child_id}").json()["items"]
    assert "Registered a child" in client_for(auditor).open(f"/audit?subject_id={quote(typed)}").text


def test_a_code_of_which_the_log_tells_nothing_is_the_same_as_none(
    db: Session, client_for: Pages, auditor: Actor
) -> None:
    there = make_child(db).code
    pages = [client_for(auditor).open(f"/audit?subject_id={code}").text for code in (there, "TMM-7K3Q9D")]
    assert all("No event meets these conditions" in text for text in pages)


def test_what_is_neither_id_nor_code_is_told_at_its_field(
    db: Session, client_for: Pages, api_for: Api, auditor: Actor
) -> None:
    page = client_for(auditor).open("/audit?subject_id=Keza+Mutesi&account=uwase&kind=child.opened", status=422)
    assert "Write the whole identifier of a record, or its code" in page.text
    form = page.form("/audit")
    assert (form["subject_id"], form["account"], form["kind"]) == ("Keza Mutesi", "uwase", "child.opened")
    answer = api_for(auditor).get("/audit-events?subject_id=Keza")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "subject_id")
    noted = db.scalars(select(AuditEvent).where(AuditEvent.account_id == auditor.account_id)).all()
    assert "Keza" not in str([event.content for event in noted]), "what may be a name is not kept"


def test_the_chain_page_tells_how_far_and_whether_the_head_agrees(
    db: Session, client_for: Pages, api_for: Api, auditor: Actor, worker: Actor, head_file: Path
) -> None:
    head_file.unlink(missing_ok=True)
    client = client_for(auditor)
    record(db, worker, SignedIn(how="browser"))
    seal(db, most=1_000_000)
    assert "cannot be read from here" in client.open("/audit/chain").text
    keep_head(db, head_file)
    assert "The head file agrees with the chain" in client.open("/audit/chain").text
    record(db, worker, SignedIn(how="browser"))
    state = api_for(auditor).get("/audit-chain").json()
    assert (state["head"], state["waiting"] >= 1) == ("agrees", True)
    seal(db, most=1_000_000)
    assert "next line is on its way" in client.open("/audit/chain").text
    keep_head(db, head_file)
    last = db.execute(select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1)).scalar_one()
    db.execute(update(AuditSeal).where(AuditSeal.seq == last.seq).values(hash=bytes(32)))
    assert "it was rewritten" in client.open("/audit/chain").text
    db.delete(last)
    db.flush()
    assert "its end was cut off" in client.open("/audit/chain").text
    head_file.unlink()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_else_reads_the_log(db: Session, client_for: Pages, api_for: Api, role: Role) -> None:
    actor = actor_for(db, role)
    client, api = client_for(actor), api_for(actor)
    for address in ("/audit", "/audit/1", "/audit/chain"):
        client.open(address, status=403)
    for address in ("/audit-events", "/audit-events/1", "/audit-chain"):
        assert api.get(address).status_code == 403
    assert newest(db).kind == "access.refused"
    with pytest.raises(Forbidden):
        list_events(db, actor, EventFilter())


def test_nobody_signed_in_is_asked_to_sign_in(client_for: Pages, api_for: Api) -> None:
    client = client_for(None)
    assert client.get("/audit", follow_redirects=False).status_code == 303
    assert api_for(None).get("/audit-events").status_code == 401


# The same list as JSON, where each condition is easy to count


@pytest.fixture
def yesterday_and_today(db: Session, auditor: Actor, worker: Actor) -> tuple[int, int]:
    """Two events of the worker, one just before midnight in Rwanda and one just after."""
    midnight = datetime.combine(now().astimezone(KIGALI).date(), datetime.min.time(), KIGALI)
    ids = []
    for at in (midnight - timedelta(seconds=1), midnight):
        values = {
            "at": at,
            "kind": "account.signed_in",
            "account_id": worker.account_id,
            "role": "social_worker",
            "subject_kind": "account",
            "subject_id": worker.account_id,
            "content": {},
        }
        ids.append(db.execute(insert(AuditEvent).values(**values).returning(AuditEvent.id)).scalar_one())
    return ids[0], ids[1]


def test_days_are_counted_in_rwanda(
    api_for: Api, auditor: Actor, worker: Actor, yesterday_and_today: tuple[int, int]
) -> None:
    before, after = yesterday_and_today
    today = now().astimezone(KIGALI).date()
    api = api_for(auditor)

    def ids(**conditions: str) -> list[int]:
        answer = api.get("/audit-events", params={"account": worker.username} | conditions)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert ids() == [after, before]
    assert ids(**{"from": str(today)}) == [after]
    assert ids(to=str(today - timedelta(days=1))) == [before]
    assert ids(**{"from": str(today - timedelta(days=1)), "to": str(today)}) == [after, before]
    assert ids(to="2000-01-01") == []
    assert ids(**{"from": "2199-01-01"}) == []


@pytest.mark.parametrize(
    ("conditions", "met"),
    [
        ({"kind": "account.signed_in"}, 2),
        ({"kind": "account.created"}, 0),
        ({"role": "social_worker"}, 2),
        ({"role": "partner"}, 0),
        ({"subject_kind": "account"}, 2),
        ({"subject_kind": "child"}, 0),
    ],
)
def test_each_condition_narrows_the_list(
    api_for: Api,
    auditor: Actor,
    worker: Actor,
    yesterday_and_today: tuple[int, int],
    conditions: dict[str, str],
    met: int,
) -> None:
    answer = api_for(auditor).get("/audit-events", params={"account": str(worker.account_id)} | conditions)
    assert len(answer.json()["items"]) == met


def test_one_record_by_its_identifier(
    api_for: Api, auditor: Actor, worker: Actor, yesterday_and_today: tuple[int, int]
) -> None:
    api = api_for(auditor)
    assert len(api.get(f"/audit-events?subject_id={worker.account_id}").json()["items"]) == 2
    assert api.get(f"/audit-events?subject_id={new_id()}").json() == {"items": [], "next": None}


def test_the_cursor_leads_through_everything_once(db: Session, api_for: Api, auditor: Actor, worker: Actor) -> None:
    for _ in range(7):
        record(db, worker, SignedIn(how="token"))
    api = api_for(auditor)
    seen: list[int] = []
    query = {"account": worker.username, "limit": "3"}
    while True:
        page = api.get("/audit-events", params=query).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(seen) == 7
    assert seen == sorted(set(seen), reverse=True)


def test_one_event_as_json(db: Session, api_for: Api, auditor: Actor, worker: Actor) -> None:
    record(db, worker, RecordsListed(what="children", filter={"q": "a"}, rows=3), area_code=11000000)
    answer = api_for(auditor).get(f"/audit-events/{newest(db).id}")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["content"]["rows"], body["place"], body["seq"]) == (3, "Nyarugenge district", None)
    assert api_for(auditor).get("/audit-events/999999999999").status_code == 404


def test_events_of_a_record_for_its_own_page(db: Session, auditor: Actor, worker: Actor) -> None:
    record(db, worker, SignedIn(how="token"), subject_id=worker.account_id)
    record(db, auditor, SignedIn(how="token"), subject_id=auditor.account_id)
    found = events_of(db, "account", worker.account_id, kinds=["account.signed_in"])
    assert [row.display_name for row in found.items] == [worker.display_name]
    assert events_of(db, "account", worker.account_id, kinds=["child.opened"]).items == []


def test_every_kind_of_event_has_words(app: FastAPI) -> None:
    # The application knows every domain, so every kind of event is declared by now.
    assert {kind for kind, event in EVENT_KINDS.items() if not event.words} <= set(KINDS)
    assert {event.subject_kind for event in EVENT_KINDS.values()} - {None} <= set(SUBJECTS)
