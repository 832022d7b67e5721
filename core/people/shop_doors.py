"""Whether a shop that was approved is open: a ban of its owner and an unpaid monthly fee each close it, and
it opens again once neither is left."""

from sqlmodel import Session, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.rows import must_get
from schemas.member_jobs import StopRenewals
from schemas.people import Seller, ShopStatus, User
from schemas.shop_fee import ShopFee


def fit_doors(session: Session, seller_id: int, *, actor: str) -> None:
    """Suspend the approved shop that has a reason to be closed, open the suspended one that has none; any
    other stays as it is. Raises `NotFound` "shop-unknown"."""
    session.flush()
    seller = must_get(session, Seller, seller_id, "shop-unknown", lock=True)  # before its reasons are read
    if seller.status not in ("approved", "suspended"):
        return
    status: ShopStatus = "suspended" if _is_closed(session, seller) else "approved"
    if seller.status == status:
        return
    seller.status = status
    session.add(seller)
    record(session, actor, f"shop.{status}", f"seller:{seller_id}")
    if status == "suspended":
        enqueue(session, StopRenewals(seller_id=seller_id))


def _is_closed(session: Session, seller: Seller) -> bool:
    roles = session.exec(select(User.roles).where(User.id == seller.user_id)).one()
    unpaid = session.exec(select(ShopFee.suspended_at).where(ShopFee.seller_id == seller.id)).first()
    return "banned" in roles or unpaid is not None
