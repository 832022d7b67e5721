"""The listing fee: what a seller pays for a product to go on sale, as an order on the same rails.

The fee is a product of kind "listing" with a page, a deep link and orders of its own; its buyer is the shop
that owns it, so its money is never owed to the seller.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.catalogue.products import set_prices
from core.kit.errors import Refused, SettingError
from core.kit.money import Money, parse_money
from core.kit.names import TITLE_LIMIT
from core.kit.prices import Prices, by_rail
from core.kit.rail_policy import OWN_CURRENCY, RAILS, check_sum, takes_currency
from core.kit.rows import id_of
from core.kit.texts import plain, shorten
from schemas.catalogue import Product, ProductKind
from schemas.people import Seller, User
from schemas.sales import Order, OrderStatus

SLUG = "listing_"  # no slug made of a title has this sign
GIVEN_UP: tuple[OrderStatus, ...] = ("failed", "expired", "cancelled", "refunded")

Fees = Prices


def parse_fee(text: str) -> dict[str, list[Money]]:
    """Read "stars=100;manual=5.00 EUR" by rail. Raises `SettingError` that names LISTING_FEE."""
    try:
        return read_prices(filter(None, (part.strip() for part in text.split(";"))))
    except Refused as refused:
        named = (refused.details or {}).get("text", text)
        raise SettingError(_wrong(f"{named!r} is no rail with a price")) from None


def read_prices(parts: Iterable[str]) -> dict[str, list[Money]]:
    """Prices by rail, each written like stars=100 or manual=5.00EUR. Raises `Refused` "fee-price", and
    "price-twice" where a rail has two in one currency."""
    prices: list[tuple[str, Money]] = []
    for part in parts:
        rail, _, amount = (piece.strip() for piece in part.partition("="))
        number, currency = amount[:-3].strip(), amount[-3:].upper()
        if rail in OWN_CURRENCY and not amount.upper().endswith(OWN_CURRENCY[rail]):
            number, currency = amount, OWN_CURRENCY[rail]
        refusal = Refused("fee-price", {"text": part[:40]})
        if rail not in RAILS or not takes_currency(rail, currency):
            raise refusal
        try:
            price = parse_money(number, currency)
            check_sum(rail, price)
        except Refused:
            raise refusal from None
        prices.append((rail, price))
    return by_rail(prices)


def is_due(product: Product, fees: Fees) -> bool:
    """Whether a product still owes its fee."""
    return bool(fees) and product.listing_paid_at is None


def check_not_returned(session: Session, product: Product) -> None:
    """Raise `Refused` "listing-unpaid" where the fee of a product was paid, went back, and is owed again."""
    if product.listing_paid_at is None and _orders_of_fee(session, id_of(product), ("refunded",)):
        raise Refused("listing-unpaid")


def is_paid_otherwise(session: Session, order: Order) -> bool:
    """Whether another order than this one paid the same fee and stands."""
    product = session.get_one(Product, order.product_id)
    assert product.listing_of is not None, f"order {order.id} is for no fee"
    return bool(_orders_of_fee(session, product.listing_of, ("paid", "delivered")) - {id_of(order)})


def fee_of(session: Session, product: Product, fees: Fees, *, now: datetime) -> Product:
    """What is bought to pay a product's fee, at today's price; made when first asked for."""
    seller = session.get_one(Seller, product.seller_id)
    language = session.get_one(User, seller.user_id).language
    title = shorten(plain(language, "listing-title", title=product.title), TITLE_LIMIT)
    values = {"title": title, "status": "published"}
    session.execute(
        insert(Product)
        .values(
            seller_id=product.seller_id,
            slug=f"{SLUG}{product.id}",
            description="",
            kind="listing",
            listing_of=product.id,
            created_at=now,
            **values,
        )
        .on_conflict_do_update(index_elements=["listing_of"], set_=values)
    )
    fee = session.exec(select(Product).where(Product.listing_of == product.id)).one()
    set_prices(session, id_of(fee), fees)
    return fee


def payment_status(session: Session, product: Product) -> str:
    """How the fee stands: pending, confirmed, or failed when the last try was given up."""
    if product.listing_paid_at is not None:
        return "confirmed"
    last = (
        select(Order.status)
        .join(Product, col(Product.id) == Order.product_id)
        .where(Product.listing_of == product.id)
        .order_by(col(Order.id).desc())
        .limit(1)
    )
    return "failed" if session.exec(last).first() in GIVEN_UP else "pending"


def _orders_of_fee(session: Session, product_id: int, statuses: tuple[OrderStatus, ...]) -> set[int]:
    orders = (
        select(Order.id)
        .join(Product, col(Product.id) == Order.product_id)
        .where(Product.listing_of == product_id, col(Order.status).in_(statuses))
    )
    return {number for number in session.exec(orders) if number is not None}


@dataclass(frozen=True)
class FeeForSale:
    """The fee of a product, as what decides about offers sees it; `id` is that of the product it is for."""

    id: int
    prices: Fees
    rails: tuple[str, ...]  # the operator's, not the seller's
    kind: ProductKind = "listing"
    on_sale: bool = True

    @property
    def slug(self) -> str:
        """Its public name."""
        return f"{SLUG}{self.id}"


def _wrong(why: str) -> str:
    return f"LISTING_FEE is wrong: {why}. Write it like stars=100;manual=5.00 EUR."
