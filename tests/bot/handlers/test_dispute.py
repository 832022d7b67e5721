"""A seller looks at a dispute of a sale, and nobody else does."""

from collections.abc import Callable

from sqlmodel import Session, select

from schemas.card_jobs import SubmitEvidence
from schemas.disputes import Dispute
from tests.support import make, make_disputes
from tests.support.shop_bot import ShopBot, ask


def test_the_seller_sees_how_it_stands_and_what_it_moved(shop: ShopBot) -> None:
    bob, eve = shop.person("Bob"), shop.person("Eve")

    def sell(session: Session) -> None:
        owner = make.user(session, telegram_id=bob.id, language="en")
        make_disputes.dispute(
            session, make.card_sale(session, make.seller(session, owner), make.user(session))
        )
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


def test_the_seller_hands_the_proof_in_once_after_being_asked(start_bot: Callable[..., ShopBot]) -> None:
    shop = start_bot(public_url="https://shop.example")
    bob = shop.person("Bob")

    def sell(session: Session) -> None:
        owner = make.user(session, telegram_id=bob.id, language="en")
        make_disputes.dispute(
            session, make.card_sale(session, make.seller(session, owner), make.user(session))
        )

    shop.do(sell)
    menu = ask(bob, "/sell", "Ways to pay")
    bob.press_data(menu, "dispute:1")
    card = bob.wait_for("Dispute of sale CMT-000001")
    bob.presses(card, "dispute_submit:1")
    asked = bob.wait_for("nothing can be added or changed")
    assert shop.do(lambda session: session.exec(select(Dispute.submit_asked_at)).one()) is None
    for _ in range(2):
        assert "Submitted" in str(bob.press_data(asked, "dispute_submitted:1").text)
    assert len(shop.do(lambda session: make.queued(session, SubmitEvidence))) == 1
