"""What is lost, repeated or late when parts die or the machine misbehaves, among jobs of all kinds.

Each fault gets a batch of its own (scripts.bench.mixed) and comes when half of it is done: one after another
on one shop, but for those after which other servers stay in place.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import text

from core.jobs.admin.schedules_view import set_paused
from core.jobs.claims import LOST_LIMIT
from core.jobs.ledger import enqueue
from core.jobs.schedules import KNOWN
from scripts.bench import faults
from scripts.bench.faults import AWAY, SETTLE, Strike, kill_child, kill_part
from scripts.bench.mixed import AT_ONCE, Batch, Workload, open_workload
from scripts.bench.poison import Poison
from scripts.bench.report import Report
from scripts.bench.running_stack import RunningStack
from scripts.bench.take_over import TAKE_OVERS
from scripts.embedded.process import Process, StackError, wait_until
from scripts.embedded.roles import MODULE
from scripts.embedded.stack import PARENT
from workers.runtime.groups import GROUPS

COUNT = 5000
STRUCK_AT = 0.5  # share of the batch that is done when the fault comes
# What needs the store is done long before half.
FROM_THE_START = ("store away", "store killed", "store restarted", "store full")
HEAD_START = 1.0  # seconds that these are there before the first job
LIVE = 20.0  # seconds over which notices and payments come
GIVE_UP = 600.0  # seconds
JUMP = 3600  # seconds that the clock of our processes is put forward, and back again
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
CLOCK = "clock"  # the file below `var` that moves the time of our processes
POISONED = "scripts.bench.poisoned"
OF_POISON = text("SELECT state, lost FROM job WHERE actor = 'poison' ORDER BY created_at DESC LIMIT 1")


def take_telegram_away(system: RunningStack) -> None:
    """Let Telegram cut every connection as soon as it is open, for a while."""
    until = time.monotonic() + AWAY
    while time.monotonic() < until:
        system.telegram.remote.drop_connections()
        time.sleep(0.05)


def jump(system: RunningStack) -> None:
    """Set the clock of API, bot and workers an hour ahead for a while."""
    clock = system.stack.var / CLOCK
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
    "workers killed": partial(kill_part, name="workers"),
    "parent killed": partial(kill_part, name=PARENT),
    "redis restarted": partial(kill_part, name="redis"),
    "redis flushed": faults.flush_redis,
    "postgres restarted": faults.restart_postgres,
    "store away": faults.take_store_away,
    "store killed": faults.kill_store,
    "store restarted": faults.restart_store,
    "store full": faults.fill_store,
    "telegram away": take_telegram_away,
    "telegram unwell": faults.trouble_telegram,
    "poison": give_poison,
    "clock jump": jump,
}
"""On one running shop, in this order."""
OWN_SHOP: dict[str, Strike] = dict(TAKE_OVERS)
"""Each on a shop of its own: the servers do not change back."""
EVERY = STRIKES | OWN_SHOP
# The drill's shop has no address past the pooler, without which no copy is made in transaction mode.
REFUSED = {"pgbouncer-transaction": ("make_backup",)}


def measure(count: int = COUNT, only: Sequence[str] = ()) -> Report:
    """Run every fault, or those of `only`, each among `count` jobs.

    Raises `StackError` for an unknown fault, and for a clock jump without libfaketime.
    """
    report = Report("mixed-faults")
    if unknown := set(only) - EVERY.keys():
        raise StackError(f"There is no fault {unknown.pop()!r}: choose among {', '.join(EVERY)}.")
    chosen = [name for name in EVERY if not only or name in only]
    if "clock jump" in chosen and not FAKETIME.exists():  # said now, not after half an hour
        raise StackError(f"{FAKETIME} is missing. Install it: apt install libfaketime.")
    together = [name for name in chosen if name in STRIKES]
    for names in [together, *([name] for name in chosen if name in OWN_SHOP)]:
        if names:
            _run(report, names, count)
    return report


def _run(report: Report, names: Sequence[str], count: int) -> None:
    """Suffer these faults, one after another, on one shop."""
    with open_workload() as workload:
        _pause_rare(workload.system)
        for name in names:
            with _prepared(workload.system, name):
                suffer(report, workload, name, EVERY[name], count)


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
        seconds = _settle(workload, batch, name, arrived)
    verdict = workload.judge(batch, refused=REFUSED.get(name, ()))
    report.equal(f"{name}: lost", {}, verdict.lost)
    report.equal(f"{name}: done twice", {}, verdict.twice)
    report.at_most(f"{name}: settled after", SETTLE, seconds, "s")
    if name == "poison":
        report.equal("the poison itself", ("dead", LOST_LIMIT), _poison(workload.system))
    report.facts.setdefault("jobs", workload.kinds(batch))
    # A run of all faults takes long: each is told when it has ended.
    print(f"{name}: lost {verdict.lost}, twice {verdict.twice}, {seconds:.1f} s", file=sys.stderr)


def _settle(workload: Workload, batch: Batch, name: str, arrived: Callable[[], None]) -> float:
    """Seconds from now until nothing is left to do. What is late is shown while it can still be looked at."""
    back = time.monotonic()
    arrived()
    show_at = back + SETTLE
    while workload.undone(batch) and time.monotonic() < back + GIVE_UP:
        if time.monotonic() > show_at:
            show_at += SETTLE
            for job in workload.left(batch):
                print(f"{name}: late: {job}", file=sys.stderr)
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
        parent = _parent(system)
        usual = parent.command
        parent.command = [POISONED if part == MODULE else part for part in usual]
        _restart(system)
        yield
        parent.command = usual
        _restart(system)
    elif name == "clock jump":
        _put_clock(system)
        _restart(system)
        yield
    else:
        yield


def _put_clock(system: RunningStack) -> None:
    """Give our processes a clock that a file moves. It is the last of the faults: they keep it."""
    clock = system.stack.var / CLOCK
    clock.write_text("+0")
    variables = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    _parent(system).environment |= variables


def _pause_rare(system: RunningStack) -> None:
    """Pause what begins a few times a day: a look at all members, paced as Telegram asks, takes minutes."""
    with system.database.transaction() as session:
        for periodic in KNOWN:
            if periodic.cron.split()[1] != "*":
                set_paused(session, periodic.name, actor="bench", paused=True)


def _parent(system: RunningStack) -> Process:
    parent = system.stack.processes[PARENT]
    assert isinstance(parent, Process), "it is started as one"
    return parent


def _restart(system: RunningStack) -> None:
    system.stack.pause(PARENT)
    system.stack.resume(PARENT)
    system.warm()
