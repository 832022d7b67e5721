import pytest
from sqlmodel import Session

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.orders.orders import order_number
from core.payments.bot_links import BotLink, bot_link
from core.payments.order_claims import redeem
from schemas.sales import Order
from tests.support import make


def ask(session: Session, order: Order, transaction: str, user_id: int | None = None) -> BotLink:
    return bot_link(
        session,
        order_number(order),
        transaction,
        bot_username="ComptoirBot",
        actor="token:1",
        user_id=user_id,
        life=make.DAY,
        now=make.NOW,
    )


def test_a_link_opens_the_order_for_who_presses_it(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    link = ask(session, order, f"charge-{order.id}")
    assert (link.url, link.expires_at) == (
        f"https://t.me/ComptoirBot?start=c{link.token}",
        make.NOW + make.DAY,
    )
    assert redeem(session, link.token, make.user(session), make.NOW).order is order


def test_only_who_names_the_transaction_gets_a_link(session: Session) -> None:
    order = make.paid_order(session, rail="crypto")
    with pytest.raises(NotFound, match="order-unknown"):
        ask(session, order, "another")
    with pytest.raises(NotFound, match="order-unknown"):
        ask(session, order, f"charge-{order.id}", user_id=id_of(make.user(session)))


def test_an_order_that_is_not_paid_has_no_link(session: Session) -> None:
    order = make.order(session, rail="manual", entry="web")
    with pytest.raises(NotFound):
        ask(session, order, "none")


def test_the_notification_of_the_payment_is_named(session: Session) -> None:
    order = make.paid_order(session)
    link = ask(session, order, f"charge-{order.id}", user_id=order.buyer_id)
    assert link.notification_id is not None


def test_a_bot_without_a_name_has_no_links(session: Session) -> None:
    order = make.paid_order(session)
    with pytest.raises(Refused, match="bot-unnamed"):
        bot_link(
            session,
            "1",
            "x",
            bot_username="",
            actor="cli",
            user_id=order.buyer_id,
            life=make.DAY,
            now=make.NOW,
        )
