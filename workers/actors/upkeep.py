"""Jobs that keep the ledger itself small."""

from core.queue_desk.history import prune
from schemas import jobs
from workers.registry import actor
from workers.run import Run


@actor(jobs.PruneJobs)
def prune_jobs(run: Run, job: jobs.PruneJobs) -> None:
    """Delete in batches until nothing is old enough; what a dying run left, the next one takes."""
    database, days = run.services.database, run.services.settings.job_history_days
    prune(database.engine, now=run.now(), days=days)
