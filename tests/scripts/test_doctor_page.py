"""The doctor's page is read at 80 columns: no line is longer, no word is broken, nothing is lost."""

import pytest

from scripts.doctor.finding import Finding
from scripts.doctor.page import lines, summary

LONG = "PUBLIC_URL is not https: tokens travel in the open, and Telegram opens no Mini App at all from there"
FINDINGS = [
    Finding("settings", "ok", "read, for production"),
    Finding("certificate shop.example", "warn", LONG, f"Give the shop a certificate. {LONG}"),
    Finding("download", "fail", "[bold]no markup[/]", "comptoir init"),
]


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_line_is_longer_and_every_word_is_whole(width: int) -> None:
    shown = [line.plain for line in lines(FINDINGS, width)]
    assert max(map(len, shown)) <= width
    words = " ".join(" ".join(shown).split())
    for finding in FINDINGS:
        assert f"{finding.name}: {finding.found}" in words
        assert finding.mend in words


def test_what_is_there_to_be_copied_stays_whole() -> None:
    address = "https://" + "a" * 120
    assert any(address in line.plain for line in lines([Finding("web", "fail", address, address)], 80))


def test_each_line_says_how_bad_it_is_and_the_end_counts() -> None:
    marks = [line.plain[:4] for line in lines(FINDINGS, 80) if not line.plain.startswith(" ")]
    assert marks == ["ok  ", "warn", "FAIL"]
    assert summary(FINDINGS).plain == "1 ok, 1 to look at, 1 wrong"
