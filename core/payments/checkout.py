"""The web checkout as its visitor sees it: what a product costs here, and how far an order has got."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, select

from core.catalogue.catalogue import ProductView, check_on_sale, is_on_sale, view
from core.catalogue.payees import rails_of
from core.jobs.ledger import enqueue
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.prices import currencies_of, in_currency
from core.kit.rail_policy import CARD, Policy
from core.kit.rows import id_of, must_get
from core.notifications.addresses import usable
from core.orders.fulfilment import Choice, Description, Goods, goods_of
from core.orders.orders import OPEN, by_page, order_id_of, order_number
from core.payments.offers import Offers, offers_of, payable_on
from core.payments.order_claims import is_held
from core.payments.papers import PaperLink, papers_of
from core.payments.rails.port import rail_of
from core.payments.rails.stripe import trials
from core.payments.rails.stripe.trials import TrialTerms
from core.process.settings import Settings
from schemas import card_jobs
from schemas.catalogue import Product, ProductKind
from schemas.notifications import MailAddress
from schemas.people import Seller
from schemas.sales import Order, Payment

# preparing: the invoice is being opened. partial: a part has come. confirming: the network is at it.
# ready: paid, and nobody has claimed it in Telegram yet. claimed: it is being sent there. held: claimed by
# somebody who may not have it, so that support decides.
Stage = Literal[
    "preparing",
    "payable",
    "partial",
    "confirming",
    "transfer",
    "submitted",
    "ready",
    "claimed",
    "held",
    "delivered",
    "refunded",
    "cancelled",
    "expired",
    "failed",
]
UNPAID: tuple[Stage, ...] = ("preparing", "payable", "partial", "transfer")
SLUG = re.compile("[A-Za-z0-9_-]{1,60}")
PAGE_ID = re.compile("[A-Za-z0-9_]{1,255}")


@dataclass(frozen=True)
class Offer:
    """A product on sale, what it gives, how it may be bought on this page and, if at all, in the bot.

    `choices`: the terms for which the same is sold, this one among them, each with its prices on the web.

    `refused`: why nobody unknown can buy it now; then there are no ways. `trials`: by currency, what a card
    may be given for.
    """

    product: ProductView
    here: Offers
    in_chat: Offers
    description: Description
    choices: list[tuple[Choice, Offers]]
    refused: Refused | None
    trials: dict[str, TrialTerms]

    @property
    def currencies(self) -> dict[str, list[Money]]:
        """In which it can be bought on this page, its seller's first leading, with the prices in each."""
        prices = {} if self.refused else self.here.prices
        return {
            currency: list(dict.fromkeys(in_currency(prices, currency).values()))
            for currency in currencies_of(prices)
        }

    def ways(self, currency: str) -> dict[str, Money]:
        """By rail of the page, the price in a currency, or in the first where it cannot be bought in that."""
        known = list(self.currencies)
        return in_currency(self.here.prices, currency if currency in known else known[0]) if known else {}

    def trial(self, currency: str) -> TrialTerms | None:
        """What a card may be given for, beside those ways."""
        price = self.ways(currency).get(CARD)
        return self.trials.get(price.currency) if price else None


@dataclass(frozen=True)
class OrderPage:
    """One web order. `missing` is what a partial payment still lacks; `pay_url` is the provider's page;
    `trial`: what it begins with where it costs nothing.

    `stopped`: it is unpaid, and could not be ordered again just now, so nobody may be led to pay it.
    """

    id: int
    number: str
    stage: Stage
    title: str
    kind: ProductKind
    slug: str
    seller_name: str
    rail: str
    price: Money
    trial: TrialTerms | None
    missing: Money | None
    pay_url: str | None
    stopped: bool
    note: str
    created_at: datetime
    expires_at: datetime
    for_sale: bool
    mail_address: str  # empty: none was given
    mail_confirmed: bool
    with_support: bool  # staff are looking into it
    papers: list[PaperLink]  # invoice or receipt, credit notes


def offer(session: Session, slug: str, *, policy: Policy, settings: Settings, now: datetime) -> Offer:
    """A product by its public name, for somebody unknown on the web.

    Raises `NotFound` unless it is on sale.
    """
    if not SLUG.fullmatch(slug):
        raise NotFound("product-unknown")
    card = view(session, slug=slug, viewer=None)
    product = must_get(session, Product, card.id, "product-unknown")
    goods, here = goods_of(product.kind), offers_of(card, "web", policy=policy, settings=settings)
    return Offer(
        card,
        here,
        offers_of(card, "chat", policy=policy, settings=settings),
        goods.describe(session, card),
        [
            (choice, offers_of(choice.product, "web", policy=policy, settings=settings))
            for choice in goods.choices(session, card, now=now)
        ],
        _why_not(session, goods, product, now),
        _trials(session, product, here),
    )


def order_page(session: Session, page_token: str, *, now: datetime) -> OrderPage:
    """The order of a page token. Raises `NotFound`."""
    order = by_page(session, page_token)
    product = must_get(session, Product, order.product_id, "product-unknown")
    seller = must_get(session, Seller, order.seller_id, "shop-unknown")
    payments = session.exec(
        select(Payment).where(Payment.order_id == order.id).order_by(col(Payment.created_at))
    ).all()
    received = sum(row.received or 0 for row in payments if row.status == "partial")
    is_on_hold = is_held(session, order)
    stage = "held" if is_on_hold else _stage(order, list(payments), received, now)
    (taken,) = rails_of(session, [(product, seller)])
    refused = order.rail not in payable_on(product.kind, taken) or _why_not_now(session, product, now)
    stopped = stage in UNPAID and bool(refused)
    mail = session.exec(select(MailAddress).where(MailAddress.order_id == order.id)).one_or_none()
    return OrderPage(
        id=id_of(order),
        number=order_number(order),
        stage=stage,
        title=product.title,
        kind=product.kind,
        slug=product.slug,
        seller_name=seller.name,
        rail=order.rail,
        price=Money(order.amount, order.currency),
        trial=trials.terms_of(session, order),
        missing=Money(order.amount - received, order.currency) if stage == "partial" else None,
        pay_url=None if stopped else rail_of(order.rail).waiting(payments).pay_url,
        stopped=stopped,
        note=order.note,
        created_at=order.created_at,
        expires_at=order.expires_at,
        for_sale=is_on_sale(product, seller),
        mail_address=mail.address if mail else "",
        mail_confirmed=usable(mail),
        with_support=order.needs_support_at is not None and stage not in ("held", "refunded", "delivered"),
        papers=papers_of(session, id_of(order)) if order.paid_at is not None else [],
    )


def look_again(session: Session, number: str, page: str) -> None:
    """Somebody comes back from where an order is paid: have a job look whether it is, where `page` is the
    provider's id of the order's page, which cannot be guessed.

    Its provider may tell of it later, or never.
    """
    if not PAGE_ID.fullmatch(page):
        return
    named = Payment.order_id == order_id_of(number), Payment.provider_id == page
    if (order_id := session.exec(select(Payment.order_id).where(*named).limit(1)).first()) is not None:
        enqueue(session, card_jobs.LookAtCheckout(order_id=order_id).once())


def _trials(session: Session, product: Product, here: Offers) -> dict[str, TrialTerms]:
    prices = here.prices[CARD] if CARD in here.here else []
    offered = {price.currency: trials.offered(session, product, price) for price in prices}
    return {currency: terms for currency, terms in offered.items() if terms is not None}


def _why_not_now(session: Session, product: Product, now: datetime) -> Refused | None:
    """Why somebody unknown could not order it now; what was ordered before may have changed since."""
    try:
        check_on_sale(session, product)
    except Refused as refused:
        return refused
    return _why_not(session, goods_of(product.kind), product, now)


def _why_not(session: Session, goods: Goods, product: Product, now: datetime) -> Refused | None:
    try:
        goods.may_buy(session, product, None, now=now)
    except Refused as refused:
        return refused
    return None


def _stage(order: Order, payments: list[Payment], received: int, now: datetime) -> Stage:
    match order.status:
        case "paid":
            return "ready" if order.buyer_id is None else "claimed"
        case "delivered" | "submitted" | "refunded" | "cancelled" | "expired" | "failed":
            return order.status
        case _:
            return _unpaid_stage(order, payments, received, now)


def _unpaid_stage(order: Order, payments: list[Payment], received: int, now: datetime) -> Stage:
    assert order.status in OPEN, f"order {order.id} has the unknown status {order.status}"
    waiting = rail_of(order.rail).waiting(payments)
    if waiting.stage == "confirming":
        return "confirming"
    if order.expires_at <= now:
        return "expired"
    if 0 < received < order.amount:
        return "partial"
    return waiting.stage
