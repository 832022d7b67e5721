"""A seller's month in sums, by rail and currency; whose papers they are the sums of, `statements` lists.

Summed by the database: a shop may have any number of papers in a month.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import BigInteger, case, cast, func, select
from sqlmodel import Session, col

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.people.sellers import shop_of
from core.people.shop_rights import require_in
from schemas.papers import Paper
from schemas.people import Seller, User
from schemas.sales import BalanceEntry

Group = tuple[str, str]  # a rail and a currency
EARLIEST = 2000  # no shop of ours is older; the first years that a date can have lead out of the calendar


@dataclass(frozen=True)
class StatementSum:
    """The month on one rail in one currency, in minor units; `paid_out` is what the operator paid over.

    `vat`: that in the net sum, as far as it was worked out; None where it never was.
    """

    rail: str
    currency: str
    sales: int = 0
    sold: int = 0
    refunds: int = 0
    given_back: int = 0
    vat: int | None = None
    paid_out: int = 0

    @property
    def net(self) -> int:
        """What was sold and not given back."""
        return self.sold - self.given_back


def seller_to_state(session: Session, person: User) -> Seller:
    """The shop whose statement a person may see. Raises `NotFound` where there is none; `NotAllowed`."""
    shop = shop_of(session, id_of(person))
    if shop is None:
        raise NotFound("shop-unknown")
    require_in(session, person, id_of(shop), "see_statement", unknown="shop-unknown")
    return shop


def month_of(month: str) -> tuple[datetime, datetime]:
    """The beginning of a month like "2026-11", and of the next, in UTC. Raises `Refused` "bad-month"."""
    try:
        begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
        if begin.year < EARLIEST:
            raise ValueError
        year, following = (begin.year + 1, 1) if begin.month == 12 else (begin.year, begin.month + 1)
        return begin, begin.replace(year=year, month=following)
    except ValueError:
        raise Refused("bad-month", {"month": month[:20]}) from None


def named_month(moment: datetime) -> str:
    """The month of a moment, like "2026-11"."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def month_sums(session: Session, seller_id: int, month: str) -> list[StatementSum]:
    """The sums of a seller's month. Raises `Refused` "bad-month"."""
    begin, end = month_of(month)
    papers, payouts = _papers(session, seller_id, begin, end), _payouts(session, seller_id, begin, end)
    return [
        replace(papers.get(group) or StatementSum(*group), paid_out=payouts.get(group, 0))
        for group in sorted(papers.keys() | payouts.keys())
    ]


def _papers(session: Session, seller_id: int, begin: datetime, end: datetime) -> dict[Group, StatementSum]:
    """How many sales, what they brought, how many refunds, what went back, the VAT in it."""
    rail, back = col(Paper.facts)["rail"].astext, col(Paper.kind) == "credit_note"
    count, amount = func.count(), func.coalesce(func.sum(col(Paper.amount)).filter(~back), 0)
    returned = func.coalesce(func.sum(col(Paper.amount)).filter(back), 0)
    tax = cast(col(Paper.facts)["tax"].astext, BigInteger)
    vat = func.sum(case((back, -tax), else_=tax))
    rows = session.execute(
        select(rail, col(Paper.currency), count.filter(~back), amount, count.filter(back), returned, vat)
        .where(col(Paper.seller_id) == seller_id, col(Paper.issued_at) >= begin, col(Paper.issued_at) < end)
        .group_by(rail, col(Paper.currency))
    )
    sums = (
        StatementSum(rail, currency, sales, int(sold), refunds, int(back), vat if vat is None else int(vat))
        for rail, currency, sales, sold, refunds, back, vat in rows
    )
    return {(each.rail, each.currency): each for each in sums}


def _payouts(session: Session, seller_id: int, begin: datetime, end: datetime) -> dict[Group, int]:
    total = func.sum(-col(BalanceEntry.amount))
    rows = session.execute(
        select(col(BalanceEntry.rail), col(BalanceEntry.currency), total)
        .where(
            col(BalanceEntry.seller_id) == seller_id,
            col(BalanceEntry.kind) == "payout",
            col(BalanceEntry.created_at) >= begin,
            col(BalanceEntry.created_at) < end,
        )
        .group_by(col(BalanceEntry.rail), col(BalanceEntry.currency))
    )
    return {(rail, currency): int(paid) for rail, currency, paid in rows}
