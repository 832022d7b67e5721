"""The table of functions that serve Telegram's calls, and what happens around every call."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from pyrogram.raw.core import TLObject

from scripts.sandbox.telegram.entities import Caller
from scripts.sandbox.telegram.tl import Answer, Refused, method_name
from scripts.sandbox.telegram.wire import AnswerLost, Link
from scripts.sandbox.telegram.world import World

Handler = TypeVar("Handler", bound=Callable[..., Any])

_HANDLERS: dict[type, Callable[..., Any]] = {}
_OPEN: dict[type, Callable[..., Any]] = {}


def rpc(*calls: type) -> Callable[[Handler], Handler]:
    """Register `handler(world, caller, query)` for calls of a signed-in bot. It may be a coroutine."""

    def register(handler: Handler) -> Handler:
        _HANDLERS.update(dict.fromkeys(calls, handler))
        return handler

    return register


def open_rpc(*calls: type) -> Callable[[Handler], Handler]:
    """Register `handler(world, link, query)` for calls that need no sign-in."""

    def register(handler: Handler) -> Handler:
        _OPEN.update(dict.fromkeys(calls, handler))
        return handler

    return register


async def dispatch(world: World, link: Link, query: TLObject[Any]) -> Answer:
    """Serve one call of a client. Raises `Refused`, or `AnswerLost` after the call took effect."""
    method = method_name(query)
    world.calls[method] += 1
    await world.faults.before(method, link.login or "")
    handler, subject = _find(world, link, query, method)
    answer = handler(world, subject, query)
    if inspect.isawaitable(answer):
        answer = await answer
    if world.faults.loses_answer(method):
        raise AnswerLost
    return answer  # type: ignore[no-any-return]


def _find(
    world: World, link: Link, query: TLObject[Any], method: str
) -> tuple[Callable[..., Any], Caller | Link]:
    if type(query) in _OPEN:
        return _OPEN[type(query)], link
    bot = world.bots.get(link.login or "")
    if bot is None:
        raise Refused(401, "AUTH_KEY_UNREGISTERED")
    handler = _HANDLERS.get(type(query))
    if handler is None:
        # Never 500: the client would retry it ten times, a second apart.
        world.missing.append(method)
        raise Refused(400, "METHOD_INVALID")
    return handler, Caller(bot, link)
