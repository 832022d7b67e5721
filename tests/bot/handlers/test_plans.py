"""A seller makes plans in the bot, puts them on sale and closes them."""

from core.kit.rows import id_of
from tests.bot.conftest import ShopBot, ask, wait_until
from tests.bot.handlers.conftest import view_of
from tests.support import make
from tests.support.bot_club import ChannelFixture, known


def test_a_plan_is_made_in_a_few_answers_and_put_on_sale(club: ChannelFixture) -> None:
    ann = club.owner
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
    bob = club.shop.person("Bob")
    bob.presses(ask(bob, "sewing", "1 product found"), "Sewing <club> · 500\u00a0⭐")
    assert "Lets you into: VIP" in bob.wait_for("3 months").text


def test_questions_may_be_left_and_the_site_price_left_out(club: ChannelFixture) -> None:
    ann = club.owner
    ann.presses(ask(ann, "/plans", "1 plan"), "➕ New plan")
    asked = ask(ann, "Month", "How long")
    ask(ann, "/cancel", "Cancelled")
    assert "Too much time has passed" in str(ann.presses(asked, "1 month").text)

    ann.presses(ask(ann, "/plans", "1 plan"), "➕ New plan")
    ask(ann, "Month", "How long")
    ask(ann, "soon", "This length is not possible")
    ask(ann, "31/12/2020", "What does it cost in Stars")
    price = ask(ann, "100", "on the website")
    assert "This date is not possible" in str(ann.presses(price, "No price here").text)


def test_without_a_channel_a_plan_begins_with_connecting_one(shop: ShopBot) -> None:
    ann = shop.person("Ann")
    shop.do(lambda session: id_of(make.seller(session, known(session, ann))))
    ann.presses(ask(ann, "/plans", "You have none yet"), "➕ New plan")
    ann.wait_for("No channel is connected yet")


def test_a_closed_plan_keeps_its_members_and_sells_no_more(club: ChannelFixture) -> None:
    bob, eve = club.shop.person("Bob"), club.shop.person("Eve")
    club.buys(bob)
    eves = club.card(eve)
    menu = ask(club.owner, "/plans", "My plans")
    club.owner.presses(menu, f"my_plan:{club.plan_id}")
    club.owner.presses(club.owner.wait_for("1 member"), "✖️ Close this plan")
    club.owner.presses(club.owner.wait_for("stays to the end of their time"), "✖️ Yes, close it for good")
    club.owner.wait_for("⚪️ Closed")

    assert "no longer for sale" in str(eve.presses(eves, f"buy:{club.plan_id}").text)
    status = ask(bob, "/status", "Running: 30 days left")
    assert not [button for button in status.buttons if button.value.startswith("renew:")]
    bob.requests_to_join(club.link)
    wait_until(lambda: club.room.members == [bob.id])
    ask(bob, "/renew", "nothing for you to renew")
    assert "not on sale" in str(club.owner.press_data(menu, f"plan_turn:{club.plan_id}").text)


def test_a_plan_is_run_by_its_seller_only(club: ChannelFixture) -> None:
    eve = club.shop.person("Eve")
    club.shop.do(lambda session: id_of(make.seller(session, known(session, eve), name="Other")))
    menu = ask(eve, "/plans", "You have none yet")
    for data in ("my_plan", "plan_turn", "plan_closed", "plan_edit", "import", "plan_codes", "plan_rooms"):
        assert eve.press_data(menu, f"{data}:{club.plan_id}").alert, data
    for data in (f"plan_put:{club.plan_id}:places:1", f"plan_members:1:{club.plan_id}", "my_plan:999"):
        assert eve.press_data(menu, data).alert, data
    assert view_of(club).status == "open"
