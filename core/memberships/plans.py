"""What a seller offers: plans, their terms, their channels, their codes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.catalogue.catalogue import prices_of
from core.catalogue.products import create_product
from core.jobs.ledger import enqueue
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.names import bounded, canonical
from core.kit.permissions import allowed, require
from core.kit.prices import Prices, one_by_one
from core.kit.rows import id_of, must_get
from core.kit.texts import shorten
from core.memberships.eligibility import places_taken
from core.memberships.lifetime import check_lifetime
from core.orders.fulfilment import Fact
from core.orders.publication import unpublish
from core.payments.rails.port import rail_of
from core.payments.rails.stripe.card_members import Interval
from schemas.catalogue import Product
from schemas.member_jobs import StopRenewals
from schemas.membership import (
    AccessCode,
    Audience,
    Channel,
    CodeHolder,
    Joining,
    PeriodUnit,
    Plan,
    PlanChannel,
    PlanStatus,
    Starts,
)
from schemas.people import Seller, User

MOST = {"days": 3660, "months": 120}
TRIAL_LIMIT = 90  # days
GRACE_LIMIT = 30  # days
CODE_LIMIT = 40  # characters
STAR_PERIOD = 30  # days; https://core.telegram.org/bots/api#createinvoicelink knows no other
LONGEST_BY_CARD = 36  # months between two charges (https://docs.stripe.com/api/prices/create)
CHOICES = {
    "unit": get_args(PeriodUnit),
    "starts": get_args(Starts),
    "audience": get_args(Audience),
    "joining": get_args(Joining),
}


@dataclass(frozen=True)
class Terms:
    """What a plan gives; the fields are those of `schemas.membership.Plan`."""

    unit: PeriodUnit = "months"
    count: int = 1
    until: datetime | None = None
    starts: Starts = "payment"
    recurring: bool = False
    trial_days: int = 0
    grace_days: int | None = None
    places: int | None = None
    audience: Audience = "all"
    joining: Joining = "request"


def create_plan(
    session: Session,
    seller: Seller,
    *,
    title: str,
    description: str,
    prices: Prices,
    terms: Terms,
    channel_ids: Sequence[int],
    now: datetime,
    idempotency_key: str | None = None,
) -> Product:
    """A draft plan with its channels; `core.catalogue.products.publish` puts it on sale.

    The same key, the same plan.

    Raises as `create_product` does, and `Refused` "plan-terms" (the details name the field),
    "channel-unknown".
    """
    check_terms(terms, prices, now)
    product = create_product(
        session,
        seller,
        title=title,
        description=description,
        prices=prices,
        now=now,
        idempotency_key=idempotency_key,
    )
    if session.get(Plan, id_of(product)) is not None:
        return product
    product.kind = "membership"
    session.add_all((product, Plan(product_id=id_of(product), created_at=now, **asdict(terms))))
    session.flush()
    _set_channels(session, product, channel_ids)
    return product


def edit_terms(session: Session, plan_id: int, terms: Terms, *, actor_user: User, now: datetime) -> Plan:
    """Change what is sold from now on; what was bought before stays as it was bought.

    Raises `Refused` "plan-terms", and as `check_lifetime`.
    """
    plan, product = own_plan(session, plan_id, actor_user)
    check_terms(terms, prices_of(session, [plan_id])[plan_id], now)
    check_lifetime(session, plan, terms.unit)
    plan.sqlmodel_update(asdict(terms))
    session.add(plan)
    record(session, f"user:{actor_user.id}", "plan.edited", f"product:{product.id}")
    session.flush()
    return plan


def set_plan_status(
    session: Session, plan_id: int, status: PlanStatus, *, actor_user: User, now: datetime
) -> Plan:
    """Open a plan, pause its sale, or close it for good: members stay to their end, uncharged."""
    plan, product = own_plan(session, plan_id, actor_user)
    if plan.status == status:
        return plan
    if plan.status == "closed":
        raise Refused("plan-closed")
    plan.status, plan.closed_at = status, now if status == "closed" else None
    session.add(plan)
    session.flush()
    if status == "closed":
        unpublish(session, plan_id, actor_user=actor_user, now=now)
        enqueue(session, StopRenewals(seller_id=product.seller_id))
    record(session, f"user:{actor_user.id}", f"plan.{status}", f"product:{product.id}")
    return plan


def set_channels(session: Session, plan_id: int, channel_ids: Sequence[int], *, actor_user: User) -> None:
    """Choose the channels that a plan opens. Raises `Refused` "plan-has-members" when one is taken away
    that people paid for."""
    _, product = own_plan(session, plan_id, actor_user)
    taken_away = {id_of(channel) for channel in channels_of_plan(session, plan_id)} - set(channel_ids)
    if taken_away and places_taken(session, plan_id):
        raise Refused("plan-has-members")
    _set_channels(session, product, channel_ids)
    record(session, f"user:{actor_user.id}", "plan.channels", f"product:{plan_id}")


def add_code(
    session: Session,
    plan_id: int,
    code: str,
    *,
    uses: int | None,
    expires_at: datetime | None,
    actor_user: User,
    now: datetime,
) -> AccessCode:
    """A word that opens a plan for its holders, in any spelling. Given again, its limits change."""
    own_plan(session, plan_id, actor_user)
    word = bounded(canonical(code).upper(), "code", CODE_LIMIT)
    if uses is not None and uses < 1:
        raise Refused("plan-terms", {"field": "uses"})
    limits = {"uses_left": uses, "expires_at": expires_at}
    row = insert(AccessCode).values(plan_id=plan_id, code=word, created_at=now, **limits)
    row = row.on_conflict_do_update(index_elements=["plan_id", "code"], set_=limits)
    record(session, f"user:{actor_user.id}", "plan.code", f"product:{plan_id}")
    return session.scalars(row.returning(AccessCode), execution_options={"populate_existing": True}).one()


def give_code(session: Session, user: User, plan_id: int, code: str, *, now: datetime) -> None:
    """Take a person's word for a plan; given again it counts once. Raises `Refused` "code-wrong"."""
    if session.get(CodeHolder, (id_of(user), plan_id)) is not None:
        return
    word = canonical(code).upper()[:CODE_LIMIT]
    row = session.exec(
        select(AccessCode).where(AccessCode.plan_id == plan_id, AccessCode.code == word).with_for_update()
    ).one_or_none()
    over = row is not None and row.expires_at is not None and row.expires_at <= now
    if row is None or over or row.uses_left == 0:
        raise Refused("code-wrong")
    if row.uses_left is not None:
        row.uses_left -= 1
    session.add_all((row, CodeHolder(user_id=id_of(user), plan_id=plan_id, code_id=id_of(row))))
    session.flush()


def channels_of_plan(session: Session, plan_id: int) -> list[Channel]:
    """The channels that a plan opens, in the order they were connected."""
    statement = select(Channel).join(PlanChannel, col(PlanChannel.channel_id) == Channel.id)
    return list(session.exec(statement.where(PlanChannel.plan_id == plan_id).order_by(col(Channel.id))))


def terms_of(plan: Plan) -> Terms:
    """What a plan gives, as a value."""
    return Terms(**plan.model_dump(include=set(Terms.__dataclass_fields__)))


def plan_facts(
    terms: Terms, channels: list[Channel], *, by_card: bool = False, tries: bool = True
) -> list[Fact]:
    """What a plan gives, line by line: the channels first. `by_card`: cards can pay it here; `tries`: whoever
    reads it may have its trial."""
    titles = ", ".join(shorten(channel.title, 60) for channel in channels)
    until = int(terms.until.timestamp()) if terms.until else 0
    facts = [
        Fact("plan-channels", {"channels": titles, "count": len(channels)}),
        Fact("plan-access", {"unit": terms.unit, "count": terms.count, "until": until}),
    ]
    if terms.starts == "entry":
        facts.append(Fact("plan-from-entry"))
    every = card_interval(terms.unit, terms.count, recurring=terms.recurring)
    if every is not None and by_card:
        facts.append(Fact("plan-renews-card", {"unit": terms.unit, "count": every.times}))
        if terms.trial_days and tries:
            facts.append(Fact("plan-trial-card", {"days": terms.trial_days}))
    return facts


def card_interval(unit: PeriodUnit, count: int, *, recurring: bool) -> Interval | None:
    """How often a plan is charged by card. Months renew; days are a pass, unless Telegram renews them too;
    what runs to a date, or for ever, is paid once."""
    if unit == "months" and count <= LONGEST_BY_CARD:
        return Interval("month", count)
    return Interval("day", count) if unit == "days" and recurring else None


def own_plan(session: Session, plan_id: int, actor: User) -> tuple[Plan, Product]:
    """The plan, locked, for its seller or an admin. Raises `NotFound`, `NotAllowed`."""
    require(actor.roles, "publish")
    plan = must_get(session, Plan, plan_id, "plan-unknown", lock=True)
    product = must_get(session, Product, plan_id, "plan-unknown")
    owner = session.exec(select(Seller.user_id).where(Seller.id == product.seller_id)).one()
    if owner != actor.id and not allowed(actor.roles, "approve_seller"):
        raise NotAllowed("not-allowed", {"act": "publish"})
    return plan, product


def check_terms(terms: Terms, prices: Prices, now: datetime) -> None:
    """Raise `Refused` "plan-terms" that names the first field which makes no sense."""
    for name, choices in CHOICES.items():
        _check(getattr(terms, name) in choices, name)
    if terms.unit == "until":
        _check(terms.until is not None and terms.until > now, "until")
        _check(not terms.until or not terms.until.microsecond, "until")
    else:
        _check(terms.until is None, "until")
    if terms.unit in MOST:
        _check(1 <= terms.count <= MOST[terms.unit], "count")
    else:
        _check(terms.starts == "payment", "starts")
        _check(terms.trial_days == 0, "trial_days")
    _check(terms.unit != "lifetime" or (terms.count, terms.grace_days) == (0, None), "grace_days")
    _check(0 <= terms.trial_days <= TRIAL_LIMIT, "trial_days")
    _check(terms.grace_days is None or 0 <= terms.grace_days <= GRACE_LIMIT, "grace_days")
    _check(terms.places is None or terms.places >= 1, "places")
    if terms.recurring:
        _check((terms.unit, terms.count) == ("days", STAR_PERIOD), "recurring")
        _check(terms.starts == "payment", "starts")
    check_renewable(terms, prices)


def check_renewable(terms: Terms, prices: Prices) -> None:
    """Raise `Refused` "plan-terms" where a plan that renews itself costs more than a rail renews."""
    limits = [(rail_of(rail).renewal_limit, price.amount) for rail, price in one_by_one(prices)]
    too_much = any(limit is not None and amount > limit for limit, amount in limits)
    _check(not (terms.recurring and too_much), "prices")


def _check(fine: bool, field: str) -> None:
    if not fine:
        raise Refused("plan-terms", {"field": field})


def _set_channels(session: Session, product: Product, channel_ids: Sequence[int]) -> None:
    plan_id = id_of(product)
    own = select(Channel.id).where(Channel.seller_id == product.seller_id, Channel.state != "gone")
    opened = (channel.id for channel in channels_of_plan(session, plan_id))  # a channel that is gone may stay
    if not set(channel_ids) <= {*session.exec(own), *opened}:
        raise NotFound("channel-unknown")
    gone = delete(PlanChannel).where(
        col(PlanChannel.plan_id) == plan_id, col(PlanChannel.channel_id).not_in(channel_ids)
    )
    session.execute(gone)
    for channel_id in channel_ids:
        row = insert(PlanChannel).values(plan_id=plan_id, channel_id=channel_id)
        session.execute(row.on_conflict_do_nothing())
