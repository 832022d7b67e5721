"""What stands between people and the API: found by a request of our own that comes the way theirs do.

`comptoir doctor` leaves a mark in Redis, asks our public address for it, and the API tells whoever has the
mark what it saw. It is 43 random characters and works once: nobody else is told anything.
"""

from dataclasses import dataclass
from ipaddress import ip_address

from core.kit.tokens import token_hash
from core.process import redis_keys

PATH = "/proxy-check"
LIFE = 60  # seconds that a mark waits
HEARSAY = "192.0.2.77"
"""What the doctor puts into X-Forwarded-For, as a liar would: an address of nobody (RFC 5737)."""


@dataclass(frozen=True)
class Seen:
    """What the API saw: who was connected, the entries of X-Forwarded-For, whom it took for the client."""

    peer: str
    forwarded: tuple[str, ...]
    client: str


def key_of(mark: str) -> str:
    """Where a mark waits in Redis; the mark itself is not in it."""
    return f"{redis_keys.PROXY_CHECK}{token_hash(mark).hex()}"


def proxies(seen: Seen) -> int:
    """How many proxies have written whom they saw: each adds an entry, or replaces those that came."""
    if HEARSAY not in seen.forwarded:
        return len(seen.forwarded)
    return len(seen.forwarded) - 1 - seen.forwarded.index(HEARSAY)


def is_silent(seen: Seen, own: str) -> bool:
    """Whether a proxy on our side passed the request on without a word of whom it saw. `own`: the doctor's
    address on its way there."""
    try:
        peer = ip_address(seen.peer)
    except ValueError:
        return False
    return proxies(seen) == 0 and seen.peer != own and not peer.is_global
