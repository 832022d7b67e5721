"""What the OpenAPI document says of the whole API; it is built when it is first asked for."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

REFERENCE = "#/components/schemas/{name}"


class StructDocument(JsonRenderPlugin):
    """The document with every body and answer as msgspec reads and writes it.

    Litestar leaves out what msgspec refuses besides (unknown fields, items), docstrings, and formats.
    """

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        return super().render(request, with_structs(openapi_schema))


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


def with_structs(document: dict[str, Any]) -> dict[str, Any]:
    """The document with our structs described by msgspec itself."""
    described = document["components"]["schemas"]
    structs = [struct for struct in contract_structs() if struct.__name__ in described]
    _, components = msgspec.json.schema_components(structs, ref_template=REFERENCE)
    described.update(components)
    return document


def contract_structs(base: type[msgspec.Struct] = msgspec.Struct) -> Iterator[type[msgspec.Struct]]:
    """Every struct of `schemas` that this process has loaded."""
    for struct in base.__subclasses__():
        if struct.__module__.startswith("schemas."):
            yield struct
        yield from contract_structs(struct)
