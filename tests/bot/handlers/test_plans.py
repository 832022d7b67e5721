"""A seller makes plans in the bot, puts them on sale and closes them."""

from core.kit.rows import id_of
from tests.support import make
from tests.support.channel import ChannelFixture, user_of, view_of
from tests.support.shop_bot import ShopBot, ask
from tests.support.waiting import wait_until


def test_a_plan_is_made_in_a_few_answers_and_put_on_sale(channel: ChannelFixture) -> None:
    ann = channel.owner
    ann.presses(ask(ann, "/plans", "1 plan"), "➕ New plan")
    ann.wait_for("What is this plan called?")
    ann.presses(ask(ann, "Sewing <club>", "How long does it last?"), "3 months")
    ann.wait_for("What does it cost in Stars?")
    ask(ann, "many", "“many” is not an amount")
    ask(ann, "500", "What does it cost on the website?")
    draft = ask(ann, "9.99 €", "Draft, buyers do not see it")
    assert "Sewing <club>" in draft.text
    assert "500\u00a0⭐ · €9.99 · 3 months" in draft.text

    ann.presses(draft, "🟢 Put on sale")
    ann.wait_for("🟢 On sale", after=draft.id - 1)
    bob = channel.person("Bob")
    bob.presses(ask(bob, "sewing", "1 product found"), "Sewing <club> · 500\u00a0⭐")
    assert "Lets you into: VIP" in bob.wait_for("3 months").text


def test_questions_may_be_left_and_the_site_price_left_out(channel: ChannelFixture) -> None:
    ann = channel.owner
    ann.presses(ask(ann, "/plans", "1 plan"), "➕ New plan")
    question = ask(ann, "Month", "How long")
    ask(ann, "/cancel", "Cancelled")
    assert "Too much time has passed" in str(ann.presses(question, "1 month").text)

    ann.presses(ask(ann, "/plans", "1 plan"), "➕ New plan")
    ask(ann, "Month", "How long")
    ask(ann, "soon", "This length is not possible")
    ask(ann, "31/12/2020", "What does it cost in Stars")
    price = ask(ann, "100", "on the website")
    assert "This date is not possible" in str(ann.presses(price, "No price here").text)


def test_without_a_channel_a_plan_begins_with_connecting_one(shop: ShopBot) -> None:
    ann = shop.person("Ann")
    shop.do(lambda session: id_of(make.seller(session, user_of(session, ann))))
    ann.presses(ask(ann, "/plans", "You have none yet"), "➕ New plan")
    ann.wait_for("No channel is connected yet")


def test_a_closed_plan_keeps_its_members_and_sells_no_more(channel: ChannelFixture) -> None:
    bob, eve = channel.person("Bob"), channel.person("Eve")
    channel.buys(bob)
    eves = channel.card(eve)
    menu = ask(channel.owner, "/plans", "My plans")
    channel.owner.presses(menu, f"my_plan:{channel.plan_id}")
    channel.owner.presses(channel.owner.wait_for("1 member"), "✖️ Close this plan")
    channel.owner.presses(
        channel.owner.wait_for("stays to the end of their time"), "✖️ Yes, close it for good"
    )
    channel.owner.wait_for("⚪️ Closed")

    assert "no longer for sale" in str(eve.presses(eves, f"buy:{channel.plan_id}").text)
    status = ask(bob, "/status", "Running: 30 days left")
    assert not [button for button in status.buttons if button.value.startswith("renew:")]
    bob.requests_to_join(channel.link)
    wait_until(lambda: channel.room.members == [bob.id])
    ask(bob, "/renew", "nothing for you to renew")
    assert "not on sale" in str(channel.owner.press_data(menu, f"plan_turn:{channel.plan_id}").text)


def test_a_plan_is_run_by_its_seller_only(channel: ChannelFixture) -> None:
    eve = channel.person("Eve")
    channel.do(lambda session: id_of(make.seller(session, user_of(session, eve), name="Other")))
    menu = ask(eve, "/plans", "You have none yet")
    for data in ("my_plan", "plan_turn", "plan_closed", "plan_edit", "import", "plan_codes", "plan_rooms"):
        assert eve.press_data(menu, f"{data}:{channel.plan_id}").alert, data
    for data in (f"plan_put:{channel.plan_id}:places:1", f"plan_members:1:{channel.plan_id}", "my_plan:999"):
        assert eve.press_data(menu, data).alert, data
    assert view_of(channel).status == "open"
