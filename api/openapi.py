"""The OpenAPI document, at /schema/openapi.json; built when it is first asked for."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from schemas import api, http

REFERENCE = "#/components/schemas/{name}"


class TrueBodies(JsonRenderPlugin):
    """Bodies as msgspec reads them: Litestar leaves out what it refuses besides (unknown fields, items)."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        described = openapi_schema["components"]["schemas"]
        bodies = [struct for struct in _strict(api, http) if struct.__name__ in described]
        _, components = msgspec.json.schema_components(bodies, ref_template=REFERENCE)
        described.update(components)
        return super().render(request, openapi_schema)


def describe(shop_name: str) -> OpenAPIConfig:
    """What the document says of the whole API."""
    staff = SecurityScheme(type="http", scheme="bearer", description="A staff token: comptoir token create")
    person = SecurityScheme(type="http", scheme="bearer", description="A session: POST /api/session")
    return OpenAPIConfig(
        title=shop_name,
        version="1",
        path="/schema",
        render_plugins=[TrueBodies()],
        components=Components(security_schemes={"staff": staff, "person": person}),
    )


def _strict(*modules: ModuleType) -> Iterator[type[msgspec.Struct]]:
    """The structs of these modules that take no field they do not know: the bodies."""
    for found in (found for module in modules for found in vars(module).values()):
        is_struct = isinstance(found, type) and issubclass(found, msgspec.Struct)
        if is_struct and found.__struct_config__.forbid_unknown_fields:
            yield found
