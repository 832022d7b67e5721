"""The key that signs the audit log's seals and its kept head, and the digest that chains its entries."""

import hashlib
import hmac
from datetime import UTC, datetime

import msgspec

from schemas.audit import AuditSeal

START = bytes(32)
"""What stands before the first entry."""


class Key:
    """The key of the seals, derived from LINK_SECRET (hexadecimal); `name` tells keys apart."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(bytes.fromhex(secret), b"comptoir audit seal", "sha256")
        self.name = hashlib.sha256(self._key).hexdigest()[:16]

    def sign(self, seal: AuditSeal) -> None:
        """Sign a seal as it is now."""
        seal.signed_by, seal.signature = self.name, self._signature(seal)

    def signed(self, seal: AuditSeal) -> bool:
        """Whether this key signed the seal as it is."""
        return hmac.compare_digest(seal.signature, self._signature(seal))

    def mark(self, text: bytes) -> str:
        """The signature, in hexadecimal, of something that is no seal."""
        return hmac.digest(self._key, b"head:" + text, "sha256").hex()

    def _signature(self, seal: AuditSeal) -> bytes:
        pruned = _written(seal.pruned_at) if seal.pruned_at else None
        text = msgspec.json.encode([seal.last_place, seal.digest.hex(), _written(seal.sealed_at), pruned])
        return hmac.digest(self._key, text, "sha256")


def digest_of(before: bytes, content: bytes) -> bytes:
    """The digest of an entry after that of the entry before: SHA-256 over both."""
    return hashlib.sha256(before + content).digest()


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
