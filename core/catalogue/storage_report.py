"""What the store holds for us and what that costs a month (E12)."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlmodel import Session, col, func, select

from core.kit.errors import SettingError
from schemas.catalogue import Asset, AssetStatus
from schemas.uploads import Upload

GB = 10**9  # bytes; stores bill powers of ten (aws.amazon.com/s3/pricing)
SOLD: tuple[AssetStatus, ...] = ("accepted", "retired")


@dataclass(frozen=True)
class StorageLine:
    """Some of the store's contents: how many objects, bytes, and a month's price in `currency`."""

    what: str
    objects: int
    bytes: int
    monthly_cost: Decimal
    currency: str


def storage_report(session: Session, price: str) -> list[StorageLine]:
    """What is kept for products, what is on its way, and what was taken back, which no longer costs.

    `price` is that of a GB and month, like "0.023 USD". Raises `SettingError` that names STORE_PRICE.
    """
    rate, currency = parse_price(price)
    size, there = func.coalesce(func.sum(Upload.size), 0), col(Upload.reclaimed_at).is_(None)
    sold = select(func.count(), func.coalesce(func.sum(Asset.size), 0)).where(col(Asset.status).in_(SOLD))
    accepted = select(func.count(), size).where(Upload.state == "accepted")
    checked = select(func.count(), size).where(
        there, col(Upload.state) != "accepted", col(Upload.completed_at).is_not(None)
    )
    unfinished = select(func.count(), size).where(
        there,
        col(Upload.state) != "accepted",
        col(Upload.completed_at).is_(None),
        col(Upload.store_upload_id).is_not(None),
    )
    freed = select(func.count(), func.coalesce(func.sum(Upload.reclaimed_bytes), 0)).where(
        col(Upload.reclaimed_at).is_not(None)
    )
    groups = {"files": sold, "pictures": accepted.where(Upload.purpose == "picture")}
    groups |= {"own samples": accepted.where(Upload.purpose == "sample"), "not decided": checked}
    groups |= {"unfinished, at most": unfinished, "reclaimed": freed}
    lines = []
    for what, statement in groups.items():
        objects, total = session.exec(statement).one()
        cost = (Decimal(int(total)) / GB * rate).quantize(Decimal("0.0001"))
        lines.append(StorageLine(what, objects, int(total), cost, currency))
    return lines


def parse_price(text: str) -> tuple[Decimal, str]:
    """Read "0.023 USD". Raises `SettingError` that names STORE_PRICE."""
    number, _, currency = text.strip().partition(" ")
    try:
        rate = Decimal(number)
    except InvalidOperation:
        rate = Decimal(-1)
    if not (rate.is_finite() and rate >= 0 and len(currency.strip()) == 3):
        raise SettingError(f"STORE_PRICE is wrong: {text!r}. Write it like 0.023 USD.")
    return rate, currency.strip().upper()
