"""Stars: the question before a payment, and the payment itself."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog
from pyrogram import Client
from pyrogram.enums import ParseMode
from pyrogram.errors import RPCError
from pyrogram.types import Message as TelegramMessage
from pyrogram.types import PreCheckoutQuery
from pyrogram.types import User as TelegramUser
from sqlmodel import Session

from bot.keyboards import labelled, markup
from bot.patience import Tasks, insist
from bot.request import Shop
from bot.router import greet
from core.context import correlation, new_correlation
from core.errors import Refused
from core.memberships.charges import confirm_charge
from core.orders import order_number
from core.payments import Confirmed, confirm_stars, precheck
from core.people import language_of
from core.texts import plain, plain_refusal, text
from schemas.people import User

DEADLINE = 8.0
"""Seconds to decide; Telegram gives up after 10 (core.telegram.org/bots/api#answerprecheckoutquery)."""

log = structlog.get_logger(__name__)


class Payments:
    """Answers what Telegram asks before a payment, and writes down what it says after one."""

    def __init__(self, shop: Shop):
        self.shop = shop
        self._writing = Tasks()

    async def on_pre_checkout(self, client: Client, query: PreCheckoutQuery) -> None:
        """Agree to a payment or say why not, in this process and in time."""
        mark = correlation.set(new_correlation())
        try:
            refusal = await asyncio.wait_for(self._decide(query), DEADLINE)
        except Exception:
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
        """Write the payment down. Telegram says it once, so a database that is away is waited for.

        The waiting happens in a task of its own: a handler that waits would keep others waiting.
        """
        self._writing.start(self._write_down(client, message))

    async def drain(self, timeout: float) -> None:
        """Give payments that are being written `timeout` seconds to finish, at the end of the process."""
        await self._writing.drain(timeout)

    async def _decide(self, query: PreCheckoutQuery) -> str | None:
        def check(session: Session) -> str | None:
            person = greet(session, query.from_user, datetime.now(UTC))
            try:
                precheck(
                    session,
                    payload=query.invoice_payload,
                    user=person,
                    amount=query.total_amount,
                    currency=query.currency,
                    now=datetime.now(UTC),
                )
            except Refused as refused:
                log.info("pre_checkout_refused", code=refused.code, telegram_id=query.from_user.id)
                return plain_refusal(person.language, refused)
            return None

        return await self.shop.run(check)

    async def _write_down(self, client: Client, message: TelegramMessage) -> None:
        correlation.set(new_correlation())
        payment: Any = message.successful_payment
        sender: Any = message.from_user
        written = await insist(
            lambda: self.shop.run(lambda session: self._confirm(session, sender, payment)),
            "payment_not_written",
            charge_id=payment.telegram_payment_charge_id,
        )
        if written is not None:
            await self._thank(client, *written)

    def _confirm(self, session: Session, sender: TelegramUser, payment: Any) -> tuple[User, Confirmed]:
        now = datetime.now(UTC)
        person = greet(session, sender, now)
        said: dict[str, Any] = {
            "payload": payment.invoice_payload,
            "charge_id": payment.telegram_payment_charge_id,
            "user": person,
            "amount": int(payment.total_amount),
            "currency": payment.currency,
            "now": now,
        }
        until = payment.subscription_expiration_date
        if until is not None:
            return person, confirm_charge(session, **said, until=until.astimezone(UTC))
        return person, confirm_stars(session, **said)

    async def _thank(self, client: Client, person: User, confirmed: Confirmed) -> None:
        """The delivery message follows by its job; only odd money needs words here."""
        if confirmed.accepted or not confirmed.first:
            return
        number = order_number(confirmed.order) if confirmed.order else ""
        words = text(person.language, "payment-odd", number=number)
        buttons = markup([[labelled(person.language, "support", "support_menu")]])
        try:
            await client.send_message(
                person.telegram_id, words, parse_mode=ParseMode.HTML, reply_markup=buttons
            )
        except RPCError as error:
            log.warning("answer_lost", error=str(error))
