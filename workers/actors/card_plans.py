"""Jobs about a change of plan by card: what it costs is asked of Stripe and offered, then charged."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from core.kit.errors import Refused, Unreachable
from core.kit.rows import must_get
from core.memberships import plan_changes
from core.memberships.letters import PlanRefusal, plan_offer, plan_refused
from core.memberships.notifications import title_of
from core.payments.rails.stripe.fees import fee_of, percent
from core.payments.rails.stripe.plan_change import Proration, WantedPlan, change_plan, preview
from core.payments.rails.stripe.platform import shop_name
from core.payments.rails.stripe.protocol import StripeRefused
from core.payments.rails.stripe.subscription_rows import living
from core.payments.rails.stripe.subscriptions import look_again
from core.ports import Identity, Message
from schemas import card_jobs, ephemeral_jobs
from schemas.base import utc_now
from schemas.card_subscription import CardSubscription
from schemas.catalogue import Product
from schemas.membership import Membership
from schemas.people import Seller, User
from workers.registry import actor, answers
from workers.run import Run
from workers.services import Services

CARD_CODES = (
    "authentication_required",
    "card_declined",
    "expired_card",
    "incorrect_cvc",
    "invoice_payment_intent_requires_action",
    "processing_error",
    "subscription_payment_intent_requires_action",
)
"""Stripe's words for a card that was not charged (https://docs.stripe.com/error-codes)."""


@dataclass(frozen=True)
class _Asked:
    """A change that somebody may make: by which subscription, to what, and at Stripe."""

    person: User
    title: str
    row: CardSubscription
    target: plan_changes.Target
    wanted: WantedPlan


@actor(card_jobs.PreviewPlan)
def preview_plan(run: Run, job: card_jobs.PreviewPlan) -> None:
    """Ask what the change costs from this moment on, and offer it."""
    _offer(run, job.membership_id, job.plan_id)


@answers(ephemeral_jobs.PricePlan)
def price_plan(services: Services, job: ephemeral_jobs.PricePlan) -> dict[str, Any]:
    """Ask what the change costs from this moment on, for a member who waits."""
    if not services.settings.stripe_secret_key:
        raise Refused("cards-off")
    now = utc_now()
    asked = _find(services, job.membership_id, job.plan_id, int(now.timestamp()), now)
    due = preview(services.stripe, asked.row, asked.wanted, visit=uuid4().hex).due
    return {
        "due": {"amount": due.amount, "currency": due.currency},
        "prorated_at": asked.wanted.prorated_at,
    }


@actor(card_jobs.ChangePlan)
def change_to_plan(run: Run, job: card_jobs.ChangePlan) -> None:
    """Charge what was agreed to, and follow; a sum that is another by now is offered anew."""
    with run.services.database.transaction() as session:
        row = living(session, job.membership_id)
    if row is not None:  # it may have been made by an earlier try
        look_again(run.services.database, run.services.stripe, row, now=run.now())
    asked = _find_or_tell(run, job.membership_id, job.plan_id, job.prorated_at)
    if asked is None:
        return
    proration = _preview(run, asked)
    if proration.due.amount != job.due or job.due <= 0:  # nothing to pay is no offer of ours
        _offer(run, job.membership_id, job.plan_id)
        return
    visit = f"{job.membership_id}:{job.plan_id}:{job.prorated_at}:{run.attempt}"
    try:
        change_plan(run.services.stripe, asked.row, asked.wanted, proration, visit=visit)
    except StripeRefused as refused:
        if refused.code not in CARD_CODES:
            raise
        _refuse(run, asked.person, job.membership_id, asked.target.title, "card")
        return
    look_again(run.services.database, run.services.stripe, asked.row, now=run.now())


def _offer(run: Run, membership_id: int, plan_id: int) -> None:
    moment = int(run.now().timestamp())
    asked = _find_or_tell(run, membership_id, plan_id, moment)
    if asked is None:
        return
    due = _preview(run, asked).due
    if due.amount <= 0:
        _refuse(run, asked.person, membership_id, asked.target.title, "less")
        return
    taken = card_jobs.ChangePlan(
        membership_id=membership_id, plan_id=plan_id, prorated_at=moment, due=due.amount
    )
    offer = plan_offer(asked.person.language, asked.title, asked.target, due=due, taken=taken)
    _send(run, asked.person, offer)


def _find(services: Services, membership_id: int, plan_id: int, prorated_at: int, now: datetime) -> _Asked:
    """Raises `Refused` where it cannot be made."""
    with services.database.transaction() as session:
        membership = must_get(session, Membership, membership_id, "membership-unknown")
        person = must_get(session, User, membership.user_id, "person-unknown")
        row, target = plan_changes.target(session, person, membership_id, plan_id, now=now)
        product = must_get(session, Product, plan_id, "plan-unknown")
        seller = must_get(session, Seller, product.seller_id, "shop-unknown")
        wanted = WantedPlan(
            plan_id=plan_id,
            title=target.title,
            price=target.price,
            every=target.every,
            share=percent(fee_of(seller, target.price), target.price),
            prorated_at=prorated_at,
            shop=shop_name(session),
        )
        return _Asked(person, title_of(session, membership.plan_id), row, target, wanted)


def _find_or_tell(run: Run, membership_id: int, plan_id: int, prorated_at: int) -> _Asked | None:
    """None: it cannot be made, of which the person is told unless it was made already."""
    try:
        return _find(run.services, membership_id, plan_id, prorated_at, run.now())
    except Refused:
        with run.services.database.transaction() as session:
            membership = must_get(session, Membership, membership_id, "membership-unknown")
            person = must_get(session, User, membership.user_id, "person-unknown")
            title, made = title_of(session, plan_id), plan_changes.has_changed(session, person, plan_id)
    if not made:
        _refuse(run, person, membership_id, title, "gone")
    return None


def _preview(run: Run, asked: _Asked) -> Proration:
    visit = f"{run.job_id}:{run.attempt}:{asked.wanted.prorated_at}"
    return preview(run.services.stripe, asked.row, asked.wanted, visit=visit)


def _refuse(run: Run, person: User, membership_id: int, title: str, why: PlanRefusal) -> None:
    _send(run, person, plan_refused(person.language, membership_id, title, why))


def _send(run: Run, person: User, message: Message) -> None:
    with suppress(Unreachable):  # who cannot be written to has not asked in the bot
        run.services.messenger.send(Identity(run.job_id, "plan"), person.telegram_id, message)
