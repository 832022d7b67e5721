"""Two years of a membership by card: months that pass, cards that fail, members who stop and go on.

Between two charges all is known at least once, since a shop reads Stripe's events every hour; within such a
month news may be late, and be late beyond the end of grace.
"""

from collections.abc import Callable

from sqlmodel import Session, select

from core.memberships.member_actions import cancel, undo_cancel
from core.payments.rails.stripe.objects import Found
from core.payments.rails.stripe.subscription_look import SUBSCRIPTIONS
from core.payments.rails.stripe.subscription_rows import ENDED
from schemas.card_subscription import CardSubscription
from schemas.membership import Membership
from schemas.people import User
from scripts.bench.card_acts import pays
from scripts.bench.card_world import CardWorld, Sold
from scripts.sandbox.stripe.book import DAY
from scripts.sandbox.stripe.standing import item_of

CHARGED = 2 * 3600  # seconds after a period's end: its invoice has been charged an hour before
TO_RETRY, TO_GRACE_END = 4 * DAY, 2 * DAY
"""From a failed charge until the first retry was made, and from there until five days of grace are over."""
MONTH = 30 * DAY


def month(world: CardWorld, sold: Sold, other: int) -> None:
    """Until the next charge of a card has been made; where it fails, until its grace is over."""
    if not world.is_tidy:
        world.catch_up()
    began = filter(None, map(world.subscription_of, world.orders))
    subscription = next((each for each in began if each["status"] not in ENDED), None)
    if subscription is None:
        world.stripe.advance(MONTH)
        world.hear(all_jobs=True)
        return
    world.stripe.advance_to(item_of(subscription)["current_period_end"] + CHARGED)
    if subscription["status"] == "past_due":
        world.hear()
        world.stripe.advance(TO_RETRY)
        world.hear()
        world.stripe.advance(TO_GRACE_END)
    world.hear(all_jobs=True)


def again(world: CardWorld, sold: Sold, other: int) -> None:
    """Who had a membership buys it anew, also while it runs."""
    world.catch_up()
    anew = world.order(sold.product, sold.buyer)
    pays(world, anew, other)


def card(world: CardWorld, sold: Sold, other: int) -> None:
    """From now on the card is refused, or good again, or has to be authenticated each time."""
    subscription = world.subscription_of(sold)
    if subscription is not None:
        how = ("decline", "decline", "ok", "ok", "action")[other % 5]
        world.stripe.perform("next_card", {"customer": subscription["customer"], "how": how})


def stops(world: CardWorld, sold: Sold, other: int) -> None:
    """The member stops, or goes on after all. They see what is known here: so all is known before."""
    world.catch_up()
    rule = (cancel, undo_cancel)[other % 2]
    _act(world, sold, lambda session, user, number: rule(session, user, number, now=world.now()))
    world.hands.work()


def portal(world: CardWorld, sold: Sold, other: int) -> None:
    """The same at Stripe, where nobody asks us."""
    world.catch_up()
    subscription = world.subscription_of(sold)
    if subscription is not None:
        path, fields = f"{SUBSCRIPTIONS}/{subscription['id']}", {"cancel_at_period_end": other % 2 == 0}
        world.hands.api.post(Found, path, fields, key=world.new_key(), account=world.account)


def leaves(world: CardWorld, sold: Sold, other: int) -> None:
    """It ends at once, at Stripe."""
    world.catch_up()
    subscription = world.subscription_of(sold)
    if subscription is not None:
        path = f"{SUBSCRIPTIONS}/{subscription['id']}"
        world.hands.api.delete(Found, path, {}, account=world.account)


def _act(world: CardWorld, sold: Sold, rule: Callable[[Session, User, int], object]) -> None:
    with world.database.transaction() as session:
        row = session.exec(select(CardSubscription).where(CardSubscription.order_id == sold.id)).one_or_none()
        if row is not None and row.membership_id is not None:
            membership = session.get_one(Membership, row.membership_id)
            rule(session, session.get_one(User, membership.user_id), row.membership_id)
