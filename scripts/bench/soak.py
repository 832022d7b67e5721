"""Mixed work at an even pace for long: nothing may grow."""

import threading
import time

from sqlalchemy import text

from core.ledger import enqueue
from schemas import jobs
from schemas.base import utc_now
from schemas.contracts import QUEUES, JobContract
from scripts.bench import mixed_kinds as kinds
from scripts.bench.load import Request, load
from scripts.bench.report import Report
from scripts.bench.shop import MIB, UNHURRIED, Shop, open_shop
from scripts.bench.steady import Watcher
from scripts.sandbox.telegram.driver import Person

MINUTES = 20.0
RATE = 200  # jobs a second
SOLD, TOLD, LINKED, ASKED, INVOICED = 0.1, 0.15, 0.025, 0.01, 0.05  # of the rate; a sale is two jobs
UPKEEP: tuple[type[JobContract], ...] = (jobs.ExpireOrders, jobs.RetryUndelivered, jobs.SweepUploads)
VISITS = 10  # pages a second that the API shows
WARM = 0.25  # share of the time whose growth is not judged
WINDOW = 600.0  # seconds to which slopes are brought
GROWTH = 1.0  # MiB in a window, of every process and of Redis
KEYS, CONNECTIONS = 50, 1  # more in a window
SETTLE = 60.0  # seconds for what is left at the end
DONE = text("SELECT count(*) FROM job WHERE state = 'done'")
LEFT = text("SELECT actor, state, count(*) FROM job WHERE state IN ('dead', 'cancelled') GROUP BY 1, 2")


def measure(minutes: float = MINUTES, count: int = RATE) -> Report:
    """So many minutes at `count` jobs a second."""
    report = Report("soak")
    seconds = minutes * 60
    with open_shop(UNHURRIED, size=MIB) as shop:
        shop.warm()
        staff = kinds.hire(shop)
        people = [person.id for person in shop.crowd(round(TOLD * count))]
        before, begun = _done(shop), time.monotonic()
        with Watcher(shop) as watcher:
            visits = [Request("GET", "/readyz")] * int(VISITS * seconds)
            visiting = threading.Thread(target=load, args=(shop.stack.url, visits, VISITS))
            visiting.start()
            behind = _work(shop, staff, people, count, seconds)
            visiting.join()
        rate = (_done(shop) - before) / (time.monotonic() - begun)
        report.equal(f"jobs left {SETTLE:g} s after the last", 0, _settle(shop))
        _judge(report, watcher, seconds)
        with shop.database.engine.connect() as connection:
            report.equal("jobs that are not done", [], [tuple(row) for row in connection.execute(LEFT)])
        report.at_least("jobs a second", 0.95 * count, rate, "")
        report.facts["seconds_behind_at_the_end"] = round(behind, 1)
        report.equal("messages that somebody got twice", 0, len(shop.telegram.remote.duplicates()))
    return report


def _work(shop: Shop, staff: Person, people: list[int], rate: int, seconds: float) -> float:
    """Ask for a second's work each second; how many seconds it was late in the end."""
    sold, linked, asked, invoiced = (round(share * rate) for share in (SOLD, LINKED, ASKED, INVOICED))
    others = rate - 2 * sold - len(people) - linked - asked - invoiced
    begun = time.monotonic()
    for second in range(int(seconds)):
        label = f"Second {second}, "
        kinds.deliveries(shop, shop.crowd(sold), linked)
        kinds.invoices(shop, invoiced)
        kinds.letters(shop, people, label)
        kinds.questions(shop, staff, people[0], asked, label)
        with shop.database.transaction() as session:
            for number in range(others):
                enqueue(session, UPKEEP[number % len(UPKEEP)]())
        time.sleep(max(0.0, begun + second + 1 - time.monotonic()))
    return time.monotonic() - begun - int(seconds)


def _settle(shop: Shop) -> int:
    """Wait until nothing is left to do, not for ever; how many jobs are left."""
    deadline = time.monotonic() + SETTLE
    while (left := sum(map(shop.busy, QUEUES))) and time.monotonic() < deadline:
        time.sleep(0.5)
    return left


def _judge(report: Report, watcher: Watcher, seconds: float) -> None:
    for name, grown in sorted(watcher.slopes(WARM * seconds, WINDOW).items()):
        if name.startswith("memory"):
            report.at_most(f"{name}: growth in 10 minutes", GROWTH, grown / MIB, "MiB")
        else:
            limit = KEYS if name.startswith("keys") else CONNECTIONS
            report.at_most(f"{name}: growth in 10 minutes", limit, grown, "")
    report.facts["at_the_end"] = {name: _last(name, values) for name, (_, values) in watcher.seen.items()}
    report.facts["ended_at"] = utc_now().isoformat(timespec="seconds")


def _last(name: str, values: list[float]) -> str:
    return f"{values[-1] / MIB:.1f} MiB" if name.startswith("memory") else f"{values[-1]:.0f}"


def _done(shop: Shop) -> int:
    with shop.database.engine.connect() as connection:
        return int(connection.execute(DONE).scalar_one())
