"""Ends, warnings, grace and the nets under them: never early, each once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from core.kit.db import Database
from core.kit.errors import RetryAfter
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.clocks import next_warning
from core.memberships.expiry import due, due_query, strike, sweep, sweep_warnings, warn
from core.memberships.transitions import standing_of
from schemas import member_jobs
from schemas.membership import Membership
from schemas.queue import Job
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW
END = NOW + 30 * DAY
MANY = text(
    """
    WITH people AS (
        INSERT INTO person (telegram_id, name, language, language_chosen, roles, created_at)
        SELECT 10000000 + n, '', 'fr', false, '{}', now() FROM generate_series(1, :count) AS n RETURNING id
    )
    INSERT INTO membership (user_id, plan_id, state, turn, started_at, ends_at, clock_at, grace_days, reason,
                            created_at)
    SELECT id, :plan, state, 1, now(), at, at, 0, '', now()
    FROM (SELECT id, 'active' AS state, :now + id * interval '1 minute' AS at FROM people)
    """
)


def sent_to(session: Session, membership: Membership) -> list[str]:
    return make.sent_texts(session, make_members.person_of(session, membership))


def run_warnings(session: Session, until: datetime = END) -> None:
    """Do the warning jobs at their due moments, and those that come of them."""
    while True:
        waiting = select(Job).where(
            Job.actor == "warn_member", Job.state == "queued", col(Job.due_at) < until
        )
        job = session.exec(waiting.order_by(col(Job.due_at)).limit(1)).first()
        if job is None:
            return
        job.state = "done"
        warn(session, job.args["membership_id"], job.args["ends"], job.args["days"], now=job.due_at)


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(inner for child in node.get("Plans", []) for inner in _nodes(child))]


def test_the_end_removes_from_every_channel_and_tells_once(session: Session) -> None:
    shop = make.seller(session)
    rooms = [make_members.channel(session, shop) for _ in range(2)]
    membership = make_members.member(session, make_members.plan(session, *rooms))
    turn = membership.turn
    for _ in range(2):
        strike(session, id_of(membership), turn, now=END)
    assert (membership.state, membership.clock_at, membership.ended_at) == ("expired", None, END)
    jobs = make.queued(session, member_jobs.RemoveMember)
    assert sorted(job.channel_id for job in jobs) == [room.id for room in rooms]
    assert sent_to(session, membership) == ["member-expired"]


def test_a_clock_that_is_behind_waits_instead_of_ending_early(session: Session) -> None:
    membership = make_members.member(session)
    with pytest.raises(RetryAfter) as waited:
        strike(session, id_of(membership), membership.turn, now=END - timedelta(seconds=2))
    assert waited.value.seconds == 2
    assert membership.state == "active"


def test_grace_is_told_every_day_with_its_deadline_and_then_ends(session: Session) -> None:
    membership = make_members.member(session, make_members.plan(session, grace_days=3))
    run_warnings(session)
    strike(session, id_of(membership), membership.turn, now=END)
    assert (membership.state, membership.clock_at) == ("past_due", END + 3 * DAY)
    run_warnings(session, until=END + 3 * DAY)
    strike(session, id_of(membership), membership.turn, now=END + 3 * DAY)
    assert membership.state == "expired"
    expected = ["member-warned"] * 3 + ["member-grace"] * 3 + ["member-expired"]
    assert sent_to(session, membership) == expected


def test_each_warning_is_written_once_however_often_it_is_asked_for(session: Session) -> None:
    membership = make_members.member(session)
    run_warnings(session)
    for days in (7, 3, 1):
        sweep_warnings(session, now=END - days * DAY + timedelta(hours=1))
        warn(session, id_of(membership), int(END.timestamp()), days, now=END - days * DAY)
    assert sent_to(session, membership) == ["member-warned"] * 3
    assert make_members.due_of(session, "warn_member") == [END - days * DAY for days in (7, 3, 1)]


def test_a_warning_that_comes_late_gives_way_to_the_next(session: Session) -> None:
    membership = make_members.member(session)
    warn(session, id_of(membership), int(END.timestamp()), 7, now=END - 2 * DAY)
    assert sent_to(session, membership) == []
    assert [job.days for job in make.queued(session, member_jobs.WarnMember)] == [7, 3, 1]


def test_the_net_asks_for_a_warning_that_was_lost(session: Session) -> None:
    membership = make_members.member(session)
    session.execute(text("DELETE FROM job WHERE actor = 'warn_member'"))
    assert [sweep_warnings(session, now=END - 3 * DAY) for _ in range(2)] == [1, 0]
    warn(session, id_of(membership), int(END.timestamp()), 3, now=END - 3 * DAY)
    assert sent_to(session, membership) == ["member-warned"]
    assert make_members.due_of(session, "warn_member")[-1] == END - DAY


def test_nobody_is_warned_of_an_end_that_a_renewal_moved(session: Session) -> None:
    item, person = make_members.plan(session), make.user(session)
    membership = make_members.member(session, item, person)
    make_members.member(session, item, person, now=NOW + DAY)
    warn(session, id_of(membership), int(END.timestamp()), 7, now=END - 7 * DAY)
    assert sent_to(session, membership) == []


@pytest.mark.parametrize(("count", "days"), [(1, []), (2, [1]), (3, [1]), (7, [3, 1]), (8, [7, 3, 1])])
def test_nobody_is_warned_in_the_moment_of_buying(session: Session, count: int, days: list[int]) -> None:
    membership = make_members.member(session, make_members.plan(session, count=count))
    assert sweep_warnings(session, now=NOW + timedelta(minutes=1)) == 0
    run_warnings(session)
    assert [job.days for job in make.queued(session, member_jobs.WarnMember)] == days
    assert len(sent_to(session, membership)) == len(days)


def test_who_cancelled_or_renews_by_itself_is_not_warned(session: Session) -> None:
    membership = make_members.member(session)
    standing = standing_of(session, membership)
    assert next_warning(standing, NOW, renews=True) is None
    member_actions.cancel(session, make_members.person_of(session, membership), id_of(membership), now=NOW)
    run_warnings(session)
    assert sent_to(session, membership) == ["member-cancelled"]


def test_the_net_finds_only_ends_that_no_job_saw_to(session: Session) -> None:
    membership, later = make_members.member(session), make_members.member(session, now=NOW + DAY)
    assert due(session, now=END - timedelta(seconds=1)) == []
    assert due(session, now=END) == [(membership.id, membership.turn)]
    assert [sweep(session, now=END) for _ in range(2)] == [1, 1]
    jobs = [
        job for job in make.queued(session, member_jobs.ExpireMember) if job.membership_id == membership.id
    ]
    assert len(jobs) == 2  # its own, and one of the net
    strike(session, id_of(membership), membership.turn, now=END)
    assert sweep(session, now=END) == 0
    assert later.state == "active"


@pytest.fixture
def owner_session(owner_url: str) -> Iterator[Session]:
    """A session by the role that owns the tables: ANALYZE is for owners."""
    database = Database(owner_url)
    with Session(database.engine) as session:
        yield session
    database.dispose()


def test_the_expiry_query_reads_only_what_is_due(owner_session: Session) -> None:
    session = owner_session
    membership = make_members.member(session)
    session.execute(MANY, {"count": 5000, "plan": membership.plan_id, "now": END + DAY})
    session.execute(text("ANALYZE membership"))
    query = due_query(now=END).compile(session.connection(), compile_kwargs={"literal_binds": True})
    ((plan,),) = session.execute(text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}")).all()
    nodes = list(_nodes(plan[0]["Plan"]))
    scans = [node for node in nodes if "Scan" in node["Node Type"]]
    assert [node.get("Index Name") for node in scans] == ["ix_membership_due"]
    assert scans[0]["Actual Rows"] == 1
    assert scans[0]["Shared Hit Blocks"] + scans[0]["Shared Read Blocks"] <= 5
    assert due(session, now=END) == [(membership.id, membership.turn)]
