"""One sale as its seller sees it, and the seller giving its money back: whole or in part, with a reason."""

from sqlmodel import Session

from bot.request import Request
from bot.routes import Routes
from bot.screens import sale as screens
from core.kit.errors import Refused
from core.kit.money import parse_money
from core.kit.names import bounded, clean_text
from core.kit.tokens import random_token
from core.payments import sale_refunds
from core.payments.sale_refunds import Sale
from schemas.people import User

routes = Routes()
REASON_LIMIT = 300  # characters
ASKING = "sale_refund_ask"


@routes.button("sale")
async def show_sale(request: Request, order_id: int) -> None:
    """Show a sale with what went back of it."""
    await request.show(screens.sale(request.language, await _load(request, order_id)))


async def show_numbered_sale(request: Request, number: str) -> None:
    """Show the sale of a number like CMT-000042."""
    await request.show(screens.sale(request.language, await _load(request, number)))


@routes.button("sale_refund")
async def choose_amount(request: Request, order_id: int) -> None:
    """Ask whether all goes back or a part."""
    await request.show(screens.amounts(request.language, await _refundable(request, order_id)))


@routes.button("sale_whole")
async def ask_reason_of_whole(request: Request, order_id: int) -> None:
    """Ask why all that is left goes back."""
    sale = await _refundable(request, order_id)
    await _ask_reason(request, sale, None)


@routes.button("sale_part")
async def ask_part(request: Request, order_id: int) -> None:
    """Ask how much goes back."""
    sale = await _refundable(request, order_id)
    await request.app.dialogs.open(request.person.telegram_id, "sale_part", order_id=order_id)
    await request.send(screens.part_question(request.language, sale))


@routes.answer("sale_part")
async def take_part(request: Request, order_id: int) -> None:
    """Take the sum, and ask for the reason."""
    sale = await _refundable(request, order_id)
    part = parse_money(request.words, sale.left.currency, request.language)
    if part.amount > sale.left.amount:
        raise Refused("part-too-large", {"left": str(sale.left)})
    await _ask_reason(request, sale, part.amount if part.amount < sale.left.amount else None)


@routes.answer("sale_reason")
async def take_reason(request: Request, order_id: int, amount: int | None) -> None:
    """Take the reason, and say what will happen before it does."""
    reason = bounded(clean_text(request.words), "reason", REASON_LIMIT)
    sale = await _refundable(request, order_id)
    facts = {"order_id": order_id, "amount": amount, "reason": reason, "key": random_token()}
    await request.app.dialogs.open(request.person.telegram_id, ASKING, **facts)
    await request.send(screens.confirmation(request.language, sale, amount, reason))


@routes.answer(ASKING)
async def point_to_buttons(
    request: Request, order_id: int, amount: int | None, reason: str, key: str
) -> None:
    """Show the buttons again to somebody who writes words instead."""
    sale = await _refundable(request, order_id)
    await request.send(screens.confirmation(request.language, sale, amount, reason))


@routes.button("sale_refunded")
async def refund(request: Request, end_access: int) -> None:
    """Give the money back, once for each confirmation."""
    dialog = await request.app.dialogs.current(request.person.telegram_id)
    if dialog is None or dialog.step != ASKING:
        raise Refused("dialog-lost")
    facts, now = dialog.facts, request.now

    def work(session: Session, person: User) -> Sale:
        return sale_refunds.refund_sale(
            session,
            person,
            facts["order_id"],
            reason=facts["reason"],
            amount=facts["amount"],
            end_access=bool(end_access),
            key=facts["key"],
            now=now,
        )

    sale = await request.run(work)
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(screens.sale(request.language, sale))


async def _load(request: Request, number: int | str) -> Sale:
    return await request.run(lambda session, person: sale_refunds.sale_of(session, person, number))


async def _refundable(request: Request, order_id: int) -> Sale:
    """A sale of which something can go back. Raises `Refused` with what stands in the way."""
    sale = await _load(request, order_id)
    if sale.hindrance:
        raise Refused(sale.hindrance, {"number": sale.number, "status": sale.status})
    return sale


async def _ask_reason(request: Request, sale: Sale, amount: int | None) -> None:
    facts = {"order_id": sale.order_id, "amount": amount}
    await request.app.dialogs.open(request.person.telegram_id, "sale_reason", **facts)
    await request.send(screens.reason_question(request.language, sale))
