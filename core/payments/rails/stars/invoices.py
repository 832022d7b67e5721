"""Invoices in Stars: what Telegram shows of an order beside its own Pay button."""

from sqlmodel import Session

from core.kit.rows import must_get
from core.kit.texts import of_kind, plain, shorten
from core.orders.fulfilment import goods_of
from core.orders.orders import order_number
from core.payments.rails.stars.payments import invoice_payload
from core.ports import StarsInvoice
from schemas.catalogue import Product
from schemas.sales import Order

# core.telegram.org/bots/api#sendinvoice
TITLE = 32
DESCRIPTION = 255


def stars_invoice(session: Session, order: Order, language: str) -> StarsInvoice:
    """The invoice of an order for Stars, in the buyer's language."""
    product = must_get(session, Product, order.product_id, "product-unknown")
    name = of_kind("invoice-description", product.kind)
    words = plain(language, name, title=shorten(product.title, 120), number=order_number(order))
    return StarsInvoice(
        title=shorten(product.title, TITLE),
        description=shorten(words, DESCRIPTION),
        payload=invoice_payload(order),
        stars=order.amount,
        every=goods_of(product.kind).renewal_period(session, product),
    )
