"""Memberships as goods: paid time in a seller's channels (D15)."""

from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, col, select

from core.catalogue.catalogue import ProductView
from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.kit.rows import id_of, must_get
from core.kit.texts import shorten
from core.memberships import machine
from core.memberships.eligibility import check_guest, check_sale
from core.memberships.machine import Length, Period, may_be_in
from core.memberships.member_actions import take_back_order
from core.memberships.plans import Terms, channels_of_plan, terms_of
from core.memberships.subscriptions import PERIOD, is_further_charge
from core.memberships.transitions import change, membership_for
from core.orders.fulfilment import Description, Fact, OrderLine, Payee
from core.orders.grants import grant_line, revoke_order
from core.orders.orders import need_support
from core.payments.refunds import request_refund
from core.ports import INSIDE
from schemas import member_jobs
from schemas.access import Grant
from schemas.catalogue import Product, ProductKind
from schemas.membership import Channel, Membership, MembershipPeriod, Plan, PlanChannel, RosterEntry
from schemas.people import User

GRACE_DAYS = {"subscription": 3, "once": 0}
"""Where the plan does not say; a card that is charged again gets 5 (P9)."""


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

    def on_paid(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """Give the paid time to the recipient's membership and tell them.

        Time that cannot be given (the plan's date is over) is a matter for support. A charge that Telegram
        made after access was revoked goes back at once.
        """
        order = line.order
        grant_line(session, line, now=now)
        plan = must_get(session, Plan, order.product_id, "plan-unknown")
        membership = membership_for(session, line.recipient, plan.product_id, now=now)
        if session.exec(select(MembershipPeriod).where(MembershipPeriod.order_id == order.id)).first():
            return
        if membership.state == "revoked" and is_further_charge(order):
            request_refund(session, id_of(order), actor="system", reason="subscription ended", now=now)
            return
        bought = Period(Length(plan.unit, plan.count, plan.until), order_id=id_of(order))
        waits = plan.starts == "entry" and not _inside(session, membership)
        done = change(
            session,
            membership,
            lambda standing: machine.pay(
                standing, bought, now=now, waits=waits, grace=grace_of(plan, order.rail)
            ),
            now=now,
        )
        latest = done.after.periods[-1]
        if latest.starts_at is not None and not latest.duration:
            need_support(session, order, reason="no-time-left", now=now)
        occasion: Literal["paid", "renewed"] = "renewed" if may_be_in(done.before, now) else "paid"
        job = member_jobs.Admit(membership_id=id_of(membership), occasion=occasion, order_id=id_of(order))
        enqueue(session, job.of_attempt(0))

    def on_refunded(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """Its time goes; what other orders paid for stays."""
        if revoke_order(session, id_of(line.order), reason="refund", now=now):
            take_back_order(session, id_of(line.order), now=now)

    def deliver(self, session: Session, line: OrderLine, *, attempt: int) -> None:
        """Send the ways into the channels."""
        enqueue(session, _admission(session, line).of_attempt(attempt))

    def resend(self, session: Session, line: OrderLine, grant: Grant) -> None:
        """The same once more: the links are made for the moment they are sent."""
        enqueue(session, _admission(session, line))

    def renewal_period(self, session: Session, product: Product) -> timedelta | None:
        """30 days where Telegram charges the plan again by itself."""
        return PERIOD if must_get(session, Plan, product.id, "plan-unknown").recurring else None

    def describe(self, session: Session, product: ProductView) -> Description:
        """The channels, how long, and on which terms."""
        plan = must_get(session, Plan, product.id, "plan-unknown")
        return Description([], plan_facts(terms_of(plan), channels_of_plan(session, product.id)))


def plan_facts(terms: Terms, channels: list[Channel]) -> list[Fact]:
    """What a plan gives, line by line: the channels first."""
    titles = ", ".join(shorten(channel.title, 60) for channel in channels)
    until = int(terms.until.timestamp()) if terms.until else 0
    facts = [
        Fact("plan-channels", {"channels": titles, "count": len(channels)}),
        Fact("plan-access", {"unit": terms.unit, "count": terms.count, "until": until}),
    ]
    if terms.starts == "entry":
        facts.append(Fact("plan-from-entry"))
    return facts


def grace_of(plan: Plan, rail: str) -> timedelta:
    """How long access lasts after the paid time, by the plan or else by how it was paid."""
    if plan.grace_days is not None:
        return timedelta(days=plan.grace_days)
    return timedelta(days=GRACE_DAYS["subscription" if plan.recurring and rail == "stars" else "once"])


def _admission(session: Session, line: OrderLine) -> member_jobs.Admit:
    membership_id = session.exec(
        select(Membership.id).where(
            Membership.user_id == line.recipient, Membership.plan_id == line.product.id
        )
    ).one()
    assert membership_id is not None, "it was read from the database"
    return member_jobs.Admit(membership_id=membership_id, occasion="paid", order_id=id_of(line.order))


def _inside(session: Session, membership: Membership) -> bool:
    seen = select(RosterEntry.channel_id).where(
        RosterEntry.membership_id == membership.id, col(RosterEntry.status).in_(INSIDE)
    )
    return session.exec(seen.limit(1)).first() is not None
