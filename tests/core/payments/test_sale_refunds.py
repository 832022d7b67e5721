"""Sellers give the money of their own sales back, where it is theirs."""

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.orders import order_number
from core.payments.sale_refunds import Sale, own_sales, refund_sale, sale_of
from schemas.audit import AuditEntry
from schemas.card_jobs import RefundCard
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order, Refund
from tests.support import make

KEY = "key-of-one-press"


@pytest.fixture
def sold(session: Session) -> Order:
    """A sale by card to a known buyer."""
    return make.card_sale(session, make.seller(session), make.user(session, name="Bea"))


@pytest.fixture
def owner(session: Session, sold: Order) -> User:
    """Whose sale it is."""
    return make.owner_of(session, make.seller_of(session, session.get_one(Product, sold.product_id)))


def give_back(
    session: Session, owner: User, sold: Order, amount: int | None = None, key: str = KEY, **more: bool
) -> Sale:
    return refund_sale(
        session, owner, id_of(sold), reason="broken", amount=amount, key=key, now=make.NOW, **more
    )


def test_a_sale_is_shown_to_its_seller(session: Session, sold: Order, owner: User) -> None:
    (line,) = own_sales(session, owner, page=1).items
    assert line.number == order_number(sold)
    sale = sale_of(session, owner, line.number)
    assert (sale.buyer, sale.price, sale.left) == ("Bea", Money(999, "EUR"), Money(999, "EUR"))
    assert (sale.hindrance, sale.in_force, sale.refunds) == ("", True, [])


def test_a_refund_is_asked_once_for_each_press(session: Session, sold: Order, owner: User) -> None:
    for _ in range(2):
        sale = give_back(session, owner, sold, 300)
    assert [(each.amount, each.status) for each in sale.refunds] == [(Money(300, "EUR"), "wanted")]
    assert sale.left == Money(699, "EUR")
    sale = give_back(session, owner, sold, 300, key="another-press-key")
    assert sale.left == Money(399, "EUR")
    assert len(make.queued(session, RefundCard)) == 2
    (first, _) = session.exec(
        select(AuditEntry).where(AuditEntry.action == "refund.asked").order_by(AuditEntry.id)  # type: ignore[arg-type]
    ).all()
    assert (first.actor, first.subject) == (f"user:{owner.id}", f"order:{sold.id}")
    assert first.details["amount"] == {"amount": 300, "currency": "EUR"}


def test_what_is_on_its_way_is_not_left(session: Session, sold: Order, owner: User) -> None:
    assert give_back(session, owner, sold).left == Money(0, "EUR")
    assert sale_of(session, owner, id_of(sold)).hindrance == "not-refundable"
    with pytest.raises(Refused, match="not-refundable"):
        give_back(session, owner, sold, key="another-press-key")


def test_a_part_ends_access_only_where_that_is_said(session: Session, sold: Order, owner: User) -> None:
    assert give_back(session, owner, sold, 300).in_force
    assert not give_back(session, owner, sold, 300, key="another-press-key", end_access=True).in_force


def test_more_than_is_left_is_refused(session: Session, sold: Order, owner: User) -> None:
    give_back(session, owner, sold, 600)
    with pytest.raises(Refused, match="not-refundable"):
        give_back(session, owner, sold, 600, key="another-press-key")
    assert len(session.exec(select(Refund)).all()) == 1


def test_another_sellers_sale_is_not_there(session: Session, sold: Order) -> None:
    stranger = make.owner_of(session, make.seller(session, make.user(session, name="Zoe")))
    with pytest.raises(NotFound, match="order-unknown"):
        sale_of(session, stranger, id_of(sold))
    with pytest.raises(NotFound, match="order-unknown"):
        give_back(session, stranger, sold)
    assert session.exec(select(Refund)).all() == []


@pytest.mark.parametrize("rail", ["stars", "crypto", "manual"])
def test_what_lies_with_the_team_goes_back_by_the_team(session: Session, rail: str) -> None:
    paid = make.paid_order(session, rail=rail)
    owner = make.owner_of(session, make.seller_of(session, session.get_one(Product, paid.product_id)))
    assert sale_of(session, owner, id_of(paid)).hindrance == "refund-by-team"
    with pytest.raises(Refused, match="refund-by-team"):
        give_back(session, owner, paid)


def test_an_order_that_was_not_paid_is_no_sale(session: Session) -> None:
    order = make.order(session)
    owner = make.owner_of(session, make.seller_of(session, session.get_one(Product, order.product_id)))
    with pytest.raises(Refused, match="sale-unpaid"):
        sale_of(session, owner, id_of(order))


def test_a_person_without_a_shop_has_no_sales(session: Session) -> None:
    with pytest.raises(NotFound, match="shop-unknown"):
        own_sales(session, make.user(session), page=1)
