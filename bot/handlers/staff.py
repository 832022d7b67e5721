"""What staff do in the bot: look at orders, refund them, check bank transfers, approve new shops."""

from sqlmodel import Session

from bot.request import Request
from bot.routes import Routes
from bot.screens import staff as screens
from core.kit.errors import Refused
from core.kit.permissions import Act, require
from core.kit.rows import must_get
from core.orders import delivery, orders, receipts
from core.orders.buyer_news import reach_of
from core.payments import refunds
from core.payments.rails.manual import transfers
from core.people import sellers
from core.ports import Message
from schemas.people import Seller, User
from schemas.sales import Order

routes = Routes()


def permit(person: User, act: Act) -> str:
    """Check that the person may do this; returns their name in the audit log. Raises `NotAllowed`."""
    require(person.roles, act)
    return f"user:{person.id}"


def takes_no_words(request: Request, command: str) -> None:
    """Refuse words after a command that lists everything, for they would be passed over unread."""
    if request.words:
        raise Refused("words-not-taken", {"command": command})


@routes.command("orders", "commandes")
async def find_orders(request: Request) -> None:
    """Search orders by number, person, title or payment id; without words, those that need support first."""
    permit(request.person, "see_orders")
    await list_orders(request, 1, request.words[: screens.WORDS_LIMIT])


@routes.button("orders")
async def list_orders(request: Request, page: int, words: str = "") -> None:
    """Show one page of the orders that match."""
    permit(request.person, "see_orders")
    matches = await request.run(lambda session, _: receipts.find(session, words, page=page))
    await request.show(screens.orders(request.language, matches, words))


@routes.button("order")
async def show_order(request: Request, order_id: int) -> None:
    """Show one order with what may be done about it."""
    permit(request.person, "see_orders")
    order, receipt, buyer = await request.run(lambda session, _: load_order(session, order_id))
    await request.show(screens.order(request.language, order, receipt, buyer, request.person.roles))


@routes.button("resend")
async def resend(request: Request, order_id: int) -> None:
    """Send the links of an order once more."""
    actor = permit(request.person, "resend_order")
    await request.run(lambda session, _: delivery.resend(session, order_id, actor=actor))
    await request.answer(request.plain("staff-resent"), alert=True)


@routes.button("support_done")
async def support_done(request: Request, order_id: int) -> None:
    """Take an order off the list of those that need support."""
    actor = permit(request.person, "resend_order")
    await request.run(
        lambda session, _: orders.support_done(
            session, must_get(session, Order, order_id, "order-unknown", lock=True), actor=actor
        )
    )
    await show_order(request, order_id)


@routes.button("refund")
async def ask_reason(request: Request, order_id: int) -> None:
    """Ask for the reason of a refund, which the buyer reads."""
    permit(request.person, "refund_order")
    order, receipt, _ = await request.run(lambda session, _: load_order(session, order_id))
    if not order.amount or not orders.can_move(order.status, "refunded"):
        raise Refused("not-refundable", {"number": receipt.number, "status": order.status})
    await request.app.dialogs.open(request.person.telegram_id, "refund_reason", order_id=order_id)
    await request.send(screens.question(request.language, "staff-refund-reason", number=receipt.number))


@routes.answer("refund_reason")
async def refund(request: Request, order_id: int) -> None:
    """Refund an order; Stars go back by a job."""
    actor = permit(request.person, "refund_order")

    def work(session: Session, person: User) -> str:
        order = refunds.request_refund(session, order_id, actor=actor, reason=request.words, now=request.now)
        return reach_of(session, order)

    reach = await request.run(work)
    await request.app.dialogs.close(request.person.telegram_id)
    await request.say("staff-refund-asked", reach=reach)


@routes.command("payments", "paiements")
async def pending_payments(request: Request) -> None:
    """Show the bank transfers that wait for a check, from a command."""
    permit(request.person, "validate_payment")
    takes_no_words(request, "payments")
    await list_payments(request, 1)


@routes.button("payments")
async def list_payments(request: Request, page: int) -> None:
    """Show one page of the bank transfers that wait for a check."""
    permit(request.person, "validate_payment")
    waiting = await request.run(lambda session, _: transfers.pending_manual(session, page=page))
    await request.show(screens.payments(request.language, waiting))


@routes.button("pay_ok")
async def validate(request: Request, order_id: int) -> None:
    """Confirm a bank transfer: the money is there."""
    actor = permit(request.person, "validate_payment")
    await request.run(
        lambda session, _: transfers.validate_manual(session, order_id, actor=actor, note="", now=request.now)
    )
    await request.send(
        Message(request.text("staff-payment-validated", number=await number(request, order_id)))
    )


@routes.button("pay_no")
async def ask_note(request: Request, order_id: int) -> None:
    """Ask for the note of a refusal, which the buyer reads."""
    permit(request.person, "validate_payment")
    order, receipt, _ = await request.run(lambda session, _: load_order(session, order_id))
    if order.status != "submitted":
        raise Refused("nothing-to-validate", {"number": receipt.number})
    await request.app.dialogs.open(request.person.telegram_id, "refusal_note", order_id=order_id)
    await request.send(screens.question(request.language, "staff-refusal-note", number=receipt.number))


@routes.answer("refusal_note")
async def refuse(request: Request, order_id: int) -> None:
    """Refuse a bank transfer: the money is not there."""
    actor = permit(request.person, "validate_payment")
    note = request.words

    def work(session: Session, person: User) -> str:
        transfers.refuse_manual(session, order_id, actor=actor, note=note, now=request.now)
        return reach_of(session, session.get_one(Order, order_id))

    reach = await request.run(work)
    await request.app.dialogs.close(request.person.telegram_id)
    words = request.text("staff-payment-refused", number=await number(request, order_id), reach=reach)
    await request.send(Message(words))


@routes.command("sellers", "vendeurs")
async def waiting_shops(request: Request) -> None:
    """Show the new shops that wait for a decision."""
    permit(request.person, "approve_seller")
    takes_no_words(request, "sellers")
    waiting = await request.run(lambda session, _: sellers.waiting_shops(session))
    await request.send(screens.waiting_shops(request.language, waiting))


@routes.button("shop_ok")
async def approve_shop(request: Request, seller_id: int) -> None:
    """Approve a new shop."""
    await decide(request, seller_id, approve=True)


@routes.button("shop_no")
async def ask_refusal(request: Request, seller_id: int) -> None:
    """Ask once more before a new shop is refused."""
    permit(request.person, "approve_seller")
    name = await request.run(lambda session, _: must_get(session, Seller, seller_id, "shop-unknown").name)
    await request.send(screens.shop_refusal(request.language, seller_id, name))


@routes.button("shop_refused")
async def refuse_shop(request: Request, seller_id: int) -> None:
    """Refuse a new shop."""
    await decide(request, seller_id, approve=False)


async def decide(request: Request, seller_id: int, *, approve: bool) -> None:
    """Decide on a new shop; the seller is notified."""
    actor = permit(request.person, "approve_seller")
    shop = await request.run(
        lambda session, _: sellers.decide_shop(
            session, seller_id, approve=approve, actor=actor, now=request.now
        )
    )
    await request.say("staff-shop-approved" if approve else "staff-shop-refused", name=shop.name)


async def number(request: Request, order_id: int) -> str:
    """The number by which people call an order, like CMT-000001."""
    return await request.run(lambda session, _: load_order(session, order_id)[1].number)


def load_order(session: Session, order_id: int) -> tuple[Order, receipts.Receipt, User | None]:
    """Load an order, its receipt and its buyer."""
    order = must_get(session, Order, order_id, "order-unknown")
    buyer = session.get(User, order.buyer_id) if order.buyer_id else None
    return order, receipts.receipt(session, order), buyer
