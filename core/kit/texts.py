"""Every word that people read, from Project Fluent files (projectfluent.org), in French and English.

`text` gives Telegram HTML with its parameters escaped, `plain` the same words for buttons and web pages.
In a .ftl file, MONEY($amount, $currency), PRICE($amount), SIZE($size), DURATION($seconds), DAY($when),
MONTH($when) and MOMENT($when) format minor units, a written-out amount, bytes, seconds and Unix times the way
the language does; GIVEN($words) selects yes or no.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from html import escape, unescape
from importlib.resources import files
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message, Resource, Term

from core.kit.errors import ComptoirError, Refused
from core.kit.languages import LANGUAGES
from core.kit.money import EXPONENTS, Money

REFERENCE = "fr"
"""The language whose catalogue says which texts there are."""
MESSAGE_LIMIT = 4096  # core.telegram.org/bots/api#sendmessage, "after entities parsing"
SYMBOLS = {"XTR": "⭐", "EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
UNITS = {"fr": ("octets", "ko", "Mo", "Go", "To"), "en": ("bytes", "kB", "MB", "GB", "TB")}
Param = str | int
LONG = 200
"""Characters; longer words are put in afterwards: Fluent takes 1,000 a blank (fluent.runtime.resolver)."""

_RIGHT_TO_LEFT = ("R", "AL", "AN")
_BIDI_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


class UnknownText(ComptoirError):
    """No such text, or one of its blanks was not given: a mistake of the caller."""


def text(language: str, text_id: str, /, **params: Param) -> str:
    """The text as Telegram HTML; every string parameter is escaped. Raises `UnknownText`."""
    return _format(language, text_id, params, lambda value: escape(value, quote=False))


def plain(language: str, text_id: str, /, **params: Param) -> str:
    """The text as it is: for button labels, alerts and templates that escape. Raises `UnknownText`."""
    return _format(language, text_id, params, lambda value: value)


def refusal(language: str, refused: Refused) -> str:
    """Why a rule said no, and what to do next, as Telegram HTML."""
    return text(language, f"error-{refused.code}", **(refused.details or {}))


def plain_refusal(language: str, refused: Refused) -> str:
    """The same without markup, for alerts and web pages."""
    return plain(language, f"error-{refused.code}", **(refused.details or {}))


def exists(text_id: str) -> bool:
    """Whether the default language has the text."""
    return text_id in _sources(REFERENCE)


def of_kind(text_id: str, kind: str) -> str:
    """The text that speaks of this kind of goods: its own where it has one, `{text_id}-{kind}`."""
    own = f"{text_id}-{kind}"
    return own if exists(own) else text_id


def money(language: str, price: Money) -> str:
    """An amount as the language writes it: `9,99 €`, `€9.99`, `500 ⭐`."""
    symbol = SYMBOLS.get(price.currency, price.currency)
    places = EXPONENTS[price.currency]
    digits = "." + "0" * places if places else ""
    number = format_decimal(abs(price.decimal()), format=f"#,##0{digits}", locale=language)
    sign = "−" if price.amount < 0 else ""
    if language == "en" and symbol in ("€", "$", "£", "¥"):
        return f"{sign}{symbol}{number}"
    return f"{sign}{number}\u00a0{symbol}"


def money_list(language: str, several: Iterable[Money]) -> str:
    """Several amounts on one line: `9,99 € · 500 ⭐`; empty of none."""
    return " · ".join(money(language, each) for each in several)


def file_size(language: str, size: int) -> str:
    """Bytes in the unit that people read, powers of 1,000 (SI): `1,2 Go`, `1.2 GB`.

    The Mini App's `formatSize` writes the same; miniapp/tests/unit/sizes.json holds both to it.
    """
    amount, unit = float(size), 0
    while amount >= 999.5 and unit < len(UNITS["en"]) - 1:
        amount, unit = amount / 1000, unit + 1
    pattern = "#,##0.#" if unit and amount < 99.95 else "#,##0"
    return f"{format_decimal(amount, format=pattern, locale=language)}\u00a0{UNITS[language][unit]}"


def shorten(words: str, limit: int) -> str:
    """The words cut to `limit` UTF-16 units, which is how Telegram counts; "…" marks the cut."""
    if utf16_length(words) <= limit:
        return words
    head = words.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore")
    return head.rstrip() + "…"


def utf16_length(words: str) -> int:
    """Length as Telegram counts it (core.telegram.org/api/entities#entity-length)."""
    return len(words.encode("utf-16-le")) // 2


def parsed_length(html: str) -> int:
    """Length of Telegram HTML once its tags and entities are parsed."""
    return utf16_length(unmarked(html))


def unmarked(html: str) -> str:
    """Telegram HTML as plain words: without its tags, its entities resolved."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def isolate(words: str) -> str:
    """Keep right-to-left words from reordering the sentence around them (Unicode UAX #9, FSI and PDI).

    Only where they occur: marks in plain text would end up in copied links and in searches.
    """
    if not any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in words):
        return _BIDI_CONTROLS.sub("", words)
    return f"\u2068{_BIDI_CONTROLS.sub('', words)}\u2069"


def _format(language: str, text_id: str, params: Mapping[str, Param], prepare: Callable[[str], str]) -> str:
    bundle = _bundle(language if language in LANGUAGES else REFERENCE)
    _load(bundle, text_id)
    pattern = bundle.get_message(text_id).value
    assert pattern is not None, f"{text_id} has attributes only"
    blanks: dict[str, Param] = {}
    long: dict[str, str] = {}
    for name, value in params.items():
        blanks[name] = prepare(isolate(value)) if isinstance(value, str) else value
        if isinstance(value, str) and len(value) > LONG:
            long[f"\ue000{name}\ue001"] = str(blanks[name])
            blanks[name] = f"\ue000{name}\ue001"
    sentence, errors = bundle.format_pattern(pattern, blanks)
    if errors:
        raise UnknownText(f"The text {text_id} could not be filled in: {errors[0]}. Give it that parameter.")
    return _put_back(str(sentence), long)


def _put_back(sentence: str, long: Mapping[str, str]) -> str:
    if not long:
        return sentence
    # One pass: what a person typed is never looked at for marks.
    return re.sub("\ue000[a-z_]+\ue001", lambda mark: long.get(mark[0], mark[0]), sentence)


@cache
def _bundle(language: str) -> FluentBundle:
    """The language's texts, parsed one by one when first used: most processes use a few of them."""
    functions: dict[str, Callable[..., Any]] = {
        "MONEY": lambda amount, currency: money(language, Money(int(amount), str(currency))),
        "PRICE": lambda amount: _price(language, str(amount)),
        "GIVEN": lambda words: "yes" if str(words) else "no",
        "SIZE": lambda size: file_size(language, int(size)),
        "DURATION": lambda seconds: _duration(language, int(seconds)),
        "DAY": lambda when: format_date(_moment(when), format="d MMMM y", locale=language),
        "MONTH": lambda when: format_date(_moment(when), format="MMMM y", locale=language),
        "MOMENT": lambda when: format_datetime(_moment(when), format=MOMENTS[language], locale=language),
    }
    return FluentBundle([language], functions=functions, use_isolating=False)


MOMENTS = {"fr": "d MMMM y 'à' HH:mm 'UTC'", "en": "d MMMM y 'at' HH:mm 'UTC'"}


@cache
def _sources(language: str) -> dict[str, str]:
    """The source of each text by id. Raises `UnknownText` when two files define one id."""
    sources: dict[str, str] = {}
    folder = files("core") / "locales" / language
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".ftl")):
        for source in re.split(r"^(?=[-a-zA-Z])", (folder / name).read_text(encoding="utf-8"), flags=re.M):
            head = re.match(r"(-?[a-zA-Z][\w-]*) *=", source)
            if head is None:
                continue
            if head[1] in sources:
                raise UnknownText(
                    f"The text {head[1]} is defined twice; the second time in {language}/{name}."
                )
            sources[head[1]] = source
    return sources


def _load(bundle: FluentBundle, text_id: str) -> None:
    if bundle.has_message(text_id):
        return
    source = _sources(bundle.locales[0]).get(text_id)
    if source is None:
        raise UnknownText(f"There is no text {text_id} in {bundle.locales[0]}; add it to core/locales.")
    entry = FluentParser(with_spans=False).parse_entry(source)
    if not isinstance(entry, Message | Term):
        raise UnknownText(f"The text {text_id} in {bundle.locales[0]} is not valid Fluent: {source!r}")
    bundle.add_resource(Resource([entry]))
    for name in re.findall(r"\{ *([a-z][\w-]*) *\}", source):
        _load(bundle, name)


def _price(language: str, amount: str) -> str:
    """An amount that travelled as `str(Money)` in a job, as the language writes it."""
    number, _, symbol = amount.rpartition(" ")
    currency = "XTR" if symbol == SYMBOLS["XTR"] else symbol
    if currency not in EXPONENTS or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", number):
        return amount
    return money(language, Money(int(Decimal(number).scaleb(EXPONENTS[currency])), currency))


def _moment(when: Any) -> datetime:
    return datetime.fromtimestamp(int(when), UTC)


def _duration(language: str, seconds: int) -> str:
    """Seconds in the largest unit that says them exactly enough: 24 hours, 7 days, 5 minutes."""
    for name, unit, most in (("minutes", 60, 90), ("hours", 3600, 48), ("days", 86_400, None)):
        count = max(1, round(seconds / unit))
        if most is None or count <= most:
            return plain(language, f"duration-{name}", count=count)
    raise AssertionError("unreachable: days have no upper bound")
