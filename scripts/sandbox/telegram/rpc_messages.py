"""Sending, editing, deleting and reading messages, and answering buttons and inline queries."""

import re
from typing import Any

from scripts.sandbox.telegram import limits
from scripts.sandbox.telegram.entities import Caller, Entry
from scripts.sandbox.telegram.media import make_media
from scripts.sandbox.telegram.registry import rpc
from scripts.sandbox.telegram.tl import F, Refused, T
from scripts.sandbox.telegram.world import World

_PLAIN_URL = re.compile(r"https?://[^\s<>\"]+")


def check_peer(world: World, caller: Caller, number: int) -> None:
    """Whether the bot may write there. Raises `Refused`.

    A bot cannot start a conversation, and can only post where it is an admin
    (https://core.telegram.org/bots/faq#can-my-bot-message-my-users-first).
    """
    channel = world.channels.get(number)
    if channel is not None:
        rights = channel.admins.get(caller.bot.id)
        if channel.deleted or not channel.has(caller.bot.id):
            raise Refused(400, "CHANNEL_PRIVATE")
        if channel.kind == "channel" and not (rights and rights.post_messages):
            raise Refused(403, "CHAT_ADMIN_REQUIRED")
        return
    if number not in caller.bot.met:
        raise Refused(400, "PEER_ID_INVALID")
    if world.accounts[number].deleted:
        raise Refused(400, "INPUT_USER_DEACTIVATED")
    if caller.bot.id in world.accounts[number].blocked:
        raise Refused(403, "USER_IS_BLOCKED")


def with_plain_urls(text: str, entities: list[Any] | None) -> list[Any]:
    """The given entities and one for each bare address, which Telegram's server adds by itself."""
    links = list(entities or [])
    for match in _PLAIN_URL.finditer(text):
        offset, size = limits.length(text[: match.start()]), limits.length(match[0])
        if not any(e.offset < offset + size and offset < e.offset + e.length for e in links):
            links.append(T.MessageEntityUrl(offset=offset, length=size))
    return links


def _compose(world: World, caller: Caller, number: int, query: Any, media: Any, **more: Any) -> Entry:
    channel = number in world.channels
    reply = getattr(query, "reply_to", None)
    raw = T.Message(
        id=world.ids(),
        peer_id=T.PeerChannel(channel_id=number) if channel else T.PeerUser(user_id=number),
        from_id=None if channel else T.PeerUser(user_id=caller.bot.id),
        date=world.now(),
        message=query.message,
        out=True,
        post=channel or None,
        media=media,
        entities=with_plain_urls(query.message, query.entities),
        reply_markup=getattr(query, "reply_markup", None),
        reply_to=T.MessageReplyHeader(reply_to_msg_id=reply.reply_to_msg_id)
        if isinstance(reply, T.InputReplyToMessage)
        else None,
        restriction_reason=[],
        **more,
    )
    source = getattr(query, "media", None)
    invoice = source if isinstance(source, T.InputMediaInvoice) else None
    quiet = bool(getattr(query, "no_webpage", None))
    return Entry(raw, caller.bot, number, outgoing=True, invoice=invoice, no_preview=quiet)


def _claim(world: World, caller: Caller, number: int, random_id: int) -> Entry | None:
    """The message that this random_id already made; otherwise it is taken for the one to come.

    A repeat to the same peer, from any session of the account, makes no second message; while the
    first is in flight it is refused (https://core.telegram.org/method/messages.sendMessage).
    """
    key = (caller.bot.id, number, random_id)
    if key not in world.random_ids:
        world.random_ids[key] = None
        return None
    earlier = world.random_ids[key]
    if earlier is None:
        raise Refused(500, "RANDOM_ID_DUPLICATE")
    return earlier


def _publish(world: World, caller: Caller, entries: list[tuple[int, Entry, bool]]) -> Any:
    """Store new messages, tell the bot's other sessions, answer with ids and messages."""
    answer: list[Any] = []
    users: set[int] = set()
    channels: set[int] = set()
    for random_id, entry, fresh in entries:
        if fresh:
            world.store(entry)
            world.random_ids[caller.bot.id, entry.chat, random_id] = entry
        (channels if entry.chat in world.channels else users).add(entry.chat)
        pts = world.next_pts(caller.bot) if fresh else caller.bot.pts
        kind = T.UpdateNewChannelMessage if entry.chat in world.channels else T.UpdateNewMessage
        update = kind(message=entry.raw, pts=pts, pts_count=1)
        answer += [T.UpdateMessageID(id=entry.raw.id, random_id=random_id), update]
        if fresh:
            world.push(caller.bot, update, users | {caller.bot.id}, channels, exclude=caller.link)
    return world.reply(caller.bot, answer, users | {caller.bot.id}, channels)


async def _send(world: World, caller: Caller, query: Any, items: list[Any], **more: Any) -> Any:
    number = world.peer_number(query.peer, caller)
    check_peer(world, caller, number)
    claimed: list[int] = []
    entries: list[tuple[int, Entry, bool]] = []
    try:
        for outgoing in items:
            earlier = _claim(world, caller, number, outgoing.random_id)
            if earlier is not None:
                entries.append((outgoing.random_id, earlier, False))
                continue
            claimed.append(outgoing.random_id)
            source = getattr(outgoing, "media", None)
            media = make_media(world, caller, source) if source else None
            entries.append(
                (outgoing.random_id, _compose(world, caller, number, outgoing, media, **more), True)
            )
        await world.faults.hold_in_flight()
    except BaseException:
        for random_id in claimed:
            del world.random_ids[caller.bot.id, number, random_id]
        raise
    return _publish(world, caller, entries)


@rpc(F.messages.SendMessage)
async def send_message(world: World, caller: Caller, query: Any) -> Any:
    limits.check_text(query.message)
    limits.check_markup(query.reply_markup)
    return await _send(world, caller, query, [query])


@rpc(F.messages.SendMedia)
async def send_media(world: World, caller: Caller, query: Any) -> Any:
    invoice = isinstance(query.media, T.InputMediaInvoice)
    if invoice and query.media.invoice.subscription_period:
        # Only by a link: https://core.telegram.org/api/subscriptions#bot-subscriptions
        raise Refused(400, "SUBSCRIPTION_EXPORT_MISSING")
    limits.check_markup(query.reply_markup, invoice=invoice)
    if isinstance(query.media, T.InputMediaWebPage):
        limits.check_text(query.message)
    else:
        limits.check_caption(query.message)
    return await _send(world, caller, query, [query])


@rpc(F.messages.SendMultiMedia)
async def send_multi_media(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/messages.sendMultiMedia"""
    if len(query.multi_media) not in limits.ALBUM:
        raise Refused(400, "MULTI_MEDIA_TOO_LONG")
    for single_media in query.multi_media:
        limits.check_caption(single_media.message)
    return await _send(world, caller, query, query.multi_media, grouped_id=world.ids())


@rpc(F.messages.EditMessage)
def edit_message(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/messages.editMessage"""
    entry = world.messages.get(query.id)
    if entry is None or entry.deleted or entry.bot is not caller.bot:
        raise Refused(400, "MESSAGE_ID_INVALID")
    if not entry.outgoing:
        raise Refused(403, "MESSAGE_AUTHOR_REQUIRED")
    raw = entry.raw
    limits.check_markup(query.reply_markup, invoice=entry.invoice is not None)
    text = raw.message if query.message is None else query.message
    media = make_media(world, caller, query.media) if query.media else raw.media
    (limits.check_caption if media else limits.check_text)(text)
    entities = raw.entities if query.message is None else with_plain_urls(text, query.entities)
    if (text, media, query.reply_markup, entities) == (
        raw.message,
        raw.media,
        raw.reply_markup,
        raw.entities,
    ):
        raise Refused(400, "MESSAGE_NOT_MODIFIED")
    raw.message, raw.media, raw.entities, raw.reply_markup = text, media, entities, query.reply_markup
    raw.edit_date = world.now()
    entry.edits += 1
    world.changed(entry.chat)
    room = entry.chat in world.channels
    kind = T.UpdateEditChannelMessage if room else T.UpdateEditMessage
    update = kind(message=raw, pts=world.next_pts(caller.bot), pts_count=1)
    users, channels = ((caller.bot.id,), (entry.chat,)) if room else ((caller.bot.id, entry.chat), ())
    return world.reply(caller.bot, [update], users, channels)


@rpc(F.messages.DeleteMessages, F.channels.DeleteMessages)
def delete_messages(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/messages.deleteMessages; unknown ids are passed over.

    Posts of others need the right to delete (https://core.telegram.org/bots/api#deletemessage).
    """
    entries = [world.messages[number] for number in query.id if number in world.messages]
    for entry in entries:
        room = world.channels.get(entry.chat)
        rights = room.admins.get(caller.bot.id) if room else None
        if room is not None and not entry.outgoing and not (rights and rights.delete_messages):
            raise Refused(403, "MESSAGE_DELETE_FORBIDDEN")
    gone = [entry for entry in entries if entry.bot is caller.bot and not entry.deleted]
    for entry in gone:
        entry.deleted = True
        world.changed(entry.chat)
    return T.messages.AffectedMessages(pts=world.next_pts(caller.bot), pts_count=len(gone))


@rpc(F.messages.GetMessages, F.channels.GetMessages)
def get_messages(world: World, caller: Caller, query: Any) -> Any:
    messages: list[Any] = []
    users: set[int] = {caller.bot.id}
    channels: set[int] = set()
    for input_message in query.id:
        entry = world.messages.get(getattr(input_message, "id", 0))
        if entry is None or entry.deleted or entry.bot is not caller.bot:
            messages.append(T.MessageEmpty(id=getattr(input_message, "id", 0)))
            continue
        messages.append(entry.raw)
        (channels if entry.chat in world.channels else users).add(entry.chat)
    return T.messages.Messages(
        messages=messages,
        topics=[],
        users=[world.user(number, caller.bot.id) for number in users],
        chats=[world.chat(number, caller.bot.id) for number in channels],
    )


@rpc(F.messages.SetTyping)
def set_typing(world: World, caller: Caller, query: Any) -> bool:
    check_peer(world, caller, world.peer_number(query.peer, caller))
    return True


@rpc(F.messages.SetBotCallbackAnswer)
def set_callback_answer(world: World, _caller: Caller, query: Any) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery: at most 200 characters."""
    if limits.length(query.message or "") > 200:
        raise Refused(400, "MESSAGE_TOO_LONG")
    world.answer(query.query_id, {"text": query.message, "alert": bool(query.alert), "url": query.url})
    return True


@rpc(F.messages.SetInlineBotResults)
def set_inline_results(world: World, _caller: Caller, query: Any) -> bool:
    """https://core.telegram.org/bots/api#answerinlinequery"""
    ids = [result.id for result in query.results]
    if len(ids) > limits.INLINE_RESULTS:
        raise Refused(400, "RESULTS_TOO_MUCH")
    if any(not 1 <= len(number.encode()) <= 64 for number in ids):
        raise Refused(400, "RESULT_ID_INVALID")
    if len(set(ids)) != len(ids):
        raise Refused(400, "RESULT_ID_DUPLICATE")
    for result in query.results:
        limits.check_markup(result.send_message.reply_markup)
    world.answer(query.query_id, query)
    return True
