"""What is bought for ever: no end, no clock, no word of an end; not sold again, charged for no further."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.screens.members import membership as shown_membership
from bot.screens.members import plan_card
from bot.screens.plan_members import members
from core.kit.errors import Refused
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.admission import prepare
from core.memberships.card_members import CardMemberships
from core.memberships.disputed_time import give_back_time, put_aside_time
from core.memberships.expiry import due, strike, sweep_warnings, warn
from core.memberships.goods import MembershipGoods
from core.memberships.letters import admission
from core.memberships.lifetime import held_for_ever
from core.memberships.offers import offer_of
from core.memberships.plans import channels_of_plan
from core.memberships.queries import card, plan_view
from core.memberships.roster import begin_removal
from core.memberships.shop_members import members_of_shop
from core.memberships.subscriptions import is_recurring, renewal_changed
from core.memberships.transitions import right_to
from core.payments.rails.stars.payments import invoice_payload, precheck
from core.payments.refunds import finish_refund
from core.process.settings import Settings
from schemas import jobs, member_jobs
from schemas.card_subscription import CardStatus, CardSubscription
from schemas.catalogue import Product
from schemas.membership import Channel, Membership
from schemas.people import Seller, User
from schemas.sales import Order
from schemas.star_subscription import StarSubscription
from tests.core.memberships.subscriber import MONTH, Subscriber
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
LATER = NOW + timedelta(days=36_500)


@pytest.fixture
def room(session: Session) -> Channel:
    return make_members.channel(session)


@pytest.fixture
def item(session: Session, room: Channel) -> Product:
    return for_ever(session, room)


def for_ever(session: Session, *rooms: Channel) -> Product:
    return make_members.plan(session, *rooms, title="Toujours", unit="lifetime", count=0)


def order_of(session: Session, held: Membership, number: int = 0) -> Order:
    return session.get_one(Order, make_members.periods(session, held)[number].order_id)


def state_of(session: Session, held: Membership) -> str:
    session.refresh(held)
    return held.state


def test_it_has_no_end_and_no_clock_and_nobody_hears_of_one(session: Session, item: Product) -> None:
    held = make_members.member(session, item)
    assert (held.state, held.ends_at, held.clock_at, held.grace_days) == ("active", None, None, 0)
    (period,) = make_members.periods(session, held)
    assert (period.starts_at, period.ends_at, period.seconds) == (NOW, None, None)
    assert (due(session, now=LATER), sweep_warnings(session, now=LATER)) == ([], 0)
    assert make_members.due_of(session, "warn_member") == make_members.due_of(session, "expire_member") == []
    number, room = make_members.person_of(session, held).telegram_id, make_members.channel_of(session, held)
    right = right_to(session, id_of(room), number, now=LATER)
    assert right is not None
    assert right.id == held.id
    make_members.joins(session, room, number, at=NOW)
    assert make.sent_texts(session, make_members.person_of(session, held))[-1] == "member-joined"


def test_it_is_called_so_wherever_it_is_shown(session: Session, item: Product) -> None:
    held = make_members.member(session, item)
    seen = card(session, held.user_id, id_of(held), now=LATER)
    assert (seen.state, seen.ends_at, seen.time_left, seen.can_enter) == ("active", None, None, True)
    assert not any((seen.can_renew, seen.can_cancel, seen.can_pause, seen.can_undo, seen.can_change))
    assert "Yours for ever" in shown_membership("en", seen).html
    prepared = prepare(session, id_of(held), now=LATER)
    assert prepared is not None
    assert "Accès pour toujours" in admission("fr", prepared, {}, "paid").html
    page = members_of_shop(session, item.seller_id, page=1)
    assert "– for ever" in members("en", plan_view(session, id_of(item)), page).html


@pytest.mark.parametrize(("act", "why"), [("pause", "not-pausable"), ("cancel", "not-cancellable")])
def test_it_is_neither_paused_nor_cancelled(session: Session, item: Product, act: str, why: str) -> None:
    held = make_members.member(session, item)
    person = make_members.person_of(session, held)
    with pytest.raises(Refused, match=why) as refused:
        getattr(member_actions, act)(session, person, id_of(held), now=NOW)
    assert refused.value.details == {"state": "lifetime"}


def test_all_that_it_opens_is_sold_to_nobody_who_has_it(
    session: Session, item: Product, room: Channel
) -> None:
    """By whatever plan, before anything is paid; a plan that opens more is another matter."""
    person = make.user(session)
    month = make_members.plan(session, room, trial_days=7)
    begun = make.order(session, month, person)
    held = make_members.member(session, item, person)
    for plan in (item, month):
        with pytest.raises(Refused, match="already-lifetime") as refused:
            make.order(session, plan, person)
        assert refused.value.details == {"membership": held.id}
    with pytest.raises(Refused, match="already-lifetime"):
        member_actions.start_trial(session, person, id_of(month), now=NOW)
    payload, amount = invoice_payload(begun), begun.amount
    with pytest.raises(Refused, match="already-lifetime"):
        precheck(session, payload=payload, user=person, amount=amount, currency=begun.currency, now=NOW)
    wide = make_members.plan(session, room, make_members.channel(session, make.seller_of(session, item)))
    make.order(session, wide, person)
    make.order(session, month, make.user(session))


def test_the_card_of_a_plan_says_why_there_is_nothing_to_buy(
    session: Session, item: Product, room: Channel, settings: Callable[..., Settings]
) -> None:
    person, month = make.user(session), make_members.plan(session, room)
    make_members.member(session, item, person)
    here = settings(public_url="https://shop.example")
    shown = offer_of(
        session, person, id_of(month), place="chat", policy=parse_policy("bot:stars"), settings=here, now=NOW
    )
    message = plan_card("en", shown, bot_username="shop_bot")
    assert "yours for ever already" in message.html
    assert "for ever · Toujours" in " ".join(button.label for row in message.buttons for button in row)
    assert shown.rails == ()


def test_a_second_payment_of_it_goes_to_support_and_counts_like_the_first(
    session: Session, item: Product
) -> None:
    person = make.user(session)
    orders = [make.order(session, item, person)]
    orders.append(make.order(session, item, person, rail="crypto", entry="web"))
    for order in orders:
        order.buyer_id = person.id
        make.pay(session, order)
    assert [order.needs_support_at for order in orders] == [None, NOW]
    assert "payment-held" in make.sent_texts(session, person)
    held = session.exec(select(Membership)).one()
    finish_refund(session, orders[0], reason="", now=NOW + DAY)
    assert state_of(session, held) == "active"
    finish_refund(session, orders[1], reason="", now=NOW + DAY)
    assert (state_of(session, held), held.ended_by, held.ends_at) == ("revoked", "refund", NOW + DAY)


def test_its_money_and_people_end_it_as_they_end_others(session: Session, item: Product) -> None:
    held = make_members.member(session, item)
    order_id = id_of(order_of(session, held))
    put_aside_time(session, order_id, now=NOW + DAY)
    assert (state_of(session, held), held.ended_by, held.ends_at) == ("revoked", "dispute", NOW + DAY)
    (period,) = make_members.periods(session, held)
    assert (period.seconds, period.held_seconds) == (86_400, 0)
    give_back_time(session, order_id, now=NOW + 9 * DAY)
    assert (state_of(session, held), held.ends_at, held.clock_at) == ("active", None, None)
    assert make.queued(session, member_jobs.Admit)[-1].occasion == "resumed"
    make_members.put_out(session, held, now=NOW + 10 * DAY)
    assert (state_of(session, held), held.ends_at) == ("revoked", NOW + 10 * DAY)
    room, number = make_members.channel_of(session, held), make_members.person_of(session, held).telegram_id
    assert right_to(session, id_of(room), number, now=NOW + 11 * DAY) is None


class Both:
    """Somebody with a running month who then buys the same channel for ever."""

    def __init__(self, session: Session, status: CardStatus | None = None) -> None:
        self.session = session
        self.month = make_members.plan(session, unit="days", count=30, grace_days=3)
        self.room = channels_of_plan(session, id_of(self.month))[0]
        self.held = make_members.member(session, self.month)
        self.person: User = make_members.person_of(session, self.held)
        if status is not None:
            make_members.charge_card(session, self.held, status)
        self.lifetime = make_members.member(session, for_ever(session, self.room), self.person, now=NOW + DAY)

    def card(self) -> CardSubscription:
        return self.session.exec(select(CardSubscription)).one()


def test_the_month_runs_to_its_end_beside_it_and_its_end_takes_nothing(session: Session) -> None:
    both = Both(session)
    assert (both.held.state, both.held.ends_at) == ("active", NOW + 30 * DAY)
    make_members.joins(session, both.room, both.person, at=NOW + DAY)
    before = make.sent_texts(session, both.person)
    for days in (7, 3, 1):
        ends = NOW + 30 * DAY
        warn(session, id_of(both.held), int(ends.timestamp()), days, now=ends - days * DAY)
    for _ in range(2):  # into its grace, and to the end of that
        assert both.held.clock_at is not None
        strike(session, id_of(both.held), both.held.turn, now=both.held.clock_at)
    assert state_of(session, both.held) == "expired"
    assert make.sent_texts(session, both.person) == before
    for job in make.queued(session, member_jobs.RemoveMember):
        assert begin_removal(session, job.channel_id, job.telegram_id, now=NOW + 40 * DAY) is None
    finish_refund(session, order_of(session, both.lifetime), reason="", now=NOW + 40 * DAY)
    assert begin_removal(session, id_of(both.room), both.person.telegram_id, now=NOW + 40 * DAY) is not None


def test_what_is_left_of_the_month_is_there_should_the_money_go_back(session: Session) -> None:
    both = Both(session)
    finish_refund(session, order_of(session, both.lifetime), reason="", now=NOW + 2 * DAY)
    right = right_to(session, id_of(both.room), both.person.telegram_id, now=NOW + 3 * DAY)
    assert right is not None
    assert right.id == both.held.id
    assert card(session, id_of(both.person), id_of(both.held), now=NOW + 3 * DAY).can_renew


@pytest.mark.parametrize(
    ("status", "wanted"), [("active", "stop"), ("trialing", "stop"), ("past_due", "end"), ("unpaid", "end")]
)
def test_a_card_is_charged_no_further_for_what_is_held_for_ever(
    session: Session, status: CardStatus, wanted: str
) -> None:
    both = Both(session, status)
    row = both.card()
    assert row.wanted == wanted
    row.cancels = True
    session.flush()
    if wanted == "end":
        return
    CardMemberships().stopped(session, row, now=NOW + DAY)
    assert make.sent_texts(session, both.person)[-1] == "member-held-for-ever"
    assert not card(session, id_of(both.person), id_of(both.held), now=NOW + DAY).can_undo
    with pytest.raises(Refused, match="already-lifetime"):
        member_actions.undo_cancel(session, both.person, id_of(both.held), now=NOW + DAY)
    row.cancels = False  # taken back on Stripe's own page
    session.flush()
    CardMemberships().goes_on(session, row, now=NOW + DAY)
    assert (state_of(session, both.held), row.wanted, row.asked) == ("cancelled", "stop", 2)


def test_telegram_charges_no_further_and_what_it_charged_goes_back(session: Session) -> None:
    someone = Subscriber(session)
    (room,) = channels_of_plan(session, id_of(someone.item))
    held = someone.membership()
    item = for_ever(session, room)
    make_members.member(session, item, someone.user, now=NOW + DAY)
    subscription = session.exec(select(StarSubscription)).one()
    assert (subscription.renews, subscription.wanted) == (True, False)
    assert len(make.queued(session, member_jobs.SetStarRenewal)) == 1
    renewal_changed(session, subscription, False, now=NOW + DAY, actor="system")
    assert (held.state, make.sent_texts(session, someone.user)[-1]) == ("cancelled", "member-held-for-ever")
    renewal_changed(session, subscription, True, now=NOW + 2 * DAY)  # switched on in Telegram's settings
    assert (held.state, subscription.wanted) == ("cancelled", False)
    someone.charge("second", NOW + MONTH)
    newest = max(order.id or 0 for order in session.exec(select(Order)))
    assert make.queued(session, jobs.RefundStars) == [jobs.RefundStars(order_id=newest)]


def test_a_bank_that_gives_the_money_back_stops_what_was_begun_meanwhile(
    session: Session, item: Product
) -> None:
    held = make_members.member(session, item)
    person, order_id = make_members.person_of(session, held), id_of(order_of(session, held))
    put_aside_time(session, order_id, now=NOW + DAY)
    month = make_members.plan(session, make_members.channel_of(session, held))
    again = make_members.member(session, month, person, now=NOW + 2 * DAY)
    row = make_members.charge_card(session, again)
    give_back_time(session, order_id, now=NOW + 3 * DAY)
    assert row.wanted == "stop"


def test_nobody_else_and_nothing_else_is_held(session: Session, item: Product, room: Channel) -> None:
    person, month = make.user(session), make_members.plan(session, room)
    shop = session.get_one(Seller, item.seller_id)
    other = make_members.plan(session, make_members.channel(session, shop), shop=shop)
    held = make_members.member(session, item, person)
    assert held_for_ever(session, id_of(person), id_of(month)) == held.id
    assert held_for_ever(session, id_of(person), id_of(other)) is None
    assert held_for_ever(session, id_of(make.user(session)), id_of(month)) is None
    both = make_members.plan(session, room, make_members.channel(session, shop))
    assert held_for_ever(session, id_of(person), id_of(both)) is None
    make_members.member(session, for_ever(session, channels_of_plan(session, id_of(both))[1]), person)
    assert held_for_ever(session, id_of(person), id_of(both)) == held.id
    waiting = make_members.plan(session, room, starts="entry")
    newcomer = make_members.member(session, waiting)
    assert (newcomer.state, newcomer.ends_at) == ("pending", None)
    assert held_for_ever(session, newcomer.user_id, id_of(month)) is None


def test_it_is_a_purchase_on_every_rail(session: Session, item: Product) -> None:
    """One payment, which nothing repeats: not a subscription in Stars, nor at Checkout."""
    assert CardMemberships().interval_of(session, item) is None
    assert MembershipGoods().renewal_period(session, item) is None
    assert not is_recurring(session, make.order(session, item))
