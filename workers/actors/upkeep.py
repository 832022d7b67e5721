"""Jobs that keep the installation in order: old jobs, the audit log, old records, alerts, backups."""

from core.audit.chain import Key, seal
from core.audit.retention import DaysKept, prune_records
from core.jobs.admin.history import prune
from core.monitoring.alerts import watch
from core.process.memory import host_memory
from schemas import upkeep_jobs as jobs
from workers.backup import back_up, drop_old
from workers.registry import actor
from workers.run import Run


@actor(jobs.PruneJobs)
def prune_jobs(run: Run, job: jobs.PruneJobs) -> None:
    """Delete old jobs in batches; what a dying run left, the next one takes."""
    database, days = run.services.database, run.services.settings.job_history_days
    prune(database.engine, now=run.now(), days=days)


@actor(jobs.SealAudit)
def seal_audit(run: Run, job: jobs.SealAudit) -> None:
    """Seal the new entries of the audit log into its chain, in batches."""
    seal(run.services.database, _key(run), now=run.now())


@actor(jobs.PruneRecords)
def prune_old_records(run: Run, job: jobs.PruneRecords) -> None:
    """Delete old audit entries, payment events and replays in batches."""
    settings = run.services.settings
    ages = DaysKept(settings.audit_days, settings.payment_event_days, settings.replay_days)
    prune_records(run.services.database, _key(run), ages, now=run.now())


@actor(jobs.WatchShop)
def watch_shop(run: Run, job: jobs.WatchShop) -> None:
    """Look at this machine and at the shop, once a minute, and raise or end alerts."""
    with run.effect() as session:
        watch(session, host_memory(), now=run.now())


@actor(jobs.MakeBackup)
def make_backup(run: Run, job: jobs.MakeBackup) -> None:
    """Back up the database, then drop the oldest copies: a copy that fails takes none away."""
    back_up(run)
    with run.effect() as session:
        drop_old(run.services.store, session, run.services.settings.backup_keep)


def _key(run: Run) -> Key:
    """What seals are signed with. Raises `SettingError`: an empty secret would sign for everybody."""
    run.services.settings.require("link_secret")
    return Key(run.services.settings.link_secret)
