"""Memberships from the first press to the last day, in the sandbox, with the clock moved."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.kit.db import Database
from core.kit.rows import id_of
from core.payments.refunds import request_refund
from core.process.settings import Settings
from schemas.sales import Order
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.bot.conftest import ShopBot, ask, bot_settings, running_bot, sandbox, wait_until
from tests.support.month_simulation import DAY, Clock, MonthSimulation, open_stage

__all__ = ["bot_settings", "sandbox"]

OpenStage = Callable[..., MonthSimulation]


@pytest.fixture
def stage(
    bot_settings: Callable[..., Settings],
    sandbox: Sandbox,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[OpenStage]:
    """Open a stage whose plan has the terms that the test names."""
    with ExitStack() as open_parts:
        clock = Clock(monkeypatch)
        settings = bot_settings(session_dir=tmp_path, telegram_rate=1000, telegram_chat_rate=1000)

        def build(**terms: Any) -> MonthSimulation:
            shop = ShopBot(sandbox, database)
            open_parts.enter_context(running_bot(settings, database))
            wait_until(lambda: len(shop.handle.settings["commands"]) >= 3, seconds=30)
            return open_parts.enter_context(open_stage(shop, settings, clock, **terms))

        yield build


def test_a_member_is_let_in_warned_put_out_and_comes_back(stage: OpenStage) -> None:
    play = stage(unit="days", count=30, grace_days=2)
    bob = play.club.shop.person("Bob")
    play.club.buys(bob)
    play.enters(bob)
    bob.wait_for("You are in VIP")

    for days, words in ((23.01, "ends in 7 days"), (4, "ends in 3 days"), (2, "ends in 1 day,")):
        play.pass_days(days)
        bob.wait_for(words)
    play.pass_days(1)
    bob.wait_for("Renew before then to stay in")
    assert "⚠️ Ended on" in ask(bob, "/status", "Ended on").text
    assert play.inside(bob)
    play.pass_days(1)
    assert play.inside(bob)
    play.pass_days(1)
    play.until(lambda: play.outside(bob))
    gone = bob.wait_for("You have left the channel")
    assert "⌛️ Ended." in ask(bob, "/status", "Ended.").text

    bob.presses(gone, "🔁 Renew")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=gone)
    assert bob.pays(bill).error is None
    play.until(lambda: play.club.state(bob) == "active")
    play.enters(bob)

    assert abs(play.ends_at(bob) - play.clock.now() - 30 * DAY) < 0.01 * DAY
    assert play.removals(bob) == ["banned"]
    for words in ("ends in 7 days", "ends in 3 days", "ends in 1 day,", "You have left the channel"):
        assert play.sandbox.reached(words) == {bob.id: 1}, words
    assert play.sandbox.reached("Renew before then to stay in") == {bob.id: 2}  # once for each day of grace


def test_a_trial_leads_to_an_offer_and_who_pays_never_leaves(stage: OpenStage) -> None:
    play = stage(trial_days=7)
    bob, eve = play.club.shop.person("Bob"), play.club.shop.person("Eve")
    for person in (bob, eve):
        person.presses(play.club.card(person), "🎁 7 days free")
        play.enters(person)
    play.pass_days(6.01)
    offer = bob.wait_for("Your free trial of Club ends in 1 day")
    assert "nothing is charged" in offer.text
    bob.presses(offer, "⭐ Subscribe")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=offer)
    assert bob.pays(bill).error is None
    play.until(lambda: play.club.state(bob) == "active")

    play.pass_days(1.1)
    play.until(lambda: play.outside(eve))

    eve.wait_for("Your free trial of Club is over")
    assert play.inside(bob)
    assert play.ends_at(bob) - play.clock.now() > 29 * DAY  # the day of trial that was left is kept
    assert play.removals(bob) == []


def test_a_refund_puts_a_member_out_at_once(stage: OpenStage) -> None:
    play = stage()
    bob = play.club.shop.person("Bob")
    play.club.buys(bob)
    play.enters(bob)

    def refund(session: Session) -> None:
        order = session.exec(select(Order)).one()
        request_refund(session, id_of(order), actor="cli", reason="asked for it", now=play.clock.now())

    play.read(refund)
    play.until(lambda: play.outside(bob))

    bob.wait_service("refunded")
    assert play.club.state(bob) == "revoked"
    bob.requests_to_join(play.club.link)
    play.until(lambda: play.club.was_answered(bob) and bob.id not in play.club.room.requests)
    assert play.outside(bob)


def test_a_stranger_goes_away_with_the_way_to_buy_and_the_member_gets_a_new_link(stage: OpenStage) -> None:
    play = stage(joining="one_use")
    bob, eve = play.club.shop.person("Bob"), play.club.shop.person("Eve")
    ask(eve, "/start", "Welcome")
    play.club.buys(bob)
    leaked = play.way_in(bob)
    first = bob.chat[-1].id

    eve.joins(leaked)
    play.until(lambda: play.outside(eve) and play.removals(eve) == ["banned"])

    told = eve.wait_for("belonged to somebody else")
    eve.presses(told, "🎫 See the membership")
    eve.wait_for("Lets you into: VIP")
    fresh = play.way_in(bob, after=first)
    assert fresh != leaked
    assert leaked not in play.club.room.links
    bob.joins(fresh)
    play.until(lambda: play.inside(bob))
    channel = play.club.channel()
    assert channel is not None
    menu = ask(play.club.owner, "/channels", "1 channel")
    play.club.owner.press_data(menu, f"channel_events:1:{channel.id}")
    assert "Eve came by somebody else's link" in play.club.owner.wait_for("What happened").text


def test_a_bot_that_loses_its_rights_alarms_the_seller_and_catches_up(stage: OpenStage) -> None:
    play = stage(unit="days", count=30)
    bob, eve = play.club.shop.person("Bob"), play.club.shop.person("Eve")
    play.club.buys(bob)
    play.enters(bob)
    play.club.room.promote(play.club.shop.handle, "invite_users")
    play.until(lambda: (channel := play.club.channel()) is not None and channel.state == "rights_missing")
    play.work()
    assert "❌ Ban users" in play.club.owner.wait_for("the bot lacks rights").text

    play.club.buys(eve)  # nothing else stops
    play.enters(eve)
    play.pass_days(30.01)
    play.work()
    assert bob.id in play.club.room.members
    assert play.club.state(bob) == "expired"

    play.club.room.promote(play.club.shop.handle)
    play.until(lambda: (channel := play.club.channel()) is not None and channel.state == "connected")
    play.pass_days(0.01)
    play.until(lambda: play.outside(bob))
    play.club.owner.wait_for("has its rights again")


def test_a_channel_that_is_gone_costs_nobody_their_payment(stage: OpenStage) -> None:
    play = stage()
    bob = play.club.shop.person("Bob")
    play.club.buys(bob)
    play.club.room.delete()
    play.until(lambda: (channel := play.club.channel()) is not None and channel.state == "gone")
    play.work()

    bob.wait_for("Your payment is safe")
    play.club.owner.wait_for("VIP cannot be reached")
    order = play.read(lambda session: session.exec(select(Order)).one())
    assert (order.status, order.needs_support_at is not None) == ("paid", True)
    assert play.club.state(bob) == "active"

    second = play.sandbox.add_channel("VIP 2", play.club.owner, play.club.shop.handle)
    menu = ask(play.club.owner, "/plans", "1 plan")
    play.club.owner.presses(menu, f"my_plan:{play.club.plan_id}")
    play.club.owner.presses(play.club.owner.wait_for("On sale"), "⚙️ Settings")
    play.club.owner.presses(play.club.owner.wait_for("touch what"), "📣 Channels it opens")
    play.club.owner.presses(play.club.owner.wait_for("Which channels"), "⬜️ VIP 2")
    status = ask(bob, "/status", "Running")
    bob.presses(status, "🚪 Send me my link")
    bob.requests_to_join(play.way_in(bob))
    wait_until(lambda: second.members == [bob.id])


def test_stars_that_telegram_charges_go_on_until_they_are_cancelled_there(stage: OpenStage) -> None:
    play = stage(unit="days", count=30, recurring=True)
    bob = play.club.shop.person("Bob")
    card = play.club.card(bob)
    bob.presses(card, f"buy:{play.club.plan_id}")
    offer = bob.wait_for("every 30 days, charged by Telegram")
    assert bob.pays(offer.buttons[0].value).error is None
    play.until(lambda: play.club.state(bob) == "active")
    play.enters(bob)
    first_end = play.ends_at(bob)

    play.pass_days(30.01)
    play.until(lambda: play.ends_at(bob) > first_end + 29 * DAY)
    assert play.inside(bob)
    assert play.sandbox.reached("ends in 1 day") == {}
    bob.presses(ask(bob, "/cancel", "What would you like to cancel?"), "✖️ Club")
    play.until(lambda: play.club.state(bob) == "cancelled")
    bob.wait_for("Club will not be renewed")
    assert [each["bot_canceled"] or each["canceled"] for each in bob.subscriptions] == [True]

    play.pass_days(30.01)
    play.until(lambda: play.outside(bob))
    assert len(play.read(lambda s: s.exec(select(col(Order.id))).all())) == 2
