"""Support tries again what failed, from an order's card and from the list of events; nobody else does."""

import pytest
from sqlmodel import Session, col, select, update

from core.kit.rows import id_of
from core.people.people import set_role
from schemas.queue import Job
from schemas.sales import PaymentEvent
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.shop_bot import ShopBot, ask

NO_EVENT = "6f1c1a8e-5a0e-4a3d-9d0a-0d6f6a1f2b3c"


def staff(shop: ShopBot, role: str = "support") -> Person:
    sam = shop.person("Sam")
    ask(sam, "/start", "Welcome")
    shop.do(lambda session: set_role(session, sam.id, role, actor="cli"))
    return sam


def unmatched(session: Session) -> str:
    """The event of a payment, as if it had fitted no order."""
    make.paid_order(session)
    event = session.exec(select(PaymentEvent)).one()
    event.state, event.outcome = "unmatched", "order-unknown"
    session.add(event)
    return str(event.id)


def test_support_tries_an_order_again_by_its_number(shop: ShopBot) -> None:
    order_id = shop.do(lambda session: id_of(make.paid_order(session)))

    def die(session: Session) -> None:
        session.execute(update(Job).where(col(Job.actor) == "deliver").values(state="dead"))

    shop.do(die)
    sam = staff(shop)
    sam.presses(ask(sam, f"/orders CMT-{order_id:06d}", "1 found"), f"order:{order_id}")
    sam.presses(sam.wait_for("Buyer: Awa"), "🔁 Try again what failed")
    sam.wait_for("1 notice of the provider is read again, 1 failed job begins again")


def test_nothing_to_try_is_said(shop: ShopBot) -> None:
    order_id = shop.do(lambda session: id_of(make.order(session)))
    sam = staff(shop)
    sam.press_data(ask(sam, "/orders", "1 found"), f"try_again:{order_id}")
    sam.wait_for("nothing to try again")


def test_an_event_that_fits_no_order_is_listed_and_tried_again(shop: ShopBot) -> None:
    sam = staff(shop)
    ask(sam, "/events", "Every notice of a provider has been dealt with")
    event_id = shop.do(unmatched)
    listed = ask(sam, "/events", "fits no order (order-unknown)")
    sam.presses(listed, f"event_again:{event_id}")
    sam.wait_for("The notice is read again")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (f"event_again:{NO_EVENT}", "does not exist"),
        ("event_again:rubbish", "out of date"),
        ("try_again:404", "cannot find this order"),
        ("try_again:x", "out of date"),
    ],
)
def test_what_is_not_there_is_said(shop: ShopBot, data: str, words: str) -> None:
    sam = staff(shop)
    answer = sam.press_data(ask(sam, "/events", "dealt with"), data)
    assert words in str(answer.text)


@pytest.mark.parametrize("data", ["try_again:1", "provider_events", f"event_again:{NO_EVENT}"])
def test_others_than_staff_try_nothing(shop: ShopBot, data: str) -> None:
    shop.do(make.paid_order)
    bob = shop.person("Bob")
    message = ask(bob, "/start", "Welcome")
    assert "role" in str(bob.press_data(message, data).text)
