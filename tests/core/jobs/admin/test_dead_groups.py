"""Dead jobs grouped by what went wrong."""

from datetime import timedelta

from sqlmodel import Session

from core.jobs.admin.dead_groups import dead_groups
from core.jobs.admin.filter_language import parse
from core.jobs.admin.listing import list_jobs, workers_and_errors
from tests.core.jobs.admin.rows import job
from tests.support.make import NOW

HOUR = timedelta(hours=1)


def test_dead_jobs_are_grouped_by_fingerprint_largest_first(session: Session) -> None:
    for number in (1, 5, 3):
        job(session, "dead", ago=number * HOUR)
    job(session, "dead", fingerprint="lost-lease", error_class="LostLease", actor="notify")
    job(session, "done", fingerprint="f00d00000001", error_class="TimeoutError")
    first, second = dead_groups(session)
    assert (first.number, first.first_seen, first.last_seen) == (3, NOW - 5 * HOUR, NOW - HOUR)
    assert (first.error_class, first.actor, second.number, second.actor) == (
        "TimeoutError",
        "deliver",
        1,
        "notify",
    )
    assert len(list_jobs(session, parse(first.filter), now=NOW)) == 3
    assert workers_and_errors(session) == {"worker": [], "error": ["LostLease", "TimeoutError"]}
