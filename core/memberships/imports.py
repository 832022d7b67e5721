"""Bringing existing members in from CSV, with the time that they have left.

The bot reads the lines, tells what is wrong with them, and keeps the file; a job adds the members, some
hundred in a transaction. How far it got is written with each, so that the next attempt goes on from there.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.bad_rows import each
from core.kit.errors import Refused
from core.kit.names import clean_text
from core.kit.rows import id_of, must_get
from core.memberships import machine
from core.memberships.doubled import stop_doubled
from core.memberships.letters import refused_lines
from core.memberships.machine import OVER
from core.memberships.periods import NONE, Length, Period, whole
from core.memberships.plans import channels_of_plan, own_plan
from core.memberships.transitions import change
from core.notifications.notify import notify
from core.people.people import NAME_LIMIT
from schemas.member_imports import MemberImport
from schemas.member_jobs import ImportMembers
from schemas.membership import Membership, RosterEntry
from schemas.people import User
from schemas.text import is_clean

LINES_LIMIT = 5_000
DAYS_LIMIT = 3660
CHUNK = 250  # members in one transaction: about a second, which is lost at most when the job is cut off
NEVER = "never"
"""In the column `ends_at`: for ever."""
COLUMNS = {"telegram_id", "ends_at", "days", "name"}


@dataclass(frozen=True)
class Line:
    """One member to bring in."""

    telegram_id: int
    name: str
    length: Length


@dataclass(frozen=True)
class Reading:
    """What a file says. `errors` are (line of the file, code of a text); nobody of those is brought in."""

    lines: list[Line]
    errors: list[tuple[int, str]]


def read_lines(text: str, now: datetime) -> Reading:
    """Members of a CSV file: `telegram_id`, one of `ends_at` (ISO 8601, UTC unless said; or never) or `days`
    from now, and optionally `name`. Pure.

    Raises `Refused` "import-columns" (the details name them), "import-too-long", "import-not-text".
    """
    lines, errors = list[Line](), list[tuple[int, str]]()
    try:
        for number, row in _rows(text):
            if number > LINES_LIMIT:
                raise Refused("import-too-long", {"limit": LINES_LIMIT})
            try:
                lines.append(_line(row, now))
            except Refused as refused:
                errors.append((number, refused.code))
    except csv.Error:
        raise Refused("import-not-text") from None
    return Reading(lines, errors)


def begin_import(
    session: Session, plan_id: int, text: str, *, actor_user: User, now: datetime, idempotency_key: str
) -> Reading:
    """Keep a file whose members a job brings in; days count from `now`. The same key, the same import.

    Raises as `read_lines` and `own_plan` do.
    """
    own_plan(session, plan_id, actor_user)
    reading = read_lines(text, now)
    if reading.lines:
        new = insert(MemberImport).values(
            plan_id=plan_id,
            user_id=id_of(actor_user),
            idempotency_key=idempotency_key,
            text=text,
            created_at=now,
        )
        new = new.on_conflict_do_nothing(index_elements=["idempotency_key"])
        import_id = session.execute(new.returning(col(MemberImport.id))).scalar_one_or_none()
        if import_id is not None:
            enqueue(session, ImportMembers(import_id=import_id).once())
    return reading


def reading_of(session: Session, import_id: int) -> Reading:
    """What the file of an import says, read as it was when it came; nothing once the import has ended."""
    row = must_get(session, MemberImport, import_id, "import-unknown")
    return read_lines(row.text, row.created_at) if row.finished_at is None else Reading([], [])


def add_next(session: Session, import_id: int, lines: Sequence[Line]) -> bool:
    """Bring the next members in; whether any were left. Whoever has the plan already is left as is.

    A plan's places do not bind its seller here: these are members already, and they take places.
    """
    row = must_get(session, MemberImport, import_id, "import-unknown", lock=True)
    chunk = lines[row.done : row.done + CHUNK]
    if not chunk:
        return False
    people = {line.telegram_id: line for line in reversed(chunk)}
    # A line that cannot be brought in counts as skipped, and stops none of the others.
    added = sum(
        each(
            session,
            f"import {import_id}",
            people,
            lambda number: _add(session, row, {number: people[number]}),
            together=lambda _: [_add(session, row, people)],
            now=row.created_at,
        )
    )
    row.done += len(chunk)
    row.added += added
    row.skipped += len(chunk) - added
    session.add(row)
    session.flush()
    return True


def end_import(session: Session, import_id: int, reading: Reading, *, now: datetime) -> None:
    """Tell the seller what came of it, and keep no more of the file than the counts."""
    row = must_get(session, MemberImport, import_id, "import-unknown", lock=True)
    if row.finished_at is not None:
        return
    seller = must_get(session, User, row.user_id, "person-unknown")
    row.text, row.finished_at = "", now
    session.add(row)
    actor, plan = f"user:{row.user_id}", f"product:{row.plan_id}"
    record(session, actor, "plan.imported", plan, added=row.added, skipped=row.skipped)
    params: dict[str, str | int] = {
        "added": row.added,
        "skipped": row.skipped,
        "errors": len(reading.errors),
        "lines": refused_lines(seller.language, reading.errors),
    }
    buttons = [["button-plan-members", f"plan_members:1:{row.plan_id}"]]
    notify(session, row.user_id, "import-done", params, once=str(import_id), buttons=buttons)


def _rows(text: str) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Each row that is not empty, by the names of its columns, with its line in the file."""
    if not is_clean(text):
        raise csv.Error("the database keeps no such text")
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    columns = {name.strip().lower() for name in rows.fieldnames or ()}
    if "telegram_id" not in columns or not columns & {"ends_at", "days"} or columns - COLUMNS:
        raise Refused("import-columns", {"columns": "telegram_id, ends_at, days, name"})
    for row in rows:
        yield rows.line_num, {(name or "").strip().lower(): value for name, value in row.items()}


def _line(row: dict[str, str | None], now: datetime) -> Line:
    digits = (row.get("telegram_id") or "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 16 and 0 < int(digits) < 2**52):
        raise Refused("import-telegram-id")
    name = clean_text(row.get("name") or "")[:NAME_LIMIT]
    return Line(int(digits), name, _length(row, now))


def _length(row: dict[str, str | None], now: datetime) -> Length:
    ends, days = (row.get("ends_at") or "").strip(), (row.get("days") or "").strip()
    if bool(ends) == bool(days):
        raise Refused("import-time")
    if days:
        if not (days.isascii() and days.isdigit() and len(days) <= 4 and 1 <= int(days) <= DAYS_LIMIT):
            raise Refused("import-time")
        return Length("days", int(days))
    if ends.lower() == NEVER:
        return Length("lifetime")
    try:
        until = datetime.fromisoformat(ends)
        until = whole(until if until.tzinfo else until.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Refused("import-time") from None
    if not now < until <= now + timedelta(days=DAYS_LIMIT):
        raise Refused("import-time")
    return Length("until", until=until)


def _add(session: Session, row: MemberImport, lines: dict[int, Line]) -> int:
    """Their memberships and their lines in the rosters; how many had not had the plan before.

    People and memberships are taken in one order, so that two imports of the same wait, and do not deadlock.
    """
    now, added = row.created_at, list[int]()
    for telegram_id, membership in _memberships(session, row.plan_id, lines, now):
        if membership.state not in OVER or membership.turn > 0 or membership.barred_at is not None:
            continue
        _give(session, membership, lines[telegram_id].length, now, importer=row.user_id)
        if membership.ends_at is None:  # for ever: nobody is charged for as much elsewhere
            stop_doubled(session, membership.user_id)
        added.append(telegram_id)
    places = [
        {"channel_id": id_of(channel), "telegram_id": telegram_id}
        for channel in channels_of_plan(session, row.plan_id)
        for telegram_id in added
    ]
    if places:
        session.execute(insert(RosterEntry).values(places).on_conflict_do_nothing())
    return len(added)


def _give(session: Session, membership: Membership, length: Length, now: datetime, *, importer: int) -> None:
    period = Period(length, source="import")
    change(
        session,
        membership,
        lambda standing: machine.pay(standing, period, now=now, waits=False, grace=NONE),
        now=now,
        act="imported",
        actor=f"user:{importer}",
    )


def _memberships(
    session: Session, plan_id: int, lines: dict[int, Line], now: datetime
) -> list[tuple[int, Membership]]:
    """Each person's membership of the plan, locked, by Telegram id; what is not there yet is made."""
    people = [
        {"telegram_id": telegram_id, "name": lines[telegram_id].name, "created_at": now}
        for telegram_id in sorted(lines)
    ]
    session.execute(insert(User).values(people).on_conflict_do_nothing(index_elements=["telegram_id"]))
    ids = session.exec(select(User.id).where(col(User.telegram_id).in_(lines)).order_by(col(User.id))).all()
    empty = [{"user_id": user_id, "plan_id": plan_id, "created_at": now} for user_id in ids]
    session.execute(
        insert(Membership).values(empty).on_conflict_do_nothing(index_elements=["user_id", "plan_id"])
    )
    locked = (
        select(User.telegram_id, Membership)
        .join(Membership, col(Membership.user_id) == User.id)
        .where(Membership.plan_id == plan_id, col(Membership.user_id).in_(ids))
        .order_by(col(Membership.user_id))
        .with_for_update(key_share=True, of=Membership)
        .execution_options(populate_existing=True)
    )
    return list(session.exec(locked))
