"""How soon what a card paid for ends: after a refund, a lost dispute, and the end of a membership's grace.

Disputes keep access in this shop (DISPUTE_ACCESS=keep), so that only the lost one ends it. That who is out is
removed from a channel as soon, `comptoir bench members` shows.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import text
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.memberships.clocks import set_clock
from core.memberships.transitions import standing_of
from core.payments.refunds import request_refund
from core.people.people import find_user
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.membership import Membership, Plan
from schemas.people import Seller
from scripts.bench.card_sales import CardStack
from scripts.bench.report import Report
from scripts.embedded.process import wait_until

COUNT = 20  # of each kind
PROMISED = 60  # seconds
GIVE_UP = 300.0  # seconds
GRACE = timedelta(days=5)
LEAD = timedelta(seconds=5)  # until the first grace ends
APART = timedelta(milliseconds=500)
REVOKED = "SELECT order_id FROM access_grant WHERE revoked_at IS NOT NULL AND order_id = ANY (:names)"
OVER = "SELECT id FROM membership WHERE state IN ('expired', 'revoked') AND id = ANY (:names)"
CHARGED = "SELECT provider_id, order_id FROM payment WHERE rail = 'card' AND provider_id LIKE 'pi_%'"
DISPUTED = "SELECT count(*) FROM dispute WHERE status = 'needs_response'"


def measure(cards: CardStack, report: Report) -> None:
    """Sell, take back, and see when it ends."""
    buyers = cards.shop.crowd(2 * COUNT)
    pages = cards.order_for(buyers)
    for page in pages.values():
        cards.stripe.ask("pays", session=page)
    cards.shop.wait_delivered(buyers, GIVE_UP)
    orders = sorted(pages)
    _refund(cards, report, orders[:COUNT])
    _lose(cards, report, orders[COUNT:])
    _run_out(cards, report)


def _refund(cards: CardStack, report: Report, orders: list[int]) -> None:
    early = len(_seen(cards, REVOKED, orders))
    asked = dict[int, float]()
    for order in orders:
        asked[order] = time.monotonic()
        with cards.shop.database.transaction() as session:
            request_refund(session, order, actor="bench", reason="bench", now=utc_now())
    _judge(report, "a refund is asked for", early, _waits(cards, REVOKED, asked))


def _lose(cards: CardStack, report: Report, orders: list[int]) -> None:
    charges = _charges(cards)
    disputes = {order: cards.stripe.ask("disputes", charge=charges[order])["id"] for order in orders}
    wait_until(lambda: cards.count(DISPUTED) == len(orders), GIVE_UP, "disputes were not heard of")
    early = len(_seen(cards, REVOKED, orders))
    decided = dict[int, float]()
    for order, dispute in disputes.items():
        decided[order] = time.monotonic()
        cards.stripe.ask("decides", dispute=dispute, outcome="lost")
    _judge(report, "a dispute is lost", early, _waits(cards, REVOKED, decided))


def _run_out(cards: CardStack, report: Report) -> None:
    people = cards.shop.crowd(COUNT)
    now, clock = utc_now(), time.monotonic()
    ends = dict[int, float]()
    with cards.shop.database.transaction() as session:
        plan_id = _plan(session)
        for place, person in enumerate(people):
            end = now + LEAD + place * APART
            user = find_user(session, person.id)
            assert user is not None, "the crowd has met the bot"
            membership_id = _in_grace(session, plan_id, id_of(user), end)
            ends[membership_id] = clock + (end - now).total_seconds()
    waits = _waits(cards, OVER, ends)
    _judge(report, "grace is over", sum(wait < 0 for wait in waits), waits)


def _plan(session: Session) -> int:
    seller_id = id_of(session.exec(select(Seller)).one())
    product = Product(seller_id=seller_id, slug="bench-grace", title="A month", kind="membership")
    session.add(product)
    session.flush()
    session.add(Plan(product_id=id_of(product), unit="months", count=1))
    session.flush()
    return id_of(product)


def _in_grace(session: Session, plan_id: int, user_id: int, end: datetime) -> int:
    """A membership whose time is over, and whose grace ends then; its clock's job waits."""
    row = Membership(
        user_id=user_id,
        plan_id=plan_id,
        state="past_due",
        turn=1,
        started_at=end - GRACE - timedelta(days=30),
        ends_at=end - GRACE,
        grace_days=GRACE.days,
        clock_at=end,
    )
    session.add(row)
    session.flush()
    set_clock(session, row, standing_of(session, row))
    return id_of(row)


def _charges(cards: CardStack) -> dict[int, str]:
    """Stripe's names of the charges, by the orders that they pay."""
    with cards.shop.database.engine.connect() as connection:
        orders = {str(name): int(order) for name, order in connection.execute(text(CHARGED))}
    charges, cursor = dict[int, str](), dict[str, str]()
    key = cards.stripe.environment["STRIPE_SECRET_KEY"]
    headers = {"authorization": f"Bearer {key}", "stripe-account": cards.account}
    with httpx.Client(trust_env=False, timeout=60, headers=headers, base_url=cards.stripe.url) as client:
        has_more = True
        while has_more:
            answer = client.get("/v1/charges", params={"limit": "100", **cursor}).raise_for_status()
            page: dict[str, Any] = answer.json()
            for charge in page["data"]:
                if charge["payment_intent"] in orders:
                    charges[orders[charge["payment_intent"]]] = charge["id"]
            has_more, cursor = page["has_more"], {"starting_after": page["data"][-1]["id"]}
    return charges


def _waits(cards: CardStack, query: str, begun: Mapping[int, float]) -> list[float]:
    """Seconds from when each was begun until it was seen to have ended: that is a little later."""
    seen = dict[int, float]()

    def look() -> bool:
        for name in _seen(cards, query, list(begun)):
            seen.setdefault(name, time.monotonic())
        return len(seen) == len(begun)

    wait_until(look, GIVE_UP, "not everything has ended")
    return [seen[name] - at for name, at in begun.items()]


def _seen(cards: CardStack, query: str, names: list[int]) -> list[int]:
    with cards.shop.database.engine.connect() as connection:
        return [int(name) for (name,) in connection.execute(text(query), {"names": names})]


def _judge(report: Report, what: str, early: int, waits: list[float]) -> None:
    report.equal(f"of {COUNT}, ended before {what}", 0, early)
    report.at_most(f"access ends after {what}, slowest", PROMISED, max(waits), "s")
