"""A seller connects a channel, is told what is missing by name, and sees what happens there."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.people.people import set_role
from schemas.membership import Channel
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.channel import ChannelFixture, user_of
from tests.support.shop_bot import ShopBot, ask
from tests.support.waiting import wait_until

RIGHTS = "admin=invite_users+restrict_members"


@pytest.fixture
def seller(shop: ShopBot) -> Person:
    """Ann, who has a shop and no channel yet."""
    ann = shop.person("Ann")
    shop.do(lambda session: id_of(make.seller(session, user_of(session, ann))))
    return ann


def test_a_channel_is_connected_once_no_right_is_missing(shop: ShopBot, seller: Person) -> None:
    empty = ask(seller, "/channels", "No channel is connected yet")
    links = [button.value for button in empty.buttons if button.kind == "url"]
    assert links == [
        f"https://t.me/shop_bot?startchannel&{RIGHTS}",
        f"https://t.me/shop_bot?startgroup&{RIGHTS}",
    ]
    room = shop.sandbox.add_channel("VIP <1>", seller)

    seller.adds_bot_as_admin(room, shop.handle, "invite_users")
    wait_until(lambda: shop.do(lambda session: session.exec(select(Channel)).one_or_none()))
    seller.presses(ask(seller, "/channels", "1 channel"), "🟠 VIP <1>")
    card = seller.wait_for("I lack some rights")
    assert "✅ Invite users via link" in card.text
    assert "❌ Ban users: missing. Without it nobody goes" in card.text
    assert seller.presses(card, "🔄 Check again").text == "A right is still missing."

    room.promote(shop.handle)
    assert seller.presses(card, "🔄 Check again").text == "All is well: I have both rights."
    assert "VIP <1>" in seller.wait_for("🟢 Connected").text


def test_a_channels_name_waits_for_staff_and_its_seller_reads_what_buyers_do(
    start_bot: Callable[..., ShopBot],
) -> None:
    shop = start_bot(moderation="all")
    ann, sam = shop.person("Ann"), shop.person("Sam")
    ask(sam, "/start", "Welcome")

    def open_shop(session: Session) -> None:
        set_role(session, sam.id, "support", actor="cli")
        make.seller(session, user_of(session, ann))

    shop.do(open_shop)
    shop.sandbox.add_channel("VIP <1>", ann, shop.handle)
    wait_until(lambda: "staff-channel-title-waiting" in shop.do(make.sent_texts))
    assert "channel-title-held" in shop.do(make.sent_texts)
    ann.presses(ask(ann, "/channels", "1 channel"), "🟢 VIP <1>")
    assert "buyers read “#1” here" in ann.wait_for("The team is looking at this name").text
    question = ask(sam, "/moderation", "name of a channel of Atelier Awa")
    assert "VIP <1>" in question.text
    sam.presses(question, "✅ Approve")
    sam.wait_for("is accepted")
    ann.presses(ask(ann, "/channels", "1 channel"), "🟢 VIP <1>")
    ann.wait_for(lambda message: "Connected" in message.text and "looking" not in message.text)


def test_who_adds_the_bot_before_opening_a_shop_is_told_to_open_one(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    ask(bob, "/start", "Welcome")
    shop.sandbox.add_channel("Early", bob, shop.handle)
    wait_until(lambda: shop.do(make.sent_texts) == ["channel-needs-shop"])
    assert shop.do(lambda session: session.exec(select(Channel)).all()) == []


@pytest.mark.parametrize(
    ("language", "first"), [("en", "1. Open your channel"), ("fr", "1. Ouvrez votre canal")]
)
def test_the_guide_shows_a_picture_for_each_step(shop: ShopBot, language: str, first: str) -> None:
    ann = shop.person("Ann", language=language)
    shop.do(lambda session: id_of(make.seller(session, user_of(session, ann, language))))
    menu = ask(ann, "/channels", "📣")
    ann.presses(menu, "rights_guide")
    ann.wait_for(
        lambda message: any("startchannel" in button.value for button in message.buttons), after=menu
    )
    pictures = [message for message in ann.chat if message.kind == "photo"]
    assert first in pictures[0].text
    assert len(pictures) == 4
    assert len({picture.album for picture in pictures}) == 1


def test_without_its_pictures_the_guide_is_told_in_words(shop: ShopBot, seller: Person) -> None:
    menu = ask(seller, "/channels", "No channel")
    shop.sandbox.fail_next("messages.sendMultiMedia", 400, "MEDIA_INVALID")
    seller.presses(menu, "🖼 The guide in pictures")
    assert "4. Leave these two rights" in seller.wait_for("1. Open your channel").text


def test_what_differs_from_the_payments_is_shown_and_acted_on_if_wanted(
    start_bot: Callable[..., ShopBot],
) -> None:
    channel = ChannelFixture.connect(start_bot(), language="en")
    bob, eve = channel.tries("Bob"), channel.person("Eve")
    channel.room.adds(eve)
    wait_until(lambda: channel.stands(eve, "member"))
    number = channel.do(lambda session: session.exec(select(Channel.id)).one())

    card = ask(channel.owner, "/channels", "1 channel")
    channel.owner.presses(card, f"channel:{number}")
    differences = channel.owner.wait_for("2 differences between members and payments")
    channel.owner.presses(differences, "🔍 What differs")
    lines = channel.owner.wait_for("1 person in without having paid").text
    assert f"• {eve.id}" in lines  # whom the bot has not met
    assert "Bob (Club)" in lines
    channel.owner.presses(differences, f"channel_events:1:{number}")
    assert "Eve is in without having paid" in channel.owner.wait_for("What happened").text
    channel.owner.presses(differences, f"channel:{number}")
    channel.owner.presses(channel.owner.wait_for("2 differences"), "🚪 Put out who did not pay")
    channel.owner.presses(channel.owner.wait_for("Put out of VIP everybody"), "🚪 Yes, put them out")
    assert "is put out" in channel.owner.wait_for("2 differences").text
    assert channel.room.members == [eve.id]
    assert bob.chat == []


def test_a_channel_is_shown_to_its_own_seller_only(start_bot: Callable[..., ShopBot]) -> None:
    channel = ChannelFixture.connect(start_bot())
    eve = channel.person("Eve")
    menu = ask(eve, "/help", "How it works")
    number = channel.do(lambda session: session.exec(select(Channel.id)).one())
    for data in (
        f"channel:{number}",
        f"channel_check:{number}",
        f"differences:{number}",
        f"enforce:{number}:act",
        f"enforced:{number}",
    ):
        refused = eve.press_data(menu, data)
        assert refused.alert, data
    ask(eve, "/channels", "/sell opens one")
    row = channel.row()
    assert row is not None
    assert row.enforcement == "list"


def test_a_channel_that_is_gone_says_what_to_do(start_bot: Callable[..., ShopBot]) -> None:
    channel = ChannelFixture.connect(start_bot(), language="en")
    number = channel.do(lambda session: session.exec(select(Channel.id)).one())
    channel.room.delete()
    wait_until(lambda: (row := channel.row()) is not None and row.state == "gone")
    channel.owner.presses(ask(channel.owner, "/channels", "1 channel"), "🔴 VIP")
    card = channel.owner.wait_for("Out of reach")
    assert "Payments stand" in card.text
    assert channel.owner.presses(card, f"channel_check:{number}").text == "I cannot find this channel."
