"""What NOWPayments says, and how it proves that it says so. Pure: no network, no tables.

The protocol: https://documenter.getpostman.com/view/7907941/2s93JusNJt ("Instant Payments Notifications",
"Payment statuses", "Repeated Deposits and Wrong-Asset Deposits").
"""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any, NoReturn

from core.kit.errors import Refused
from core.kit.money import EXPONENTS, Money
from core.payments.rails.port import PaymentReport
from schemas.text import is_clean

PROVIDER = "nowpayments"
BODY_LIMIT = 65_536  # bytes of a notice; theirs have about one thousand
DEEPEST = 16  # levels of lists and objects in a notice; theirs have two
PAGE_LIMIT = 8_388_608  # bytes of a page of their list, 500 payments

# How far each status has got. News that is less far than what is known came late and changes nothing.
# Expired and failed stand below partially_paid: coins that arrive afterwards are still counted.
PROGRESS: dict[str, int] = {
    "waiting": 0,
    "confirming": 1,
    "confirmed": 2,
    "sending": 3,
    "expired": 4,
    "failed": 4,
    "partially_paid": 5,
    "finished": 6,
    "refunded": 7,
}
COVERED = Decimal("0.95")
"""The part of the asked coins from which `finished` is believed: the operator may let NOWPayments cover
network fees, or mark a slightly short payment finished by hand; anything shorter is for people to judge."""


INDEX = re.compile("0|[1-9][0-9]{0,8}")


class Number(str):
    """A number as it was sent. The signature covers its spelling, which a float would lose."""

    __slots__ = ()


def verify(secret: str, body: bytes, signature: str) -> PaymentReport:
    """Read a notice (IPN) whose header x-nowpayments-sig is `signature`, 128 hexadecimal digits.

    Raises `Refused`: ipn-too-large, ipn-unreadable (not one JSON object, nested too deeply, a text with NUL
    or a surrogate), ipn-forged. An empty secret verifies nothing.
    """
    fields = _decode(body)
    if not _is_readable(fields, DEEPEST):
        raise Refused("ipn-unreadable")
    sent = signature.strip().lower().encode(errors="replace")
    # The first form that matches ends it: which one a sender uses is no secret, a digest is.
    genuine = any(hmac.compare_digest(sent, sign(secret, fields, style).encode()) for style in STYLES)
    if not secret or not genuine:
        raise Refused("ipn-forged")
    return _report(fields, body)


def read(body: bytes) -> PaymentReport:
    """Read a notice that was verified before, or a payment of their API. Raises `Refused` as `verify`."""
    return _report(_decode(body), body)


def read_list(body: bytes) -> tuple[list[PaymentReport], int]:
    """The payments of one page of their list, and how many pages there are. Raises `Refused` as `verify`."""
    fields = _decode(body, PAGE_LIMIT)
    listed, pages = fields.get("data"), _word(fields.get("pagesCount"))
    if not isinstance(listed, list) or not all(isinstance(payment, dict) for payment in listed):
        raise Refused("ipn-unreadable")
    reports = [_report(payment, _sorted(payment, *STYLES[0]).encode(errors="replace")) for payment in listed]
    return reports, int(pages) if INDEX.fullmatch(pages) else 1


def event_id(report: PaymentReport) -> str:
    """The name of this piece of news: sent twice, it is the same, however it is written.

    What is digested is what the signature covers, in one form: spaces, the order of keys and escapes can be
    changed under a signature, and so can a list be written as an object.
    """
    signed_form = _sorted(_decode(report.raw, PAGE_LIMIT), escaped=True, as_object=True)
    digest = hashlib.sha256(signed_form.encode()).hexdigest()[:32]
    return f"{report.provider_id or 'other'}:{report.stage}:{digest}"


# NOWPayments signs JSON with sorted keys and no spaces. Its samples differ where a body has letters beyond
# ASCII (JavaScript writes them, PHP and Python escape them) or a list (the JavaScript sample turns it into
# an object with the keys "0", "1", ...). Each form is a function of the whole body, so accepting any is
# as strong as accepting one.
STYLES: tuple[tuple[bool, bool], ...] = tuple(
    (escaped, as_object) for escaped in (False, True) for as_object in (False, True)
)


def sign(secret: str, fields: dict[str, Any], style: tuple[bool, bool] = STYLES[0]) -> str:
    """The signature of a body: HMAC-SHA512 in hexadecimal over its sorted form."""
    text = _sorted(fields, *style)
    return hmac.new(secret.encode(), text.encode(errors="surrogatepass"), hashlib.sha512).hexdigest()


def _sorted(value: Any, escaped: bool, as_object: bool) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        if not as_object:
            return "[" + ",".join(_sorted(item, escaped, as_object) for item in value) + "]"
        value = {str(index): item for index, item in enumerate(value)}
    if isinstance(value, dict):
        # JavaScript keeps whole-number keys in numerical order before all others.
        order = sorted(value, key=lambda name: (0, int(name), "") if INDEX.fullmatch(name) else (1, 0, name))
        pairs = (
            f"{json.dumps(name, ensure_ascii=escaped)}:{_sorted(value[name], escaped, as_object)}"
            for name in order
        )
        return "{" + ",".join(pairs) + "}"
    return json.dumps(value, ensure_ascii=escaped)


def _decode(body: bytes, limit: int = BODY_LIMIT) -> dict[str, Any]:
    if len(body) > limit:
        raise Refused("ipn-too-large", {"limit": limit})
    try:
        fields = json.loads(body.decode(), parse_float=Number, parse_int=Number, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused("ipn-unreadable") from None
    if not isinstance(fields, dict):
        raise Refused("ipn-unreadable")
    return fields


def _is_readable(value: Any, levels: int) -> bool:
    """Whether all texts can be kept, at most so many levels deep."""
    if isinstance(value, str):
        return is_clean(value)
    if not isinstance(value, list | dict):
        return True
    if levels == 0 or (isinstance(value, dict) and not all(map(is_clean, value))):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return all(_is_readable(part, levels - 1) for part in parts)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON (RFC 8259, section 6)")


def _report(fields: dict[str, Any], body: bytes) -> PaymentReport:
    """A report with empty fields where the notice has none: it may be about something else than a payment."""
    price = _money(fields.get("price_amount"), fields.get("price_currency"))
    due, paid = _decimal(fields.get("pay_amount")), _decimal(fields.get("actually_paid"))
    return PaymentReport(
        provider_id=_word(fields.get("payment_id")),
        order_number=_word(fields.get("order_id")),
        stage=_word(fields.get("payment_status")).lower(),
        price=price,
        received=value_of(paid, price, due),
        raw=body,
        parent_id=_word(fields.get("parent_payment_id")),
        invoice_id=_word(fields.get("invoice_id")),
        coins=paid,
        coins_asked=due,
        coin=_word(fields.get("pay_currency")).lower(),
        at=_moment(fields.get("updated_at")) or _moment(fields.get("created_at")),
    )


def value_of(coins: Decimal | None, price: Money | None, coins_asked: Decimal | None) -> int | None:
    """What so many coins are worth in minor units, where `price` was asked as `coins_asked`; rounded down."""
    if coins is None or price is None or not coins_asked:
        return None
    return int((price.amount * coins / coins_asked).to_integral_value(ROUND_DOWN))


def _money(amount: Any, currency: Any) -> Money | None:
    """An exact amount in a currency of ours, or None."""
    code, number = _word(currency).upper(), _decimal(amount)
    if code not in EXPONENTS or number is None:
        return None
    minor = number.scaleb(EXPONENTS[code])
    return Money(int(minor), code) if minor == minor.to_integral_value() else None


def _decimal(value: Any) -> Decimal | None:
    """A finite number that is not negative, sent as a number or as a text."""
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        return None
    # The bounds keep arithmetic cheap: 1e999999 is a valid JSON number.
    if not number.is_finite() or not 0 <= number < 10**15:
        return None
    return number if number.adjusted() > -30 else Decimal(0)


def _moment(value: Any) -> datetime | None:
    """A moment of their API, as ISO 8601, or of a notice, in milliseconds since 1970."""
    word = _word(value)
    try:
        moment = (
            datetime.fromtimestamp(int(word) / 1000, UTC)
            if word.isdecimal()
            else datetime.fromisoformat(word)
        )
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _word(value: Any) -> str:
    """A short text or number, as text; anything else is nothing."""
    return value[:100] if isinstance(value, str) and is_clean(value) else ""
