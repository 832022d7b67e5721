"""The whole market in figures: what was sold, linked and downloaded, over any range of time.

Nothing is counted up beside the rows themselves, and nothing here writes. A range is [`since`, `until`), all
moments are UTC. Sold is what was paid and not given back; a fee is no sale. A link is one of ours,
made to be sent to a buyer. Each click on it has an address in the store signed, by the audit log; a download
is a click that counted, which one that goes on with a broken transfer does not.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import text
from sqlmodel import Session

from core.kit.money import Money

Step = Literal["minute", "hour", "day"]
STEPS: dict[Step, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
TOP = 10

SOLD = """
    FROM purchase
    JOIN product ON product.id = purchase.product_id
    JOIN seller ON seller.id = purchase.seller_id
    WHERE purchase.status IN ('paid', 'delivered') AND product.kind NOT IN ('listing', 'shop_fee')
      AND purchase.amount > 0
      AND paid_at >= :since AND paid_at < :until
"""
CLICKED = """
    FROM download
    JOIN download_link ON download_link.id = download.link_id
    JOIN access_grant ON access_grant.id = download_link.grant_id
    JOIN product ON product.id = access_grant.product_id
    JOIN seller ON seller.id = product.seller_id
    WHERE download.minute >= :since AND download.minute < :until
"""
SALES_BY_STEP = text(
    f"""
    SELECT date_trunc(:step, paid_at, 'UTC') AS at, rail, currency, sum(amount) AS amount, count(*) AS orders
    {SOLD} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """
)
DOWNLOADS_BY_STEP = text(
    """
    SELECT date_trunc(:step, minute, 'UTC') AS at, count(*) AS found
    FROM download WHERE minute >= :since AND minute < :until GROUP BY 1
    """
)
LINKS_BY_STEP = text(
    """
    SELECT date_trunc(:step, created_at, 'UTC') AS at, count(*) AS found
    FROM download_link WHERE created_at >= :since AND created_at < :until GROUP BY 1
    """
)
SIGNED_BY_STEP = text(
    """
    SELECT date_trunc(:step, created_at, 'UTC') AS at, count(*) AS found
    FROM audit_entry
    WHERE action = 'link.presigned' AND created_at >= :since AND created_at < :until GROUP BY 1
    """
)
LATEST = text(
    """
    SELECT download.minute AS at, asset.name AS file, asset.size, product.title, seller.name AS seller
    FROM (SELECT * FROM download ORDER BY id DESC LIMIT :limit) AS download
    JOIN download_link ON download_link.id = download.link_id
    JOIN asset ON asset.id = download_link.asset_id
    JOIN product ON product.id = asset.product_id
    JOIN seller ON seller.id = product.seller_id
    ORDER BY download.id DESC
    """
)


def _best(table: str, label: str) -> str:
    """The rows of `table` that sold most, or were downloaded most where as much was sold."""
    return f"""
    WITH sold AS (SELECT {table}.id, count(*) AS orders {SOLD} GROUP BY 1),
         clicked AS (SELECT {table}.id, count(*) AS downloads {CLICKED} GROUP BY 1)
    SELECT {table}.id, {label}, seller.name AS seller, coalesce(orders, 0) AS orders,
           coalesce(downloads, 0) AS downloads
    FROM sold FULL JOIN clicked USING (id) JOIN {table} USING (id)
    """  # noqa: S608 - of constants


BEST_PRODUCTS = text(
    f"""
    {_best("product", "product.title AS name")} JOIN seller ON seller.id = product.seller_id
    ORDER BY orders DESC, downloads DESC, product.id LIMIT :limit
    """
)
BEST_SELLERS = text(
    f"""
    {_best("seller", "seller.name AS name")}
    ORDER BY orders DESC, downloads DESC, seller.id LIMIT :limit
    """
)
PRODUCT_REVENUE = text(
    f"""
    SELECT product.id, currency, sum(amount) AS amount {SOLD} AND product.id = ANY(:ids)
    GROUP BY 1, 2 ORDER BY 1, 2
    """
)
SELLER_REVENUE = text(
    f"""
    SELECT seller.id, currency, sum(amount) AS amount {SOLD} AND seller.id = ANY(:ids)
    GROUP BY 1, 2 ORDER BY 1, 2
    """
)


@dataclass(frozen=True)
class Earned:
    """What was sold on one rail in one currency."""

    rail: str
    money: Money
    orders: int


@dataclass(frozen=True)
class Slot:
    """One step of a range, from `at` on: a minute, an hour or a day."""

    at: datetime
    earned: list[Earned] = field(default_factory=list)
    links: int = 0
    signed: int = 0
    downloads: int = 0

    @property
    def orders(self) -> int:
        """What was sold, on all rails."""
        return sum(part.orders for part in self.earned)


@dataclass(frozen=True)
class Ranked:
    """A product, or a shop, with what it did in a range."""

    id: int
    name: str
    seller: str
    orders: int
    downloads: int
    revenue: list[Money]


@dataclass(frozen=True)
class DownloadLine:
    """One download; `at` is its minute, `size` is in bytes. Who downloaded is not kept."""

    at: datetime
    file: str
    size: int
    product: str
    seller: str


def series(session: Session, *, since: datetime, until: datetime, step: Step) -> list[Slot]:
    """Every step that the range touches, oldest first; those in which nothing happened are there too."""
    values = {"since": since, "until": until, "step": step}
    earned: dict[datetime, list[Earned]] = defaultdict(list)
    for row in _rows(session, SALES_BY_STEP, values):
        earned[row.at].append(Earned(row.rail, Money(int(row.amount), row.currency), row.orders))
    links, signed, downloads = (
        {row.at: row.found for row in _rows(session, statement, values)}
        for statement in (LINKS_BY_STEP, SIGNED_BY_STEP, DOWNLOADS_BY_STEP)
    )
    return [
        Slot(at, earned.get(at, []), links.get(at, 0), signed.get(at, 0), downloads.get(at, 0))
        for at in _steps(since, until, step)
    ]


def totals(slots: Collection[Slot]) -> list[Earned]:
    """What was sold in all, by rail and currency; currencies are never added up."""
    amounts: dict[tuple[str, str], int] = defaultdict(int)
    orders: dict[tuple[str, str], int] = defaultdict(int)
    for part in (part for slot in slots for part in slot.earned):
        amounts[part.rail, part.money.currency] += part.money.amount
        orders[part.rail, part.money.currency] += part.orders
    return [
        Earned(rail, Money(amounts[rail, currency], currency), orders[rail, currency])
        for rail, currency in sorted(amounts)
    ]


def top_products(session: Session, *, since: datetime, until: datetime, limit: int = TOP) -> list[Ranked]:
    """The products that sold most in the range, then those that were downloaded most."""
    return _ranked(session, BEST_PRODUCTS, PRODUCT_REVENUE, since, until, limit)


def top_sellers(session: Session, *, since: datetime, until: datetime, limit: int = TOP) -> list[Ranked]:
    """The shops that sold most in the range, then those whose files were downloaded most."""
    return _ranked(session, BEST_SELLERS, SELLER_REVENUE, since, until, limit)


def latest_downloads(session: Session, *, limit: int = TOP) -> list[DownloadLine]:
    """The downloads that began last, the latest first."""
    rows = _rows(session, LATEST, {"limit": limit})
    return [DownloadLine(row.at, row.file, row.size, row.title, row.seller) for row in rows]


def _ranked(
    session: Session, best: Any, revenue: Any, since: datetime, until: datetime, limit: int
) -> list[Ranked]:
    values: dict[str, Any] = {"since": since, "until": until}
    rows = list(_rows(session, best, values | {"limit": limit}))
    earned: dict[int, list[Money]] = defaultdict(list)
    for row in _rows(session, revenue, values | {"ids": [row.id for row in rows]}):
        earned[row.id].append(Money(int(row.amount), row.currency))
    return [
        Ranked(row.id, row.name, row.seller, row.orders, row.downloads, earned.get(row.id, []))
        for row in rows
    ]


def _steps(since: datetime, until: datetime, step: Step) -> list[datetime]:
    length = STEPS[step]
    midnight = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + (since - midnight) // length * length
    count = max(0, -((first - until) // length))
    return [first + number * length for number in range(count)]


def _rows(session: Session, statement: Any, values: dict[str, Any]) -> Any:
    return session.connection().execute(statement, values)
