"""Bearer tokens: 256 random or derived bits, 43 URL-safe characters, kept only as SHA-256."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

TOKEN_LENGTH = 43


def random_token() -> str:
    """A new unguessable token of 43 characters from [A-Za-z0-9_-]."""
    return secrets.token_urlsafe(32)


def derived_token(secret: str, *parts: str) -> str:
    """The token of these parts under the secret: the same at every attempt to send it (RFC 2104 HMAC)."""
    digest = hmac.new(bytes.fromhex(secret), "\x1f".join(parts).encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What the database keeps. Looking up a hash leaks nothing by timing: its input is unguessable."""
    return hashlib.sha256(token.encode()).digest()
