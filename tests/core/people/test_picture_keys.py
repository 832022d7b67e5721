"""Keys to pictures that not everybody may see: one picture, one session, no longer than that lives."""

from datetime import timedelta
from uuid import uuid4

from sqlmodel import Session

from core.kit.rows import id_of
from core.kit.tokens import random_token, token_hash
from core.people.bans import ban
from core.people.picture_keys import keys_of, viewer_of
from schemas.people import User
from schemas.uploads import MiniAppSession
from tests.support import make

NOW = make.NOW


def signed_in(session: Session, person: User) -> MiniAppSession:
    """A session of the Mini App that lives an hour."""
    digest = token_hash(random_token())
    until = NOW + timedelta(hours=1)
    row = MiniAppSession(
        user_id=id_of(person), token_hash=digest, init_digest=digest, signed_at=NOW, expires_at=until
    )
    session.add(row)
    session.flush()
    return row


def test_a_key_opens_its_own_picture_while_its_session_lives(session: Session) -> None:
    person, picture = make.user(session), uuid4()
    row = signed_in(session, person)
    key = keys_of(row).key(picture)
    assert viewer_of(session, key, picture, now=NOW) == person
    assert viewer_of(session, key, uuid4(), now=NOW) is None
    assert viewer_of(session, key, picture, now=row.expires_at) is None


def test_a_key_that_was_made_up_or_taken_from_another_session_opens_nothing(session: Session) -> None:
    picture = uuid4()
    mine, other = (signed_in(session, make.user(session)) for _ in range(2))
    name, proof = keys_of(mine).key(picture).split(".")
    mixed = f"{other.id.hex}.{proof}"
    for wrong in ("", ".", name, f"{name}.", f"{name}.{'0' * 64}", mixed, "x" * 200, "é.\udc80", "\0"):
        assert viewer_of(session, wrong, picture, now=NOW) is None


def test_a_ban_ends_the_keys(session: Session) -> None:
    person, picture = make.user(session), uuid4()
    key = keys_of(signed_in(session, person)).key(picture)
    ban(session, id_of(person), actor="cli", reason="fraud", now=NOW)
    session.expire_all()
    assert viewer_of(session, key, picture, now=NOW) is None
