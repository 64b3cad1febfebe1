"""What a domain tells the tests of the house about its own routes: `tests/<domain>/house.py` holds one `PART`.

So a new domain is held to every rule of the house without a change here: who reaches what, which valid request each
unsafe route takes, what a double click makes, and that everything leaves an event.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child, Household
from app.institutions.models import Institution
from app.placements.models import Placement

Values = dict[str, Any]
Reach = Mapping[Role, set[str]]

WORKERS = frozenset({Role.SOCIAL_WORKER, Role.PSYCHOLOGIST, Role.DISTRICT_SUPERVISOR})
CASE_WORK: Reach = {role: {"own", "referred"} for role in WORKERS} | {Role.SECTOR_OFFICER: {"referred"}}
"""Who reaches the records of a case: the workers and the supervisor of the district, and whose caseload it is.

A sector's officer reaches the children of the own post only.
"""


@dataclass(frozen=True)
class Valid:
    """One request that must succeed. `body` and `path` are made from the world of its role, after `before`."""

    role: Role
    body: Callable[[Any], Values] = lambda _world: {}
    path: Callable[[Any], Values] = lambda _world: {}
    query: str = ""
    signed_in: bool = True


@dataclass(frozen=True, kw_only=True)
class Around:
    """What stands around the records that a domain adds, in one relation to the actor of a test."""

    relation: str
    child: Child
    """Lives in the household, with an open placement."""
    placement: Placement
    household: Household
    institution: Institution
    worker: Actor
    """Whose the case is."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A domain's declarations.

    `subjects` says which path parameter names which kind of record, `records` makes one of each kind, `reach` says
    who reaches a kind where that is not `CASE_WORK`. `valid` has a request for each unsafe route. `bodies`, `queries`
    and `plain` fill routes of the matrix that need more than their path; `narrower` are pages that rules narrow
    further inside the reach, `refused` roles that a page refuses beyond its permission. `creating` has, for each form
    that ends in /new: role, route of the page, route of the API, table, and a field of text.
    """

    subjects: Mapping[str, str] = field(default_factory=dict)
    records: Callable[[Session, Around], Mapping[str, list[Any]]] = lambda _db, _around: {}
    reach: Mapping[str, Reach] = field(default_factory=dict)
    valid: Mapping[str, Valid] = field(default_factory=dict)
    changes_nothing: frozenset[str] = frozenset()
    creating: Mapping[str, tuple[Role, str, str, Any, str]] = field(default_factory=dict)
    bodies: Mapping[str, Values] = field(default_factory=dict)
    queries: Mapping[str, str] = field(default_factory=dict)
    plain: Mapping[str, Any] = field(default_factory=dict)
    narrower: frozenset[str] = frozenset()
    refused: frozenset[tuple[Role, str]] = frozenset()
    open_tables: frozenset[str] = frozenset()
    """Tables of the domain that hold nothing about children and need no second lock."""

    def reach_of(self, kind: str) -> Reach:
        """Who reaches a kind of this domain."""
        return self.reach.get(kind, CASE_WORK)


def _parts() -> list[Part]:
    folders = sorted(path.parent.name for path in Path(__file__).parent.parent.glob("*/house.py"))
    return [import_module(f"tests.{folder}.house").PART for folder in folders]


PARTS = _parts()


def joined(name: str) -> dict[str, Any]:
    """One mapping of all the domains' parts."""
    return {key: value for part in PARTS for key, value in getattr(part, name).items()}


def records_around(db: Session, around: Around) -> dict[str, list[Any]]:
    """The records that all domains add around a child."""
    return {kind: records for part in PARTS for kind, records in part.records(db, around).items()}
