"""What happens in connected channels: requests to join are answered at once, all else is written down."""

import asyncio
from typing import Any
from weakref import WeakValueDictionary

import structlog
from pyrogram import Client
from pyrogram.enums import ParseMode
from pyrogram.errors import HideRequesterMissing, RPCError, UserAlreadyParticipant
from sqlmodel import Session

from bot.background import BackgroundTasks, keep_trying
from bot.channel_updates import Event, read
from bot.request import AppContext
from core.kit.correlation import correlation, new_correlation
from core.kit.texts import plain, text
from core.memberships.admission import Decision, answered, ask_in
from core.memberships.channels import rights_changed
from core.memberships.declined import notify_declined, ways_in
from core.memberships.events import JoinRequested, MemberChanged, RightsChanged, SubscriptionChanged
from core.memberships.roster import member_changed
from core.orders.text_review import TextRules
from core.payments.rails.stars.events import StarsEvent, keep
from core.people.people import find_user
from core.ports import Button
from core.telegram.keyboards import markup
from core.uploads.moderation import text_rules
from schemas.base import utc_now

log = structlog.get_logger(__name__)


class ChannelEvents:
    """Takes updates about channels and Stars subscriptions to the rules."""

    def __init__(self, app: AppContext) -> None:
        self.app = app
        self._tasks = BackgroundTasks()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def on_update(self, client: Client, update: Any, users: Any, chats: Any) -> None:
        """Begin what an update asks for in a task of its own; the next update need not wait for it."""
        own_id = client.me.id if client.me else 0
        event = read(update, users, chats, own_id, utc_now())
        if isinstance(event, JoinRequested):
            self._tasks.start(self._answer(client, event))
        elif isinstance(event, SubscriptionChanged):
            self._tasks.start(self._keep(event))
        elif event is not None:
            self._tasks.start(self._write_down(event))

    async def drain(self, timeout: float) -> None:
        """Give what runs `timeout` seconds to finish, at the end of the process."""
        await self._tasks.drain(timeout)

    async def _write_down(self, event: Event) -> None:
        """Apply an event; those of one channel or person one after another, as they came."""
        correlation.set(new_correlation())
        review = text_rules(self.app.settings)
        turn = self._turns.setdefault(_turn_of(event), asyncio.Lock())
        async with turn:
            await keep_trying(
                lambda: self.app.run(lambda session: _apply(session, event, review)),
                "channel_update_not_written",
                kind=type(event).__name__,
            )

    async def _keep(self, event: SubscriptionChanged) -> None:
        """Write down what Telegram tells of a subscription; a job applies it."""
        correlation.set(new_correlation())
        change = StarsEvent(
            kind="subscription", telegram_id=event.telegram_id, payload=event.payload, state=event.state
        )
        await keep_trying(
            lambda: self.app.run(lambda session: keep(session, change, change.event_id, now=event.at)),
            "subscription_update_not_written",
            telegram_id=event.telegram_id,
        )

    async def _answer(self, client: Client, event: JoinRequested) -> None:
        """Let in or turn away, from the grants. What fails here is done by the job that was written first."""
        correlation.set(new_correlation())
        person = event.visitor.telegram_id
        decision = await keep_trying(
            lambda: self.app.run(lambda session: ask_in(session, event, now=utc_now())),
            "join_request_not_decided",
            telegram_id=person,
        )
        if decision is None or decision.channel_id is None:
            return
        answer = client.approve_chat_join_request if decision.approve else client.decline_chat_join_request
        try:
            await answer(event.channel, person)
        except (HideRequesterMissing, UserAlreadyParticipant):
            pass
        except RPCError as error:
            log.warning("join_answer_refused", telegram_id=person, error=str(error))
            return
        is_known = await self.app.run(lambda session: _close(session, person, decision))
        if not is_known:
            await self._explain(client, person, decision)

    async def _explain(self, client: Client, person: int, decision: Decision) -> None:
        """Tell somebody we never met why: who asks to join may be written to for five minutes
        (https://core.telegram.org/bots/api#chatjoinrequest)."""
        words = text(decision.language, "join-declined", channel=decision.channel, reason=decision.reason)
        rows = [[Button(plain(decision.language, label), data=data)] for label, data in ways_in(decision)]
        try:
            await client.send_message(person, words, parse_mode=ParseMode.HTML, reply_markup=markup(rows))
        except RPCError as error:
            log.info("join_reason_lost", telegram_id=person, error=str(error))


def _close(session: Session, person: int, decision: Decision) -> bool:
    """Note that Telegram took the answer. True when nobody needs to be told besides."""
    now = utc_now()
    answered(session, person, decision)
    if decision.approve:
        return True
    notify_declined(session, person, decision, now=now)
    return find_user(session, person) is not None


def _apply(session: Session, event: Event, review: TextRules) -> None:
    now = utc_now()
    if isinstance(event, MemberChanged):
        member_changed(session, event, now=now)
    elif isinstance(event, RightsChanged):
        rights_changed(session, event, review=review, now=now)


def _turn_of(event: Event) -> int:
    """Events with one number are applied in the order in which they came."""
    if isinstance(event, RightsChanged):
        return event.channel
    if isinstance(event, MemberChanged | JoinRequested):
        return event.visitor.telegram_id
    return event.telegram_id
