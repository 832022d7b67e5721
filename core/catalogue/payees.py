"""Who is paid for goods, and on which rails just now: asked by whoever shows a way to pay, and by whoever
places the order, so that nothing is shown that would then be refused.
"""

from collections.abc import Collection, Iterable

from sqlmodel import Session, col, exists, select

from core.kit.rail_policy import CARD
from core.kit.rows import id_of
from schemas.catalogue import FEES, Product
from schemas.people import Seller
from schemas.stripe import StripeAccount, StripePlatform


def card_takers(session: Session, seller_ids: Collection[int]) -> set[int]:
    """Which of these shops cards can pay now: an account of theirs is ready, and the workers that started
    last have a key to ask Stripe with."""
    if not seller_ids:
        return set()
    has_key = exists().where(col(StripePlatform.mode) != "off")
    ready = select(StripeAccount.seller_id).where(StripeAccount.state == "active", has_key)
    return set(session.exec(ready.where(col(StripeAccount.seller_id).in_(seller_ids))))


def rails_of(session: Session, sold: Iterable[tuple[Product, Seller]]) -> list[tuple[str, ...]]:
    """For each product of its shop, the rails on which whoever is paid takes money now: the shop, or for a
    fee the operator's own one."""
    pairs = list(sold)
    operator = operator_shop(session) if any(product.kind in FEES for product, _ in pairs) else None
    return _taken(session, [operator if product.kind in FEES else seller for product, seller in pairs])


def operator_rails(session: Session) -> tuple[str, ...]:
    """On which the operator's own shop takes money now; nothing without one."""
    return _taken(session, [operator_shop(session)])[0]


def operator_shop(session: Session) -> Seller | None:
    """The operator's own shop (`comptoir sellers operator`)."""
    named = select(Seller).join(StripePlatform, col(StripePlatform.operator_id) == Seller.id)
    return session.exec(named).one_or_none()


def _taken(session: Session, payees: list[Seller | None]) -> list[tuple[str, ...]]:
    by_card = {id_of(payee) for payee in payees if payee is not None and CARD in payee.rails}
    able = card_takers(session, by_card)
    return [
        tuple(rail for rail in payee.rails if rail != CARD or payee.id in able) if payee is not None else ()
        for payee in payees
    ]
