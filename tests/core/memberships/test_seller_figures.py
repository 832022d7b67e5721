"""A shop's members in figures."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from core.kit.money import Money
from core.memberships.seller_figures import churn_by_month, members_by_state, revenue_by_month
from core.payments.refunds import finish_refund
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_revenue_counts_what_was_paid_and_not_given_back(session: Session) -> None:
    item = make_members.plan(session)
    make_members.member(session, item)
    make_members.member(session, item, now=NOW + 15 * DAY)
    returned = make_members.member(session, item)
    order_id = make_members.periods(session, returned)[0].order_id
    assert order_id is not None
    finish_refund(session, session.get_one(Order, order_id), reason="", now=NOW)
    make.paid_order(session)  # a file, of another shop
    months = revenue_by_month(session, item.seller_id, since=NOW - 30 * DAY, until=NOW + 60 * DAY)
    assert [(line.month.strftime("%Y-%m"), line.money, line.orders) for line in months] == [
        ("2026-11", Money(500, "XTR"), 1),
        ("2026-12", Money(500, "XTR"), 1),
    ]


def test_churn_compares_the_members_of_a_month_with_those_who_are_left(session: Session) -> None:
    item, loyal = make_members.plan(session), make.user(session)
    for month in range(3):
        make_members.member(session, item, loyal, now=NOW + timedelta(days=30 * month))
    make_members.member(session, item)  # from 20 November to 20 December
    since, until = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    months = churn_by_month(session, item.seller_id, since=since, until=until)
    assert [(line.month, line.members, line.lost, line.gained, line.rate) for line in months] == [
        (since, 0, 0, 2, None),
        (datetime(2026, 12, 1, tzinfo=UTC), 2, 1, 0, 0.5),
    ]


def test_who_has_it_for_ever_is_lost_by_nothing_but_an_end(session: Session) -> None:
    item = make_members.plan(session, unit="lifetime", count=0)
    make_members.member(session, item)
    make_members.put_out(session, make_members.member(session, item), now=NOW + 20 * DAY)  # in December
    since, until = datetime(2026, 12, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    months = churn_by_month(session, item.seller_id, since=since, until=until)
    assert [(line.members, line.lost, line.gained) for line in (months[0], months[-1])] == [
        (2, 1, 0),
        (1, 0, 0),
    ]


def test_members_are_counted_by_state(session: Session) -> None:
    item = make_members.plan(session)
    make_members.member(session, item)
    over = make_members.member(session, item)
    make_members.put_out(session, over)
    counted = members_by_state(session, item.seller_id)
    assert (counted["active"], counted["revoked"], counted["pending"]) == (1, 1, 0)
