"""Our own workers in the benchmark of the ledger: a parent process with two children of eight threads."""

import threading
import time
from typing import Any, cast

import redis

from scripts.bench.ledger_work import Resources, Touch, touch
from workers.registry import Registry
from workers.run import Run
from workers.runtime.child import Child
from workers.runtime.groups import Group, Pool
from workers.runtime.parent import Parent
from workers.runtime.worker_identity import WorkerIdentity
from workers.services import Services

registry = Registry()


@registry.actor(Touch)
def perform(run: Run, job: Touch) -> None:
    """Do one job: sign one URL, update one row."""
    started = time.time()
    size = _resources[0].sign(job.row)
    with run.effect() as session:
        touch(session, job.row, size, started)


_resources: list[Resources] = []


def serve(group: Group, identity: WorkerIdentity, stopped: threading.Event) -> None:
    """Run one worker child until it is asked to stop."""
    resources = Resources.open()
    _resources.append(resources)
    unused = cast(Any, None)
    client = redis.Redis.from_url(resources.settings.redis_url)
    child = Child(
        group,
        Services(resources.settings, resources.database, client, resources.store, unused, unused),
        registry,
        schedules=(),
        identity=identity,
    )
    child.start()
    stopped.wait()
    child.stop()


def main() -> None:
    """Run the workers until SIGTERM."""
    groups = [Group(name, (Pool(("bulk",), threads=8, prefetch=128),)) for name in ("one", "two")]
    Parent(groups, serve).run()


if __name__ == "__main__":
    main()
