"""Jobs about memberships by card: asking Stripe to go on, to stop or to end, and looking how it stands."""

from core.kit.rows import id_of, must_get
from core.payments.rails.stripe.platform import request_key, shop_name
from core.payments.rails.stripe.protocol import StripeRefused
from core.payments.rails.stripe.subscription_look import INVOICES, SUBSCRIPTIONS
from core.payments.rails.stripe.subscription_objects import Invoice, Subscription
from core.payments.rails.stripe.subscription_rows import is_done
from core.payments.rails.stripe.subscriptions import look_again
from schemas import card_jobs
from schemas.card_subscription import CardSubscription
from workers.registry import actor
from workers.run import Run

OVER = "resource_missing"
"""Stripe's word for a subscription that has ended, and can be changed no more."""


@actor(card_jobs.SetCardRenewal)
def set_card_renewal(run: Run, job: card_jobs.SetCardRenewal) -> None:
    """Ask for what is wanted, unless Stripe does it already; then look what has become of it."""
    row = _row(run, job.row_id)
    if not is_done(row):
        try:
            _ask(run, row)
        except StripeRefused as refused:
            if refused.code != OVER:
                raise
    if row.wanted == "end":
        _close(run, row)
    look_again(run.services.database, run.services.stripe, row, now=run.now())


@actor(card_jobs.LookAtSubscription)
def look_at_subscription(run: Run, job: card_jobs.LookAtSubscription) -> None:
    """Apply how a subscription and its latest invoice stand, as if their events had come."""
    look_again(run.services.database, run.services.stripe, _row(run, job.row_id), now=run.now())


def _ask(run: Run, row: CardSubscription) -> None:
    """Each try has a key of its own: asked twice, it is the same (https://docs.stripe.com/api/subscriptions)."""
    stripe, path = run.services.stripe, f"{SUBSCRIPTIONS}/{row.subscription_id}"
    if row.wanted == "end":
        stripe.delete(Subscription, path, {"invoice_now": False, "prorate": False}, account=row.account)
    else:
        fields = {"cancel_at_period_end": row.wanted == "stop"}
        stripe.post(Subscription, path, fields, key=_key(run, row), account=row.account)


def _close(run: Run, row: CardSubscription) -> None:
    """Void what is open: its page would take money for time that nobody gets."""
    stripe, account = run.services.stripe, row.account
    ended = stripe.get(Subscription, f"{SUBSCRIPTIONS}/{row.subscription_id}", account=account)
    if not ended.latest_invoice:
        return
    path = f"{INVOICES}/{ended.latest_invoice}"
    if stripe.get(Invoice, path, account=account).status == "open":
        stripe.post(Invoice, f"{path}/void", {}, key=f"{_key(run, row)}:void", account=account)


def _key(run: Run, row: CardSubscription) -> str:
    with run.services.database.transaction() as session:
        return request_key(shop_name(session), "subscription", id_of(row), row.asked, run.attempt)


def _row(run: Run, row_id: int) -> CardSubscription:
    with run.services.database.transaction() as session:
        return must_get(session, CardSubscription, row_id, "subscription-unknown")
