"""How long the store and the whole shop take to start and to stop, fresh, again, and after `kill -9`."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.process.settings import Settings
from core.uploads.part_plan import MIB
from scripts.bench.move import NO_SERVERS
from scripts.bench.report import Report, percentile
from scripts.bench.stored_file import store_file
from scripts.embedded.process import PROJECT, StackError, base_environment
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from workers.store import S3Store

STARTS = 10
SHOP_STARTS = 5  # the first in an empty folder, with the schema to be made
USUAL, LONGEST, STOPPED, SHOP = 1.5, 6.0, 3.0, 8.0  # seconds that are promised
HELD = "uploads/1/held.bin"
UNFINISHED = "uploads/1/unfinished.bin"
PATIENCE = 120.0  # seconds until a shop that does not end is killed


def measure(count: int = STARTS) -> Report:
    """Start the store so many times after a stop and after `kill -9`, and the shop half as often."""
    report = Report("start")
    report.facts["load of the machine when it began"] = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="comptoir-start-") as folder:
        _of_store(report, Path(folder), count)
        _of_shop(report, Path(folder) / "var", max(1, count * SHOP_STARTS // STARTS))
    report.facts["load of the machine when it ended"] = round(os.getloadavg()[0], 1)
    return report


def _of_store(report: Report, folder: Path, count: int) -> None:
    server = Store(folder / "store", folder / "store.log", make_keys())
    report.facts["the store's first start, s"] = round(_seconds(server.start), 2)
    try:
        store = S3Store(Settings.from_environment(NO_SERVERS | server.environment))
        store_file(Settings.from_environment(NO_SERVERS | server.environment), HELD, 32 * MIB)
        upload_id = store.multipart.begin(UNFINISHED, "application/zip")
        store.multipart.put_bytes(UNFINISHED, upload_id, 1, os.urandom(5 * MIB))
        stops = []
        for name, ends in (("a stop", server.stop), ("kill -9", server.kill)):
            starts = []
            for _ in range(count):
                ended = _seconds(ends)
                if ends == server.stop:
                    stops.append(ended)
                starts.append(_seconds(server.start))
            report.at_most(f"store ready after {name}, p90", USUAL, percentile(starts, 0.9), "s")
            report.at_most(f"store ready after {name}, longest", LONGEST, max(starts), "s")
            report.facts[f"store ready after {name}, s"] = [round(start, 2) for start in starts]
        report.at_most("store stopped, longest", STOPPED, max(stops), "s")
        held = store.head(HELD)
        report.equal("bytes of an object that are there", 32 * MIB, held.size if held else 0)
        report.equal(
            "parts of an unfinished upload", 1, len(store.multipart.list_parts(UNFINISHED, upload_id))
        )
    finally:
        server.stop()


def _of_shop(report: Report, var: Path, count: int) -> None:
    """As an operator starts it, with the stand-ins for Telegram and NOWPayments, so that the bot runs too."""
    starts, stops, work = [], [], []
    for _ in range(count):
        begun, worked = time.monotonic(), _worked()
        with subprocess.Popen(
            [sys.executable, "-m", "scripts.cli", "up", "--sandbox", "--json", "--var", str(var)],
            cwd=PROJECT,
            env=base_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as shop:
            assert shop.stdout is not None
            assert shop.stderr is not None
            line = shop.stdout.readline()
            starts.append(time.monotonic() - begun)
            if not line:
                raise StackError(f"comptoir up ended: {shop.stderr.read().decode(errors='replace')[-2000:]}")
            roles = {"api", "bot", "workers"} & json.loads(line)["pids"].keys()
            shop.send_signal(signal.SIGINT)
            begun = time.monotonic()
            try:
                shop.communicate(timeout=PATIENCE)
            finally:
                shop.kill()
            stops.append(time.monotonic() - begun)
        work.append(_worked() - worked)
    report.equal("roles of ours that ran", ["api", "bot", "workers"], sorted(roles))
    report.at_most("whole shop ready, the first start included, longest", SHOP, max(starts), "s")
    report.facts["whole shop ready, s"] = [round(start, 1) for start in starts]
    report.facts["whole shop stopped, s"] = [round(stop, 1) for stop in stops]
    report.facts["processor time of it all, start to stop, s"] = [round(each, 1) for each in work]


def _worked() -> float:
    """Processor time, in seconds, of all programs that we started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _seconds(act: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun
