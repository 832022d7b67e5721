"""The periodic jobs of the shop, which benchmarks enqueue among all others."""

from schemas import jobs
from schemas.contracts import JobContract
from schemas.member_jobs import ExpireMembers, ExpireTokens, ReconcileStars, WarnMembers
from schemas.notification_jobs import PruneNotifications
from schemas.upkeep_jobs import MakeBackup, PruneJobs, PruneRecords, SealAudit, WatchShop

UPKEEP: tuple[type[JobContract], ...] = (
    *(MakeBackup, SealAudit, PruneJobs, PruneRecords, PruneNotifications, WatchShop),
    *(ExpireMembers, ExpireTokens, WarnMembers, ReconcileStars),
    *(jobs.ExpireOrders, jobs.RetryUndelivered, jobs.PollInvoices, jobs.SweepUploads),
)
