"""Parts of Litestar that the API leans on beyond its documentation (docs/private-seams.md)."""

from typing import Any

import msgspec
from litestar import Litestar, Request, post
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import JSONBody
from litestar.testing import TestClient

from api.app import Routes


def test_an_application_answers_through_the_handler_that_is_put_in_its_place() -> None:
    """`api.app` wraps `asgi_handler`, so that middleware sees what routing and its errors answer as well."""
    app = Litestar([], openapi_config=None, logging_config=None)
    stock, paths = app.asgi_handler, []

    async def wrapper(scope: Any, receive: Any, send: Any) -> None:
        paths.append(scope["path"])
        await stock(scope, receive, send)

    app.asgi_handler = wrapper
    with TestClient(app) as client:
        assert client.get("/nowhere").status_code == 404
    assert paths == ["/nowhere"]


def test_plugins_for_models_that_no_handler_takes_are_left_out() -> None:
    app = Routes([], openapi_config=None, logging_config=None)
    plugins = {type(plugin).__module__ for plugin in app.plugins}
    assert "litestar.plugins.core._msgspec" in plugins
    assert not {
        name for name in plugins if name.startswith(("litestar.plugins.pydantic", "litestar.plugins.attrs"))
    }


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody sends."""

    name: str


def test_the_document_is_rendered_from_a_dictionary_with_a_schema_for_each_struct() -> None:
    documents: list[dict[str, Any]] = []

    class Watching(JsonRenderPlugin):
        def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
            documents.append(openapi_schema)
            return super().render(request, openapi_schema)

    @post("/", sync_to_thread=False)
    def take(data: JSONBody[Body]) -> None:
        return None

    config = OpenAPIConfig("seam", "1", path="/schema", render_plugins=[Watching()])
    with TestClient(Litestar([take], openapi_config=config, logging_config=None)) as client:
        assert client.get("/schema/openapi.json").status_code == 200
    assert "Body" in documents[0]["components"]["schemas"]
