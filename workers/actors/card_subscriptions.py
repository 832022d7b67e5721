"""Jobs about memberships by card: asking Stripe to go on, to stop or to end; its page for who pays."""

from contextlib import suppress

from core.kit.errors import Unreachable
from core.kit.rows import id_of, must_get
from core.memberships.letters import card_portal
from core.memberships.notifications import title_of
from core.payments.rails.stripe.platform import request_key, shop_name
from core.payments.rails.stripe.portal import open_portal
from core.payments.rails.stripe.protocol import StripeRefused
from core.payments.rails.stripe.subscription_look import INVOICES, SUBSCRIPTIONS
from core.payments.rails.stripe.subscription_objects import Invoice, Subscription
from core.payments.rails.stripe.subscription_rows import is_done, living
from core.payments.rails.stripe.subscriptions import look_again
from core.ports import Identity
from core.telegram.deep_links import bot_address
from schemas import card_jobs
from schemas.card_subscription import CardSubscription
from schemas.membership import Membership
from schemas.people import User
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


@actor(card_jobs.SendPortal)
def send_portal(run: Run, job: card_jobs.SendPortal) -> None:
    """Open the page for a member whose card is charged. Its address is a key: it goes into no row."""
    with run.services.database.transaction() as session:
        row = living(session, job.membership_id)
        membership = must_get(session, Membership, job.membership_id, "membership-unknown")
        person = must_get(session, User, membership.user_id, "person-unknown")
        title = title_of(session, membership.plan_id)
        shop = shop_name(session)
    if row is None:
        return
    settings, visit = run.services.settings, f"{run.job_id}:{run.attempt}"
    back = bot_address(settings.bot_username) or settings.public_url
    url = open_portal(run.services.stripe, row, shop=shop, visit=visit, back=back, language=person.language)
    message = card_portal(person.language, title, url)
    with suppress(Unreachable):  # who cannot be written to has not asked in the bot
        run.services.messenger.send(Identity(run.job_id, "portal"), person.telegram_id, message)


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
