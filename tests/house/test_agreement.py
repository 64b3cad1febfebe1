"""What is listed can be opened, what can be opened is listed, and neither says more than the role may know."""

import re
from collections.abc import Iterator

import pytest

from app.access.roles import Role
from tests import make
from tests.house.parts import joined
from tests.house.requests import permits
from tests.house.routes import Route, route_table
from tests.house.world import KINDS, OTHER, OWN, REFERRED, SECRETS, World, make_world, secret

LISTS = {
    "child": "children",
    "household": "households",
    "institution": "institutions",
    "placement": "placements",
    "visit": "visits",
    "referral": "referrals",
}
PAGES = ("child", "household", "institution", "referral")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@pytest.fixture(params=list(Role), ids=str)
def world(request, db) -> World:
    return make_world(db, request.param)


def test_lists_agree_with_single_reads(world, client_for, api_for):
    machine, page = api_for(world.actor), client_for(world.actor)
    wrong = []
    for kind, plural in LISTS.items():
        listed = _all_of(machine, plural)
        if listed != _all_of(machine, plural, limit=2):
            wrong.append(f"JSON {plural}: small stretches give another list")
        # The domains' own records bring children of their own: whatever is listed is opened as well.
        known = {str(id) for id in world.ids(kind)} | listed
        opened = {id for id in known if machine.get(f"/{plural}/{id}").status_code == 200}
        if listed != opened:
            wrong.append(f"JSON {plural}: listed {len(listed)}, opened {len(opened)}, not both {listed ^ opened}")
        if kind not in PAGES:
            continue
        linked = _linked(page, plural)
        shown = {id for id in known | linked if page.get(f"/{plural}/{id}").status_code == 200}
        if not linked == shown == listed:
            wrong.append(f"pages of {plural}: linked {len(linked)}, shown {len(shown)}, listed {len(listed)}")
    assert wrong == []
    _numbers_agree(machine)


def test_what_is_due_can_be_opened(world, client_for, api_for):
    machine, page = api_for(world.actor), client_for(world.actor)
    answer = machine.get("/tasks", params={"limit": 200})
    for task in answer.json().get("items", []):
        assert machine.get(f"/children/{task['child']}").status_code == 200
        page.open(f"/children/{task['child']}")
    home = page.open("/")
    for child in set(re.findall(rf'href="/children/({UUID})', home.html)):
        page.open(f"/children/{child}")
    for referral in set(re.findall(rf'href="/referrals/({UUID})', home.html)):
        page.open(f"/referrals/{referral}")


SUBJECTS = {f"{kind}_id": kind for kind in KINDS} | joined("subjects")


# What a role may read of what: everything else is told to nobody.


EVERYTHING = {(what, relation) for what in SECRETS for relation in (OWN, REFERRED)}
NARRATIVES = {("narrative", OWN), ("narrative", REFERRED)}
MAY_READ: dict[Role, set[tuple[str, str]]] = {
    Role.SOCIAL_WORKER: EVERYTHING,
    Role.PSYCHOLOGIST: EVERYTHING,
    Role.DISTRICT_SUPERVISOR: EVERYTHING,
    Role.NATIONAL_OFFICER: {("narrative", REFERRED)},
    Role.NATIONAL_MANAGER: {("narrative", REFERRED)},
    Role.VOLUNTEER: NARRATIVES,
    Role.CELL_COORDINATOR: NARRATIVES,
    # The children whom a sector holds for a worker; of families no more than the child's own page says.
    Role.SECTOR_OFFICER: NARRATIVES | {(what, REFERRED) for what in ("family_name", "head", "note", "placement_note")},
    Role.INSTITUTION_MANAGER: {("family_name", OWN)},
}


def test_nothing_tells_what_the_role_may_not_read(world, app, client_for, api_for, connection):
    machine, page = api_for(world.actor), client_for(world.actor)
    may_read = {secret(*what) for what in MAY_READ.get(world.actor.role, set())}
    forbidden = {secret(what, relation) for what in SECRETS for relation in (OWN, OTHER, REFERRED)} - may_read
    told, seen = [], set()
    for route in route_table(app):
        if not route.is_safe or route.public or not permits(route, world.actor.role):
            continue
        client = machine if route.is_api else page
        for path in _addresses(route, world):
            nested = connection.begin_nested()
            text = client.get(path, follow_redirects=False).text
            nested.rollback()
            seen |= {canary for canary in may_read if canary in text}
            told += [f"{path}: {canary}" for canary in forbidden if canary in text]
    assert told == []
    assert seen == may_read, "what a role may read, it also finds"


@pytest.mark.parametrize("role", [Role.NATIONAL_OFFICER, Role.VOLUNTEER], ids=str)
def test_a_name_cannot_be_guessed_by_searching(role, db, client_for, api_for):
    world = make_world(db, role)
    for client in (client_for(world.actor), api_for(world.actor)):
        for name in (secret("family_name", OWN), "Zzyzxqjx"):
            answer = client.get("/children", params={"q": name, "limit": 200})
            assert answer.status_code == 422
            assert not re.search(rf'/children/{UUID}"|"id":"{UUID}"', answer.text)


def _numbers_agree(machine) -> None:
    """The numbers that stand beside a record are those of its list."""
    for institution in _all_of(machine, "institutions"):
        residents = machine.get("/children", params={"institution": institution, "limit": 200})
        if residents.status_code == 200:
            counted = machine.get(f"/institutions/{institution}").json()["residents"]
            assert counted == len(residents.json()["items"])
    for household in _all_of(machine, "households"):
        children = machine.get("/children", params={"household": household, "limit": 200}).json()["items"]
        counted = machine.get(f"/households/{household}").json()["children"]
        assert len(children) <= counted <= len(children) + 1, "a restricted child is counted and not listed"


def _all_of(machine, plural: str, limit: int = 200) -> set[str]:
    found: list[str] = []
    cursor = None
    while True:
        query = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        answer = machine.get(f"/{plural}", params=query)
        if answer.status_code == 403:
            return set()
        content = answer.json()
        found += [row["id"] for row in content["items"]]
        cursor = content["next"]
        if cursor is None:
            break
    assert len(found) == len(set(found)), "a row came twice"
    return set(found)


def _linked(page, plural: str) -> set[str]:
    query = "?view=all&limit=200" if plural == "referrals" else "?limit=200"
    answer = page.get(f"/{plural}{query}")
    return set(re.findall(rf'href="/{plural}/({UUID})"', answer.text)) if answer.status_code == 200 else set()


def _addresses(route: Route, world: World) -> Iterator[str]:
    plain = {
        "account_id": str(world.actor.account_id),
        "event_id": "1",
        "code": str(make.SECTOR) if "places" in route.path else "I01",
    }
    path = route.path
    for name, value in plain.items():
        path = path.replace(f"{{{name}}}", value)
    subjects = [name for name in route.parameters if name in SUBJECTS]
    if not subjects:
        yield path
        if path.endswith("/placements/new"):
            yield f"{path}?kind=foster_malayika_murinzi"
        return
    name = subjects[0]
    for relation in (OWN, OTHER, REFERRED):
        # In a family and restricted, of children: what the others would show, these show as well.
        records = world.records[SUBJECTS[name], relation]
        for record in records[0:3:2] if name == "child_id" else records[:2]:
            filled = path.replace(f"{{{name}}}", str(record.id))
            yield filled
            if filled.endswith("/placements/new"):
                yield f"{filled}?kind=foster_malayika_murinzi"
