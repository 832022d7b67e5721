"""Signing in, the state of updates, and looking up peers."""

from typing import Any

from scripts.sandbox.telegram.entities import Caller
from scripts.sandbox.telegram.registry import open_rpc, rpc
from scripts.sandbox.telegram.tl import F, Refused, T, blank
from scripts.sandbox.telegram.wire import Link
from scripts.sandbox.telegram.world import World

DATA_CENTER = 2


@open_rpc(F.help.GetConfig)
def get_config(world: World, _link: Link, _query: Any) -> Any:
    """https://core.telegram.org/method/help.getConfig; the client looks its own data centre up in it."""
    here = T.DcOption(id=DATA_CENTER, ip_address="127.0.0.1", port=world.wire.port)
    return blank(
        T.Config,
        date=world.now(),
        expires=world.now() + 3600,
        this_dc=DATA_CENTER,
        dc_options=[here],
        me_url_prefix="https://t.me/",
        test_mode=False,
        dc_txt_domain_name="",
    )


@open_rpc(F.auth.ImportBotAuthorization)
def import_bot_authorization(world: World, link: Link, query: Any) -> Any:
    """https://core.telegram.org/method/auth.importBotAuthorization"""
    bot = world.bots.get(query.bot_auth_token)
    if bot is None:
        raise Refused(400, "ACCESS_TOKEN_INVALID")
    world.wire.remember_login(link, bot.token)
    return T.auth.Authorization(user=world.user(bot.id, bot.id))


@rpc(F.auth.LogOut)
def log_out(world: World, caller: Caller, _query: Any) -> Any:
    world.wire.remember_login(caller.link, None)
    return T.auth.LoggedOut()


def _state(world: World, caller: Caller) -> Any:
    return T.updates.State(pts=caller.bot.pts, qts=0, date=world.now(), seq=0, unread_count=0)


@rpc(F.updates.GetState)
def get_state(world: World, caller: Caller, _query: Any) -> Any:
    return _state(world, caller)


@rpc(F.updates.GetDifference)
def get_difference(world: World, caller: Caller, query: Any) -> Any:
    """Messages newer than the caller's pts (https://core.telegram.org/api/updates#recovering-gaps).

    Callback queries and pre-checkouts are not kept: they expire within seconds anyway.
    """
    missed = [entry for entry in caller.bot.log if entry.pts > query.pts]
    if not missed:
        return T.updates.DifferenceEmpty(date=world.now(), seq=0)
    news = [entry.update for entry in missed]
    users = {number for entry in missed for number in entry.users}
    return T.updates.Difference(
        new_messages=[update.message for update in news if isinstance(update, T.UpdateNewMessage)],
        new_encrypted_messages=[],
        other_updates=[update for update in news if not isinstance(update, T.UpdateNewMessage)],
        chats=[world.chat(number, caller.bot.id) for entry in missed for number in entry.channels],
        users=[world.user(number, caller.bot.id) for number in users],
        state=_state(world, caller),
    )


@rpc(F.updates.GetChannelDifference)
def get_channel_difference(_world: World, _caller: Caller, query: Any) -> Any:
    return T.updates.ChannelDifferenceEmpty(pts=query.pts, final=True)


@rpc(F.users.GetUsers)
def get_users(world: World, caller: Caller, query: Any) -> list[Any]:
    """Those the bot may know of; strangers are left out."""
    numbers = [world.peer_number(peer, caller) for peer in query.id]
    contacts = caller.bot.contacts | {caller.bot.id}
    return [world.user(number, caller.bot.id) for number in numbers if number in contacts]


@rpc(F.users.GetFullUser)
def get_full_user(world: World, caller: Caller, query: Any) -> Any:
    number = world.peer_number(query.id, caller)
    if number not in caller.bot.contacts | {caller.bot.id}:
        raise Refused(400, "USER_ID_INVALID")
    full = blank(T.UserFull, id=number, settings=T.PeerSettings(), notify_settings=T.PeerNotifySettings())
    return T.users.UserFull(full_user=full, chats=[], users=[world.user(number, caller.bot.id)])


@rpc(F.contacts.ResolveUsername)
def resolve_username(world: World, caller: Caller, query: Any) -> Any:
    """https://core.telegram.org/method/contacts.resolveUsername"""
    for account in world.accounts.values():
        if (account.username or "").lower() == query.username.lower():
            users = [world.user(account.id, caller.bot.id)]
            return T.contacts.ResolvedPeer(peer=T.PeerUser(user_id=account.id), chats=[], users=users)
    raise Refused(400, "USERNAME_NOT_OCCUPIED")
