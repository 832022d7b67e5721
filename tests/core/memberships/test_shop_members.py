"""A shop's members as its seller and staff see them."""

from sqlmodel import Session

from core.kit.rows import id_of
from core.memberships.shop_members import member_line, members_of_shop
from tests.support import make, make_members


def test_members_are_found_by_name_or_number_in_one_shop_or_in_all(session: Session) -> None:
    shop = make.seller(session)
    here = make_members.member(
        session, make_members.plan(session, shop=shop), make.user(session, name="Zoé Martin")
    )
    there = make_members.member(session, person=make.user(session, name="Max Martin"))
    number = str(make_members.person_of(session, there).telegram_id)

    def found(seller_id: int | None, words: str) -> list[int]:
        return [line.membership_id for line in members_of_shop(session, seller_id, words, page=1).items]

    assert found(None, "martin") == [there.id, here.id]
    assert found(id_of(shop), "martin") == [here.id]
    assert (found(None, number), found(id_of(shop), number)) == ([there.id], [])


def test_one_line_says_what_ended_it(session: Session) -> None:
    membership = make_members.member(session)
    make_members.put_out(session, membership)
    line = member_line(session, id_of(membership))
    assert (line.state, line.ended_by, line.ended_for, line.barred) == ("revoked", "staff", "other", True)
