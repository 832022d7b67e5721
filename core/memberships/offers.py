"""A plan as one person may take it just now: what it costs them where, or why they cannot have it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from core.catalogue.catalogue import check_shop_open
from core.kit.errors import NotFound, Refused
from core.kit.rail_policy import Policy
from core.kit.rows import id_of, must_get
from core.memberships import queries
from core.memberships.eligibility import check_sale, check_trial
from core.memberships.plans import plan_facts
from core.memberships.queries import Card, PlanView, plan_view
from core.memberships.side_by_side import side_by_side
from core.orders.fulfilment import Choice, Fact
from core.payments.offers import Offers, Place, log_offers, note_offers, offers_of
from core.process.settings import Settings
from schemas.catalogue import Product
from schemas.membership import Membership, Plan
from schemas.people import Seller, User


@dataclass(frozen=True)
class PlanOffer:
    """`facts`: what it gives; `offers`: how it may be paid here; `refused`: the code of why it cannot be;
    `choices`: the terms for which the same is sold, this one among them, each as it may be paid here.

    `card` is the person's own membership, if they ever had one; `trial_days` is 0 where they get none.
    """

    plan: PlanView
    facts: list[Fact]
    own: bool
    card: Card | None
    offers: Offers
    refused: str
    trial_days: int
    choices: list[tuple[Choice, Offers]]

    @property
    def rails(self) -> tuple[str, ...]:
        """On which this person can pay it here just now."""
        return () if self.own or self.refused else self.offers.rails


def offer_of(
    session: Session,
    person: User,
    plan_id: int,
    *,
    place: Place,
    policy: Policy,
    settings: Settings,
    now: datetime,
) -> PlanOffer:
    """What a plan is to this person, whom all ways to pay that are shown here are offered: logged (P6).

    Raises `NotFound` where it is not shown to them.
    """
    plan = plan_view(session, plan_id)
    own = _owner(session, plan_id) == person.id
    card = _card_of(session, person, plan_id, now)
    if not (plan.on_sale or own or card):
        check_shop_open(session, must_get(session, Product, plan_id, "plan-unknown"))
        raise NotFound("plan-unknown")
    offers = offers_of(plan, place, policy=policy, settings=settings)
    trial_days = _trial_days(session, person, plan_id, now) if plan.on_sale and not own else 0
    facts = plan_facts(
        plan.terms, plan.channels, by_card="card" in offers.prices, tries=own or bool(trial_days)
    )
    choices = [
        (choice, offers_of(choice.product, place, policy=policy, settings=settings))
        for choice in side_by_side(session, plan_id, now=now)
    ]
    log_offers([other for _, other in choices])
    if own:
        return PlanOffer(plan, facts, True, card, offers, "", 0, choices)
    refused = _why_not(session, person, plan, now)
    if not refused:
        note_offers(session, person, offers)
    return PlanOffer(plan, facts, False, card, offers, refused, trial_days, choices)


def _owner(session: Session, plan_id: int) -> int:
    of_plan = select(Seller.user_id).join(Product, col(Product.seller_id) == Seller.id)
    return session.exec(of_plan.where(Product.id == plan_id)).one()


def _card_of(session: Session, person: User, plan_id: int, now: datetime) -> Card | None:
    own = select(Membership).where(Membership.user_id == person.id, Membership.plan_id == plan_id)
    row = session.exec(own).one_or_none()
    if row is None or (row.started_at is None and row.state == "expired"):
        return None
    return queries.card(session, id_of(person), id_of(row), now=now)


def _why_not(session: Session, person: User, plan: PlanView, now: datetime) -> str:
    if not plan.on_sale:
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
