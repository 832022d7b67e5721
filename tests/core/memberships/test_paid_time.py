from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.memberships.paid_time import give_time, grace_of
from core.orders.fulfilment import line_of
from schemas import member_jobs
from schemas.membership import Plan
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY


@pytest.mark.parametrize(
    ("rail", "recurring", "own", "days"),
    [("stars", True, None, 3), ("stars", False, None, 0), ("crypto", True, None, 0), ("crypto", False, 7, 7)],
)
def test_grace_is_the_plans_own_or_what_its_rail_leaves_time_for(
    session: Session, rail: str, recurring: bool, own: int | None, days: int
) -> None:
    plan = session.get_one(Plan, make_members.plan(session).id)
    plan.recurring, plan.grace_days = recurring, own
    assert grace_of(plan, rail) == timedelta(days=days)


def test_the_time_of_an_order_is_given_once_however_often_it_is_asked_for(session: Session) -> None:
    held = make_members.member(session)
    order = session.exec(select(Order).where(Order.buyer_id == held.user_id)).one()
    give_time(session, line_of(session, order), now=make.NOW + DAY)
    assert held.ends_at == make.NOW + 30 * DAY
    assert len(make.queued(session, member_jobs.Admit)) == 1


def test_time_that_cannot_be_given_is_for_support(session: Session) -> None:
    item = make_members.plan(session, unit="until", until=make.NOW + DAY)
    order = make.order(session, item, make.user(session))
    make.pay(session, order, now=make.NOW + 2 * DAY)
    assert (order.status, order.needs_support_at) == ("paid", make.NOW + 2 * DAY)
