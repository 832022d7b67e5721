"""Who asks: staff and machines by a token with one role, people in the Mini App by their session."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from sqlmodel import Session

from api.context import AppContext
from api.requests import AnyRequest, client_address
from core.kit.errors import NotAllowed
from core.kit.permissions import require
from core.kit.rows import id_of
from core.people.access_tokens import PREFIX, check_token
from core.people.sessions import check_session
from schemas.base import utc_now
from schemas.people import User

Result = TypeVar("Result")


async def require_act(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard: the token of `Authorization: Bearer …` (RFC 6750, 2.1) may do `opt["act"]` of the route.

    Sets `state.actor`, the name that the audit log gets. Raises `NotAllowed`: 401 for a bad token, 403
    for one whose role does not include the act.
    """
    shop: AppContext = connection.app.state.shop
    token = bearer(connection) or _refuse("bad-token")
    address = client_address(connection, trusted_proxy=shop.settings.trusted_proxy)
    access = await shop.look_up(address, shop.read(lambda session: check_token(session, token, utc_now())))
    require([access.role], handler.opt["act"])
    connection.state.actor = f"token:{access.id}"


async def require_session(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard: the bearer token is a session of the Mini App. Sets `state.user_id`, and `state.pictures`,
    the keys to pictures that this person may see and not everybody.

    Raises `NotAllowed`: 401 for none, an unknown or an expired one, 403 for a banned person.
    """
    shop: AppContext = connection.app.state.shop
    token = bearer(connection) or _refuse("session-unknown")
    address = client_address(connection, trusted_proxy=shop.settings.trusted_proxy)
    reading = shop.read(lambda session: check_session(session, token, now=utc_now()))
    signed_in = await shop.look_up(address, reading)
    connection.state.user_id = id_of(signed_in.user)
    connection.state.pictures = signed_in.pictures


async def require_caller(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard: a person's session, or a token that may do `opt["act"]`. Sets `state.actor`, and
    `state.user_id`, None for staff. Raises `NotAllowed`."""
    if bearer(connection).startswith(PREFIX):
        await require_act(connection, handler)
        connection.state.user_id = None
    else:
        await require_session(connection, handler)
        connection.state.actor = f"user:{connection.state.user_id}"


async def as_person(shop: AppContext, request: AnyRequest, work: Callable[[Session, User], Result]) -> Result:
    """Do the work in a transaction, with the session's person as that transaction sees them."""
    user_id = request.state.user_id
    return await shop.run(lambda session: work(session, session.get_one(User, user_id)))


def bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token of `Authorization: Bearer …`, empty where there is none."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _refuse(code: str) -> NoReturn:
    raise NotAllowed(code)
