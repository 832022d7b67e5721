"""What is lost, repeated or late when parts die or the machine misbehaves, among jobs of all kinds.

One shop; each fault gets a batch of its own (scripts.bench.mixed) and comes when half of it is done.
"""

import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import text

from core.jobs.claims import LOST_LIMIT
from core.jobs.ledger import enqueue
from scripts.bench import faults
from scripts.bench.faults import AWAY, SETTLE, Strike, kill_child, kill_part
from scripts.bench.mixed import AT_ONCE, Batch, Workload, open_workload
from scripts.bench.poisoned import Poison
from scripts.bench.report import Report
from scripts.bench.running_stack import RunningStack
from scripts.embedded.process import StackError, wait_until
from workers.runtime.child import GROUPS

COUNT = 5000
STRUCK_AT = 0.5  # share of the batch that is done when the fault comes
FROM_THE_START = ("store away", "store full")  # what needs the store is done long before half
HEAD_START = 1.0  # seconds that these are there before the first job
LIVE = 20.0  # seconds over which notices and payments come
GIVE_UP = 600.0  # seconds
JUMP = 3600  # seconds that the clock of our processes is put forward, and back again
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
ROLES = ("api", "bot", "workers")
OF_POISON = text("SELECT state, lost FROM job WHERE actor = 'poison' ORDER BY created_at DESC LIMIT 1")


def fill_store(system: RunningStack) -> None:
    """Make every write of the store fail, as on a full disk.

    The kernel refuses to let its files grow (RLIMIT_FSIZE, setrlimit(2)). Needs neither root nor a disk that
    is really full.
    """
    for pid in system.stack.pids("store"):
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    time.sleep(AWAY)
    for pid in system.stack.pids("store"):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def take_telegram_away(system: RunningStack) -> None:
    """Let Telegram cut every connection as soon as it is open, for a while."""
    until = time.monotonic() + AWAY
    while time.monotonic() < until:
        system.telegram.remote.drop_connections()
        time.sleep(0.05)


def jump(system: RunningStack) -> None:
    """Set the clock of API, bot and workers an hour ahead for a while."""
    clock = Path(system.stack.processes["workers"].environment["FAKETIME_TIMESTAMP_FILE"])
    clock.write_text(f"+{JUMP}")
    time.sleep(AWAY)
    clock.write_text("+0")


def give_poison(system: RunningStack) -> None:
    """Enqueue a job that kills the worker that runs it, and wait until the job is dead."""
    with system.database.transaction() as session:
        enqueue(session, Poison())
    wait_until(lambda: _poison(system)[0] == "dead", GIVE_UP, "the poison is not dead")


STRIKES: dict[str, Strike] = {
    "api killed": partial(kill_part, name="api"),
    "bot killed": partial(kill_part, name="bot"),
    **{f"{group.name} child killed": partial(kill_child, group=group.name) for group in GROUPS},
    "worker parent killed": partial(kill_part, name="workers"),
    "redis restarted": partial(kill_part, name="redis"),
    "redis flushed": faults.flush_redis,
    "postgres restarted": faults.restart_postgres,
    "store away": faults.take_store_away,
    "store full": fill_store,
    "telegram away": take_telegram_away,
    "telegram unwell": faults.trouble_telegram,
    "poison": give_poison,
    "clock jump": jump,
}


def measure(count: int = COUNT, only: Sequence[str] = ()) -> Report:
    """Run every fault, or those of `only`, each among `count` jobs.

    Raises `StackError` for an unknown fault, and for a clock jump without libfaketime.
    """
    report = Report("mixed-faults")
    if unknown := set(only) - STRIKES.keys():
        raise StackError(f"There is no fault {unknown.pop()!r}: choose among {', '.join(STRIKES)}.")
    with open_workload() as workload:
        for name, strike in STRIKES.items():
            if not only or name in only:
                with _prepared(workload.system, name):
                    suffer(report, workload, name, strike, count)
    return report


def suffer(report: Report, workload: Workload, name: str, strike: Strike, count: int) -> None:
    """Work a batch off, break something in the middle, wait until all is settled, and judge."""
    batch = workload.seed(count)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        arrived = workload.live(batch, pool, LIVE)
        waiting = workload.undone(batch)
        if name in FROM_THE_START:
            # The strike stays in this thread: what it starts again would end with another.
            threading.Timer(HEAD_START, workload.release).start()
        else:
            workload.release()
            most = waiting * (1 - STRUCK_AT)
            wait_until(lambda: workload.undone(batch) <= most, GIVE_UP, "half is not done")
        strike(workload.system)
        seconds = _settle(workload, batch, arrived)
    verdict = workload.judge(batch)
    report.equal(f"{name}: lost", {}, verdict.lost)
    report.equal(f"{name}: done twice", {}, verdict.twice)
    report.at_most(f"{name}: settled after", SETTLE, seconds, "s")
    if name == "poison":
        report.equal("the poison itself", ("dead", LOST_LIMIT), _poison(workload.system))
    report.facts.setdefault("jobs", workload.kinds(batch))
    # A run of all faults takes long: each is told when it has ended.
    print(f"{name}: lost {verdict.lost}, twice {verdict.twice}, {seconds:.1f} s", file=sys.stderr)


def _settle(workload: Workload, batch: Batch, arrived: Callable[[], None]) -> float:
    """Seconds from now until nothing is left to do."""
    back = time.monotonic()
    arrived()
    while workload.undone(batch) and time.monotonic() < back + GIVE_UP:
        time.sleep(0.2)
    return time.monotonic() - back


def _poison(system: RunningStack) -> tuple[str, int]:
    with system.database.engine.connect() as connection:
        state, lost = connection.execute(OF_POISON).one()
        return str(state), int(lost)


@contextmanager
def _prepared(system: RunningStack, name: str) -> Iterator[None]:
    """Processes as this fault needs them, and as they were before afterwards."""
    if name == "poison":
        workers = system.stack.processes["workers"]
        usual = workers.command
        workers.command = [*usual[:-1], "scripts.bench.poisoned"]
        _restart(system, ["workers"])
        yield
        workers.command = usual
        _restart(system, ["workers"])
    elif name == "clock jump":
        _put_clock(system)
        _restart(system, ROLES)
        yield
    else:
        yield


def _put_clock(system: RunningStack) -> None:
    """Give our processes a clock that a file moves. It is the last of the faults: they keep it."""
    if not FAKETIME.exists():
        raise StackError(f"{FAKETIME} is missing. Install it: apt install libfaketime.")
    clock = system.stack.var / "clock"
    clock.write_text("+0")
    variables = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    for role in ROLES:
        system.stack.processes[role].environment |= variables


def _restart(system: RunningStack, roles: Sequence[str]) -> None:
    for role in roles:
        system.stack.pause(role)
        system.stack.resume(role)
    system.warm()
