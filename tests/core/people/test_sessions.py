from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotAllowed
from core.people.initdata import InitData, TelegramPerson
from core.people.people import set_role
from core.people.sessions import check_session, forget_sessions, open_session
from schemas.uploads import MiniAppSession
from tests.support.make import NOW

MINUTE = timedelta(minutes=1)


def opening(person: int = 7, digest: bytes = b"a") -> InitData:
    return InitData(TelegramPerson(person, "Awa", language_code="en"), NOW, digest)


def test_a_session_signs_in_the_person_for_an_hour(session: Session) -> None:
    opened = open_session(session, opening(), now=NOW)
    assert opened.expires_at == NOW + timedelta(hours=1)
    found = check_session(session, opened.token, now=NOW + 59 * MINUTE).user
    assert (found.telegram_id, found.name, found.language) == (7, "Awa", "en")
    with pytest.raises(NotAllowed, match="session-expired"):
        check_session(session, opened.token, now=NOW + 60 * MINUTE)


def test_what_was_not_exchanged_within_five_minutes_is_worthless(session: Session) -> None:
    with pytest.raises(NotAllowed, match="init-data-stale"):
        open_session(session, opening(), now=NOW + 6 * MINUTE)


def test_what_was_exchanged_in_time_renews_for_a_day_even_after_a_sweep(session: Session) -> None:
    open_session(session, opening(), now=NOW + MINUTE)
    forget_sessions(session, now=NOW + timedelta(hours=23))
    assert open_session(session, opening(), now=NOW + timedelta(hours=23)).user.telegram_id == 7


def test_renewing_is_for_the_same_opening_only(session: Session) -> None:
    open_session(session, opening(digest=b"a"), now=NOW)
    with pytest.raises(NotAllowed, match="init-data-stale"):
        open_session(session, opening(digest=b"b"), now=NOW + 6 * MINUTE)


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 5000])
def test_an_unknown_token_is_refused(session: Session, token: str) -> None:
    with pytest.raises(NotAllowed, match="session-unknown"):
        check_session(session, token, now=NOW)


def test_a_ban_ends_what_is_open(session: Session) -> None:
    opened = open_session(session, opening(), now=NOW)
    set_role(session, 7, "banned", actor="cli")
    with pytest.raises(NotAllowed, match="banned"):
        check_session(session, opened.token, now=NOW)
    with pytest.raises(NotAllowed, match="banned"):
        open_session(session, opening(), now=NOW)


def test_old_sessions_are_forgotten(session: Session) -> None:
    open_session(session, opening(), now=NOW)
    forget_sessions(session, now=NOW + timedelta(hours=25))
    assert session.exec(select(MiniAppSession)).all() == []
