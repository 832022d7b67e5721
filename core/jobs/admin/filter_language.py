"""The filter language of the queue dashboard: `state:dead actor:deliver arg.order_id=42 age>1h`.

Terms stand side by side and all must hold. A term is a field, an operator (`:` and `=` for the same thing,
`>` and `<` for numbers and times) and a value, in double quotes where it holds spaces; commas part
alternatives. Parsing is pure; core.jobs.admin.filter_sql turns terms into conditions of the database.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args
from uuid import UUID

from core.kit.errors import ComptoirError
from schemas.contracts import QUEUES
from schemas.queue import JobState

STATES: tuple[JobState, ...] = get_args(JobState)
ARGUMENT = "arg."
# How a field compares: `word` with alternatives, `text` somewhere in it, `id`, `number`, `span` of time.
FIELDS = {
    "state": "word",
    "queue": "word",
    "actor": "word",
    "worker": "word",
    "fingerprint": "word",
    "correlation": "word",
    "key": "word",
    "id": "id",
    "parent": "id",
    "error": "text",
    "attempt": "number",
    "failures": "number",
    "lost": "number",
    "age": "span",  # since it was enqueued
    "ended": "span",  # since it ended
    "due": "span",  # until it is due; due<0s: it is due now
}
CHOICES = {"state": STATES, "queue": QUEUES}
OPERATORS = {"word": ":=", "id": ":=", "text": ":=", "argument": ":=", "number": ":=<>", "span": "<>"}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LARGEST = 10**9  # of numbers, and seconds of spans: what PostgreSQL's int and interval hold

Value = str | int | UUID | timedelta


@dataclass(frozen=True)
class Term:
    """One condition. `values` has several only where the operator is `:` or `=`."""

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Filter:
    """What was typed and what it means."""

    text: str
    terms: tuple[Term, ...]

    def words(self, field: str) -> tuple[str, ...]:
        """The values that a field of words may have; empty when the filter does not say."""
        choices = [set(map(str, term.values)) for term in self.terms if term.field == field]
        return tuple(sorted(set.intersection(*choices))) if choices else ()

    def contradicts(self, field: str) -> bool:
        """Whether two terms about this field leave nothing."""
        return any(term.field == field for term in self.terms) and not self.words(field)


@dataclass
class BadFilter(ComptoirError):
    """A filter makes no sense from character `start` to `end`; `hint` says what may stand there."""

    text: str
    start: int
    end: int
    problem: str
    hint: str

    def __str__(self) -> str:
        marks = " " * self.start + "^" * max(1, self.end - self.start)
        return f"{self.problem}\n  {self.text}\n  {marks}\n{self.hint}"


@dataclass(frozen=True)
class Token:
    """A word of the filter with its place; `value_at` is where the part after the operator begins."""

    start: int
    end: int
    field: str
    operator: str
    value_at: int


_WORD = re.compile(r'\s*((?:[^\s"]|"[^"]*"|"[^"]*$)+)')
_HEAD = re.compile(r"([^:=<>\"]*)([:=<>]?)")
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,"]+)')
_SPAN = re.compile(r"(-?\d{1,9}(?:\.\d{1,3})?)([smhdw])")


def tokens(text: str) -> Iterator[Token]:
    """The words of a filter, finished or not."""
    for word in _WORD.finditer(text):
        head = _HEAD.match(text, word.start(1), word.end(1))
        assert head is not None, "it matches the empty string"
        yield Token(word.start(1), word.end(1), head[1], head[2], head.end())


def parse(text: str) -> Filter:
    """The filter that a person typed; an empty one matches every job. Raises `BadFilter`."""
    return Filter(text.strip(), tuple(_term(text, token) for token in tokens(text)))


def _term(text: str, token: Token) -> Term:
    kind = "argument" if token.field.startswith(ARGUMENT) else FIELDS.get(token.field)
    name_end = token.start + len(token.field)
    if kind is None:
        problem = f"There is no field {token.field!r}." if token.field else "A field's name is missing."
        raise BadFilter(text, token.start, max(name_end, token.start + 1), problem, _FIELDS_HINT)
    if token.field == ARGUMENT:
        problem, hint = "The argument's name is missing.", "Write it after the point: arg.order_id=42."
        raise BadFilter(text, token.start, name_end, problem, hint)
    if not token.operator:
        problem = f"{token.field} stands alone."
        raise BadFilter(text, token.start, token.end, problem, f"Give it a value: {_example(token.field)}.")
    if token.operator not in OPERATORS[kind]:
        problem = f"{token.field} cannot be compared with {token.operator}."
        hint = f"Use {' or '.join(OPERATORS[kind])}: {_example(token.field)}."
        raise BadFilter(text, name_end, token.value_at, problem, hint)
    return Term(token.field, token.operator, tuple(_values(text, token, kind)))


def _values(text: str, token: Token, kind: str) -> Iterator[Value]:
    at = token.value_at
    many = token.operator in ":="
    while True:
        matched = _VALUE.match(text, at, token.end)
        if matched is None:
            open_quote = text.startswith('"', at)
            problem = "The quotation mark is not closed." if open_quote else "A value is missing."
            raise BadFilter(text, at, max(token.end, at), problem, f"For example: {_example(token.field)}.")
        raw = matched[2] if matched[1] is None else re.sub(r"\\(.)", r"\1", matched[1])
        yield _value(text, token.field, kind, raw, (matched.start(), matched.end()))
        at = matched.end()
        if at == token.end:
            return
        if text[at] != "," or not many:
            hint = "Part alternatives with commas, and put a value with spaces in double quotes."
            raise BadFilter(text, at, token.end, "This does not belong to the value before it.", hint)
        at += 1


def _value(text: str, field: str, kind: str, raw: str, place: tuple[int, int]) -> Value:
    if kind == "number" and raw.isascii() and raw.isdigit() and int(raw) <= LARGEST:
        return int(raw)
    if kind == "number":
        raise BadFilter(text, *place, f"{raw!r} is no number.", f"For example: {_example(field)}.")
    if kind == "span":
        return _span(text, field, raw, place)
    if kind == "id":
        try:
            return UUID(raw)
        except ValueError:
            hint = "Copy it whole: 8-4-4-4-12 hexadecimal digits."
            raise BadFilter(text, *place, f"{raw!r} is no job's id.", hint) from None
    if field in CHOICES and raw not in CHOICES[field]:
        problem = f"There is no {field} {raw!r}."
        raise BadFilter(text, *place, problem, f"Choose {', '.join(CHOICES[field])}.")
    if "\0" in raw:  # which PostgreSQL refuses in texts
        raise BadFilter(text, *place, "A text cannot hold the character NUL.", "Leave it out.")
    return raw


def _span(text: str, field: str, raw: str, place: tuple[int, int]) -> timedelta:
    matched = _SPAN.fullmatch(raw)
    seconds = float(matched[1]) * UNITS[matched[2]] if matched else LARGEST + 1.0
    if abs(seconds) > LARGEST:
        hint = f"Write a number and s, m, h, d or w: {_example(field)}."
        raise BadFilter(text, *place, f"{raw!r} is no span of time.", hint)
    return timedelta(seconds=seconds)


def _example(field: str) -> str:
    examples = {
        "state": "state:dead,cancelled",
        "queue": "queue:media",
        "actor": "actor:deliver",
        "error": 'error:"timed out"',
        "attempt": "attempt>3",
    }
    kind = FIELDS.get(field, "argument")
    by_kind = {
        "argument": f"{field}=42",
        "id": f"{field}:1b4e28ba-2fa1-11d2-883f-0016d3cca427",
        "number": f"{field}>0",
        "span": f"{field}>1h",
    }
    return examples.get(field) or by_kind.get(kind, f"{field}:value")


_FIELDS_HINT = f"Fields: {', '.join(FIELDS)}, and {ARGUMENT}NAME for an argument."
