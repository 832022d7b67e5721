"""A shop's members in figures, computed from what was paid and given; nothing is counted up beside it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from core.kit.money import Money
from core.memberships.machine import HOLDING, OVER
from schemas.catalogue import Product
from schemas.membership import Membership

REVENUE = text(
    """
    SELECT date_trunc('month', paid_at AT TIME ZONE 'UTC') AS month, currency, sum(amount) AS amount,
           count(*) AS orders
    FROM purchase JOIN product ON product.id = purchase.product_id
    WHERE purchase.seller_id = :seller AND product.kind = 'membership'
      AND purchase.status IN ('paid', 'delivered') AND purchase.amount > 0
      AND paid_at >= :since AND paid_at < :until
    GROUP BY 1, 2 ORDER BY 1, 2
    """
)
# A membership is in a month's `start` if some period of it covers that moment, and kept if some covers the
# month's end. A pause is part of its period, so who pauses has not left.
CHURN = text(
    """
    WITH month AS (
        SELECT start AT TIME ZONE 'UTC' AS first, (start + interval '1 month') AT TIME ZONE 'UTC' AS last
        FROM generate_series(date_trunc('month', CAST(:since AS timestamptz) AT TIME ZONE 'UTC'),
                             CAST(:until AS timestamptz) AT TIME ZONE 'UTC' - interval '1 second',
                             interval '1 month') AS start
    ), covered AS (
        SELECT membership.id, period.starts_at, coalesce(period.ends_at, 'infinity') AS ends_at
        FROM membership JOIN product ON product.id = membership.plan_id
        JOIN membership_period AS period ON period.membership_id = membership.id
        WHERE product.seller_id = :seller AND period.starts_at < coalesce(period.ends_at, 'infinity')
    ), counted AS (
        SELECT month.first, covered.id,
               bool_or(starts_at <= month.first AND ends_at > month.first) AS at_start,
               bool_or(starts_at <= month.last AND ends_at > month.last) AS at_end
        FROM month JOIN covered ON covered.starts_at <= month.last AND covered.ends_at > month.first
        GROUP BY 1, 2
    )
    SELECT month.first AS month,
           count(counted.id) FILTER (WHERE at_start) AS members,
           count(counted.id) FILTER (WHERE at_start AND NOT at_end) AS lost,
           count(counted.id) FILTER (WHERE NOT at_start) AS gained
    FROM month LEFT JOIN counted ON counted.first = month.first GROUP BY 1 ORDER BY 1
    """
)


@dataclass(frozen=True)
class Revenue:
    """What members paid in a month (its first moment, UTC) and one currency, refunds left out."""

    month: datetime
    money: Money
    orders: int


@dataclass(frozen=True)
class Churn:
    """A month's members at its start, those of them who were gone at its end, and those who came in it."""

    month: datetime
    members: int
    lost: int
    gained: int

    @property
    def rate(self) -> float | None:
        """Lost per member at the start, from 0 to 1; None without members."""
        return self.lost / self.members if self.members else None


def members_by_state(session: Session, seller_id: int) -> dict[str, int]:
    """How many memberships of a shop are in each state; those that are over are counted together with
    the reason why they are over, expired or revoked."""
    statement = (
        select(Membership.state, func.count())
        .join(Product, col(Product.id) == Membership.plan_id)
        .where(Product.seller_id == seller_id, (col(Membership.turn) > 0))
        .group_by(col(Membership.state))
    )
    counts = dict(session.exec(statement).all())
    return {state: counts.get(state, 0) for state in (*HOLDING, *OVER)}


def revenue_by_month(session: Session, seller_id: int, *, since: datetime, until: datetime) -> list[Revenue]:
    """What memberships earned in [since, until), by month and currency."""
    values = {"seller": seller_id, "since": since, "until": until}
    rows = session.connection().execute(REVENUE, values)
    return [Revenue(_utc(row.month, since), Money(int(row.amount), row.currency), row.orders) for row in rows]


def churn_by_month(session: Session, seller_id: int, *, since: datetime, until: datetime) -> list[Churn]:
    """Who stayed and who left in each month that begins in [since, until), empty months included."""
    values = {"seller": seller_id, "since": since, "until": until}
    rows = session.connection().execute(CHURN, values)
    return [Churn(_utc(row.month, since), row.members, row.lost, row.gained) for row in rows]


def _utc(moment: datetime, like: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=like.tzinfo)
