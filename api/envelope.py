"""What goes around every answer, whatever made it: correlation id, security headers, one line of log.

What is shed has one line for many.
"""

import time

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.miniapp import PREFIX
from api.timings import Timings
from api.unrouted import SHED, ShedLog
from core.kit.correlation import correlation, new_correlation
from core.process.tracing import span

# Scripts and styles only from ourselves, nothing inline; forms may end at Telegram (the claim redirects
# there, and browsers hold redirects of a form to form-action too: w3.org/TR/CSP3, 6.4.2).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{store}; "
    "media-src 'self'{store}; connect-src 'self'; "
    "form-action 'self' https://t.me; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
)
CONTENT_POLICY = b"content-security-policy"
FRAMED = (CONTENT_POLICY, b"x-frame-options")
REFERRER = b"referrer-policy"
HTTPS = (b"strict-transport-security", b"max-age=31536000")

log = structlog.get_logger("api.access")


class Envelope:
    """The outermost ASGI application. `secure`: our public address is https.

    `app_policy` is the content policy of the Mini App, which Telegram's web client shows in a frame.
    Pictures and teasers of previews come from `store_origin`.
    """

    def __init__(
        self, inner: ASGIApp, timings: Timings, *, secure: bool, app_policy: str, store_origin: str
    ) -> None:
        self._inner = inner
        self._timings = timings
        self.shed_log = ShedLog()
        policy = POLICY.format(store=f" {store_origin}" if store_origin else "")
        always = (*ALWAYS, (b"content-security-policy", policy.encode()))
        self._always = (*always, HTTPS) if secure else always
        own = [header for header in self._always if header[0] not in FRAMED]
        self._of_app = (*own, (b"content-security-policy", app_policy.encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        reference = new_correlation()
        correlation.set(reference)
        started, status = time.perf_counter(), 0

        async def send_wrapped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message["headers"])
                if not any(name.lower() == REFERRER for name, _ in headers):
                    headers.append((REFERRER, b"no-referrer"))
                always = self._of_app if _is_app(scope) else self._always
                if any(name.lower() == CONTENT_POLICY for name, _ in headers):  # the page has its own
                    always = tuple(header for header in always if header[0] != CONTENT_POLICY)
                headers += [*always, (b"x-correlation-id", reference.encode())]
                message["headers"] = headers
            await send(message)

        with span("request", method=str(scope.get("method", ""))):
            await self._inner(scope, receive, send_wrapped)
        # The template of the path, never the path: tokens are in it.
        route = scope.get("path_template") or "(none)"
        seconds = time.perf_counter() - started
        self._timings.observe(route, status, seconds)
        if shed := (scope.get("state") or {}).get(SHED):
            self.shed_log.count(shed)
            return
        log.info(
            "request", method=scope.get("method"), route=route, status=status, ms=round(seconds * 1000, 1)
        )


def _is_app(scope: Scope) -> bool:
    path: str = scope.get("path", "")
    return path == PREFIX or path.startswith(f"{PREFIX}/")
