"""Memberships from the first press to the last day, in the sandbox, with the clock moved."""

from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.payments.refunds import request_refund
from schemas.sales import Order
from tests.support.month_simulation import DAY, Simulate
from tests.support.shop_bot import ask
from tests.support.waiting import wait_until


def test_a_member_is_let_in_warned_put_out_and_comes_back(simulate: Simulate) -> None:
    month = simulate(unit="days", count=30, grace_days=2)
    bob = month.channel.person("Bob")
    month.channel.buys(bob)
    month.enters(bob)
    bob.wait_for("You are in VIP")

    for days, words in ((23.01, "ends in 7 days"), (4, "ends in 3 days"), (2, "ends in 1 day,")):
        month.pass_days(days)
        bob.wait_for(words)
    month.pass_days(1)
    bob.wait_for("Renew before then to stay in")
    assert "⚠️ Ended on" in ask(bob, "/status", "Ended on").text
    assert month.inside(bob)
    month.pass_days(1)
    assert month.inside(bob)
    month.pass_days(1)
    month.until(lambda: month.outside(bob))
    gone = bob.wait_for("You have left the channel")
    assert "⌛️ Ended." in ask(bob, "/status", "Ended.").text

    bob.presses(gone, "🔁 Renew")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=gone)
    assert bob.pays(bill).error is None
    month.until(lambda: month.channel.state(bob) == "active")
    month.enters(bob)

    assert abs(month.ends_at(bob) - month.clock.now() - 30 * DAY) < 0.01 * DAY
    assert month.bans(bob) == 1
    for words in ("ends in 7 days", "ends in 3 days", "ends in 1 day,", "You have left the channel"):
        assert month.sandbox.reached(words) == {bob.id: 1}, words
    assert month.sandbox.reached("Renew before then to stay in") == {bob.id: 2}  # once for each day of grace


def test_a_trial_leads_to_an_offer_and_who_pays_never_leaves(simulate: Simulate) -> None:
    month = simulate(trial_days=7)
    bob, eve = month.channel.person("Bob"), month.channel.person("Eve")
    for person in (bob, eve):
        person.presses(month.channel.card(person), "🎁 7 days free")
        month.enters(person)
    month.pass_days(6.01)
    offer = bob.wait_for("Your free trial of Club ends in 1 day")
    assert "nothing is charged" in offer.text
    bob.presses(offer, "⭐ Subscribe")
    bill = bob.wait_for(lambda message: message.invoice is not None, after=offer)
    assert bob.pays(bill).error is None
    month.until(lambda: month.channel.state(bob) == "active")

    month.pass_days(1.1)
    month.until(lambda: month.outside(eve))

    eve.wait_for("Your free trial of Club is over")
    assert month.inside(bob)
    assert month.ends_at(bob) - month.clock.now() > 29 * DAY  # the day of trial that was left is kept
    assert month.bans(bob) == 0


def test_a_refund_puts_a_member_out_at_once(simulate: Simulate) -> None:
    month = simulate()
    bob = month.channel.person("Bob")
    month.channel.buys(bob)
    month.enters(bob)

    def refund(session: Session) -> None:
        order = session.exec(select(Order)).one()
        request_refund(session, id_of(order), actor="cli", reason="asked for it", now=month.clock.now())

    month.read(refund)
    month.until(lambda: month.outside(bob))

    bob.wait_service("refunded")
    assert month.channel.state(bob) == "revoked"
    bob.requests_to_join(month.channel.link)
    month.until(lambda: month.channel.was_answered(bob) and bob.id not in month.channel.room.requests)
    assert month.outside(bob)


def test_a_stranger_goes_away_with_the_way_to_buy_and_the_member_gets_a_new_link(simulate: Simulate) -> None:
    month = simulate(joining="one_use")
    bob, eve = month.channel.person("Bob"), month.channel.person("Eve")
    ask(eve, "/start", "Welcome")
    month.channel.buys(bob)
    leaked = month.way_in(bob)
    first = bob.chat[-1].id

    eve.joins(leaked)
    month.until(lambda: month.outside(eve) and month.bans(eve) == 1)

    explanation = eve.wait_for("belonged to somebody else")
    eve.presses(explanation, "🎫 See the membership")
    eve.wait_for("Lets you into: VIP")
    fresh = month.way_in(bob, after=first)
    assert fresh != leaked
    assert leaked not in month.channel.room.links
    bob.joins(fresh)
    month.until(lambda: month.inside(bob))
    channel = month.channel.row()
    assert channel is not None
    menu = ask(month.channel.owner, "/channels", "1 channel")
    month.channel.owner.press_data(menu, f"channel_events:1:{channel.id}")
    assert "Eve came by somebody else’s link" in month.channel.owner.wait_for("What happened").text


def test_a_bot_that_loses_its_rights_alarms_the_seller_and_catches_up(simulate: Simulate) -> None:
    month = simulate(unit="days", count=30)
    bob, eve = month.channel.person("Bob"), month.channel.person("Eve")
    month.channel.buys(bob)
    month.enters(bob)
    month.channel.room.promote(month.channel.bot, "invite_users")
    month.until(lambda: (row := month.channel.row()) is not None and row.state == "rights_missing")
    month.work()
    assert "❌ Ban users" in month.channel.owner.wait_for("the bot lacks rights").text

    month.channel.buys(eve)  # nothing else stops
    month.enters(eve)
    month.pass_days(30.01)
    month.work()
    assert bob.id in month.channel.room.members
    assert month.channel.state(bob) == "expired"

    month.channel.room.promote(month.channel.bot)
    month.until(lambda: (row := month.channel.row()) is not None and row.state == "connected")
    month.pass_days(0.01)
    month.until(lambda: month.outside(bob))
    month.channel.owner.wait_for("has its rights again")


def test_a_channel_that_is_gone_costs_nobody_their_payment(simulate: Simulate) -> None:
    month = simulate()
    bob = month.channel.person("Bob")
    month.channel.buys(bob)
    month.channel.room.delete()
    month.until(lambda: (row := month.channel.row()) is not None and row.state == "gone")
    month.work()

    bob.wait_for("Your payment is safe")
    month.channel.owner.wait_for("VIP cannot be reached")
    order = month.read(lambda session: session.exec(select(Order)).one())
    assert (order.status, order.needs_support_at is not None) == ("paid", True)
    assert month.channel.state(bob) == "active"

    second = month.sandbox.add_channel("VIP 2", month.channel.owner, month.channel.bot)
    menu = ask(month.channel.owner, "/plans", "1 plan")
    month.channel.owner.presses(menu, f"my_plan:{month.channel.plan_id}")
    month.channel.owner.presses(month.channel.owner.wait_for("On sale"), "⚙️ Settings")
    month.channel.owner.presses(month.channel.owner.wait_for("touch what"), "📣 Channels it opens")
    month.channel.owner.presses(month.channel.owner.wait_for("Which channels"), "⬜️ VIP 2")
    status = ask(bob, "/status", "Running")
    bob.presses(status, "🚪 Send me my link")
    bob.requests_to_join(month.way_in(bob))
    wait_until(lambda: second.members == [bob.id])


def test_stars_that_telegram_charges_go_on_until_they_are_cancelled_there(simulate: Simulate) -> None:
    month = simulate(unit="days", count=30, recurring=True)
    bob = month.channel.person("Bob")
    card = month.channel.card(bob)
    bob.presses(card, f"buy:{month.channel.plan_id}")
    offer = bob.wait_for("every 30 days, charged by Telegram")
    assert bob.pays(offer.buttons[0].value).error is None
    month.until(lambda: month.channel.state(bob) == "active")
    month.enters(bob)
    first_end = month.ends_at(bob)

    month.pass_days(30.01)
    month.until(lambda: month.ends_at(bob) > first_end + 29 * DAY)
    assert month.inside(bob)
    assert month.sandbox.reached("ends in 1 day") == {}
    bob.presses(ask(bob, "/cancel", "What would you like to cancel?"), "✖️ Club")
    month.until(lambda: month.channel.state(bob) == "cancelled")
    bob.wait_for("Club will not be renewed")
    assert [each["bot_canceled"] or each["canceled"] for each in bob.subscriptions] == [True]

    month.pass_days(30.01)
    month.until(lambda: month.outside(bob))
    assert len(month.read(lambda s: s.exec(select(col(Order.id))).all())) == 2
