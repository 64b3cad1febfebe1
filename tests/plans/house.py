"""Plans and services, for the tests of the house."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from app.people.models import Post
from app.plans.models import Plan, PlanAction, PlanGoal, PlanReview, ServiceProvider, ServiceRequest, SupportPackage
from tests.house.parts import CASE_WORK, Around, Part, Valid
from tests.make import make_approval, make_child, make_consent, make_plan, make_provider, make_service, open_case_of

TODAY = clock.today()


def _first(db: Session, table: Any, plan: Plan) -> Any:
    return db.scalars(select(table).where(table.plan_id == plan.id)).first()


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    plan = make_plan(db, around.child)
    post = db.get_one(Post, around.worker.post_id)
    # Each relation's worker answers for a provider only where that is its own role.
    taken = db.scalar(select(ServiceProvider.id).where(ServiceProvider.post_id == post.id))
    provider = make_provider(db, post_id=None if taken else post.id)
    return {
        "plan": [plan],
        "plan_goal": [_first(db, PlanGoal, plan)],
        "plan_action": [_first(db, PlanAction, plan)],
        "package": [_first(db, SupportPackage, plan)],
        "service": [make_service(db, around.child, provider)],
    }


def _child_with_case(world: Any) -> dict[str, Any]:
    """A child with a case and no plan yet."""
    child = make_child(world.db, worker=world.actor)
    open_case_of(world.db, child)
    make_consent(world.db, child, purpose="sharing")
    return {"child_id": child.id}


def _part_of(table: Any, name: str) -> Callable[[Any], dict[str, Any]]:
    """A part of a plan that is in force."""

    def path(world: Any) -> dict[str, Any]:
        plan = make_plan(world.db, make_child(world.db, worker=world.actor), state="in_force")
        return {name: _first(world.db, table, plan).id}

    return path


def _in_force(world: Any) -> dict[str, Any]:
    plan = make_plan(world.db, make_child(world.db, worker=world.actor), state="in_force")
    return {"plan_id": plan.id}


def _requested(world: Any) -> dict[str, Any]:
    child = make_child(world.db, worker=world.actor)
    plan = make_plan(world.db, child, state="requested")
    make_approval(world.db, child, world.actor, kind="plan", subject_id=plan.id)
    return {"plan_id": plan.id}


def _answered(world: Any) -> dict[str, Any]:
    provider = make_provider(world.db)
    child = make_child(world.db, worker=world.actor)
    ended = {"status": "answered", "outcome": "service_provided", "ended_at": clock.now()}
    return {"service_id": make_service(world.db, child, provider, **ended).id}


def _of_provider(world: Any) -> dict[str, Any]:
    """Something that was asked of the actor's own organisation."""
    known = world.db.scalars(select(ServiceProvider).where(ServiceProvider.post_id == world.actor.post_id)).first()
    provider = known or make_provider(world.db, post_id=world.actor.post_id)
    return {"service_id": make_service(world.db, make_child(world.db), provider).id}


def _provider_id(world: Any) -> dict[str, Any]:
    return {"provider_id": make_provider(world.db).id}


def _start(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "aim": "She lives with her aunt", "child_says": "I want my own bed"}


def _head(world: Any) -> dict[str, Any]:
    return {"aim": "She lives with her grandmother", "_version": world.one("plan").version}


def _goal(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "domain": "learning", "statement": "Reads a page a day"}


def _goal_now(world: Any) -> dict[str, Any]:
    now = {"domain": "learning", "statement": "Reads two pages a day"}
    return now | {"_version": world.one("plan_goal").version}


def _action(_world: Any) -> dict[str, Any]:
    due_on = clock.days_ahead(14)
    return {"id": new_id(), "what": "Buy a mattress", "responsible": "family", "due_on": due_on}


def _action_now(world: Any) -> dict[str, Any]:
    now = {"what": "Visit the school", "responsible": "office", "due_on": clock.days_ahead(14)}
    return now | {"_version": world.one("plan_action").version}


def _package(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "kind": "mutuelle", "what": "For a year", "amount_rwf": 15_000, "source": "district"}


def _package_now(world: Any) -> dict[str, Any]:
    now = {"kind": "girinka", "amount_rwf": 400_000, "source": "state"}
    return now | {"_version": world.one("package").version}


def _review(_world: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "reviewed_on": TODAY,
        "child_heard": True,
        "child_said": "I like school",
        "changed": "She has a bed",
        "result": "continue",
        "next_review_on": clock.days_ahead(80),
    }


def _service(world: Any) -> dict[str, Any]:
    provider = make_provider(world.db, kind="health", name="Health centre of Gitega")
    return {"id": new_id(), "provider": provider.id, "kind": "health", "urgency": "medium", "asked": "A check"}


def _service_form(world: Any) -> dict[str, Any]:
    return {name: value for name, value in _service(world).items() if name != "kind"}


def _asked_again(_world: Any) -> dict[str, Any]:
    return {"outcome": "service_provided", "answer": "She was examined", "_version": 1}


def _provider(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "name": "Health centre of Gitega", "kind": "health", "contact": "The head nurse"}


def _provider_now(_world: Any) -> dict[str, Any]:
    return {"name": "Health centre", "kind": "health", "is_active": True, "_version": 1}


_WORKER, _PROVIDER = Role.SOCIAL_WORKER, Role.SERVICE_PROVIDER
_FEEDBACK = {"feedback_by": "child", "helped": "yes", "feedback": "They were kind", "_version": 1}
_REPORT = {"done": True, "done_on": TODAY}
_GIVEN = {"given_on": TODAY, "amount_rwf": 34_500, "receipt": "0042", "_version": 1}
_END = {"reason": "She is with her aunt for good", "_version": 1}


def _both(
    verb: str, pages: Valid, api: Valid | None = None, *, method: str = "POST", api_verb: str | None = None
) -> Any:
    return {f"POST {verb}": pages, f"{method} /api/v1{verb if api_verb is None else api_verb}": api or pages}


_CHILD_WITH_CASE = Valid(_WORKER, _start, _child_with_case)

_SOON = clock.days_ahead(14).isoformat()
_GOAL = {"domain": "learning", "statement": "Reads a page a day"}
_ACTION = {"what": "Buy a mattress", "responsible": "family", "due_on": _SOON}
_PACKAGE = {"kind": "mutuelle", "amount_rwf": 15_000, "source": "district"}
# Bodies that are complete, so that the routes answer whose the record is and not what is missing.
_BODIES: dict[str, dict[str, Any]] = {
    "POST /children/{child_id}/plan": {"aim": "She lives with her aunt"},
    "PUT /plans/{plan_id}": {"aim": "She lives with her aunt"},
    "POST /plans/{plan_id}/end": {"reason": "She is at home"},
    "POST /plans/{plan_id}/reviews": {
        "reviewed_on": TODAY.isoformat(),
        "child_heard": True,
        "child_said": "I like school",
        "changed": "She has a bed",
        "result": "end",
    },
    "POST /plans/{plan_id}/goals": _GOAL,
    "POST /plans/{plan_id}/actions": _ACTION,
    "POST /plans/{plan_id}/packages": _PACKAGE,
    "PUT /plan-goals/{plan_goal_id}": _GOAL,
    "PUT /plan-actions/{plan_action_id}": _ACTION,
    "POST /plan-actions/{plan_action_id}/report": {"done": False, "not_done_because": "No time"},
    "PUT /packages/{package_id}": _PACKAGE,
    "POST /packages/{package_id}/give": {"given_on": TODAY.isoformat(), "amount_rwf": 15_000},
    "POST /children/{child_id}/services": {"provider": str(new_id()), "kind": "health", "asked": "A check"},
    "POST /services/{service_id}/answer": {"outcome": "service_provided"},
    "POST /services/{service_id}/feedback": {"feedback_by": "child", "helped": "yes"},
    "POST /services/{service_id}/withdraw": {"reason": "Not needed"},
}

PART = Part(
    subjects={
        "plan_id": "plan",
        "plan_goal_id": "plan_goal",
        "plan_action_id": "plan_action",
        "package_id": "package",
        "service_id": "service",
    },
    reach={"service": {**CASE_WORK, Role.SERVICE_PROVIDER: {"referred"}}},
    records=_records,
    plain={"provider_id": "provider"},
    valid=(
        _both("/children/{child_id}/plan/new", _CHILD_WITH_CASE, api_verb="/children/{child_id}/plan")
        | _both("/plans/{plan_id}/edit", Valid(_WORKER, _head), method="PUT", api_verb="/plans/{plan_id}")
        | _both("/plans/{plan_id}/request", Valid(_WORKER, lambda _world: {"_version": 1}))
        | _both("/plans/{plan_id}/withdraw", Valid(_WORKER, path=_requested))
        | _both("/plans/{plan_id}/end", Valid(_WORKER, lambda _world: dict(_END), _in_force))
        | _both("/plans/{plan_id}/reviews/new", Valid(_WORKER, _review, _in_force), api_verb="/plans/{plan_id}/reviews")
        | _both("/plans/{plan_id}/goals/new", Valid(_WORKER, _goal), api_verb="/plans/{plan_id}/goals")
        | _both("/plans/{plan_id}/actions/new", Valid(_WORKER, _action), api_verb="/plans/{plan_id}/actions")
        | _both("/plans/{plan_id}/packages/new", Valid(_WORKER, _package), api_verb="/plans/{plan_id}/packages")
        | _both(
            "/plan-goals/{plan_goal_id}/edit",
            Valid(_WORKER, _goal_now),
            method="PUT",
            api_verb="/plan-goals/{plan_goal_id}",
        )
        | _both("/plan-goals/{plan_goal_id}/reach", Valid(_WORKER, path=_part_of(PlanGoal, "plan_goal_id")))
        | _both(
            "/plan-actions/{plan_action_id}/edit",
            Valid(_WORKER, _action_now),
            method="PUT",
            api_verb="/plan-actions/{plan_action_id}",
        )
        | _both(
            "/plan-actions/{plan_action_id}/report",
            Valid(_WORKER, lambda _world: dict(_REPORT), _part_of(PlanAction, "plan_action_id")),
        )
        | _both(
            "/packages/{package_id}/edit", Valid(_WORKER, _package_now), method="PUT", api_verb="/packages/{package_id}"
        )
        | _both(
            "/packages/{package_id}/give",
            Valid(_WORKER, lambda _world: dict(_GIVEN), _part_of(SupportPackage, "package_id")),
        )
        | _both(
            "/children/{child_id}/services/new",
            Valid(_WORKER, _service_form, _child_with_case, "?kind=health"),
            Valid(_WORKER, _service, _child_with_case),
            api_verb="/children/{child_id}/services",
        )
        | _both("/services/{service_id}/acknowledge", Valid(_PROVIDER, path=_of_provider))
        | _both("/services/{service_id}/answer", Valid(_PROVIDER, _asked_again, _of_provider))
        | _both("/services/{service_id}/feedback", Valid(_WORKER, lambda _world: dict(_FEEDBACK), _answered))
        | _both(
            "/services/{service_id}/withdraw",
            Valid(_WORKER, lambda _world: {"reason": "The aunt went there herself", "_version": 1}),
        )
        | _both("/providers/new", Valid(_WORKER, _provider), api_verb="/providers")
        | _both(
            "/providers/{provider_id}/edit",
            Valid(_WORKER, _provider_now, _provider_id),
            method="PUT",
            api_verb="/providers/{provider_id}",
        )
    ),
    creating={
        "plan": (_WORKER, "POST /children/{child_id}/plan/new", "POST /api/v1/children/{child_id}/plan", Plan, "aim"),
        "plan goal": (
            _WORKER,
            "POST /plans/{plan_id}/goals/new",
            "POST /api/v1/plans/{plan_id}/goals",
            PlanGoal,
            "statement",
        ),
        "plan action": (
            _WORKER,
            "POST /plans/{plan_id}/actions/new",
            "POST /api/v1/plans/{plan_id}/actions",
            PlanAction,
            "what",
        ),
        "package": (
            _WORKER,
            "POST /plans/{plan_id}/packages/new",
            "POST /api/v1/plans/{plan_id}/packages",
            SupportPackage,
            "what",
        ),
        "review": (
            _WORKER,
            "POST /plans/{plan_id}/reviews/new",
            "POST /api/v1/plans/{plan_id}/reviews",
            PlanReview,
            "changed",
        ),
        "service": (
            _WORKER,
            "POST /children/{child_id}/services/new",
            "POST /api/v1/children/{child_id}/services",
            ServiceRequest,
            "asked",
        ),
        "provider": (_WORKER, "POST /providers/new", "POST /api/v1/providers", ServiceProvider, "name"),
    },
    queries={"POST /children/{child_id}/services/new": "?kind=health"},
    bodies=_BODIES,
    # Inside the district only the responsible worker and the supervisor write.
    narrower=frozenset(
        {
            "/children/{child_id}/plan/new",
            "/children/{child_id}/services/new",
            "/plans/{plan_id}/edit",
            "/plans/{plan_id}/end",
            "/plans/{plan_id}/reviews/new",
            "/plans/{plan_id}/goals/new",
            "/plans/{plan_id}/actions/new",
            "/plans/{plan_id}/packages/new",
            "/plan-goals/{plan_goal_id}/edit",
            "/plan-actions/{plan_action_id}/edit",
            "/plan-actions/{plan_action_id}/report",
            "/packages/{package_id}/edit",
            "/packages/{package_id}/give",
            "/services/{service_id}/answer",
            "/services/{service_id}/feedback",
            "/services/{service_id}/withdraw",
        }
    ),
    open_tables=frozenset({"service_providers", "plan_clocks"}),
)
