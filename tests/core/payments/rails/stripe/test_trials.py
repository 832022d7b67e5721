"""Free trials that a card is given for, on a loopback Stripe: nothing is charged before they are over, and
nobody pays for what they never had."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlmodel import select

from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import member_actions, plan_changes
from core.memberships.queries import card
from core.payments.books import compare_books
from core.payments.papers import issue
from core.payments.rails.stripe.accounts import connected
from core.payments.rails.stripe.objects import Found
from core.payments.rails.stripe.rail import Card as CardRail
from core.payments.refunds import request_refund
from schemas.card_jobs import LookAtTrial
from schemas.card_subscription import CardTrial
from schemas.membership import Membership, Trial
from schemas.papers import Paper
from schemas.people import Seller, User
from schemas.sales import BalanceEntry, Order
from tests.support import make
from tests.support.card_club import DAY, CardClub, days_before
from tests.support.cards import PRICE, CardShop

DAYS = 14
LATER = timedelta(hours=2)


@pytest.fixture
def club(shop: CardShop) -> CardClub:
    return CardClub(shop, trial_days=DAYS)


def trial_end(club: CardClub) -> datetime:
    """When Stripe charges for the first time."""
    return datetime.fromtimestamp(club.at_stripe()["trial_end"], UTC)


def charged(club: CardClub) -> int:
    """What was charged at Stripe, in cents."""
    return sum(one["amount"] for one in club.stripe.book.all(club.shop.account, "charge") if one["paid"])


def look(club: CardClub, *, last: bool = False) -> None:
    """Do the reminder, or the last look before the first charge."""
    club.shop.worker.do(LookAtTrial(row_id=id_of(club.subscription), last=last))
    club.ask_stripe()


def told_seller(club: CardClub) -> list[str]:
    with club.database.transaction() as session:
        owner = session.get_one(User, session.get_one(Seller, club.shop.seller_id).user_id)
        return make.sent_texts(session, owner)


def differences(club: CardClub) -> list[object]:
    found = compare_books(club.database, club.shop.worker.services, now=club.now + LATER)
    return list(next(each for each in found if each.rail == "card").differences)


def test_a_trial_takes_a_card_and_no_money_and_lets_in_until_the_first_charge(club: CardClub) -> None:
    order = club.join(trial=True)
    end = trial_end(club)
    assert days_before(club.now, end) == DAYS - 1
    assert (club.at_stripe()["status"], club.subscription.status) == ("trialing", "trialing")
    (session,) = club.stripe.book.all(club.shop.account, "checkout.session")
    assert club.stripe.book.note(session["id"])["params"]["payment_method_collection"] == "always"
    assert (club.state(), club.membership.ends_at, club.membership.grace_days) == ("trialing", end, 5)
    assert [(one.source, one.order_id) for one in club.periods()] == [("trial", order.id)]
    assert [row.ends_at for row in club.shop.rows(CardTrial)] == [end]
    assert [row.plan_id for row in club.shop.rows(Trial)] == [club.plan_id]
    assert told_seller(club).count("sale-trial") == 1
    assert "sale-made" not in told_seller(club)


def test_an_order_of_nothing_leaves_no_line_of_money_and_no_paper(club: CardClub) -> None:
    order = club.join(trial=True)
    assert [(one.status, one.amount) for one in club.orders()] == [("paid", 0)]
    assert [name[:3] for name in club.shop.payments(order)] == ["cs_"]
    assert club.shop.rows(BalanceEntry) == []
    assert club.shop.jobs("issue_paper") == []
    with club.database.transaction() as session:
        assert issue(session, id_of(order), now=club.now) is None
        with pytest.raises(Refused, match="not-refundable"):
            request_refund(session, id_of(order), actor="cli", reason="no", now=club.now)
    assert (charged(club), differences(club)) == (0, [])


def test_the_first_charge_is_an_order_and_goes_on_where_the_trial_ended(club: CardClub) -> None:
    club.join(trial=True)
    end = trial_end(club)
    club.renew()
    assert (club.state(), club.subscription.status) == ("active", "active")
    assert [(one.status, one.amount, one.buyer_id) for one in club.orders()][1:] == [
        ("paid", PRICE.amount, club.ann_id)
    ]
    trial, month = club.periods()
    assert (trial.ends_at, month.starts_at, month.source) == (end, end, "order")
    assert club.membership.ends_at == club.subscription.until
    club.renew()
    assert (len(club.orders()), charged(club)) == (3, 2 * PRICE.amount)
    assert told_seller(club).count("sale-made") == 2
    assert differences(club) == []


def test_a_first_charge_that_fails_begins_the_grace_and_its_end_ends_all(club: CardClub) -> None:
    club.stripe.final(club.shop.account, "past_due")
    club.join(trial=True)
    club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
    end = club.pass_end(2)
    assert (club.state(), club.membership.ends_at) == ("past_due", end)
    assert club.told().count("card-declined") == 1
    club.pass_days(5)
    assert (club.state(), club.at_stripe()["status"], charged(club)) == ("expired", "canceled", 0)
    assert "trial-ended" in club.told()
    assert [one.amount for one in club.orders()] == [0]


def test_the_hour_until_the_first_charge_puts_nobody_out(club: CardClub) -> None:
    """Stripe makes its invoice at the end of the trial and charges it an hour later."""
    club.join(trial=True)
    club.stripe.perform("advance_to", {"moment": int(trial_end(club).timestamp()) + 60})
    club.hand_over()
    club.strike()
    assert club.state() == "past_due"
    with club.database.transaction() as session:
        shown = card(session, club.ann_id, id_of(club.membership), now=club.now)
    assert (shown.state, shown.can_enter) == ("active", True)
    club.renew()
    assert club.state() == "active"


def test_a_trial_that_is_cancelled_ends_with_it_and_charges_nothing(club: CardClub) -> None:
    club.join(trial=True)
    club.act(member_actions.cancel)
    assert (club.state(), club.at_stripe()["cancel_at_period_end"]) == ("cancelled", True)
    club.act(member_actions.undo_cancel)
    assert (club.state(), club.at_stripe()["cancel_at_period_end"]) == ("trialing", False)
    club.act(member_actions.cancel)
    look(club)
    assert "card-trial-ends" not in club.told()
    club.pass_end(1)
    assert (club.state(), charged(club), len(club.orders())) == ("expired", 0, 1)
    assert "trial-ended" in club.told()


def test_a_trial_that_is_ended_at_stripe_runs_to_its_end_here(club: CardClub) -> None:
    club.join(trial=True)
    path = f"/v1/subscriptions/{club.subscription.subscription_id}"
    club.api.post(Found, path, {"cancel_at_period_end": True}, key="p", account=club.shop.account)
    club.hand_over()
    assert (club.state(), club.membership.ends_at) == ("cancelled", trial_end(club))


def test_whoever_has_a_trial_is_reminded_of_the_charge_three_days_before(club: CardClub) -> None:
    club.join(trial=True)
    (job,) = club.shop.jobs("look_at_trial")
    assert job.due_at == trial_end(club) - 3 * DAY
    for _ in range(2):
        look(club)
    assert club.told().count("card-trial-ends") == 1
    look(club, last=True)
    assert club.at_stripe()["status"] == "trialing"


def test_a_short_trial_is_reminded_of_half_way(shop: CardShop) -> None:
    club = CardClub(shop, trial_days=3)
    club.join(trial=True)
    (job,) = shop.jobs("look_at_trial")
    assert job.due_at == trial_end(club) - 1.5 * DAY


def test_a_trial_that_nobody_opens_is_ended_before_its_charge(club: CardClub) -> None:
    order = club.subscribe(trial=True)
    club.hand_over()
    look(club)
    last = max(club.shop.jobs("look_at_trial"), key=lambda job: job.due_at)
    assert last.due_at == trial_end(club) - timedelta(hours=1)
    assert (club.shop.status(order), club.at_stripe()["status"]) == ("paid", "trialing")
    look(club, last=True)
    assert (club.shop.status(order), club.at_stripe()["status"]) == ("cancelled", "canceled")
    with pytest.raises(Refused, match="order-closed"):
        club.claim(order)
    club.leap(DAYS + 2)
    assert (charged(club), len(club.orders())) == (0, 1)


def try_again(club: CardClub, refusal: str) -> Order:
    """Ann begins another trial, and is refused when she opens it."""
    again = club.subscribe(trial=True)
    club.hand_over()
    refused = club.claim(again)
    club.ask_stripe()
    assert refused is not None
    assert refused.code == refusal
    return again


def test_a_second_trial_ends_at_its_claim_and_nothing_is_charged(club: CardClub) -> None:
    """The web knows nobody: who has had theirs is known once they open it."""
    club.join(trial=True)
    club.act(member_actions.cancel)
    club.pass_end(1)
    again = try_again(club, "trial-used")
    assert (club.shop.status(again), club.at_stripe()["status"]) == ("cancelled", "canceled")
    assert club.state() == "expired"
    club.leap(DAYS + 2)
    assert charged(club) == 0
    club.join()
    assert (club.state(), charged(club)) == ("active", PRICE.amount)


def test_a_member_who_tries_again_keeps_what_they_have(club: CardClub) -> None:
    club.join()
    end = club.membership.ends_at
    again = try_again(club, "already-member")
    assert (club.shop.status(again), club.state(), club.membership.ends_at) == ("cancelled", "active", end)
    statuses = [one["status"] for one in club.stripe.book.all(club.shop.account, "subscription")]
    assert sorted(statuses) == ["active", "canceled"]


def test_who_has_it_for_ever_is_given_no_trial_of_it_and_charged_nothing(club: CardClub) -> None:
    month = club.plan_id
    club.join_for_ever()
    club.plan_id = month
    again = try_again(club, "already-lifetime")
    assert (club.shop.status(again), club.at_stripe()["status"]) == ("cancelled", "canceled")
    assert club.shop.rows(Trial) == []
    club.leap(DAYS + 2)
    assert (charged(club), len(club.orders())) == (PRICE.amount, 2)


def test_a_trial_of_what_is_bought_for_ever_meanwhile_is_charged_nothing(club: CardClub) -> None:
    club.join(trial=True)
    end = trial_end(club)
    club.join_for_ever()
    club.ask_stripe()
    assert (club.state(), club.membership.ends_at, club.at_stripe()["cancel_at_period_end"]) == (
        "cancelled",
        end,
        True,
    )
    with pytest.raises(Refused, match="already-lifetime"):
        club.act(member_actions.undo_cancel)
    club.pass_end(1)
    assert (club.state(), club.at_stripe()["status"], charged(club)) == ("expired", "canceled", PRICE.amount)
    assert "member-held-for-ever" in club.told()
    assert not {"trial-ended", "card-trial-ends", "member-cancelled"} & set(club.told())


def test_a_first_charge_that_was_on_its_way_to_what_is_held_for_ever_goes_back(club: CardClub) -> None:
    club.join(trial=True)
    club.join_for_ever()
    club.renew()  # before the job could ask
    club.ask_stripe()
    club.shop.work()
    assert [(one.amount > 0, one.status) for one in club.orders()] == [
        (False, "paid"),
        (True, "paid"),
        (True, "refunded"),
    ]
    assert club.at_stripe()["status"] == "canceled"


def test_a_trial_that_is_opened_late_still_ends_with_its_charge(club: CardClub) -> None:
    order = club.subscribe(trial=True)
    club.hand_over()
    club.leap(5)
    assert club.claim(order) is None
    assert (club.state(), club.membership.ends_at) == ("trialing", trial_end(club))


def test_what_was_charged_before_anybody_had_opened_it_is_given(club: CardClub) -> None:
    """The last look was missed: the trial is over, and the month that was paid counts from the claim."""
    order = club.subscribe(trial=True)
    club.hand_over()
    club.leap(DAYS + 2)
    assert charged(club) == PRICE.amount
    assert club.claim(order) is None
    assert club.state() == "active"
    assert [one.source for one in club.periods()] == ["order"]
    assert club.membership.ends_at is not None
    assert club.membership.ends_at - club.now > timedelta(days=27)


def test_a_trial_that_was_ended_before_anybody_opened_it_gives_nothing(club: CardClub) -> None:
    order = club.subscribe(trial=True)
    club.hand_over()
    path = f"/v1/subscriptions/{club.subscription.subscription_id}"
    club.api.delete(Found, path, {}, account=club.shop.account)
    club.hand_over()
    refused = club.claim(order)
    assert refused is not None
    assert (refused.code, club.shop.status(order)) == ("trial-over", "cancelled")
    assert club.shop.rows(Trial) == []


def test_the_events_of_its_first_minute_may_come_in_any_order_and_twice(shop: CardShop) -> None:
    ends = []
    for chosen in permutations(
        ("checkout.session.completed", "invoice.paid", "customer.subscription.updated")
    ):
        club = CardClub(shop, trial_days=DAYS)
        order = club.subscribe(trial=True)
        events = shop.waiting()
        told = [one for kind in chosen for one in events if one["type"] == kind]
        club.hand_over(told * 2)
        ends.append((shop.status(order), len(club.shop.payments(order)), len(club.orders())))
    assert ends == [("paid", 1, number) for number in range(1, 7)]


def test_a_trial_of_which_no_webhook_told_is_found(club: CardClub) -> None:
    order = club.subscribe(trial=True)
    club.shop.waiting()
    CardRail().reconcile(club.database, club.shop.worker.services, now=club.now)
    club.apply_events()
    assert club.shop.status(order) == "paid"


def test_a_trial_is_neither_paused_nor_changed(club: CardClub) -> None:
    club.join(trial=True)
    with pytest.raises(Refused) as refused:
        club.act(member_actions.pause)
    assert (refused.value.code, refused.value.details) == ("not-pausable", {"state": "trialing"})
    with club.database.transaction() as session:
        membership = session.get_one(Membership, club.membership.id)
        assert plan_changes.targets(session, membership, now=club.now) == []
        shown = card(session, club.ann_id, id_of(membership), now=club.now)
    assert (shown.can_cancel, shown.can_pause, shown.can_change) == (True, False, False)
    assert shown.then == PRICE


def test_vat_is_worked_out_of_the_first_charge_and_none_of_nothing(club: CardClub) -> None:
    club.stripe.set_seller(club.shop.account, tax=20.0)
    with club.database.transaction() as session:
        row = connected(session, club.shop.seller_id)
        assert row is not None
        row.tax = "on"
        session.add(row)
    club.join(trial=True)
    club.renew()
    _, paid = club.orders()
    with club.database.transaction() as session:
        issue(session, id_of(paid), now=club.now)
        (paper,) = session.exec(select(Paper)).all()
        assert (paper.amount, paper.facts["tax"]) == (PRICE.amount, 166)


def test_the_price_that_was_promised_is_charged_whatever_it_costs_now(club: CardClub) -> None:
    order = club.subscribe(trial=True)
    with club.database.transaction() as session:
        trial = session.get_one(CardTrial, order.id)
        assert Money(trial.amount, order.currency) == PRICE
    (line,) = club.stripe.book.all(club.shop.account, "price")
    assert line["unit_amount"] == PRICE.amount


def test_an_order_that_was_cancelled_before_its_card_was_given_charges_nothing(club: CardClub) -> None:
    order = club.subscribe(trial=True)
    with club.database.transaction() as session:
        cancelled = session.get_one(Order, order.id)
        cancelled.status = "cancelled"
        session.add(cancelled)
    club.hand_over()
    club.ask_stripe()
    assert (club.at_stripe()["status"], charged(club)) == ("canceled", 0)


def test_without_a_trial_none_is_sold(shop: CardShop) -> None:
    club = CardClub(shop)
    with pytest.raises(Refused, match="no-trial"):
        club.subscribe(trial=True)
