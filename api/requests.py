"""What a request says about who sent it and how they read."""

import hashlib
import ipaddress
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection

from core.kit.errors import NotAllowed
from core.kit.texts import DEFAULT_LANGUAGE, LANGUAGES

AnyRequest = Request[Any, Any, Any]
AnyConnection = ASGIConnection[Any, Any, Any, Any]


def client_address(request: AnyConnection, *, trusted_proxy: bool) -> str:
    """The client's address; an IPv6 client is its /64, of which one person has every address.

    Behind our proxy it is the last entry of X-Forwarded-For: the proxy wrote it, the others are hearsay.
    """
    address = request.client.host if request.client else ""
    if trusted_proxy:
        address = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))


def client_digest(request: AnyRequest, *, trusted_proxy: bool) -> str:
    """Who downloads: 32 hexadecimal digits of address and user agent, from which neither can be read."""
    address = client_address(request, trusted_proxy=trusted_proxy)
    mark = f"{address}\x1f{request.headers.get('user-agent', '')}"
    return hashlib.sha256(mark.encode()).hexdigest()[:32]


def language_of(request: AnyRequest) -> str:
    """The reader's language: `?lang=`, else the best of Accept-Language (RFC 9110, 12.5.4), else French."""
    chosen = request.query_params.get("lang", "")
    if chosen in LANGUAGES:
        return str(chosen)
    best, weight = DEFAULT_LANGUAGE, 0.0
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, parameter = part.strip().partition(";")
        quality = _quality(parameter)
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES and quality > weight:
            best, weight = language, quality
    return best


def require_same_origin(request: AnyRequest) -> None:
    """Refuse a form that another site sent. Raises `NotAllowed`.

    Nothing here rides on a cookie, so this only keeps other sites from ordering in a visitor's name. A
    browser names the origin in Sec-Fetch-Site, or else in Origin, which is "null" under no-referrer.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "null")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin != "null" and origin.partition("://")[2] != request.headers.get("host", "")
    if foreign:
        raise NotAllowed("other-origin")


def continues_transfer(request: AnyRequest) -> bool:
    """Whether this is a later part of a download: `Range: bytes=N-` with N above zero (RFC 9110, 14.2)."""
    unit, _, ranges = request.headers.get("range", "").partition("=")
    start = ranges.partition("-")[0].strip()
    return unit.strip().lower() == "bytes" and start.isascii() and start.isdigit() and start.strip("0") != ""


def _quality(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
