"""How a subscription and an invoice are seen, on a loopback Stripe."""

from core.payments.rails.stripe.subscription_look import look_at_invoice, look_at_subscription
from tests.support.card_club import CardClub
from tests.support.cards import CardShop


def test_both_ways_lead_to_the_same_sight(shop: CardShop) -> None:
    club = CardClub(shop)
    club.join()
    row = club.subscription
    (invoice,) = club.stripe.book.all(shop.account, "invoice")
    seen = look_at_invoice(club.api, shop.account, invoice["id"], at=club.now)
    assert seen == look_at_subscription(club.api, shop.account, row.subscription_id, at=club.now)
    assert seen is not None
    assert seen.invoice is not None
    assert (seen.subscription.id, seen.invoice.status) == (row.subscription_id, "paid")
    assert seen.intent is not None
    assert seen.intent.id in shop.all_payments()
