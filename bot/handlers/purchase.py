"""Buying for Stars: the Buy button places an order and sends its invoice, or offers the site."""

import structlog
from pyrogram.errors import RPCError
from pyrogram.types import LabeledPrice
from sqlmodel import Session

from bot.handlers.library import show_item
from bot.request import Request
from bot.routes import Routes
from bot.screens.catalogue import waiver_question
from bot.screens.members import site_instead
from core.catalogue.catalogue import view
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.texts import money
from core.payments.offers import Offers, note_offers, offers_of
from core.payments.placing import place_for_stars
from core.payments.rails.stars.invoices import stars_invoice
from core.payments.waiver import Waiver
from core.ports import Button, Message, StarsInvoice
from schemas.people import User

STARS = "XTR"  # Telegram's code of the currency

log = structlog.get_logger(__name__)
routes = Routes()


@routes.button("buy")
async def buy(request: Request, product_id: int) -> None:
    """Place an order and send its invoice; what is owned already opens in the library."""
    await _buy(request, product_id, "")


@routes.button("waive")
async def waive(request: Request, product_id: int, version: str) -> None:
    """The buyer gives up the right of withdrawal by the words just read, and goes on to pay."""
    await _buy(request, product_id, version)


async def _buy(request: Request, product_id: int, version: str) -> None:
    waiver = Waiver(request.app.settings.withdrawal_waiver, version)
    try:
        invoice = await request.run(
            lambda session, person: place_stars(session, request, person, product_id, waiver)
        )
    except Refused as refused:
        if refused.code == "waiver-missing":
            await request.send(waiver_question(request.language, product_id))
            return
        if refused.code != "already-owned":
            raise
        await request.answer(request.plain("owned-already"))
        await show_item(request, product_id)
        return
    try:
        await (send_subscription if invoice.every else send_invoice)(request, invoice)
    except RPCError as error:
        log.warning("invoice_not_sent", payload=invoice.payload, error=str(error))
        await offer_site(request, product_id)


def place_stars(
    session: Session, request: Request, person: User, product_id: int, waiver: Waiver
) -> StarsInvoice:
    """Place an order for Stars and make its invoice; pressed again, of the order that is still open."""
    policy, ttl = request.app.policy, request.app.settings.order_ttl
    order = place_for_stars(
        session, person, product_id, policy=policy, order_ttl=ttl, now=request.now, waiver=waiver
    )
    return stars_invoice(session, order, request.language)


async def send_invoice(request: Request, invoice: StarsInvoice) -> None:
    """Send the invoice that Telegram shows with its own Pay button; Stars need no provider token."""
    await request.client.send_invoice(
        request.person.telegram_id,
        title=invoice.title,
        description=invoice.description,
        payload=invoice.payload,
        currency=STARS,
        prices=prices(invoice),
    )


async def send_subscription(request: Request, invoice: StarsInvoice) -> None:
    """Send the link of an invoice that renews itself every 30 days, which Telegram takes by link only.

    https://core.telegram.org/bots/api#createinvoicelink
    """
    assert invoice.every is not None, "it is a subscription"
    address = await request.client.create_invoice_link(
        invoice.title,
        invoice.description,
        invoice.payload,
        STARS,
        prices(invoice),
        subscription_period=int(invoice.every.total_seconds()),
    )
    price = money(request.language, Money(invoice.stars, STARS))
    words = request.text("subscription-invoice", title=invoice.title, price=price)
    button = Button(request.plain("button-subscribe", price=price), url=str(address))
    await request.send(Message(words, [[button]]))


async def offer_site(request: Request, product_id: int) -> None:
    """Where Stars fail, offer the site as far as the policy lets the chat lead there (D18), logged."""

    def work(session: Session, person: User) -> tuple[str, Offers]:
        product = view(session, product_id=product_id, viewer=person)
        app = request.app
        offers = offers_of(product, "chat", policy=app.policy, settings=app.settings)
        note_offers(session, person, offers)
        return product.title, offers

    title, offers = await request.run(work)
    await request.send(site_instead(request.language, title, offers))


def prices(invoice: StarsInvoice) -> list[LabeledPrice]:
    """The one price line of an invoice."""
    return [LabeledPrice(label=invoice.title, amount=invoice.stars)]
