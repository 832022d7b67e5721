"""The errors of previews: each carries an outcome by name, and why in words."""

from typing import cast, get_args

from core.kit.errors import ComptoirError
from schemas.preview import Outcome

TOO_BIG = "The file needs more memory than a preview may take on this machine."


class PreviewFailed(ComptoirError):
    """A preview cannot be made; `outcome` names why, the message says it in words."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome: Outcome = outcome


class BudgetExceeded(PreviewFailed):
    """The bytes or requests of a preview are spent, or its time is over (`outcome` "late")."""


class SourceFault(PreviewFailed):
    """The store is away or broke off; worth another try within the budget."""

    def __init__(self, reason: str) -> None:
        super().__init__("unavailable", reason)


def known_outcome(name: str) -> Outcome:
    """Read an outcome's name; an unknown one counts as a crash of the process that sent it."""
    return cast(Outcome, name) if name in get_args(Outcome) else "crashed"
