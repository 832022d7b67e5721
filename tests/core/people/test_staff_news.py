"""Whoever becomes one of the staff is told what they can do, and told when they no longer can."""

from typing import Any

from sqlmodel import Session

from core.kit.rows import id_of
from core.kit.texts import unmarked
from core.notifications.telegram_messages import filled
from core.people.people import set_role
from core.people.staff_news import refresh_menus
from schemas.jobs import Notify, SetMenu
from tests.support import make


def told(session: Session, language: str = "en") -> list[str]:
    return [unmarked(filled(language, job.text, job.params)) for job in make.queued(session, Notify)]


def menus(session: Session) -> list[int]:
    return [job.user_id for job in make.queued(session, SetMenu)]


def change(session: Session, person: Any, role: str, *, present: bool = True) -> None:
    set_role(session, person.telegram_id, role, actor="cli", present=present)


def test_a_new_supporter_reads_what_they_can_do_and_nothing_of_admins(session: Session) -> None:
    person = make.user(session, language="en")
    for _ in range(2):
        change(session, person, "support")
    (words,) = told(session)
    assert "as support" in words
    assert "/questions – Questions that wait" in words
    assert "/sellers" not in words
    assert menus(session) == [id_of(person)]


def test_an_admin_reads_more_and_in_french_what_is_french(session: Session) -> None:
    change(session, make.user(session, language="fr"), "admin")
    (words,) = told(session, "fr")
    assert "comme administrateur" in words
    assert "/sellers – Les nouvelles boutiques" in words


def test_who_is_no_longer_staff_is_told_and_loses_the_menu(session: Session) -> None:
    person = make.user(session, language="en")
    for role in ("support", "admin"):
        change(session, person, role)
    change(session, person, "admin", present=False)
    assert "You are no longer an admin. You still can:" in told(session)[-1]
    assert "/questions" in told(session)[-1]
    change(session, person, "support", present=False)
    assert "no longer one of the team" in told(session)[-1]
    assert "/questions" not in told(session)[-1]


def test_whoever_never_wrote_is_not_written_to(session: Session) -> None:
    set_role(session, 424_242, "admin", actor="cli")
    assert told(session) == []
    assert len(menus(session)) == 1


def test_other_roles_are_no_news_of_the_team(session: Session) -> None:
    person = make.user(session)
    change(session, person, "seller")
    assert (told(session), menus(session)) == ([], [])


def test_the_menus_of_all_staff_are_set_anew(session: Session) -> None:
    helper = make.user(session, roles=("support",))
    make.user(session)
    refresh_menus(session)
    assert menus(session) == [id_of(helper)]
