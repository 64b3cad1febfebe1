"""The OpenAPI document tells a stranger everything: each operation, each answer, each field."""

import pytest

from app.api.assembly import describe
from app.documents.words import FileKind

FILES = {kind.value for kind in FileKind}
"""What is given out as it is: an answer says by its own media type that it is such a file."""


@pytest.fixture
def document(app):
    return describe(app)


def operations(document):
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_says_what_it_does(document):
    silent = [
        name
        for name, operation in operations(document)
        if not all(operation.get(part) for part in ("summary", "description", "tags", "operationId"))
    ]
    assert silent == []


def test_every_success_has_a_type_and_every_problem_is_a_problem_document(document):
    wrong = []
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert answer["description"], name
            content = answer.get("content", {})
            if status == "204":
                expected = set()
            elif status == "200" and set(content) & FILES:
                expected = set(content) & FILES
            elif status.startswith("2"):
                expected = {"application/json"}
            else:
                expected = {"application/problem+json"}
            typed = all(media["schema"] for media in content.values())
            if set(content) != expected or not typed:
                wrong.append(f"{name} {status}: {sorted(content)}")
        assert {"401", "403", "422", "503"} <= set(operation["responses"]), name
    assert wrong == []


def test_every_parameter_and_every_field_is_explained(document):
    bare = [
        f"{name}: {parameter['name']}"
        for name, operation in operations(document)
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]
    bare += [
        f"{schema_name}.{name}"
        for schema_name, schema in document["components"]["schemas"].items()
        for name, field in schema.get("properties", {}).items()
        if not field.get("description")
    ]
    assert bare == [], "describe them in the schema, or in app/api/fields.py"


def test_every_schema_says_what_it_is(document):
    silent = [name for name, schema in document["components"]["schemas"].items() if not schema.get("description")]
    assert silent == []


def test_every_explanation_is_of_something(document):
    from app.api.fields import FIELDS, OTHERWISE, PARAMETERS

    schemas = document["components"]["schemas"]
    fields = {name for schema in schemas.values() for name in schema.get("properties", {})}
    parameters = {
        parameter["name"] for _name, operation in operations(document) for parameter in operation.get("parameters", [])
    }
    assert set(FIELDS) - fields == set()
    assert set(PARAMETERS) - parameters == set()
    unknown = {
        name
        for name in OTHERWISE
        if name.split(".")[1] not in schemas.get(name.split(".")[0], {}).get("properties", {})
    }
    assert unknown == set()
