"""The time of an order that a bank disputes, on rows."""

from sqlmodel import Session

from core.kit.rows import id_of
from core.memberships.goods import MembershipGoods
from core.orders.fulfilment import OrderLine, line_of
from schemas import member_jobs
from schemas.membership import Membership
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
GOODS = MembershipGoods()


def bought(session: Session) -> tuple[OrderLine, Membership]:
    """An order of 30 days, paid just now."""
    membership = make_members.member(session)
    (period,) = make_members.periods(session, membership)
    return line_of(session, session.get_one(Order, period.order_id)), membership


def test_access_ends_with_the_dispute_and_goes_on_with_all_that_was_left(session: Session) -> None:
    line, membership = bought(session)
    GOODS.put_aside(session, line, now=NOW + 10 * DAY)
    assert (membership.state, membership.ended_by) == ("revoked", "dispute")
    assert not GOODS.is_in_force(session, line)
    (period,) = make_members.periods(session, membership)
    assert period.held_seconds == 20 * 86_400
    GOODS.give_back(session, line, now=NOW + 50 * DAY)
    assert (membership.state, membership.ends_at) == ("active", NOW + 70 * DAY)
    assert GOODS.is_in_force(session, line)
    admitted = make.queued(session, member_jobs.Admit)[-1]
    assert admitted == member_jobs.Admit(membership_id=id_of(membership), occasion="resumed")


def test_it_is_put_aside_and_given_back_once(session: Session) -> None:
    line, membership = bought(session)
    for _ in range(2):
        GOODS.put_aside(session, line, now=NOW + 10 * DAY)
    for _ in range(2):
        GOODS.give_back(session, line, now=NOW + 11 * DAY)
    assert membership.ends_at == NOW + 31 * DAY


def test_who_was_put_out_meanwhile_does_not_come_back(session: Session) -> None:
    line, membership = bought(session)
    make_members.put_out(session, membership)
    GOODS.put_aside(session, line, now=NOW + DAY)
    GOODS.give_back(session, line, now=NOW + 2 * DAY)
    assert membership.state == "revoked"
