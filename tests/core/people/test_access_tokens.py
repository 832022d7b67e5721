from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotAllowed, Refused
from core.people.access_tokens import check_token, create_token, list_tokens, revoke_token
from schemas.audit import AuditEntry
from schemas.people import AccessToken
from tests.support import make


def token(session: Session, *, name: str = "CI", role: str = "support", ttl: int | None = None) -> str:
    return create_token(session, name=name, role=role, ttl=ttl, now=make.NOW)


def test_a_token_is_recognisable_opens_its_role_and_is_kept_only_as_a_hash(session: Session) -> None:
    text = token(session)
    assert text.startswith("cmt_")
    assert len(text) == 47
    assert check_token(session, text, make.NOW).role == "support"
    (kept,) = list_tokens(session)
    assert text not in str(kept.model_dump())
    assert text not in str([entry.details for entry in session.exec(select(AuditEntry))])


def test_a_token_ends_at_its_time_and_one_without_end_does_not(session: Session) -> None:
    short, endless = token(session, ttl=60), token(session)
    check_token(session, short, make.NOW + timedelta(seconds=59))
    with pytest.raises(NotAllowed, match="bad-token"):
        check_token(session, short, make.NOW + timedelta(seconds=60))
    assert check_token(session, endless, make.NOW + timedelta(days=3650)).name == "CI"


def test_a_revoked_token_opens_nothing_from_then_on(session: Session) -> None:
    text = token(session)
    row = session.exec(select(AccessToken)).one()
    assert [revoke_token(session, row.id, actor="cli", now=make.NOW) for _ in range(2)] == [True, False]
    assert not revoke_token(session, uuid4(), actor="cli", now=make.NOW)
    with pytest.raises(NotAllowed, match="bad-token"):
        check_token(session, text, make.NOW)


@pytest.mark.parametrize("guess", ["", "cmt_", "cmt_" + "x" * 43, "é\x00"])
def test_a_guessed_token_opens_nothing(session: Session, guess: str) -> None:
    token(session)
    with pytest.raises(NotAllowed, match="bad-token"):
        check_token(session, guess, make.NOW)


def test_a_token_needs_a_name_and_a_role_that_exists(session: Session) -> None:
    with pytest.raises(Refused, match="token-name-missing"):
        token(session, name=" ")
    for role in ("king", "banned"):
        with pytest.raises(Refused, match="unknown-role"):
            token(session, role=role)
