"""The data that a button carries (Telegram's callback data): a name and arguments, at most 64 bytes.

The limit: core.telegram.org/bots/api#inlinekeyboardbutton.

Telegram does not vouch for it: a client may send any bytes. So data is parsed by the types that its handler
declares, and every rule behind a button asks for permission again.
"""

import inspect
import re
from collections.abc import Callable
from typing import Any

LIMIT = 64  # bytes
_INTEGER = re.compile(r"-?[0-9]{1,18}")


class Outdated(Exception):
    """The data of a button is not ours: it is of an older version, or made up."""


def pack(name: str, *arguments: int | str) -> str:
    """Write the data of a button. Raises `ValueError` beyond 64 bytes."""
    data = ":".join([name, *map(str, arguments)])
    if len(data.encode()) > LIMIT:
        raise ValueError(f"callback data of {len(data.encode())} bytes, {LIMIT} are allowed: {data!r}")
    return data


def fit(words: str, name: str, *others: int | str) -> str:
    """Cut words so that they fit into the data of a button, behind its name and `others`."""
    room = LIMIT - len(pack(name, *others).encode()) - 1
    return words.encode()[:room].decode(errors="ignore")


def name_of(data: str | bytes | None) -> str:
    """The name in front of a button's data. Raises `Outdated` when the data is not text."""
    if not isinstance(data, str):
        raise Outdated
    return data.partition(":")[0]


def parse(data: str, handler: Callable[..., Any]) -> dict[str, int | str]:
    """Read a button's data as the arguments of its handler: the parameters after the request, by their types.

    The last one takes the rest of the text. Raises `Outdated` when they do not fit.
    """
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    texts = data.split(":", maxsplit=len(parameters))[1:]
    required = sum(parameter.default is parameter.empty for parameter in parameters)
    if not required <= len(texts) <= len(parameters):
        raise Outdated
    return {
        parameter.name: _value(raw, parameter.annotation)
        for parameter, raw in zip(parameters, texts, strict=False)
    }


def _value(raw: str, kind: Any) -> int | str:
    if kind is not int:
        return raw
    if not _INTEGER.fullmatch(raw):
        raise Outdated
    return int(raw)
