"""The doctor's findings as a page for people: one line each, what to do below it, readable at 80 columns."""

import textwrap
from collections.abc import Iterator, Sequence

from rich.text import Text

from scripts.doctor.finding import Finding

MARKS = {"ok": ("ok  ", "green"), "warn": ("warn", "bold yellow"), "fail": ("FAIL", "bold red")}
NARROW = 60
WIDE = 110
INDENT = "     "


def lines(findings: Sequence[Finding], width: int) -> Iterator[Text]:
    """Each finding with its name and state, then how to mend it, in lines of at most `width` columns.

    A word that is longer, like an address, stays whole: it is there to be copied.
    """
    width = min(max(width, NARROW), WIDE)
    for finding in findings:
        mark, style = MARKS[finding.state]
        first, *others = _wrapped(f"{finding.name}: {finding.found}", width)
        line = Text.assemble((mark, style), " ", first)
        line.stylize("bold", len(mark) + 1, len(mark) + 1 + len(finding.name) + 1)
        yield line
        for other in others:
            yield Text(INDENT + other)
        for part in _wrapped(f"-> {finding.mend}", width) if finding.mend else []:
            yield Text(INDENT + part, style="italic")


def summary(findings: Sequence[Finding]) -> Text:
    """How many are well, doubtful and wrong."""
    count = {state: sum(finding.state == state for finding in findings) for state in MARKS}
    return Text(f"{count['ok']} ok, {count['warn']} to look at, {count['fail']} wrong")


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width - len(INDENT), break_long_words=False, break_on_hyphens=False)
