"""The story of children who were never separated: a worry of the village, and a case while they live at home."""

from datetime import date

from sqlalchemy import select

from app.access.roles import Level
from app.cases.schemas import CaseOpen, ConcernGiven
from app.cases.service import open_case
from app.cases.words import Risk, Source
from app.children.schemas import ChildRegister
from app.children.service import register_child
from app.children.words import BirthPrecision, ConcernType, PlacementKind, Sex
from app.core import clock
from app.demo.names import draw_name
from app.demo.world import Teller
from app.placements.schemas import PlacementStart
from app.placements.service import start_placement
from app.referrals.models import Referral
from app.referrals.rules import id_for_child
from app.referrals.words import ReferralStatus

_AGES = {"3-5": 5, "6-9": 8, "10-14": 12, "15-17": 16}
"""In years, of the child of whom the volunteer told, by the band that was told; the sister is younger."""
_YOUNGER = 3


def tell_of_children_at_home(teller: Teller) -> None:
    """The worker follows a worry that is in work, and finds the child and a younger sister at home with the parents.

    The referral stays open: resolving it says that a case was opened. Nothing is told where no such worry is.
    """
    worker = teller.worker
    wanted = select(Referral).where(
        Referral.concern == ConcernType.SEPARATION_RISK.value,
        Referral.status == ReferralStatus.ACCEPTED.value,
        Referral.level == Level.DISTRICT.value,
        Referral.district_code == worker.place_code,
        Referral.child_id.is_(None),
        Referral.restricted.is_(False),
    )
    worry = teller.db.scalars(wanted.order_by(Referral.filed_at.desc(), Referral.id).limit(1)).one_or_none()
    if worry is None:
        return
    rng = teller.world.draft.rng
    sexes = (Sex(worry.child_sex) if worry.child_sex else Sex.MALE, Sex.FEMALE)
    _given, family = draw_name(rng, sexes[0])
    age = _AGES.get(worry.child_age_band or "", 8)
    told_on = worry.filed_at.astimezone(clock.KIGALI).date()
    for child_id, sex, years, risk in zip(
        (id_for_child(worry.id), teller.id()), sexes, (age, age - _YOUNGER), (Risk.MEDIUM, Risk.LOW), strict=True
    ):
        born_on = date(clock.today().year - years, 7, 1)
        child = ChildRegister(
            id=child_id,
            given_name=draw_name(rng, sex)[0],
            family_name=family,
            sex=sex,
            born_on=born_on,
            birth_precision=BirthPrecision.YEAR,
            village=worry.area_code if worry.area_code % 100 else None,
        )
        register_child(teller.db, worker, child)
        home = PlacementStart(id=teller.id(), child=child_id, kind=PlacementKind.WITH_PARENTS, started_on=born_on)
        start_placement(teller.db, worker, home)
        seen = ConcernGiven(concern=ConcernType.SEPARATION_RISK, identified_on=told_on, source=Source.VOLUNTEER)
        case = CaseOpen(id=teller.id(), concerns=[seen], risk=risk, risk_reason="The parents want help and take it.")
        open_case(teller.db, worker, child_id, case)
