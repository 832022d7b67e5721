"""Memberships as goods: paid time in a seller's channels (D15)."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from core.catalogue.catalogue import ProductView
from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.kit.prices import Prices
from core.kit.rail_policy import CARD
from core.kit.rows import id_of, must_get
from core.memberships import card_members
from core.memberships.card_trials import give_trial
from core.memberships.disputed_time import give_back_time, put_aside_time
from core.memberships.doubled import stop_doubled
from core.memberships.eligibility import check_guest, check_sale
from core.memberships.member_actions import reissue, take_back_order
from core.memberships.paid_time import give_time
from core.memberships.plan_changes import give_changed, is_change
from core.memberships.plans import channels_of_plan, check_renewable, plan_facts, terms_of
from core.memberships.side_by_side import side_by_side
from core.memberships.subscriptions import PERIOD
from core.orders.fulfilment import Choice, Description, OrderLine, Payee
from core.orders.grants import (
    REFUNDED,
    give_back_order,
    grant_line,
    is_granted,
    put_aside_order,
    revoke_order,
)
from core.payments.rails.stripe.trials import trial_of
from schemas import member_jobs
from schemas.access import Grant
from schemas.catalogue import Product, ProductKind
from schemas.membership import Membership, MembershipPeriod, Plan, PlanChannel
from schemas.people import User


class MembershipGoods:
    """A plan: time in its channels, which each payment prolongs."""

    kind: ProductKind = "membership"
    payee: Payee = "seller"
    personal = True
    holds_files = False

    def may_buy(self, session: Session, product: Product, person: User | None, *, now: datetime) -> None:
        """Raise `Refused` by the plan's rules: see `check_sale`, and `check_guest` for somebody unknown."""
        if person is None:
            check_guest(session, id_of(product), now=now)
        else:
            check_sale(session, id_of(person), id_of(product), now=now)

    def check_complete(self, session: Session, product: Product) -> None:
        """Raise `Refused` "no-channel"."""
        channels = select(PlanChannel).where(PlanChannel.plan_id == product.id).limit(1)
        if session.exec(channels).first() is None:
            raise Refused("no-channel")

    def check_prices(self, session: Session, product: Product, prices: Prices) -> None:
        """Raise `Refused` "plan-terms" where it renews itself, and a rail renews no such sum."""
        check_renewable(terms_of(must_get(session, Plan, product.id, "plan-unknown")), prices)

    def on_paid(self, session: Session, line: OrderLine, *, now: datetime) -> bool:
        """Give the paid time to the recipient's membership and tell them: see `give_time`, and `give_changed`
        where it takes the place of another plan."""
        grant_line(session, line, now=now)
        if is_change(session, line):
            return give_changed(session, line, now=now)
        trial = trial_of(session, line.order)
        if trial is not None:
            give_trial(session, line, trial, now=now)
        given = trial is not None or give_time(session, line, now=now)
        card_members.bind(session, line, now=now)
        stop_doubled(session, line.recipient)
        return given

    def on_refunded(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """Its time goes; what other orders paid for stays, and so does a subscription that goes on."""
        card_members.end_refunded(session, line.order)
        if revoke_order(session, id_of(line.order), reason=REFUNDED, now=now):
            take_back_order(session, id_of(line.order), now=now)

    def put_aside(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """Its time is kept for `give_back`; what other orders paid for stays."""
        if put_aside_order(session, id_of(line.order), now=now):
            put_aside_time(session, id_of(line.order), now=now)

    def give_back(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """All the time that was left then goes on from now."""
        if give_back_order(session, id_of(line.order)):
            give_back_time(session, id_of(line.order), now=now)

    def is_in_force(self, session: Session, line: OrderLine) -> bool:
        """Whether its grant or its time stands."""
        order_id = id_of(line.order)
        standing = select(MembershipPeriod.id).where(
            MembershipPeriod.order_id == order_id, col(MembershipPeriod.taken_back_at).is_(None)
        )
        return is_granted(session, order_id) or session.exec(standing).first() is not None

    def deliver(self, session: Session, line: OrderLine, *, attempt: int) -> None:
        """Send the ways into the channels."""
        enqueue(session, _admission(session, line).of_attempt(attempt))

    def resend(self, session: Session, line: OrderLine, grant: Grant) -> None:
        """The same once more: the links are made for the moment they are sent."""
        enqueue(session, _admission(session, line))

    def claim_again(self, session: Session, line: OrderLine, person: User, *, now: datetime) -> None:
        """Send the ways in again. Raises `Refused` "membership-over"."""
        reissue(session, person, _membership_of(session, line), now=now)

    def renewal_period(self, session: Session, product: Product) -> timedelta | None:
        """30 days where Telegram charges the plan again by itself."""
        return PERIOD if must_get(session, Plan, product.id, "plan-unknown").recurring else None

    def describe(self, session: Session, product: ProductView) -> Description:
        """The channels, how long, and on which terms."""
        plan = must_get(session, Plan, product.id, "plan-unknown")
        channels = channels_of_plan(session, product.id)
        by_card = CARD in product.prices and CARD in product.rails
        return Description([], plan_facts(terms_of(plan), channels, by_card=by_card))

    def choices(self, session: Session, product: ProductView, *, now: datetime) -> list[Choice]:
        """The plans of its shop that open the same channels."""
        return side_by_side(session, product.id, now=now)


def _admission(session: Session, line: OrderLine) -> member_jobs.Admit:
    membership_id = _membership_of(session, line)
    occasion: member_jobs.Occasion = "paid" if line.order.amount else "reissued"
    return member_jobs.Admit(membership_id=membership_id, occasion=occasion, order_id=id_of(line.order))


def _membership_of(session: Session, line: OrderLine) -> int:
    statement = select(Membership).where(
        Membership.user_id == line.recipient, Membership.plan_id == line.product.id
    )
    return id_of(session.exec(statement).one())
