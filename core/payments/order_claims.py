"""Claims: how an order paid on the web finds the Telegram person it belongs to.

A claim is not burned before the grant exists: both are one transaction. It can be issued again from the
order page at any time, and opens the same order for the same person for ever.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from core.audit.record import record
from core.kit.errors import NotFound, Refused
from core.kit.permissions import require
from core.kit.rows import id_of, must_get
from core.kit.tokens import random_token, token_hash
from core.notifications.addresses import adopt
from core.orders.orders import order_number
from core.payments.settle import start_delivery
from schemas.access import OrderClaim
from schemas.people import User
from schemas.sales import Order

CLAIM_TTL = timedelta(hours=24)
CLAIMABLE = ("paid", "delivered")


def issue_claim(session: Session, order: Order, *, now: datetime) -> str:
    """A fresh token of 43 characters, valid 24 hours; "c" + token is the bot's start parameter.

    Raises `Refused` unless the order is paid.
    """
    _check_claimable(order)
    token = random_token()
    session.add(
        OrderClaim(
            order_id=id_of(order), token_hash=token_hash(token), created_at=now, expires_at=now + CLAIM_TTL
        )
    )
    record(session, "web", "claim.issued", f"order:{order.id}")
    return token


def redeem(session: Session, token: str, user: User, now: datetime) -> Order:
    """Bind a web order to the person who opens its claim, grant it and deliver it.

    The same person again gets the same order. Raises `NotFound` "claim-unknown"; `Refused`
    "claim-expired", "claim-taken" by someone else, or the order is not paid (any more).
    """
    require(user.roles, "buy")
    claim = session.exec(select(OrderClaim).where(OrderClaim.token_hash == token_hash(token))).one_or_none()
    if claim is None:
        raise NotFound("claim-unknown")
    order = must_get(session, Order, claim.order_id, "order-unknown", lock=True)
    if order.buyer_id == user.id:
        return order
    if order.buyer_id is not None:
        raise Refused("claim-taken")
    if claim.expires_at <= now:
        raise Refused("claim-expired")
    _check_claimable(order)
    order.buyer_id, order.language = user.id, user.language
    claim.claimed_at, claim.claimed_by = now, user.id
    session.add_all((order, claim))
    session.flush()
    start_delivery(session, order, id_of(user), now)
    adopt(session, id_of(order), id_of(user))
    record(session, f"user:{user.id}", "order.claimed", f"order:{order.id}")
    return order


def _check_claimable(order: Order) -> None:
    named: dict[str, str | int] = {"number": order_number(order)}
    if order.status == "refunded":
        raise Refused("order-refunded", named)
    if order.status not in CLAIMABLE:
        raise Refused("not-paid-yet", named)
