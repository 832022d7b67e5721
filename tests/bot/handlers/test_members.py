"""A buyer's side of a membership: the card, Stars, the trial, /status, /renew, /cancel."""

from datetime import timedelta

import pytest

from schemas.member_jobs import Admit, SetStarRenewal
from tests.support.channel import ChannelFixture
from tests.support.shop_bot import ShopBot, ask
from tests.support.waiting import wait_until

NBSP = "\u00a0"


def labels(buttons: object) -> list[str]:
    """What the buttons of a message say."""
    return [button.text for button in buttons]  # type: ignore[attr-defined]


def test_a_plan_is_bought_for_stars_and_stands_in_status(channel: ChannelFixture) -> None:
    bob = channel.person("Bob")
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
    wait_until(lambda: channel.state(bob) == "active")
    assert len(channel.queued(Admit)) == 1

    status = ask(bob, "/status", "Running:")
    assert "🚪 VIP: you are not in" in status.text
    assert bob.presses(status, "🚪 Send me my link").text == "Your way in is coming in a moment."
    assert len(channel.queued(Admit)) == 2


def test_it_is_cancelled_kept_paused_and_resumed(channel: ChannelFixture) -> None:
    bob = channel.person("Bob")
    channel.buys(bob)
    bob.presses(ask(bob, "/cancel", "What would you like to cancel?"), "✖️ Club")
    cancelled = bob.wait_for("✖️ Cancelled")
    assert channel.state(bob) == "cancelled"
    assert bob.presses(cancelled, "↩️ Keep my membership").text == "Done: your membership goes on."
    bob.presses(bob.wait_for("✅ Running", after=cancelled.id - 1), "⏸ Pause")
    paused = bob.wait_for("days are waiting for you")
    assert "🚪 Send me my link" not in labels(paused.buttons)
    bob.presses(paused, "▶️ Resume")
    bob.wait_for("✅ Running", after=paused.id - 1)
    assert channel.state(bob) == "active"


def test_cancel_forgets_an_open_question_before_it_cancels_anything(channel: ChannelFixture) -> None:
    bob = channel.person("Bob")
    channel.buys(bob)
    bob.presses(ask(bob, "/support", "order"), "Something else")
    bob.wait_for("Write your question")
    ask(bob, "/cancel", "Cancelled. Telegram’s menu")
    assert channel.state(bob) == "active"
    ask(channel.person("Eve"), "/cancel", "You have nothing to cancel")


def test_renewing_early_adds_to_the_end(channel: ChannelFixture) -> None:
    bob = channel.person("Bob")
    ask(bob, "/renew", "nothing for you to renew")
    channel.buys(bob)
    before = channel.membership(bob)
    command = bob.says("/renew")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=command)
    assert bob.pays(bill).error is None
    wait_until(lambda: (now := channel.membership(bob)) is not None and now.ends_at != before.ends_at)  # type: ignore[union-attr]
    after = channel.membership(bob)
    assert before is not None
    assert before.ends_at is not None
    assert after is not None
    assert after.ends_at is not None
    assert after.ends_at - before.ends_at >= timedelta(days=28)


def test_a_trial_begins_once(channel: ChannelFixture) -> None:
    bob = channel.person("Bob")
    card = channel.card(bob)
    assert bob.presses(card, "🎁 7 days free").text == "Your trial begins! Your way in is coming in a moment."
    assert "have had your free trial" in str(bob.presses(card, "🎁 7 days free").text)
    status = ask(bob, "/status", "🎁 On trial: 7 days left")
    assert "⭐ Subscribe" in labels(status.buttons)
    assert "🎁 7 days free" not in labels(channel.card(bob).buttons)


def test_two_payments_for_one_order_give_its_time_once(channel: ChannelFixture) -> None:
    bob = channel.person("Bob")
    card = channel.card(bob)
    bob.presses(card, f"buy:{channel.plan_id}")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=card)
    first = bob.pays(bill)
    wait_until(lambda: channel.state(bob) == "active")
    once = channel.membership(bob)
    assert first.charge_id is not None

    bob.pays_again(first.charge_id)
    second = bob.pays(bill)

    assert "is already paid" in str(second.error)
    assert channel.membership(bob) == once
    assert len(channel.queued(Admit)) == 1


def test_what_may_not_be_bought_is_refused_before_the_money_moves(channel: ChannelFixture) -> None:
    bob, eve = channel.person("Bob"), channel.person("Eve")
    card = channel.card(bob)
    bob.presses(card, f"buy:{channel.plan_id}")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=card)
    channel.owner.press_data(ask(channel.owner, "/plans", "🎫"), f"plan_put:{channel.plan_id}:places:1")
    channel.buys(eve)
    assert "All places of this plan are taken" in str(bob.pays(bill).error)
    assert "All places are taken" in channel.card(bob).text
    assert channel.state(bob) != "active"


@pytest.mark.parametrize(
    ("audience", "why"),
    [("active", "Only for current members"), ("past", "Only for former members")],
)
def test_a_plan_for_others_says_for_whom(shop: ShopBot, audience: str, why: str) -> None:
    channel = ChannelFixture.connect(shop, audience=audience, trial_days=0)
    card = channel.card(shop.person("Bob"))
    assert why in card.text
    assert not [button for button in card.buttons if button.value.startswith("buy:")]


def test_a_renewal_by_telegram_is_a_link_and_its_cancellation_is_asked_of_telegram(shop: ShopBot) -> None:
    channel = ChannelFixture.connect(shop, unit="days", count=30, recurring=True)
    bob = shop.person("Bob")
    card = channel.card(bob)
    assert "Telegram renews it every 30 days" in card.text
    bob.presses(card, f"buy:{channel.plan_id}")
    offer = bob.wait_for("every 30 days, charged by Telegram")
    assert bob.pays(offer.buttons[0].value).error is None
    wait_until(lambda: channel.state(bob) == "active")
    status = ask(bob, "/status", "Telegram charges this membership")
    assert "⏸ Pause" not in labels(status.buttons)

    answer = bob.presses(status, "✖️ Cancel it").text
    assert answer == "I am asking for the charges to stop. I will write to you as soon as it is done."
    assert channel.state(bob) == "active"
    assert len(channel.queued(SetStarRenewal)) == 1


def test_a_membership_is_shown_to_its_holder_only(channel: ChannelFixture) -> None:
    bob, eve = channel.person("Bob"), channel.person("Eve")
    channel.buys(bob)
    membership = channel.membership(bob)
    assert membership is not None
    menu = ask(eve, "/status", "no membership yet")
    for name in ("member", "enter", "renew", "unsubscribe", "keep", "pause", "resume"):
        assert "There is no such membership of yours" in str(
            eve.press_data(menu, f"{name}:{membership.id}").text
        )
    assert channel.state(bob) == "active"
