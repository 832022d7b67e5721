"""The job that imports a seller's members of before."""

from core.memberships import imports
from schemas import member_jobs as jobs
from workers.registry import actor
from workers.run import Run


@actor(jobs.ImportMembers)
def import_members(run: Run, job: jobs.ImportMembers) -> None:
    """Import the members of a file, some hundred in a transaction, then notify the seller."""
    with run.services.database.transaction() as session:
        reading = imports.reading_of(session, job.import_id)
    left = True
    while left:
        run.stop_if_cancelled()
        with run.services.database.transaction() as session:
            left = imports.add_next(session, job.import_id, reading.lines)
    with run.effect() as session:
        imports.end_import(session, job.import_id, reading, now=run.now())
