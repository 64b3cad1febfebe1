"""A small world around one actor: a record of each kind for each way in which it can concern them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Level, Role
from app.children.models import Child
from app.core import clock
from app.institutions.models import Institution
from app.placements.models import Placement
from tests import make
from tests.house.parts import Around, joined, records_around
from tests.make import (
    actor_for,
    make_child,
    make_household,
    make_institution,
    make_placement,
    make_referral,
    make_task,
    make_visit,
)

OWN, OTHER, REFERRED = "own", "other", "referred"
KINDS = ("child", "household", "institution", "placement", "visit", "referral", "task", *joined("subjects").values())

# The beginnings of words that stand nowhere but in the sensitive fields of the records of one relation.
SECRETS = {
    "family_name": "Nyiransengi",
    "head": "Bizimungu",
    "phone": "07883131",
    "narrative": "kirazira",
    "note": "imbonekarimwe",
    "placement_note": "urugendo",
}
_NUMBERS = {OWN: "11", OTHER: "22", REFERRED: "33"}


def secret(what: str, relation: str) -> str:
    """What stands in a sensitive field of the records of a relation."""
    return SECRETS[what] + (_NUMBERS[relation] if what == "phone" else relation)


@dataclass
class World:
    """The records, by kind and relation; `actor` is the one they concern."""

    db: Session
    actor: Actor
    home: Institution | None
    records: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def one(self, kind: str, relation: str = OWN) -> Any:
        """The first record of a kind in a relation."""
        return self.records[kind, relation][0]

    def all(self, kind: str) -> list[Any]:
        """Every record of a kind."""
        return [record for (name, _relation), records in self.records.items() if name == kind for record in records]

    def ids(self, kind: str) -> list[UUID]:
        """The ids of every record of a kind, without reading again those that were let go of."""
        return [inspect(record).identity[0] for record in self.all(kind)]


def actor_of(db: Session, role: Role) -> tuple[Actor, Institution | None]:
    """A person in a role; an institution's manager comes with the institution."""
    if role is not Role.INSTITUTION_MANAGER:
        return actor_for(db, role), None
    home = make_institution(db, name="Own Home")
    return actor_for(db, role, make.SECTOR, institution=home), home


def make_world(db: Session, role: Role) -> World:
    """A person in a role, and around them what is theirs, what is elsewhere, and what was referred to them."""
    actor, home = actor_of(db, role)
    world = World(db, actor, home)
    worker = actor if role in {Role.SOCIAL_WORKER, Role.PSYCHOLOGIST} else actor_for(db, Role.SOCIAL_WORKER)
    far_worker = actor_for(db, Role.SOCIAL_WORKER, make.OTHER_DISTRICT)
    volunteer = actor if role is Role.VOLUNTEER else actor_for(db, Role.VOLUNTEER)
    far_volunteer = actor_for(db, Role.VOLUNTEER, make.OTHER_VILLAGE)
    _fill(world, OWN, worker, volunteer, home)
    _fill(world, OTHER, far_worker, far_volunteer, None)
    # What lies elsewhere and still concerns them: in their caseload, written by them, or escalated to their level.
    _fill(world, REFERRED, actor, actor if actor.level else far_volunteer, None, level=_level_reached(actor))
    db.flush()
    return world


def _level_reached(actor: Actor) -> Level:
    return Level.NATIONAL if actor.level is Level.NATIONAL else Level.CELL


def _fill(
    world: World,
    relation: str,
    worker: Actor,
    author: Actor,
    home: Institution | None,
    *,
    level: Level = Level.CELL,
) -> None:
    db, near = world.db, relation == OWN
    village = make.VILLAGE if near else make.OTHER_VILLAGE
    sector = make.SECTOR if near else make.OTHER_SECTOR
    house = home or make_institution(db, name=f"House {relation}", sector=sector)
    family = make_household(
        db, village=village, head=f"{secret('head', relation)} Marie", phone=secret("phone", relation)
    )
    name = secret("family_name", relation)
    in_family = make_child(db, family=name, village=village, household=family, worker=worker)
    resident = make_child(db, given="Gasana", family=name, village=village, institution=house, worker=worker)
    # A sector holds no restricted record.
    keeper = actor_for(db, Role.SOCIAL_WORKER) if worker.role is Role.SECTOR_OFFICER else worker
    sealed = make_child(
        db, given="Iriza", family=name, village=village, household=family, worker=keeper, restricted=True
    )
    nobodys = make_child(db, given="Shema", family=name, village=village)
    today = clock.today()
    before = make_placement(
        db,
        in_family,
        institution=house,
        started_on=today - timedelta(days=900),
        ended_on=today - timedelta(days=101),
    )
    children = [in_family, resident, sealed, nobodys]
    placements = list(
        db.scalars(
            select(Placement)
            .where(Placement.child_id.in_([child.id for child in children]), Placement.ended_on.is_(None))
            .order_by(Placement.id)
        )
    )
    for placement in placements:
        placement.note = secret("placement_note", relation)
    visits = [make_visit(db, placement, note=secret("note", relation)) for placement in placements]
    tasks = [
        make_task(db, db.get_one(Child, placement.child_id), due_on=today + timedelta(days=3), subject_id=placement.id)
        for placement in placements
    ]
    referrals = [
        make_referral(db, author, village=village, level=level, narrative=secret("narrative", relation)),
        make_referral(
            db,
            author,
            village=village,
            level=level,
            narrative=secret("narrative", relation),
            child_id=in_family.id,
            child_sex="female",
            child_age_band="6-9",
        ),
    ]
    made = {
        "institution": [house],
        "household": [family],
        "child": children,
        "placement": [*placements, before],
        "visit": visits,
        "task": tasks,
        "referral": referrals,
    }
    around = Around(
        relation=relation, child=in_family, placement=placements[0], household=family, institution=house, worker=worker
    )
    made |= records_around(db, around)
    world.records |= {(kind, relation): records for kind, records in made.items()}
