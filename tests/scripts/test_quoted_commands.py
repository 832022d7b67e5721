"""What the documents tell people to type: each command and option exists, each query runs."""

import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

import pytest
import typer
from sqlalchemy import text

from core.kit.db import Database
from scripts.cli import COMMANDS
from scripts.embedded.process import PROJECT

DOCUMENTS = sorted([PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")])
RUNBOOK = PROJECT / "docs" / "runbook.md"
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
CALLED = re.compile(r"(?:^|[\s/])(?:comptoir|run --rm [^|>]*?\bcli)\s+(.*)")
SPOKEN = ("COMMAND", "…", "...")  # instead of a command's name


def to_copy(content: str) -> list[str]:
    """The lines of a document that are there to be copied into a shell."""
    return [line for kind, block in FENCED.findall(content) if kind == "sh" for line in block.splitlines()]


def called(lines: Iterable[str]) -> Iterator[str]:
    """What comes after `comptoir` in each line that calls it."""
    for line in lines:
        call = CALLED.search(line.partition("  #")[0])
        if call and not line.lstrip().startswith(("#", "git ", "cd ")):
            yield call[1].replace("\\|", "|").rstrip(")")


def all_quoted() -> list[tuple[str, str]]:
    return gather(lambda content: [*to_copy(content), *INLINE.findall(FENCED.sub("", content))])


def gather(lines: Callable[[str], list[str]]) -> list[tuple[str, str]]:
    """Each document with each call in some of its lines."""
    return sorted(
        (str(path.relative_to(PROJECT)), call)
        for path in DOCUMENTS
        for call in set(called(lines(path.read_text())))
    )


def walk(words: list[str]) -> Any:
    """Follow the words down the tree of commands, to the last. Raises `AssertionError` at what is not."""
    name = words[0]
    assert name in COMMANDS, f"there is no command {name}"
    command: Any = typer.main.get_command(import_module(COMMANDS[name][0]).app)
    options = options_of(command)
    for place, word in enumerate(words[1:]):
        below = getattr(command, "commands", {})
        if word.startswith("--"):
            assert word.partition("=")[0] in options, f"{command.name} has no {word}"
        elif word in below:
            command = below[word]
            options |= options_of(command)
        elif below and place == 0 and word.isidentifier():
            raise AssertionError(f"{name} has no command {word}")
    return command


def options_of(command: Any) -> set[str]:
    return {option for param in command.params for option in (*param.opts, *param.secondary_opts)} | {
        "--help"
    }


def needed(command: Any) -> set[str]:
    """The options that a command does not do without."""
    return {param.opts[0] for param in command.params if param.required and param.opts[0].startswith("--")}


@pytest.mark.parametrize(("document", "line"), all_quoted())
def test_a_command_that_a_document_quotes_exists(document: str, line: str) -> None:
    words = shlex.split(line.rstrip(" ,;"), comments=True)
    if not words or words[0] in SPOKEN or words[0].startswith("--"):
        return
    several = [position for position, word in enumerate(words) if "|" in word and " " not in word]
    for choice in words[several[0]].split("|") if several else [""]:
        walk([choice if several and place == several[0] else word for place, word in enumerate(words)])


@pytest.mark.parametrize(("document", "line"), gather(to_copy))
def test_a_line_to_copy_gives_every_option_that_has_to_be(document: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    assert needed(walk(words)) <= set(words)


def test_an_invented_command_and_an_invented_option_are_found_out() -> None:
    for words in (["sell"], ["orders", "burn"], ["queue", "retry", "x", "--often"]):
        with pytest.raises(AssertionError, match=r"there is no|has no"):
            walk(words)
    assert needed(walk(["backup", "key"])) == {"--to"}


def test_the_queries_of_the_runbook_run(database: Database) -> None:
    queries = [block for kind, block in FENCED.findall(RUNBOOK.read_text()) if kind == "sql"]
    assert len(queries) >= 5
    with database.engine.connect() as connection:
        for query in queries:
            connection.execute(text(query)).all()
