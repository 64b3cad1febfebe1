"""A house that turns out to stand elsewhere: what is written about it is read, and checked, where it stands."""

from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import district_of
from app.core.i18n import ngettext
from app.people.models import Post
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.words import TaskKind
from app.transformation.claim_queries import post_of_district
from app.transformation.models import BreachAnswer, Census, CensusPerson, Claim
from app.transformation.words import ClaimState


def move_papers(db: Session, _actor: Actor, institution_id: UUID, area_code: int) -> None:
    """Gives claims, censuses and looked-into admissions of a house its new area.

    A claim that waits goes to a post of the district that sees it now.
    """
    censuses = select(Census.id).where(Census.institution_id == institution_id)
    db.execute(update(CensusPerson).where(CensusPerson.census_id.in_(censuses)).values(area_code=area_code))
    for papers in (Census, BreachAnswer, Claim):
        db.execute(update(papers).where(papers.institution_id == institution_id).values(area_code=area_code))
    claims = select(Claim.id).where(Claim.institution_id == institution_id)
    waiting = update(Task).where(Task.kind == TaskKind.CHECK_CLAIM.value, Task.subject_id.in_(claims), IS_OPEN)
    db.execute(waiting.values(area_code=area_code, version=Task.version + 1))
    district = district_of(area_code)
    if district is None:
        return
    in_district = or_(Post.place_code == district, Post.place_code.between(district * 100, district * 100 + 99))
    here = exists().where(Post.id == Task.post_id, in_district)
    db.execute(waiting.where(~here).values(post_id=post_of_district(db, district)))


def claims_that_follow(db: Session, _actor: Actor, institution_id: UUID) -> list[str]:
    """How many reports of an institution wait for a check, which goes with it."""
    open_claims = select(func.count(Claim.id)).where(
        Claim.institution_id == institution_id, Claim.state == ClaimState.REPORTED.value
    )
    waiting = db.scalar(open_claims) or 0
    if not waiting:
        return []
    words = ngettext(
        "%(num)s report that waits for a check, which the office there gets in another district.",
        "%(num)s reports that wait for a check, which the office there gets in another district.",
        waiting,
    )
    return [words % {"num": waiting}]
