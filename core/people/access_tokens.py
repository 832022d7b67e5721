"""Personal access tokens of staff and machines: shown once, kept only as SHA-256."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import NotAllowed, Refused
from core.kit.names import clean_text
from core.kit.permissions import TABLE
from core.kit.readable_rows import readable
from core.kit.tokens import random_token, token_hash
from schemas.people import AccessToken

PREFIX = "cmt_"  # lets secret scanners and people recognise one


def create_token(
    session: Session, *, name: str, role: str, ttl: int | None, now: datetime, actor: str = "cli"
) -> str:
    """A new token for a role; `ttl` in seconds, None for no end. Its text is never shown again."""
    clean = clean_text(name)
    if not clean:
        raise Refused("token-name-missing")
    if role not in TABLE or role == "banned":
        raise Refused("unknown-role", {"role": role[:20]})
    token = f"{PREFIX}{random_token()}"
    row = AccessToken(
        name=clean,
        role=role,
        token_hash=token_hash(token),
        created_at=now,
        expires_at=now + timedelta(seconds=ttl) if ttl is not None else None,
    )
    session.add(row)
    record(session, actor, "token.created", f"token:{row.id}", role=role)
    return token


def check_token(session: Session, text: str, now: datetime) -> AccessToken:
    """The token of this text. Raises `NotAllowed` "bad-token": unknown, expired or revoked, all alike."""
    token = session.exec(select(AccessToken).where(AccessToken.token_hash == token_hash(text))).one_or_none()
    if token is None or token.revoked_at is not None or (token.expires_at and token.expires_at <= now):
        raise NotAllowed("bad-token")
    return token


def list_tokens(session: Session) -> list[AccessToken]:
    """All tokens, newest first; without their text, which nobody has."""
    return readable(session, select(AccessToken).order_by(col(AccessToken.created_at).desc()))


def revoke_token(session: Session, token_id: UUID, *, actor: str, now: datetime) -> bool:
    """End a token at once; False when it had ended or never was."""
    ended = session.execute(
        update(AccessToken)
        .where(col(AccessToken.id) == token_id, col(AccessToken.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(AccessToken.id)),
        execution_options={"synchronize_session": "fetch"},
    ).one_or_none()
    if ended is not None:
        record(session, actor, "token.revoked", f"token:{token_id}")
    return ended is not None
