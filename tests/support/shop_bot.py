"""The real bot in a thread, over the sandbox Telegram, a real PostgreSQL and a real Redis."""

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TypeVar

from redis.asyncio import Redis
from sqlmodel import Session, select

from bot.main import serve
from core.kit.db import Database
from core.payments.payment_events import handle_event
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.jobs import Deliver
from schemas.sales import Order, PaymentEvent
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from scripts.sandbox.telegram.views import Message
from tests.support import make
from tests.support.telegram_clients import TOKEN

T = TypeVar("T")


class ShopBot:
    """A running bot, its Telegram and its database."""

    def __init__(self, sandbox: Sandbox, database: Database):
        self.sandbox = sandbox
        self.database = database
        self.handle = sandbox.add_bot(TOKEN, "shop_bot")

    def do(self, rule: Callable[[Session], T]) -> T:
        """A rule in one committed transaction, once what was told of payments is applied: a job's work."""
        self._handle_events()
        return self._commit(rule)

    def is_ready(self) -> bool:
        """Whether it has logged in and set its commands, the last step of its start."""
        return len(self.handle.settings["commands"]) >= 3

    def _commit(self, rule: Callable[[Session], T]) -> T:
        with self.database.transaction() as session:
            return rule(session)

    def _handle_events(self) -> None:
        def handle(session: Session) -> None:
            of_telegram = PaymentEvent.provider == "telegram"  # others have to be asked, by a job
            waiting = select(PaymentEvent.id).where(PaymentEvent.state == "received", of_telegram)
            for event_id in session.exec(waiting.order_by(PaymentEvent.received_at)).all():  # type: ignore[arg-type]
                handle_event(session, event_id, now=utc_now())

        self._commit(handle)

    def person(self, name: str = "Ann", *, language: str = "en") -> Person:
        """Somebody with a Telegram account."""
        return self.sandbox.person(name, language=language)


def ask(person: Person, words: str, answer: str) -> Message:
    """Say something and wait for the answer to it."""
    question = person.says(words)
    return person.wait_for(answer, after=question)


def invoice(shop: ShopBot, buyer: Person, item: Product) -> Message:
    """Open the card and press Buy."""
    card = ask(buyer, f"/start p_{item.slug}", item.title)
    buyer.presses(card, f"buy:{item.id}")
    return buyer.wait_for(lambda message: message.invoice is not None, after=card)


def orders(shop: ShopBot) -> list[str]:
    """The status of every order, oldest first."""
    return list(shop.do(lambda session: session.exec(select(Order.status).order_by(Order.id)).all()))  # type: ignore[arg-type]


def deliveries(shop: ShopBot) -> int:
    """How many deliveries were asked for."""
    return len(shop.do(lambda session: make.queued(session, Deliver)))


def _standing(thread: threading.Thread, loop: asyncio.AbstractEventLoop) -> str:
    """Where a bot that does not stop is: its thread, and what its tasks wait for."""
    told = StringIO()
    if frame := sys._current_frames().get(thread.ident or 0):
        traceback.print_stack(frame, file=told)
    for task in asyncio.all_tasks(loop):
        task.print_stack(file=told)
    return told.getvalue()


@contextmanager
def running_bot(settings: Settings, database: Database) -> Iterator[None]:
    """`bot.main.serve` on a loop of its own, from log-in to orderly stop."""
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()
    redis = Redis.from_url(settings.redis_url, socket_timeout=0.5, socket_connect_timeout=0.5)

    async def live() -> None:
        try:
            await serve(settings, database, redis, stopping)
        finally:
            await redis.aclose()

    thread = threading.Thread(target=lambda: loop.run_until_complete(live()), name="bot")
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(60)
        assert not thread.is_alive(), f"the bot did not stop; it stands here:\n{_standing(thread, loop)}"
        loop.close()
