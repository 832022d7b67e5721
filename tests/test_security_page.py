"""docs/security.md: what it names is there, and every line of its tables names a test."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/security.md").read_text()
NAMED = re.compile(r"`((?:api|bot|core|schemas|scripts|tests|workers)/[\w./]+)`")


def test_the_modules_and_tests_that_the_page_names_are_there() -> None:
    paths = set(NAMED.findall(PAGE))
    assert len(paths) > 40
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_every_line_of_what_is_held_names_a_test() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and line.count("|") == 4]
    claims = [line for line in lines if not line.startswith(("| Who", "| What is held", "| A buyer", "|---"))]
    held = PAGE[PAGE.index("## The way in") :]
    without = [line for line in claims if line in held and "`tests/" not in line and "the same |" not in line]
    assert without == []
