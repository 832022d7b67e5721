"""A sale by card as the smoke test plays it at Stripe's sandbox: a person pays on Stripe's page, and the
money goes back in two parts."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session, col, select

from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from core.kit.tokens import random_token
from core.orders.grants import grant_of
from core.orders.orders import PAID, order_number
from core.payments.order_claims import issue_claim, redeem
from core.payments.placing import place
from core.payments.rails.stripe.accounts import RAIL, active_account
from core.payments.rails.stripe.books import read_books
from core.payments.rails.stripe.protocol import is_live
from core.payments.refunds import request_refund
from schemas.base import utc_now
from schemas.people import User
from schemas.sales import Order, Payment, PaymentEvent, Refund
from scripts.smoke.steps import ACTOR, PATIENCE, SmokeError, Stage, until
from workers.services import stripe_client

PART = 40  # minor units, of a price of 100
TEST_CARD = "4242 4242 4242 4242"
A_DAY = timedelta(days=1)


def takes_cards(stage: Stage) -> bool:
    """Whether the seller's account at Stripe takes cards now."""
    with stage.database.transaction() as session:
        return bool(stage.settings.stripe_secret_key) and active_account(session, stage.seller_id) is not None


def sell_by_card(stage: Stage, product_id: int, say: Callable[[str], None], patience: float) -> int:
    """Order on the web, wait for somebody to pay on Stripe's page, and claim in Telegram; the order's id.

    Raises `SmokeError`: no page was opened, nobody paid, or Stripe did not tell of it.
    """
    order_id = _order(stage, product_id)

    def page(session: Session) -> str | None:
        urls = select(Payment.pay_url).where(Payment.order_id == order_id, col(Payment.pay_url).is_not(None))
        return session.exec(urls).first()

    url = until(stage, page, PATIENCE, "Stripe's page was not opened: look at `comptoir queue`.")
    say(f"Pay here with the card {TEST_CARD}, within {patience:g} s: {url}")
    otherwise = f"Nobody paid within {patience:g} s. Give more time with --wait."
    until(stage, lambda session: session.get_one(Order, order_id).status in PAID or None, patience, otherwise)
    until(
        stage,
        lambda session: _events(session, order_id) or None,
        PATIENCE,
        "It is paid, and no webhook told of it: `comptoir doctor` looks at the endpoint.",
    )
    with stage.database.transaction() as session:
        order, now = session.get_one(Order, order_id), utc_now()
        claim = issue_claim(session, order, life=timedelta(minutes=5), now=now)
        refused = redeem(session, claim, session.get_one(User, stage.buyer_id), now).refused
    if refused is not None:
        raise SmokeError(f"The buyer may not have it: {refused}. Choose another with --buyer.")
    return order_id


def give_back(stage: Stage, order_id: int) -> None:
    """Give back a part, then the rest, and wait until the access has ended. Raises `SmokeError`."""
    for amount in (PART, None):
        with stage.database.transaction() as session:
            request_refund(session, order_id, actor=ACTOR, reason="smoke", amount=amount, now=utc_now())
        until(
            stage,
            lambda session: _all_back(session, order_id) or None,
            PATIENCE,
            "Stripe has not given the money back: `comptoir queue` and Stripe's Dashboard say why.",
        )

    def ended(session: Session) -> bool | None:
        grant = grant_of(session, order_id)
        is_over = session.get_one(Order, order_id).status == "refunded"
        return (is_over and grant is not None and grant.revoked_at is not None) or None

    until(stage, ended, PATIENCE, "All is given back, and the access has not ended.")


def check_books(stage: Stage, order_id: int) -> str:
    """Compare what Stripe lists of the order with what came and went back here; in words.

    Raises `SmokeError` where a cent is missing.
    """
    settings, now = stage.settings, utc_now()
    stripe = stripe_client(settings)
    try:
        live = is_live(settings.stripe_secret_key)
        books = read_books(stage.database, stripe, live, now - A_DAY, now + A_DAY)
    finally:
        stripe.close()
    with stage.database.transaction() as session:
        number = order_number(session.get_one(Order, order_id))
    theirs = Counter[str]()
    for line in books.lines:
        if line.order_number == number:
            theirs[line.kind] += line.money.amount
    if not theirs["charge"] == theirs["refund"] > 0:
        raise SmokeError(f"Stripe lists {dict(theirs)} of order {number}: `comptoir reconcile` says more.")
    return f"{theirs['charge']} minor units came and went back, of which {theirs['fee']} were the fee"


def _order(stage: Stage, product_id: int) -> int:
    with stage.database.transaction() as session:
        placed = place(
            session,
            product_id=product_id,
            rail=RAIL,
            currency="EUR",
            entry="web",
            buyer=None,
            language="en",
            policy=parse_policy(stage.settings.rail_policy),
            order_ttl=stage.settings.order_ttl,
            now=utc_now(),
            idempotency_key=random_token(),
        )
        return id_of(placed.order)


def _events(session: Session, order_id: int) -> int:
    """How many events of the order were told and applied."""
    rows = select(PaymentEvent.id).where(PaymentEvent.order_id == order_id, PaymentEvent.state == "handled")
    return len(session.exec(rows).all())


def _all_back(session: Session, order_id: int) -> bool:
    """Whether every refund of the order that was asked for has come to its end, and well."""
    refunds = select(Refund.status).join(Payment).where(Payment.order_id == order_id)
    states = session.exec(refunds).all()
    if "failed" in states:
        raise SmokeError("Stripe refused a refund: its Dashboard says why.")
    return bool(states) and set(states) == {"succeeded"}
