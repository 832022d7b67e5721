"""Each notification leads to what it is about, whatever its kind, in the app and by mail."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from core.memberships.admission import decide
from core.memberships.declined import notify_declined
from core.memberships.notifications import notify_member, notify_owner
from core.notifications.kinds import KIND_OF, KINDS
from core.notifications.notify import notify
from core.notifications.subjects import action_url
from core.orders.orders import order_number
from core.payments.refunds import finish_refund
from core.process.settings import Settings
from schemas.membership import Channel
from schemas.notifications import Notification
from tests.support import make, make_members

BOT = "https://t.me/shop_bot"


@pytest.fixture
def shop(settings: Callable[..., Settings]) -> Settings:
    """A shop with a bot and a Mini App."""
    return settings(bot_username="shop_bot", public_url="https://shop.example")


def urls(session: Session, shop: Settings) -> dict[str, str]:
    """Where each notification that is kept leads, by its text."""
    rows = session.exec(select(Notification)).all()
    return {row.text: action_url(row.kind, row.params, shop) for row in rows}


def test_no_kind_leads_to_the_bots_front_door(session: Session, shop: Settings) -> None:
    membership = make_members.member(session)
    channel = session.exec(select(Channel)).one()
    params = {"number": "CMT-000042", "title": "Cours"}
    expected = {}
    for text, kind in KIND_OF.items():
        if kind.startswith("payment_"):
            notify(session, membership.user_id, text, params, once="test")
            expected[text] = f"{BOT}?start=order_CMT-000042"
        elif kind == "channel_alarm":
            notify_owner(session, channel, text, occasion="1")
            expected[text] = f"{BOT}?start=channel_{channel.id}"
        elif kind == "shop_alarm":
            notify(session, membership.user_id, text, {}, once="test")
            expected[text] = "https://shop.example/app/#/numbers"
        else:
            notify_member(session, membership, text, occasion="test")
            expected[text] = f"{BOT}?start=member_{membership.id}"
    assert urls(session, shop) == expected


def test_who_was_not_let_in_is_led_to_what_would_let_them_in(session: Session, shop: Settings) -> None:
    membership = make_members.member(session)
    room, stranger = make_members.channel_of(session, membership), make.user(session)
    decision = decide(session, room, stranger.telegram_id, now=make.NOW)
    notify_declined(session, stranger.telegram_id, decision, now=make.NOW)
    assert urls(session, shop)["join-declined"] == f"{BOT}?start=plan_{membership.plan_id}"


def test_payments_name_their_order(session: Session, shop: Settings) -> None:
    order = make.paid_order(session)
    finish_refund(session, order, reason="x", now=make.NOW)
    led = urls(session, shop)
    assert led["payment-verified"] == led["order-refunded"] == f"{BOT}?start=order_{order_number(order)}"


def test_a_notification_from_before_opens_the_bot(shop: Settings, settings: Callable[..., Settings]) -> None:
    for kind in KINDS:
        assert action_url(kind, {"title": "Cours"}, settings()) == ""
        if kind != "shop_alarm":
            assert action_url(kind, {"title": "Cours"}, shop) == BOT
