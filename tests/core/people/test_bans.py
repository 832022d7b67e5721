"""Closing the shop to a person: what ends, what stays, and who cannot be shut out."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.audit.notes import words_of
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.permissions import allowed
from core.kit.rows import id_of
from core.kit.tokens import random_token, token_hash
from core.people.access_tokens import check_token, create_token
from core.people.bans import Ban, ban, unban
from core.people.sessions import check_session
from schemas.audit import AuditEntry
from schemas.people import AccessToken, User
from schemas.uploads import MiniAppSession
from tests.support import make


def opened(session: Session, person: User) -> str:
    """A session of the Mini App; its token."""
    token = random_token()
    session.add(
        MiniAppSession(
            user_id=id_of(person),
            token_hash=token_hash(token),
            init_digest=token_hash(token),
            signed_at=make.NOW,
            created_at=make.NOW,
            expires_at=make.NOW + timedelta(hours=1),
        )
    )
    session.flush()
    return token


def own_token(session: Session, person: User) -> str:
    token = create_token(session, name="CI", role="seller", ttl=None, now=make.NOW)
    session.flush()
    session.exec(select(AccessToken)).one().user_id = person.id
    return token


def close(session: Session, person: User, reason: str = "fraud") -> Ban:
    return ban(session, id_of(person), actor="user:1", reason=reason, now=make.NOW)


def acts(session: Session) -> list[str]:
    return [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id))]  # type: ignore[arg-type]


def test_a_ban_ends_sessions_and_tokens_and_is_written_down_with_its_reason(session: Session) -> None:
    person = make.user(session)
    mini_app, token = opened(session, person), own_token(session, person)
    assert check_session(session, mini_app, now=make.NOW).user.id == person.id
    assert close(session, person, " fraud\n") == Ban(changed=True, sessions=1, tokens=1)
    with pytest.raises(NotAllowed, match="session-unknown"):
        check_session(session, mini_app, now=make.NOW)
    with pytest.raises(NotAllowed, match="bad-token"):
        check_token(session, token, make.NOW)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "person.banned")).one()
    assert (entry.actor, entry.subject) == ("user:1", f"user:{person.id}")
    note = entry.details.pop("note")
    assert entry.details == {"sessions": 1, "tokens": 1}
    assert words_of(session, [note]) == {note: "fraud"}


def test_a_second_ban_changes_and_writes_nothing(session: Session) -> None:
    person = make.user(session)
    close(session, person)
    before = acts(session)
    assert close(session, person) == Ban(changed=False)
    assert acts(session) == before


def test_a_ban_needs_a_reason_and_a_person_and_spares_staff(session: Session) -> None:
    with pytest.raises(Refused, match="ban-reason-missing"):
        close(session, make.user(session), " \n")
    with pytest.raises(Refused, match="ban-of-staff"):
        close(session, make.user(session, roles=("support",)))
    with pytest.raises(NotFound, match="person-unknown"):
        ban(session, 10**9, actor="cli", reason="fraud", now=make.NOW)


def test_an_end_of_the_ban_gives_the_shop_back_but_no_session(session: Session) -> None:
    person = make.user(session)
    mini_app = opened(session, person)
    close(session, person)
    assert not allowed(person.roles, "buy")
    assert unban(session, id_of(person), actor="cli")
    assert not unban(session, id_of(person), actor="cli")
    assert allowed(person.roles, "buy")
    assert acts(session)[-1] == "person.unbanned"
    with pytest.raises(NotAllowed, match="session-unknown"):
        check_session(session, mini_app, now=make.NOW)
