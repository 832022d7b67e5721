"""What is lost, repeated or late when parts die in the middle of thousands of deliveries.

All orders are paid once, with the delivery queue paused; each fault then gets a copy of that shop.
"""

import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from core.jobs.ledger import pause, resume
from schemas.contracts import TELEGRAM, WORKER_GROUPS
from scripts.bench import upload_faults
from scripts.bench.report import Report
from scripts.bench.running_stack import MIB, UNHURRIED, RunningStack, running_stack
from scripts.bench.sales import TITLE
from scripts.bench.take_over import TAKE_OVERS
from scripts.embedded.process import StackError, wait_until
from scripts.embedded.roles import RoleProcess
from scripts.embedded.stack import PARENT
from scripts.embedded.store_cluster import StoreCluster
from scripts.embedded.watch import Member
from workers.runtime.groups import Group, worker_groups

COUNT = 5000
PACED_COUNT = 1500
TELEGRAM_RATE = 30  # messages a second that Telegram takes (core.telegram.org/bots/faq)
STRUCK_AT = 0.5  # share of the deliveries done when the part goes
SETTLE = 60  # seconds after the part is back
GIVE_UP = 600  # seconds after which a run is not waited for any longer
AWAY = 20  # seconds that the store, or Telegram, is away or unwell
FLOODED = 0.1  # share of sends that are answered FLOOD_WAIT
CUTS = 4  # times that all connections to Telegram are cut

Strike = Callable[[RunningStack], None]


@dataclass(frozen=True)
class Outcome:
    """What one run came to: people who got no message or too many, and how long it took to settle.

    The seconds run from when the part was back; `remaining` orders were still to be delivered then.
    """

    undelivered: int
    repeated: int
    seconds: float
    remaining: int


def kill_child(system: RunningStack, group: str = "delivery") -> None:
    """Kill the worker process that does the work of one group; "delivery" talks to Telegram."""
    number = child_of(group, worker_groups(system.stack.settings))
    workers = system.stack.processes["workers"]
    assert isinstance(workers, RoleProcess), "it is one role of several"
    before = workers.children()
    os.kill(before[number], signal.SIGKILL)
    wait_until(lambda: _replaced(workers, before, number), AWAY, "the child was not started again")


def child_of(group: str, groups: Sequence[Group]) -> int:
    """The place of the child that serves the queues of a group; on a small host one serves all of them."""
    served = set(WORKER_GROUPS[group])
    (place,) = (place for place, each in enumerate(groups) if served <= set(each.queues))
    return place


def kill_workers(system: RunningStack) -> None:
    """Kill every worker process at once."""
    kill_part(system, "workers")


def kill_parent(system: RunningStack) -> None:
    """Kill the parent of API, bot and workers, with all of them."""
    kill_part(system, PARENT)


def kill_redis(system: RunningStack) -> None:
    """Kill Redis as a crash would; all that it held is gone."""
    kill_part(system, "redis")


def flush_redis(system: RunningStack) -> None:
    """Delete everything in Redis."""
    system.stack.flush_redis()


def restart_postgres(system: RunningStack) -> None:
    """Restart PostgreSQL in good order; its clients lose their connections."""
    system.stack.restart_postgres()
    system.database.dispose()


def take_store_away(system: RunningStack) -> None:
    """Stop the store for a while. Deliveries need no store: only clicks would notice."""
    system.stack.stop_store()
    time.sleep(AWAY)
    system.stack.start_store()


def kill_store(system: RunningStack) -> None:
    """Kill the store as a crash would, and wait until it serves again."""
    kill_part(system, "store")


def restart_store(system: RunningStack) -> None:
    """Restart the store in good order."""
    system.stack.stop_store()
    system.stack.start_store()


def fill_store(system: RunningStack) -> None:
    """Make every write of the store fail for a while, as on a full disk, then give it room.

    The kernel refuses to let its files grow (RLIMIT_FSIZE, setrlimit(2)). Needs neither root nor a disk that
    is really full.
    """
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in system.stack.pids("store")}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    time.sleep(AWAY)
    for pid, usual in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, usual)


def lose_server(system: RunningStack) -> None:
    """Lose one server of a store of several for a while; then it comes back with what it held."""
    store = system.stack.parts["store"]
    assert isinstance(store, StoreCluster), "it was started as one"
    store.lose(1)
    time.sleep(AWAY)
    store.bring_back(1)


def trouble_telegram(system: RunningStack) -> None:
    """Let Telegram refuse a share of the sends (FLOOD_WAIT), lose answers and cut all connections."""
    telegram = system.telegram.remote
    telegram.flood_wait(1, share=FLOODED)
    for _ in range(CUTS):
        telegram.drop_before_answer("messages.sendMessage", times=5)
        time.sleep(AWAY / CUTS)
        telegram.drop_connections()
    telegram.clear_faults()


FAULTS: dict[str, Strike] = {
    "worker child killed": kill_child,
    "workers killed": kill_workers,
    "parent killed": kill_parent,
    "redis killed": kill_redis,
    "redis flushed": flush_redis,
    "postgres restarted": restart_postgres,
    "store away": take_store_away,
    "store killed": kill_store,
    "store restarted": restart_store,
    "store full": fill_store,
    "telegram unwell": trouble_telegram,
    **TAKE_OVERS,
}
UPLOAD_FAULTS: dict[str, Strike] = {
    "uploads-store-killed": kill_store,
    "uploads-store-full": fill_store,
    "uploads-server-lost": lose_server,
}
"""Amid uploads, each on a shop of its own."""
EVERY = FAULTS | UPLOAD_FAULTS
PACED: Strike = kill_workers


def measure(count: int = COUNT, paced_count: int = PACED_COUNT, only: Sequence[str] = ()) -> Report:
    """Run every fault (or those of `only`), each on its own shop, then one at Telegram's real pace.

    Raises `StackError` when `only` names a fault that there is not.
    """
    report = Report("faults")
    if unknown := set(only) - EVERY.keys():
        raise StackError(f"There is no fault {unknown.pop()!r}: choose among {', '.join(EVERY)}.")
    faults = {name: strike for name, strike in FAULTS.items() if not only or name in only}
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name:
        seeded = Path(name, "seeded")
        if faults:
            seed(seeded, count)
        for fault, strike in faults.items():
            outcome = suffer(Path(name, "run"), seeded, count, strike, UNHURRIED)
            _judge(report, fault, outcome, SETTLE)
        for fault, strike in UPLOAD_FAULTS.items():
            if not only or fault in only:
                several = strike is lose_server
                upload_faults.suffer(report, fault, strike, count, Path(name, fault), several=several)
        if not only:
            shutil.rmtree(seeded)
            seed(seeded, paced_count)
            outcome = suffer(Path(name, "run"), seeded, paced_count, PACED, {})
            _judge(report, "at 30/s, workers killed", outcome, outcome.remaining / TELEGRAM_RATE + SETTLE)
    return report


def seed(folder: Path, count: int) -> None:
    """Prepare a shop in the folder with so many paid orders, none delivered, and stop it."""
    folder.mkdir()
    with running_stack(UNHURRIED, size=MIB, folder=folder) as system:
        with system.database.transaction() as session:
            # Notices as well: the sandbox counts people and messages with the same numbers.
            for queue in TELEGRAM:
                pause(session, queue, "bench")
        system.sell(system.crowd(count))


def suffer(folder: Path, seeded: Path, count: int, strike: Strike, environment: Mapping[str, str]) -> Outcome:
    """Deliver all orders of a copied shop, break something in the middle, wait until all is settled."""
    # With owners, holes and modes, which PostgreSQL insists on.
    subprocess.run(["/bin/cp", "-a", seeded, folder], check=True)
    try:
        with running_stack(environment, folder=folder) as system:
            people = _same_crowd(system, count)
            with system.database.transaction() as session:
                for queue in TELEGRAM:
                    resume(session, queue)
            wait_until(
                lambda: system.delivered() >= count * STRUCK_AT, GIVE_UP, "too few orders were delivered"
            )
            strike(system)
            return _settle(system, people)
    finally:
        shutil.rmtree(folder)


def _same_crowd(system: RunningStack, count: int) -> set[int]:
    """The buyers of the seed: the sandbox numbers people in the order of their coming."""
    people = {person.id for person in system.telegram.remote.crowd(["Buyer"] * count)}
    with system.database.engine.connect() as connection:
        numbers = set(connection.execute(text("SELECT telegram_id FROM person")).scalars())
    if not people <= numbers:
        raise StackError("The sandbox has numbered people differently than for the seed.")
    return people


def _settle(system: RunningStack, people: set[int]) -> Outcome:
    back = time.monotonic()
    remaining = len(people) - system.delivered()
    deadline = back + GIVE_UP
    while system.delivered() < len(people) and time.monotonic() < deadline:
        time.sleep(0.2)
    seconds = time.monotonic() - back
    reached = system.telegram.remote.reached(TITLE)
    copies = [reached.get(person, 0) for person in people]
    undelivered = max(len(people) - system.delivered(), copies.count(0))
    repeated = max(sum(times > 1 for times in copies), len(system.telegram.remote.duplicates()))
    return Outcome(undelivered, repeated, seconds, remaining)


def kill_part(system: RunningStack, name: str) -> None:
    """Kill a role or server with all its processes and wait until it is started again."""
    members: dict[str, Member] = {**system.stack.parts, **system.stack.processes}
    member = members[name]
    before = member.pid
    system.stack.kill(name)
    wait_until(lambda: member.pid != before and member.running(), AWAY, f"{name} was not started again")


def _replaced(workers: RoleProcess, before: Sequence[int], number: int) -> bool:
    now = workers.children()
    return len(now) == len(before) and now[number] != before[number]


def _judge(report: Report, fault: str, outcome: Outcome, limit: float) -> None:
    report.equal(f"{fault}: orders undelivered", 0, outcome.undelivered)
    report.equal(f"{fault}: people with two messages", 0, outcome.repeated)
    report.at_most(f"{fault}: {outcome.remaining} settled after", limit, outcome.seconds, "s")
