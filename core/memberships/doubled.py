"""Nobody is charged for what they hold for ever: subscriptions to the same channels stop."""

from sqlmodel import Session, col, select

from core.memberships.clocks import renews
from core.memberships.lifetime import ENDLESS, held_for_ever
from core.memberships.subscriptions import stop_renewal
from core.memberships.transitions import locked_membership
from core.payments.rails.stripe.subscription_rows import is_collecting, living, want
from schemas.membership import Membership


def stop_doubled(session: Session, user_id: int) -> None:
    """Have every membership of a person whose channels they hold for ever charge no further.

    What was paid of it runs to its end beside the lifetime, and is not given back. A charge that has failed,
    or waits for the end of a pause, is wanted no more.
    """
    own = select(Membership.id, Membership.plan_id).where(Membership.user_id == user_id)
    if session.exec(own.where(*ENDLESS).limit(1)).first() is None:
        return
    for number, plan_id in session.exec(own.order_by(col(Membership.id))).all():
        if number is None or held_for_ever(session, user_id, plan_id) is None:
            continue
        if renews(session, number) or living(session, number) is not None:
            _stop(session, number)


def _stop(session: Session, membership_id: int) -> None:
    locked_membership(session, membership_id)
    stop_renewal(session, membership_id, actor="system")
    card = living(session, membership_id)
    if card is not None and not card.cancels:
        want(session, card, "stop" if is_collecting(card) else "end", actor="system")
