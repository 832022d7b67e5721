"""Claims: how an order paid on the web finds the Telegram person it belongs to.

A claim is not burned before the grant exists: both are one transaction. It can be issued again from the
order page at any time, and opens the same order for the same person for ever.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from core.audit.record import record
from core.kit.errors import NotFound, Refused
from core.kit.permissions import require
from core.kit.rows import id_of, must_get
from core.kit.tokens import random_token, token_hash
from core.notifications.addresses import adopt
from core.orders.fulfilment import check_buyer, goods_of, line_of
from core.orders.grants import grant_of
from core.orders.orders import PAID, need_support, order_number
from core.payments.dispute_rows import check_not_put_aside
from core.payments.rails.stripe import trials
from core.payments.rails.stripe.card_members import card_members
from core.payments.settle import fulfil
from schemas.access import OrderClaim
from schemas.people import Seller, User
from schemas.sales import Order

HELD = {"already-owned": "paid-twice"}
"""What staff read where it is not the word of the refusal itself."""


@dataclass(frozen=True)
class Claimed:
    """An order that has found its person. `refused`: why it is held for support, None where it was given;
    `ended`: a free trial that this person may not have, so that it ended and nothing is to be decided."""

    order: Order
    refused: Refused | None

    @property
    def ended(self) -> bool:
        """Whether nothing was, and nothing will be, charged for it."""
        return self.order.status == "cancelled"


def issue_claim(session: Session, order: Order, *, life: timedelta, now: datetime) -> str:
    """A fresh token of 43 characters, valid for `life`; "c" + token is the bot's start parameter.

    Raises `Refused` unless the order is paid.
    """
    _check_claimable(order)
    token = random_token()
    session.add(
        OrderClaim(order_id=id_of(order), token_hash=token_hash(token), created_at=now, expires_at=now + life)
    )
    record(session, "web", "claim.issued", f"order:{order.id}")
    return token


def redeem(session: Session, token: str, user: User, now: datetime) -> Claimed:
    """Bind a web order to the person who opens its claim, and give them what was paid.

    Whoever paid on the web was unknown then: a person who may not have these goods keeps the order, and
    support decides what becomes of the money. The same person again gets the same order. Raises `NotFound`
    "claim-unknown"; `Refused` "claim-expired", "claim-taken" by someone else, or the order is not paid (any
    more).
    """
    require(user.roles, "buy")
    claim = session.exec(select(OrderClaim).where(OrderClaim.token_hash == token_hash(token))).one_or_none()
    if claim is None:
        raise NotFound("claim-unknown")
    order = must_get(session, Order, claim.order_id, "order-unknown", lock=True)
    if order.buyer_id == user.id:
        return _open_again(session, order, user, now)
    if order.buyer_id is not None:
        raise Refused("claim-taken")
    if claim.expires_at <= now:
        raise Refused("claim-expired")
    _check_claimable(order)
    check_not_put_aside(session, order)
    order.buyer_id, order.language = user.id, user.language
    claim.claimed_at, claim.claimed_by = now, user.id
    session.add_all((order, claim))
    session.flush()
    adopt(session, id_of(order), id_of(user))
    record(session, f"user:{user.id}", "order.claimed", f"order:{order.id}")
    return _give(session, order, user, now)


def is_held(session: Session, order: Order) -> bool:
    """Whether support has to decide of a claimed order before anything is given for it."""
    claimed = order.status == "paid" and order.buyer_id is not None and order.needs_support_at is not None
    return claimed and grant_of(session, id_of(order)) is None


def _open_again(session: Session, order: Order, user: User, now: datetime) -> Claimed:
    if order.status == "cancelled":
        return Claimed(order, Refused("trial-over"))
    if is_held(session, order):
        return _give(session, order, user, now)
    if order.status == "delivered":
        line = line_of(session, order)
        goods_of(line.product.kind).claim_again(session, line, user, now=now)
    return Claimed(order, None)


def _give(session: Session, order: Order, user: User, now: datetime) -> Claimed:
    line = line_of(session, order)
    if not goods_of(line.product.kind).personal:
        return Claimed(order, None)
    seller = must_get(session, Seller, order.seller_id, "shop-unknown")
    trial = trials.trial_of(session, order)
    try:
        check_buyer(session, line.product, seller, user, now=now)
        if trial is not None:
            card_members().check_trial(session, order, trial, user, now=now)
    except Refused as refused:
        if trial is not None and trials.end(session, order):
            return Claimed(order, refused)
        need_support(session, order, reason=HELD.get(refused.code, refused.code), now=now)
        since = refused.code == "shop-closed"  # its words are for somebody who has paid nothing yet
        return Claimed(order, NotFound("shop-closed-since") if since else refused)
    fulfil(session, line, now=now)
    return Claimed(order, None)


def _check_claimable(order: Order) -> None:
    named: dict[str, str | int] = {"number": order_number(order)}
    if order.status == "refunded":
        raise Refused("order-refunded", named)
    if order.status == "cancelled":
        raise Refused("order-closed", named)
    if order.status not in PAID:
        raise Refused("not-paid-yet", named)
