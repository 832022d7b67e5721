"""Plans that benchmarks sell: timed access to a private channel."""

from sqlmodel import Session

from core.kit.rows import id_of, must_get
from core.memberships.plans import Terms, create_plan
from core.orders.publication import publish
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.people import Seller, User
from scripts.bench.sales import PRICES


def sell_plan(session: Session, product_id: int, channel_id: int, title: str) -> int:
    """Put a plan of 30 days for a channel on sale, by the seller of another product; the plan's id."""
    product = must_get(session, Product, product_id, "product-unknown")
    seller = must_get(session, Seller, product.seller_id, "seller-unknown")
    owner = must_get(session, User, seller.user_id, "person-unknown")
    plan = create_plan(
        session,
        seller,
        title=title,
        description="Thirty days.",
        prices=PRICES,
        terms=Terms(unit="days", count=30),
        channel_ids=[channel_id],
        now=utc_now(),
    )
    publish(session, id_of(plan), actor_user=owner, now=utc_now())
    return id_of(plan)
