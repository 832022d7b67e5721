"""Completing a filter while it is typed: fields, then the values that make sense there. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from core.jobs.admin.filter_language import ARGUMENT, CHOICES, FIELDS, OPERATORS, Token, tokens
from schemas.jobs import DURABLE

ACTORS = tuple(sorted(contract.actor for contract in DURABLE))


def complete(text: str, seen: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """What the whole text may become, its last word completed, best first.

    `seen` are values that the ledger holds just now, by field (workers, error classes).
    """
    last = None if not text or text[-1].isspace() else list(tokens(text))[-1]
    if last is None:
        return [text + field for field in _fields(text, "")]
    if not last.operator:
        return [text[: last.start] + field for field in _fields(text, last.field)]
    start = text.rfind(",", last.value_at) + 1 or last.value_at
    typed = text[start:].lstrip('"')
    values = _values(last, seen or {})
    return [text[:start] + _quoted(value) for value in values if value.startswith(typed) and value != typed]


def _fields(text: str, typed: str) -> list[str]:
    if typed.startswith(ARGUMENT):
        names = [f"{ARGUMENT}{name}=" for name in _arguments(text)]
    else:
        names = [f"{name}{OPERATORS[kind][-1 if kind == 'span' else 0]}" for name, kind in FIELDS.items()]
        names.append(ARGUMENT)
    return [name for name in names if name.startswith(typed)]


def _arguments(text: str) -> list[str]:
    """The names of the arguments of the actors that the filter names, or of all."""
    named = {text[token.value_at : token.end] for token in tokens(text) if token.field == "actor"}
    contracts = [contract for contract in DURABLE if contract.actor in named] or DURABLE
    return sorted({field.name for contract in contracts for field in msgspec.structs.fields(contract)})


def _values(token: Token, seen: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if token.field in CHOICES:
        return CHOICES[token.field]
    return ACTORS if token.field == "actor" else seen.get(token.field, ())


def _quoted(value: str) -> str:
    return f'"{value}"' if any(mark in value for mark in ' ,"') else value
