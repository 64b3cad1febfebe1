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


def test_a_name_is_found_as_it_sounds(db, client_for):
    worker = actor_for(db, "social_worker")
    child = make_child(db, given="Lwagasana", family="Cyiza")
    page = client_for(worker).open("/search?q=kiza+rwagasana")
    assert child.code in page.text
    assert child.code in client_for(worker).open("/search?q=ruagasan").text


def test_the_closest_name_comes_first(db, client_for):
    worker = actor_for(db, "social_worker")
    make_child(db, given="Mukamana", family="Esther")
    closest = make_child(db, given="Mukamusoni", family="Esther")
    text = client_for(worker).open("/search?q=Mukamusoni+Esther").text
    assert text.index(closest.code) < text.index("Mukamana Esther")


def test_a_telephone_number_finds_the_family_and_its_children_in_reach(db, client_for):
    worker = actor_for(db, "social_worker")
    family = make_household(db, head="Uwera Anne", phone="+250788123456")
    child = make_child(db, household=family)
    far = make_household(db, head="Far Away", phone="+250788123456", village=make.OTHER_VILLAGE)
    page = client_for(worker).open("/search?q=0788+123+456")
    assert "Uwera Anne" in page.text
    assert child.code in page.text
    assert far.code not in page.text
    assert "Nothing was found" in client_for(worker).open("/search?q=0788+123+457").text


def test_the_code_of_a_joined_record_finds_the_kept_one(db, client_for):
    supervisor = actor_for(db, "district_supervisor")
    kept, gone = make_child(db), make_child(db, given="Arine")
    make.make_join(db, kept, gone, supervisor, done=True)
    assert kept.code in client_for(supervisor).open(f"/search?q={gone.code}").text.replace(gone.code, "")
