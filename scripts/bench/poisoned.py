"""The workers with one more kind of job, which kills its worker: `python -m scripts.bench.poisoned`."""

import os
import signal
from typing import ClassVar

from schemas.contracts import STEADY, JobContract, Queue, RetryPolicy
from workers.main import main
from workers.registry import actor
from workers.run import Run


class Poison(JobContract, frozen=True):
    """A job that does what a library's crash or the out-of-memory killer does to a worker, every time."""

    actor: ClassVar[str] = "poison"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = STEADY


@actor(Poison)
def poison(run: Run, job: Poison) -> None:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
