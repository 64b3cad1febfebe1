"""A valid request for every unsafe route: who sends it, what it says, and what must be there before.

The table is keyed by the route as the route table prints it. A page's form and the JSON of the same verb are made
from one body: a route of the pages that stands beside a verb of the API uses the words of the same command.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.access.roles import ROLE_PERMISSIONS, Level, Role
from app.core import clock
from app.core.ids import new_id
from app.core.templating import field_id
from app.people import passwords
from app.people.models import Appointment, Post, SignIn
from app.referrals.models import Referral, ReferralHop
from tests import make
from tests.house.parts import PARTS, Valid, Values, joined
from tests.house.routes import Route
from tests.house.world import World
from tests.make import account_of, actor_for, make_referral

PASSWORD = "inzu yacu ifite imiryango"
TODAY = clock.today()


def as_form(body: Values, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The fields of a page's form that say the same as a JSON body."""
    for name, value in body.items():
        match value:
            case None:
                continue
            case dict():
                yield from as_form(value, f"{prefix}{name}.")
            case list() if value and isinstance(value[0], dict):
                for number, item in enumerate(value):
                    yield from as_form(item, f"{prefix}{name}.{number}.")
            case list():
                yield from ((f"{prefix}{name}[]", str(item)) for item in value)
            case bool():
                yield f"{prefix}{name}", "yes" if value else "no"
            case date():
                for part in ("day", "month", "year"):
                    yield f"{prefix}{name}-{part}", str(getattr(value, part))
            case _:
                yield f"{prefix}{name}", str(value)


def as_json(body: Values) -> Values:
    """The JSON of a body: days as text, and nothing that only a form sends."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return as_json(value)
        if isinstance(value, list):
            return [plain(item) for item in value]
        return value if value is None or isinstance(value, bool | int) else str(value)

    return {name: plain(value) for name, value in body.items() if not name.startswith("_")}


# Bodies


def a_child(_world: World) -> Values:
    return {
        "id": new_id(),
        "given_name": "Ineza",
        "family_name": "Umutoni",
        "sex": "female",
        "born_on": date(2019, 3, 27),
        "birth_precision": "day",
        "village": make.VILLAGE,
    }


def a_household(_world: World) -> Values:
    """A foster family as it is registered: it is checked and approved afterwards, step by step."""
    return {
        "id": new_id(),
        "kind": "foster",
        "head_name": "Uwase Marie",
        "phone": "0788 123 456",
        "village": make.VILLAGE,
        "capacity": 2,
        "members": [{"name": "Uwase Marie", "relation": "head", "sex": "female", "is_caregiver": True}],
    }


def an_institution(_world: World) -> Values:
    return {
        "id": new_id(),
        "name": "Centre Ubumwe",
        "kind": "orphanage",
        "registration": "registered",
        "sector": make.SECTOR,
        "capacity": 30,
        "founder": "faith_local",
        "opened_on": date(1998, 5, 1),
    }


def a_placement(world: World) -> Values:
    homeless = world.records["child", "own"][3]
    return {
        "id": new_id(),
        "child": homeless.id,
        "kind": "residential_institution",
        "started_on": TODAY,
        "institution": world.one("institution").id,
        "entry_reason": "poverty",
        "note": "Came alone",
    }


def an_end(_world: World) -> Values:
    return {"ended_on": TODAY, "reason": "reunified"}


def a_visit(world: World) -> Values:
    return {
        "id": new_id(),
        "placement": world.one("placement").id,
        "kind": "follow_up_routine",
        "visited_on": TODAY,
        "child_seen": True,
        "wellbeing": {"food": 3, "safety": 4},
        "note": "All is well",
    }


def a_referral(_world: World) -> Values:
    return {
        "id": new_id(),
        "concern": "neglect",
        "urgency": "medium",
        "village": make.VILLAGE,
        "child_hint": {"sex": "female", "age_band": "6-9"},
        "narrative": "She has not been at school for a week.",
    }


def an_account(_world: World) -> Values:
    return {
        "id": new_id(),
        "username": "uwera.alice",
        "display_name": "Uwera Alice",
        "phone": "+250 788 123 456",
        "language": "rw",
        "role": "volunteer",
        "place": make.VILLAGE,
        "starts_on": TODAY,
    }


# What must be there before


def _with_password(world: World) -> Values:
    account_of(world.db, world.actor).password_hash = passwords.hash_password(PASSWORD)
    world.db.flush()
    return {"username": world.actor.username, "password": PASSWORD}


def _new_password(world: World) -> Values:
    _with_password(world)
    return {"current": PASSWORD, "new": "umwana ni umutware iwacu", "again": "umwana ni umutware iwacu"}


def _other_post(world: World) -> Values:
    post = Post(role=Role.PSYCHOLOGIST.value, place_code=make.DISTRICT)
    world.db.add(post)
    world.db.flush()
    world.db.add(Appointment(account_id=world.actor.account_id, post_id=post.id, starts_on=TODAY))
    world.db.flush()
    return {"post": post.id}


def _session(world: World) -> Values:
    session = SignIn(
        kind="token",
        account_id=world.actor.account_id,
        post_id=world.actor.post_id,
        secret_hash=new_id().bytes,
        expires_at=clock.now() + timedelta(hours=1),
    )
    world.db.add(session)
    world.db.flush()
    return {"session_id": session.id}


def _account(world: World) -> Values:
    return {"account_id": actor_for(world.db, Role.VOLUNTEER).account_id}


def _disabled(world: World) -> Values:
    person = actor_for(world.db, Role.VOLUNTEER)
    account_of(world.db, person).disabled_at = clock.now()
    world.db.flush()
    return {"account_id": person.account_id}


def _appointment(world: World) -> Values:
    path = _account(world)
    wanted = select(Appointment.id).where(Appointment.account_id == path["account_id"])
    return path | {"appointment_id": world.db.scalar(wanted)}


def _acknowledged(world: World) -> Values:
    referral: Referral = world.one("referral")
    hop = world.db.scalars(select(ReferralHop).where(ReferralHop.referral_id == referral.id)).one()
    hop.acknowledged_at, hop.acknowledged_by = clock.now(), world.actor.account_id
    referral.status = "acknowledged"
    world.db.flush()
    return {}


def _asked(world: World) -> Values:
    referral = make_referral(world.db, world.actor)
    first = world.db.scalars(select(ReferralHop).where(ReferralHop.referral_id == referral.id)).one()
    first.ended, first.ended_at, first.reason = "returned", clock.now(), "Which school?"
    world.db.add(
        ReferralHop(
            referral_id=referral.id,
            seq=2,
            level=int(Level.VILLAGE),
            place_code=make.VILLAGE,
            area_code=referral.area_code,
            received_at=first.received_at,
            acknowledge_due_at=first.acknowledge_due_at,
            due_at=first.due_at,
        )
    )
    referral.level, referral.status = int(Level.VILLAGE), "returned"
    world.db.flush()
    return {"referral_id": referral.id}


def _homeless(world: World) -> Values:
    return {"child_id": world.records["child", "own"][3].id}


def _version_of(kind: str) -> Callable[[World], Values]:
    return lambda world: {"_version": world.one(kind).version}


def _form(*bodies: Callable[[World], Values], without: tuple[str, ...] = ("id",)) -> Callable[[World], Values]:
    def body(world: World) -> Values:
        joined = {name: value for one in bodies for name, value in one(world).items()}
        return {name: value for name, value in joined.items() if name not in without}

    return body


def _just(**values: Any) -> Callable[[World], Values]:
    return lambda _world: values


def _first_child(_world: World) -> Values:
    return {"_step": 1, "concern": "neglect", "id": new_id()}


def _my_post(world: World) -> Values:
    return {"post": world.actor.post_id}


def _move(world: World) -> Values:
    return {"role": "cell_coordinator", "place": make.CELL, "starts_on": TODAY}


_WORKER, _ADMIN, _CELL, _IZU = Role.SOCIAL_WORKER, Role.ADMINISTRATOR, Role.CELL_COORDINATOR, Role.VOLUNTEER
_CHANGED_CHILD = _form(a_child, _just(given_name="Iris"))
_REASON = _just(reason="Nobody here can help with this")
_OUTCOME = _just(outcome="service_provided", note="She is back at school")

VALID: dict[str, Valid] = {
    # Signing in, and one's own account
    "POST /sign-in": Valid(_WORKER, _with_password, signed_in=False),
    "POST /sign-out": Valid(_WORKER),
    "POST /account/language": Valid(_WORKER, _just(language="rw")),
    "POST /account/post": Valid(_WORKER, _other_post),
    "POST /account/sessions/{session_id}/end": Valid(_WORKER, path=_session),
    "POST /account/sign-out-everywhere": Valid(_WORKER),
    "POST /account/password": Valid(_WORKER, _new_password),
    "POST /api/v1/tokens": Valid(_WORKER, _with_password, signed_in=False),
    "DELETE /api/v1/tokens/current": Valid(_WORKER),
    "POST /api/v1/me/password": Valid(_WORKER, _new_password),
    "POST /api/v1/me/post": Valid(_WORKER, _other_post),
    # Accounts and posts
    "POST /admin/accounts/new": Valid(_ADMIN, an_account),
    "POST /admin/accounts/{account_id}/change": Valid(
        _ADMIN, _just(display_name="Uwera Aline", phone="0788 000 111", _version=1), _account
    ),
    "POST /admin/accounts/{account_id}/appoint": Valid(_ADMIN, _move, _account),
    "POST /admin/accounts/{account_id}/move": Valid(_ADMIN, _move, _account),
    "POST /admin/accounts/{account_id}/appointments/{appointment_id}/end": Valid(_ADMIN, path=_appointment),
    "POST /admin/accounts/{account_id}/disable": Valid(_ADMIN, _just(reason="Has left"), _account),
    "POST /admin/accounts/{account_id}/enable": Valid(_ADMIN, path=_disabled),
    "POST /admin/accounts/{account_id}/reset-password": Valid(_ADMIN, lambda _world: {"id": new_id()}, _account),
    "POST /api/v1/accounts": Valid(_ADMIN, an_account),
    "PATCH /api/v1/accounts/{account_id}": Valid(_ADMIN, _just(display_name="Uwera Aline"), _account),
    "POST /api/v1/accounts/{account_id}/disable": Valid(_ADMIN, _just(reason="Has left"), _account),
    "POST /api/v1/accounts/{account_id}/enable": Valid(_ADMIN, path=_disabled),
    "POST /api/v1/accounts/{account_id}/appoint": Valid(_ADMIN, _move, _account),
    "POST /api/v1/accounts/{account_id}/move": Valid(_ADMIN, _move, _account),
    "POST /api/v1/accounts/{account_id}/appointments/{appointment_id}/end": Valid(_ADMIN, path=_appointment),
    "POST /api/v1/accounts/{account_id}/reset-password": Valid(_ADMIN, path=_account),
    "POST /api/v1/posts": Valid(_ADMIN, _just(role="sector_officer", place=make.SECTOR)),
    # Institutions, households, children
    "POST /institutions/new": Valid(_WORKER, an_institution),
    "POST /institutions/{institution_id}/edit": Valid(_WORKER, _form(an_institution, _version_of("institution"))),
    "POST /api/v1/institutions": Valid(_WORKER, an_institution),
    "PATCH /api/v1/institutions/{institution_id}": Valid(_WORKER, _just(capacity=31)),
    "POST /households/new": Valid(_WORKER, a_household),
    "POST /households/{household_id}/edit": Valid(_WORKER, _form(a_household, _version_of("household"))),
    "POST /api/v1/households": Valid(_WORKER, a_household),
    "PATCH /api/v1/households/{household_id}": Valid(_WORKER, _just(capacity=3)),
    "POST /children/new": Valid(_WORKER, a_child),
    "POST /children/{child_id}/edit": Valid(_WORKER, _form(_CHANGED_CHILD, _version_of("child"))),
    "POST /children/{child_id}/restrict": Valid(_WORKER, _just(restricted=True)),
    "POST /children/{child_id}/assign": Valid(Role.DISTRICT_SUPERVISOR, _my_post),
    "POST /children/{child_id}/unseal": Valid(Role.NATIONAL_OFFICER, _just(reason="The court asks for the name")),
    "POST /api/v1/children": Valid(_WORKER, a_child),
    "PATCH /api/v1/children/{child_id}": Valid(_WORKER, _just(given_name="Iris")),
    "POST /api/v1/children/{child_id}/restrict": Valid(_WORKER, _just(restricted=True)),
    "POST /api/v1/children/{child_id}/assign": Valid(Role.DISTRICT_SUPERVISOR, _my_post),
    "POST /api/v1/children/{child_id}/unseal": Valid(
        Role.NATIONAL_OFFICER, _just(reason="The court asks for the name")
    ),
    # Placements and visits
    "POST /children/{child_id}/placements/new": Valid(
        _WORKER, _form(a_placement, without=("child", "kind")), _homeless, "?kind=residential_institution"
    ),
    "POST /placements/{placement_id}/end": Valid(_WORKER, _form(an_end, _version_of("placement"))),
    "POST /placements/{placement_id}/visits/new": Valid(_WORKER, _form(a_visit, without=("placement",))),
    "POST /api/v1/placements": Valid(_WORKER, a_placement),
    "POST /api/v1/placements/{placement_id}/end": Valid(_WORKER, an_end),
    "POST /api/v1/visits": Valid(_WORKER, a_visit),
    # Referrals
    "POST /referrals": Valid(_IZU, a_referral),
    "POST /referrals/{referral_id}/acknowledge": Valid(_CELL, _version_of("referral")),
    "POST /referrals/{referral_id}/accept": Valid(_CELL, _version_of("referral")),
    "POST /referrals/{referral_id}/return": Valid(_CELL, _form(_REASON, _version_of("referral"))),
    "POST /referrals/{referral_id}/escalate": Valid(_CELL, _form(_REASON, _version_of("referral"))),
    "POST /referrals/{referral_id}/resolve": Valid(_CELL, _form(_OUTCOME, _version_of("referral")), _acknowledged),
    "POST /referrals/{referral_id}/answer": Valid(_IZU, _just(answer="The one in Akabahizi", _version=1), _asked),
    "POST /referrals/{referral_id}/withdraw": Valid(
        _IZU, _form(_just(reason="It was a mistake"), _version_of("referral"))
    ),
    "POST /api/v1/referrals": Valid(_IZU, a_referral),
    "POST /api/v1/referrals/{referral_id}/acknowledge": Valid(_CELL),
    "POST /api/v1/referrals/{referral_id}/accept": Valid(_CELL),
    "POST /api/v1/referrals/{referral_id}/return": Valid(_CELL, _REASON),
    "POST /api/v1/referrals/{referral_id}/escalate": Valid(_CELL, _REASON),
    "POST /api/v1/referrals/{referral_id}/resolve": Valid(_CELL, _OUTCOME, _acknowledged),
    "POST /api/v1/referrals/{referral_id}/answer": Valid(_IZU, _just(answer="The one in Akabahizi"), _asked),
    "POST /api/v1/referrals/{referral_id}/withdraw": Valid(_IZU, _just(reason="It was a mistake")),
}

CHANGES_NOTHING = {
    # A cookie of the browser; nothing is known of who it is. Signed in, the page sends /account/language.
    "POST /language",
    # The next page of the questions: all answers travel in the form, nothing is kept before it is sent.
    "POST /referrals/new",
}

VALID |= joined("valid")
CHANGES_NOTHING |= {route for part in PARTS for route in part.changes_nothing}


def permits(route: Route, role: Role) -> bool:
    """Whether the guard of a route lets a role in at all."""
    return not route.permissions or bool(route.permissions & ROLE_PERMISSIONS[role])


def prepared(valid: Valid, route: Route, world: World) -> tuple[str, Values]:
    """The address and body of a valid request, after what must be there was made."""
    values: Values = {
        "child_id": world.one("child").id,
        "household_id": world.one("household").id,
        "institution_id": world.one("institution").id,
        "placement_id": world.one("placement").id,
        "visit_id": world.one("visit").id,
        "referral_id": world.one("referral").id,
    }
    values |= {name: world.one(kind).id for name, kind in joined("subjects").items()} | valid.path(world)
    path = route.path
    for name in route.parameters:
        path = path.replace(f"{{{name}}}", str(values[name]))
    return path + valid.query, valid.body(world)


def send(client: Any, route: Route, path: str, body: Values) -> Any:
    """Sends a body through the door of the route: as JSON, or as the form of a page."""
    files = {name: (name, value) for name, value in body.items() if isinstance(value, bytes)}
    if files:
        sent = {"data": dict(as_form({k: v for k, v in body.items() if k not in files})), "files": files}
    elif route.is_api:
        sent = {"json": as_json(body)} if body or route.method != "DELETE" else {}
    else:
        sent = {"data": dict(as_form(body))}
    return client.request(route.method, path, follow_redirects=False, **sent)


def fields_complained_of(answer) -> set[str]:
    """The fields at which an answer says that something is wrong, in either door."""
    if "json" in answer.headers["content-type"]:
        return {field_id(error["field"]) for error in answer.json()["errors"]}
    return set(re.findall(r'class="field-error" id="([^"]+)-error"', answer.text))
