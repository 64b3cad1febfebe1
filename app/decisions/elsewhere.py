"""How many families other districts have: a number, because who they are is for their own district to say."""

from typing import Any

from sqlalchemy import column, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.decisions.matching import Need
from app.decisions.schemas import FamiliesElsewhere
from app.fostering.rules import months_after
from app.places.queries import names_of

MOST_DISTRICTS = 5
_DISTRICT = 1_000_000
_PROVINCE = 10


def families_elsewhere(db: Session, need: Need, area_code: int, *, record_months: int) -> list[FamiliesElsewhere]:
    """Districts beyond the actor's reach with families that would take these children together.

    The child's own district comes first, then those of its province, then the others, the most families first. Two
    statements.
    """
    today = clock.today()
    together = len(need.children) > 1
    asked: Any = func.foster_families_elsewhere(
        need.care.value, len(need.children), together, today, months_after(today, -record_months)
    ).table_valued(column("district"), column("families"))
    counted = {row.district: row.families for row in db.execute(select(asked.c.district, asked.c.families))}
    home = (need.origin or area_code) // _DISTRICT
    likeliest = sorted(
        counted, key=lambda code: (code != home, code // _PROVINCE != home // _PROVINCE, -counted[code], code)
    )[:MOST_DISTRICTS]
    if not likeliest:
        return []
    names = names_of(db, likeliest)
    return [
        FamiliesElsewhere(district=code, district_name=names.get(code, str(code)), families=counted[code])
        for code in likeliest
    ]
