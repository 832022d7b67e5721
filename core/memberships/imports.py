"""Bringing existing members in from CSV, with the time that they have left."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit import record
from core.errors import Refused
from core.memberships import machine
from core.memberships.machine import OVER, Length, Period, whole
from core.memberships.moves import change, membership_for
from core.memberships.plans import channels_of_plan, own_plan
from core.memberships.roster import entry_for
from core.names import clean_text
from core.people import NAME_LIMIT
from core.rows import key
from schemas.people import User

LINES_LIMIT = 5_000
DAYS_LIMIT = 3660
COLUMNS = {"telegram_id", "ends_at", "days", "name"}


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `errors` are (line of the file, code of a text); nothing of those was written."""

    added: int
    skipped: int  # members who were there already
    errors: list[tuple[int, str]]


@dataclass(frozen=True)
class _Line:
    telegram_id: int
    name: str
    length: Length


def import_members(
    session: Session, plan_id: int, text: str, *, actor_user: User, now: datetime
) -> ImportReport:
    """Members of a CSV file: `telegram_id`, one of `ends_at` (ISO 8601, UTC unless said) or `days` from now,
    and optionally `name`. Imported twice, nobody gets more; whoever has the plan already is left as is.

    Raises `Refused` "import-columns" (the details name them), "import-too-long".
    """
    _, product = own_plan(session, plan_id, actor_user)
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    columns = {name.strip().lower() for name in rows.fieldnames or ()}
    if "telegram_id" not in columns or not columns & {"ends_at", "days"} or columns - COLUMNS:
        raise Refused("import-columns", {"columns": "telegram_id, ends_at, days, name"})
    added, skipped, errors = 0, 0, list[tuple[int, str]]()
    for number, row in enumerate(rows, start=2):
        if number > LINES_LIMIT:
            raise Refused("import-too-long", {"limit": LINES_LIMIT})
        try:
            line = _read({(name or "").strip().lower(): value for name, value in row.items()}, now)
        except Refused as refused:
            errors.append((number, refused.code))
            continue
        if _add(session, plan_id, line, now):
            added += 1
        else:
            skipped += 1
    record(
        session,
        f"user:{actor_user.id}",
        "plan.imported",
        f"product:{product.id}",
        added=added,
        skipped=skipped,
    )
    return ImportReport(added, skipped, errors)


def _read(row: dict[str, str | None], now: datetime) -> _Line:
    digits = (row.get("telegram_id") or "").strip()
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) < 2**52):
        raise Refused("import-telegram-id")
    name = clean_text(row.get("name") or "")[:NAME_LIMIT]
    return _Line(int(digits), name, _length(row, now))


def _length(row: dict[str, str | None], now: datetime) -> Length:
    ends, days = (row.get("ends_at") or "").strip(), (row.get("days") or "").strip()
    if bool(ends) == bool(days):
        raise Refused("import-time")
    if days:
        if not (days.isascii() and days.isdigit() and 1 <= int(days) <= DAYS_LIMIT):
            raise Refused("import-time")
        return Length("days", int(days))
    try:
        until = datetime.fromisoformat(ends)
    except ValueError:
        raise Refused("import-time") from None
    until = whole(until if until.tzinfo else until.replace(tzinfo=UTC))
    if not now < until <= now + timedelta(days=DAYS_LIMIT):
        raise Refused("import-time")
    return Length("until", until=until)


def _add(session: Session, plan_id: int, line: _Line, now: datetime) -> bool:
    """Their membership and their lines in the rosters; False when they have the plan already."""
    made = insert(User).values(telegram_id=line.telegram_id, name=line.name, created_at=now)
    session.execute(made.on_conflict_do_nothing(index_elements=["telegram_id"]))
    user_id = session.exec(select(User.id).where(col(User.telegram_id) == line.telegram_id)).one()
    assert user_id is not None, "it has been read from the database"
    membership = membership_for(session, user_id, plan_id, now=now)
    if membership.state not in OVER or membership.turn > 0:
        return False
    given = Period(line.length, source="import")
    change(
        session,
        key(membership),
        lambda standing: machine.pay(standing, given, now=now, waits=False, grace=machine.NONE),
        now=now,
        actor="import",
    )
    for channel in channels_of_plan(session, plan_id):
        entry_for(session, key(channel), line.telegram_id)
    return True
