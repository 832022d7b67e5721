"""A refunded order whose money came again gives what it gave, whatever it is for."""

from typing import get_args

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.orders.fulfilment import goods_of, line_of
from core.orders.orders import PAID
from core.payments.refunds import finish_refund
from core.payments.standing_again import stand_again
from schemas.catalogue import ProductKind
from schemas.membership import Membership
from schemas.paper_jobs import IssuePaper
from schemas.sales import Order
from schemas.shop_fee import ShopFee
from tests.core.payments import test_refunds
from tests.support import make


def again(session: Session, order: Order) -> bool:
    return stand_again(session, order, part="pi_2", amount=order.amount, now=make.NOW)


@pytest.mark.parametrize("kind", get_args(ProductKind))
def test_what_a_refund_ended_is_given_again_once_for_every_kind_of_goods(session: Session, kind: str) -> None:
    order = test_refunds.PAID[kind](session)
    assert not again(session, order), "nothing went back yet"
    finish_refund(session, order, reason="", now=make.NOW)
    line, goods = line_of(session, order), goods_of(kind)
    assert not goods.is_in_force(session, line)
    assert [again(session, order) for _ in range(2)] == [True, False]
    assert goods.is_in_force(session, line)
    assert (order.status in PAID, order.refunded_at) == (True, None)
    papers = [job.part for job in make.queued(session, IssuePaper) if job.part.startswith("again:")]
    assert papers == (["again:pi_2"] if goods.payee == "seller" else [])


def test_time_and_a_month_are_as_long_as_they_were(session: Session) -> None:
    bought = test_refunds.paid_membership(session)
    member = session.exec(select(Membership)).one()
    fee_order = test_refunds.paid_shop_fee(session)
    fee = session.exec(select(ShopFee)).one()
    before = (member.ends_at, fee.paid_until)
    for order in (bought, fee_order):
        finish_refund(session, order, reason="", now=make.NOW)
        assert again(session, order)
    assert (member.state, (member.ends_at, fee.paid_until)) == ("active", before)


def test_what_nobody_has_claimed_waits_for_its_claim(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    finish_refund(session, order, reason="", now=make.NOW)
    assert again(session, order)
    assert (order.status, order.buyer_id, id_of(order)) == ("paid", None, id_of(order))
