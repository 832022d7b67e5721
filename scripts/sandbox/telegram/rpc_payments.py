"""Telegram Stars: invoice links, refunds and the list of transactions.

https://core.telegram.org/bots/payments-stars
"""

from typing import Any

from scripts.sandbox.telegram.entities import Bot, Caller, Entry
from scripts.sandbox.telegram.limits import SUBSCRIPTION_PERIOD, check_invoice
from scripts.sandbox.telegram.registry import rpc
from scripts.sandbox.telegram.tl import F, Refused, T
from scripts.sandbox.telegram.world import World


@rpc(F.payments.ExportInvoice)
def export_invoice(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/payments.exportInvoice"""
    check_invoice(query.invoice_media)
    url = f"https://t.me/$sandbox{world.ids()}"
    world.invoices[url] = (caller.bot, query.invoice_media)
    return T.payments.ExportedInvoice(url=url)


@rpc(F.messages.SetBotPrecheckoutResults)
def set_precheckout_results(world: World, _caller: Caller, query: Any) -> bool:
    """https://core.telegram.org/bots/api#answerprecheckoutquery: within 10 seconds."""
    world.answer(query.query_id, query)
    return True


def record_payment(
    world: World, bot: Bot, payer: int, media: Any, *, until: int | None = None, first: bool = False
) -> Any:
    """Move the Stars, write the transaction, send `successful_payment`. Returns the action.

    Of a subscription `until` ends the paid period; its first payment says so besides
    (https://core.telegram.org/constructor/messageActionPaymentSentMe).
    """
    total = sum(price.amount for price in media.invoice.prices)
    charge = f"sandbox_charge_{world.ids()}"
    action = T.MessageActionPaymentSentMe(
        currency=media.invoice.currency,
        total_amount=total,
        payload=media.payload,
        charge=T.PaymentCharge(id=charge, provider_charge_id=charge),
        recurring_init=first or None,
        recurring_used=until is not None or None,
        subscription_until_date=until,
    )
    world.charges[charge] = {"bot": bot.id, "payer": payer, "action": action, "refunded": False}
    _write_transaction(world, bot, payer, action, total, refund=False)
    bot.met.add(payer)
    bot.contacts.add(payer)
    send_service(world, bot, payer, action)
    return action


def send_service(world: World, bot: Bot, person: int, action: Any) -> Entry:
    """A service message in a private chat, seen by both sides."""
    raw = T.MessageService(
        id=world.ids(),
        peer_id=T.PeerUser(user_id=person),
        from_id=T.PeerUser(user_id=person),
        date=world.now(),
        action=action,
    )
    entry = world.store(Entry(raw, bot, person, outgoing=False))
    update = T.UpdateNewMessage(message=raw, pts=world.next_pts(bot), pts_count=1)
    world.push(bot, update, [person, bot.id], keep=True)
    return entry


def _write_transaction(world: World, bot: Bot, payer: int, action: Any, amount: int, *, refund: bool) -> None:
    bot.transactions.append(
        T.StarsTransaction(
            id=action.charge.id,
            amount=T.StarsAmount(amount=amount, nanos=0),
            date=world.now(),
            peer=T.StarsTransactionPeer(peer=T.PeerUser(user_id=payer)),
            refund=refund or None,
            bot_payload=action.payload,
            subscription_period=SUBSCRIPTION_PERIOD if action.recurring_used else None,
        )
    )


@rpc(F.payments.RefundStarsCharge)
def refund_stars_charge(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/payments.refundStarsCharge: once per charge."""
    charge = world.charges.get(query.charge_id)
    payer = world.peer_number(query.user_id, caller)
    if charge is None or charge["bot"] != caller.bot.id or charge["payer"] != payer:
        raise Refused(400, "CHARGE_NOT_FOUND" if query.charge_id else "CHARGE_ID_EMPTY")
    if charge["refunded"]:
        raise Refused(400, "CHARGE_ALREADY_REFUNDED")
    give_back(world, charge)
    return world.reply(caller.bot, [], [payer, caller.bot.id])


def give_back(world: World, charge: dict[str, Any]) -> None:
    """Return the Stars of a charge, and tell both sides."""
    payer, paid = charge["payer"], charge["action"]
    bot = next(bot for bot in world.bots.values() if bot.id == charge["bot"])
    charge["refunded"] = True
    _write_transaction(world, bot, payer, paid, -paid.total_amount, refund=True)
    refund = T.MessageActionPaymentRefunded(
        peer=T.PeerUser(user_id=bot.id),
        currency=paid.currency,
        total_amount=paid.total_amount,
        charge=paid.charge,
        payload=paid.payload,
    )
    send_service(world, bot, payer, refund)


@rpc(F.payments.GetStarsTransactions)
def get_stars_transactions(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/payments.getStarsTransactions: newest first unless ascending,
    at most 100 at once (https://core.telegram.org/bots/api#getstartransactions)."""
    if not isinstance(query.peer, T.InputPeerSelf):  # of others, only of channels that it owns
        raise Refused(400, "PEER_ID_INVALID")
    if not 1 <= query.limit <= 100:
        raise Refused(400, "LIMIT_INVALID")
    if query.offset and not query.offset.isdecimal():
        raise Refused(400, "OFFSET_INVALID")
    start = int(query.offset or 0)
    history = list(caller.bot.transactions)
    if query.inbound:
        history = [line for line in history if line.amount.amount > 0]
    if query.outbound:
        history = [line for line in history if line.amount.amount < 0]
    if not query.ascending:
        history.reverse()
    page = history[start : start + query.limit]
    following = start + len(page)
    payers = {line.peer.peer.user_id for line in page}
    return T.payments.StarsStatus(
        balance=T.StarsAmount(amount=sum(t.amount.amount for t in caller.bot.transactions), nanos=0),
        chats=[],
        users=[world.user(number, caller.bot.id) for number in payers],
        history=page,
        next_offset=str(following) if following < len(history) else None,
    )


@rpc(F.payments.GetStarsTransactionsByID)
def get_stars_transactions_by_id(world: World, caller: Caller, query: Any) -> Any:
    keys = {(line.id, bool(line.refund)) for line in query.id}
    page = [t for t in caller.bot.transactions if (t.id, bool(t.refund)) in keys]
    return T.payments.StarsStatus(
        balance=T.StarsAmount(amount=sum(t.amount.amount for t in caller.bot.transactions), nanos=0),
        chats=[],
        users=[world.user(t.peer.peer.user_id, caller.bot.id) for t in page],
        history=page,
    )
