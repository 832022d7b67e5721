"""A pause of what a card pays: nothing is charged, and the time that was kept moves the next charge."""

from datetime import timedelta

import pytest

from core.kit.errors import Refused
from core.memberships import member_actions
from core.memberships.queries import card
from core.payments.rails.stripe.subscription_rows import living, want
from schemas.people import User
from tests.support.card_club import DAY, CardClub, days_before
from tests.support.cards import PRICE, CardShop

MINUTE = timedelta(minutes=1)


@pytest.fixture
def club(shop: CardShop) -> CardClub:
    club = CardClub(shop)
    club.join()
    return club


def charged(club: CardClub) -> int:
    """What was charged at Stripe, in cents."""
    return sum(one["amount"] for one in club.stripe.book.all(club.shop.account, "charge") if one["paid"])


def can_pause(club: CardClub) -> bool:
    with club.database.transaction() as session:
        return card(session, club.ann_id, club.membership.id or 0, now=club.now).can_pause


def test_nothing_is_charged_in_a_pause_and_its_time_is_given_back(club: CardClub) -> None:
    club.leap(10)
    assert can_pause(club)
    end = club.membership.ends_at
    assert end is not None
    club.act(member_actions.pause)
    assert (club.state(), club.subscription.held) == ("paused", True)
    assert not can_pause(club)
    club.leap(40)
    voided = [one["status"] for one in club.stripe.book.all(club.shop.account, "invoice")]
    assert (charged(club), club.state(), voided) == (PRICE.amount, "paused", ["paid", "void"])
    club.act(member_actions.resume)
    back = club.membership.ends_at
    assert back is not None
    assert abs(back - end - 40 * DAY) < MINUTE
    row = club.subscription
    assert (club.state(), row.held, row.wanted, row.until) == ("active", False, "resume", back)
    club.leap(days_before(club.now, back))
    assert (charged(club), club.state()) == (PRICE.amount, "active")
    club.renew()
    assert (charged(club), club.state(), len(club.orders())) == (2 * PRICE.amount, "active", 2)
    first, second = club.periods()
    assert (second.starts_at, second.ends_at) == (back, club.membership.ends_at)
    assert club.membership.ends_at == club.subscription.until
    assert first.paused_seconds == pytest.approx(40 * DAY.total_seconds(), abs=60)
    assert {order.status for order in club.orders()} == {"paid"}
    assert "card-declined" not in club.told()


def test_a_change_of_mind_before_stripe_has_heard_leaves_it_as_it_was(club: CardClub) -> None:
    with club.database.transaction() as session:
        person, number = session.get_one(User, club.ann_id), club.membership.id or 0
        member_actions.pause(session, person, number, now=club.now)
        member_actions.resume(session, person, number, now=club.now)
    club.ask_stripe()
    assert (club.state(), club.subscription.held) == ("active", False)
    club.renew()
    assert (club.state(), len(club.orders())) == ("active", 2)


def test_where_stripe_does_not_move_its_day_what_is_paid_then_is_added(club: CardClub) -> None:
    club.stripe.book.get(club.shop.account, "subscription", club.subscription.subscription_id)[
        "billing_cycle_anchor"
    ] -= int(800 * DAY.total_seconds())
    day = club.subscription.until
    club.leap(5)
    club.act(member_actions.pause)
    club.leap(5)
    club.act(member_actions.resume)
    assert (club.subscription.until, club.subscription.held) == (day, False)
    kept = club.membership.ends_at
    club.renew()
    assert kept is not None
    assert (len(club.orders()), club.periods()[1].starts_at) == (2, kept)


def test_what_is_cancelled_at_stripe_in_a_pause_stays_so_after_it(club: CardClub) -> None:
    club.act(member_actions.pause)
    club.leap(1)
    club.stripe.pages.press(club.portal(), "cancel_at_end")
    club.hand_over()
    assert (club.state(), club.subscription.cancels) == ("paused", True)
    club.act(member_actions.resume)
    assert (club.state(), club.subscription.held) == ("cancelled", False)
    club.act(member_actions.undo_cancel)
    club.renew()
    assert (club.state(), len(club.orders())) == ("active", 2)


def test_who_owes_a_charge_or_stops_cannot_pause(club: CardClub) -> None:
    club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
    club.pass_end(1)
    assert not can_pause(club)
    with pytest.raises(Refused, match="not-pausable"):
        club.act(member_actions.pause)


def test_what_is_stopped_by_a_plan_in_a_pause_can_be_charged_if_that_is_taken_back(club: CardClub) -> None:
    """Who goes on after all is charged: nothing stays on hold at Stripe."""
    club.act(member_actions.pause)
    with club.database.transaction() as session:
        row = living(session, club.membership.id or 0)
        assert row is not None
        want(session, row, "stop", actor="system")
    club.ask_stripe()
    club.act(member_actions.resume)
    assert (club.state(), club.subscription.held, club.subscription.cancels) == ("cancelled", False, True)
    club.act(member_actions.undo_cancel)
    club.renew()
    assert (club.state(), len(club.orders())) == ("active", 2)
