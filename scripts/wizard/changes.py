"""What a run of the wizard changes in `.env`, shown before it is written; no secret is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scripts.settings_page import COMPOSE
from scripts.wizard.answers import FIELDS


@dataclass(frozen=True)
class Change:
    """One variable: what it was and what it will be, as they may be shown."""

    name: str
    kind: Literal["new", "changed", "kept"]
    before: str
    after: str


def is_secret(name: str) -> bool:
    """Whether the value of this variable is for nobody's eyes."""
    return bool(FIELDS[name].metadata["secret"]) if name in FIELDS else name in COMPOSE and "PASSWORD" in name


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """What becomes of each variable that the wizard sets; what is not set and stays so is not listed."""
    changes = []
    for name, value in after.items():
        old = before.get(name, "")
        if not (old or value):
            continue
        kind: Literal["new", "changed", "kept"] = "kept" if old == value else "changed" if old else "new"
        changes.append(Change(name, kind, _shown(name, old), _shown(name, value)))
    return changes


def _shown(name: str, value: str) -> str:
    return "(a secret)" if value and is_secret(name) else value


def lines(changes: list[Change]) -> list[str]:
    """The difference for people, a line for each change."""
    text = {
        "new": lambda change: f"+ {change.name}={change.after}",
        "changed": lambda change: f"~ {change.name}={change.after}    (was: {change.before or 'empty'})",
        "kept": lambda change: f"  {change.name}={change.after}",
    }
    return [text[change.kind](change) for change in changes]
