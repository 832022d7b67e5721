"""What the operator takes of a seller's sale by card, set by staff for each seller.

Stripe takes it of the payment at once (an application fee), so that nobody owes it to anybody
(https://docs.stripe.com/connect/direct-charges#collect-fees).
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from sqlmodel import Session

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.money import EXPONENTS, Money, parse_money
from core.kit.rows import must_get
from schemas.people import Seller

WHOLE = 10_000  # hundredths of a percent


def fee_of(seller: Seller, price: Money) -> int:
    """The fee of one sale in minor units of its currency, half up, never more than the price; 0 for none."""
    share = Decimal(price.amount * seller.card_fee_rate) / WHOLE
    fee = int(share.quantize(Decimal(1), ROUND_HALF_UP)) + seller.card_fee_sums.get(price.currency, 0)
    return min(fee, price.amount)


def percent(fee: int, price: Money) -> str:
    """A fee as the share of a price that a subscription's `application_fee_percent` takes: with two decimals
    at most, half up; empty for none."""
    share = (Decimal(fee * 100) / price.amount).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{share.normalize():f}" if share else ""


def percent_of(seller: Seller) -> Decimal:
    """The share of a seller's sales in percent, as a subscription's `application_fee_percent` takes it."""
    return Decimal(seller.card_fee_rate) / 100


def read_percent(text: str) -> Decimal:
    """A percentage as somebody types it. Raises `Refused` "bad-fee"."""
    try:
        return Decimal(text.strip().rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        raise Refused("bad-fee", {"text": text[:40]}) from None


def read_sums(texts: Iterable[str]) -> dict[str, int]:
    """Sums like 0.30EUR, in minor units by currency. Raises `Refused` "bad-amount" or "bad-currency"."""
    sums = [parse_money(text.strip()[:-3], text.strip()[-3:].upper()) for text in texts]
    return {money.currency: money.amount for money in sums}


def set_fee(
    session: Session, seller_id: int, *, percent: Decimal, sums: Mapping[str, int], actor: str
) -> Seller:
    """Set what the operator takes of each sale from now on; `sums` in minor units by currency.

    Raises `Refused`: "shop-unknown" as a `NotFound`, "bad-fee" for a share that is no share or has more
    than two decimals, "bad-currency", "bad-amount".
    """
    seller = must_get(session, Seller, seller_id, "shop-unknown", lock=True)
    rate = percent * 100
    if not percent.is_finite() or not 0 <= rate <= WHOLE or rate != rate.to_integral_value():
        raise Refused("bad-fee", {"text": f"{percent:f}"[:40]})
    for currency, amount in sums.items():
        if currency not in EXPONENTS or currency == "XTR":
            raise Refused("bad-currency", {"currency": currency[:20]})
        if amount < 0:
            raise Refused("bad-amount", {"text": str(amount)})
    seller.card_fee_rate = int(rate)
    seller.card_fee_sums = {currency: amount for currency, amount in sums.items() if amount}
    session.add(seller)
    taken = {currency: Money(amount, currency) for currency, amount in seller.card_fee_sums.items()}
    record(session, actor, "seller.card_fee", f"seller:{seller_id}", rate=seller.card_fee_rate, sums=taken)
    session.flush()
    return seller
