"""The job that looks for alerts, once a minute."""

from core.monitoring.alerts import watch
from core.process.memory import host_memory
from schemas.upkeep_jobs import WatchShop
from workers.registry import actor
from workers.run import Run


@actor(WatchShop)
def watch_shop(run: Run, job: WatchShop) -> None:
    """Look at this machine and at the shop, and raise or end alerts."""
    with run.effect() as session:
        watch(session, host_memory(), now=run.now())
