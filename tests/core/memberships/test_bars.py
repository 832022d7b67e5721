"""Whom a shop does not let in again."""

from sqlmodel import Session

from core.kit.rows import id_of
from core.memberships.bars import is_barred, is_barred_visitor
from tests.support import make, make_members


def test_who_is_put_out_is_barred_from_that_shop_alone(session: Session) -> None:
    shop, other = make.seller(session), make.seller(session)
    person = make.user(session)
    membership = make_members.member(session, make_members.plan(session, shop=shop), person)
    make_members.member(session, make_members.plan(session, shop=other), person)
    make_members.put_out(session, membership)
    assert is_barred(session, id_of(person), id_of(shop))
    assert is_barred_visitor(session, person.telegram_id, id_of(shop))
    assert not is_barred(session, id_of(person), id_of(other))
    assert not is_barred_visitor(session, 5, id_of(shop))
