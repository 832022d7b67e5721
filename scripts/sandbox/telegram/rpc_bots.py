"""What a bot sets about itself: commands per language, and the menu button per person."""

import re
from typing import Any

from scripts.sandbox.telegram.entities import Caller
from scripts.sandbox.telegram.registry import rpc
from scripts.sandbox.telegram.tl import F, Refused, T
from scripts.sandbox.telegram.world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
"""https://core.telegram.org/bots/api#botcommand"""


@rpc(F.bots.SetBotCommands)
def set_bot_commands(world: World, caller: Caller, query: Any) -> bool:
    """https://core.telegram.org/method/bots.setBotCommands"""
    if len(query.commands) > 100 or not all(
        _COMMAND.fullmatch(command.command) for command in query.commands
    ):
        raise Refused(400, "BOT_COMMAND_INVALID")
    if not all(1 <= len(command.description) <= 256 for command in query.commands):
        raise Refused(400, "BOT_COMMAND_DESCRIPTION_INVALID")
    _commands(world, caller, query.scope)[query.lang_code] = query.commands
    return True


@rpc(F.bots.ResetBotCommands)
def reset_bot_commands(world: World, caller: Caller, query: Any) -> bool:
    _commands(world, caller, query.scope).pop(query.lang_code, None)
    return True


@rpc(F.bots.GetBotCommands)
def get_bot_commands(world: World, caller: Caller, query: Any) -> list[Any]:
    return _commands(world, caller, query.scope).get(query.lang_code, [])


def _commands(world: World, caller: Caller, scope: Any) -> dict[str, list[Any]]:
    """The lists by language of everybody, or of one chat (core.telegram.org/type/BotCommandScope)."""
    if isinstance(scope, T.BotCommandScopePeer):
        return caller.bot.chat_commands.setdefault(world.peer_number(scope.peer, caller), {})
    if isinstance(scope, T.BotCommandScopeDefault):
        return caller.bot.commands
    raise Refused(400, "BOT_COMMAND_SCOPE_UNKNOWN")  # the sandbox knows no other; ours sets no other


@rpc(F.bots.SetBotMenuButton)
def set_bot_menu_button(world: World, caller: Caller, query: Any) -> bool:
    """https://core.telegram.org/method/bots.setBotMenuButton; an empty user means everyone's default."""
    empty = isinstance(query.user_id, T.InputUserEmpty)
    caller.bot.menus[0 if empty else world.peer_number(query.user_id, caller)] = query.button
    return True


@rpc(F.bots.GetBotMenuButton)
def get_bot_menu_button(world: World, caller: Caller, query: Any) -> Any:
    number = world.peer_number(query.user_id, caller)
    return caller.bot.menus.get(number) or caller.bot.menus.get(0) or T.BotMenuButtonDefault()
