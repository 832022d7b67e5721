"""Workers on three hosts, one of which dies and one of which is cut off; their schedulers, of which two are
stopped, then all; and what an order costs."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import text

from core.jobs.claims import LEASE
from core.jobs.schedules import slots
from schemas.base import utc_now
from schemas.contracts import slot_key
from scripts.bench.faults import SETTLE
from scripts.bench.hosts import Host, hosts
from scripts.bench.load import load
from scripts.bench.mixed import AT_ONCE, Workload, open_workload
from scripts.bench.mixed_faults import GIVE_UP, LIVE
from scripts.bench.processor import processor_time
from scripts.bench.report import Report
from scripts.bench.running_stack import MIB, RunningStack
from scripts.bench.webhooks import order_in_bot
from scripts.embedded.process import wait_until

COUNT = 3000
ORDERS = 1000  # orders whose cost is measured, at most
NOTICE_RATE = 100  # payments told of a second
CUT = LEASE + 10  # seconds that a host is cut off: others take its jobs meanwhile
DAY, WANTED, PEAK = 86_400, 10_000_000, 3  # orders a day, and how much more in the busiest hour
PARTS = ("api", "workers", "postgres", "redis")
FAMILIES = text(
    "SELECT split_part(worker, ':', 3), count(*) FROM job WHERE created_at >= :since AND state = 'done' "
    "GROUP BY 1 ORDER BY 2 DESC"
)
EVERY = ("expire_orders", "retry_undelivered", "sweep_uploads", "expire_tokens", "seal_audit")
CRON = "* * * * *"
PHASE = 70.0  # seconds, so that each holds the turn of a minute
LATE = 10.0  # seconds that a slot may take to be seen
EVERY_MINUTE = text(
    f"UPDATE schedule SET cron = '{CRON}', catch_up = 'all' WHERE name = ANY (:names)"  # noqa: S608 - constant
)
SLOTS = text(
    "SELECT unique_key FROM job WHERE actor = ANY (:names) AND created_at >= :begun AND parent_id IS NULL"
)
WRITTEN = text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn, pg_database_size(current_database())")
JOBS = text("SELECT count(*) FROM job")


def measure(count: int = COUNT) -> Report:
    """Run the drill with `count` mixed jobs, and measure the cost of at most `count` orders."""
    report = Report("scale")
    with open_workload() as workload:
        cost(report, workload.system, min(count, ORDERS))
        with hosts(workload.system) as machines:
            workload.system.warm()
            drill(report, workload, machines, count)
            schedulers(report, workload.system, machines)
    return report


def drill(report: Report, workload: Workload, machines: list[Host], count: int) -> None:
    """Kill one host and bring it back; cut the next one off for longer than a lease."""
    batch = workload.seed(count)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        arrived = workload.live(batch, pool, LIVE)
        waiting = workload.undone(batch)
        workload.release()
        wait_until(lambda: workload.undone(batch) <= waiting * 0.75, GIVE_UP, "a quarter is not done")
        machines[1].kill()
        machines[1].start()
        wait_until(lambda: workload.undone(batch) <= waiting * 0.5, GIVE_UP, "half is not done")
        machines[2].cut_off()
        time.sleep(CUT)
        machines[2].connect()
        back = time.monotonic()
        arrived()
        while workload.undone(batch) and time.monotonic() < back + GIVE_UP:
            time.sleep(0.2)
        seconds = time.monotonic() - back
    verdict = workload.judge(batch)
    report.equal("three hosts, one killed, one cut off: lost", {}, verdict.lost)
    report.equal("three hosts, one killed, one cut off: done twice", {}, verdict.twice)
    report.at_most("three hosts, one killed, one cut off: settled after", SETTLE, seconds, "s")
    with workload.system.database.engine.connect() as connection:
        shares = [int(row[1]) for row in connection.execute(FAMILIES, {"since": batch.since})]
    report.at_least("worker parents that did jobs", len(machines), len(shares), "")
    report.facts["jobs_by_worker_parent"] = shares


def schedulers(report: Report, system: RunningStack, machines: list[Host]) -> None:
    """Check that periodic jobs run once while three hosts have a scheduler, then one, none, three again."""
    start = utc_now()
    with system.database.transaction() as session:
        session.execute(EVERY_MINUTE, {"names": list(EVERY)})
    first, *others = machines
    time.sleep(PHASE)
    for host in others:
        host.kill()
    time.sleep(PHASE)
    first.kill()
    time.sleep(PHASE)
    for host in machines:
        host.start()
    system.warm()
    time.sleep(PHASE)
    until = utc_now() - timedelta(seconds=LATE)
    came = {slot_key(name, slot) for name in EVERY for slot in slots(CRON, "UTC", start, until)}
    with system.database.engine.connect() as connection:
        rows = connection.execute(SLOTS, {"names": list(EVERY), "begun": start})
        begun_slots = [str(row.unique_key) for row in rows]
    report.facts["slots"] = len(came)
    report.equal("schedulers on three hosts, one, none, three: slots missed", 0, len(came - {*begun_slots}))
    report.equal("slots begun twice", 0, len(begun_slots) - len({*begun_slots}))


def cost(report: Report, system: RunningStack, count: int) -> None:
    """Measure an order's processor time, log and disk: placed, invoice opened, paid over HTTP, delivered."""
    buyers, figures = system.crowd(count), _figures(system)
    used = {part: processor_time(system.stack.pids(part)) for part in PARTS}
    start = time.monotonic()
    load(system.stack.url, order_in_bot(system, buyers), NOTICE_RATE)
    system.wait_delivered(buyers, GIVE_UP)
    seconds = time.monotonic() - start
    spent = {part: (processor_time(system.stack.pids(part)) - used[part]) / count for part in PARTS}
    wal, size, jobs = (after - old for after, old in zip(_figures(system), figures, strict=True))
    a_second = WANTED / DAY
    report.facts["orders_a_second_here"] = round(count / seconds, 1)
    report.facts["an_order"] = {
        **{f"{part}_ms": round(value * 1000, 2) for part, value in spent.items()},
        "jobs": round(jobs / count, 2),
        "wal_kib": round(wal / count / 1024, 1),
        "room_kib": round(size / count / 1024, 1),
    }
    report.facts["ten_million_a_day"] = {
        **{f"{part}_cores_at_the_peak": round(value * a_second * PEAK, 1) for part, value in spent.items()},
        "orders_a_second": round(a_second),
        "orders_a_second_at_the_peak": round(a_second * PEAK),
        "wal_mib_a_second_at_the_peak": round(wal / count * a_second * PEAK / MIB, 1),
        "room_gib_a_day": round(size / count * WANTED / (1 << 30)),
    }


def _figures(system: RunningStack) -> tuple[int, int, int]:
    """Bytes of log ever written, bytes of the database, jobs."""
    with system.database.engine.connect() as connection:
        wal, size = connection.execute(WRITTEN).one()
        return int(wal), int(size), int(connection.execute(JOBS).scalar_one())
