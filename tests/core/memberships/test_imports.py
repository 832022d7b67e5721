"""Members brought in from a seller's file."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.kit.errors import NotAllowed, Refused
from core.kit.rows import id_of
from core.memberships import imports
from core.memberships.imports import CHUNK, LINES_LIMIT, Line, add_next, begin_import, end_import, reading_of
from core.memberships.periods import Length
from core.memberships.plans import channels_of_plan
from schemas.audit import AuditEntry
from schemas.catalogue import Product
from schemas.member_imports import MemberImport
from schemas.membership import Membership, RosterEntry
from schemas.people import User
from schemas.queue import Job
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
CSV = """telegram_id,ends_at,days,name
900001,2027-01-31,,Zoé
900002,,10,Awa
900003,2020-01-01,,past

x,,10,bad id
900004,,,no time
900002,,20,twice
"""


def begin(session: Session, item: Product, text: str = CSV, occasion: str = "1") -> MemberImport:
    """The seller of a plan sends a file."""
    owner = make.owner_of(session, make_members.shop_of(session, item))
    begin_import(session, id_of(item), text, actor_user=owner, now=NOW, idempotency_key=occasion)
    return session.exec(select(MemberImport).where(MemberImport.idempotency_key == occasion)).one()


def bring_in(session: Session, row: MemberImport) -> None:
    """What the job does."""
    reading = reading_of(session, id_of(row))
    while add_next(session, id_of(row), reading.lines):
        pass
    end_import(session, id_of(row), reading, now=NOW + DAY)


def ends(session: Session) -> dict[int, datetime | None]:
    """When each member's time ends, by Telegram id."""
    members = select(User.telegram_id, Membership.ends_at).join(
        Membership, col(Membership.user_id) == col(User.id)
    )
    return dict(session.exec(members).all())


def jobs(session: Session, actor: str) -> list[Job]:
    """The jobs of an actor."""
    return list(session.exec(select(Job).where(Job.actor == actor).order_by(col(Job.created_at))))


def reports(session: Session) -> list[dict[str, Any]]:
    """What sellers are told at the end of an import."""
    return [job.args for job in jobs(session, "notify") if job.args["text"] == "import-done"]


def test_each_line_is_read_or_named_with_what_is_wrong() -> None:
    reading = imports.read_lines(CSV, NOW)
    until = Length("until", until=datetime(2027, 1, 31, tzinfo=UTC))
    assert reading.lines == [
        Line(900001, "Zoé", until),
        Line(900002, "Awa", Length("days", 10)),
        Line(900002, "twice", Length("days", 20)),
    ]
    assert reading.errors == [(4, "import-time"), (6, "import-telegram-id"), (7, "import-time")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "import-columns"),
        ("name\nZoé", "import-columns"),
        ("telegram_id,name\n1,x", "import-columns"),
        ("telegram_id,days,password\n1,1,x", "import-columns"),
        ("telegram_id,days,name\n1,1,\0", "import-not-text"),
        ('telegram_id,days,name\n1,1,"' + "x" * 200_000, "import-not-text"),
        ("telegram_id,days\n" + "1,1\n" * LINES_LIMIT, "import-too-long"),
    ],
    ids=["empty", "names", "no-time", "unknown", "nul", "open-quote", "long"],
)
def test_a_file_that_cannot_be_read_is_refused_whole(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        imports.read_lines(text, NOW)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1" * 5000 + ",,1", "import-telegram-id"),
        ("1,," + "1" * 5000, "import-time"),
        ("1,9999-12-31T23:59:59.5,", "import-time"),
        ("1,2027-01-31,5", "import-time"),
        ("1,,3661", "import-time"),
    ],
    ids=["id", "days", "end-of-time", "both", "years"],
)
def test_a_line_beyond_all_bounds_is_one_wrong_line(line: str, code: str) -> None:
    assert imports.read_lines(f"telegram_id,ends_at,days\n{line}", NOW).errors == [(2, code)]


def test_members_come_in_with_the_time_they_have_left_and_the_seller_is_told(session: Session) -> None:
    item = make_members.plan(session, places=1)  # members of before are not turned away
    row = begin(session, item)
    assert [job.args for job in jobs(session, "import_members")] == [{"import_id": row.id}]
    bring_in(session, row)
    assert ends(session) == {900001: datetime(2027, 1, 31, tzinfo=UTC), 900002: NOW + 10 * DAY}
    room = channels_of_plan(session, id_of(item))[0]
    seen = select(RosterEntry.telegram_id).where(RosterEntry.channel_id == room.id)
    assert sorted(session.exec(seen)) == [900001, 900002]
    assert {job.due_at for job in jobs(session, "expire_member")} == set(ends(session).values())
    written = session.exec(select(AuditEntry).where(AuditEntry.action == "plan.imported")).one()
    assert written.details == {"added": 2, "skipped": 1}
    assert (row.text, row.added, row.skipped) == ("", 2, 1)

    (report,) = reports(session)
    assert report["user_id"] == row.user_id
    assert report["params"] | {"lines": ""} == {"added": 2, "skipped": 1, "errors": 3, "lines": ""}
    assert report["params"]["lines"].splitlines()[1].startswith("• ligne 6\u00a0: L’identifiant Telegram")


def test_the_same_message_is_one_import_and_the_same_file_adds_nobody_twice(session: Session) -> None:
    item = make_members.plan(session)
    row = begin(session, item)
    assert begin(session, item).id == row.id
    bring_in(session, row)
    before = ends(session)
    bring_in(session, row)  # the job is done once more
    assert len(jobs(session, "import_members")) == len(reports(session)) == 1
    again = begin(session, item, occasion="2")
    bring_in(session, again)
    assert (again.added, again.skipped) == (0, 3)
    assert ends(session) == before


def test_whoever_has_the_plan_keeps_what_they_have(session: Session) -> None:
    item = make_members.plan(session)
    membership = make_members.member(session, item)
    person = make_members.person_of(session, membership)
    row = begin(session, item, f"telegram_id,days\n{person.telegram_id},300")
    bring_in(session, row)
    assert (row.added, row.skipped) == (0, 1)
    assert ends(session)[person.telegram_id] == NOW + 30 * DAY


def test_only_the_seller_brings_members_in(session: Session) -> None:
    item = make_members.plan(session)
    with pytest.raises(NotAllowed):
        begin_import(
            session, id_of(item), CSV, actor_user=make.user(session), now=NOW, idempotency_key="theirs"
        )


def test_an_import_cut_off_goes_on_where_it_was(session: Session) -> None:
    item = make_members.plan(session)
    people = range(910_000, 910_000 + CHUNK + 3)
    row = begin(session, item, "telegram_id,days\n" + "\n".join(f"{person},30" for person in people))
    assert add_next(session, id_of(row), reading_of(session, id_of(row)).lines)
    assert sorted(ends(session)) == list(people)[:CHUNK]
    bring_in(session, row)  # by another worker, which knows nothing but the row
    assert (row.added, row.skipped, row.done) == (len(people), 0, len(people))
    assert sorted(ends(session)) == list(people)


def test_who_was_promised_it_for_ever_is_brought_in_for_ever(session: Session) -> None:
    item = make_members.plan(session, unit="lifetime", count=0)
    bring_in(session, begin(session, item, "telegram_id,ends_at\n900001,never\n900002,2027-01-31"))
    assert ends(session) == {900001: None, 900002: datetime(2027, 1, 31, tzinfo=UTC)}
    assert session.exec(select(Membership.state).distinct()).all() == ["active"]
