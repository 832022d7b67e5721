"""Mixed work at an even pace for a long time: nothing may grow."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from itertools import cycle, islice

from sqlalchemy import TextClause, text

from core.jobs.ledger import enqueue
from schemas import jobs
from schemas.contracts import JobContract
from scripts.bench import mixed_kinds as kinds
from scripts.bench import mixed_members as members
from scripts.bench.clicks import clicks
from scripts.bench.load import load
from scripts.bench.mixed import Workload, open_workload
from scripts.bench.report import Report
from scripts.bench.running_stack import MIB, RunningStack
from scripts.bench.steady import Watcher
from scripts.sandbox.telegram.driver import Person

MINUTES = 20.0
RATE = 200  # jobs a second
CLICKED, SOLD, LETTERS, LINKED, QUESTIONS, INVOICED = 0.3, 0.06, 0.1, 0.025, 0.01, 0.025  # of the rate
MEMBERS = 0.005  # of the rate: so many become members, and of so many the time is over
JOBS = {"sold": 3, "members": 7}  # that one of them leads to; all others are one
PREVIEW_EVERY = 10  # seconds
UPKEEP: tuple[type[JobContract], ...] = (jobs.ExpireOrders, jobs.RetryUndelivered, jobs.SweepUploads)
LINKS = 500  # that are clicked in turn
WARM = 0.25  # share of the time whose growth is not judged
WINDOW = 600.0  # seconds to which slopes are brought
GROWTH = 1.0  # MiB in a window, of every process and of Redis
LIMITS = {"keys in redis": 50, "connections": 1, "cores of the store": 0.05}  # more of them in a window
SETTLE = 60.0  # seconds for what is left at the end
DONE = text("SELECT count(*) FROM job WHERE state = 'done'")
# The end of a membership that was bought is a month away.
UNDONE = text(
    "SELECT count(*) FROM job WHERE state IN ('queued', 'running') "
    "AND due_at < clock_timestamp() + interval '1 day'"
)
LEFT = text("SELECT actor, state, count(*) FROM job WHERE state IN ('dead', 'cancelled') GROUP BY 1, 2")


@dataclass(frozen=True)
class Second:
    """How much of each kind of work every second brings."""

    clicked: int
    sold: int
    letters: int
    linked: int
    questions: int
    invoiced: int
    members: int
    upkeep: int


def measure(minutes: float = MINUTES, count: int = RATE) -> Report:
    """Run so many minutes at `count` jobs a second."""
    report = Report("soak")
    seconds, each = int(minutes * 60), _second(count)
    with open_workload() as workload:
        system = workload.system
        people = [person.id for person in system.crowd(each.letters)]
        buyers = iter(system.crowd((each.sold + each.members) * seconds))
        visits = list(islice(cycle(clicks(system, LINKS)), each.clicked * seconds))
        before, start = _count(system, DONE), time.monotonic()
        with Watcher(system) as watcher, ThreadPoolExecutor(1) as pool:
            clicking = pool.submit(load, system.stack.url, visits, each.clicked)
            behind = _work(workload, people, buyers, each, seconds)
            served = sum(answer.http_status == HTTPStatus.FOUND for answer in clicking.result())
        rate = (_count(system, DONE) - before + served) / (time.monotonic() - start)
        report.equal(f"jobs left {SETTLE:g} s after the last", 0, _settle(system))
        _judge(report, watcher, seconds)
        with system.database.engine.connect() as connection:
            report.equal("jobs that are not done", [], [tuple(row) for row in connection.execute(LEFT)])
        report.equal("clicks that were not served", 0, len(visits) - served)
        report.at_least("jobs a second", 0.95 * count, rate, "")
        report.facts["seconds_behind_at_the_end"] = round(behind, 1)
        report.equal("messages that somebody got twice", 0, len(system.telegram.remote.duplicates()))
    return report


def _second(rate: int) -> Second:
    shares = CLICKED, SOLD, LETTERS, LINKED, QUESTIONS, INVOICED, MEMBERS
    clicked, sold, letters, linked, questions, invoiced, members = (
        max(1, round(share * rate)) for share in shares
    )
    named = (
        clicked + letters + linked + questions + invoiced + JOBS["sold"] * sold + JOBS["members"] * members
    )
    return Second(clicked, sold, letters, linked, questions, invoiced, members, upkeep=max(0, rate - named))


def _work(
    workload: Workload, people: list[int], buyers: Iterator[Person], each: Second, seconds: int
) -> float:
    """Ask for a second's work each second; how many seconds it was late in the end."""
    system, start = workload.system, time.monotonic()
    for second in range(seconds):
        label = f"Second {second}, "
        sold = list(islice(buyers, each.sold))
        kinds.deliveries(system, sold, each.linked)
        kinds.invoices(system, each.invoiced)
        kinds.letters(system, people, label)
        askers = [person.id for person in sold]  # others every second: nobody has many open questions
        kinds.questions(system, workload.staff, askers, each.questions, label)
        members.bought(workload.paid_channel, list(islice(buyers, each.members)))
        members.ending(workload.paid_channel, workload.mail, each.members)
        if second % PREVIEW_EVERY == 0:
            kinds.previews(system, workload.drawer, 1)
        with system.database.transaction() as session:
            for number in range(each.upkeep):
                enqueue(session, UPKEEP[number % len(UPKEEP)]())
        time.sleep(max(0.0, start + second + 1 - time.monotonic()))
    return time.monotonic() - start - seconds


def _settle(system: RunningStack) -> int:
    """Wait until nothing is left to do, not for ever; how many jobs are left."""
    deadline = time.monotonic() + SETTLE
    while (left := _count(system, UNDONE)) and time.monotonic() < deadline:
        time.sleep(0.5)
    return left


def _judge(report: Report, watcher: Watcher, seconds: float) -> None:
    beside = {}
    for name, grown in sorted(watcher.slopes(WARM * seconds, WINDOW).items()):
        if name.startswith("memory"):
            report.at_most(f"{name}: growth in 10 minutes", GROWTH, grown / MIB, "MiB")
        elif name in LIMITS:
            report.at_most(f"{name}: growth in 10 minutes", LIMITS[name], grown, "")
        else:
            beside[name] = f"{grown / MIB:+.1f} MiB in 10 minutes"
    report.facts["beside"] = beside
    report.facts["at_the_end"] = {name: _last(name, values) for name, (_, values) in watcher.seen.items()}


def _last(name: str, values: list[float]) -> str:
    return f"{values[-1]:.3g}" if name in LIMITS else f"{values[-1] / MIB:.1f} MiB"


def _count(system: RunningStack, query: TextClause) -> int:
    with system.database.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())
