"""Keys to pictures and files that not everybody may see.

A browser asks for a picture without the session's token, so the address of a picture that is not public has a
key: which session asks, and proof that this session was told the address. It opens that one picture, for as
long as the session lives, and a ban ends it with the session.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from core.kit.permissions import allowed
from schemas.people import User
from schemas.uploads import MiniAppSession


@dataclass(frozen=True)
class PictureKeys:
    """The keys of one session of the Mini App."""

    session_id: UUID
    secret: bytes

    def key(self, picture: UUID) -> str:
        """The key to a picture, by the id of its upload or of the file that it previews."""
        return self.sign(picture.bytes)

    def sign(self, subject: bytes) -> str:
        """The key to whatever has this name; that of no other kind of thing is as long as a picture's id."""
        return f"{self.session_id.hex}.{hmac.digest(self.secret, subject, hashlib.sha256).hex()}"


def keys_of(row: MiniAppSession) -> PictureKeys:
    """The keys of a session; the digest of its token, which never leaves the database, makes them."""
    return PictureKeys(row.id, row.token_hash)


def viewer_of(session: Session, key: str, picture: UUID, *, now: datetime) -> User | None:
    """Whose session a key to a picture belongs to; None as `holder_of` says, and for who may not buy."""
    person = holder_of(session, key, picture.bytes, now=now)
    return person if person and allowed(person.roles, "buy") else None


def holder_of(session: Session, key: str, subject: bytes, *, now: datetime) -> User | None:
    """Whose session a key belongs to; None for a key that is wrong, or whose session is over."""
    name, _, _ = key.partition(".")
    try:
        row = session.get(MiniAppSession, UUID(hex=name))
    except ValueError:
        return None
    if row is None or row.expires_at <= now:
        return None
    if not hmac.compare_digest(keys_of(row).sign(subject).encode(), key.encode()):
        return None
    return session.get_one(User, row.user_id)
