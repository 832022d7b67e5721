"""Payments in Stars: Telegram's question before each is answered, payments and refunds are written down."""

import asyncio
import json
from datetime import UTC
from typing import Any

import structlog
from pyrogram import Client
from pyrogram.errors import RPCError
from pyrogram.types import Message as TelegramMessage
from pyrogram.types import PreCheckoutQuery
from sqlmodel import Session

from bot.background import BackgroundTasks, keep_trying
from bot.request import AppContext
from bot.router import full_name, upsert_sender
from core.kit.correlation import correlation, new_correlation
from core.kit.errors import Refused
from core.kit.texts import plain, plain_refusal
from core.payments.rails.stars.events import Kind, StarsEvent, keep, keep_question, note_answer
from core.payments.rails.stars.payments import precheck
from core.people.people import language_of
from schemas.base import utc_now

DEADLINE = 8.0
"""Seconds to decide; Telegram gives up after 10 (core.telegram.org/bots/api#answerprecheckoutquery)."""

log = structlog.get_logger(__name__)


class Payments:
    """Answers what Telegram asks before a payment, and writes down what it says after one."""

    def __init__(self, app: AppContext):
        self.app = app
        self._writing = BackgroundTasks()

    async def on_pre_checkout(self, client: Client, query: PreCheckoutQuery) -> None:
        """Agree to a payment or say why not, within Telegram's 10 seconds."""
        mark = correlation.set(new_correlation())
        try:
            refusal = await asyncio.wait_for(self._decide(query), DEADLINE)
        except Exception:
            self.app.meter.failed += 1
            log.exception("pre_checkout_failed", reference=correlation.get(), telegram_id=query.from_user.id)
            language = language_of(query.from_user.language_code)
            refusal = plain(language, "pre-checkout-failed", reference=correlation.get())
        try:
            await client.answer_pre_checkout_query(query.id, refusal is None, refusal)
        except RPCError as error:
            log.warning("pre_checkout_answer_lost", error=str(error))
        finally:
            correlation.reset(mark)

    async def on_paid(self, client: Client, message: TelegramMessage) -> None:
        """Write a payment or a refund down; a job does what follows from it.

        Telegram says it once, so a database that is away is waited for, in a task of its own: a handler that
        waits would keep others waiting.
        """
        self._writing.start(self._write_down(read_payment(message)))

    async def drain(self, timeout: float) -> None:
        """Give payments that are being written `timeout` seconds to finish, at the end of the process."""
        await self._writing.drain(timeout)

    async def _decide(self, query: PreCheckoutQuery) -> str | None:
        def write_down(session: Session) -> None:
            keep_question(session, query.id, str(query).encode(), query.from_user.id, now=utc_now())

        def check(session: Session) -> str | None:
            person = upsert_sender(session, query.from_user, utc_now())
            try:
                precheck(
                    session,
                    payload=query.invoice_payload,
                    user=person,
                    amount=query.total_amount,
                    currency=query.currency,
                    now=utc_now(),
                )
            except Refused as refused:
                log.info("pre_checkout_refused", code=refused.code, telegram_id=query.from_user.id)
                note_answer(session, query.id, refused.code, now=utc_now())
                return plain_refusal(person.language, refused)
            note_answer(session, query.id, "agreed", now=utc_now())
            return None

        await self.app.run(write_down)
        return await self.app.run(check)

    async def _write_down(self, event: StarsEvent) -> None:
        correlation.set(new_correlation())
        name = event.event_id

        async def write() -> None:
            await self.app.run(lambda session: keep(session, event, name, now=utc_now()))
            log.info("payment_noted", kind=event.kind)

        await keep_trying(write, "payment_not_written", charge_id=event.charge_id)


def read_payment(message: TelegramMessage) -> StarsEvent:
    """Read a message that says that Stars came, or went back."""
    kind: Kind = "payment" if message.successful_payment else "refund"
    payment: Any = message.successful_payment or message.refunded_payment
    sender: Any = message.from_user if message.successful_payment else message.chat  # who is given back to
    until = getattr(payment, "subscription_expiration_date", None)
    return StarsEvent(
        kind=kind,
        telegram_id=sender.id,
        payload=str(payment.invoice_payload),
        charge_id=payment.telegram_payment_charge_id,
        amount=int(payment.total_amount),
        currency=payment.currency,
        until=until.astimezone(UTC) if until is not None else None,
        name=full_name(sender),
        username=sender.username,
        language_code=getattr(sender, "language_code", None),
        whole=json.loads(str(message)),
    )
