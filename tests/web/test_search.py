from tests import make
from tests.make import actor_for, make_child, make_household, make_referral


def test_a_name_finds_children_families_and_places_in_reach(db, client_for):
    worker = actor_for(db, "social_worker")
    make_child(db, given="Gitego", family="Uwera")
    make_child(db, given="Gitego", family="Elsewhere", village=make.OTHER_VILLAGE)
    make_household(db, head="Gitego Paul")
    page = client_for(worker).open("/search?q=Gitego")
    assert "Gitego Uwera" in page.text
    assert "Gitego Paul" in page.text
    assert "Elsewhere" not in page.text
    assert "Gitega sector" in client_for(worker).open("/search?q=Gitega").text


def test_a_code_opens_the_referral_only_in_reach(db, client_for):
    volunteer = actor_for(db, "volunteer")
    referral = make_referral(db, volunteer)
    answer = client_for(volunteer).get(f"/search?q={referral.code.lower()}", follow_redirects=False)
    assert answer.headers["location"] == f"/referrals/{referral.id}"
    other = actor_for(db, "cell_coordinator", make.OTHER_CELL)
    assert "Nothing was found" in client_for(other).open(f"/search?q={referral.code}").text


def test_national_staff_find_a_child_by_code_and_not_by_name(db, client_for):
    child = make_child(db, given="Kayitesi", family="Aline")
    client = client_for(actor_for(db, "national_officer"))
    assert "Kayitesi" not in client.open("/search?q=Kayitesi").text.replace("Kayitesi", "", 1)
    assert child.code in client.open(f"/search?q={child.code}").text


def test_the_empty_box_says_what_to_type(db, client_for):
    assert "Type at least two letters" in client_for(actor_for(db, "volunteer")).open("/search").text


def test_every_role_may_search(db, client_for):
    for role in ("partner", "auditor", "administrator", "service_provider", "institution_manager"):
        client_for(actor_for(db, role)).open("/search?q=gitega")
