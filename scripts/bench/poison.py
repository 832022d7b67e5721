"""A kind of job that the shop does not know: who does it is `scripts.bench.poisoned`."""

from typing import ClassVar

from schemas.contracts import STEADY, JobContract, Queue, RetryPolicy


class Poison(JobContract, frozen=True):
    """A job that does what a library's crash or the out-of-memory killer does to a worker, every time."""

    actor: ClassVar[str] = "poison"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = STEADY
