"""The start links of notifications show what they were about, to whom it belongs alone."""

from sqlmodel import Session, select

from core.kit.rows import id_of
from core.orders.orders import order_number
from core.payments.refunds import finish_refund
from schemas.base import utc_now
from schemas.membership import Channel
from tests.support import make, make_members
from tests.support.channel import ChannelFixture
from tests.support.shop_bot import ShopBot, ask


def test_each_subject_is_shown_to_its_person_and_to_nobody_else(shop: ShopBot) -> None:
    channel = ChannelFixture.connect(shop, language="en")
    bob, eve = shop.person("Bob"), shop.person("Eve")
    ask(bob, "/start", "Welcome")
    ask(eve, "/start", "Welcome")

    def set_up(session: Session) -> dict[str, str]:
        me = make.user(session, telegram_id=bob.id, name="Bob", language="en")
        seller = make.seller(session)
        plan = make_members.plan(session, shop=seller, title="Cercle", now=utc_now())
        member = make_members.member(session, plan, me, now=utc_now())
        item = make.product(session, seller, title="Cours")
        bought, unpaid = make.paid_order(session, item, me), make.order(session, buyer=me)
        returned = make.paid_order(session, make.product(session, seller, title="Patron"), me)
        finish_refund(session, returned, reason="x", now=utc_now())
        return {
            f"member_{member.id}": "Cercle",
            f"order_{order_number(bought)}": "Tap a file",
            f"order_{order_number(unpaid)}": "Cours de couture",
            f"order_{order_number(returned)}": "refunded",
        }

    for parameter, words in shop.do(set_up).items():
        ask(bob, f"/start {parameter}", words)
        ask(eve, f"/start {parameter}", "find this order" if "order" in parameter else "no such membership")
    room = channel.do(lambda session: id_of(session.exec(select(Channel).order_by(Channel.id)).all()[0]))  # type: ignore[arg-type]
    ask(channel.owner, f"/start channel_{room}", "VIP")
    ask(eve, f"/start channel_{room}", "needs a role")
    ask(eve, f"/start plan_{channel.plan_id}", "Club")


def test_a_start_parameter_that_names_nothing_is_a_welcome(shop: ShopBot) -> None:
    ann = shop.person()
    for parameter in ("member_", "member_x", "order_", "channel_٣", "plan", "member_" + "9" * 40, "x_1"):
        ask(ann, f"/start {parameter}", "Welcome")
