"""Every request has a class of `core.process.limits` by its path, and is counted before anything is done.

A path that begins with no line of the table counts as an address that leads nowhere.
"""

import hashlib

from litestar import Request
from litestar.types import ASGIApp, Receive, Scope, Send

from api.auth import bearer
from api.context import AppContext
from api.problems import answer_error
from api.requests import AnyRequest, client_address
from core.notifications.mail_limit import count_question
from core.process.limiter import TooMany
from core.process.limits import (
    ASSETS,
    CALLS,
    CALLS_FROM,
    CLICKS,
    EVERYTHING,
    NOWHERE,
    OPEN,
    PICTURES,
    WATCHING,
    Limit,
)

PARTS_OF_PAGES = ("/static/", "/app/assets/")
CLASSES: tuple[tuple[str, Limit], ...] = (
    ("/d/", CLICKS),
    ("/pictures/", PICTURES),
    ("/previews/", PICTURES),
    ("/webhooks/", OPEN),  # a provider that tells of a payment; what is not signed counts as a guess
    ("/healthz", OPEN),
    ("/readyz", WATCHING),
    ("/proxy-check", WATCHING),
    ("/metrics", WATCHING),
    *((parts, ASSETS) for parts in PARTS_OF_PAGES),
    ("/app", CALLS_FROM),
    ("/api/", CALLS_FROM),
    ("/p/", CALLS_FROM),
    ("/o/", CALLS_FROM),
    ("/mail/", CALLS_FROM),
    ("/papers/", CALLS_FROM),
    ("/evidence/", CALLS_FROM),
    ("/statements/", CALLS_FROM),
    ("/stripe/", CALLS_FROM),
    ("/schema", CALLS_FROM),
)
"""The first line that a path begins with says its class."""


class Limiting:
    """Answers 429 with Retry-After to whoever asks too often."""

    def __init__(self, inner: ASGIApp, shop: AppContext) -> None:
        self._inner = inner
        self._shop = shop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        request: AnyRequest = Request(scope, receive, send)
        try:
            self._admit(request, class_of(request.url.path))
        except TooMany as error:
            answer = answer_error(request, error).to_asgi_response(None, request)
            await answer(scope, receive, send)
            return
        await self._inner(scope, receive, send)

    def _admit(self, request: AnyRequest, limit: Limit) -> None:
        if limit is OPEN:
            return
        limiter = self._shop.limiter
        limiter.admit(limit, client_address(request, trusted_proxy=self._shop.settings.trusted_proxy))
        if limit is CALLS_FROM and (token := bearer(request)):
            limiter.admit(CALLS, digest(token))
        limiter.admit(EVERYTHING, "everybody")


def class_of(path: str) -> Limit:
    """The class of a request to this path."""
    return next((limit for start, limit in CLASSES if path.startswith(start)), NOWHERE)


async def count_mail(shop: AppContext, who: str, address: str) -> None:
    """Count a question to an e-mail address, by who has it asked and by whom it reaches. Raises `TooMany`.

    Nobody can have strangers written to again and again.
    """
    await count_question(shop.limiter, who, address)


def digest(text: str) -> str:
    """A secret as a count names it."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
