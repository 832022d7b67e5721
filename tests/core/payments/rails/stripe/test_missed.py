"""What no webhook brought, found in the sellers' accounts (case 9 of what users of others report)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from core.kit.errors import ServerAway
from core.payments.rails.stripe import missed
from core.payments.rails.stripe.objects import Found
from core.payments.rails.stripe.rail import Card
from schemas.access import Grant
from schemas.base import utc_now
from schemas.card_jobs import ReconcileCards
from schemas.operations import BadRow
from schemas.sales import Order, Refund
from schemas.stripe import StripeAccount
from schemas.stripe_jobs import CheckStripeAccount
from tests.support import make
from tests.support.cards import CardShop
from workers.stripe import Addresses, Stripe


@pytest.fixture(autouse=True)
def no_webhook_comes(shop: CardShop) -> None:
    shop.stripe.break_things(lose=1_000_000)


def pay(shop: CardShop, order: Order) -> None:
    shop.stripe.perform("pays", {"session": shop.session_of(order)})


def give_back(shop: CardShop, **fields: Any) -> None:
    """A refund that the seller makes in the Dashboard."""
    (charge,) = shop.stripe.book.all(shop.account, "charge")
    sent = {"charge": charge["id"]} | fields
    shop.worker.services.stripe.post(Found, "/v1/refunds", sent, key="dashboard", account=shop.account)


def reconcile(shop: CardShop) -> int:
    """How much was news; all of it is applied."""
    services = shop.worker.services
    news = Card().reconcile(shop.database, services, now=utc_now())
    shop.work()
    return news


def test_a_sale_whose_webhook_was_lost_and_whose_buyer_never_returned_is_paid(shop: CardShop) -> None:
    order = shop.order().order
    pay(shop, order)
    assert shop.waiting() == []
    assert shop.status(order) == "awaiting_payment"
    assert shop.worker.do(ReconcileCards()).state == "done"
    shop.work()
    assert [shop.status(order), reconcile(shop)] == ["paid", 0]
    with shop.database.transaction() as session:
        assert make.sent_texts(session).count("sale-made") == 1


@pytest.mark.parametrize("apart", [True, False])
def test_a_refund_in_the_dashboard_whose_webhooks_were_lost_is_applied(shop: CardShop, apart: bool) -> None:
    """Also where the sale itself was missed as well."""
    order = shop.order().order
    pay(shop, order)
    if apart:
        reconcile(shop)
    give_back(shop)
    reconcile(shop)
    assert shop.status(order) == "refunded"
    assert [row.status for row in shop.rows(Refund)] == ["succeeded"]
    assert all(grant.revoked_at for grant in shop.rows(Grant))


def test_what_came_by_webhook_is_no_news_and_may_come_after(shop: CardShop) -> None:
    shop.stripe.break_things(lose=0, withhold=True)
    first, second = shop.order().order, shop.order().order
    pay(shop, first)
    shop.hand_over()
    pay(shop, second)
    events = shop.waiting()
    assert reconcile(shop) == 1
    shop.hand_over(events)
    assert [shop.status(first), shop.status(second)] == ["paid", "paid"]
    assert len(shop.outcomes()) == 2


def test_a_sellers_other_business_leaves_no_row(shop: CardShop) -> None:
    """Case 10."""
    shop.stripe.sells_elsewhere(shop.account, 120)
    assert (reconcile(shop), shop.outcomes()) == (0, {})


def test_a_shop_that_was_away_for_a_week_goes_on_from_where_it_stopped(shop: CardShop) -> None:
    reconcile(shop)
    order = shop.order().order
    pay(shop, order)
    (row,) = shop.rows(StripeAccount)
    week = utc_now() + timedelta(days=7)
    api = shop.worker.services.stripe
    assert [missed.read_missed(shop.database, api, live=False, now=week) for _ in range(2)] == [1, 0]
    assert shop.rows(StripeAccount)[0].events_read_at > row.events_read_at


def add_bad_account(shop: CardShop, account_id: str) -> None:
    """An account that is read before the others."""
    with shop.database.transaction() as session:
        shop.open_shop(session, account_id)
    reconcile(shop)
    with shop.database.transaction() as session:
        bad = session.exec(select(StripeAccount).where(StripeAccount.account_id == account_id)).one()
        bad.events_read_at = None


def test_an_account_that_let_us_go_stops_no_other_and_is_looked_at(shop: CardShop) -> None:
    gone = shop.stripe.add_seller()
    add_bad_account(shop, gone)
    shop.stripe.disconnect(gone)
    order = shop.order().order
    pay(shop, order)
    assert [reconcile(shop), shop.status(order)] == [1, "paid"]
    assert len(shop.jobs(CheckStripeAccount.actor)) == 1
    assert shop.rows(BadRow) == []


def test_an_account_that_fails_is_noted_until_it_is_well_again(shop: CardShop) -> None:
    add_bad_account(shop, "acct_\u00e9")  # no name that a header can hold
    order = shop.order().order
    pay(shop, order)
    assert [reconcile(shop), shop.status(order)] == [1, "paid"]
    assert [row.loop for row in shop.rows(BadRow)] == [missed.LOOP]
    with shop.database.transaction() as session:
        bad = session.exec(select(StripeAccount).where(StripeAccount.account_id != shop.account)).one()
        bad.account_id = shop.stripe.add_seller()
    assert reconcile(shop) == 0
    assert shop.rows(BadRow) == []


def test_where_stripe_is_away_the_job_is_tried_again(shop: CardShop) -> None:
    order = shop.order().order
    pay(shop, order)
    stripe = shop.worker.services.stripe
    nobody = "http://127.0.0.1:9"
    away = Stripe("sk_test_x", Addresses(nobody, nobody, nobody))
    with pytest.raises(ServerAway):
        missed.read_missed(shop.database, away, live=False, now=utc_now())
    away.close()
    assert missed.read_missed(shop.database, stripe, live=False, now=utc_now()) == 1


def test_an_account_of_the_other_mode_is_not_for_this_key(shop: CardShop) -> None:
    pay(shop, shop.order().order)
    stripe = shop.worker.services.stripe
    assert missed.read_missed(shop.database, stripe, live=True, now=utc_now()) == 0
