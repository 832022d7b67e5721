"""How often the public API may be called: by each token and from each address."""

import hashlib
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from api.auth import bearer
from api.context import AppContext
from api.limits import CALLS, CALLS_FROM, MAILS
from api.requests import client_address


async def limit_calls(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard that counts the call. Raises `TooMany`."""
    shop: AppContext = connection.app.state.shop
    address = client_address(connection, trusted_proxy=shop.settings.trusted_proxy)
    await shop.limiter.count(CALLS_FROM, address)
    if token := bearer(connection):
        await shop.limiter.count(CALLS, _digest(token))


async def count_mail(shop: AppContext, who: str, address: str) -> None:
    """Count a question to an e-mail address, by who has it asked and by whom it reaches. Raises `TooMany`.

    Nobody can have strangers written to again and again.
    """
    await shop.limiter.count(MAILS, who)
    await shop.limiter.count(MAILS, f"to:{_digest(address.lower())}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
