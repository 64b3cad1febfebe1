"""Builders of the records of a house on the way to its last day."""

from typing import Any

from sqlalchemy.orm import Session

from app.core import clock
from app.transformation.models import Census, CensusPerson, Claim

TODAY = clock.today()


def make_census(db: Session, institution: Any, actor: Any, **values: Any) -> Census:
    """A census of last night that was counted."""
    defaults: dict[str, Any] = {"counted_on": TODAY, "state": "counted", "counted_at": clock.now()}
    made = Census(
        institution_id=institution.id,
        area_code=institution.area_code,
        by_post_id=actor.post_id,
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    return made


def make_person(db: Session, census: Census, **values: Any) -> CensusPerson:
    """A girl whom nobody registered, and who sleeps in the house."""
    defaults: dict[str, Any] = {"name": "Umwiza", "sex": "female", "age_years": 6, "was_known": False}
    defaults |= {"status": "present"}
    made = CensusPerson(census_id=census.id, area_code=census.area_code, **(defaults | values))
    db.add(made)
    db.flush()
    return made


def make_claim(db: Session, institution: Any, **values: Any) -> Claim:
    """A report that a girl came, which waits for a check."""
    defaults: dict[str, Any] = {"kind": "admission", "name": "Umwiza", "sex": "female", "age_years": 6}
    made = Claim(
        institution_id=institution.id,
        area_code=institution.area_code,
        happened_on=TODAY,
        **(defaults | values),
    )
    db.add(made)
    db.flush()
    return made
