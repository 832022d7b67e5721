"""What people do in the Telegram sandbox: write, press, pay, block, send files, ask inline."""

import base64
import hashlib
import re
from typing import Any

from scripts.sandbox.telegram import limits
from scripts.sandbox.telegram.entities import Account, Bot, Entry
from scripts.sandbox.telegram.media import File, store_document
from scripts.sandbox.telegram.rpc_payments import give_back, record_payment, send_service
from scripts.sandbox.telegram.subscriptions import subscribe_to_bot
from scripts.sandbox.telegram.tl import Refused, T
from scripts.sandbox.telegram.verbs import verb
from scripts.sandbox.telegram.views import describe_buttons, describe_message
from scripts.sandbox.telegram.world import World

FIRST_PERSON = 700_000_000
_COMMAND = re.compile(r"(?:^|(?<=\s))/[A-Za-z0-9_]{1,32}(?:@\w+)?")


@verb
def add_bot(world: World, token: str, username: str) -> int:
    """A bot's id is the number its token starts with. Adding it again is harmless."""
    if token not in world.bots:
        bot = Bot(int(token.split(":")[0]), username, username, token=token)
        world.bots[token] = world.accounts[bot.id] = bot
    return world.bots[token].id


@verb
def add_person(world: World, name: str, language: str | None, username: str | None) -> int:
    number = FIRST_PERSON + world.ids()
    world.accounts[number] = Account(number, name, username, language)
    return number


@verb
def add_crowd(world: World, names: list[str], language: str | None) -> list[int]:
    """Many people who have written to the first bot before, without telling it again."""
    crowd = [add_person(world, name, language, None) for name in names]
    bot = _bot(world, None)
    bot.met.update(crowd)
    bot.contacts.update(crowd)
    return crowd


def _bot(world: World, number: int | None) -> Bot:
    """The bot meant; without a number, the first one."""
    for bot in world.bots.values():
        if number is None or bot.id == number:
            return bot
    raise Refused(400, "BOT_INVALID")


def _entry(world: World, person: int, message: int) -> Entry:
    entry = world.messages.get(message)
    if entry is None or entry.deleted or (entry.chat != person and entry.chat not in world.channels):
        raise Refused(400, "MESSAGE_ID_INVALID")
    return entry


def _write(world: World, person: int, bot: Bot, text: str, reply_to: int | None, media: Any = None) -> Any:
    if bot.id in world.person(person).blocked:
        raise Refused(400, "YOU_BLOCKED_USER")
    bot.met.add(person)
    bot.contacts.add(person)
    raw = T.Message(
        id=world.ids(),
        peer_id=T.PeerUser(user_id=person),
        from_id=T.PeerUser(user_id=person),
        date=world.now(),
        message=text,
        media=media,
        entities=[
            T.MessageEntityBotCommand(offset=limits.length(text[: m.start()]), length=len(m[0]))
            for m in _COMMAND.finditer(text)
        ],
        reply_to=T.MessageReplyHeader(reply_to_msg_id=reply_to) if reply_to else None,
        restriction_reason=[],
    )
    entry = world.store(Entry(raw, bot, person, outgoing=False))
    update = T.UpdateNewMessage(message=raw, pts=world.next_pts(bot), pts_count=1)
    world.push(bot, update, [person, bot.id], keep=True)
    return describe_message(entry)


@verb
def says(world: World, person: int, text: str, bot: int | None, reply_to: int | None) -> Any:
    """A text of at most 4096 characters (a client would split a longer one)."""
    limits.check_text(text)
    return _write(world, person, _bot(world, bot), text, reply_to)


@verb
def starts(world: World, person: int, link: str) -> Any:
    """Open `https://t.me/<bot>?start=<payload>` and press Start."""
    match = re.fullmatch(r"https://t\.me/(\w+)(?:\?start=(.*))?", link)
    names = {(bot.username or "").lower(): bot for bot in world.bots.values()}
    if match is None or match[1].lower() not in names:
        raise Refused(400, "USERNAME_NOT_OCCUPIED")
    if match[2] is not None and not limits.START_PARAMETER.fullmatch(match[2]):
        raise Refused(400, "START_PARAM_INVALID")
    text = f"/start {match[2]}" if match[2] is not None else "/start"
    return _write(world, person, names[match[1].lower()], text, None)


@verb
def sends_document(world: World, person: int, data: str, name: str, bot: int | None) -> Any:
    """`data` is base64."""
    body = base64.b64decode(data)
    attributes = [T.DocumentAttributeFilename(file_name=name)]
    sha256 = hashlib.sha256(body).hexdigest()
    file = store_document(world, len(body), sha256, body, "application/octet-stream", attributes)
    return _write(world, person, _bot(world, bot), "", None, file.media)


@verb
def file_of(world: World, file: int) -> Any:
    """Size, SHA-256 and, when kept, the bytes (base64) of a file in a message."""
    stored: File = world.files[file]
    body = None if stored.body is None else base64.b64encode(stored.body).decode()
    return {"size": stored.size, "sha256": stored.sha256, "body": body}


@verb
async def presses(world: World, person: int, message: int, label: str) -> Any:
    """Press the button with this text or value. The answer's `kind` says what happened."""
    entry = _entry(world, person, message)
    buttons = [b for row in describe_buttons(entry.raw.reply_markup) for b in row]
    button = next((b for b in buttons if label in (b["text"], b.get("value"))), None)
    if button is None:
        labels = ", ".join(b["text"] for b in buttons) or "none"
        raise ValueError(f"no button {label!r} on message {message}; it has: {labels}")
    if button["kind"] == "text":
        return {"kind": "text", **says(world, person, button["text"], entry.bot.id, None)}
    if button["kind"] == "pay":
        return {"kind": "pay", **await pays(world, person, message)}
    if button["kind"] != "callback":
        return {"kind": button["kind"], "text": None, "alert": False, "url": button["value"]}
    return {"kind": "callback", **await press_data(world, person, message, button["value"])}


@verb
async def press_data(world: World, person: int, message: int, data: str) -> Any:
    """Send callback data as any client can, whether or not a button shows it.

    Raises `Refused` when the bot does not answer in time (BOT_RESPONSE_TIMEOUT,
    https://core.telegram.org/method/messages.getBotCallbackAnswer).
    """
    entry = world.messages[message]
    bot = entry.bot

    def push(number: int) -> None:
        update = T.UpdateBotCallbackQuery(
            query_id=number,
            user_id=person,
            peer=T.PeerUser(user_id=person),
            msg_id=message,
            chat_instance=person,
            data=data.encode(),
        )
        world.push(bot, update, [person, bot.id])

    try:
        return await world.ask(push)
    except TimeoutError:
        raise Refused(400, "BOT_RESPONSE_TIMEOUT") from None


@verb
async def pays(world: World, person: int, invoice: int | str) -> Any:
    """Pay an invoice message or an invoice link: {charge_id, error}.

    The bot has 10 seconds to agree, otherwise the payment fails
    (https://core.telegram.org/bots/payments-stars).
    """
    if isinstance(invoice, str):
        if invoice not in world.invoices:
            raise Refused(400, "INVOICE_INVALID")
        bot, media = world.invoices[invoice]
    else:
        entry = _entry(world, person, invoice)
        bot, media = entry.bot, entry.invoice
    if media is None:
        raise Refused(400, "INVOICE_INVALID")
    bot.contacts.add(person)
    if world.person(person).out_of_stars:
        raise Refused(400, "BALANCE_TOO_LOW")
    try:
        verdict = await world.ask(lambda number: _ask_checkout(world, bot, person, media, number))
    except TimeoutError:
        return {"charge_id": None, "error": "BOT_PRECHECKOUT_FAILED"}
    if not verdict.success:
        return {"charge_id": None, "error": verdict.error or "BOT_PRECHECKOUT_FAILED"}
    if media.invoice.subscription_period:
        return {"charge_id": subscribe_to_bot(world, bot, person, media), "error": None}
    return {"charge_id": record_payment(world, bot, person, media).charge.id, "error": None}


def _ask_checkout(world: World, bot: Bot, person: int, media: Any, number: int) -> None:
    update = T.UpdateBotPrecheckoutQuery(
        query_id=number,
        user_id=person,
        payload=media.payload,
        currency=media.invoice.currency,
        total_amount=sum(price.amount for price in media.invoice.prices),
    )
    world.push(bot, update, [person, bot.id])


@verb
def repeat_payment(world: World, charge_id: str) -> None:
    """Tell the bot once more, as a second message, of a payment it already knows."""
    charge = world.charges[charge_id]
    bot = next(b for b in world.bots.values() if b.id == charge["bot"])
    send_service(world, bot, charge["payer"], charge["action"])


@verb
def return_payment(world: World, charge_id: str) -> None:
    """Give the Stars of a charge back, as Telegram's own support does."""
    give_back(world, world.charges[charge_id])


@verb
def repeat_update(world: World, bot: int | None) -> None:
    """Push the last update to the bot again, unchanged."""
    account = _bot(world, bot)
    if account.last_push is not None:
        update, users, channels = account.last_push
        world.push(account, update, users, channels)


@verb
def delete_account(world: World, person: int) -> None:
    """https://core.telegram.org/method/account.deleteAccount; in channels the member stays."""
    world.person(person).deleted = True


@verb
def set_blocked(world: World, person: int, bot: int | None, blocked: bool) -> None:
    """https://core.telegram.org/constructor/updateBotStopped"""
    account = _bot(world, bot)
    (world.person(person).blocked.add if blocked else world.person(person).blocked.discard)(account.id)
    update = T.UpdateBotStopped(
        user_id=person, date=world.now(), stopped=blocked, qts=world.next_pts(account)
    )
    world.push(account, update, [person, account.id], keep=True)


@verb
async def inline_query(world: World, person: int, text: str, bot: int | None, offset: str) -> Any:
    """Type `@bot text` anywhere; the results as the person sees them."""
    account = _bot(world, bot)
    account.contacts.add(person)

    def push(number: int) -> None:
        update = T.UpdateBotInlineQuery(
            query_id=number,
            user_id=person,
            query=text,
            offset=offset,
            peer_type=T.InlineQueryPeerTypePM(),
        )
        world.push(account, update, [person, account.id])

    try:
        answer = await world.ask(push)
    except TimeoutError:
        raise Refused(400, "BOT_RESPONSE_TIMEOUT") from None
    return {"next_offset": answer.next_offset, "results": [_describe_result(r) for r in answer.results]}


def _describe_result(result: Any) -> dict[str, Any]:
    return {
        "id": result.id,
        "title": result.title,
        "description": result.description,
        "text": getattr(result.send_message, "message", ""),
        "rows": describe_buttons(result.send_message.reply_markup),
    }


@verb
async def chat(world: World, person: int, after: int, timeout: float) -> Any:
    """The messages of a private chat (or posts of a channel), once they are newer than version `after`."""
    await world.wait_change(person, after, timeout)
    room = world.channels.get(person)
    entries = room.posts if room is not None else world.chats.get(person, [])
    return {"version": world.versions[person], "messages": [describe_message(entry) for entry in entries]}
