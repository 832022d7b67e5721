"""Staff and machines: a bearer token has one role, and a route names the act that the role must include."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from api.context import Shop
from api.requests import client_address
from core.access_tokens import check_token
from core.errors import NotAllowed
from core.permissions import require
from schemas.base import utc_now


async def require_act(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard: the token of `Authorization: Bearer …` (RFC 6750, 2.1) may do `opt["act"]` of the route.

    Sets `state.actor`, the name that the audit log gets. Raises `NotAllowed`: 401 for a bad token, 403
    for one whose role does not include the act.
    """
    shop: Shop = connection.app.state.shop
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAllowed("bad-token")
    address = client_address(connection, trusted_proxy=shop.settings.trusted_proxy)
    held = await shop.look_up(address, lambda session: check_token(session, token.strip(), utc_now()))
    require([held.role], handler.opt["act"])
    connection.state.actor = f"token:{held.name}"
