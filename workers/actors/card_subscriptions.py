"""Jobs about memberships by card: asking Stripe to go on, to stop or to end; its page for who pays."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from core.kit.errors import NotFound, Refused, Unreachable
from core.kit.rows import id_of, must_get
from core.memberships import card_trials
from core.memberships.card_members import next_charge, tell_expiring
from core.memberships.letters import card_portal
from core.memberships.notifications import title_of
from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.card_expiry import find_expiring
from core.payments.rails.stripe.objects import Found
from core.payments.rails.stripe.platform import request_key, shop_name
from core.payments.rails.stripe.portal import open_portal
from core.payments.rails.stripe.protocol import Fields, StripeRefused
from core.payments.rails.stripe.subscription_look import (
    INVOICES,
    SUBSCRIPTIONS,
    RenewalSight,
    look_at_subscription,
)
from core.payments.rails.stripe.subscription_objects import Invoice, Subscription
from core.payments.rails.stripe.subscription_rows import ENDED, is_done, living, renews, row_of_first
from core.payments.rails.stripe.subscriptions import apply_to, look_again
from core.ports import Identity
from core.telegram.deep_links import bot_address
from schemas import card_jobs, ephemeral_jobs
from schemas.card_subscription import CardSubscription
from schemas.membership import Membership
from schemas.people import User
from workers.registry import actor, answers
from workers.run import Run
from workers.services import Services

OVER = "resource_missing"
"""Stripe's word for a subscription that has ended, and can be changed no more."""
HOLD: Fields = {"pause_collection": {"behavior": "void"}}
"""Invoices are made and voided (https://docs.stripe.com/billing/subscriptions/pause-payment)."""
GO_ON: Fields = {"pause_collection": ""}
SOONEST = timedelta(minutes=5)  # from now, for a moment that has to be in the future at Stripe


@actor(card_jobs.SetCardRenewal)
def set_card_renewal(run: Run, job: card_jobs.SetCardRenewal) -> None:
    """Ask for what is wanted, unless Stripe does it already; then look what has become of it.

    Whoever decides otherwise meanwhile may find that Stripe still does what they want: they are served here.
    """
    row, asked = _row(run, job.row_id), -1
    while row.asked != asked:
        _serve(run, row)
        asked, row = row.asked, _row(run, job.row_id)


def _serve(run: Run, row: CardSubscription) -> None:
    if not is_done(row):
        try:
            _ask(run, row)
        except StripeRefused as refused:
            if refused.code != OVER:
                raise
    if row.wanted == "end":
        _void_open(run.services.stripe, row.account, row.subscription_id, _key(run, row))
    look_again(run.services.database, run.services.stripe, row, now=run.now())


@actor(card_jobs.EndSurplus)
def end_surplus(run: Run, job: card_jobs.EndSurplus) -> None:
    """Look at both subscriptions as they are now, then end this one unless it pays the order; void what is
    open, and see what each of its invoices has taken: that goes back."""
    stripe, account, name = run.services.stripe, job.account, job.subscription_id
    seen = look_at_subscription(stripe, account, name, at=run.now())
    if seen.subscription.status not in ENDED:
        if _pays_order(run, job, seen):
            return
        try:
            _end(stripe, account, name)
        except StripeRefused as refused:
            if refused.code != OVER:
                raise
    if seen.invoice is not None and seen.invoice.status == "open":
        with run.services.database.transaction() as session:
            key = request_key(shop_name(session), "surplus", name, run.attempt)
        _void_open(stripe, account, name, key)
    _apply_surplus(run, job, seen)
    latest = seen.invoice.id if seen.invoice is not None else ""
    for invoice in list(stripe.pages(Found, INVOICES, {"subscription": name}, account=account)):
        if invoice.id != latest:
            one = look_at_subscription(stripe, account, name, at=run.now(), invoice_id=invoice.id)
            _apply_surplus(run, job, one)


def _pays_order(run: Run, job: card_jobs.EndSurplus, seen: RenewalSight) -> bool:
    with run.services.database.transaction() as session:
        other = row_of_first(session, job.order_id)
    if other.subscription_id == job.subscription_id:
        return True
    look_again(run.services.database, run.services.stripe, other, now=run.now())
    return _apply_surplus(run, job, seen)


def _apply_surplus(run: Run, job: card_jobs.EndSurplus, seen: RenewalSight) -> bool:
    """Whether the order is paid by this one, now that both were looked at."""
    with run.services.database.transaction() as session:
        apply_to(session, job.order_id, seen, looked=True, now=run.now())
        return row_of_first(session, job.order_id).subscription_id == job.subscription_id


@actor(card_jobs.SendPortal)
def send_portal(run: Run, job: card_jobs.SendPortal) -> None:
    """Open the page for a member whose card is charged. Its address is a key: it goes into no row."""
    payer = _payer(run.services, job.membership_id)
    if payer is None:
        return
    message = card_portal(
        payer.language, payer.title, _open(run.services, payer, f"{run.job_id}:{run.attempt}")
    )
    with suppress(Unreachable):  # who cannot be written to has not asked in the bot
        run.services.messenger.send(Identity(run.job_id, "portal"), payer.telegram_id, message)


@actor(card_jobs.LookAtCard)
def look_at_card(run: Run, job: card_jobs.LookAtCard) -> None:
    """Tell the member where the card expires before the charge that is meant, if that is still to come."""
    row = _row(run, job.row_id)
    if not renews(row) or int(row.until.timestamp()) != job.until:
        return
    expiring = find_expiring(run.services.stripe, row)
    with run.effect() as session:
        if expiring is not None:
            name, card = expiring
            tell_expiring(session, job.row_id, name, last4=card.last4, month=card.month)


@actor(card_jobs.LookAtTrial)
def look_at_trial(run: Run, job: card_jobs.LookAtTrial) -> None:
    """Remind of the first charge after a trial, or end what nobody has opened."""
    with run.effect() as session:
        card_trials.look_at_trial(session, job.row_id, last=job.last, now=run.now())


@answers(ephemeral_jobs.OpenPortal)
def open_page(services: Services, job: ephemeral_jobs.OpenPortal) -> dict[str, Any]:
    """Open the page for a member who waits."""
    if not services.settings.stripe_secret_key:
        raise Refused("cards-off")
    payer = _payer(services, job.membership_id)
    if payer is None:
        raise NotFound("subscription-unknown")
    return {"url": _open(services, payer, uuid4().hex)}


@dataclass(frozen=True)
class _Payer:
    """Whose card is charged, for what, and by which subscription."""

    row: CardSubscription
    shop: str
    title: str
    telegram_id: int
    language: str


def _payer(services: Services, membership_id: int) -> _Payer | None:
    with services.database.transaction() as session:
        row = living(session, membership_id)
        if row is None:
            return None
        membership = must_get(session, Membership, membership_id, "membership-unknown")
        person = must_get(session, User, membership.user_id, "person-unknown")
        title = title_of(session, membership.plan_id)
        return _Payer(row, shop_name(session), title, person.telegram_id, person.language)


def _open(services: Services, payer: _Payer, visit: str) -> str:
    back = bot_address(services.settings.bot_username) or services.settings.public_url
    return open_portal(
        services.stripe, payer.row, shop=payer.shop, visit=visit, back=back, language=payer.language
    )


def _ask(run: Run, row: CardSubscription) -> None:
    """Each try has a key of its own: asked twice, it is the same (https://docs.stripe.com/api/subscriptions)."""
    stripe, path = run.services.stripe, f"{SUBSCRIPTIONS}/{row.subscription_id}"
    if row.wanted == "end":
        _end(stripe, row.account, row.subscription_id)
    elif row.wanted == "resume":
        _resume(run, row)
    else:
        fields = HOLD if row.wanted == "hold" else {"cancel_at_period_end": row.wanted == "stop"}
        stripe.post(Subscription, path, fields, key=_key(run, row), account=row.account)


def _resume(run: Run, row: CardSubscription) -> None:
    """Charge again, on the day on which the time that was kept is over.

    A day of charging is moved by a trial until then, which Stripe allows within two years of the cycle's
    anchor (https://docs.stripe.com/billing/subscriptions/billing-cycle#add-a-trial-to-change-the-billing-cycle).
    Where it refuses, it stays on its day: what is paid then is added to what is left.
    """
    stripe, path, key = run.services.stripe, f"{SUBSCRIPTIONS}/{row.subscription_id}", _key(run, row)
    with run.services.database.transaction() as session:
        end = next_charge(session, row)
    moved: Fields = {}
    if end is not None:
        soonest = run.now() + SOONEST
        moved = {"trial_end": int(max(end, soonest).timestamp()), "proration_behavior": "none"}
    try:
        stripe.post(Subscription, path, {**GO_ON, **moved}, key=key, account=row.account)
    except StripeRefused as refused:
        if refused.code == OVER or not moved:
            raise
        stripe.post(Subscription, path, GO_ON, key=f"{key}:unmoved", account=row.account)


def _end(stripe: StripeApi, account: str, name: str) -> None:
    fields: Fields = {"invoice_now": False, "prorate": False}
    stripe.delete(Subscription, f"{SUBSCRIPTIONS}/{name}", fields, account=account)


def _void_open(stripe: StripeApi, account: str, name: str, key: str) -> None:
    """Void what is open: its page would take money for time that nobody gets."""
    ended = stripe.get(Subscription, f"{SUBSCRIPTIONS}/{name}", account=account)
    if not ended.latest_invoice:
        return
    path = f"{INVOICES}/{ended.latest_invoice}"
    if stripe.get(Invoice, path, account=account).status == "open":
        stripe.post(Invoice, f"{path}/void", {}, key=f"{key}:void", account=account)


def _key(run: Run, row: CardSubscription) -> str:
    with run.services.database.transaction() as session:
        return request_key(shop_name(session), "subscription", id_of(row), row.asked, run.attempt)


def _row(run: Run, row_id: int) -> CardSubscription:
    with run.services.database.transaction() as session:
        return must_get(session, CardSubscription, row_id, "subscription-unknown")
