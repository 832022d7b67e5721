"""Secrets that people type: wrong ones are counted for each person, and somebody is told of an attack (C41).

Without Redis this process counts alone.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.request import Request
from core.kit.errors import Refused
from core.people.guesses import GUESSED, Secret, report_guesses
from core.process.limiter import TooMany
from core.process.limits import SECRETS

Found = TypeVar("Found")


class Stopped(Exception):
    """The person guessed too often, and knows; nothing more is to be said."""


async def try_secret(request: Request, secret: Secret, attempt: Callable[[], Awaitable[Found]]) -> Found:
    """What the attempt finds by a secret that the person typed. Whoever has been wrong 20 times is not heard.

    Raises `Stopped`, and what the attempt raises.
    """
    limiter = request.app.limiter
    client = f"{secret.kind}:{request.person.telegram_id}"
    try:
        await limiter.check(SECRETS, client)
    except TooMany:
        raise Stopped from None
    try:
        return await attempt()
    except Refused as wrong:
        if wrong.code not in GUESSED:
            raise
        try:
            await limiter.count(SECRETS, client)
            await limiter.check(SECRETS, client)
        except TooMany as stop:
            await request.app.run(
                lambda session: report_guesses(session, request.person, secret, now=request.now)
            )
            await request.say("guesses-stopped", kind=secret.kind, seconds=stop.seconds)
            raise Stopped from None
        raise
