"""VAT by Stripe Tax: switched on once Stripe is ready, kept from the session, and on the papers."""

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.payments.month_sums import month_sums, named_month
from core.payments.papers import facts_of, issue
from core.payments.rails.stripe import objects
from core.payments.rails.stripe.accounts import connected
from core.payments.rails.stripe.objects import AutomaticTax, TotalDetails
from core.payments.rails.stripe.tax import TaxSettings, choose_tax, look_at_tax
from core.payments.refunds import request_refund
from schemas.base import utc_now
from schemas.papers import Paper
from schemas.people import Seller, User
from schemas.sales import Order
from schemas.stripe import StripeAccount
from schemas.stripe_jobs import CheckStripeAccount
from tests.contract.paths import absent
from tests.contract.source import find
from tests.support import make
from tests.support.card_club import CardClub
from tests.support.cards import CardShop

VAT = 166  # in 9.99 EUR, of 20 percent


def choose(shop: CardShop, wanted: bool) -> str:
    """What the seller presses, and what Stripe says to it."""
    with shop.database.transaction() as session:
        row_id = id_of(choose_tax(session, owner_of(session, shop.seller_id), wanted=wanted))
    shop.work()
    return str(shop.worker.row(StripeAccount, row_id).tax)


def owner_of(session: Session, seller_id: int) -> User:
    return session.get_one(User, session.get_one(Seller, seller_id).user_id)


def told(shop: CardShop) -> list[str]:
    with shop.database.transaction() as session:
        return [name for name in make.sent_texts(session) if name.startswith("stripe-tax")]


def sell(shop: CardShop) -> Order:
    order = shop.order().order
    shop.stripe.perform("pays", {"session": shop.session_of(order)})
    shop.hand_over()
    return order


def test_what_is_read_is_in_stripes_contract() -> None:
    assert absent(TaxSettings, find("tax._settings", "Settings")) == []


@pytest.mark.parametrize(
    ("enabled", "details", "tax"),
    [(True, TotalDetails(166), 166), (True, TotalDetails(0), 0), (False, TotalDetails(0), None)],
)
def test_no_tax_and_a_tax_of_nothing_are_told_apart(
    enabled: bool, details: TotalDetails, tax: int | None
) -> None:
    taxed = objects.Session("cs_1", False, automatic_tax=AutomaticTax(enabled), total_details=details)
    assert taxed.tax == tax
    assert objects.Session("cs_1", False).tax is None


def test_it_begins_once_stripe_tax_is_ready_and_waits_again_where_it_is_not(shop: CardShop) -> None:
    assert choose(shop, True) == "asked"
    assert not look_at_tax(shop.worker.services.stripe, shop.account)
    shop.stripe.set_seller(shop.account, tax=20.0)
    assert choose(shop, True) == "on"
    shop.stripe.set_seller(shop.account, tax=None)
    with shop.database.transaction() as session:
        row = connected(session, shop.seller_id)
        assert row is not None
        row_id = id_of(row)
    shop.worker.do(CheckStripeAccount(row_id=row_id))
    assert told(shop) == ["stripe-tax-on", "stripe-tax-missing"]
    assert choose(shop, False) == "off"


def test_without_an_account_there_is_nothing_to_switch_on(shop: CardShop) -> None:
    with shop.database.transaction() as session:
        other = owner_of(session, id_of(make.seller(session, name="Other")))
        with pytest.raises(Refused, match="cards-not-connected"):
            choose_tax(session, other, wanted=True)
        with pytest.raises(NotFound, match="shop-unknown"):
            choose_tax(session, make.user(session, name="Eve"), wanted=True)


def test_the_vat_is_in_the_price_and_stands_on_papers_and_in_the_month(shop: CardShop) -> None:
    shop.stripe.set_seller(shop.account, tax=20.0)
    assert choose(shop, True) == "on"
    order = sell(shop)
    (payment,) = (row for name, row in shop.payments(order).items() if name.startswith("pi_"))
    assert (payment.received, payment.details["tax"]) == (999, VAT)
    with shop.database.transaction() as session:
        request_refund(session, id_of(order), actor="cli", reason="late", amount=400, now=utc_now())
    shop.work()
    shop.hand_over()
    with shop.database.transaction() as session:
        issue(session, id_of(order), part="part:1", amount=400, now=utc_now())
        issue(session, id_of(order), part="rest", amount=599, now=utc_now())
        papers = session.exec(select(Paper).order_by(Paper.issued_at)).all()  # type: ignore[arg-type]
        assert sorted(facts_of(paper).tax or 0 for paper in papers) == [66, 100, VAT]
        (line,) = month_sums(session, shop.seller_id, named_month(utc_now()))
    assert (line.sold, line.given_back, line.vat) == (999, 999, 0)


def test_where_it_is_off_no_vat_is_said(shop: CardShop) -> None:
    shop.stripe.set_seller(shop.account, tax=20.0)
    order = sell(shop)
    (payment,) = (row for name, row in shop.payments(order).items() if name.startswith("pi_"))
    assert "tax" not in payment.details
    with shop.database.transaction() as session:
        paper = issue(session, id_of(order), now=utc_now())
        assert paper is not None
        assert facts_of(paper).tax is None


def test_a_page_that_stripe_refuses_makes_sure_that_the_next_one_opens(shop: CardShop) -> None:
    shop.stripe.set_seller(shop.account, tax=20.0)
    assert choose(shop, True) == "on"
    shop.stripe.set_seller(shop.account, tax=None)
    refused = shop.order().order
    assert not any(name.startswith("cs_") for name in shop.payments(refused))
    assert told(shop) == ["stripe-tax-on", "stripe-tax-missing"]
    assert shop.status(sell(shop)) == "paid"


def test_each_period_of_a_membership_has_its_vat(shop: CardShop) -> None:
    shop.stripe.set_seller(shop.account, tax=20.0)
    assert choose(shop, True) == "on"
    club = CardClub(shop)
    club.join()
    club.pass_days(33)
    for order in club.orders():
        (payment,) = [row for row in shop.payments(order).values() if row.status == "confirmed"]
        assert (payment.received, payment.details["tax"]) == (999, VAT)
        with shop.database.transaction() as session:
            paper = issue(session, id_of(order), now=utc_now())
            assert paper is not None
            assert (paper.amount, facts_of(paper).tax) == (999, VAT)
    assert len(club.orders()) == 2
