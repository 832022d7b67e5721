"""A buyer's side of a membership: the card, Stars, the trial, /status, /renew, /cancel."""

from datetime import timedelta

import pytest

from schemas.member_jobs import Admit, SetStarRenewal
from tests.bot.conftest import ShopBot, ask, wait_until
from tests.support.bot_club import ChannelFixture

NBSP = "\u00a0"


def labels(buttons: object) -> list[str]:
    """What the buttons of a message say."""
    return [button.text for button in buttons]  # type: ignore[attr-defined]


def test_a_plan_is_bought_for_stars_and_stands_in_status(club: ChannelFixture) -> None:
    bob = club.shop.person("Bob")
    empty = ask(bob, "/status", "You have no membership yet")
    bob.presses(empty, "🛍 Catalogue")
    bob.presses(bob.wait_for("Catalogue – 1 product"), f"Club · 500{NBSP}⭐")
    card = bob.wait_for("A pattern every week.")
    assert "Lets you into: VIP" in card.text
    assert "🎁 7 days free: nothing is charged when they end" in card.text
    bob.presses(card, f"⭐ Subscribe · 500{NBSP}⭐")
    bill = bob.wait_for(lambda message: message.invoice is not None)
    assert bill.invoice is not None
    assert "Your way in arrives here" in bill.invoice["description"]
    assert bob.pays(bill).error is None
    wait_until(lambda: club.state(bob) == "active")
    assert len(club.queued(Admit)) == 1

    status = ask(bob, "/status", "Running:")
    assert "🚪 VIP: you are not in" in status.text
    assert bob.presses(status, "🚪 Send me my link").text == "Your way in is coming in a moment."
    assert len(club.queued(Admit)) == 2


def test_it_is_cancelled_kept_paused_and_resumed(club: ChannelFixture) -> None:
    bob = club.shop.person("Bob")
    club.buys(bob)
    bob.presses(ask(bob, "/cancel", "What would you like to cancel?"), "✖️ Club")
    cancelled = bob.wait_for("✖️ Cancelled")
    assert club.state(bob) == "cancelled"
    assert bob.presses(cancelled, "↩️ Keep my membership").text == "Done: your membership goes on."
    bob.presses(bob.wait_for("✅ Running", after=cancelled.id - 1), "⏸ Pause")
    paused = bob.wait_for("days are waiting for you")
    assert "🚪 Send me my link" not in labels(paused.buttons)
    bob.presses(paused, "▶️ Resume")
    bob.wait_for("✅ Running", after=paused.id - 1)
    assert club.state(bob) == "active"


def test_cancel_forgets_an_open_question_before_it_cancels_anything(club: ChannelFixture) -> None:
    bob = club.shop.person("Bob")
    club.buys(bob)
    bob.presses(ask(bob, "/support", "order"), "Something else")
    bob.wait_for("Write your question")
    ask(bob, "/cancel", "Cancelled. Telegram's menu")
    assert club.state(bob) == "active"
    ask(club.shop.person("Eve"), "/cancel", "You have nothing to cancel")


def test_renewing_early_adds_to_the_end(club: ChannelFixture) -> None:
    bob = club.shop.person("Bob")
    ask(bob, "/renew", "nothing for you to renew")
    club.buys(bob)
    before = club.membership(bob)
    asked = bob.says("/renew")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=asked)
    assert bob.pays(bill).error is None
    wait_until(lambda: (now := club.membership(bob)) is not None and now.ends_at != before.ends_at)  # type: ignore[union-attr]
    after = club.membership(bob)
    assert before is not None
    assert before.ends_at is not None
    assert after is not None
    assert after.ends_at is not None
    assert after.ends_at - before.ends_at >= timedelta(days=28)


def test_a_trial_begins_once(club: ChannelFixture) -> None:
    bob = club.shop.person("Bob")
    card = club.card(bob)
    assert bob.presses(card, "🎁 7 days free").text == "Your trial begins! Your way in is coming in a moment."
    assert "have had your free trial" in str(bob.presses(card, "🎁 7 days free").text)
    status = ask(bob, "/status", "🎁 On trial: 7 days left")
    assert "⭐ Subscribe" in labels(status.buttons)
    assert "🎁 7 days free" not in labels(club.card(bob).buttons)


def test_two_payments_for_one_order_give_its_time_once(club: ChannelFixture) -> None:
    bob = club.shop.person("Bob")
    card = club.card(bob)
    bob.presses(card, f"buy:{club.plan_id}")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=card)
    first = bob.pays(bill)
    wait_until(lambda: club.state(bob) == "active")
    once = club.membership(bob)
    assert first.charge_id is not None

    bob.pays_again(first.charge_id)
    second = bob.pays(bill)

    assert "is already paid" in str(second.error)
    assert club.membership(bob) == once
    assert len(club.queued(Admit)) == 1


def test_what_may_not_be_bought_is_refused_before_the_money_moves(club: ChannelFixture) -> None:
    bob, eve = club.shop.person("Bob"), club.shop.person("Eve")
    card = club.card(bob)
    bob.presses(card, f"buy:{club.plan_id}")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=card)
    club.owner.press_data(ask(club.owner, "/plans", "🎫"), f"plan_put:{club.plan_id}:places:1")
    club.buys(eve)
    assert "All places of this plan are taken" in str(bob.pays(bill).error)
    assert "All places are taken" in club.card(bob).text
    assert club.state(bob) != "active"


@pytest.mark.parametrize(
    ("audience", "why"),
    [("active", "Only for current members"), ("past", "Only for former members")],
)
def test_a_plan_for_others_says_for_whom(shop: ShopBot, audience: str, why: str) -> None:
    club = ChannelFixture(shop, audience=audience, trial_days=0)
    card = club.card(shop.person("Bob"))
    assert why in card.text
    assert not [button for button in card.buttons if button.value.startswith("buy:")]


def test_a_renewal_by_telegram_is_a_link_and_its_cancellation_is_asked_of_telegram(shop: ShopBot) -> None:
    club = ChannelFixture(shop, unit="days", count=30, recurring=True)
    bob = shop.person("Bob")
    card = club.card(bob)
    assert "Telegram renews it every 30 days" in card.text
    bob.presses(card, f"buy:{club.plan_id}")
    offer = bob.wait_for("every 30 days, charged by Telegram")
    assert bob.pays(offer.buttons[0].value).error is None
    wait_until(lambda: club.state(bob) == "active")
    status = ask(bob, "/status", "Telegram charges this membership")
    assert "⏸ Pause" not in labels(status.buttons)

    told = bob.presses(status, "✖️ Cancel it").text
    assert told == "I am asking Telegram to stop charging. I will write to you as soon as it is done."
    assert club.state(bob) == "active"
    assert len(club.queued(SetStarRenewal)) == 1


def test_a_membership_is_shown_to_its_holder_only(club: ChannelFixture) -> None:
    bob, eve = club.shop.person("Bob"), club.shop.person("Eve")
    club.buys(bob)
    membership = club.membership(bob)
    assert membership is not None
    menu = ask(eve, "/status", "no membership yet")
    for name in ("member", "enter", "renew", "unsubscribe", "keep", "pause", "resume"):
        assert "There is no such membership of yours" in str(
            eve.press_data(menu, f"{name}:{membership.id}").text
        )
    assert club.state(bob) == "active"
