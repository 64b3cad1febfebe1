"""The JSON door keeps its word: Schemathesis tries the whole OpenAPI document, as every kind of person.

Identifiers and codes are those of a small world, so that the requests reach what lies behind the checks of form;
each request is undone before the next.
"""

import copy
from functools import partial
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.access.roles import Role
from app.api.assembly import describe
from app.indicators.catalogue import CATALOGUE
from tests.house.requests import VALID, Valid, as_json, permits, prepared, send
from tests.house.routes import Route, route_table
from tests.house.world import KINDS, World, make_world

pytestmark = pytest.mark.contract

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ROLES = [
    Role.NATIONAL_MANAGER,
    Role.SOCIAL_WORKER,
    Role.DISTRICT_SUPERVISOR,
    Role.SECTOR_OFFICER,
    Role.VOLUNTEER,
    Role.INSTITUTION_MANAGER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
]
# Examples of each operation that fit the document, and that do not, shared by the roles that may use it.
POSITIVE, NEGATIVE = 5, 2
# Fields of a body that differ from a valid one, at most.
MOST_DIFFERENT = 2

# Which records a field of a body or a query names.
KIND_OF = {"child": "child", "placement": "placement", "household": "household", "institution": "institution"}
KIND_OF |= {f"{kind}_id": kind for kind in KINDS} | {"subject_id": "child"}
PLACES = [0, 1, 11, 1101, 110101, 11010102, 12010102, 11010199, 99999999]
PLACE_FIELDS = {"place", "village", "cell", "sector", "within"}
VERSIONS = [None, '"1"', '"1"', '"2"', "*"]


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_the_document_is_true(role, app, db, connection, api_for):
    world = make_world(db, role)
    client, nobody = api_for(world.actor), api_for(None)
    schema = schemathesis.openapi.from_dict(_without_security(describe(app)), config=schemathesis.Config())
    routes = {(route.method.lower(), route.path): route for route in route_table(app)}
    wrong = []
    for found in schema.get_all_operations():
        operation = found.ok()
        route = routes[operation.method, operation.path]
        able = [other for other in ROLES if permits(route, other)]
        if role not in able:
            continue
        valid = VALID.get(str(route))
        template = None if valid is None else as_json(valid.body(world))
        sender = nobody if valid and not valid.signed_in else client
        tries = [partial(_try, _real(operation.as_strategy(), world, template), -(-POSITIVE // len(able)))]
        if operation.body or operation.query or operation.path_parameters:
            strange = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
            tries.append(partial(_try, strange, -(-NEGATIVE // len(able))))
        if valid is not None and valid.role is role:
            tries.insert(0, partial(_succeeds, operation, route, valid, world))
        for attempt in tries:
            try:
                attempt(sender, connection, db)
            except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001 - all of them are told, with the route
                notes = "".join(getattr(failure, "__notes__", []))
                wrong.append(f"{route}: {type(failure).__name__}: {str(failure)[:1500]} {notes[:500]}")
    assert wrong == [], "\n\n".join(wrong)


def _without_security(document: dict[str, Any]) -> dict[str, Any]:
    # Who comes in without a token, tests/house/test_doors.py knows; here every request bears one.
    document = copy.deepcopy(document) | {"security": []}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
    return document


def _succeeds(
    operation: APIOperation, route: Route, valid: Valid, world: World, client: Any, connection: Any, db: Any
) -> None:
    """The valid request of tests/house/requests.py is answered with success, as the document describes it."""
    undone = connection.begin_nested()
    path, body = prepared(valid, route, world)
    answer = send(client, route, path, body)
    undone.rollback()
    db.expire_all()
    assert answer.is_success, f"{answer.status_code} {answer.text[:500]}"
    case = operation.Case(
        path_parameters=dict.fromkeys(route.parameters, "x"), body=as_json(body), media_type="application/json"
    )
    case.validate_response(answer, checks=[check for check in CHECKS if check is not negative_data_rejection])


def _try(cases: Any, examples: int, client: Any, connection: Any, db: Any) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def one(case: schemathesis.Case) -> None:
        request = case.as_transport_kwargs()
        sent = {"params": request.get("params"), "headers": {**(request.get("headers") or {}), **client.headers}}
        if "json" in request:
            sent["json"] = request["json"]
        elif "data" in request:
            sent["content"] = request["data"]
        undone = connection.begin_nested()
        try:
            answer = client.request(request["method"], case.formatted_path, **sent)
        finally:
            undone.rollback()
            db.expire_all()
        case.validate_response(answer, checks=CHECKS)

    one()


@st.composite
def _real(draw: Any, cases: Any, world: World, template: dict[str, Any] | None) -> schemathesis.Case:
    """A generated case, most of whose identifiers and places exist, and whose body is often nearly right."""
    case = draw(cases)
    for name in list(case.path_parameters or {}):
        case.path_parameters[name] = _replaced(draw, name, case.path_parameters[name], world)
    if "if-match" in (case.headers or {}) and (version := draw(st.sampled_from(VERSIONS))):
        case.headers["if-match"] = version
    case.query = {name: _replaced(draw, name, value, world) for name, value in (case.query or {}).items()}
    if isinstance(case.body, dict):
        if template:
            different = draw(st.sets(st.sampled_from(sorted({*template, *case.body})), max_size=MOST_DIFFERENT))
            case.body = {name: value for name, value in case.body.items() if name in different} | {
                name: value for name, value in template.items() if name not in different
            }
        case.body = {name: _replaced(draw, name, value, world) for name, value in case.body.items()}
    return case


def _replaced(draw: Any, name: str, value: Any, world: World) -> Any:
    if name in KIND_OF:
        return draw(st.sampled_from([str(found) for found in world.ids(KIND_OF[name])] + [value]))
    if name == "account_id":
        return str(draw(st.sampled_from([world.one("referral", "other").author_account_id, world.actor.account_id])))
    if name == "code" and isinstance(value, str):
        return draw(st.sampled_from([*CATALOGUE, value]))
    if name in PLACE_FIELDS:
        return draw(st.sampled_from([*PLACES, value]))
    return value
