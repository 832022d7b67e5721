"""Cards that expire before their next charge, on a loopback Stripe."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from core.kit.rows import id_of
from core.payments.rails.stripe.card_expiry import Card, Paid, find_expiring
from schemas.card_jobs import LookAtCard
from tests.contract.paths import absent
from tests.contract.source import find
from tests.support.card_club import CardClub
from tests.support.cards import CardShop

SOON = timedelta(days=7)


@pytest.mark.parametrize(("month", "year", "at"), [(11, 2026, (2026, 12)), (12, 2026, (2027, 1))])
def test_a_card_is_good_until_the_end_of_its_month(month: int, year: int, at: tuple[int, int]) -> None:
    card = Card(exp_month=month, exp_year=year, last4="4242")
    assert (card.expires_at, card.month) == (datetime(*at, 1, tzinfo=UTC), f"{month}/{year}")


def test_every_field_that_is_read_exists() -> None:
    assert absent(Paid, find("_subscription", "Subscription")) == []


def test_the_subscriptions_own_card_pays_before_the_customers() -> None:
    own, other = ({"id": name, "card": None} for name in ("pm_own", "pm_other"))
    settings = {"invoice_settings": {"default_payment_method": other}}
    both = msgspec.convert({"customer": settings, "default_payment_method": own}, Paid).method
    customers = msgspec.convert({"customer": settings, "default_payment_method": None}, Paid).method
    gone = msgspec.convert({"customer": {"deleted": True}}, Paid).method
    assert (both and both.id, customers and customers.id, gone) == ("pm_own", "pm_other", None)


def look(club: CardClub) -> None:
    row = club.subscription
    for _ in range(2):
        club.shop.worker.do(LookAtCard(row_id=id_of(row), until=int(row.until.timestamp())))


def test_who_pays_is_told_once_for_each_card_and_charge(shop: CardShop) -> None:
    club = CardClub(shop)
    club.join()
    (job,) = shop.jobs("look_at_card")
    assert job.due_at == club.subscription.until - SOON
    look(club)
    assert find_expiring(club.api, club.subscription) is None
    month = club.subscription.until.replace(day=1) - timedelta(days=1)
    for count in (1, 2):
        new = {"customer": club.customer, "how": "ok", "expires": f"{month:%m/%Y}"}
        club.stripe.perform("next_card", new)
        club.hand_over()
        look(club)
        assert club.told().count("card-expiring") == count
    club.stripe.perform("next_card", {"customer": club.customer, "how": "ok"})
    look(club)
    club.renew()
    look(club)
    assert club.told().count("card-expiring") == 2
    assert len(shop.jobs("look_at_card")) >= 2


def test_nobody_is_told_of_a_charge_that_is_not_to_come(shop: CardShop) -> None:
    club = CardClub(shop)
    club.join()
    earlier = club.subscription
    club.stripe.perform("next_card", {"customer": club.customer, "how": "ok", "expires": "01/2026"})
    club.renew()
    shop.worker.do(LookAtCard(row_id=id_of(earlier), until=int(earlier.until.timestamp())))
    assert "card-expiring" not in club.told()


def test_no_person_is_told_of_what_nobody_has_claimed(shop: CardShop) -> None:
    club = CardClub(shop)
    club.subscribe()
    club.hand_over()
    club.stripe.perform("next_card", {"customer": club.customer, "how": "ok", "expires": "01/2026"})
    look(club)
    assert club.told() == []
