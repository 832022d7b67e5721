"""Buying for Stars: from the Buy button to the invoice."""

from pyrogram.types import LabeledPrice
from sqlmodel import Session

from bot.handlers.library import show_item
from bot.request import Request
from bot.routes import Routes
from core.errors import Refused
from core.orders import order_number, place
from core.payments import invoice_payload
from core.rows import must_get
from core.texts import shorten
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Order

# core.telegram.org/bots/api#sendinvoice
INVOICE_TITLE = 32
INVOICE_DESCRIPTION = 255

routes = Routes()


@routes.button("buy")
async def buy(request: Request, product_id: int) -> None:
    """Place an order and send its invoice; what is owned already opens in the library."""
    try:
        order, title = await request.run(
            lambda session, person: place_stars(session, request, person, product_id)
        )
    except Refused as refused:
        if refused.code != "already-owned":
            raise
        await request.answer(request.plain("owned-already"))
        await show_item(request, product_id)
        return
    await send_invoice(request, order, title)


def place_stars(session: Session, request: Request, person: User, product_id: int) -> tuple[Order, str]:
    """An order for Stars and the title of what it is for; pressed again, the order that is still open."""
    placed = place(
        session,
        product_id=product_id,
        rail="stars",
        entry="bot",
        buyer=person,
        language=person.language,
        policy=request.shop.policy,
        order_ttl=request.shop.settings.order_ttl,
        now=request.now,
    )
    return placed.order, must_get(session, Product, product_id, "product-unknown").title


async def send_invoice(request: Request, order: Order, title: str) -> None:
    """The invoice that Telegram shows with its own Pay button; Stars need no provider token."""
    name = shorten(title, INVOICE_TITLE)
    description = request.plain("invoice-description", title=shorten(title, 120), number=order_number(order))
    await request.client.send_invoice(
        request.person.telegram_id,
        title=name,
        description=shorten(description, INVOICE_DESCRIPTION),
        payload=invoice_payload(order),
        currency=order.currency,
        prices=[LabeledPrice(label=name, amount=order.amount)],
    )
