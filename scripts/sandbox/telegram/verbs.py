"""The register of what a driver (a test, the demo, a benchmark) may do to the sandbox.

A verb takes the world and JSON values and gives a JSON value, so that a driver may live in another process.
"""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from scripts.sandbox.telegram.world import World

Verb = TypeVar("Verb", bound=Callable[..., Any])

_VERBS: dict[str, Callable[..., Any]] = {}


def verb(function: Verb) -> Verb:
    """Register a function under its own name."""
    _VERBS[function.__name__] = function
    return function


async def perform(world: World, name: str, arguments: dict[str, Any]) -> Any:
    """Do what a driver asks. Raises `KeyError` for an unknown verb, `Refused` when Telegram would refuse."""
    result = _VERBS[name](world, **arguments)
    return await result if inspect.isawaitable(result) else result
