import pytest
from sqlmodel import Session

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.orders.file_goods import FileGoods
from core.orders.fulfilment import line_of
from core.orders.grants import grant_of, owned
from core.payments.refunds import finish_refund
from schemas import jobs
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order
from tests.support import make

GOODS = FileGoods()


def test_who_owns_a_file_is_told_where_it_is_and_a_stranger_may_buy(session: Session) -> None:
    grant = make.grant(session)
    item, owner = session.get_one(Product, grant.product_id), session.get_one(User, grant.buyer_id)
    with pytest.raises(Refused, match="already-owned") as refusal:
        GOODS.may_buy(session, item, owner, now=make.NOW)
    assert refusal.value.details is not None
    assert refusal.value.details["grant"] == grant.id
    for person in (make.user(session), None):
        GOODS.may_buy(session, item, person, now=make.NOW)


def test_a_product_without_files_is_not_complete(session: Session) -> None:
    GOODS.check_complete(session, make.product(session))
    with pytest.raises(Refused, match="no-file"):
        GOODS.check_complete(session, make.product(session, files=(), published=False))


def test_a_payment_gives_one_grant_and_one_delivery_however_often_it_is_applied(session: Session) -> None:
    order = make.paid_order(session)
    GOODS.on_paid(session, line_of(session, order), now=make.NOW)
    assert make.queued(session, jobs.Deliver) == [jobs.Deliver(order_id=id_of(order))]
    assert owned(session, order.buyer_id or 0, order.product_id) is not None


def test_what_is_paid_twice_is_delivered_and_shown_to_support(session: Session) -> None:
    grant = make.grant(session)
    item, owner = session.get_one(Product, grant.product_id), session.get_one(User, grant.buyer_id)
    order = make.order(session, item)
    order.buyer_id = owner.id
    session.flush()
    make.pay(session, order)
    assert order.needs_support_at == make.NOW
    assert len(make.queued(session, jobs.Deliver)) == 2


def test_a_refund_ends_the_grant_and_one_that_never_was_ends_nothing(session: Session) -> None:
    order = make.paid_order(session)
    finish_refund(session, order, reason="", now=make.NOW)
    grant = grant_of(session, id_of(order))
    assert grant is not None
    assert grant.revoked_at == make.NOW
    GOODS.on_refunded(session, line_of(session, make.order(session)), now=make.NOW)


def test_sent_again_all_files_of_the_grant_go_out(session: Session) -> None:
    grant = make.grant(session)
    order = session.get_one(Order, grant.order_id)
    GOODS.resend(session, line_of(session, order), grant)
    assert make.queued(session, jobs.SendLinks) == [jobs.SendLinks(grant_id=id_of(grant), occasion="resend")]


def test_a_file_is_paid_once(session: Session) -> None:
    assert GOODS.renewal_period(session, make.product(session)) is None
