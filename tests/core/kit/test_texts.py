"""All that people read: complete in both languages, escaped, in the shape of each language."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fluent.syntax import FluentParser, FluentSerializer
from fluent.syntax.ast import Junk, Message, MessageReference, Term, VariableReference
from fluent.syntax.visitor import Visitor

from core.kit.errors import Refused
from core.kit.languages import LANGUAGES
from core.kit.money import Money
from core.kit.texts import (
    UnknownText,
    exists,
    file_size,
    isolate,
    money,
    parsed_length,
    plain,
    refusal,
    shorten,
    text,
    utf16_length,
)
from core.people.commands import EVERYBODY, SELLERS, STAFF
from workers.preview.makers.icon import human_size

ROOT = Path(__file__).parents[3]
LOCALES = ROOT / "core" / "locales"
NO_BREAK = "\u00a0"


class Used(Visitor):
    """The variables and messages that a text refers to."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: MessageReference) -> None:
        self.messages.add(node.id.name)


def entries(language: str) -> Iterator[Message | Term]:
    """Every text of a language; anything that Fluent cannot read fails."""
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, Junk), f"{path}: {entry.content}"
            if isinstance(entry, Message | Term):
                yield entry


def variables(language: str) -> dict[str, set[str]]:
    """The blanks of every text, those of the texts inside it among them."""
    used: dict[str, Used] = {}
    for entry in entries(language):
        found = Used()
        found.visit(entry)
        assert entry.id.name not in used, f"{entry.id.name} is defined twice"
        used[entry.id.name] = found
    return {
        name: found.variables.union(*(used[inner].variables for inner in found.messages))
        for name, found in used.items()
    }


def refusals() -> Iterator[tuple[str, set[str] | None]]:
    """Every literal code that our rules refuse with, and its details where they are written beside it."""
    for folder in ("core", "bot", "api", "workers", "scripts"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in ("Refused", "NotFound", "NotAllowed"):
                    first = node.args[0] if node.args else None
                    if isinstance(first, ast.Constant):
                        yield str(first.value), _details(node)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _details(call: ast.Call) -> set[str] | None:
    if len(call.args) < 2:
        return set()
    given = call.args[1]
    keys = given.keys if isinstance(given, ast.Dict) else [None]
    return {str(key.value) for key in keys if isinstance(key, ast.Constant)} if None not in keys else None


def literal_ids() -> Iterator[str]:
    """Every id that our code names literally where it asks for a text."""
    call = re.compile(
        r"\b(?:text|plain|say|tell|tell_seller|tell_staff)\("
        r"\s*(?:[\w.]+,\s*){0,2}\"([a-z][a-z_-]*[a-z])\""
    )
    labels = re.compile(r"\blabelled\([^,\"]+, \"([a-z-]+)\"")
    for folder in ("core", "bot", "workers"):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            yield from (found[1] for found in call.finditer(source))
            yield from (f"button-{found[1]}" for found in labels.finditer(source))


def test_both_languages_have_the_same_texts_with_the_same_blanks() -> None:
    assert variables("fr") == variables("en")


def test_every_refusal_has_its_words() -> None:
    missing = {code for code, _ in refusals() if code.isascii() and not exists(f"error-{code}")}
    missing -= {code for code in missing if not re.fullmatch(r"[a-z][a-z-]*", code)}
    assert missing == set()


def test_every_refusal_fills_the_blanks_of_its_words() -> None:
    blanks = variables("fr")
    wanting = {
        (code, blank)
        for code, details in refusals()
        if details is not None and f"error-{code}" in blanks
        for blank in blanks[f"error-{code}"] - details
    }
    assert wanting == set()


def test_every_text_that_our_code_names_exists() -> None:
    assert {name for name in literal_ids() if not exists(name)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_fits_into_an_alert(language: str) -> None:
    blanks = variables(language)
    long = {
        name
        for name in blanks
        if name.startswith("error-") and name != "error-unexpected"
        # CMT-000042 in each blank; what people typed makes it a message instead.
        if len(plain(language, name, **dict.fromkeys(blanks[name], 42))) > 200
    }
    assert long == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_gives_its_reason_and_what_to_do_next(language: str) -> None:
    """Two sentences at least, or a command behind a colon: neither stands alone."""
    blanks = variables(language)
    bare = []
    for name in sorted(name for name in blanks if name.startswith("error-")):
        words = plain(language, name, **dict.fromkeys(blanks[name], 42)).replace(NO_BREAK, "")
        if len(re.findall(r"[.!?](?=\s|$)", words)) < 2 and not re.search(r": /\w", words):
            bare.append(name)
    assert bare == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_to_buyers_or_sellers_names_what_only_staff_may_do(language: str) -> None:
    """A line that slipped from one text into the next would otherwise read like any other."""
    told = re.compile(r"(admit|card|claim|listing|member|order|payment|sale|shop|stripe|trial|upload)-")
    staff = "|".join(set(STAFF) - set(SELLERS) - set(EVERYBODY))
    slips = re.compile(rf"(?<!\w)/({staff})\b|comptoir ")
    found = [
        entry.id.name
        for entry in entries(language)
        if told.match(entry.id.name) and slips.search(FluentSerializer().serialize_entry(entry))
    ]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_balanced_html(language: str) -> None:
    for name, blanks in variables(language).items():
        words = text(language, name, **dict.fromkeys(blanks, 1))
        opened = re.findall(r"<(\w+)[^>]*>", words)
        assert sorted(opened) == sorted(re.findall(r"</(\w+)>", words)), name


CODE = re.compile(r"^#.*|<code>.*?</code>|<[^>]*>|https?://\S+", re.M)
UNTIDY = {
    "en": r".*?(?:\w'|'\w|\.\.\.)",
    # What stands before a high sign, or within quotation marks, never breaks the line.
    "fr": r".*?(?:\w'|'\w|\.\.\.| [:;?!»%€]|« |\w[;?!»](?!\S)|\w:(?=\s|$)|«\S)",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_set_with_the_signs_of_their_language(language: str) -> None:
    """Apostrophes ’ and ellipses … everywhere; in French a no-break space (U+00A0) beside : ; ? ! % € « ».

    The Mini App puts its spaces in as it shows a text (`miniapp/src/language.ts`).
    """
    untidy = re.compile(UNTIDY[language])
    found = [
        f"{path.name}: {line}"
        for path in sorted((LOCALES / language).glob("*.ftl"))
        for line in CODE.sub("", path.read_text(encoding="utf-8")).splitlines()
        if untidy.match(line)
    ]
    assert found == []


def test_what_people_typed_is_escaped_in_html_and_left_alone_in_plain_text() -> None:
    typed = "<b>&\"'</b> _*`"
    assert "&lt;b&gt;&amp;\"'&lt;/b&gt; _*`" in text("en", "shop-approved", name=typed)
    assert typed in plain("en", "shop-approved", name=typed)


def test_long_words_are_put_in_whole_and_never_read_as_blanks() -> None:
    words = "\ue000number\ue001{ $number }" * 100
    shown = text("en", "support-answer", words=words, number="CMT-000042")
    assert words in shown
    assert "order CMT-000042" in shown


def test_right_to_left_words_are_isolated_and_cannot_reorder_the_rest() -> None:
    assert isolate("درس") == "\u2068درس\u2069"
    assert isolate("evil\u202etxt.exe") == "eviltxt.exe"
    assert isolate("درس\u2069\u202e") == "\u2068درس\u2069"
    assert isolate("https://shop.example/d/abc") == "https://shop.example/d/abc"


@pytest.mark.parametrize(
    ("language", "price", "shown"),
    [
        ("fr", Money(123_456, "EUR"), "1\u202f234,56\u00a0€"),
        ("en", Money(123_456, "EUR"), "€1,234.56"),
        ("en", Money(-999, "USD"), "−$9.99"),
        ("fr", Money(500, "XTR"), "500\u00a0⭐"),
        ("en", Money(5000, "XAF"), "5,000\u00a0XAF"),
    ],
)
def test_amounts_are_written_as_the_language_does(language: str, price: Money, shown: str) -> None:
    assert money(language, price) == shown
    assert shown in text(language, "sale-made", title="x", number="y", rail="stars", amount=str(price))


def test_an_amount_that_is_none_is_shown_as_it_came() -> None:
    words = text("en", "staff-unmatched-payment", provider="p", event="e", amount="?")
    assert "p · ?" in words


SIZES = json.loads((ROOT / "miniapp/tests/unit/sizes.json").read_text())
"""What the Mini App writes too."""
MEMORY = {"scripts": ["scripts/dashboard/words.py: / 2**20:.0f}"]}


@pytest.mark.parametrize("row", SIZES, ids=lambda row: str(row["size"]))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_sizes_are_written_as_the_language_does(language: str, row: dict[str, Any]) -> None:
    assert re.sub(r"\s", " ", file_size(language, row["size"])) == row[language]


@pytest.mark.parametrize("row", SIZES, ids=lambda row: str(row["size"]))
def test_the_icon_of_a_file_says_the_same_size(row: dict[str, Any]) -> None:
    assert human_size(row["size"]) == row["en"].replace("bytes", "B")


@pytest.mark.parametrize("folder", ["api", "bot", "core", "workers", "scripts", "miniapp/src"])
def test_no_size_that_people_read_counts_in_steps_of_1024(folder: str) -> None:
    """Decimal units everywhere; MiB are for the memory of processes, whose limits are set in them."""
    binary = r"/ ?(?:2 ?\*\* ?[1-4]0|1024\b)[^\n}]*}|binary_units|\bK[Bo]\b|\b[MG]io\b"
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".ftl", ".ts", ".tsx") and "bench" not in path.parts
        for match in re.finditer(binary, path.read_text())
    ]
    assert found == MEMORY.get(folder, [])


@pytest.mark.parametrize(
    ("seconds", "french"),
    [(300, "5 minutes"), (86_400, "24 heures"), (604_800, "7 jours")],
)
def test_durations_are_said_in_the_unit_that_fits(seconds: int, french: str) -> None:
    assert f"valable {french}." in text("fr", "item", title="t", number="n", when=0, seconds=seconds)


def test_dates_are_said_in_the_language() -> None:
    options = {"title": "t", "number": "n", "seconds": 60, "when": 1_795_000_000}
    assert "du 18 novembre 2026" in text("fr", "item", **options)  # type: ignore[arg-type]
    assert "18 November 2026" in text("en", "item", **options)  # type: ignore[arg-type]


def test_words_are_cut_where_telegram_counts_and_never_inside_a_character() -> None:
    assert shorten("😀" * 10, 20) == "😀" * 10
    assert shorten("😀" * 11, 20) == "😀" * 9 + "…"
    assert utf16_length(shorten("a😀" * 50, 20)) <= 20
    assert parsed_length("<b>&lt;😀</b>") == 3


def test_a_text_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(UnknownText, match="no-such-text"):
        text("fr", "no-such-text")


def test_a_blank_that_was_not_given_is_an_error() -> None:
    with pytest.raises(UnknownText, match="shop-approved"):
        text("fr", "shop-approved")


def test_an_unknown_language_gets_french() -> None:
    assert refusal("de", Refused("own-product")) == refusal("fr", Refused("own-product"))


def test_pages_and_mini_app_say_in_one_text_that_a_shop_is_for_trying() -> None:
    words = Path(__file__).parents[3] / "miniapp" / "src" / "texts"
    for language in ("en", "fr"):
        said = text(language, "web-test-mode").replace(NO_BREAK, " ")
        assert said in (words / f"{language}.ts").read_text()
