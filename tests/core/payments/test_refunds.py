from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest
from sqlmodel import Session, select

from core.catalogue.listing_fee import fee_of
from core.jobs.single_statement import run
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.download_links import open_link
from core.orders.file_goods import FileGoods
from core.orders.fulfilment import goods_of, line_of
from core.orders.orders import need_support
from core.orders.publication import publish
from core.payments.balances import owed
from core.payments.payment_rows import set_status
from core.payments.rails.stars.charges import StarsCharge, charge_went_back, stars_charge
from core.payments.refunds import finish_part, finish_refund, refundable, request_refund
from core.payments.settle import settle
from core.people.shop_fees import set_fee
from schemas import jobs
from schemas.access import Grant
from schemas.catalogue import Product, ProductKind
from schemas.people import User
from schemas.sales import Order, Payment
from schemas.shop_fee import ShopFee
from tests.support import make, make_members

LATER = make.NOW + timedelta(seconds=1)
"""When a second payment comes: of two of one moment, either may be taken for the first."""


def refund(session: Session, order: Order) -> Order:
    return request_refund(session, id_of(order), actor="user:1", reason="erreur", now=make.NOW)


def test_stars_go_back_by_a_job_and_the_order_waits_for_it(session: Session) -> None:
    order = make.paid_order(session)
    for _ in range(2):
        refund(session, order)
    assert (order.status, order.note) == ("paid", "erreur")
    assert make.queued(session, jobs.RefundStars) == [jobs.RefundStars(order_id=id_of(order))]


@pytest.mark.parametrize("rail", ["crypto", "manual"])
def test_money_that_staff_sent_back_themselves_is_refunded_at_once(session: Session, rail: str) -> None:
    order = make.paid_order(session, rail=rail)
    for _ in range(2):
        assert refund(session, order).status == "refunded"
    assert session.exec(select(Payment.status)).one() == "refunded"


def test_a_refund_ends_grant_and_links_balances_to_zero_and_tells_both_sides_once(session: Session) -> None:
    grant = make.grant(session)
    _, token = make.link(session, grant)
    order = session.get_one(Order, grant.order_id)
    done = [finish_refund(session, order, reason="erreur", now=make.NOW) for _ in range(2)]
    assert done == [True, False]
    assert grant.revoked_at == make.NOW
    with pytest.raises(Refused, match="link-revoked"):
        run(session, open_link(token, now=make.NOW))
    assert [line.owed for line in owed(session)] == [0]
    assert make.sent_texts(session, session.get_one(User, grant.buyer_id)) == ["order-refunded"]
    assert make.sent_texts(session).count("sale-refunded") == 1


def test_a_refund_leaves_a_second_payment_to_support(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    settle(session, order, rail="crypto", provider_id="again", received=order.amount, now=LATER)
    refund(session, order)
    statuses = session.exec(select(Payment.provider_id, Payment.status)).all()
    assert dict(statuses) == {f"charge-{order.id}": "refunded", "again": "confirmed"}
    assert order.needs_support_at == LATER, "nobody has said what becomes of the second payment"


def test_more_than_the_price_stays_with_support_after_a_refund(session: Session) -> None:
    order = make.order(session, rail="manual")
    settle(session, order, rail="manual", provider_id="much", received=order.amount + 1, now=make.NOW)
    refund(session, order)
    assert (order.status, order.needs_support_at) == ("refunded", make.NOW)


@pytest.mark.parametrize("rail", ["crypto", "manual"])
def test_a_refund_of_all_that_came_leaves_nothing_for_support(session: Session, rail: str) -> None:
    order = make.paid_order(session, rail=rail)
    need_support(session, order, reason="barred", now=make.NOW)
    refund(session, order)
    assert (order.status, order.needs_support_at) == ("refunded", None)


def test_an_unpaid_order_cannot_be_refunded(session: Session) -> None:
    with pytest.raises(Refused, match="not-refundable"):
        refund(session, make.order(session))
    with pytest.raises(NotFound, match="order-unknown"):
        request_refund(session, 0, actor="user:1", reason="", now=make.NOW)


def test_a_web_order_nobody_claimed_can_be_refunded(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    refund(session, order)
    assert session.exec(select(Grant)).all() == []
    assert "order-refunded" not in make.sent_texts(session)


def test_the_charge_to_give_back_is_known_before_and_after_the_refund(session: Session) -> None:
    order = make.paid_order(session)
    charge = StarsCharge(session.get_one(User, order.buyer_id).telegram_id, f"charge-{order.id}")
    assert stars_charge(session, id_of(order)) == charge
    finish_refund(session, order, reason="", now=make.NOW)
    assert stars_charge(session, id_of(order)) == charge
    with pytest.raises(NotFound):
        stars_charge(session, id_of(make.order(session)))


def paid_file(session: Session) -> Order:
    return session.get_one(Order, make.grant(session).order_id)


def paid_membership(session: Session) -> Order:
    membership = make_members.member(session, make_members.plan(session))
    return session.get_one(Order, make_members.periods(session, membership)[0].order_id)


def paid_listing(session: Session) -> Order:
    item = make.product(session)
    make.asset(session, item)
    fee = fee_of(session, item, {"stars": [Money(100, "XTR")], "manual": [Money(500, "EUR")]}, now=make.NOW)
    owner = make.owner_of(session, make.seller_of(session, item))
    order = make.order(session, fee, owner)
    make.pay(session, order)
    return order


def paid_shop_fee(session: Session) -> Order:
    shop = make.seller(session)
    set_fee(session, id_of(shop), {"stars": [Money(500, "XTR")]}, actor="cli", now=make.NOW)
    fee = session.get_one(Product, session.get_one(ShopFee, shop.id).product_id)
    order = make.order(session, fee, make.owner_of(session, shop))
    make.pay(session, order)
    return order


PAID = {
    "file": paid_file,
    "membership": paid_membership,
    "listing": paid_listing,
    "shop_fee": paid_shop_fee,
}


def by_staff(session: Session, order: Order) -> None:
    if order.rail != "stars":
        refund(session, order)
        return
    finish_refund(session, order, reason="erreur", now=make.NOW)  # as the job that `request_refund` asks for


def by_telegram(session: Session, order: Order) -> None:
    (payment,) = session.exec(select(Payment).where(Payment.order_id == order.id)).all()
    charge_went_back(session, payment, now=make.NOW)


@pytest.mark.parametrize("way", [by_staff, by_telegram])
@pytest.mark.parametrize("kind", get_args(ProductKind))
def test_what_was_paid_with_returned_money_ends_for_every_kind_of_goods(
    session: Session, kind: str, way: Callable[[Session, Order], None]
) -> None:
    order = PAID[kind](session)
    line, goods = line_of(session, order), goods_of(kind)
    assert goods.is_in_force(session, line)
    way(session, order)
    session.refresh(order)
    assert order.status == "refunded"
    assert not goods.is_in_force(session, line)
    assert "staff-needs-support" not in make.sent_texts(session)
    assert [line.owed for line in owed(session)] in ([], [0])


def test_staff_are_told_of_goods_that_outlive_their_money(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = make.user(session, roles=("admin",))
    order = paid_file(session)
    monkeypatch.setattr(FileGoods, "on_refunded", lambda *_, now: None)
    finish_refund(session, order, reason="", now=make.NOW)
    assert order.status == "refunded"
    assert "staff-needs-support" in make.sent_texts(session, admin)


def test_a_product_whose_fee_went_back_is_off_sale_until_it_is_paid_again(session: Session) -> None:
    order = paid_listing(session)
    item = session.get_one(Product, line_of(session, order).product.listing_of)
    owner = make.owner_of(session, make.seller_of(session, item))
    publish(session, id_of(item), actor_user=owner, now=make.NOW)
    by_telegram(session, order)
    session.refresh(item)
    assert (item.status, item.listing_paid_at) == ("unpublished", None)
    with pytest.raises(Refused, match="listing-unpaid"):
        publish(session, id_of(item), actor_user=owner, now=make.NOW)
    texts = make.sent_texts(session, owner)
    assert "listing-refunded" in texts
    assert "sale-refunded" not in texts
    again = make.order(session, line_of(session, order).product, owner)
    make.pay(session, again)
    assert publish(session, id_of(item), actor_user=owner, now=make.NOW).status == "published"


def test_a_part_goes_back_with_word_to_both_sides_and_access_stays(session: Session) -> None:
    grant = make.grant(session)
    order = session.get_one(Order, grant.order_id)
    for part in (200, 100):
        finish_part(session, order, part, part=f"p{part}", reason="geste", now=make.NOW)
        finish_part(session, order, part, part=f"p{part}", reason="geste", now=make.NOW)
    assert (order.status, grant.revoked_at, refundable(session, order)) == (
        "paid",
        None,
        order.amount - 300,
    )
    buyer = session.get_one(User, grant.buyer_id)
    assert make.sent_texts(session, buyer).count("order-part-refunded") == 2
    assert make.sent_texts(session).count("sale-part-refunded") == 2
    assert [line.owed for line in owed(session)] == [order.amount - 300]


def test_a_part_refund_ends_access_where_staff_say_so(session: Session) -> None:
    order = make.order(session, make.product(session), make.user(session), rail="manual")
    make.pay(session, order)
    request_refund(session, id_of(order), actor="cli", reason="", amount=100, end_access=True, now=make.NOW)
    assert order.status != "refunded"
    assert session.exec(select(Grant.revoked_at)).one() == make.NOW
    notices = [n for n in make.queued(session, jobs.Notify) if n.text == "order-part-refunded"]
    assert [notice.params["access"] for notice in notices] == ["ended"]


def test_parts_and_then_a_refund_by_the_provider_take_no_more_than_the_price(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    request_refund(session, id_of(order), actor="cli", reason="", amount=300, now=make.NOW)
    (payment,) = session.exec(select(Payment).where(Payment.order_id == order.id)).all()
    set_status(session, payment, "refunded")  # as the provider's notice does before the order ends
    finish_refund(session, order, reason="NOWPayments", now=make.NOW)
    assert [line.owed for line in owed(session)] == [0]


def test_stars_go_back_whole(session: Session) -> None:
    with pytest.raises(Refused, match="refund-whole-only"):
        request_refund(session, id_of(paid_file(session)), actor="cli", reason="", amount=1, now=make.NOW)


def test_a_second_charge_that_telegram_gives_back_leaves_the_order_paid(session: Session) -> None:
    order = make.paid_order(session)
    settle(session, order, rail="stars", provider_id="again", received=order.amount, now=LATER)
    second = session.exec(select(Payment).where(Payment.provider_id == "again")).one()
    charge_went_back(session, second, now=LATER)
    assert (order.status, second.status) == ("paid", "refunded")


def test_what_nobody_has_claimed_has_no_access_to_end(session: Session) -> None:
    order = make.paid_order(session, rail="manual")
    with pytest.raises(Refused, match="access-unclaimed"):
        request_refund(session, id_of(order), actor="cli", reason="", amount=1, end_access=True, now=make.NOW)
