"""Subscriptions by card on a loopback Stripe: each paid invoice is an order and time, told in any order."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from core.catalogue.products import set_rail_prices
from core.memberships import member_actions
from core.memberships.plans import card_interval
from core.payments.rails.stripe.card_members import Interval
from core.payments.rails.stripe.objects import Found
from core.payments.rails.stripe.rail import Card
from core.payments.refunds import request_refund
from schemas.card_subscription import CardSubscription
from schemas.catalogue import Product
from schemas.disputes import Dispute
from schemas.membership import Membership
from schemas.people import User
from schemas.sales import Order
from tests.support import make
from tests.support.card_club import DAY, CardClub
from tests.support.cards import PRICE, CardShop


@pytest.fixture
def club(shop: CardShop) -> CardClub:
    return CardClub(shop)


@pytest.mark.parametrize(
    ("unit", "count", "recurring", "every"),
    [
        ("months", 1, False, Interval("month", 1)),
        ("months", 12, False, Interval("month", 12)),
        ("months", 37, False, None),
        ("days", 30, True, Interval("day", 30)),
        ("days", 7, False, None),
        ("until", 0, False, None),
        ("lifetime", 0, False, None),
    ],
)
def test_months_renew_and_a_pass_of_days_does_not(
    unit: Any, count: int, recurring: bool, every: Interval | None
) -> None:
    assert card_interval(unit, count, recurring=recurring) == every


def test_a_plan_is_sold_as_a_subscription_with_the_operators_share(club: CardClub) -> None:
    with club.database.transaction() as session:
        make.seller_of(session, club.shop.product()).card_fee_rate = 250
    club.join()
    seen = club.at_stripe()
    (item,) = seen["items"]["data"]
    recurring = item["price"]["recurring"]
    assert (recurring["interval"], recurring["interval_count"]) == ("month", 1)
    assert seen["application_fee_percent"] == 2.5
    assert [fee["amount"] for fee in club.stripe.book.all(None, "application_fee")] == [25]
    assert club.state() == "active"
    assert club.subscription.membership_id == club.membership.id


def test_a_month_is_renewed_without_a_press_each_invoice_once(club: CardClub) -> None:
    club.join()
    first_end = club.membership.ends_at
    assert first_end is not None
    club.pass_days(33)
    assert (club.state(), len(club.periods())) == ("active", 2)
    renewed_end = club.membership.ends_at
    assert renewed_end is not None
    assert timedelta(days=28) <= renewed_end - first_end <= timedelta(days=31)
    first, second = club.orders()
    assert [(one.status, one.amount, one.buyer_id) for one in (first, second)] == [
        ("paid", 999, club.ann_id)
    ] * 2
    assert "member-grace" not in club.told()
    (paid,) = [row for row in club.shop.payments(second).values() if row.status == "confirmed"]
    assert (paid.received, paid.details["account"]) == (999, club.shop.account)


def test_the_events_of_the_first_month_may_come_in_any_order_and_twice(shop: CardShop) -> None:
    """Cases 1 and 5: an invoice that is paid before its page is known to be complete is not lost."""
    ends = []
    for chosen in permutations(
        ("checkout.session.completed", "invoice.paid", "customer.subscription.updated")
    ):
        club = CardClub(shop)
        order = club.subscribe()
        events = shop.waiting()
        told = [one for kind in chosen for one in events if one["type"] == kind]
        assert club.hand_over(told * 2) == len(chosen)
        rows = [row for row in shop.rows(CardSubscription) if row.order_id == order.id]
        ends.append((shop.status(order), [row.status for row in rows], len(club.orders())))
    assert ends == [("paid", ["active"], number) for number in range(1, 7)]


def test_what_is_charged_before_anybody_has_claimed_is_given_at_the_claim(club: CardClub) -> None:
    order = club.subscribe()
    club.hand_over()
    club.pass_days(32)
    assert [one.buyer_id for one in club.orders()] == [None, None]
    club.claim(order)
    assert [one.buyer_id for one in club.orders()] == [club.ann_id] * 2
    assert len(club.periods()) == 2
    assert club.membership.ends_at is not None
    assert club.membership.ends_at - club.now > timedelta(days=55)


def test_a_card_that_is_declined_begins_the_plans_own_grace_and_its_end_ends_all(club: CardClub) -> None:
    """D9: five days whatever Stripe's settings, and nothing is charged after it (cases 7 and 17)."""
    club.stripe.final(club.shop.account, "past_due")
    club.join()
    club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
    end = club.pass_end(2)
    assert club.state() == "past_due"
    assert (club.membership.ends_at, club.membership.grace_days) == (end, 5)
    assert club.told().count("card-declined") == 1
    club.pass_days(3)
    assert club.state() == "past_due"
    assert club.told().count("card-declined") == 2
    club.pass_days(1)
    assert club.state() == "expired"
    assert club.now - (end + 5 * DAY) < DAY
    assert club.at_stripe()["status"] == "canceled"
    assert [one["status"] for one in club.stripe.book.all(club.shop.account, "invoice")] == ["paid", "void"]
    assert club.subscription.status == "canceled"


def test_a_retry_that_is_paid_in_grace_goes_on_where_it_was(club: CardClub) -> None:
    club.join()
    club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
    end = club.pass_end(2)
    assert club.state() == "past_due"
    club.stripe.perform("next_card", {"customer": club.customer, "how": "ok"})
    club.pass_days(3)
    assert club.state() == "active"
    last = club.periods()[-1]
    assert last.starts_at == end
    assert club.subscription.status == "active"


def test_a_bank_that_asks_the_buyer_is_told_with_the_page_of_the_invoice(club: CardClub) -> None:
    club.join()
    club.stripe.perform("next_card", {"customer": club.customer, "how": "action"})
    club.pass_end(2)
    assert club.told().count("card-authenticate") == 1
    assert "card-declined" not in club.told()


def test_cancelling_here_and_in_the_dashboard_is_followed_and_can_be_taken_back(club: CardClub) -> None:
    """Case 6: whoever stops it, both sides know, and nobody is charged."""
    club.join()
    club.act(member_actions.cancel)
    assert (club.state(), club.at_stripe()["cancel_at_period_end"]) == ("cancelled", True)
    club.act(member_actions.undo_cancel)
    assert (club.state(), club.at_stripe()["cancel_at_period_end"]) == ("active", False)
    club.act(member_actions.cancel)
    club.pass_end(2)
    assert club.state() == "expired"
    assert len(club.orders()) == 1
    assert club.told().count("member-cancelled") == 2


def test_a_renewal_that_is_refunded_at_stripe_takes_its_month_and_ends_the_rest(club: CardClub) -> None:
    """A refund of an invoice is of the order that it is, made in the Dashboard or here."""
    club.join()
    club.pass_end(2)
    _, second = club.orders()
    (name,) = [name for name in club.shop.payments(second) if name.startswith("pi_")]
    fields = {"payment_intent": name}
    club.api.post(Found, "/v1/refunds", fields, key="dashboard", account=club.shop.account)
    club.hand_over()
    club.ask_stripe()
    assert [order.status for order in club.orders()] == ["paid", "refunded"]
    assert club.state() == "revoked"
    assert club.at_stripe()["status"] == "canceled"


def test_the_shop_looks_at_stripe_before_it_ends_what_nobody_told_of(club: CardClub) -> None:
    """All webhooks of a renewal are lost, and the poller has not run: nobody is put out who has paid."""
    club.join()
    end = club.membership.ends_at
    assert end is not None
    seconds = int((end - club.now).total_seconds()) + 6 * 86400
    club.stripe.perform("advance", {"seconds": seconds})
    club.shop.waiting()
    club.strike()  # into its grace
    club.strike()
    assert (club.state(), len(club.orders())) == ("active", 2)


def test_a_retry_that_was_paid_in_grace_and_of_which_nothing_was_told_ends_nothing(club: CardClub) -> None:
    """The failed charge was heard of, so that somebody has looked since the end of what was paid."""
    club.join()
    club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
    club.pass_end(2)
    club.stripe.perform("next_card", {"customer": club.customer, "how": "ok"})
    club.stripe.perform("advance", {"seconds": 5 * 86400})
    club.shop.waiting()
    club.strike()
    assert (club.state(), len(club.orders()), club.at_stripe()["status"]) == ("active", 2, "active")


def test_a_failed_attempt_is_told_once_however_often_stripe_tells_of_it(club: CardClub) -> None:
    """Case 17: late, in any order, and by two events for one failure."""
    club.join()
    club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
    club.stripe.perform("advance_to", {"moment": int(club.subscription.until.timestamp()) + 7200})
    events = club.shop.waiting()
    club.hand_over(events)
    club.hand_over([event | {"id": f"{event['id']}twin"} for event in reversed(events)])
    club.strike()
    assert club.told().count("card-declined") == 1


def test_who_has_lost_access_by_a_dispute_is_charged_once_more_at_most(club: CardClub) -> None:
    """What a lost dispute has closed stays closed: a renewal goes back, and ends the subscription."""
    club.join()
    (charge,) = club.stripe.book.all(club.shop.account, "charge")
    dispute = club.stripe.perform("disputes", {"charge": charge["id"]})
    club.stripe.perform("decides", {"dispute": dispute["id"], "outcome": "lost"})
    club.hand_over()
    assert club.state() == "revoked"
    club.stripe.perform("advance_to", {"moment": int(club.subscription.until.timestamp()) + 7200})
    club.hand_over()
    club.ask_stripe()
    club.shop.work()
    assert [order.status for order in club.orders()] == ["refunded", "refunded"]
    assert club.at_stripe()["status"] == "canceled"


def test_a_lost_dispute_of_a_period_that_is_over_charges_the_card_no_more(club: CardClub) -> None:
    """What was paid since stays, and is the last."""
    club.join()
    club.renew()
    charge, _ = club.stripe.book.all(club.shop.account, "charge")
    dispute = club.stripe.perform("disputes", {"charge": charge["id"]})
    club.stripe.perform("decides", {"dispute": dispute["id"], "outcome": "lost"})
    club.hand_over()
    club.ask_stripe()
    assert [order.status for order in club.orders()] == ["refunded", "paid"]
    assert (club.state(), club.at_stripe()["cancel_at_period_end"]) == ("cancelled", True)


def test_a_dispute_of_a_renewal_of_which_nothing_was_told_is_found(club: CardClub) -> None:
    """Both happened while the shop was away: whose the disputed payment is, is known once the renewal is."""
    club.join()
    club.stripe.perform("advance_to", {"moment": int(club.subscription.until.timestamp()) + 7200})
    club.stripe.perform("disputes", {"charge": club.stripe.book.all(club.shop.account, "charge")[-1]["id"]})
    club.stripe.perform("advance", {"seconds": 2 * 86400})
    club.shop.waiting()
    for _ in range(2):
        Card().reconcile(club.database, club.shop.worker.services, now=club.now)
        club.apply_events()
    assert len(club.orders()) == 2
    assert [row.status for row in club.shop.rows(Dispute)] == ["needs_response"]


def test_a_period_that_is_over_and_given_back_ends_nothing_that_goes_on(club: CardClub) -> None:
    """A favour: what was paid since stays, and so does the subscription."""
    first = club.join()
    club.renew()
    assert len(club.orders()) == 2
    give_back(club, first)
    assert (club.shop.status(first), club.state()) == ("refunded", "active")
    club.renew()
    assert [order.status for order in club.orders()] == ["refunded", "paid", "paid"]
    assert (club.state(), club.at_stripe()["status"], club.subscription.wanted) == (
        "active",
        "active",
        "renew",
    )


def test_the_last_period_that_is_given_back_ends_the_subscription_whatever_else_is_paid(
    club: CardClub,
) -> None:
    """Who has time of another order keeps that, and no card is charged for more."""
    with club.database.transaction() as session:
        set_rail_prices(session, club.plan_id, "crypto", [PRICE])
        plan, ann = session.get_one(Product, club.plan_id), session.get_one(User, club.ann_id)
        make.paid_order(session, plan, ann, rail="crypto", now=club.now)
    by_card = club.join()
    give_back(club, by_card)
    assert (club.state(), club.at_stripe()["status"]) == ("active", "canceled")


def test_what_nobody_has_claimed_is_charged_no_more_once_it_is_given_back(club: CardClub) -> None:
    order = club.subscribe()
    club.hand_over()
    with club.database.transaction() as session:
        request_refund(session, order.id or 0, actor="cli", reason="late", now=club.now)
    club.shop.work()
    assert club.subscription.wanted == "end"
    club.stripe.perform("advance_to", {"moment": int(club.subscription.until.timestamp()) + 7200})
    club.hand_over()  # it was charged before the job could ask
    club.ask_stripe()
    club.shop.work()
    assert [one.status for one in club.orders()] == ["refunded", "refunded"]
    assert club.at_stripe()["status"] == "canceled"


def give_back(club: CardClub, order: Order) -> None:
    """Its seller gives all of it back; what follows at Stripe is done."""
    with club.database.transaction() as session:
        request_refund(session, order.id or 0, actor="cli", reason="sorry", now=club.now)
    club.shop.work()
    club.hand_over()
    club.ask_stripe()


def test_who_buys_the_same_for_ever_pays_once_and_is_charged_no_more(club: CardClub) -> None:
    month = club.join()
    order = club.join_for_ever()
    assert [page["mode"] for page in club.stripe.book.all(club.shop.account, "checkout.session")] == [
        "subscription",
        "payment",
    ]
    club.ask_stripe()
    assert club.at_stripe()["cancel_at_period_end"]
    club.pass_days(40)
    held = {row.plan_id: (row.state, row.ends_at is None) for row in club.shop.rows(Membership)}
    assert held == {month.product_id: ("expired", False), order.product_id: ("active", True)}
    assert len(club.orders()) == 2
    told = club.told()
    assert "member-held-for-ever" in told
    assert not {"member-cancelled", "member-warned", "member-grace", "member-expired"} & set(told)
