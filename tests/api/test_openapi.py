"""What the OpenAPI document promises of every operation, by the document alone."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from api.documentation import DESCRIPTIONS, contract_structs, describable
from api.openapi import descriptions, main, openapi_document

REFERENCE = "#/components/schemas/"
ALIVE = "GET /healthz"  # asks nobody, and is never shed
PARTS = "GET /readyz"  # its 503 names the parts that do not answer


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def bodies(operation: dict[str, Any], *, served: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Status and JSON schema of each answer that serves, or of each that does not."""
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            if status.startswith("2") is served and media_type != "text/csv":
                yield status, content["schema"]


def named(schema: dict[str, Any]) -> str | None:
    """The struct that a schema is, or is a list of."""
    reference = schema.get("items", schema).get("$ref", "")
    return str(reference).removeprefix(REFERENCE) or None


def reached(document: dict[str, Any], names: set[str]) -> set[str]:
    """These structs and all that stand in them."""
    inside = {part for name in names for part in _references(document["components"]["schemas"][name])}
    return names if inside <= names else reached(document, names | inside)


def answer_structs(document: dict[str, Any]) -> list[type[msgspec.Struct]]:
    answers = {
        named(schema) for _, operation in operations(document) for _, schema in bodies(operation, served=True)
    }
    names = reached(document, {name for name in answers if name} | {"Problem"})
    return [struct for struct in contract_structs() if struct.__name__ in names]


def test_every_answer_is_a_named_struct(document: dict[str, Any]) -> None:
    nameless = [
        (name, status)
        for name, operation in operations(document)
        for status, schema in bodies(operation, served=True)
        if named(schema) is None
    ]
    assert nameless == []


def test_no_field_of_an_answer_has_a_default_but_to_be_left_out(document: dict[str, Any]) -> None:
    structs = answer_structs(document)
    optional = [
        f"{struct.__name__}.{field.name}"
        for struct in structs
        for field in msgspec.structs.fields(struct)
        if not field.required and field.default is not msgspec.UNSET
    ]
    assert len(structs) > 60
    assert optional == []


def test_alternatives_in_an_answer_can_be_told_apart(document: dict[str, Any]) -> None:
    names = [struct.__name__ for struct in answer_structs(document)]
    untagged = [
        name
        for name in names
        for schema in _alternatives(document["components"]["schemas"][name])
        if "discriminator" not in schema
    ]
    assert untagged == []


def test_every_refusal_is_a_problem_document_and_503_is_among_them(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        refusals = dict(bodies(operation, served=False))
        assert "503" in refusals or name == ALIVE, name
        if name != PARTS:
            assert {named(schema) for schema in refusals.values()} <= {"Problem"}, name


def test_only_a_body_that_may_not_be_null_is_required(document: dict[str, Any]) -> None:
    asked = {
        name: operation["requestBody"]["required"]
        for name, operation in operations(document)
        if "requestBody" in operation
    }
    assert [name for name, required in asked.items() if not required] == [
        "POST /api/memberships/{membership_id}/renew"
    ]


def test_every_operation_says_what_it_is_for(document: dict[str, Any]) -> None:
    assert [name for name, operation in operations(document) if not operation.get("description")] == []


def test_no_two_structs_of_the_contract_share_a_name() -> None:
    named_alike = Counter(struct.__name__ for struct in contract_structs())
    assert [name for name, count in named_alike.items() if count > 1] == []


def test_the_document_is_printed_without_settings(
    document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 0
    assert json.loads(capsys.readouterr().out) == document


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix(REFERENCE)
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _alternatives(schema: Any) -> Iterator[dict[str, Any]]:
    """Every place where one of several structs may stand."""
    if isinstance(schema, dict):
        structs = [part for part in schema.get("anyOf", ()) if "$ref" in part]
        if len(structs) > 1:
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _alternatives(part)


def test_the_descriptions_that_servers_show_are_those_of_the_docstrings() -> None:
    mend = "run: python -m api.openapi --descriptions > api/descriptions.json"
    assert json.loads(DESCRIPTIONS.read_text()) == descriptions(), mend


def test_a_server_without_docstrings_describes_every_operation_all_the_same(document: dict[str, Any]) -> None:
    printed = subprocess.run(
        [sys.executable, "-OO", "-m", "api.openapi"], capture_output=True, text=True, check=True
    )

    assert json.loads(printed.stdout) == document
    assert [name for name, part in describable(document) if not part["description"]] == []
