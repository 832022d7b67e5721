"""Parameters of requests, read as a table says what each of them is. What is not in the table is refused.

A table's values: `str`, `int`, `bool`, `float`; a tuple of words; `ANY`; a table for an object; `[one]` for a
list. A name that ends with `!` must be there. The codes are those of https://docs.stripe.com/error-codes.
"""

import re
from typing import Any

from scripts.sandbox.stripe.errors import StripeError, invalid

ANY = object()
"""An object of free names, as metadata."""

Table = dict[str, Any]
WHOLE = re.compile(r"-?[0-9]{1,18}")
RANGE = dict.fromkeys(("gt", "gte", "lt", "lte"), int)
PAGE: Table = {"limit": int, "starting_after": str, "ending_before": str, "created": RANGE, "expand": [str]}
ONE: Table = {"expand": [str]}
METADATA_KEYS = 50


def read(params: dict[str, Any], table: Table, at: str = "") -> dict[str, Any]:
    """The parameters in their kinds. Raises `StripeError`: parameter_unknown, _missing, _invalid …"""
    kinds = {name.rstrip("!"): kind for name, kind in table.items()}
    for name in params:
        if name not in kinds:
            raise invalid(
                "parameter_unknown", f"Received unknown parameter: {_path(at, name)}", _path(at, name)
            )
    for name in table:
        if name.endswith("!") and params.get(name[:-1]) in (None, ""):
            path = _path(at, name[:-1])
            raise invalid("parameter_missing", f"Missing required param: {path}.", path)
    return {name: _value(part, kinds[name], _path(at, name)) for name, part in params.items()}


def _path(at: str, name: str) -> str:
    return f"{at}[{name}]" if at else name


def _value(part: Any, kind: Any, path: str) -> Any:
    if kind is ANY:
        return _free(part, path)
    if isinstance(kind, dict):
        if kind is RANGE and isinstance(part, str):
            return _whole(part, path)
        if not isinstance(part, dict):
            raise invalid("parameter_invalid", "Invalid object", path)
        return read(part, kind, path)
    if isinstance(kind, list):
        if not isinstance(part, list):
            raise invalid("parameter_invalid", "Invalid array", path)
        return [_value(one, kind[0], _path(path, str(index))) for index, one in enumerate(part)]
    if isinstance(kind, tuple):
        if part not in kind:
            raise invalid("parameter_invalid", f"Invalid {path}: must be one of {', '.join(kind)}", path)
        return part
    return _plain(part, kind, path)


def _plain(part: Any, kind: type, path: str) -> Any:
    if type(part) is kind:
        return part
    if not isinstance(part, str):
        raise invalid("parameter_invalid", f"Invalid {kind.__name__}: {part!r:.40}", path)
    if kind is bool:
        if part not in ("true", "false"):
            raise invalid("parameter_invalid", f"Invalid boolean: {part}", path)
        return part == "true"
    if kind is float:
        return _number(part, path)
    return _whole(part, path)


def _whole(part: str, path: str) -> int:
    if not WHOLE.fullmatch(part):
        raise invalid("parameter_invalid_integer", f"Invalid integer: {part}", path)
    return int(part)


def _number(part: str, path: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", part):
        raise invalid("parameter_invalid", f"Invalid decimal: {part}", path)
    return float(part)


def _free(part: Any, path: str) -> dict[str, str]:
    """Metadata: at most 50 keys of 40 letters with 500 letters each (https://docs.stripe.com/metadata)."""
    if part == "":
        return {}
    if not isinstance(part, dict) or not all(isinstance(text, str) for text in part.values()):
        raise invalid("parameter_invalid", "Invalid object", path)
    if len(part) > METADATA_KEYS or any(len(key) > 40 or len(text) > 500 for key, text in part.items()):
        raise invalid("parameter_invalid", "Metadata is limited to 50 keys of 40 characters, 500 each", path)
    return part


def merge(before: dict[str, str], change: dict[str, str]) -> dict[str, str]:
    """Metadata after a change: an empty text takes its key away."""
    return {key: text for key, text in (before | change).items() if text != ""}


def card_error(code: str, message: str) -> StripeError:
    """A payment that the card's bank refuses, 402."""
    return StripeError(402, code, message, kind="card_error")
