"""How columns are classified: what a column says of whom, why it is there, and how long it is kept.

Each module of tables has one of the same name here, whose `COLUMNS` lists every column of every table once.
`tests/schemas/test_columns.py` fails on a column without a class; `python -m scripts.data_page` writes
docs/data.md from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["personal", "financial", "technical"]
"""Personal: it says something of a person, or leads to one. Financial: what was sold, paid, owed or given
back, which books must show for years. Technical: how the shop works; it says nothing of a person."""

SHOP = "as long as the shop"
ACCOUNT = "as long as the person has an account"
BOOKS = "as long as the shop: the books need it"
PRODUCT = "as long as its product, which owners keep"
SELLER = "as long as its seller"
MEMBERSHIP = "as long as its membership, which a renewal goes on from"
JOBS = "JOB_HISTORY_DAYS after the job ended; a dead job until an operator deletes it"
NOTICES = "NOTIFICATION_DAYS"
AUDIT = "AUDIT_DAYS"
DISPUTABLE = "540 days: so long a bank may dispute a payment"
EVENTS = "PAYMENT_EVENT_DAYS; one that was not handled until it is"
RAW = "REPLAY_DAYS; of an event that was not handled until it is"


@dataclass(frozen=True)
class Columns:
    """Some columns of one table that are of one kind, for one reason, for one time."""

    kind: Kind
    names: tuple[str, ...]
    why: str
    kept: str


TableColumns = Mapping[str, tuple[Columns, ...]]
"""By the name of the table."""


def personal(names: str, why: str, kept: str) -> Columns:
    """Columns (names with spaces between) that say something of a person, or lead to one."""
    return Columns("personal", tuple(names.split()), why, kept)


def financial(names: str, why: str, kept: str = BOOKS) -> Columns:
    """Columns (names with spaces between) of what was sold, paid, owed or given back."""
    return Columns("financial", tuple(names.split()), why, kept)


def technical(names: str, why: str, kept: str) -> Columns:
    """Columns (names with spaces between) that say nothing of a person."""
    return Columns("technical", tuple(names.split()), why, kept)
