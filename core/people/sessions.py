"""Sessions of the Mini App: initData is exchanged for a token that lives an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from core.kit.errors import NotAllowed
from core.kit.permissions import require
from core.kit.rows import id_of
from core.kit.tokens import TOKEN_LENGTH, random_token, token_hash
from core.people.initdata import LIFE, SKEW, InitData
from core.people.people import upsert_person, user_of
from core.people.picture_keys import PictureKeys, keys_of
from schemas.people import User
from schemas.uploads import MiniAppSession

SESSION_LIFE = timedelta(hours=1)
FIRST_EXCHANGE = timedelta(minutes=5)


@dataclass(frozen=True)
class Opened:
    """A new session; the token is told once."""

    token: str
    expires_at: datetime
    user: User


def open_session(session: Session, init_data: InitData, *, now: datetime) -> Opened:
    """Sign a person in.

    initData is exchanged within five minutes of its signature. Once that was done, the same initData renews
    the session while the Mini App stays open, for 24 hours: what leaked unused is worthless soon.

    Raises `NotAllowed`: init-data-stale, banned.
    """
    exchanged = select(MiniAppSession.id).where(MiniAppSession.init_digest == init_data.digest).limit(1)
    if now - init_data.signed_at > FIRST_EXCHANGE and session.exec(exchanged).first() is None:
        raise NotAllowed("init-data-stale")
    person = init_data.person
    user = upsert_person(
        session,
        telegram_id=person.id,
        name=init_data.name,
        username=person.username,
        language_code=person.language_code,
        now=now,
    )
    require(user.roles, "buy")
    token = random_token()
    opened = MiniAppSession(
        user_id=id_of(user),
        token_hash=token_hash(token),
        init_digest=init_data.digest,
        signed_at=init_data.signed_at,
        created_at=now,
        expires_at=now + SESSION_LIFE,
    )
    session.add(opened)
    session.flush()
    return Opened(token, opened.expires_at, user)


@dataclass(frozen=True)
class SignedIn:
    """The person behind a session, and the keys to the pictures that they are shown in it."""

    user: User
    pictures: PictureKeys


def check_session(session: Session, token: str, *, now: datetime) -> SignedIn:
    """Who has this token. Raises `NotAllowed`: session-unknown, session-expired, banned."""
    if len(token) != TOKEN_LENGTH:
        raise NotAllowed("session-unknown")
    row = session.exec(
        select(MiniAppSession).where(MiniAppSession.token_hash == token_hash(token))
    ).one_or_none()
    if row is None:
        raise NotAllowed("session-unknown")
    if row.expires_at <= now:
        raise NotAllowed("session-expired")
    user = user_of(session, row.user_id)
    require(user.roles, "buy")
    return SignedIn(user, keys_of(row))


def forget_sessions(session: Session, *, now: datetime) -> None:
    """Drop the sessions whose initData can renew nothing any more."""
    session.execute(
        delete(MiniAppSession).where(
            col(MiniAppSession.signed_at) < now - LIFE - SKEW, col(MiniAppSession.expires_at) <= now
        )
    )
