"""Anonymous admins connect their channel by a code that they post in it; nobody there is told anything."""

import re

import pytest
from sqlmodel import select

from core.kit.rows import id_of
from schemas.membership import Channel
from schemas.people import User
from scripts.sandbox.telegram.driver import ChannelHandle, Person
from tests.support import make
from tests.support.channel import user_of
from tests.support.shop_bot import ShopBot, ask
from tests.support.waiting import wait_until

WRONG = "connect-0123456789abcdef01234567"
KINDS = pytest.mark.parametrize("kind", ["channel", "supergroup"])


@pytest.fixture
def seller(shop: ShopBot) -> Person:
    """Ann, who has a shop and no channel yet."""
    ann = shop.person("Ann")
    shop.do(lambda session: id_of(make.seller(session, user_of(session, ann))))
    return ann


def code_of(seller: Person) -> str:
    """The code that the screen shows now."""
    menu = ask(seller, "/channels", "Connect it by a code")
    seller.presses(menu, "🔑 Connect a channel by a code")
    shown = seller.wait_for("Post this there")
    match = re.search(r"connect-[0-9a-f]{24}", shown.text)
    assert match is not None
    return match[0]


def anonymous_room(shop: ShopBot, owner: Person, kind: str, *rights: str) -> ChannelHandle:
    room = shop.sandbox.add_channel("VIP", owner, kind=kind)
    room.promote(shop.handle, *rights, anonymous=True)
    return room


def channels(shop: ShopBot) -> list[tuple[int, str]]:
    return shop.do(lambda session: [(row.telegram_id, row.state) for row in session.exec(select(Channel))])


def connect_another(shop: ShopBot, seller: Person) -> None:
    """Have another channel connected, and with that wait until the bot has served what was posted before."""
    room = anonymous_room(shop, seller, "channel")
    room.post(code_of(seller))
    wait_until(lambda: room.chat_id in [number for number, _ in channels(shop)])


@KINDS
def test_a_posted_code_connects_where_telegram_hides_who_added_the_bot(
    shop: ShopBot, seller: Person, kind: str
) -> None:
    room = anonymous_room(shop, seller, kind)
    code = code_of(seller)
    assert code_of(seller) == code
    assert channels(shop) == []

    post = room.post(code.capitalize())
    wait_until(lambda: channels(shop) == [(room.chat_id, "connected")])
    wait_until(lambda: [one.deleted for one in room.posts if one.id == post.id] == [True])
    assert [one for one in room.posts if one.outgoing] == []
    assert shop.do(make.sent_texts) == ["channel-connected"]
    assert code_of(seller) != code


def test_without_the_right_to_delete_the_channel_is_connected_and_the_post_stays(
    shop: ShopBot, seller: Person
) -> None:
    room = anonymous_room(shop, seller, "channel", "invite_users")
    post = room.post(code_of(seller))
    wait_until(lambda: channels(shop) == [(room.chat_id, "rights_missing")])
    connect_another(shop, seller)
    assert [one.deleted for one in room.posts if one.id == post.id] == [False]


@KINDS
def test_wrong_and_used_codes_are_met_with_silence(shop: ShopBot, seller: Person, kind: str) -> None:
    used = code_of(seller)
    anonymous_room(shop, seller, "channel").post(used)
    wait_until(lambda: len(channels(shop)) == 1)
    room = anonymous_room(shop, seller, kind)
    for words in (WRONG, used, "connect", f"Post {used}!"):
        room.post(words)
    connect_another(shop, seller)
    assert room.chat_id not in [number for number, _ in channels(shop)]
    assert [one for one in room.posts if one.outgoing or one.deleted] == []


def test_in_a_group_a_member_connects_nothing_and_an_admin_does(shop: ShopBot, seller: Person) -> None:
    eve = shop.person("Eve")
    room = anonymous_room(shop, seller, "supergroup")
    room.adds(eve)
    code = code_of(seller)
    room.post(code, eve)
    bob = shop.person("Bob")
    shop.do(lambda session: id_of(make.seller(session, user_of(session, bob))))
    connect_another(shop, bob)
    assert room.chat_id not in [number for number, _ in channels(shop)]

    room.post(code, seller)
    wait_until(lambda: (room.chat_id, "connected") in channels(shop))
    assert shop.do(lambda s: s.exec(select(User).where(User.telegram_id == eve.id)).all()) == []


def test_a_channel_where_codes_are_guessed_is_not_heard_for_an_hour(shop: ShopBot, seller: Person) -> None:
    room = anonymous_room(shop, seller, "channel")
    for number in range(21):
        room.post(f"connect-{number:024x}")
    connect_another(shop, seller)
    room.post(code_of(seller))
    connect_another(shop, seller)
    assert room.chat_id not in [number for number, _ in channels(shop)]


def test_a_seller_of_the_french_screen_reads_the_steps_in_french(shop: ShopBot) -> None:
    ann = shop.person("Ann", language="fr")
    shop.do(lambda session: id_of(make.seller(session, user_of(session, ann, "fr"))))
    menu = ask(ann, "/canaux", "Reliez-le par un code")
    ann.presses(menu, "🔑 Relier un canal par un code")
    assert "15 minutes" in ann.wait_for("Publiez-y ceci").text
