"""What is refused before any route is asked: paths that no page of ours has, and bodies that are no JSON."""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException, NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from api.problems import answer_error
from api.requests import AnyRequest

PATH_LIMIT = 1024  # characters; ours have a token or two
NAME_LIMIT = 255  # of a part between slashes: file systems know no longer names


class Door:
    """Answers 404 where the path cannot be one of ours: other letters than printable ASCII, names too long.

    A path is percent-decoded here already. Pages, slugs, tokens and files of ours are all ASCII; a digit of
    another script would be read as a number by Python, and NUL by nobody.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if is_ours(scope["path"]):
            await self._inner(scope, receive, send)
            return
        request: AnyRequest = Request(scope, receive, send)
        answer = answer_error(request, NotFoundException()).to_asgi_response(None, request)
        await answer(scope, receive, send)


def is_ours(path: str) -> bool:
    """Whether a path has the form of ours."""
    return (
        path.startswith("/")
        and len(path) <= PATH_LIMIT
        and path.isascii()
        and path.isprintable()
        and all(len(name) <= NAME_LIMIT for name in path.split("/"))
    )


async def require_one_spelling(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard: numbers and UUIDs in the path are written as we write them. Raises `NotFoundException`.

    Litestar reads them by `int()` and `UUID()`, to which 1_0, +1 and " 1" are numbers too.
    """
    names = connection.scope["path"].lower().split("/")
    for parameter in connection.path_params.values():
        if isinstance(parameter, int | UUID) and str(parameter) not in names:
            raise NotFoundException


class JsonRequest(Request[Any, Any, Any]):
    """A request whose body is refused with 400 where it is not JSON, however it fails to be."""

    async def json(self) -> Any:
        """The body. Raises `ClientException`, besides what Litestar raises."""
        try:
            return await super().json()
        except UnicodeDecodeError:
            raise ClientException("JSON is UTF-8 (RFC 8259, 8.1)") from None
        except RecursionError:
            raise ClientException("the JSON is nested too deeply") from None
