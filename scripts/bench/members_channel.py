"""A private channel of a benchmark's seller, a plan that sells access to it, and thousands of members."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from pyrogram.types import LabeledPrice
from sqlalchemy import text
from sqlmodel import Session, select

from core.kit.rows import must_get
from core.kit.texts import text as words
from core.payments.rails.stars.payments import invoice_payload
from schemas.membership import Channel
from schemas.sales import Order
from scripts.bench.plans import sell_plan
from scripts.bench.running_stack import RunningStack
from scripts.bench.sales import PRICES
from scripts.embedded.process import wait_until
from scripts.embedded.telegram import TOKEN, USERNAME
from scripts.sandbox.telegram.channel_handle import BotHandle, ChannelHandle
from scripts.sandbox.telegram.driver import Person
from workers.telegram.client import Connection

ROOM = "Darkroom friends"
PLAN = "A month in the darkroom"
READY = 20.0  # seconds until the bot has written down that it is an admin
CALL = 10.0  # seconds for one call to Telegram
ACTORS = 64  # people who act at the same time

PEOPLE = text(
    """
    INSERT INTO person (telegram_id, name, language, language_chosen, roles, created_at)
    SELECT number, 'Member', 'en', false, '{buyer}', now() FROM unnest(CAST(:numbers AS bigint[])) AS number
    """
)
# Ends are whole seconds, as the rules make them.
MEMBERS = text(
    """
    INSERT INTO membership (user_id, plan_id, state, turn, started_at, ends_at, clock_at, grace_days, reason,
                            created_at)
    SELECT id, :plan, 'active', 1, at - interval '30 days', at, at, 0, '', at - interval '30 days'
    FROM (
        SELECT id, date_trunc('second', CAST(:first AS timestamptz)
                   + (row_number() OVER (ORDER BY telegram_id) - 1) * :apart * interval '1 second') AS at
        FROM person WHERE telegram_id = ANY (CAST(:numbers AS bigint[]))
    ) AS member
    """
)
PERIODS = text(
    """
    INSERT INTO membership_period (membership_id, source, unit, count, anchor_day, seconds, starts_at,
                                   ends_at, paused_seconds, created_at)
    SELECT membership.id, 'import', 'days', 30, 0, 2592000, started_at, ends_at, 0, membership.created_at
    FROM membership JOIN person ON person.id = user_id
    WHERE plan_id = :plan AND telegram_id = ANY (CAST(:numbers AS bigint[]))
    """
)
CLOCKS = text(
    """
    INSERT INTO job (id, actor, queue, args, state, attempt, failures, lost, unique_key, release_key, rerun,
                     due_at, created_at, cancel_requested, correlation_id)
    SELECT gen_random_uuid(), 'expire_member', 'routine',
           jsonb_build_object('membership_id', membership.id, 'turn', turn), 'queued', 0, 0, 0,
           'expire:' || membership.id || ':' || turn, false, false, clock_at, now(), false, 'bench'
    FROM membership JOIN person ON person.id = user_id
    WHERE plan_id = :plan AND telegram_id = ANY (CAST(:numbers AS bigint[]))
    """
)
ENDS = text(
    "SELECT telegram_id, ends_at FROM membership JOIN person ON person.id = user_id WHERE plan_id = :plan"
)
# Clocks, warnings and schedules wait for moments far away; all else that waits is on its way.
WAITING = text(
    """
    SELECT EXISTS (SELECT FROM job WHERE state = 'running' OR state = 'queued'
                   AND (due_at <= now() OR actor IN ('remove_member', 'notify', 'admit')))
    """
)

T = TypeVar("T")
U = TypeVar("U")


@dataclass
class PaidChannel:
    """A connected channel with a plan on sale; `sales` is the system with the plan as its product."""

    system: RunningStack
    sales: RunningStack
    room: ChannelHandle
    bot: BotHandle
    channel_id: int
    plan_id: int
    link: str
    """The seller's own, by which people ask to join."""
    telegram: Connection
    """A login of the bot that makes invoices and hears no updates."""

    def fill(self, numbers: Sequence[int], *, first: datetime, spread: float) -> None:
        """Write members into the database, by Telegram id, as 30 paid days would have left them.

        Their ends lie within `spread` seconds from `first` on, and their clocks' jobs are enqueued. Most of
        these people exist nowhere but in the database.
        """
        params = {"numbers": list(numbers), "plan": self.plan_id}
        with self.system.database.engine.begin() as connection:
            connection.execute(PEOPLE, params)
            connection.execute(MEMBERS, {**params, "first": first, "apart": spread / len(numbers)})
            connection.execute(PERIODS, params)
            connection.execute(CLOCKS, params)

    def members(self, count: int, *, first: datetime, spread: float, inside: bool = True) -> list[Person]:
        """So many members with a Telegram account, in the channel or not yet in it."""
        people = self.system.telegram.remote.crowd(["Member"] * count)
        self.fill([person.id for person in people], first=first, spread=spread)
        if inside:
            self.room.place_members(people)
        return people

    def invoices(self, people: Sequence[Person]) -> list[str]:
        """Place an order of the plan for each of these people; the addresses of the invoices."""
        return self.invoices_of(self.sales.place(people, "stars"))

    def invoices_of(self, orders: Sequence[int]) -> list[str]:
        """The addresses of these orders' invoices."""
        with self.system.database.transaction() as session:
            payloads = [invoice_payload(must_get(session, Order, order, "order-unknown")) for order in orders]
        return [self._invoice(payload) for payload in payloads]

    def ends(self) -> dict[int, datetime]:
        """When each member's paid time ends, by Telegram id."""
        with self.system.database.engine.connect() as connection:
            rows = connection.execute(ENDS, {"plan": self.plan_id})
            return {row.telegram_id: row.ends_at for row in rows}

    def changes(self) -> list[dict[str, Any]]:
        """Telegram's record of what the bot did to people in the channel, oldest first."""
        return [change for change in self.room.history if change["actor"] == self.bot.id]

    def idle(self) -> bool:
        """Whether no job is left but those that wait for their time."""
        with self.system.database.engine.connect() as connection:
            return not connection.execute(WAITING).scalar_one()

    def _invoice(self, payload: str) -> str:
        async def work(client: Any) -> str:
            price = [LabeledPrice(PLAN, PRICES["stars"][0].amount)]
            return str(await client.create_invoice_link(PLAN, ROOM, payload, "XTR", price))

        return self.telegram.call(work, CALL)


@contextmanager
def open_paid_channel(system: RunningStack) -> Iterator[PaidChannel]:
    """Connect a channel of the seller's through the bot, and put a plan of 30 days for it on sale."""
    remote = system.telegram.remote
    bot = remote.add_bot(TOKEN, USERNAME)
    room = remote.add_channel(ROOM, system.seller, bot)
    wait_until(lambda: _channel_id(system, room) is not None, READY, "the bot did not connect the channel")
    channel_id = _channel_id(system, room)
    assert channel_id is not None, "it has been waited for"
    with system.database.transaction() as session:
        plan_id = sell_plan(session, system.product_id, channel_id, PLAN)
    link = room.creates_link(request=True)
    telegram = Connection(system.stack.settings, system.database)
    try:
        sales = replace(system, product_id=plan_id)
        yield PaidChannel(system, sales, room, bot, channel_id, plan_id, link, telegram)
    finally:
        telegram.close()


def pace(items: Sequence[T], rate: float, act: Callable[[T], U]) -> list[U]:
    """Call `act` on each item, `rate` a second, whether or not earlier calls have ended; what they return."""
    start = time.monotonic()

    def in_turn(number: int, item: T) -> U:
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        return act(item)

    with ThreadPoolExecutor(ACTORS) as pool:
        return list(pool.map(in_turn, range(len(items)), items))


def says(text_id: str, **blanks: Any) -> str:
    """The first line of one of our texts, as people see it in Telegram."""
    line = words("en", text_id, **blanks).splitlines()[0]
    return line.replace("<b>", "").replace("</b>", "")


def _channel_id(system: RunningStack, room: ChannelHandle) -> int | None:
    with Session(system.database.engine) as session:
        return session.exec(
            select(Channel.id).where(Channel.telegram_id == room.chat_id, Channel.state == "connected")
        ).one_or_none()
