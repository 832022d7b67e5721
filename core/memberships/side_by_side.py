"""Plans side by side: a month, a year, to a date, for ever, each a product of its own with its own prices.

What makes them one offer is what they open: the same channels of the same shop. So a seller groups nothing, a
plan can be added to an offer or closed without touching the others, and each keeps its page, its link, its
members and its figures.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from core.catalogue.catalogue import ON_SALE, view
from core.memberships.periods import DAY
from core.memberships.plans import Terms, terms_of
from core.orders.fulfilment import Choice, Fact
from schemas.catalogue import Product
from schemas.membership import Plan, PlanChannel
from schemas.people import Seller

MOST = 12  # shown; more would be a list to get lost in


def side_by_side(session: Session, plan_id: int, *, now: datetime) -> list[Choice]:
    """The plans that open the same channels as this one and can be bought now, the shortest first; none where
    there are not two of them, or this one cannot be bought."""
    opened = _channels_of_rivals(session, plan_id, now)
    same = [number for number, channels in opened.items() if channels and channels == opened.get(plan_id)]
    if len(same) < 2:
        return []
    plans = session.exec(select(Plan).where(col(Plan.product_id).in_(same))).all()
    ordered = sorted(plans, key=lambda plan: (_length(terms_of(plan), now), plan.product_id))[:MOST]
    return [
        Choice(view(session, product_id=plan.product_id, viewer=None), term_of(terms_of(plan)))
        for plan in ordered
    ]


def term_of(terms: Terms) -> Fact:
    """For how long a plan gives access."""
    until = int(terms.until.timestamp()) if terms.until else 0
    return Fact("plan-length", {"unit": terms.unit, "count": terms.count, "until": until})


def _channels_of_rivals(session: Session, plan_id: int, now: datetime) -> dict[int, set[int]]:
    """By plan, the channels of all plans of its shop that can be bought now."""
    shop = select(Product.seller_id).where(Product.id == plan_id).scalar_subquery()
    rows = (
        select(PlanChannel.plan_id, PlanChannel.channel_id)
        .join(Plan, col(Plan.product_id) == PlanChannel.plan_id)
        .join(Product, col(Product.id) == Plan.product_id)
        .join(Seller, col(Seller.id) == Product.seller_id)
        .where(Product.seller_id == shop, Plan.status == "open", *ON_SALE)
        .where(or_(col(Plan.until).is_(None), col(Plan.until) > now))
    )
    opened: dict[int, set[int]] = defaultdict(set)
    for number, channel_id in session.exec(rows):
        opened[number].add(channel_id)
    return opened


def _length(terms: Terms, now: datetime) -> timedelta:
    if terms.until is not None:
        return terms.until - now
    if terms.unit == "lifetime":
        return timedelta.max
    return terms.count * (DAY if terms.unit == "days" else 365.25 / 12 * DAY)
