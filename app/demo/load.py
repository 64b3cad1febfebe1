"""Loading the demonstration: everything is drawn up in memory and written in a few statements."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Date, cast, func, insert, select, update
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.audit.service import record
from app.children.events import ChildRegistered
from app.children.models import Child
from app.consents.models import Consent
from app.core import clock
from app.core.db import Recorded
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.decisions.models import Decision
from app.decisions.service import set_gatekeeping
from app.demo.accounts import DEMONSTRATION_ACCOUNTS, HOUSE_OF_THE_MANAGER
from app.demo.casework import draw_cases
from app.demo.children import draw_children, draw_twice
from app.demo.closing import draw_closing
from app.demo.draft import Draft
from app.demo.events import DemonstrationLoaded
from app.demo.forms import draw_forms
from app.demo.fostering import draw_foster_families
from app.demo.houses import draw_families, draw_houses, inside
from app.demo.referrals import draw_referrals
from app.demo.staff import STAFFED_DISTRICTS, Staff
from app.demo.story_at_home import tell_of_children_at_home
from app.demo.story_file import tell_the_whole_file
from app.demo.story_home import tell_of_homes
from app.demo.story_house import tell_of_houses
from app.demo.story_services import tell_of_services
from app.demo.world import Teller, World
from app.people.models import Account, Post
from app.people.passwords import hash_password
from app.placements.models import TimeAway
from app.places.models import Place
from app.places.words import PlaceLevel
from app.tracing.models import TracingAction
from app.visits.models import PsychSession


def load_demonstration(db: Session, *, seed: int, password: str, progress: Callable[[str], None]) -> str:
    """Writes the demonstration, unless it is there; returns a sentence that says which.

    The same seed on the same day makes the same one. Raises `Conflict` where the places are not loaded yet, or where
    records of real people are in the way.
    """
    first = DEMONSTRATION_ACCOUNTS[0].username
    if db.scalar(select(Account.id).where(Account.is_demonstration, Account.username == first)) is not None:
        return "The demonstration is there already; nothing was changed"
    places = _places(db)
    _check_nobody_is_in_the_way(db)
    progress("Inventing people, houses and families ...")
    world = draw(seed, password, places)
    written = world.draft.write(db)
    _log_registrations(db, world.draft)
    progress("Letting them work on their cases ...")
    whole = tell(Teller(db, world))
    _written_on_the_day(db)
    # From today on: what was drawn up before is what the programme found.
    set_gatekeeping(db, clock.today())
    record(db, None, DemonstrationLoaded(seed=seed, rows=written))
    db.flush()
    children = len(world.draft.rows[Child])
    loaded = f"The demonstration is loaded: {children} invented children, {written} rows"
    return f"{loaded}; begin with {whole}, whose file is whole" if whole else loaded


def _log_registrations(db: Session, draft: Draft) -> None:
    """The log tells who registered each child that was drawn up, and when, so that an auditor finds it by its code."""
    roles = {post["id"]: post["role"] for post in draft.rows[Post]}
    children = sorted(draft.rows[Child], key=lambda child: (child["created_at"], child["id"]))
    registered = [
        {
            "at": child["created_at"],
            "kind": ChildRegistered.kind,
            "account_id": child["created_by"],
            "post_id": child["responsible_post_id"],
            "role": roles.get(child["responsible_post_id"]),
            "subject_kind": ChildRegistered.subject_kind,
            "subject_id": child["id"],
            "area_code": child["area_code"],
            "content": ChildRegistered(code=child["code"], restricted=child["restricted"]).model_dump(mode="json"),
        }
        for child in children
    ]
    db.execute(insert(AuditEvent), registered)


def tell(teller: Teller) -> str | None:
    """What the people of the demonstration do in the service itself, after all that was drawn up.

    Returns the code of the child whose file is whole.
    """
    first = tell_the_whole_file(teller)
    tell_of_homes(teller)
    tell_of_houses(teller)
    tell_of_services(teller, first)
    tell_of_children_at_home(teller)
    return str(first.row["code"]) if first and first.row else None


_HAPPENED_ON: tuple[tuple[type[Recorded], Any], ...] = (
    (Consent, Consent.given_on),
    (Decision, Decision.decided_on),
    (PsychSession, PsychSession.held_on),
    (TimeAway, TimeAway.from_on),
    (TracingAction, TracingAction.done_on),
)


def _written_on_the_day(db: Session) -> None:
    """What the stories tell of earlier days was written down then, not all at the moment of loading."""
    db.flush()
    for table, happened_on in _HAPPENED_ON:
        late = cast(func.timezone("Africa/Kigali", table.created_at), Date) - happened_on
        earlier = table.created_at - func.make_interval(0, 0, 0, late)
        changed = update(table).where(late > 0).values(created_at=earlier)
        db.execute(changed, execution_options={"synchronize_session": False})
    db.expire_all()


def draw(seed: int, password: str, places: dict[int, str]) -> World:
    """Draws up the whole demonstration for today. `places`: the names of all places that exist, by their code."""
    draft = Draft(seed, clock.now())
    by_level = {digits: sorted(code for code in places if len(str(code)) == digits) for digits in (2, 4, 8)}
    sectors = {district: inside(by_level[4], district) for district in by_level[2]}
    houses = draw_houses(draft, sectors)
    with_houses = sorted({house.district for house in houses})
    villages = {district: inside(by_level[8], district) for district in with_houses}
    # One salt for all: the password of the demonstration is printed on its first page anyway.
    staff = Staff(draft, places, hash_password(password))
    staff.named_after_roles(next(house.id for house in houses if house.name == HOUSE_OF_THE_MANAGER))
    staff.offices(with_houses)
    families = draw_families(draft, staff, villages)
    lives = draw_children(draft, staff, houses, families, villages)
    draw_closing(draft, staff, houses, lives)
    twice = draw_twice(draft, staff, lives, villages)
    draw_cases(draft, lives)
    draw_forms(draft, staff, houses, lives)
    draw_foster_families(draft, families)
    draw_referrals(draft, staff, lives, villages)
    return World(draft, staff, houses, families, lives, twice)


def _places(db: Session) -> dict[int, str]:
    found = db.execute(
        select(Place.code, Place.name)
        .where(Place.ended_on.is_(None), Place.level != PlaceLevel.PROVINCE.value)
        .order_by(Place.code)
    )
    places = {row.code: row.name for row in found}
    missing = {account.place_code for account in DEMONSTRATION_ACCOUNTS} | set(STAFFED_DISTRICTS)
    if missing - places.keys():
        raise Conflict(_("Load the places first: tubarerere places load"))
    return places


def _check_nobody_is_in_the_way(db: Session) -> None:
    taken = select(Account.username).where(
        Account.username.in_([account.username for account in DEMONSTRATION_ACCOUNTS])
    )
    children = db.scalar(select(func.count()).select_from(Child)) or 0
    if children or db.scalar(taken.limit(1)) is not None:
        raise Conflict(_("This database has records already: the demonstration needs one of its own"))
