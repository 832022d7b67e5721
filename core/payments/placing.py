"""Placing an order: who may have the product, what it costs on which rail, and the order of its own.

Every way of buying comes through here: the bot, the Mini App, the web checkout, and the access API.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.catalogue.catalogue import check_on_sale, prices_of
from core.catalogue.payees import rails_of
from core.kit.correlation import correlation
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.prices import price_of
from core.kit.rail_policy import CARD, OWN_CURRENCY, Policy
from core.kit.rows import id_of, must_get
from core.kit.tokens import TOKEN_LENGTH, token_hash
from core.orders.fulfilment import check_buyer, goods_of, line_of
from core.orders.orders import OPEN
from core.payments.offers import prices_at
from core.payments.rails.port import rail_of
from core.payments.rails.stripe import trials
from core.payments.rails.stripe.trials import TrialTerms
from core.payments.waiver import NOT_ASKED, Waiver
from schemas.catalogue import Product
from schemas.people import User
from schemas.sales import Entry, Order


@dataclass(frozen=True)
class Placed:
    """A new or still open order. `page_token` opens the order page of a web order, else None."""

    order: Order
    page_token: str | None


def place(
    session: Session,
    *,
    product_id: int,
    rail: str,
    currency: str,
    entry: Entry,
    buyer: User | None,
    language: str,
    policy: Policy,
    order_ttl: int,
    now: datetime,
    idempotency_key: str | None = None,
    waiver: Waiver = NOT_ASKED,
    trial: bool = False,
) -> Placed:
    """Order a product at its present price on a rail in a currency, or a free `trial` after which that is
    charged to a card; `order_ttl` seconds to pay. Asked again, the same open order.

    Raises `Refused`: not-published, own-product, rail-not-offered, price-not-offered, no-trial,
    waiver-missing, request-key-weak, request-key-reused, and as the `may_buy` of its goods.
    """
    token = _page_token(entry, idempotency_key)
    product = must_get(session, Product, product_id, "product-unknown")
    seller = check_on_sale(session, product)
    if buyer is None:
        goods_of(product.kind).may_buy(session, product, None, now=now)
    else:
        check_buyer(session, product, seller, buyer, now=now)
    prices = prices_of(session, [product_id])[product_id]
    (taken,) = rails_of(session, [(product, seller)])
    offered = prices_at(policy, entry, product.kind, taken, prices)
    if rail not in offered:
        raise Refused("rail-not-offered", {"rail": rail[:20]})
    price = price_of(offered, rail, currency)
    promised = _trial(session, product, rail, price) if trial else None
    waived = waiver.kept(product.kind)
    draft = Order(
        buyer_id=buyer.id if buyer else None,
        product_id=product_id,
        seller_id=id_of(seller),
        entry=entry,
        rail=rail,
        currency=price.currency,
        amount=0 if promised else price.amount,
        status=rail_of(rail).first_status,
        page_hash=token_hash(token) if token else None,
        idempotency_key=idempotency_key,
        language=language,
        waived_at=now if waived else None,
        waiver=waived,
        created_at=now,
        expires_at=now + timedelta(seconds=order_ttl),
        correlation_id=correlation.get(),
    )
    return Placed(_open_order(session, draft, now) or _write(session, draft, list(offered), promised), token)


def place_on_web(
    session: Session,
    *,
    product_id: int,
    rail: str,
    currency: str,
    language: str,
    policy: Policy,
    order_ttl: int,
    now: datetime,
    idempotency_key: str | None,
    waiver: Waiver,
    trial: bool = False,
) -> Placed:
    """An order of nobody yet, which belongs to whoever claims it; by the same key the same. As `place`."""
    return place(
        session,
        product_id=product_id,
        rail=rail,
        currency=currency,
        entry="web",
        buyer=None,
        language=language,
        policy=policy,
        order_ttl=order_ttl,
        now=now,
        idempotency_key=idempotency_key,
        waiver=waiver,
        trial=trial,
    )


def place_for_stars(
    session: Session,
    buyer: User,
    product_id: int,
    *,
    policy: Policy,
    order_ttl: int,
    now: datetime,
    waiver: Waiver,
) -> Order:
    """A person's order that Telegram takes Stars for, from the bot or the Mini App; asked again, the one that
    is still open. As `place`."""
    return place(
        session,
        product_id=product_id,
        rail="stars",
        currency=OWN_CURRENCY["stars"],
        entry="bot",
        buyer=buyer,
        language=buyer.language,
        policy=policy,
        order_ttl=order_ttl,
        now=now,
        waiver=waiver,
    ).order


def _page_token(entry: Entry, idempotency_key: str | None) -> str | None:
    """The token of a web order's page: as strong as the form's key, and the same when a POST is repeated."""
    if entry != "web":
        return None
    if idempotency_key is None or len(idempotency_key) < TOKEN_LENGTH:
        raise Refused("request-key-weak")
    digest = hashlib.sha256(f"page\x1f{idempotency_key}".encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _trial(session: Session, product: Product, rail: str, price: Money) -> TrialTerms:
    terms = trials.offered(session, product, price) if rail == CARD else None
    if terms is None:
        raise Refused("no-trial")
    return terms


def _open_order(session: Session, draft: Order, now: datetime) -> Order | None:
    """The order that this request, or this buyer for the same thing, already made."""
    if draft.idempotency_key is not None:
        earlier = session.exec(
            select(Order).where(Order.idempotency_key == draft.idempotency_key)
        ).one_or_none()
        same = ("product_id", "rail", "currency", "entry", "buyer_id")
        if earlier is not None and any(getattr(earlier, name) != getattr(draft, name) for name in same):
            raise Refused("request-key-reused")
        return earlier
    if draft.buyer_id is None:
        return None
    same_offer = ("buyer_id", "product_id", "rail", "entry", "currency", "amount")
    conditions = [col(getattr(Order, name)) == getattr(draft, name) for name in same_offer]
    alive = select(Order.id).where(*conditions, col(Order.status).in_(OPEN), col(Order.expires_at) > now)
    newest = alive.order_by(col(Order.id).desc()).limit(1).with_for_update().scalar_subquery()
    changes: dict[str, object] = {"expires_at": draft.expires_at}
    if draft.waiver:
        changes |= {"waiver": draft.waiver, "waived_at": draft.waived_at}
    prolonged = update(Order).where(col(Order.id) == newest).values(changes)
    return session.scalars(
        prolonged.returning(Order), execution_options={"populate_existing": True}
    ).one_or_none()


def _write(session: Session, draft: Order, offered: list[str], promised: TrialTerms | None) -> Order:
    values = draft.model_dump(exclude={"id"})
    statement = insert(Order).values(**values).on_conflict_do_nothing(index_elements=["idempotency_key"])
    order = session.scalars(statement.returning(Order)).one_or_none()
    if order is None:  # the same form was sent twice at once, and the other one was first
        return session.exec(select(Order).where(Order.idempotency_key == draft.idempotency_key)).one()
    actor = f"user:{order.buyer_id}" if order.buyer_id else "web"
    record(
        session,
        actor,
        "rail.offered",
        f"order:{order.id}",
        entry=order.entry,
        rail=order.rail,
        offered=",".join(offered),
        price=Money(order.amount, order.currency),
    )
    if promised is not None:
        trials.promise(session, order, promised)
    rail_of(order.rail).open(session, line_of(session, order))
    return order
