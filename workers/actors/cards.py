"""Jobs about cards: opening pages of Checkout, looking how they stand, giving money back."""

from core.kit.errors import Permanent
from core.kit.rows import must_get
from core.orders.orders import need_support
from core.payments.rails.port import rail_of
from core.payments.rails.stripe.checkout import SESSIONS, record_checkout, session_of, wanted_checkout
from core.payments.rails.stripe.disputes import dispute_policy
from core.payments.rails.stripe.inbox import RAIL
from core.payments.rails.stripe.look import look_at_session, since
from core.payments.rails.stripe.objects import NewSession, Refund
from core.payments.rails.stripe.protocol import OutcomeUnknown, StripeRefused
from core.payments.rails.stripe.refunds import (
    REFUNDS,
    apply_answers,
    ask_anew,
    is_of,
    refuse,
    wanted_refund,
)
from core.payments.rails.stripe.settling import apply_look
from core.payments.rails.stripe.tax import doubt_tax
from schemas import card_jobs
from schemas.sales import Order
from workers.registry import actor
from workers.run import Run


@actor(card_jobs.OpenCheckout)
def open_checkout(run: Run, job: card_jobs.OpenCheckout) -> None:
    """Open the page of an order on its seller's account, once it is certain that it has none."""
    public_url = run.services.settings.public_url
    with run.services.database.transaction() as session:
        wanted = wanted_checkout(session, job.order_id, public_url=public_url, now=run.now())
    if wanted is None:
        return
    key = wanted.key(job.order_id, run.attempt)
    try:
        opened = run.services.stripe.post(
            NewSession, SESSIONS, wanted.fields, key=key, account=wanted.account
        )
    except Permanent:
        with run.services.database.transaction() as session:
            order = must_get(session, Order, job.order_id, "order-unknown")
            need_support(session, order, reason="checkout-refused", now=run.now())
            if wanted.tax:
                doubt_tax(session, wanted.account)
        raise
    with run.effect() as session:
        record_checkout(session, job.order_id, wanted, opened, now=run.now())


@actor(card_jobs.LookAtCheckout)
def look_at_checkout(run: Run, job: card_jobs.LookAtCheckout) -> None:
    """Apply how the page of an order stands, as if its event had come."""
    with run.services.database.transaction() as session:
        page = session_of(session, must_get(session, Order, job.order_id, "order-unknown"))
    if page is None:
        return
    policy = dispute_policy(run.services.settings)
    account, name, at = page.details["account"], page.provider_id, run.now()
    sight = since(look_at_session(run.services.stripe, account, name, at=at), at, policy)
    with run.effect() as session:
        apply_look(session, job.order_id, sight, now=run.now())


@actor(card_jobs.RefundCard)
def refund_card(run: Run, job: card_jobs.RefundCard) -> None:
    """Ask for a refund, once it is certain that Stripe has not made it: keys are forgotten after a day."""
    with run.services.database.transaction() as session:
        wanted = wanted_refund(session, job.refund_id)
    if wanted is None:
        return
    stripe, account = run.services.stripe, wanted.account
    found = list(stripe.pages(Refund, REFUNDS, {"payment_intent": wanted.intent}, account=account))
    code = ""
    try:
        if not any(is_of(wanted, refund) for refund in found):
            found.append(stripe.post(Refund, REFUNDS, wanted.fields, key=wanted.key, account=account))
    except OutcomeUnknown:
        with run.services.database.transaction() as session:
            ask_anew(session, job.refund_id)
        raise
    except StripeRefused as refused:
        code = refused.code
    with run.effect() as session:
        apply_answers(session, job.refund_id, found, now=run.now())
        refuse(session, job.refund_id, code, now=run.now())


@actor(card_jobs.ReconcileCards)
def reconcile_cards(run: Run, job: card_jobs.ReconcileCards) -> None:
    """Have what no webhook told of applied, as if it had."""
    rail_of(RAIL).reconcile(run.services.database, run.services, now=run.now())
