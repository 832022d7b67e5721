"""A seller connects a channel, is told what is missing by name, and sees what happens there."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from core.kit.rows import id_of
from schemas.membership import Channel
from scripts.sandbox.telegram.driver import Person
from tests.bot.conftest import ShopBot, ask, wait_until
from tests.support import make
from tests.support.bot_club import ChannelFixture, known

RIGHTS = "admin=invite_users+restrict_members"


@pytest.fixture
def seller(shop: ShopBot) -> Person:
    """Ann, who has a shop and no channel yet."""
    ann = shop.person("Ann")
    shop.do(lambda session: id_of(make.seller(session, known(session, ann))))
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


def test_who_adds_the_bot_before_opening_a_shop_is_told_to_open_one(shop: ShopBot) -> None:
    bob = shop.person("Bob")
    ask(bob, "/start", "Welcome")
    shop.sandbox.add_channel("Early", bob, shop.handle)
    wait_until(lambda: shop.do(make.told) == ["channel-needs-shop"])
    assert shop.do(lambda session: session.exec(select(Channel)).all()) == []


@pytest.mark.parametrize(
    ("language", "first"), [("en", "1. Open your channel"), ("fr", "1. Ouvrez votre canal")]
)
def test_the_guide_shows_a_picture_for_each_step(shop: ShopBot, language: str, first: str) -> None:
    ann = shop.person("Ann", language=language)
    shop.do(lambda session: id_of(make.seller(session, known(session, ann, language))))
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
    club = ChannelFixture(start_bot(), language="en")
    bob, eve = club.tries("Bob"), club.shop.person("Eve")
    club.room.adds(eve)
    wait_until(lambda: (entry := club.roster(eve)) is not None and entry.status == "member")
    number = club.shop.do(lambda session: session.exec(select(Channel.id)).one())

    card = ask(club.owner, "/channels", "1 channel")
    club.owner.presses(card, f"channel:{number}")
    shown = club.owner.wait_for("2 differences between members and payments")
    club.owner.presses(shown, "🔍 What differs")
    lines = club.owner.wait_for("1 person in without having paid").text
    assert f"• {eve.id}" in lines  # whom the bot has not met
    assert "Bob (Club)" in lines
    club.owner.presses(shown, f"channel_events:1:{number}")
    assert "Eve is in without having paid" in club.owner.wait_for("What happened").text
    club.owner.presses(shown, f"channel:{number}")
    club.owner.presses(club.owner.wait_for("2 differences"), "🚪 Put out who did not pay")
    assert "is put out" in club.owner.wait_for("2 differences").text
    assert club.room.members == [eve.id]
    assert bob.chat == []


def test_a_channel_is_shown_to_its_own_seller_only(start_bot: Callable[..., ShopBot]) -> None:
    club = ChannelFixture(start_bot())
    eve = club.shop.person("Eve")
    menu = ask(eve, "/help", "How it works")
    number = club.shop.do(lambda session: session.exec(select(Channel.id)).one())
    for data in (
        f"channel:{number}",
        f"channel_check:{number}",
        f"differences:{number}",
        f"enforce:{number}:act",
    ):
        refused = eve.press_data(menu, data)
        assert refused.alert, data
    ask(eve, "/channels", "/sell opens one")
    channel = club.channel()
    assert channel is not None
    assert channel.enforcement == "list"


def test_a_channel_that_is_gone_says_what_to_do(start_bot: Callable[..., ShopBot]) -> None:
    club = ChannelFixture(start_bot(), language="en")
    number = club.shop.do(lambda session: session.exec(select(Channel.id)).one())
    club.room.delete()
    wait_until(lambda: (channel := club.channel()) is not None and channel.state == "gone")
    club.owner.presses(ask(club.owner, "/channels", "1 channel"), "🔴 VIP")
    card = club.owner.wait_for("Out of reach")
    assert "Payments stand" in card.text
    assert club.owner.presses(card, f"channel_check:{number}").text == "I cannot find this channel."
