"""Whether a shop with all its servers lives in 512 MiB: sale, files, previews, backup, dashboard."""

import time
from collections import Counter
from contextlib import ExitStack, suppress

import httpx
from sqlalchemy import text

from core.jobs.ledger import enqueue
from schemas.upkeep_jobs import MakeBackup
from scripts.bench.deliver import click
from scripts.bench.memory_group import MemoryGroup, anonymous, memory_group
from scripts.bench.report import Report
from scripts.bench.running_stack import GIB, MIB, UNHURRIED, RunningStack, running_stack
from scripts.bench.sampler import Lookout, Sampler
from scripts.bench.small_host_files import FILM, LARGE, PREVIEWS, dashboard, outcomes, show_files
from scripts.embedded.process import StackError, wait_until

LIMIT = 512 * MIB
SIZE = 10 * GIB
DELIVERIES = 1000
CALM, CROWDED = 400, 490  # MiB, anonymous and shared, of everything in the group
LAST = "previews and dashboard"
ONE_WORKER = 255  # MiB, proportional, of API, bot and workers with one worker process
PERIOD = 0.1  # seconds between two looks
PATIENCE = 1800.0  # seconds for one phase
LATER = 900.0  # seconds in which what lacked memory is made: the third try comes after fourteen minutes


class Watcher(Lookout):
    """Keeps the highest memory of each phase: the group's, or the sum of all where there is none."""

    def __init__(self, group: MemoryGroup | None) -> None:
        super().__init__(PERIOD)
        self.phase = "start and upload"
        self.highest: dict[str, int] = {}
        self.parts: dict[str, dict[str, int]] = {}
        """Who held how much of it in each phase, in MiB, at about its highest."""
        self.kills: dict[str, int] = {}
        """How many processes the kernel had ended by the end of each phase."""
        self.system: RunningStack | None = None
        self._group = group
        self._weighed: dict[str, int] = {}

    def _look(self) -> None:
        used = self._group.used() if self._group else self._sum()
        self.kills[self.phase] = self._group.kills() if self._group else 0
        before = self.highest.get(self.phase, 0)
        if used > before:
            self.highest[self.phase] = used
            self._weigh(used)

    def _weigh(self, used: int) -> None:
        """Look at each process where it is worth the time: a MiB more than the last time."""
        if self._group is None or used < self._weighed.get(self.phase, 0) + MIB:
            return
        self._weighed[self.phase] = used
        parts = self._group.by_process()
        self.parts[self.phase] = {name: part // MIB for name, part in parts.items() if part >= MIB}

    def _sum(self) -> int:
        if self.system is None:
            return 0
        stack = self.system.stack
        servers = (name for name in stack.parts if name not in ("telegram", "nowpayments"))
        pids = {pid for name in (*servers, *stack.processes) for pid in stack.pids(name)}
        return sum(map(anonymous, pids))


def measure(
    count: int = DELIVERIES, mib: int = SIZE // MIB, previews: int = PREVIEWS, limit: int = LIMIT
) -> Report:
    """Run a shop in a group of `limit` bytes: `count` deliveries of a file of `mib` MiB, `previews` of other
    files.
    """
    report = Report("small-host")
    with ExitStack() as resources:
        group = resources.enter_context(memory_group(limit))
        report.facts["limited"] = f"version {group.version}" if group else "not limited"
        watcher = resources.enter_context(Watcher(group))
        started = time.monotonic()
        settings = {**UNHURRIED, "WORKER_GROUPS": "one"}
        folder = group.folder if group else None
        system = resources.enter_context(running_stack(settings, size=mib * MIB, control_group=folder))
        report.facts["ready_and_uploaded_seconds"] = round(time.monotonic() - started, 1)
        watcher.system = system
        _sell(report, system, watcher, count)
        _download(report, system, watcher, mib * MIB)
        _back_up(system, watcher)
        _show(report, system, watcher, group, previews)
        report.equal("processes that the kernel ended", 0, group.kills() if group else "not limited")
        _judge(report, watcher)
    return report


def _sell(report: Report, system: RunningStack, watcher: Watcher, count: int) -> None:
    watcher.phase = "deliveries"
    system.warm()
    with Sampler(system.stack) as sampler:
        buyers = system.crowd(count)
        system.sell(buyers)
        system.wait_delivered(buyers, PATIENCE)
        answers = click([system.link(buyer) for buyer in buyers])
    report.equal("deliveries", count, count - system.undelivered(buyers))
    report.equal("people with two messages", 0, len(system.telegram.remote.duplicates()))
    report.equal("clicks answered by a redirect", count, sum(answer.http_status == 302 for answer in answers))
    report.facts["answers_to_clicks"] = dict(Counter(answer.http_status for answer in answers))
    report.at_most("api + bot + workers, proportional", ONE_WORKER, sampler.ours_pss / MIB, "MiB")


def _download(report: Report, system: RunningStack, watcher: Watcher, size: int) -> None:
    watcher.phase = "download"
    (answer,) = click([system.warm()])
    received = 0
    with httpx.Client(trust_env=False, timeout=60) as client, client.stream("GET", answer.location) as file:
        for chunk in file.iter_raw(MIB):
            received += len(chunk)
    report.equal("bytes downloaded", size, received)


def _back_up(system: RunningStack, watcher: Watcher) -> None:
    watcher.phase = "backup"
    with system.database.transaction() as session:
        enqueue(session, MakeBackup().by_hand())

    def stored() -> bool:
        with system.database.engine.connect() as connection:
            return bool(
                connection.execute(text("SELECT count(*) FROM backup WHERE state = 'stored'")).scalar()
            )

    wait_until(stored, PATIENCE, "there was no backup")


def _show(
    report: Report, system: RunningStack, watcher: Watcher, group: MemoryGroup | None, previews: int
) -> None:
    watcher.phase = LAST
    with dashboard(system.stack.var, group):
        product_id = show_files(system, previews, PATIENCE)
        report.facts["outcomes beside the dashboard"] = outcomes(system, product_id)
    # What lacked memory beside the dashboard is made when it is closed, a few minutes later.
    with suppress(StackError):  # what the film became instead is told
        wait_until(lambda: outcomes(system, product_id)[FILM] == "made", LATER, "the film has no preview")
    became = outcomes(system, product_id)
    report.equal("previews", previews, len(became))
    report.equal("what became of the large WebP", "too-big", became[LARGE])
    report.equal("what became of the film", "made", became[FILM])


def _judge(report: Report, watcher: Watcher) -> None:
    report.facts["ended_by_the_kernel_after"] = watcher.kills
    report.facts["mebibytes_of_each"] = watcher.parts
    for phase, used in watcher.highest.items():
        limit = CROWDED if phase == LAST else CALM
        report.at_most(f"{phase}: anonymous and shared, of everything", limit, used / MIB, "MiB")
