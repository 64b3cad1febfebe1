from datetime import timedelta

import pytest

from app.access.roles import Level
from app.core import clock
from app.core.text import fold
from tests import make
from tests.make import actor_for, make_child, make_household, make_institution, make_placement, make_referral, make_task


@pytest.fixture
def reform(db):
    """One child placed from a home, one still there, one visit late, one referral: the smallest reform."""
    worker = actor_for(db, "social_worker")
    home = make_institution(db)
    family = make_household(db)
    day = clock.today()
    placed = make_child(db, given="Placed", worker=worker)
    make_placement(
        db, placed, institution=home, started_on=day - timedelta(days=400), ended_on=day - timedelta(days=10)
    )
    episode = make_placement(
        db, placed, household=family, started_on=day - timedelta(days=10), from_kind="residential_institution"
    )
    resident = make_child(db, given="Resident", institution=home, since=day - timedelta(days=5), worker=worker)
    make_task(db, placed, due_on=day - timedelta(days=20), subject_id=episode.id)
    make_referral(db, actor_for(db, "volunteer"))
    return {"worker": worker, "home": home, "placed": placed, "resident": resident}


def test_numbers_page_counts_and_opens_lists(db, reform, client_for):
    client = client_for(actor_for(db, "national_officer"))
    page = client.open("/numbers")
    assert "Residents in institutions" in page.text
    page = client.open("/numbers/I05?by=district")
    assert "Nyarugenge" in page.text
    records = client.open("/numbers/I05/records")
    assert reform["placed"].code in records.text
    assert "Placed Mutesi" not in records.text


@pytest.mark.parametrize("code", ["I01", "I03", "I05", "I06", "I07", "I23", "I24", "I31", "I32", "I33"])
def test_every_number_every_way(db, reform, client_for, api_for, code):
    national = actor_for(db, "national_officer")
    api = api_for(national)
    catalogue = {entry["code"]: entry for entry in api.get("/indicators").json()}
    client = client_for(national)
    for by in catalogue[code]["by"]:
        answer = api.get(f"/indicators/{code}?by={by}")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        if body["unit"] != "days":
            assert sum(row["numerator"] for row in body["rows"]) == (
                body["numerator"] if code != "I06" else body["denominator"]
            )
        client.open(f"/numbers/{code}?by={by}")
        for row in body["rows"]:
            listed = api.get(f"/indicators/{code}/records?by={by}&key={row['key']}&limit=200").json()["items"]
            counted = [item for item in listed if item["counted"]] if code != "I06" else listed
            assert len(counted) == row["numerator"]


def test_the_main_job_moves_the_numbers(db, reform, api_for):
    api = api_for(actor_for(db, "national_officer"))
    value = lambda code: api.get(f"/indicators/{code}").json()["numerator"]  # noqa: E731
    assert value("I01") == 1
    assert value("I03") == 1
    assert value("I05") == 1
    assert value("I24") == 1
    assert value("I31") == 1


def test_a_sector_is_one_row_with_its_name(db, reform, api_for):
    day = clock.today()
    for village in (make.VILLAGE, make.VILLAGE + 1):
        placement = make_placement(db, make_child(db), institution=reform["home"], started_on=day)
        placement.area_code = village
    db.flush()
    rows = api_for(actor_for(db, "national_officer")).get("/indicators/I01?by=sector").json()["rows"]
    assert [(row["key"], row["label"]) for row in rows] == [("1101", "Gitega")]


def test_ledger_adds_up(db, reform, api_for, client_for):
    api = api_for(actor_for(db, "national_officer"))
    for scope in ("", "&place=11", f"&institution={reform['home'].id}"):
        body = api.get(f"/ledger?from={clock.today() - timedelta(days=30)}{scope}").json()
        assert body["opening"] == 1
        assert body["closing"] == 1
        assert body["residual"] == 0
        assert {line["code"]: line["count"] for line in body["inward"]}["admission"] == 1
        assert {line["code"]: line["count"] for line in body["outward"]}["foster"] == 1
    client_for(reform["worker"]).open("/numbers/ledger")


def test_a_resident_who_left_for_nowhere_is_a_residual(db, reform, api_for, client_for):
    day = clock.today()
    gone = make_child(db, given="Gone")
    make_placement(
        db,
        gone,
        institution=reform["home"],
        started_on=day - timedelta(days=300),
        ended_on=day - timedelta(days=3),
        end_reason="lost_contact",
        end_was_planned=False,
    )
    body = api_for(actor_for(db, "national_officer")).get(f"/ledger?from={day - timedelta(days=30)}").json()
    assert (body["opening"], body["closing"], body["residual"]) == (2, 1, -1)
    page = client_for(reform["worker"]).open(f"/numbers/ledger?from={day - timedelta(days=30)}")
    assert "Something is missing" in page.text


def test_another_district_is_not_counted(db, reform, api_for):
    other = api_for(actor_for(db, "social_worker", make.OTHER_DISTRICT))
    assert other.get("/indicators/I01").json()["numerator"] == 0
    assert other.get("/indicators/I01?place=11").status_code == 404


def test_a_partner_sees_no_small_number(db, reform, api_for, client_for):
    partner = actor_for(db, "partner")
    body = api_for(partner).get("/indicators/I01?by=district").json()
    assert body["suppressed"]
    assert body["numerator"] is None
    assert all(row["numerator"] is None for row in body["rows"])
    assert api_for(partner).get("/indicators/I01?by=sector").status_code == 422
    assert "sector" not in body["by"]
    assert api_for(partner).get("/indicators/I01/records").status_code == 403
    assert "Too few to show" in client_for(partner).open("/numbers").text


def test_quoted_figures_stand_beside_and_are_never_added(db, reform, client_for):
    page = client_for(actor_for(db, "national_officer")).open("/numbers/I05")
    assert "1,696" in page.text
    assert "Published figures, quoted" in page.text


def test_a_restricted_child_is_counted_but_not_named(db, reform, api_for):
    reform["resident"].restricted = True
    db.flush()
    body = api_for(actor_for(db, "national_officer")).get("/indicators/I01/records").json()
    assert [row["child_code"] for row in body["items"]] == [None]


def test_who_sees_no_address_counts_in_no_village(db, reform, client_for, api_for):
    officer, worker = actor_for(db, "national_officer"), actor_for(db, "social_worker")
    for path in ("/numbers/I05", "/numbers/I05/records"):
        client_for(officer).open(f"{path}?place={make.SECTOR}")
        client_for(worker).open(f"{path}?place={make.VILLAGE}")
    for path in ("/indicators/I05", "/indicators/I05/records", "/ledger"):
        answer = api_for(officer).get(path, params={"place": make.VILLAGE})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "place")
    assert "in which cell or village" in client_for(officer).open(f"/numbers/I05?place={make.VILLAGE}", status=422).text


def test_a_suspect_learns_of_a_referral_from_no_list(db, api_for):
    worker = actor_for(db, "social_worker")
    author = actor_for(db, "volunteer")
    plain = make_referral(db, author, level=Level.DISTRICT)
    make_referral(db, author, level=Level.DISTRICT, suspect_account_ids=[worker.account_id])
    told = fold(worker.display_name).split()
    make_referral(db, author, level=Level.DISTRICT, suspect_name=worker.display_name, suspect_words=told)
    rows = api_for(worker).get("/indicators/I31/records").json()["items"]
    assert {row["referral_code"] for row in rows} <= {None, plain.code}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-03-02&to=2026-03-01", "from"),
        ("place=99", "place"),
        ("by=level", "by"),
        ("by=colour", "by"),
        ("colour=red", "colour"),
        ("from=1900-01-01", "from"),
    ],
)
def test_bad_questions_are_told_at_the_field(db, api_for, query, field):
    answer = api_for(actor_for(db, "national_officer")).get(f"/indicators/I01?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_child_who_moved_out_of_reach_still_counts_where_it_was_placed(db, reform, api_for):
    child = reform["placed"]
    child.area_code, child.responsible_post_id = make.OTHER_VILLAGE, None
    db.flush()
    worker, nation = api_for(reform["worker"]), api_for(actor_for(db, "national_officer"))
    since = f"from={clock.today() - timedelta(days=30)}"
    for code in ("I05", "I06"):
        rows = nation.get(f"/indicators/{code}?by=district&{since}").json()["rows"]
        here = next(row for row in rows if row["key"] == str(make.DISTRICT))
        whole = worker.get(f"/indicators/{code}?{since}").json()
        assert whole["numerator"] == here["numerator"]
    by_sex = worker.get(f"/indicators/I05?by=sex&{since}").json()["rows"]
    assert [(row["key"], row["numerator"]) for row in by_sex] == [("unknown", 1)]
