"""Who calls the API: people in the Mini App, and staff with a token."""

from datetime import timedelta

from sqlmodel import Session

from core.kit.db import Database
from core.kit.rows import id_of
from core.kit.tokens import random_token, token_hash
from core.people.access_tokens import create_token
from schemas.base import utc_now
from schemas.people import User
from schemas.uploads import MiniAppSession
from tests.support import make

Headers = dict[str, str]


def signed_in(session: Session, person: User, *, age: timedelta = timedelta(0)) -> Headers:
    """The headers of a person whose session began `age` ago."""
    token, began = random_token(), utc_now() - age
    row = MiniAppSession(
        user_id=id_of(person),
        token_hash=token_hash(token),
        init_digest=token_hash(f"init {token}"),
        signed_at=began,
        created_at=began,
        expires_at=began + timedelta(hours=1),
    )
    session.add(row)
    return {"authorization": f"Bearer {token}", "accept-language": "en"}


def somebody(database: Database, **given: str) -> tuple[User, Headers]:
    """A person in the Mini App."""
    with database.transaction() as session:
        person = make.user(session, **({"language": "en"} | given))  # type: ignore[arg-type]
        return person, signed_in(session, person)


def staff(database: Database, role: str) -> Headers:
    """The headers of a token with a role."""
    with database.transaction() as session:
        token = create_token(session, name="Ana", role=role, ttl=None, now=utc_now())
    return {"authorization": f"Bearer {token}", "accept-language": "en"}
