"""Who can be told."""

from sqlmodel import Session

from core.kit.rows import id_of
from core.notifications.recipients import admin_ids, mark_blocked, staff_ids
from tests.support import make, make_members


def test_staff_are_support_and_admins_who_can_be_reached(session: Session) -> None:
    support = make.user(session, roles=("support",))
    admin = make.user(session, roles=("admin", "support"))
    make.user(session, roles=("seller",))
    make.user(session, roles=("admin", "banned"))
    mark_blocked(session, id_of(make.user(session, roles=("admin",))), make.NOW)
    assert staff_ids(session) == [id_of(support), id_of(admin)]


def test_admins_are_told_what_is_for_them_alone(session: Session) -> None:
    make.user(session, roles=("support",))
    admin = make.user(session, roles=("admin",))
    assert admin_ids(session) == [id_of(admin)]


def test_a_block_is_dated_from_the_first_refusal(session: Session) -> None:
    person = make.user(session)
    for days in (0, 1):
        mark_blocked(session, id_of(person), make.NOW + days * make_members.DAY)
    assert person.blocked_at == make.NOW
