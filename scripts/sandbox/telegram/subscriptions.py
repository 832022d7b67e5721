"""Subscriptions: Stars taken every 30 days (https://core.telegram.org/api/subscriptions).

Of a bot's subscription the bot hears by a payment for each period, and by `updateBotStarsSubscription`
when its person ends it, takes that back, or could not pay. Of a channel's it hears `chat_member` only.
That a renewal of a channel's subscription is told so, and that a failed charge ends the period at once, is
our reading: no page says it.
"""

from typing import Any

from scripts.sandbox.telegram.entities import Bot, Caller, Channel, Subscription
from scripts.sandbox.telegram.limits import SUBSCRIPTION_PERIOD
from scripts.sandbox.telegram.registry import rpc
from scripts.sandbox.telegram.rpc_channels import change_participant
from scripts.sandbox.telegram.rpc_payments import record_payment
from scripts.sandbox.telegram.tl import F, Refused, T
from scripts.sandbox.telegram.verbs import verb
from scripts.sandbox.telegram.world import World


def subscribe_to_bot(world: World, bot: Bot, payer: int, media: Any) -> str:
    """Begin a subscription by an invoice with its first payment; the charge's id."""
    until = world.now() + SUBSCRIPTION_PERIOD
    charge = str(record_payment(world, bot, payer, media, until=until, first=True).charge.id)
    amount = media.invoice.prices[0].amount
    world.subscriptions[charge] = Subscription(charge, payer, amount, until, bot, media)
    return charge


def subscribe_to_channel(world: World, room: Channel, payer: int, invite: Any) -> str:
    """Begin a subscription by a place in a channel with its first payment; the charge's id.

    The Stars go to the channel.
    """
    until = world.now() + SUBSCRIPTION_PERIOD
    charge = f"sandbox_charge_{world.ids()}"
    amount = invite.subscription_pricing.amount
    world.subscriptions[charge] = Subscription(charge, payer, amount, until, link=invite.link)
    invite.usage = (invite.usage or 0) + 1
    member = T.ChannelParticipant(user_id=payer, date=world.now(), subscription_until_date=until)
    change_participant(world, room, payer, payer, member, invite)
    return charge


def settle(world: World) -> None:
    """Charge or end all subscriptions that have come due, as often as periods have passed."""
    for subscription in list(world.subscriptions.values()):
        while subscription.renews and not subscription.missing_balance and subscription.until <= world.now():
            _renew(world, subscription)
        if subscription.until <= world.now():
            _end(world, subscription)


def _renew(world: World, subscription: Subscription) -> None:
    if world.accounts[subscription.payer].out_of_stars:
        fails_charge(world, subscription.charge)
    else:
        charges_subscription(world, subscription.charge)


def _end(world: World, subscription: Subscription) -> None:
    """Telegram itself puts out of a channel who stopped paying for it."""
    room, _ = world.links.get(subscription.link, (None, None))
    if room is not None and subscription.payer in room.members:
        change_participant(world, room, subscription.payer, subscription.payer, None)


def _subscription(world: World, charge_id: str) -> Subscription:
    subscription = world.subscriptions.get(charge_id)
    if subscription is None:
        raise Refused(400, "SUBSCRIPTION_ID_INVALID")
    return subscription


@verb
def charges_subscription(world: World, charge_id: str) -> str:
    """Take the Stars for the next period now; the id of the new charge. No pre-checkout is asked for."""
    subscription = _subscription(world, charge_id)
    if not subscription.renews:
        raise Refused(400, "SUBSCRIPTION_NOT_ACTIVE")
    lapsed = subscription.missing_balance
    subscription.until = (world.now() if lapsed else subscription.until) + SUBSCRIPTION_PERIOD
    subscription.missing_balance = False
    if subscription.bot is not None:
        bot, media, until = subscription.bot, subscription.media, subscription.until
        return str(record_payment(world, bot, subscription.payer, media, until=until).charge.id)
    room, invite = world.links[subscription.link]
    member = T.ChannelParticipant(
        user_id=subscription.payer, date=world.now(), subscription_until_date=subscription.until
    )
    change_participant(world, room, subscription.payer, subscription.payer, member, invite)
    return f"sandbox_charge_{world.ids()}"


@verb
def fails_charge(world: World, charge_id: str) -> None:
    """Let the next charge of a subscription fail for too few Stars."""
    subscription = _subscription(world, charge_id)
    subscription.missing_balance = True
    _tell(world, subscription, payment_failed=True)


@verb
def change_subscription(world: World, person: int, charge_id: str, canceled: bool) -> None:
    """The person ends a subscription, or takes that back before the period is over.

    https://core.telegram.org/method/payments.changeStarsSubscription; what the bot cancelled, only the
    bot may allow again.
    """
    subscription = _subscription(world, charge_id)
    if subscription.payer != person:
        raise Refused(400, "SUBSCRIPTION_ID_INVALID")
    if subscription.canceled == canceled or (not canceled and subscription.bot_canceled):
        raise Refused(400, "SUBSCRIPTION_NOT_MODIFIED")
    subscription.canceled = canceled
    _tell(world, subscription, **({"canceled": True} if canceled else {"restored": True}))


def _tell(world: World, subscription: Subscription, **flags: bool) -> None:
    """https://core.telegram.org/bots/api#botsubscriptionupdated"""
    bot = subscription.bot
    if bot is None:
        return
    update = T.UpdateBotStarsSubscription(
        user_id=subscription.payer,
        payload=subscription.media.payload,
        qts=world.next_pts(bot),
        **flags,
    )
    world.push(bot, update, [subscription.payer, bot.id], keep=True)


@verb
def set_out_of_stars(world: World, person: int, empty: bool) -> None:
    world.person(person).out_of_stars = empty


@verb
def describe_subscriptions(world: World, person: int) -> Any:
    """What the person's own list shows (https://core.telegram.org/constructor/starsSubscription)."""
    return [
        {
            "charge": s.charge,
            "stars": s.amount,
            "until": s.until,
            "canceled": s.canceled,
            "bot_canceled": s.bot_canceled,
            "missing_balance": s.missing_balance,
        }
        for s in world.subscriptions.values()
        if s.payer == person
    ]


@rpc(F.payments.BotCancelStarsSubscription)
def bot_cancel_subscription(world: World, caller: Caller, query: Any) -> bool:
    """https://core.telegram.org/method/payments.botCancelStarsSubscription

    The charge is the first one's. `restore` lets the person go on by himself, it does not go on by itself.
    """
    subscription = world.subscriptions.get(query.charge_id)
    payer = world.peer_number(query.user_id, caller)
    if subscription is None or subscription.bot is not caller.bot:
        raise Refused(400, "CHARGE_ID_INVALID")
    if subscription.payer != payer:
        raise Refused(400, "USER_ID_INVALID")
    if subscription.bot_canceled == (not query.restore):
        raise Refused(400, "SUBSCRIPTION_NOT_MODIFIED")
    subscription.bot_canceled = not query.restore
    subscription.canceled = True
    return True
