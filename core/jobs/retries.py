"""What becomes of a job whose run ended in an error: pure rules."""

import hashlib
import random
import traceback
from dataclasses import dataclass
from types import TracebackType

from core.kit.errors import Permanent, RetryAfter, ServerAway, SettingError, without_values
from schemas.contracts import PATIENT, RetryPolicy
from schemas.queue import AttemptOutcome, JobState

LONGEST_TEXT = 10_000  # characters of a message or traceback that are kept


@dataclass(frozen=True)
class Verdict:
    """The next state, seconds until due, what the attempt is called, whether it counts as a failure."""

    state: JobState
    delay: float
    outcome: AttemptOutcome
    counts: bool


@dataclass(frozen=True)
class Fault:
    """An error as people read it. Equal fingerprints: the same kind of failure at the same place."""

    error_class: str
    message: str
    traceback: str
    fingerprint: str


def judge(error: BaseException, failures: int, policy: RetryPolicy, *, jitter: float) -> Verdict:
    """Decide after an error of a job that has failed `failures` times before; `jitter` in [0, 1).

    A server that is away is waited for at least as long as `PATIENT` says.
    """
    if isinstance(error, ServerAway):
        policy = max(policy, PATIENT, key=lambda each: each.failures)
    if isinstance(error, (Permanent, SettingError)):
        return Verdict("dead", 0, "failed", True)
    if isinstance(error, RetryAfter):
        return Verdict("queued", max(error.seconds, 0), "retry_after", False)
    if failures + 1 >= policy.failures:
        return Verdict("dead", 0, "failed", True)
    return Verdict("queued", back_off(failures, policy, jitter=jitter), "failed", True)


def back_off(failures: int, policy: RetryPolicy, *, jitter: float) -> float:
    """Seconds until the next try: doubled each time up to `longest`, spread by a fifth to both sides."""
    seconds = min(policy.first * 2.0 ** min(failures, 40), policy.longest)
    return seconds * (0.8 + 0.4 * jitter)


def spread() -> float:
    """Jitter: a number in [0, 1)."""
    return random.random()  # noqa: S311 - nothing secret depends on it


def describe(error: BaseException) -> Fault:
    """Class, message and traceback of an error, shortened; no NUL, which PostgreSQL refuses."""
    name = name_of(type(error))
    text = "".join(traceback.format_exception(error))
    return Fault(name, _clean(str(error)), _clean(text), _fingerprint(name, error.__traceback__))


def name_of(kind: type[BaseException]) -> str:
    """The name under which the ledger keeps errors of this class."""
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _clean(text: str) -> str:
    return without_values(text).replace("\0", "\\0")[-LONGEST_TEXT:]


def _fingerprint(name: str, trace: TracebackType | None) -> str:
    # Line numbers change with every release; functions seldom do.
    frames = [
        f"{frame.filename.rpartition('/')[2]}:{frame.name}" for frame in traceback.extract_tb(trace)[-3:]
    ]
    return hashlib.sha256("\n".join([name, *frames]).encode()).hexdigest()[:12]
