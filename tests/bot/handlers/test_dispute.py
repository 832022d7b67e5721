"""A seller looks at a dispute of a sale, and nobody else does."""

from datetime import timedelta

from sqlmodel import Session

from core.kit.rows import id_of
from schemas.disputes import Dispute, DisputeLine, DisputeStatus
from schemas.sales import Order
from tests.support import make
from tests.support.shop_bot import ShopBot, ask


def dispute(session: Session, order: Order, status: DisputeStatus = "needs_response") -> Dispute:
    """A dispute as a job wrote it down."""
    paid = make.payment_of(session, order)
    row = Dispute(
        payment_id=paid.id,
        provider_id="du_1",
        status=status,
        turn=1,
        reason="product_not_received",
        currency="EUR",
        amount=999,
        answer_by=make.NOW + timedelta(days=9),
        held_at=make.NOW,
        checked_at=make.NOW,
    )
    session.add(row)
    session.flush()
    session.add(
        DisputeLine(dispute_id=id_of(row), provider_id="txn_1", currency="EUR", amount=-999, fee=2000)
    )
    return row


def test_the_seller_sees_how_it_stands_and_what_it_moved(shop: ShopBot) -> None:
    bob, eve = shop.person("Bob"), shop.person("Eve")

    def sell(session: Session) -> None:
        owner = make.user(session, telegram_id=bob.id, language="en")
        dispute(session, make.card_sale(session, make.seller(session, owner), make.user(session)))
        make.seller(session, make.user(session, telegram_id=eve.id, language="en"), name="Eve & co")

    shop.do(sell)
    menu = ask(bob, "/start sale_CMT-000001", "bank has taken the money")
    bob.presses(menu, "dispute:1")
    card = bob.wait_for("Dispute of sale CMT-000001")
    for words in (
        "they got nothing",
        "can be answered until",
        "cannot be used for now",
        "€9.99 taken",
        "€20.00",
    ):
        assert words in card.text
    menu = ask(eve, "/sell", "Ways to pay")
    assert "cannot find this dispute" in str(eve.press_data(menu, "dispute:1").text)
    ask(eve, "/start sale_CMT-000001", "cannot find this order")
