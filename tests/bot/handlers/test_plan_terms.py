"""A seller changes a plan: each setting, its codes, its channels."""

from core.kit.money import Money
from core.memberships.plans import channels_of_plan
from scripts.sandbox.telegram.views import Message
from tests.bot.conftest import ask
from tests.bot.handlers.conftest import view_of
from tests.support.bot_club import ChannelFixture


def settings(club: ChannelFixture) -> Message:
    """The seller opens the settings of the plan."""
    menu = ask(club.owner, "/plans", "My plans")
    club.owner.presses(menu, f"my_plan:{club.plan_id}")
    club.owner.presses(club.owner.wait_for("On sale"), "⚙️ Settings")
    return club.owner.wait_for("touch what you want to change")


def put(club: ChannelFixture, field: str, value: str, wanted: str) -> str:
    """Choose a setting and type its value; the answer."""
    menu = settings(club)
    club.owner.presses(menu, f"plan_set:{club.plan_id}:{field}")
    return ask(club.owner, value, wanted).text


def test_each_setting_is_typed_or_pressed_and_a_wrong_one_explained(club: ChannelFixture) -> None:
    assert "This length is not possible" in put(club, "length", "4000 days", "not possible")
    assert "Length: 45 days" in ask(club.owner, "45 days", "touch what").text
    assert "Trial: 3 days" in put(club, "trial_days", "3", "touch what")
    assert "0 to 30 days" in put(club, "grace_days", "31", "Grace lasts")
    assert "Places: 2 at most" in put(club, "places", "2", "touch what")
    assert "Price on the website: 12.00\u00a0CHF" in put(club, "site", "12 CHF", "touch what")
    for field, value, wanted in (
        ("grace_days", "0", "Grace: None"),
        ("audience", "past", "For whom: My former members"),
        ("joining", "one_use", "Coming in: A one-use link"),
        ("starts", "entry", "Begins: When they first come in"),
        ("length", "30 days", "Length: 30 days"),
    ):
        menu = settings(club)
        club.owner.presses(menu, f"plan_set:{club.plan_id}:{field}")
        club.owner.presses(menu, f"plan_put:{club.plan_id}:{field}:{value}")
        club.owner.wait_for(wanted, after=menu.id - 1)
    seen = view_of(club)
    assert (seen.terms.places, seen.terms.trial_days, seen.terms.audience) == (2, 3, "past")
    assert seen.prices["crypto"] == Money(1200, "CHF")


def test_renewal_by_telegram_needs_thirty_days(club: ChannelFixture) -> None:
    menu = settings(club)
    club.owner.press_data(menu, f"plan_put:{club.plan_id}:recurring:yes")
    set_now = club.owner.wait_for("Renewal: By Telegram, every 30 days")
    assert "Length: 30 days" in set_now.text
    club.owner.press_data(menu, f"plan_put:{club.plan_id}:length:3 months")
    club.owner.wait_for("Renewal: Never without a press")
    for data in (f"plan_put:{club.plan_id}:audience:friends", f"plan_put:{club.plan_id}:magic:1"):
        assert club.owner.press_data(menu, data).alert


def test_a_code_opens_the_plan_to_whoever_has_it(club: ChannelFixture) -> None:
    menu = settings(club)
    club.owner.press_data(menu, f"plan_put:{club.plan_id}:audience:code")
    club.owner.presses(club.owner.wait_for("Those who have a code"), "🔑 Codes")
    club.owner.wait_for("No code yet")
    assert "SPRING – 1 use left" in ask(club.owner, "spring 1", "1 code").text

    bob, eve = club.shop.person("Bob"), club.shop.person("Eve")
    card = club.card(bob)
    assert "needs a code" in card.text
    assert not [button for button in card.buttons if button.value.startswith("buy:")]
    bob.presses(card, "🔑 I have a code")
    bob.wait_for("What is your code?")
    ask(bob, "summer", "This code is not valid")
    assert [b.text for b in ask(bob, "Spring", "Club").buttons if b.value.startswith("buy:")]
    eve.presses(club.card(eve), "🔑 I have a code")
    ask(eve, "SPRING", "This code is not valid")


def test_channels_are_added_and_the_last_one_stays(club: ChannelFixture) -> None:
    second = club.shop.sandbox.add_channel("Workshop", club.owner, club.shop.handle)
    menu = settings(club)
    club.owner.presses(menu, "📣 Channels it opens")
    rooms = club.owner.wait_for("Which channels does it open?")
    club.owner.presses(rooms, f"⬜️ {second.title}")
    club.owner.wait_for(lambda m: any(b.text == "✅ Workshop" for b in m.buttons))
    opened = club.shop.do(lambda s: [channel.title for channel in channels_of_plan(s, club.plan_id)])
    assert opened == ["VIP", "Workshop"]
    club.owner.presses(rooms, "✅ VIP")
    club.owner.wait_for(lambda m: any(b.text == "⬜️ VIP" for b in m.buttons))
    assert "opens no channel yet" in str(club.owner.presses(rooms, "✅ Workshop").text)
