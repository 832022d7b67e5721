"""Stars subscriptions, to a bot and to a channel, through a stock client."""

import itertools
from typing import Any

import pytest
from pyrogram import filters, types
from pyrogram.errors import BadRequest
from pyrogram.raw import functions
from pyrogram.raw import types as raw_types

from scripts.sandbox.telegram.driver import BotHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from scripts.sandbox.telegram.tl import Refused
from tests.support.telegram_clients import Run
from tests.support.waiting import wait_until

MONTH = 2_592_000


class Ear:
    """Agrees to payments; keeps payments and raw updates about subscriptions and members."""

    def __init__(self, client: Any) -> None:
        self.paid: list[Any] = []
        self.updates: list[Any] = []

        @client.on_pre_checkout_query()
        async def check(_: Any, query: Any) -> None:
            await query.answer(True)

        @client.on_message(filters.successful_payment)
        async def collect(_: Any, message: Any) -> None:
            self.paid.append(message.successful_payment)

        @client.on_raw_update(group=1)
        async def hear(_: Any, update: Any, _users: Any, _chats: Any) -> None:
            kinds = raw_types.UpdateBotStarsSubscription | raw_types.UpdateChannelParticipant
            if isinstance(update, kinds):
                self.updates.append(update)


@pytest.fixture
def ear(client: Any) -> Ear:
    return Ear(client)


def invoice(run: Run, client: Any, *, stars: int = 50, period: int = MONTH) -> str:
    price = [types.LabeledPrice("total", stars)]
    link = run(
        client.create_invoice_link, "Club", "A month", "plan-1", "XTR", price, subscription_period=period
    )
    return str(link)


def subscribe(run: Run, client: Any, person: Person) -> str:
    charge = person.pays(invoice(run, client)).charge_id
    assert charge is not None
    return charge


def test_a_subscription_is_charged_each_month_as_the_clock_moves(
    client: Any, ear: Ear, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    charge = subscribe(run, client, ann)
    wait_until(lambda: len(ear.paid) == 1)
    sandbox.advance(2 * MONTH + 1)
    wait_until(lambda: len(ear.paid) == 3)

    first, *later = ear.paid
    assert (first.is_recurring, first.is_first_recurring) == (True, True)
    assert [(p.is_recurring, bool(p.is_first_recurring)) for p in later] == [(True, False)] * 2
    assert {p.invoice_payload for p in ear.paid} == {"plan-1"}
    assert len({p.telegram_payment_charge_id for p in ear.paid} | {charge}) == 3
    ends = [p.subscription_expiration_date for p in ear.paid]
    assert [(b - a).days for a, b in itertools.pairwise(ends)] == [30, 30]


def test_the_person_may_end_it_and_take_that_back(
    client: Any, ear: Ear, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    charge = subscribe(run, client, ann)
    ann.cancels_subscription(charge)
    ann.resumes_subscription(charge)
    ann.cancels_subscription(charge)
    sandbox.advance(MONTH + 1)
    wait_until(lambda: len(ear.updates) == 3)
    assert [(u.canceled, u.restored, u.payment_failed) for u in ear.updates] == [
        (True, False, False),
        (False, True, False),
        (True, False, False),
    ]
    assert {(u.user_id, u.payload) for u in ear.updates} == {(ann.id, b"plan-1")}
    assert len(ear.paid) == 1
    with pytest.raises(Refused, match="NOT_ACTIVE"):
        sandbox.charges_subscription(charge)


def test_a_failed_charge_is_told_and_a_later_one_begins_anew(
    client: Any, ear: Ear, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    charge = subscribe(run, client, ann)
    ann.runs_out_of_stars()
    sandbox.advance(MONTH + 1)
    wait_until(lambda: any(u.payment_failed for u in ear.updates))
    assert ann.subscriptions[0]["missing_balance"]
    with pytest.raises(Refused, match="BALANCE_TOO_LOW"):
        ann.pays(invoice(run, client))
    ann.runs_out_of_stars(empty=False)
    sandbox.charges_subscription(charge)
    wait_until(lambda: len(ear.paid) == 2)
    assert not ann.subscriptions[0]["missing_balance"]


def test_the_bot_ends_it_by_its_first_charge_and_only_the_bot_allows_it_again(
    client: Any, ear: Ear, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    charge = subscribe(run, client, ann)
    renewal = sandbox.charges_subscription(charge)
    with pytest.raises(BadRequest, match="CHARGE_ID_INVALID"):
        run(client.edit_user_star_subscription, ann.id, renewal, is_canceled=True)
    run(client.edit_user_star_subscription, ann.id, charge, is_canceled=True)
    with pytest.raises(BadRequest, match="SUBSCRIPTION_NOT_MODIFIED"):
        run(client.edit_user_star_subscription, ann.id, charge, is_canceled=True)
    with pytest.raises(Refused, match="SUBSCRIPTION_NOT_MODIFIED"):
        ann.resumes_subscription(charge)
    run(client.edit_user_star_subscription, ann.id, charge, is_canceled=False)
    assert not ann.subscriptions[0]["bot_canceled"]
    ann.resumes_subscription(charge)
    sandbox.advance(2 * MONTH + 1)
    wait_until(lambda: len(ear.paid) == 3)


def test_transactions_name_their_period_and_come_at_most_a_hundred_at_once(
    client: Any, ear: Ear, ann: Person, run: Run
) -> None:
    subscribe(run, client, ann)
    price = [types.LabeledPrice("total", 5)]
    ann.pays(run(client.create_invoice_link, "Book", "One", "once", "XTR", price))

    def page(limit: int) -> Any:
        peer = raw_types.InputPeerSelf()
        query = functions.payments.GetStarsTransactions(peer=peer, offset="", limit=limit)
        return run(client.invoke, query).history

    assert [line.subscription_period for line in page(100)] == [None, MONTH]
    with pytest.raises(BadRequest, match="LIMIT_INVALID"):
        page(101)


def test_subscription_invoices_are_links_of_thirty_days(client: Any, ann: Person, run: Run) -> None:
    with pytest.raises(BadRequest, match="SUBSCRIPTION_PERIOD_INVALID"):
        invoice(run, client, period=86_400)
    with pytest.raises(BadRequest, match="PRICING_CHAT_INVALID"):
        invoice(run, client, stars=10_001)
    price = [types.LabeledPrice("total", 5)]
    with pytest.raises(BadRequest, match="SUBSCRIPTION_EXPORT_MISSING"):
        run(client.send_invoice, ann.id, "Club", "A", "p", "XTR", price, subscription_expiration_date=MONTH)


def test_a_place_in_a_channel_is_paid_by_its_link_and_lost_with_the_payment(
    client: Any, ear: Ear, ann: Person, bot: BotHandle, sandbox: Sandbox, run: Run
) -> None:
    channel, bob = sandbox.add_channel("VIP", ann, bot), sandbox.person("Bob")

    def link(chat_id: int, **more: Any) -> str:
        pricing = raw_types.StarsSubscriptionPricing(period=MONTH, amount=20)
        peer = run(client.resolve_peer, chat_id)
        query = functions.messages.ExportChatInvite(peer=peer, subscription_pricing=pricing, **more)
        return str(run(client.invoke, query).link)

    paid_link = link(channel.chat_id, title="club")
    with pytest.raises(Refused, match="STARS_PAYMENT_REQUIRED"):
        bob.joins(paid_link)
    bob.subscribes(paid_link)
    assert channel.members == [bob.id]
    sandbox.advance(MONTH + 1)
    bob.runs_out_of_stars()
    sandbox.advance(MONTH)
    assert channel.members == []
    wait_until(lambda: len([u for u in ear.updates if u.user_id == bob.id]) == 3)
    joined, renewed, left = (u for u in ear.updates if u.user_id == bob.id)
    until = joined.new_participant.subscription_until_date
    assert (renewed.new_participant.subscription_until_date - until, left.new_participant) == (MONTH, None)
    with pytest.raises(BadRequest, match="PRICING_CHAT_INVALID"):
        link(channel.chat_id, usage_limit=1)
    with pytest.raises(BadRequest, match="PRICING_CHAT_INVALID"):
        link(sandbox.add_channel("Group", ann, bot, kind="supergroup").chat_id)
