"""Stars subscriptions: charges, cancellations and failures, told by updates or found in the account."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.charges import StarRenewals
from core.memberships.expiry import strike
from core.memberships.subscriptions import (
    give_up_late,
    is_recurring,
    renewal_changed,
    subscription_changed,
)
from core.payments.rails.stars.account import apply_transactions
from core.payments.rails.stars.payments import Charge, Confirmed, invoice_payload
from core.payments.refunds import finish_refund
from core.ports import StarsTransaction, SubscriptionState
from schemas import jobs, member_jobs
from schemas.membership import Membership, StarSubscription
from schemas.people import User
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
MONTH = timedelta(days=30)


class Subscriber:
    """Somebody whom Telegram charges 500 Stars every 30 days."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.item = make_members.plan(session, recurring=True, prices={"stars": Money(500, "XTR")})
        self.user: User = make.user(session)
        self.order: Order = make.order(session, self.item, self.user)
        assert is_recurring(session, self.order)
        self.charge("first", NOW)

    def charge(self, charge_id: str, at: datetime) -> Confirmed:
        payload = invoice_payload(self.order)
        charge = Charge(charge_id=charge_id, payload=payload, amount=500, currency="XTR")
        return StarRenewals().confirm(self.session, charge, self.user, until=at + MONTH, now=at)

    def tells(self, state: SubscriptionState, at: datetime) -> None:
        subscription = StarRenewals().find(self.session, invoice_payload(self.order))
        assert subscription is not None
        subscription_changed(self.session, subscription, state, now=at)

    def membership(self) -> Membership:
        return self.session.exec(select(Membership)).one()

    @property
    def subscription(self) -> StarSubscription:
        return self.session.exec(select(StarSubscription)).one()


def test_each_charge_is_an_order_and_thirty_days_once(session: Session) -> None:
    someone = Subscriber(session)
    assert someone.membership().ends_at == NOW + MONTH
    for charge_id, at in (("second", NOW + MONTH), ("third", NOW + 2 * MONTH), ("second", NOW + 2 * MONTH)):
        someone.charge(charge_id, at)
    assert someone.charge("first", NOW).first is False
    assert someone.membership().ends_at == NOW + 3 * MONTH
    orders = session.exec(select(Order)).all()
    assert [(order.status, order.amount) for order in orders] == [("paid", 500)] * 3
    assert (someone.subscription.charge_id, someone.subscription.until) == ("first", NOW + 3 * MONTH)


def test_cancelling_asks_telegram_first_and_follows_its_answer(session: Session) -> None:
    someone = Subscriber(session)
    for _ in range(2):
        member_actions.cancel(session, someone.user, id_of(someone.membership()), now=NOW)
    assert (someone.membership().state, someone.subscription.wanted) == ("active", False)
    assert len(make.queued(session, member_jobs.SetStarRenewal)) == 1
    renewal_changed(session, id_of(someone.subscription), False, now=NOW, actor="system")
    assert someone.membership().state == "cancelled"
    member_actions.undo_cancel(session, someone.user, id_of(someone.membership()), now=NOW)
    assert someone.membership().state == "cancelled"  # only the person can switch it on again, in Telegram
    someone.tells("restored", NOW + DAY)
    assert (someone.membership().state, someone.subscription.renews) == ("active", True)


def test_a_cancellation_in_telegram_itself_runs_to_the_end(session: Session) -> None:
    someone = Subscriber(session)
    for _ in range(2):
        someone.tells("canceled", NOW + DAY)
    assert (someone.membership().state, someone.membership().ends_at) == ("cancelled", NOW + MONTH)
    assert make.queued(session, member_jobs.SetStarRenewal) == []
    strike(session, id_of(someone.membership()), someone.membership().turn, now=NOW + MONTH)
    assert someone.membership().state == "expired"


def test_a_failed_charge_gives_three_days_of_grace(session: Session) -> None:
    someone = Subscriber(session)
    someone.tells("failed", NOW + MONTH)
    strike(session, id_of(someone.membership()), someone.membership().turn, now=NOW + MONTH)
    assert (someone.membership().state, someone.membership().clock_at) == ("past_due", NOW + MONTH + 3 * DAY)
    someone.charge("late", NOW + MONTH + DAY)
    assert (someone.membership().state, someone.membership().ends_at) == ("active", NOW + 2 * MONTH + DAY)


def test_a_charge_that_no_update_told_is_found_in_the_account_once(session: Session) -> None:
    someone = Subscriber(session)
    line = StarsTransaction(
        id="second",
        telegram_id=someone.user.telegram_id,
        stars=500,
        at=NOW + MONTH,
        payload=invoice_payload(someone.order),
        subscription_period=2_592_000,
        refunded=False,
    )
    assert [apply_transactions(session, [line], now=NOW + MONTH + DAY) for _ in range(2)] == [1, 0]
    # What was late to be heard of is given from then on: no paid day is lost.
    assert someone.membership().ends_at == NOW + 2 * MONTH + DAY
    assert someone.subscription.until == NOW + 2 * MONTH


def test_a_refund_that_no_update_told_is_found_in_the_account_once(session: Session) -> None:
    someone = Subscriber(session)
    line = StarsTransaction("first", someone.user.telegram_id, -500, NOW + DAY, "", None, refunded=True)
    assert [apply_transactions(session, [line], now=NOW + DAY) for _ in range(2)] == [1, 0]
    assert (someone.order.status, someone.membership().state) == ("refunded", "revoked")
    assert len(make.queued(session, member_jobs.SetStarRenewal)) == 1  # and Telegram charges no further


def test_a_plain_payment_that_no_update_told_is_found_too(session: Session) -> None:
    order = make.order(session, make_members.plan(session))
    buyer = session.get_one(User, order.buyer_id)
    line = StarsTransaction("c", buyer.telegram_id, 500, NOW, invoice_payload(order), None, refunded=False)
    unknown = StarsTransaction("d", 1, 500, NOW, invoice_payload(order), None, refunded=False)
    assert apply_transactions(session, [line, unknown], now=NOW + DAY) == 1
    assert order.status == "paid"


def test_a_charge_after_access_was_revoked_goes_back(session: Session) -> None:
    someone = Subscriber(session)
    member_actions.revoke(session, id_of(someone.membership()), reason="abus", actor="cli", now=NOW + DAY)
    someone.charge("second", NOW + MONTH)
    assert someone.membership().state == "revoked"
    newest = max(order.id or 0 for order in session.exec(select(Order)))
    assert make.queued(session, jobs.RefundStars) == [jobs.RefundStars(order_id=newest)]


def test_who_was_revoked_may_buy_again(session: Session) -> None:
    someone = Subscriber(session)
    finish_refund(session, someone.order, reason="erreur", now=NOW + DAY)
    assert someone.membership().state == "revoked"
    make_members.member(session, someone.item, someone.user, now=NOW + 2 * DAY)
    assert someone.membership().state == "active"


def test_a_subscription_without_a_new_charge_is_given_up(session: Session) -> None:
    someone = Subscriber(session)
    assert give_up_late(session, now=NOW + MONTH) == 0
    assert [give_up_late(session, now=NOW + MONTH + DAY) for _ in range(2)] == [1, 0]
    assert someone.subscription.renews is False
