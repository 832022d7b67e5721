"""Stripe's page of a buyer's card and invoices: opened on the seller's account, and followed (case 6)."""

from core.payments.rails.stripe.objects import Found
from core.payments.rails.stripe.portal import CONFIGURATIONS
from tests.support.card_club import CardClub
from tests.support.cards import CardShop


def test_what_is_done_on_the_portal_is_followed(shop: CardShop) -> None:
    club = CardClub(shop)
    club.join()
    club.stripe.pages.press(club.portal("1"), "cancel_at_end")
    club.hand_over()
    assert (club.state(), club.subscription.cancels) == ("cancelled", True)
    club.stripe.pages.press(club.portal("2"), "resume")
    club.hand_over()
    assert (club.state(), club.subscription.cancels) == ("active", False)
    club.stripe.pages.press(club.portal("3"), "cancel_now")
    club.hand_over()
    assert (club.state(), club.subscription.status) == ("cancelled", "canceled")
    assert club.told().count("member-cancelled") == 2
    assert club.membership.ends_at is not None
    assert club.membership.ends_at > club.now  # what was paid stays


def test_an_account_has_one_configuration_of_this_shop(shop: CardShop) -> None:
    club = CardClub(shop)
    club.join()
    fields = {"features": {"invoice_history": {"enabled": True}}}
    club.api.post(Found, CONFIGURATIONS, fields, key="of-the-seller", account=shop.account)
    assert club.portal("1") != club.portal("2")
    kinds = [one["metadata"] for one in club.stripe.book.all(shop.account, "billing_portal.configuration")]
    assert kinds == [{}, {"shop": shop.name}]
