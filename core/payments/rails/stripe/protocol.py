"""What Stripe signs, and how it reads a form. Pure: no network, no tables.

The rules: https://docs.stripe.com/webhooks#verify-manually (signatures) and https://docs.stripe.com/api
(bodies of requests are forms). That both are what Stripe's own library does is held by
`tests/core/payments/rails/stripe/test_protocol.py`.
"""

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from core.kit.errors import Permanent, ProviderUnavailable

API_VERSION = "2026-10-28.endive"
"""The version whose objects we read, in our requests and in the events of our endpoints."""

TOLERANCE = 300  # seconds that a signature is good for, as in Stripe's libraries
MOMENT = re.compile(r"[0-9]{1,12}")


class StripeRefused(Permanent):
    """Stripe refuses a request, and would again. `code` is its word for why, as `charge_already_refunded`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class OutcomeUnknown(ProviderUnavailable):
    """Stripe failed at a request and keeps that answer for its key, whether it was carried out or not.

    Look what there is, then ask with another key (https://docs.stripe.com/error-low-level#idempotency).
    """


Leaf = str | int | bool | None
"""What a field of a form may be; None is left out, an empty text takes a value away."""

Fields = Mapping[str, "Leaf | Fields | Sequence[Leaf | Fields]"]


def is_signed(secrets: Iterable[str], body: bytes, header: str, now: float) -> bool:
    """Whether the header Stripe-Signature says that one of the secrets signed this body lately.

    `now` in seconds since 1970. Only what is too old is refused: a host whose clock is slow would otherwise
    refuse every payment. Several v1 stand in the header while a secret is rolled; v0 is never believed. An
    empty secret signs nothing.
    """
    pairs = [pair.strip().partition("=") for pair in header.split(",")]
    moments = [text for name, _, text in pairs if name == "t"]
    sent = [text.encode(errors="replace") for name, _, text in pairs if name == "v1"]
    if len(moments) != 1 or not MOMENT.fullmatch(moments[0]) or now - int(moments[0]) > TOLERANCE:
        return False
    signed = moments[0].encode() + b"." + body
    good = [hmac.new(secret.encode(), signed, sha256).hexdigest().encode() for secret in secrets if secret]
    # All pairs are compared before one is believed, so that the time says nothing of which one fits.
    fits = [hmac.compare_digest(one, other) for one in good for other in sent]
    return any(fits)


def form(fields: Fields, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested fields as the pairs of a form: `a[b]=1`, `a[0][c]=2`, true and false in small letters."""
    for name, leaf in fields.items():
        key = f"{prefix}[{name}]" if prefix else name
        if leaf is None:
            continue
        if isinstance(leaf, Mapping):
            yield from form(leaf, key)
        elif isinstance(leaf, Sequence) and not isinstance(leaf, str):
            yield from form({str(place): one for place, one in enumerate(leaf)}, key)
        else:
            yield key, str(leaf).lower() if isinstance(leaf, bool) else str(leaf)


def is_live(key: str) -> bool:
    """Whether a secret or restricted key moves real money (https://docs.stripe.com/keys)."""
    return key.startswith(("sk_live_", "rk_live_"))
