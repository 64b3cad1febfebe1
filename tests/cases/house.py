"""Cases, for the tests of the house."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.cases.models import Case, CaseConcern, CaseContact, CaseGroup, CaseTransfer
from app.core import clock
from app.core.ids import new_id
from tests import make
from tests.cases.build import FAR_DISTRICT, a_case, a_concern, a_contact, make_closing, make_transfer
from tests.house.parts import CASE_WORK, Around, Part, Valid
from tests.make import actor_for, make_approval, make_case, make_child

TODAY = clock.today()


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    case = make_case(db, around.child)
    return {"case": [case], "transfer": [make_transfer(db, around.child)], "closing": [make_closing(db, around.child)]}


def _of_another_child(world: Any) -> dict[str, Any]:
    """A child of the worker whose case is not open yet."""
    return {"child_id": world.records["child", "own"][1].id}


def _of_low_risk(world: Any) -> dict[str, Any]:
    world.one("case").risk = "low"
    world.db.flush()
    return {}


def _sector_post(world: Any) -> dict[str, Any]:
    post = actor_for(world.db, Role.SECTOR_OFFICER).post_id
    return {"post": post, "reason": "The volunteers look in every week", "_version": world.one("case").version}


def _assessed(world: Any) -> dict[str, Any]:
    return {"state": "assessed", "_version": world.one("case").version}


def _closed(world: Any) -> dict[str, Any]:
    case = world.one("case")
    world.db.execute(
        update(Case)
        .where(Case.id == case.id)
        .values(state="closed", closed_on=TODAY, closing_reason="goals_met", retain_until=TODAY + timedelta(days=3650))
    )
    return {}


def _brother(world: Any) -> dict[str, Any]:
    other = world.records["child", "own"][1]
    make_case(world.db, other)
    return {"code": other.code, "reason": "The same mother"}


def _in_group(world: Any) -> dict[str, Any]:
    child = world.one("child")
    group = CaseGroup(child_ids=[child.id], codes=[child.code], reason="The same mother")
    world.db.add(group)
    world.db.flush()
    world.one("case").group_id = group.id
    world.db.flush()
    return {}


def _without_transfer(world: Any) -> dict[str, Any]:
    world.db.execute(
        update(CaseTransfer)
        .where(CaseTransfer.case_id == world.one("case").id)
        .values(state="withdrawn", answered_at=clock.now())
    )
    return {}


def _asked_of_us(world: Any) -> dict[str, Any]:
    far = make_child(world.db, village=make.OTHER_VILLAGE)
    return {"transfer_id": make_transfer(world.db, far, to=make.DISTRICT).id}


def _worker_here(world: Any) -> dict[str, Any]:
    return {"post": actor_for(world.db, Role.SOCIAL_WORKER).post_id}


def _waiting_closing(world: Any) -> dict[str, Any]:
    child = world.one("child")
    author = actor_for(world.db, Role.SOCIAL_WORKER)
    closing = make_closing(world.db, child)
    make_approval(world.db, child, author, kind="closure", subject_id=closing.id)
    return {"closing_id": closing.id}


def _just(**values: Any) -> Any:
    return lambda _world: values


_WORKER, _SUPERVISOR = Role.SOCIAL_WORKER, Role.DISTRICT_SUPERVISOR
_OPEN = Valid(_WORKER, a_case, _of_another_child)
_CONCERN = Valid(_WORKER, lambda _world: {"id": new_id()} | a_concern())
_RISK = Valid(_WORKER, _just(risk="high", reason="The uncle came back"))
_ADVANCE = Valid(_WORKER, _assessed)
_HOLD = Valid(_WORKER, _sector_post, _of_low_risk)
_CONTACT = Valid(_WORKER, a_contact)
_TRANSFER = Valid(
    _WORKER,
    lambda _world: {"id": new_id(), "district": FAR_DISTRICT, "reason": "They moved", "note": "Ask the aunt first"},
    _without_transfer,
)
_CLOSE = Valid(
    _WORKER, lambda _world: {"id": new_id(), "reason": "family_declined", "words": "They wish to go on alone"}
)
_REOPEN = Valid(_WORKER, _just(reason="The mother asks for help again"), _closed)
_JOIN = Valid(_WORKER, _brother)
_LEAVE = Valid(_WORKER, path=_in_group)
_ACCEPT = Valid(_SUPERVISOR, _worker_here, _asked_of_us)
_DECLINE = Valid(_SUPERVISOR, _just(reason="The child lives in your district"), _asked_of_us)
_WITHDRAW = Valid(_WORKER)
_APPROVE = Valid(_SUPERVISOR, _just(reason="Well prepared"), _waiting_closing)

_A_CONCERN = {"concern": "neglect", "identified_on": TODAY.isoformat(), "source": "volunteer"}
_A_CONTACT = {"contacted_on": TODAY.isoformat(), "kind": "phone", "outcome": "not_reached"}

PART = Part(
    subjects={"case_id": "case", "transfer_id": "transfer", "closing_id": "closing"},
    reach={"closing": {role: reach for role, reach in CASE_WORK.items() if role is Role.DISTRICT_SUPERVISOR}},
    records=_records,
    valid={
        "POST /children/{child_id}/case/new": _OPEN,
        "POST /cases/{case_id}/concerns/new": _CONCERN,
        "POST /cases/{case_id}/risk": _RISK,
        "POST /cases/{case_id}/advance": _ADVANCE,
        "POST /cases/{case_id}/hold": _HOLD,
        "POST /cases/{case_id}/contacts/new": _CONTACT,
        "POST /cases/{case_id}/transfer": _TRANSFER,
        "POST /cases/{case_id}/close": _CLOSE,
        "POST /cases/{case_id}/reopen": _REOPEN,
        "POST /cases/{case_id}/group": _JOIN,
        "POST /cases/{case_id}/leave": _LEAVE,
        "POST /transfers/{transfer_id}/accept": _ACCEPT,
        "POST /transfers/{transfer_id}/decline": _DECLINE,
        "POST /transfers/{transfer_id}/withdraw": _WITHDRAW,
        "POST /closings/{closing_id}/approve": _APPROVE,
        "POST /api/v1/children/{child_id}/cases": _OPEN,
        "POST /api/v1/cases/{case_id}/concerns": _CONCERN,
        "POST /api/v1/cases/{case_id}/risk": _RISK,
        "POST /api/v1/cases/{case_id}/advance": _ADVANCE,
        "POST /api/v1/cases/{case_id}/hold": _HOLD,
        "POST /api/v1/cases/{case_id}/contacts": _CONTACT,
        "POST /api/v1/cases/{case_id}/transfer": _TRANSFER,
        "POST /api/v1/cases/{case_id}/close": _CLOSE,
        "POST /api/v1/cases/{case_id}/reopen": _REOPEN,
        "POST /api/v1/cases/{case_id}/group": _JOIN,
        "POST /api/v1/cases/{case_id}/leave": _LEAVE,
        "POST /api/v1/transfers/{transfer_id}/accept": _ACCEPT,
        "POST /api/v1/transfers/{transfer_id}/decline": _DECLINE,
        "POST /api/v1/transfers/{transfer_id}/withdraw": _WITHDRAW,
    },
    creating={
        "case": (
            _WORKER,
            "POST /children/{child_id}/case/new",
            "POST /api/v1/children/{child_id}/cases",
            Case,
            "risk_reason",
        ),
        "case_concern": (
            _WORKER,
            "POST /cases/{case_id}/concerns/new",
            "POST /api/v1/cases/{case_id}/concerns",
            CaseConcern,
            "note",
        ),
        "case_contact": (
            _WORKER,
            "POST /cases/{case_id}/contacts/new",
            "POST /api/v1/cases/{case_id}/contacts",
            CaseContact,
            "note",
        ),
    },
    bodies={
        "POST /children/{child_id}/cases": {"concerns": [_A_CONCERN], "risk": "low", "risk_reason": "She is safe"},
        "POST /cases/{case_id}/concerns": _A_CONCERN,
        "POST /cases/{case_id}/risk": {"risk": "high", "reason": "The uncle came back"},
        "POST /cases/{case_id}/advance": {"state": "assessed"},
        "POST /cases/{case_id}/hold": {"reason": "It is enough"},
        "POST /cases/{case_id}/contacts": _A_CONTACT,
        "POST /cases/{case_id}/transfer": {"district": 21, "reason": "They moved", "note": "Ask the aunt first"},
        "POST /cases/{case_id}/close": {"reason": "family_declined", "words": "They wish to go on alone"},
        "POST /cases/{case_id}/reopen": {"reason": "The mother asks for help again"},
        "POST /cases/{case_id}/group": {"code": "TMM-7K3Q9D", "reason": "The same mother"},
        "POST /transfers/{transfer_id}/accept": {"post": str(new_id())},
        "POST /transfers/{transfer_id}/decline": {"reason": "The child lives in your district"},
    },
    open_tables=frozenset({"risk_clocks", "closing_rules"}),
)
