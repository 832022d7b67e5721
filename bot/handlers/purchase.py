"""Buying for Stars: from the Buy button to the invoice, or to the site where Stars fail."""

from urllib.parse import quote

import structlog
from pyrogram.errors import RPCError
from pyrogram.types import LabeledPrice
from sqlmodel import Session

from bot.handlers.library import show_item
from bot.request import Request
from bot.routes import Routes
from bot.screens.members import site_instead
from core.audit import record
from core.catalogue import prices_of
from core.errors import Refused
from core.memberships.subscriptions import PERIOD, is_recurring
from core.money import Money
from core.orders import order_number, place
from core.payments import invoice_payload
from core.policy import rails_offered, rails_taken
from core.ports import Button, Message
from core.rows import must_get
from core.texts import money, shorten
from schemas.catalogue import Product
from schemas.people import Seller, User
from schemas.sales import Order

# core.telegram.org/bots/api#sendinvoice
INVOICE_TITLE = 32
INVOICE_DESCRIPTION = 255

log = structlog.get_logger(__name__)
routes = Routes()


@routes.button("buy")
async def buy(request: Request, product_id: int) -> None:
    """Place an order and send its invoice; what is owned already opens in the library."""
    try:
        order, product, recurring = await request.run(
            lambda session, person: place_stars(session, request, person, product_id)
        )
    except Refused as refused:
        if refused.code != "already-owned":
            raise
        await request.answer(request.plain("owned-already"))
        await show_item(request, product_id)
        return
    try:
        await (send_subscription if recurring else send_invoice)(request, order, product)
    except RPCError as error:
        log.warning("invoice_not_sent", order_id=order.id, error=str(error))
        await offer_site(request, product_id)


def place_stars(
    session: Session, request: Request, person: User, product_id: int
) -> tuple[Order, Product, bool]:
    """An order for Stars, what it is for, and whether Telegram is to charge it every 30 days; pressed again,
    the order that is still open."""
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
    product = must_get(session, Product, product_id, "product-unknown")
    return placed.order, product, is_recurring(session, placed.order)


async def send_invoice(request: Request, order: Order, product: Product) -> None:
    """The invoice that Telegram shows with its own Pay button; Stars need no provider token."""
    await request.client.send_invoice(
        request.person.telegram_id,
        title=shorten(product.title, INVOICE_TITLE),
        description=description_of(request, order, product),
        payload=invoice_payload(order),
        currency=order.currency,
        prices=prices(order, product),
    )


async def send_subscription(request: Request, order: Order, product: Product) -> None:
    """A charge every 30 days is agreed to by a link only (core.telegram.org/bots/api#createinvoicelink)."""
    address = await request.client.create_invoice_link(
        shorten(product.title, INVOICE_TITLE),
        description_of(request, order, product),
        invoice_payload(order),
        order.currency,
        prices(order, product),
        subscription_period=int(PERIOD.total_seconds()),
    )
    price = money(request.language, Money(order.amount, order.currency))
    words = request.text("subscription-invoice", title=product.title, price=price)
    button = Button(request.plain("button-subscribe", price=price), url=str(address))
    await request.send(Message(words, [[button]]))


async def offer_site(request: Request, product_id: int) -> None:
    """Stars fail: what the policy allows on the web checkout instead (D18), each offer logged."""
    title, offers = await request.run(
        lambda session, person: web_offers(session, request, person, product_id)
    )
    await request.send(site_instead(request.language, title, offers))


def web_offers(
    session: Session, request: Request, person: User, product_id: int
) -> tuple[str, list[tuple[str, str]]]:
    """The product's title, and a label and an address for each rail of the web checkout."""
    product = must_get(session, Product, product_id, "product-unknown")
    seller = must_get(session, Seller, product.seller_id, "shop-unknown")
    costs = prices_of(session, [product_id])[product_id]
    site = request.shop.settings.public_url
    offers = []
    for rail in rails_offered(request.shop.policy, "web", rails_taken(product.kind, seller.rails), costs):
        record(session, f"user:{person.id}", "rail.offered", f"product:{product_id}", rail=rail)
        label = request.plain("button-buy-on-site", price=money(request.language, costs[rail]))
        offers.append((label, f"{site}/p/{quote(product.slug)}"))
    return product.title, offers if site else []


def description_of(request: Request, order: Order, product: Product) -> str:
    """What the invoice says under its title."""
    name = "invoice-plan" if product.kind == "membership" else "invoice-description"
    words = request.plain(name, title=shorten(product.title, 120), number=order_number(order))
    return shorten(words, INVOICE_DESCRIPTION)


def prices(order: Order, product: Product) -> list[LabeledPrice]:
    """The one line of the invoice."""
    return [LabeledPrice(label=shorten(product.title, INVOICE_TITLE), amount=order.amount)]
