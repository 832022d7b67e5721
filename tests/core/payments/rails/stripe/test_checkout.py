"""Whose account a page of Checkout is opened on, and what the operator takes of it."""

from datetime import timedelta

import pytest

from core.catalogue.listing_fee import fee_of
from core.kit.errors import Refused
from core.kit.rows import id_of
from core.payments.books import compare_books
from core.payments.rails.stripe.platform import set_operator
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import BalanceEntry, Order
from tests.support import make
from tests.support.cards import PRICE, CardShop


@pytest.fixture
def fee_id(shop: CardShop) -> int:
    """The listing fee of a product of another shop, of whose sales the operator takes a tenth."""
    with shop.database.transaction() as session:
        seller = make.seller(session)
        seller.card_fee_rate = 1000
        item = make.product(session, seller)
        return id_of(fee_of(session, item, {"card": [PRICE]}, now=utc_now()))


def listed(shop: CardShop, order: Order) -> bool:
    with shop.database.transaction() as session:
        fee = session.get_one(Product, order.product_id)
        return session.get_one(Product, fee.listing_of).listing_paid_at is not None


def test_without_a_shop_of_the_operators_no_card_pays_a_listing_fee(shop: CardShop, fee_id: int) -> None:
    with pytest.raises(Refused, match="rail-not-offered"):
        shop.order(fee_id)


def test_a_listing_fee_is_paid_whole_on_the_operators_own_account(shop: CardShop, fee_id: int) -> None:
    """D14 stays: it is an account like a seller's, whose events name it."""
    with shop.database.transaction() as session:
        set_operator(session, shop.seller_id, actor="cli")
    order = shop.order(fee_id).order
    page = shop.payments(order)[shop.session_of(order)]
    assert (page.details["account"], page.details["fee"]) == (shop.account, 0)
    shop.stripe.perform("pays", {"session": page.provider_id})
    shop.hand_over()
    assert (shop.status(order), listed(shop, order)) == ("delivered", True)
    assert shop.rows(BalanceEntry) == []  # nobody is owed it
    compared = compare_books(shop.database, shop.worker.services, now=utc_now() + timedelta(hours=2))
    (found,) = (each for each in compared if each.rail == "card")
    assert [(each.kind, each.theirs, each.ours) for each in found.sums] == [("charge", 999, 999)]


def test_a_dispute_of_a_fee_is_a_matter_of_the_operators(shop: CardShop, fee_id: int) -> None:
    """Who has paid it is no seller of it, and cannot answer the bank."""
    with shop.database.transaction() as session:
        set_operator(session, shop.seller_id, actor="cli")
        admin_id = make.user(session, roles=("admin",)).id
    order = shop.order(fee_id).order
    shop.stripe.perform("pays", {"session": shop.session_of(order)})
    shop.hand_over()
    (charge,) = shop.stripe.book.all(shop.account, "charge")
    shop.stripe.perform("disputes", {"charge": charge["id"]})
    shop.hand_over()
    with shop.database.transaction() as session:
        assert "sale-disputed" not in make.sent_texts(session)
        assert "staff-disputed" in make.sent_texts(session, session.get_one(User, admin_id))
