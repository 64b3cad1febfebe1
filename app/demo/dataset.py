"""Large invented data for measurements, streamed with COPY.

It goes in batches, so that a million children need no more memory than ten thousand.
Nobody's story is told here, but every row keeps to the constraints, the schedules and the clocks of the rules.
"""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.area import area_code_of
from app.access.roles import Role
from app.children.models import Child
from app.core import clock
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.core.text import fold
from app.demo.dataset_cases import CASE_COLUMNS, draw_case
from app.demo.dataset_referrals import draw_referral
from app.demo.dataset_rows import COLUMNS, Country, Lines, Lot, Office, draw_child
from app.demo.names import draw_name, draw_sex
from app.institutions.words import InstitutionKind, Registration
from app.people.passwords import hash_password
from app.people.rules import DEMONSTRATION_PASSWORD
from app.places.models import Place

BATCH = 5_000
REFERRALS_A_CHILD = 0.5
_DISTRICT_TEAM = {Role.DISTRICT_SUPERVISOR: 1, Role.SOCIAL_WORKER: 4, Role.PSYCHOLOGIST: 1}
_CHILDREN_A_HOUSE, _FEWEST_HOUSES = 250, 60


def generate_dataset(db: Session, *, children: int = 20_000, seed: int = 2012, progress: Callable[[str], None]) -> None:
    """Fills a database that has places and nobody yet.

    There will be about a thousand accounts, families, houses, and children with one to three placements each, their
    visits, their cases and tasks, and half as many referrals.
    The same seed on the same day makes the same rows. The accounts are called after role, place and number, such as
    `social_worker.11.1`, and have the password of the demonstration. Raises `Conflict` where somebody is there
    already, or no places are.
    """
    if db.scalar(select(Child.id).limit(1)) is not None:
        raise Conflict(_("This database has children already: the generated ones need a database of their own"))
    rng = random.Random(seed)  # noqa: S311 - it must be repeatable, and guards nothing
    country = _country(db, rng)
    lines = Lines(COLUMNS | CASE_COLUMNS)
    houses = max(_FEWEST_HOUSES, children // _CHILDREN_A_HOUSE)
    _offices(country, lines)
    _houses(country, lines, houses)
    _copy(db, lines)
    progress(f"{len(country.offices)} people in their offices, {houses} houses")
    for first in range(0, children, BATCH):
        lot = Lot()
        until = min(first + BATCH, children)
        for number in range(first, until):
            draw_case(country, lines, *draw_child(country, lines, lot, number), number)
        for number in range(round(first * REFERRALS_A_CHILD), round(until * REFERRALS_A_CHILD)):
            draw_referral(country, lines, number)
        _copy(db, lines)
        progress(f"{until:,} of {children:,} children")
    for table in lines.columns:
        db.execute(text(f"analyze {table}"))


def _country(db: Session, rng: random.Random) -> Country:
    codes = db.scalars(select(Place.code).where(Place.ended_on.is_(None)).order_by(Place.code)).all()
    by_digits: dict[int, list[int]] = {}
    for code in codes:
        by_digits.setdefault(len(str(code)), []).append(code)
    if not {2, 4, 6, 8} <= by_digits.keys():
        raise Conflict(_("Load the places first: tubarerere places load"))
    first_cells: dict[int, int] = {}
    for cell in by_digits[6]:
        first_cells.setdefault(cell // 100, cell)
    cells = set(first_cells.values())
    return Country(
        rng=rng,
        now=clock.now(),
        today=clock.today(),
        districts=[code for code in by_digits[2] if code % 10],
        sectors=by_digits[4],
        cells=sorted(cells),
        villages=_by_district(by_digits[8]),
        # Referrals come from villages whose cell has somebody to receive them.
        served=_by_district([village for village in by_digits[8] if village // 100 in cells]),
    )


def _by_district(villages: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for village in villages:
        found.setdefault(village // 1_000_000, []).append(village)
    return found


def _offices(country: Country, lines: Lines) -> None:
    password_hash = hash_password(DEMONSTRATION_PASSWORD)
    posts = [(Role.NATIONAL_MANAGER, 0), (Role.NATIONAL_OFFICER, 0)]
    for district in country.districts:
        posts += [(role, district) for role, count in _DISTRICT_TEAM.items() for _number in range(count)]
        posts.append((Role.VOLUNTEER, country.served[district][0]))
    posts += [(Role.SECTOR_OFFICER, sector) for sector in country.sectors]
    posts += [(Role.CELL_COORDINATOR, cell) for cell in country.cells]
    since = country.now - timedelta(days=3650)
    for role, place in posts:
        number = len(country.offices.get((role, place), ())) + 1
        office = Office(account=country.id(since), post=country.id(since))
        country.offices.setdefault((role, place), []).append(office)
        username = f"{role.value}.{place}.{number}"
        name = " ".join(draw_name(country.rng, draw_sex(country.rng)))
        lines.add("accounts", office.account, since, None, username, name, password_hash, False, "en", True)
        lines.add("posts", office.post, since, None, role.value, place, None)
        lines.add("appointments", country.id(since), since, None, office.account, office.post, since.date(), None)


def _houses(country: Country, lines: Lines, count: int) -> None:
    kinds = [InstitutionKind.ORPHANAGE, InstitutionKind.CHILDREN_HOME]
    for number in range(count):
        district = country.districts[number % len(country.districts)]
        sectors = [sector for sector in country.sectors if sector // 100 == district]
        sector = country.rng.choice(sectors)
        name = f"Generated House {number + 1}"
        since = country.now - timedelta(days=3600)
        house_id = country.id(since)
        lines.add(
            "institutions",
            house_id,
            since,
            None,
            name,
            fold(name),
            country.rng.choice(kinds).value,
            Registration.REGISTERED.value,
            country.rng.randint(20, 400),
            sector,
            area_code_of(sector),
            country.rng.randint(0, 5),
        )
        country.houses.setdefault(district, []).append((house_id, area_code_of(sector)))


def _copy(db: Session, lines: Lines) -> None:
    """Sends what has been gathered, table by table in the order of their foreign keys, and forgets it."""
    driver: Any = db.connection().connection.driver_connection
    for table, columns in lines.columns.items():
        gathered = lines.take(table)
        if gathered:
            with driver.cursor() as cursor, cursor.copy(f"copy {table} ({columns}) from stdin") as copy:
                copy.write("\n".join(gathered) + "\n")
