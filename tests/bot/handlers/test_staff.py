"""What staff may do from the bot, and that nobody else may."""

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.orders.orders import move, need_support
from core.orders.receipts import waiting_orders
from core.payments.rails.manual.transfers import submit_manual
from core.people.people import set_role
from core.people.sellers import open_shop
from schemas.audit import AuditEntry
from schemas.jobs import Deliver, RefundStars
from schemas.people import Seller
from schemas.sales import Order
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.shop_bot import ShopBot, ask

ACTS = (
    "order:1",
    "orders:1",
    "resend:1",
    "refund:1",
    "support_done:1",
    "payments:1",
    "pay_ok:1",
    "pay_no:1",
    "shop_ok:1",
    "shop_no:1",
)


def staff(shop: ShopBot, role: str = "support") -> Person:
    """A member of staff."""
    sam = shop.person("Sam")
    ask(sam, "/start", "Welcome")
    shop.do(lambda session: set_role(session, sam.id, role, actor="cli"))
    return sam


def submitted(session: Session) -> int:
    """An order whose buyer says that a transfer is under way."""
    order = make.order(session, rail="manual", entry="web")
    submit_manual(session, order, "TR <42>", make.NOW)
    return id_of(order)


def status(shop: ShopBot, order_id: int) -> str:
    """The status of an order."""
    return shop.do(lambda session: session.get_one(Order, order_id).status)


def waiting_shop(session: Session) -> int:
    """A shop that waits for approval."""
    owner = make.user(session, name="Vendeuse")
    waiting = open_shop(
        session,
        owner,
        name="Neuve",
        rails=["stars"],
        accept_terms=True,
        approve_at_once=False,
        now=make.NOW,
    )
    return id_of(waiting)


@pytest.mark.parametrize("words", ["CMT-000001", "couture", "charge-1", "1"])
def test_an_order_is_found_and_shown(shop: ShopBot, words: str) -> None:
    shop.do(make.paid_order)
    sam = staff(shop)
    listing = ask(sam, f"/orders {words}", "1 found")
    sam.presses(listing, "order:1")
    card = sam.wait_for("Order CMT-000001 – paid")
    assert "Awa" in card.text
    assert "charge-1" in card.text


def test_nothing_found_says_how_to_search(shop: ShopBot) -> None:
    ask(staff(shop), "/orders nothing <b>", "No order for “nothing <b>”")


def test_links_are_sent_again(shop: ShopBot) -> None:
    shop.do(make.paid_order)
    sam = staff(shop)
    before = len(shop.do(lambda session: make.queued(session, Deliver)))
    listing = ask(sam, "/orders", "1 found")
    assert "on its way" in str(sam.press_data(listing, "resend:1").text)
    assert len(shop.do(lambda session: make.queued(session, Deliver))) == before + 1


def test_an_order_that_needed_support_is_dealt_with(shop: ShopBot) -> None:
    def odd(session: Session) -> None:
        order = make.paid_order(session)
        move(session, order, "delivered", now=make.NOW)
        need_support(session, order, reason="overpaid", now=make.NOW)

    shop.do(odd)
    sam = staff(shop)
    listing = ask(sam, "/orders", "1 found")
    sam.presses(listing, "order:1")
    card = sam.wait_for("This order needs your help")
    sam.press_data(card, "support_done:1")
    shown = sam.wait_for("Order CMT-000001")
    assert "needs your help" not in shown.text
    assert shop.do(waiting_orders) == 0


def test_a_refund_asks_for_its_reason(shop: ShopBot) -> None:
    shop.do(make.paid_order)
    sam = staff(shop)
    sam.press_data(ask(sam, "/orders", "1 found"), "refund:1")
    sam.wait_for("Why refund order CMT-000001?")
    ask(sam, "The file was broken", "The refund is under way")
    assert [job.order_id for job in shop.do(lambda session: make.queued(session, RefundStars))] == [1]


def test_a_transfer_is_validated(shop: ShopBot) -> None:
    order_id = shop.do(submitted)
    sam = staff(shop)
    listed = ask(sam, "/payments", "Transfers to check – 1")
    assert "TR <42>" in listed.text
    sam.presses(listed, f"pay_ok:{order_id}")
    sam.wait_for("validated")
    assert status(shop, order_id) == "paid"


def test_a_transfer_is_refused_with_a_note(shop: ShopBot) -> None:
    order_id = shop.do(submitted)
    sam = staff(shop)
    sam.presses(ask(sam, "/payments", "Transfers to check"), f"pay_no:{order_id}")
    sam.wait_for("Why refuse the payment of order")
    ask(sam, "No such transfer", "refused. Nobody could be told")
    assert status(shop, order_id) != "submitted"


def test_two_supporters_validate_once(shop: ShopBot) -> None:
    order_id = shop.do(submitted)
    sam, tom = staff(shop), staff(shop)
    first, second = ask(sam, "/payments", "TR <42>"), ask(tom, "/payments", "TR <42>")
    sam.presses(first, f"pay_ok:{order_id}")
    tom.presses(second, f"pay_ok:{order_id}")
    sam.wait_for("validated")
    paid = select(AuditEntry).where(AuditEntry.action == "order.paid")
    assert len(shop.do(lambda session: session.exec(paid).all())) == 1


@pytest.mark.parametrize(("data", "decided"), [("shop_ok", "approved"), ("shop_no", "refused")])
def test_an_admin_decides_on_a_shop(shop: ShopBot, data: str, decided: str) -> None:
    seller_id = shop.do(waiting_shop)
    sam = staff(shop, "admin")
    listed = ask(sam, "/sellers", "Shops that wait – 1")
    sam.presses(listed, f"{data}:{seller_id}")
    if decided == "refused":
        sam.presses(sam.wait_for("Refuse the shop"), "❌ Yes, refuse it")
        sam.wait_for("is refused")
    else:
        sam.wait_for("may sell")
    statement = select(Seller.status).where(Seller.id == seller_id)
    assert shop.do(lambda session: session.exec(statement).one()) == decided


@pytest.mark.parametrize("data", ACTS)
def test_a_buyer_cannot_press_what_staff_press(shop: ShopBot, data: str) -> None:
    shop.do(submitted)
    eve = shop.person("Eve")
    message = ask(eve, "/start", "Welcome")
    assert "needs a role that you do not have" in str(eve.press_data(message, data).text)
    assert status(shop, 1) == "submitted"


def test_support_cannot_approve_shops(shop: ShopBot) -> None:
    seller_id = shop.do(waiting_shop)
    sam = staff(shop)
    message = ask(sam, "/start", "Welcome")
    assert "needs a role" in str(sam.press_data(message, f"shop_ok:{seller_id}").text)


@pytest.mark.parametrize("command", ["/orders", "/payments", "/sellers"])
def test_the_commands_of_staff_are_closed_to_buyers(shop: ShopBot, command: str) -> None:
    ask(shop.person(), command, "needs a role that you do not have")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/orders", "There is no order yet"),
        ("/payments", "No transfer to check"),
        ("/sellers", "No shop is waiting"),
    ],
)
def test_empty_lists_say_so(shop: ShopBot, command: str, words: str) -> None:
    ask(staff(shop, "admin"), command, words)
