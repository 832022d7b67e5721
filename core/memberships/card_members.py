"""Memberships that are paid by card, again and again (B18, D9).

What was paid is time like any other, given for each invoice. Whether Stripe goes on is Stripe's to say: what
is wanted of it is asked by a job, and the membership follows the answer. A charge that fails begins the
plan's own grace, and what the seller's settings at Stripe make of it later changes nothing.
"""

from datetime import datetime

from sqlmodel import Session, col, func, select

from core.kit.bad_rows import each
from core.kit.money import Money
from core.kit.rows import id_of, must_get
from core.memberships import machine
from core.memberships.eligibility import check_first_trial
from core.memberships.lifetime import held_for_ever
from core.memberships.machine import OVER, lapse
from core.memberships.notifications import card_button, notify_member, portal_button, title_of
from core.memberships.plans import card_interval
from core.memberships.subscriptions import notify_cancelled, plans_over
from core.memberships.transitions import change, locked_membership, outline
from core.orders.buyer_news import tell_buyer
from core.orders.fulfilment import OrderLine, line_of
from core.payments.rails.stripe import trials
from core.payments.rails.stripe.card_members import Interval
from core.payments.rails.stripe.subscription_objects import Invoice
from core.payments.rails.stripe.subscription_rows import (
    ENDED,
    began_with,
    followed_by_paid,
    further_orders,
    is_alive,
    is_collecting,
    is_done,
    living,
    want,
)
from core.payments.settle import fulfil
from schemas.card_subscription import CardSubscription, CardTrial
from schemas.catalogue import Product
from schemas.membership import Membership, Plan
from schemas.people import User
from schemas.sales import Order

STRIPE = "stripe"


class CardMemberships:
    """The rules as the rail asks for them (`core.payments.rails.stripe.card_members.CardMembers`)."""

    def interval_of(self, session: Session, product: Product) -> Interval | None:
        """As the plan is long; what is no plan is paid once."""
        plan = session.get(Plan, product.id)
        return card_interval(plan.unit, plan.count, recurring=plan.recurring) if plan else None

    def trial_days(self, session: Session, product: Product) -> int:
        """As its plan says."""
        plan = session.get(Plan, product.id)
        return plan.trial_days if plan else 0

    def check_trial(
        self, session: Session, order: Order, trial: CardTrial, person: User, *, now: datetime
    ) -> None:
        """Raise `Refused` unless it is open still, and the first of this person in the shop."""
        if trials.is_charged(session, order):
            return
        trials.check_open(session, order, trial, now=now)
        check_first_trial(session, must_get(session, Plan, order.product_id, "plan-unknown"), id_of(person))

    def lock(self, session: Session, subscription: CardSubscription) -> None:
        """Lock its membership, where somebody has claimed it."""
        if subscription.membership_id is not None:
            locked_membership(session, subscription.membership_id)

    def is_other(self, session: Session, subscription: CardSubscription, product_id: int) -> bool:
        """Whether its membership is by another plan than that."""
        membership = (
            session.get(Membership, subscription.membership_id) if subscription.membership_id else None
        )
        return membership is not None and membership.plan_id != product_id

    def stopped(self, session: Session, subscription: CardSubscription, *, now: datetime) -> None:
        """Cancel its membership, which keeps what was paid; unless it was we who ended it."""
        membership = _membership_of(session, subscription)
        if membership is None or subscription.wanted == "end":
            return
        if lapse(outline(membership), now).is_cancellable:
            change(session, membership, machine.cancel, now=now, act="cancelled", actor=STRIPE)
            notify_cancelled(session, membership)

    def goes_on(self, session: Session, subscription: CardSubscription, *, now: datetime) -> None:
        """Take the cancellation of its membership back; what charges nobody any more is stopped again."""
        membership = _membership_of(session, subscription)
        if membership is not None and _is_unwanted(session, membership):
            want(session, subscription, "stop", actor="system")
        elif membership is not None and lapse(outline(membership), now).state == "cancelled":
            change(session, membership, machine.undo_cancel, now=now, act="uncancelled", actor=STRIPE)
            notify_member(
                session, membership, "member-uncancelled", occasion=f"uncancelled:{membership.turn}"
            )

    def declined(
        self,
        session: Session,
        subscription: CardSubscription,
        invoice: Invoice,
        *,
        authenticate: bool,
        now: datetime,
    ) -> None:
        """Tell the buyer once for each attempt, with the page where the invoice can be paid."""
        membership = _membership_of(session, subscription)
        standing = lapse(outline(membership), now) if membership else None
        if standing is not None and standing.state in OVER:
            return
        first = must_get(session, Order, subscription.order_id, "order-unknown")
        until = standing.access_until if standing else None
        params: dict[str, str | int] = {
            "title": title_of(session, membership.plan_id if membership else first.product_id),
            "amount": str(Money(invoice.amount_due, invoice.currency.upper())),
            "link": invoice.hosted_invoice_url or "",
            "deadline": int(until.timestamp()) if until else 0,
        }
        text = "card-authenticate" if authenticate else "card-declined"
        tell_buyer(session, first, text, params, once=f"{invoice.id}:{invoice.attempt_count}")


def tell_expiring(session: Session, row_id: int, card_id: str, *, last4: str, month: str) -> None:
    """Tell the member once that their card expires before it is charged again, with the way to give another.

    `month`: its last one, as it is printed. Nobody is told of what nobody has claimed: no access hangs on it.
    """
    row = must_get(session, CardSubscription, row_id, "subscription-unknown")
    if row.membership_id is None:
        return
    membership = must_get(session, Membership, row.membership_id, "membership-unknown")
    until = int(row.until.timestamp())
    params: dict[str, str | int] = {"last4": last4, "month": month, "ends": until}
    buttons = [portal_button(membership), card_button(membership)]
    once = f"card-expiring:{card_id}:{until}"
    notify_member(session, membership, "card-expiring", occasion=once, params=params, buttons=buttons)


def bind(session: Session, line: OrderLine, *, now: datetime) -> None:
    """A paid line has found its membership: so has the subscription that it began, with all that was charged
    by it before anybody claimed it. What takes the place of a subscription that fails ends that."""
    paid = select(Membership).where(
        Membership.user_id == line.recipient, Membership.plan_id == line.product.id
    )
    membership = session.exec(paid).one()
    row = began_with(session, line.order)
    if row is None or row.order_id != line.order.id:
        failing = living(session, id_of(membership))
        if row is None and failing is not None and not is_collecting(failing) and not failing.cancels:
            want(session, failing, "end", actor="system")
        return
    if row.membership_id is not None:
        return
    earlier = living(session, id_of(membership))
    row.membership_id = membership.id
    session.add(row)
    session.flush()
    if earlier is not None:
        want(session, earlier, "end", actor="system")
    for order in further_orders(session, line.order):
        if order.buyer_id is None and order.status == "paid":
            order.buyer_id, order.language = line.recipient, line.order.language
            session.add(order)
            session.flush()
            fulfil(session, line_of(session, order), now=now)
    if row.cancels or not is_alive(row):
        CardMemberships().stopped(session, row, now=now)


def end_refunded(session: Session, order: Order) -> None:
    """An order was refunded: nothing more is to be charged by its subscription, unless a later period of it
    is paid. Then a period that is over was given back as a favour, and what goes on stays; of what nobody has
    claimed nothing does."""
    row = began_with(session, order)
    if row is not None and (row.membership_id is None or not followed_by_paid(session, order)):
        want(session, row, "end", actor="system")


def end_renewal(session: Session, membership_id: int, *, actor: str) -> None:
    """Access is over: nothing more is charged, and no open invoice is to be paid."""
    row = living(session, membership_id)
    if row is not None:
        want(session, row, "end", actor=actor)


def resume_renewal(session: Session, membership_id: int, *, actor: str, now: datetime) -> None:
    """A pause is over: its card is charged again, at the end that the membership has now. What was cancelled
    meanwhile, by whomever, stays so, and could be charged if that is taken back."""
    row = living(session, membership_id)
    if row is None:
        return
    if row.wanted == "hold" or (row.held and is_done(row)):
        want(session, row, "resume", actor=actor)
    if row.cancels:
        CardMemberships().stopped(session, row, now=now)


def next_charge(session: Session, row: CardSubscription) -> datetime | None:
    """When a card is to be charged next: at the end of what was paid; None: nobody has claimed that."""
    membership = session.get(Membership, row.membership_id) if row.membership_id is not None else None
    return membership.ends_at if membership is not None else None


def stop_cards_of(session: Session, seller_id: int, *, now: datetime) -> int:
    """Have every card of a suspended shop, or of a closed plan, charged no further; how many."""
    charging = session.exec(
        select(CardSubscription.id)
        .join(Order, col(Order.id) == CardSubscription.order_id)
        .outerjoin(Membership, col(Membership.id) == CardSubscription.membership_id)
        .where(func.coalesce(Membership.plan_id, Order.product_id).in_(plans_over(seller_id)))
        .where(col(CardSubscription.status).not_in(ENDED))
        .where(col(CardSubscription.cancels).is_(False))
        .order_by(col(CardSubscription.id))
    ).all()

    def stop(number: int | None) -> None:
        want(session, session.get_one(CardSubscription, number), "stop", actor="system")

    return len(each(session, "renewals by card", charging, stop, now=now))


def unseen(session: Session, membership_id: int, turn: int, *, now: datetime) -> CardSubscription | None:
    """The subscription to look at before this turn of a membership may end it: Stripe may have charged until
    its access was over, and nobody has looked since; None: nothing more is to be known."""
    membership = session.get(Membership, membership_id)
    row = living(session, membership_id)
    if membership is None or row is None or membership.turn != turn:
        return None
    standing = outline(membership)
    over = standing.access_until
    if over is None or lapse(standing, now).state not in OVER:
        return None
    return row if row.seen_at < over else None


def _is_unwanted(session: Session, membership: Membership) -> bool:
    """Whether nobody is to be charged for it: its plan is over, or its holder has as much for ever."""
    product = must_get(session, Product, membership.plan_id, "plan-unknown")
    over = product.id in session.exec(plans_over(product.seller_id)).all()
    return over or held_for_ever(session, membership.user_id, membership.plan_id) is not None


def _membership_of(session: Session, subscription: CardSubscription) -> Membership | None:
    """Its membership, where this is the subscription by which that is charged."""
    if subscription.membership_id is None:
        return None
    newest = living(session, subscription.membership_id)
    if newest is not None and newest.id != subscription.id:
        return None
    return locked_membership(session, subscription.membership_id)
