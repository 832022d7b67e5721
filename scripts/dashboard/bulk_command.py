"""A change of many jobs as a command makes it: counted, confirmed by typing the count, done with a bar."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from core.jobs.admin.bulk_actions import ACTS_ON, Options, Plan, perform, plan
from core.jobs.admin.filter_language import parse
from core.jobs.admin.trash import UNDO_DAYS
from core.kit.db import Database
from schemas.base import utc_now
from schemas.queue import Verb
from scripts.dashboard.access import read_from
from scripts.terminal.confirm import require_confirmation
from scripts.terminal.console import ACTOR, CommandError, open_database
from scripts.terminal.context import load_settings


@dataclass(frozen=True)
class Outcome:
    """What a bulk action did; `act`: its number in `comptoir queue acts`, None where nothing was changed."""

    verb: Verb
    matched: int
    changed: int
    act: int | None

    @property
    def sentence(self) -> str:
        """What the action did, for people."""
        if self.act is None:
            return (
                f"{self.matched} jobs match ({self.verb} acts on {ACTS_ON[self.verb]}). Nothing was changed."
            )
        sentence = f"{self.verb}: {self.changed} of {self.matched} jobs changed; this is act {self.act}."
        if self.verb == "delete":
            sentence += f" `comptoir queue undo {self.act}` brings them back for {UNDO_DAYS} days."
        return sentence

    def fields(self) -> dict[str, Any]:
        """What the action did, for machines."""
        return {"act": self.act, "verb": self.verb, "matched": self.matched, "changed": self.changed}


def run_bulk_action(
    verb: Verb,
    filter_text: str,
    options: Options,
    *,
    dry_run: bool,
    confirm: int | None,
    quiet: bool,
    var: Path | None,
) -> Outcome:
    """Count the jobs that match, have the count confirmed, change them.

    Raises `CommandError` when it is not confirmed.
    """
    with open_database(load_settings(var)) as database:
        with read_from(database) as session:
            planned = plan(session, verb, parse(filter_text), options, now=utc_now())
        if dry_run or planned.count == 0:
            return Outcome(verb, planned.count, 0, None)
        require_confirmation(planned.verb, planned.count, "jobs match", confirm)
        number, changed = _perform(database, planned, quiet=quiet)
    return Outcome(verb, planned.count, changed, number)


def parse_changes(pairs: Iterable[str]) -> dict[str, Any]:
    """NAME=VALUE pairs as arguments; a value that is no JSON is a text. Raises `CommandError`."""
    changes: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise CommandError(f"{pair!r} sets nothing. Write NAME=VALUE, like order_id=42.")
        try:
            changes[name] = json.loads(value)
        except ValueError:
            changes[name] = value
    return changes


def _perform(database: Database, planned: Plan, *, quiet: bool) -> tuple[int, int]:
    act = changed = 0
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as progress:
        task = progress.add_task(planned.verb, total=planned.count)
        for step in perform(database, planned, actor=ACTOR, now=utc_now()):
            act, changed = step
            progress.update(task, completed=changed)
    return act, changed
