"""A plan as one person may take it just now: what it costs them where, or why they cannot have it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from core.audit.record import record
from core.kit.errors import NotFound, Refused
from core.kit.rail_policy import Policy, rails_offered
from core.kit.rows import id_of, must_get
from core.memberships import queries
from core.memberships.eligibility import check_sale, check_trial
from core.memberships.plans import plan_facts
from core.memberships.queries import Card, PlanView, plan_view
from core.orders.fulfilment import Fact
from core.payments.rails.port import rail_of
from core.process.settings import Settings
from schemas.catalogue import Product
from schemas.membership import Membership, Plan
from schemas.people import Seller, User
from schemas.sales import Entry


@dataclass(frozen=True)
class PlanOffer:
    """`facts`: what it gives; `rails`: on which it may be paid here, none where `refused` is the code of why.

    `card` is the person's own membership, if they ever had one; `trial_days` is 0 where they get none.
    """

    plan: PlanView
    facts: list[Fact]
    own: bool
    card: Card | None
    rails: list[str]
    refused: str
    trial_days: int


def offer_of(
    session: Session, person: User, plan_id: int, *, policy: Policy, entry: Entry, now: datetime
) -> PlanOffer:
    """What a plan is to this person. Raises `NotFound` where it is not shown to them."""
    plan = plan_view(session, plan_id)
    facts = plan_facts(plan.terms, plan.channels)
    seller = _seller(session, plan_id)
    own = seller.user_id == person.id
    card = _card_of(session, person, plan_id, now)
    if not (plan.published or own or card):
        raise NotFound("plan-unknown")
    if own:
        return PlanOffer(plan, facts, True, card, [], "", 0)
    refused = _why_not(session, person, plan, now)
    rails = [] if refused else rails_offered(policy, entry, seller.rails, plan.prices)
    trial_days = _trial_days(session, person, plan_id, now) if plan.published else 0
    return PlanOffer(plan, facts, False, card, rails, refused, trial_days)


def note_offers(session: Session, person: User, offer: PlanOffer, settings: Settings) -> None:
    """Log each rail that the bot shows; an order that is placed right there logs its own offer (mission
    decision 6)."""
    for rail in offer.rails:
        if rail_of(rail).offer("bot", settings) != "here":
            product = f"product:{offer.plan.product_id}"
            record(session, f"user:{person.id}", "rail.offered", product, rail=rail)


def _seller(session: Session, plan_id: int) -> Seller:
    product = must_get(session, Product, plan_id, "plan-unknown")
    return must_get(session, Seller, product.seller_id, "shop-unknown")


def _card_of(session: Session, person: User, plan_id: int, now: datetime) -> Card | None:
    own = select(Membership).where(Membership.user_id == person.id, Membership.plan_id == plan_id)
    row = session.exec(own).one_or_none()
    if row is None or (row.started_at is None and row.state == "expired"):
        return None
    return queries.card(session, id_of(person), id_of(row), now=now)


def _why_not(session: Session, person: User, plan: PlanView, now: datetime) -> str:
    if not plan.published:
        return "plan-closed"
    try:
        check_sale(session, id_of(person), plan.product_id, now=now)
    except Refused as refused:
        return refused.code
    return ""


def _trial_days(session: Session, person: User, plan_id: int, now: datetime) -> int:
    plan = must_get(session, Plan, plan_id, "plan-unknown")
    try:
        check_trial(session, plan, id_of(person), now=now)
    except Refused:
        return 0
    return plan.trial_days
