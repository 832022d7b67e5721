"""Check that the API knows people apart: how many proxies stand before it, and how many it believes."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from core.kit.redis_client import open_redis
from core.kit.tokens import random_token
from core.process.proxy_check import HEARSAY, LIFE, PATH, Seen, is_silent, key_of, proxies
from core.process.settings import Settings
from scripts.doctor.finding import Finding

NAME = "proxy"
ASK = urllib3.Timeout(connect=5, read=5)
PORTS = {"http": 80, "https": 443}


def proxy(settings: Settings) -> Iterator[Finding]:
    """Ask our public address as people do. Where it cannot be reached, the check of the web says so."""
    if not settings.public_url:
        return
    mark = random_token()
    with open_redis(settings.redis_url, timeout=5, retries=1) as client:
        client.set(key_of(mark), "left", ex=LIFE)
    try:
        own = _own_address(settings.public_url)
        address = f"{settings.public_url}{PATH}/{mark}"
        headers = {"x-forwarded-for": HEARSAY}
        answer = urllib3.request("GET", address, headers=headers, timeout=ASK, retries=False, redirect=False)
    except (HTTPError, OSError):
        return
    if answer.status != 200:
        problem = f"{settings.public_url}{PATH}/… answered {answer.status}: what the API sees is not known"
        mend = "Let every path pass through the proxy, to an API of this version that has this Redis."
        yield Finding(NAME, "fail", problem, mend)
        return
    yield judge(settings.trusted_proxy, msgspec.json.decode(answer.data, type=Seen), own)


def judge(believed: int, seen: Seen, own: str) -> Finding:
    """Compare what came with TRUSTED_PROXY; `own` is our own address on the way there."""
    present = proxies(seen)
    setting = {0: "no", 1: "yes"}.get(present, str(present))
    if is_silent(seen, own):
        problem = (
            f"a proxy at {seen.peer} tells the API nobody's address: "
            "all people count as one client, and one of them can shut out all others"
        )
        mend = "Have it add the client's address to X-Forwarded-For, then set TRUSTED_PROXY=yes."
        return Finding(NAME, "fail", problem, mend)
    if present > believed:
        problem = (
            f"{_count(present)} before the API, TRUSTED_PROXY says {believed}: "
            f"all people count as one client ({seen.client}), and one of them can shut out all others"
        )
        return Finding(NAME, "fail", problem, f"Set TRUSTED_PROXY={setting} and start the API again.")
    if present < believed:
        problem = (
            f"{_count(present)} before the API, TRUSTED_PROXY says {believed}: "
            "whoever asks chooses the address that they are counted by"
        )
        return Finding(NAME, "fail", problem, f"Set TRUSTED_PROXY={setting} and start the API again.")
    return Finding(NAME, "ok", f"{_count(present)} before the API; people are told apart")


def _count(present: int) -> str:
    return (
        "no proxy stands"
        if present == 0
        else f"{present} {'proxy stands' if present == 1 else 'proxies stand'}"
    )


def _own_address(url: str) -> str:
    """The address that our connections to `url` come from. Raises `OSError`."""
    parts = urlsplit(url)
    place = parts.hostname or "", parts.port or PORTS[parts.scheme]
    with socket.create_connection(place, timeout=5) as connection:
        return str(connection.getsockname()[0])
