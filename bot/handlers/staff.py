"""What support and administration do from the bot: orders, manual payments, new shops."""

from sqlmodel import Session

from bot.request import Request
from bot.routes import Routes
from bot.screens import staff as screens
from core.kit.permissions import Act, require
from core.kit.rows import must_get
from core.orders import delivery, receipts
from core.payments import refunds
from core.payments.rails.manual import transfers
from core.people import sellers
from core.ports import Message
from schemas.people import User
from schemas.sales import Order

routes = Routes()


def permit(person: User, act: Act) -> str:
    """Raise `NotAllowed` unless the person may; the person's name in the audit log."""
    require(person.roles, act)
    return f"user:{person.id}"


@routes.command("orders", "commandes")
async def find_orders(request: Request) -> None:
    """Orders by number, person, title or payment id; without words, those that need support first."""
    permit(request.person, "see_orders")
    await list_orders(request, 1, request.words[: screens.WORDS_LIMIT])


@routes.button("orders")
async def list_orders(request: Request, page: int, words: str = "") -> None:
    """One page of what was found."""
    permit(request.person, "see_orders")
    found = await request.run(lambda session, _: receipts.find(session, words, page=page))
    await request.show(screens.orders(request.language, found, words))


@routes.button("order")
async def show_order(request: Request, order_id: int) -> None:
    """One order with what may be done about it."""
    permit(request.person, "see_orders")
    order, receipt, buyer = await request.run(lambda session, _: load_order(session, order_id))
    await request.show(screens.order(request.language, order, receipt, buyer, request.person.roles))


@routes.button("resend")
async def resend(request: Request, order_id: int) -> None:
    """Send the links once more."""
    actor = permit(request.person, "resend_order")
    await request.run(lambda session, _: delivery.resend(session, order_id, actor=actor, now=request.now))
    await request.answer(request.plain("staff-resent"), alert=True)


@routes.button("refund")
async def ask_reason(request: Request, order_id: int) -> None:
    """A refund needs a reason, which the buyer reads."""
    permit(request.person, "refund_order")
    await request.shop.dialogs.open(request.person.telegram_id, "refund_reason", order_id=order_id)
    await request.send(screens.question(request.language, "staff-refund-reason"))


@routes.answer("refund_reason")
async def refund(request: Request, order_id: int) -> None:
    """Give the money back; Stars by a job."""
    actor = permit(request.person, "refund_order")
    await request.run(
        lambda session, _: refunds.request_refund(
            session, order_id, actor=actor, reason=request.words, now=request.now
        )
    )
    await request.shop.dialogs.close(request.person.telegram_id)
    await request.say("staff-refund-asked")


@routes.command("payments", "paiements")
async def pending_payments(request: Request) -> None:
    """Manual transfers that wait for a check."""
    await list_payments(request, 1)


@routes.button("payments")
async def list_payments(request: Request, page: int) -> None:
    """One page of them."""
    permit(request.person, "validate_payment")
    found = await request.run(lambda session, _: transfers.pending_manual(session, page=page))
    await request.show(screens.payments(request.language, found))


@routes.button("pay_ok")
async def validate(request: Request, order_id: int) -> None:
    """The money is there."""
    actor = permit(request.person, "validate_payment")
    await request.run(
        lambda session, _: transfers.validate_manual(session, order_id, actor=actor, note="", now=request.now)
    )
    await request.send(
        Message(request.text("staff-payment-validated", number=await number(request, order_id)))
    )


@routes.button("pay_no")
async def ask_note(request: Request, order_id: int) -> None:
    """A refusal needs a note, which the buyer reads."""
    permit(request.person, "validate_payment")
    await request.shop.dialogs.open(request.person.telegram_id, "refusal_note", order_id=order_id)
    await request.send(screens.question(request.language, "staff-refusal-note"))


@routes.answer("refusal_note")
async def refuse(request: Request, order_id: int) -> None:
    """The money is not there."""
    actor = permit(request.person, "validate_payment")
    note = request.words
    await request.run(
        lambda session, _: transfers.refuse_manual(session, order_id, actor=actor, note=note, now=request.now)
    )
    await request.shop.dialogs.close(request.person.telegram_id)
    await request.send(Message(request.text("staff-payment-refused", number=await number(request, order_id))))


@routes.command("sellers", "vendeurs")
async def waiting_shops(request: Request) -> None:
    """Shops that wait for a decision."""
    permit(request.person, "approve_seller")
    waiting = await request.run(lambda session, _: sellers.waiting_shops(session))
    await request.send(screens.waiting_shops(request.language, waiting))


@routes.button("shop_ok")
async def approve_shop(request: Request, seller_id: int) -> None:
    """Let a shop sell."""
    await decide(request, seller_id, approve=True)


@routes.button("shop_no")
async def refuse_shop(request: Request, seller_id: int) -> None:
    """Do not let it."""
    await decide(request, seller_id, approve=False)


async def decide(request: Request, seller_id: int, *, approve: bool) -> None:
    """Take the decision; the seller is told by the rule."""
    actor = permit(request.person, "approve_seller")
    shop = await request.run(
        lambda session, _: sellers.decide_shop(
            session, seller_id, approve=approve, actor=actor, now=request.now
        )
    )
    await request.say("staff-shop-approved" if approve else "staff-shop-refused", name=shop.name)


async def number(request: Request, order_id: int) -> str:
    """What people call the order."""
    return await request.run(lambda session, _: load_order(session, order_id)[1].number)


def load_order(session: Session, order_id: int) -> tuple[Order, receipts.Receipt, User | None]:
    """An order, its receipt and its buyer."""
    order = must_get(session, Order, order_id, "order-unknown")
    buyer = session.get(User, order.buyer_id) if order.buyer_id else None
    return order, receipts.receipt(session, order), buyer
