"""Rules that hold for all of the code: how it asks the database, on what it stands, what is never in it."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.support.row_loops import ALLOWED, rules_of, unguarded, unguarded_loops

ROOT = Path(__file__).parents[1]
SHIPPED = ("api", "bot", "core", "schemas", "workers")
SECRETS = {
    "a bot's token": r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{64}",
    "an age key": r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b",
    "a key of AWS": r"\bAKIA(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}\b",
    "a live key of Stripe": r"\b[rs]k_live_[0-9A-Za-z]{16,}\b",
    "a token of GitHub": r"\bgh[pousr]_[0-9A-Za-z]{36}\b",
}


PUBLISHED = "tests/core/people/test_initdata.py"
"""Its tokens are those of vectors that others have published."""


def committed() -> list[Path]:
    """The files of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_no_committed_file_holds_a_secret() -> None:
    found = []
    for path in committed():
        name = str(path.relative_to(ROOT))
        if name == PUBLISHED:
            continue
        words = path.read_text(errors="replace")
        found += [f"{name}: {what}" for what, form in SECRETS.items() if re.search(form, words)]
    assert found == []


@pytest.mark.parametrize(
    "secret",
    [
        "12345678:" + "AAE" + "x" * 32,
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "AGE-SECRET-KEY-1" + "Q" * 58,
        "ghp_" + "a" * 36,
    ],
)
def test_a_secret_would_be_known(secret: str) -> None:
    assert any(re.search(form, f"BOT_TOKEN={secret}\n") for form in SECRETS.values())


def test_an_environment_with_secrets_is_not_committed() -> None:
    names = {path.name for path in committed()}
    assert ".env.example" in names
    assert ".env" not in names


def test_rows_are_asked_for_by_select_and_never_by_query() -> None:
    asked = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in SHIPPED
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "query"
    ]
    assert asked == []


def test_the_work_is_done_by_the_libraries_that_were_chosen_and_not_by_their_rivals() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[\[=<>~; ]", line, maxsplit=1)[0].lower() for line in declared}
    assert {"dramatiq", "litestar", "minio", "kurigram", "sqlmodel"} <= names
    assert names.isdisjoint({"celery", "fastapi", "flask", "boto3", "python-telegram-bot", "aiogram"})


def test_each_loop_over_rows_goes_on_behind_a_bad_one_or_says_why_not() -> None:
    found = unguarded_loops()
    assert sorted(found - set(ALLOWED)) == [], "go through them by `each` or `readable`, or say why not"
    assert sorted(set(ALLOWED) - found) == [], "is no such loop any more"


def test_a_loop_that_a_bad_row_stops_would_be_found() -> None:
    loops = (
        "def a(session):\n    for row in session.exec(select(X)): act(row)",
        "def b(session):\n    rows = session.execute(S).all()\n    return [made(row) for row in rows]",
        "def c(session):\n    found = due(session)\n    for row in found: act(row)",
        "def d(connection):\n    return {row.id: row.at for row in connection.execute(S)}",
        "async def e(request, session):\n    for row in waiting(session, limit=5): await request.send(row)",
    )
    guarded = (
        "def a(session):\n    for row in readable(session, select(X)): act(row)",
        "def b(session):\n    return each(session, 'x', session.exec(ids), act, now=now)",
        "def c(session):\n    rows = readable(session, select(X))\n    return [made(row) for row in rows]",
    )
    assert [any(map(unguarded, rules_of(source))) for source in loops] == [True] * len(loops)
    assert [any(map(unguarded, rules_of(source))) for source in guarded] == [False] * len(guarded)
