"""Each address finds the route that it would find if every route were asked."""

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from app.core.routing import Addresses
from app.main import create_app

children, nested, families = APIRouter(), APIRouter(), APIRouter()


@children.get("/children/{child_id}")
def child(child_id: str) -> str:
    return f"child {child_id}"


@nested.get("/children/{child_id}/goals/new")
def goal(child_id: str) -> str:
    return f"goal of {child_id}"


@families.get("/children/{child_id}/family")
def family(child_id: str) -> str:
    return f"family of {child_id}"


@families.post("/families")
def add_family() -> str:
    return "family"


children.include_router(nested)


def _client() -> TestClient:
    app = FastAPI()
    for domain in (children, families):
        app.include_router(Addresses(domain))
        app.include_router(Addresses(domain, "/api"), prefix="/api")
    return TestClient(app)


def test_each_address_finds_its_domain() -> None:
    client = _client()
    for prefix in ("", "/api"):
        assert client.get(f"{prefix}/children/1").json() == "child 1"
        assert client.get(f"{prefix}/children/1/goals/new").json() == "goal of 1"
        assert client.get(f"{prefix}/children/1/family").json() == "family of 1"
        assert client.get(f"{prefix}/children/%0A/family").json() == "family of \n"
        assert client.post(f"{prefix}/families").json() == "family"


def test_what_is_not_there_is_not_there() -> None:
    client = _client()
    assert client.get("/families").status_code == 405
    assert client.get("/children").status_code == client.get("/api/api/children/1").status_code == 404
    assert client.get("/children/1/family/", follow_redirects=False).headers["location"].endswith("/children/1/family")


def test_no_route_of_the_service_is_hidden() -> None:
    routers = [route for route in create_app().routes if _is_domain(route)]
    assert len(routers) > 40
    for router in routers:
        for route in iter_route_contexts([router]):
            address = (route.path or "").replace("{", "").replace("}", "")
            assert router.original_router._known.fullmatch(address), address  # type: ignore[attr-defined]


def _is_domain(route: object) -> bool:
    return isinstance(getattr(route, "original_router", None), Addresses)
