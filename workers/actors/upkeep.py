"""Jobs that keep the installation in order: old jobs, the audit log, old records, alerts, backups."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from core.audit.head import Heads
from core.audit.keys import Key
from core.audit.retention import DaysKept, prune_records
from core.audit.sealing import seal_and_check
from core.jobs.admin.history import prune
from core.kit.db import Database
from core.kit.rail_policy import parse_policy
from core.monitoring.alerts import Machine, watch, watch_audit
from core.monitoring.disk import disk_of
from core.monitoring.memory import host_memory
from core.payments.shop_fee_looks import look_at_fees
from core.process.database_roles import audit_of
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
    """Seal the new entries of the audit log, read all of it, and tell admins where it does not hold."""
    key = _key(run)
    heads = Heads(run.services.store, key)
    with _audit_database(run) as database:
        broken = seal_and_check(database, key, heads, now=run.now())
    with run.effect() as session:
        watch_audit(session, broken, now=run.now())


@actor(jobs.PruneRecords)
def prune_old_records(run: Run, job: jobs.PruneRecords) -> None:
    """Delete old audit entries, payment events and replays in batches."""
    settings = run.services.settings
    ages = DaysKept(settings.audit_days, settings.payment_event_days, settings.replay_days)
    with _audit_database(run) as audit:
        prune_records(run.services.database, audit, _key(run), ages, now=run.now())


@actor(jobs.WatchShop)
def watch_shop(run: Run, job: jobs.WatchShop) -> None:
    """Look at this machine and at the shop, once a minute, and raise or end alerts."""
    settings = run.services.settings
    within = timedelta(seconds=settings.support_answer_within)
    machine = Machine(host_memory(), disk_of(settings.store_folder))
    with run.effect() as session:
        watch(session, machine, answer_within=within, now=run.now())


@actor(jobs.MakeBackup)
def make_backup(run: Run, job: jobs.MakeBackup) -> None:
    """Back up the database, then drop the oldest copies: a copy that fails takes none away."""
    back_up(run)
    with run.effect() as session:
        drop_old(run.services.store, session, run.services.settings.backup_keep)


@actor(jobs.LookAtShopFees)
def look_at_shop_fees(run: Run, job: jobs.LookAtShopFees) -> None:
    """Look at every monthly fee that ends soon or lacks, once an hour."""
    settings = run.services.settings
    policy = parse_policy(settings.rail_policy)
    with run.effect() as session:
        look_at_fees(session, policy=policy, settings=settings, now=run.now())


@contextmanager
def _audit_database(run: Run) -> Iterator[Database]:
    """The database by the role that may seal and prune the audit log, for as long as the block runs."""
    database = Database(audit_of(run.services.settings), pool_size=1, application="comptoir audit")
    try:
        yield database
    finally:
        database.dispose()


def _key(run: Run) -> Key:
    """What seals are signed with. Raises `SettingError`: an empty secret would sign for everybody."""
    run.services.settings.require("link_secret")
    return Key(run.services.settings.link_secret)
