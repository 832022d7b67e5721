"""What the sandbox's calls share of Telegram's objects: answers, refusals, filling of required fields."""

from inspect import signature
from io import BytesIO
from typing import Any, TypeVar

from pyrogram import raw
from pyrogram.raw.core import MsgContainer, TLObject
from pyrogram.raw.core.primitives import Bool, Int, Long, Vector

F = raw.functions
T = raw.types

Answer = TLObject[Any] | bool | list[Any]

X = TypeVar("X")

RPC_RESULT = 0xF35C6D01


class Refused(Exception):
    """A call that Telegram refuses: an HTTP-like code and a reason (https://core.telegram.org/api/errors)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


def pack_result(request_id: int, result: Answer) -> bytes:
    """`rpc_result`; kurigram's own class cannot write a bare Bool or Vector."""
    if isinstance(result, bool):
        body = bytes(Bool(result))
    elif isinstance(result, list):
        body = bytes(Vector(result))
    else:
        body = result.write()
    return bytes(Int(RPC_RESULT, False)) + bytes(Long(request_id)) + body


def read_query(data: bytes) -> Any:
    """What a client sent, or `MsgContainer` of several.

    kurigram guesses from its length what a vector holds, so that one of objects of four or eight bytes
    (`inputUserSelf`, `inputMessageID`) comes as numbers; the schema says that they are objects.
    """
    body = TLObject.read(BytesIO(data))
    for query in [inner.body for inner in body.messages] if isinstance(body, MsgContainer) else [body]:
        _mend_vectors(query)
    return body


def _mend_vectors(query: Any) -> None:
    while query is not None:
        for name, parameter in list(signature(type(query).__init__).parameters.items())[1:]:
            kind, numbers = str(parameter.annotation), getattr(query, name, None)
            if kind.startswith("list[raw.base.") and isinstance(numbers, list):
                setattr(query, name, [_as_object(number) for number in numbers])
        query = getattr(query, "query", None)  # of invokeWithLayer and its like


def _as_object(element: Any) -> Any:
    if not isinstance(element, int):
        return element
    size = 4 if -(2**31) <= element < 2**31 else 8
    return TLObject.read(BytesIO(element.to_bytes(size, "little", signed=True)))


_ZERO: dict[str, Any] = {"int": 0, "str": "", "bool": False, "bytes": b""}


def blank(cls: type[X], **fields: Any) -> X:
    """An object whose required fields are zero, false or empty unless given."""
    values: dict[str, Any] = {}
    for name, parameter in list(signature(cls.__init__).parameters.items())[1:]:
        kind = str(parameter.annotation)
        if "list" in kind:
            values[name] = []
        elif parameter.default is parameter.empty:
            values[name] = _ZERO.get(kind)
    return cls(**{**values, **fields})


def method_name(query: TLObject[Any]) -> str:
    """`messages.sendMessage` for `functions.messages.SendMessage`, as Telegram's pages write it."""
    *space, name = str(query.QUALNAME).split(".")[1:]
    return ".".join([*space, name[0].lower() + name[1:]])
