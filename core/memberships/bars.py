"""Whom a shop does not let in again: who was put out of it stays out until somebody lets them in."""

from sqlmodel import Session, col, select

from schemas.catalogue import Product
from schemas.membership import Membership
from schemas.people import User


def is_barred(session: Session, user_id: int, seller_id: int) -> bool:
    """Whether this person was put out of the shop and not let in again since."""
    return _any(session, seller_id, user_id=user_id)


def is_barred_visitor(session: Session, telegram_id: int, seller_id: int) -> bool:
    """The same of somebody at the door, by Telegram's id; whom we never met is not barred."""
    return _any(session, seller_id, telegram_id=telegram_id)


def _any(
    session: Session, seller_id: int, *, user_id: int | None = None, telegram_id: int | None = None
) -> bool:
    barred = (
        select(Membership.id)
        .join(Product, col(Product.id) == Membership.plan_id)
        .where(Product.seller_id == seller_id, col(Membership.barred_at).is_not(None))
    )
    if user_id is not None:
        barred = barred.where(Membership.user_id == user_id)
    else:
        barred = barred.join(User, col(User.id) == Membership.user_id).where(User.telegram_id == telegram_id)
    return session.exec(barred.limit(1)).first() is not None
