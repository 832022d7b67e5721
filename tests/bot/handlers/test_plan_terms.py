"""A seller changes a plan: each setting, its codes, its channels."""

from core.memberships.plans import channels_of_plan
from scripts.sandbox.telegram.views import Message
from tests.support.channel import ChannelFixture, view_of
from tests.support.shop_bot import ask


def settings(channel: ChannelFixture) -> Message:
    """The seller opens the settings of the plan."""
    menu = ask(channel.owner, "/plans", "My plans")
    channel.owner.presses(menu, f"my_plan:{channel.plan_id}")
    channel.owner.presses(channel.owner.wait_for("On sale"), "⚙️ Settings")
    return channel.owner.wait_for("touch what you want to change")


def put(channel: ChannelFixture, field: str, value: str, expected: str) -> str:
    """Choose a setting and type its value; the answer."""
    menu = settings(channel)
    channel.owner.presses(menu, f"plan_set:{channel.plan_id}:{field}")
    return ask(channel.owner, value, expected).text


def test_each_setting_is_typed_or_pressed_and_a_wrong_one_explained(channel: ChannelFixture) -> None:
    assert "This length is not possible" in put(channel, "length", "4000 days", "not possible")
    assert "Length: 45 days" in ask(channel.owner, "45 days", "touch what").text
    assert "Trial: 3 days" in put(channel, "trial_days", "3", "touch what")
    assert "0 to 30 days" in put(channel, "grace_days", "31", "Grace lasts")
    assert "Places: 2 at most" in put(channel, "places", "2", "touch what")
    for field, value, expected in (
        ("grace_days", "0", "Grace: None"),
        ("audience", "past", "For whom: My former members"),
        ("joining", "one_use", "Coming in: A one-use link"),
        ("starts", "entry", "Begins: When they first come in"),
        ("length", "30 days", "Length: 30 days"),
    ):
        menu = settings(channel)
        channel.owner.presses(menu, f"plan_set:{channel.plan_id}:{field}")
        channel.owner.presses(menu, f"plan_put:{channel.plan_id}:{field}:{value}")
        channel.owner.wait_for(expected, after=menu.id - 1)
    seen = view_of(channel)
    assert (seen.terms.places, seen.terms.trial_days, seen.terms.audience) == (2, 3, "past")


def test_renewal_by_telegram_needs_thirty_days(channel: ChannelFixture) -> None:
    menu = settings(channel)
    channel.owner.press_data(menu, f"plan_put:{channel.plan_id}:recurring:yes")
    set_now = channel.owner.wait_for("Renewal: By Telegram, every 30 days")
    assert "Length: 30 days" in set_now.text
    channel.owner.press_data(menu, f"plan_put:{channel.plan_id}:length:3 months")
    channel.owner.wait_for("Renewal: Never without a press")
    for data in (f"plan_put:{channel.plan_id}:audience:friends", f"plan_put:{channel.plan_id}:magic:1"):
        assert channel.owner.press_data(menu, data).alert


def test_a_code_opens_the_plan_to_whoever_has_it(channel: ChannelFixture) -> None:
    menu = settings(channel)
    channel.owner.press_data(menu, f"plan_put:{channel.plan_id}:audience:code")
    channel.owner.presses(channel.owner.wait_for("Those who have a code"), "🔑 Codes")
    channel.owner.wait_for("No code yet")
    assert "SPRING – 1 use left" in ask(channel.owner, "spring 1", "1 code").text

    bob, eve = channel.person("Bob"), channel.person("Eve")
    card = channel.card(bob)
    assert "needs a code" in card.text
    assert not [button for button in card.buttons if button.value.startswith("buy:")]
    bob.presses(card, "🔑 I have a code")
    bob.wait_for("What is your code?")
    ask(bob, "summer", "This code is not valid")
    assert [b.text for b in ask(bob, "Spring", "Club").buttons if b.value.startswith("buy:")]
    eve.presses(channel.card(eve), "🔑 I have a code")
    ask(eve, "SPRING", "This code is not valid")


def test_channels_are_added_and_the_last_one_stays(channel: ChannelFixture) -> None:
    second = channel.sandbox.add_channel("Workshop", channel.owner, channel.bot)
    menu = settings(channel)
    channel.owner.presses(menu, "📣 Channels it opens")
    rooms = channel.owner.wait_for("Which channels does it open?")
    channel.owner.presses(rooms, f"⬜️ {second.title}")
    channel.owner.wait_for(lambda m: any(b.text == "✅ Workshop" for b in m.buttons))
    opened = channel.do(lambda s: [channel.title for channel in channels_of_plan(s, channel.plan_id)])
    assert opened == ["VIP", "Workshop"]
    channel.owner.presses(rooms, "✅ VIP")
    channel.owner.wait_for(lambda m: any(b.text == "⬜️ VIP" for b in m.buttons))
    assert "opens no channel yet" in str(channel.owner.presses(rooms, "✅ Workshop").text)
