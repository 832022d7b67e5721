"""What a request says about who sent it and how they read."""

import hashlib
import ipaddress
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection

from core.kit.errors import NotAllowed
from core.kit.languages import LANGUAGES, best_language

PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
# What fetches links in chats and search engines; each is a part of its user agent, in small letters.
ROBOTS = (
    "telegrambot",
    "whatsapp/",
    "slackbot",
    "slack-imgproxy",
    "facebookexternalhit",
    "facebot",
    "meta-externalagent",
    "discordbot",
    "twitterbot",
    "linkedinbot",
    "skypeuripreview",
    "microsoftpreview",
    "viber",
    "vkshare",
    "pinterestbot",
    "redditbot",
    "mastodon",
    "embedly",
    "iframely",
    "googlebot",
    "google-pagerenderer",
    "bingbot",
    "bingpreview",
    "yandexbot",
    "duckduckbot",
    "applebot",
    "bytespider",
    "gptbot",
    "claudebot",
    "petalbot",
    "semrushbot",
    "ahrefsbot",
)
RANGE_DIGITS = 18  # of a position; files have at most 14
AnyRequest = Request[Any, Any, Any]
AnyConnection = ASGIConnection[Any, Any, Any, Any]
FORWARDED = b"x-forwarded-for"


def client_address(request: AnyConnection, *, trusted_proxy: int) -> str:
    """The client's address as `address_group` has it; behind `trusted_proxy` proxies of ours, as they say.

    Each proxy writes whom it saw behind what X-Forwarded-For says already, so of as many entries from the end
    as there are proxies the first is the client's. What stands before is hearsay.
    """
    address = request.client.host if request.client else ""
    entries = forwarded(request) if trusted_proxy else []
    if entries:
        address = _without_port(entries[-trusted_proxy:][0]) or address
    return address_group(address)


def forwarded(request: AnyConnection) -> list[str]:
    """The entries of X-Forwarded-For; several lines of it are one list (RFC 9110, 5.3)."""
    lines = [text.decode("latin-1") for name, text in request.scope["headers"] if name == FORWARDED]
    return [entry.strip() for entry in ",".join(lines).split(",") if entry.strip()]


def address_group(address: str) -> str:
    """An address as limits count it: an IPv6 client is its /64, of which one person has every address.

    An IPv4 client is itself, also where a socket for both writes it as ::ffff:192.0.2.1. What is no address
    is cut to 64 characters.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))


def client_network(request: AnyConnection, *, trusted_proxy: int) -> str:
    """The network that a client's address is of: its /24 (IPv4) or /48 (IPv6), which many people share; empty
    where it has no address."""
    address = client_address(request, trusted_proxy=trusted_proxy)
    try:
        network = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return ""
    return str(network.supernet(new_prefix=24 if network.version == 4 else 48))


def _without_port(entry: str) -> str:
    """The address in 192.0.2.1:80, [2001:db8::1]:80 and the like; empty where there is none."""
    host = entry.strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""


def client_digest(request: AnyRequest, *, trusted_proxy: int) -> str:
    """Who downloads: 32 hexadecimal digits of address and user agent, from which neither can be read."""
    address = client_address(request, trusted_proxy=trusted_proxy)
    mark = f"{address}\x1f{request.headers.get('user-agent', '')}"
    return hashlib.sha256(mark.encode()).hexdigest()[:32]


def language_of(request: AnyRequest) -> str:
    """The reader's language: `?lang=`, else the best of Accept-Language (RFC 9110, 12.5.4)."""
    chosen = request.query_params.get("lang", "")
    if chosen in LANGUAGES:
        return str(chosen)
    weighed: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, parameter = part.strip().partition(";")
        if (quality := _quality(parameter)) > 0:
            weighed.append((quality, tag))
    weighed.sort(key=lambda pair: -pair[0])
    return best_language(tag for _, tag in weighed)


def require_same_origin(request: AnyRequest) -> None:
    """Refuse a form that another site sent. Raises `NotAllowed`.

    Nothing here rides on a cookie, so this only keeps other sites from ordering in a visitor's name. A
    browser names the origin in Sec-Fetch-Site, or else in Origin. That is "null" for a form in a sandboxed
    frame of any site: our own pages have a referrer policy that lets their forms say where they stand.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        place = (origin or "").partition("://")[2]
        foreign = origin is not None and (not place or place != request.headers.get("host"))
    if foreign:
        raise NotAllowed("other-origin")


def first_byte(request: AnyRequest) -> int:
    """Where a download goes on: N of `Range: bytes=N-` (RFC 9110, 14.2), else 0, the beginning."""
    start = _range(request)[0]
    return int(start) if start.isascii() and start.isdigit() and len(start) <= RANGE_DIGITS else 0


def probe_length(request: AnyRequest) -> int:
    """How many bytes a client asks for that only looks how it may ask: `bytes=0-0` or `bytes=0-1`, else 0."""
    return {("0", "0"): 1, ("0", "1"): 2}.get(_range(request), 0)


def is_automatic(request: AnyRequest) -> bool:
    """Whether a program asks by itself, so that nobody wants the file yet.

    A browser that loads ahead says so (w3.org/TR/resource-hints, and the older names), a messenger that makes
    a picture of a link names itself.
    """
    purposes = (request.headers.get(name, "").lower() for name in PURPOSES)
    if any("prefetch" in purpose or "preview" in purpose for purpose in purposes):
        return True
    agent = request.headers.get("user-agent", "").lower()
    return any(name in agent for name in ROBOTS)


def _range(request: AnyRequest) -> tuple[str, str]:
    """Both ends of a single range of bytes, empty where there is none."""
    unit, _, ranges = request.headers.get("range", "").partition("=")
    if unit.strip().lower() != "bytes" or "," in ranges:
        return "", ""
    start, _, end = ranges.partition("-")
    return start.strip(), end.strip()


def _quality(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
