"""Two years of a membership by card, on a loopback Stripe whose clock is moved."""

from datetime import UTC, datetime, timedelta

from tests.support.card_club import DAY, CardClub
from tests.support.cards import CardShop

DECLINED, LOST = 7, 15  # renewals of which the first tries fail, and all tries


def test_two_years_with_declines_give_what_was_paid_and_no_more(shop: CardShop) -> None:
    """From a 31 January on: each paid invoice is one order, one receipt and one month; the end of grace ends
    access, and what is charged at Stripe is what is written down here."""
    club = CardClub(shop)
    start = datetime(club.now.year + 1, 1, 31, 12, tzinfo=UTC)
    club.stripe.perform("advance_to", {"moment": int(start.timestamp())})
    shop.waiting()
    club.join()
    for month in range(1, 24):
        if month in (DECLINED, LOST):
            club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
        club.renew()
        if month == DECLINED:
            assert club.at_stripe()["status"] == "past_due"
            club.stripe.perform("next_card", {"customer": club.customer, "how": "ok"})
            club.pass_days(4)
        if month == LOST:
            club.pass_days(6)
            assert (club.state(), club.at_stripe()["status"]) == ("expired", "canceled")
            club.join()
        assert club.state() in ("active", "past_due"), month
        assert club.subscription.status == "active"
    paid = [one for one in club.stripe.book.all(shop.account, "invoice") if one["status"] == "paid"]
    orders = club.orders()
    assert {order.status for order in orders} == {"paid"}
    assert len(orders) == len(paid) == len(club.periods()) == 24
    charged = sum(one["amount"] for one in club.stripe.book.all(shop.account, "charge") if one["paid"])
    assert sum(order.amount for order in orders) == charged == 24 * 999
    gaps = [
        (after.starts_at, before.ends_at)
        for before, after in zip(club.periods(), club.periods()[1:], strict=False)
    ]
    assert sum(start != end for start, end in gaps) == 1  # where it was lost, and bought anew
    assert club.membership.ends_at is not None
    assert abs(club.membership.ends_at - club.subscription.until) < DAY
    assert club.told().count("card-declined") >= 2
    assert timedelta(days=27) < club.membership.ends_at - club.now
