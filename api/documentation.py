"""What the OpenAPI document says of the whole API; it is built when it is first asked for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from schemas.text import CLEAN, ONE_LINE

SIMPLER = {CLEAN: "^[^\x00]*$", ONE_LINE: "^[^\x00-\x1f]+$"}
REFERENCE = "#/components/schemas/{name}"
DESCRIPTIONS = Path(__file__).with_name("descriptions.json")
"""What the docstrings of handlers and structs say, which servers do without (python -OO): `api.openapi`
writes it, and a test holds it to them."""


class StructDocument(JsonRenderPlugin):
    """The document with every body and answer as msgspec reads and writes it.

    Litestar leaves out what msgspec refuses besides (unknown fields, items), docstrings, and formats.
    """

    _rendered: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON, made once: it takes 8 ms, and whoever likes may ask for it."""
        if self._rendered is None:
            self._rendered = super().render(request, described(openapi_schema))
        return self._rendered


def describe(shop_name: str) -> OpenAPIConfig:
    """The document's title, its address, and how callers say who they are."""
    staff = SecurityScheme(type="http", scheme="bearer", description="A staff token: comptoir token create")
    person = SecurityScheme(type="http", scheme="bearer", description="A session: POST /api/session")
    return OpenAPIConfig(
        title=shop_name,
        version="1",
        path="/schema",
        use_handler_docstrings=True,
        render_plugins=[StructDocument()],
        components=Components(security_schemes={"staff": staff, "person": person}),
    )


def described(document: dict[str, Any]) -> dict[str, Any]:
    """The document with our structs as msgspec describes them, and with every description."""
    texts = json.loads(DESCRIPTIONS.read_text())
    for name, part in describable(with_structs(document)):
        part.setdefault("description", texts.get(name, ""))
    return document


def describable(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation and each struct of the document, with the name of its description."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method} {path}", operation
    yield from document["components"]["schemas"].items()


def with_structs(document: dict[str, Any]) -> dict[str, Any]:
    """The document with our structs described by msgspec itself."""
    described = document["components"]["schemas"]
    structs = [struct for struct in contract_structs() if struct.__name__ in described]
    _, components = msgspec.json.schema_components(structs, ref_template=REFERENCE)
    described.update(components)
    _simplify(document)
    _leave_out(document)
    return document


def _leave_out(document: dict[str, Any]) -> None:
    """Say of a body that may be null that it may be left out: Litestar asks for every body."""
    operations = (operation for path in document["paths"].values() for operation in path.values())
    for operation in operations:
        if body := operation.get("requestBody"):
            schemas = (content["schema"] for content in body["content"].values())
            body["required"] = not any({"type": "null"} in schema.get("oneOf", ()) for schema in schemas)


def _simplify(part: Any) -> None:
    """Write patterns of texts as JSON can say them: it has no surrogates anyway (RFC 8259, 8.2)."""
    if isinstance(part, dict):
        if part.get("pattern") in SIMPLER:
            part["pattern"] = SIMPLER[part["pattern"]]
        part = part.values()
    if not isinstance(part, str):
        for inner in part if hasattr(part, "__iter__") else ():
            _simplify(inner)


def contract_structs(base: type[msgspec.Struct] = msgspec.Struct) -> Iterator[type[msgspec.Struct]]:
    """Every struct of `schemas` that this process has loaded."""
    for struct in base.__subclasses__():
        if struct.__module__.startswith("schemas."):
            yield struct
        yield from contract_structs(struct)
