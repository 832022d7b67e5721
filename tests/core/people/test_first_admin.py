"""A new shop gets its first admin from its settings, once; a shop that has one keeps its own."""

from sqlmodel import Session

from core.people.first_admin import appoint_first_admin
from core.people.people import find_user, set_role
from tests.support import make

THEIRS = 990_001


def test_a_shop_without_an_admin_gets_the_one_of_its_settings_once(session: Session) -> None:
    assert appoint_first_admin(session, THEIRS)
    person = find_user(session, THEIRS)
    assert person is not None
    assert "admin" in person.roles
    assert not appoint_first_admin(session, THEIRS)


def test_a_shop_that_has_an_admin_takes_no_other(session: Session) -> None:
    make.user(session, roles=("admin",))
    assert not appoint_first_admin(session, THEIRS)
    assert find_user(session, THEIRS) is None


def test_nobody_is_appointed_without_a_number_and_nobody_who_is_banned(session: Session) -> None:
    assert not appoint_first_admin(session, 0)
    set_role(session, THEIRS, "banned", actor="cli")
    assert not appoint_first_admin(session, THEIRS)
