"""What it costs to deliver a file of 1 GiB a thousand times: memory, and file bytes that pass the web."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from scripts.bench.load import Answer, Request, load
from scripts.bench.naive_delivery import growth_of
from scripts.bench.report import Report
from scripts.bench.running_stack import GIB, MIB, UNHURRIED, RunningStack, running_stack
from scripts.bench.sampler import Sampler, weigh
from scripts.bench.stored_file import store_file
from scripts.demonstration.http_byte_counter import HttpByteCounter
from scripts.embedded.memory import Memory
from scripts.embedded.ports import free_port
from workers.store import S3Store

DELIVERIES = 1000
CLICK_RATE = 50  # a second
FOLLOWED = 5  # clicks whose signed address is used
SIZE = GIB
OBVIOUS_FILE = "obvious.zip"
OBVIOUS_SIZE = 256 * MIB
PATIENCE = 600.0  # seconds for all deliveries

AT_REST = {"api": 60, "bot": 75}  # MiB, proportional as all are here: what several share counts once
WEB_GROWTH = 10  # MiB
OURS = 320  # MiB, with three worker processes


@dataclass(frozen=True)
class Run:
    """What a run measured: memory at rest and at its highest, answers to clicks, bytes of files by way."""

    rest: dict[str, Memory]
    sampler: Sampler
    answers: list[Answer]
    ranged: int
    through_api: int
    through_bot: int
    obvious: int


def measure(count: int = DELIVERIES) -> Report:
    """Run the benchmark on a shop of its own, with `count` deliveries."""
    with ExitStack() as resources:
        port = free_port()
        counter = resources.enter_context(HttpByteCounter(port))
        settings = {**UNHURRIED, "WORKER_GROUPS": "three", "API_PORT": str(port), "PUBLIC_URL": counter.url}
        system = resources.enter_context(running_stack(settings, size=SIZE))
        run = _run(system, counter, count)
        return _report(run, count, len(system.telegram.remote.duplicates()))


def _run(system: RunningStack, counter: HttpByteCounter, count: int) -> Run:
    store_file(system.stack.settings, OBVIOUS_FILE, OBVIOUS_SIZE)
    click([system.warm()])
    rest = weigh(system.stack)
    with Sampler(system.stack) as sampler:
        buyers = system.crowd(count)
        system.sell(buyers)
        system.wait_delivered(buyers, PATIENCE)
        answers = click([system.link(buyer) for buyer in buyers])
        ranged = sum(_fetch_ranges(answer.location) for answer in answers[:FOLLOWED])
    file_bytes = system.telegram.remote.counts["listener_file_bytes"]
    return Run(rest, sampler, answers, ranged, counter.body_bytes, file_bytes, _obvious(system))


def click(links: Sequence[str]) -> list[Answer]:
    """Click on these links, fifty times a second; the answers in their order."""
    paths = [urlsplit(link).path for link in links]
    # A HEAD has no body, neither asked nor answered.
    warming = Request("HEAD", paths[0])
    return load(links[0], [Request("GET", path) for path in paths], CLICK_RATE, warming=warming)


def _fetch_ranges(url: str) -> int:
    """Bytes received of the first and the last MiB of the file behind a signed address."""
    received = 0
    with httpx.Client(trust_env=False, timeout=30) as client:
        for start in (0, SIZE - MIB):
            answer = client.get(url, headers={"range": f"bytes={start}-{start + MIB - 1}"})
            if answer.headers.get("content-range", "").endswith(f"/{SIZE}"):
                received += len(answer.content)
    return received


def _obvious(system: RunningStack) -> int:
    store = S3Store(system.stack.settings)
    return growth_of(
        store.sign_download(OBVIOUS_FILE, file_name=OBVIOUS_FILE, content_type="application/zip", expires=300)
    )


def _report(run: Run, count: int, duplicates: int) -> Report:
    report = Report("deliver")
    report.equal(f"of {count} buyers, those with two messages", 0, duplicates)
    redirected = sum(answer.http_status == 302 for answer in run.answers)
    report.equal("clicks answered by a redirect", count, redirected)
    report.equal("bytes of ranges fetched from the store", FOLLOWED * 2 * MIB, run.ranged)
    report.equal("file bytes through the API", 0, run.through_api)
    report.equal("file bytes through the bot", 0, run.through_bot)
    for name, limit in AT_REST.items():
        grown = run.sampler.highest[name].pss - run.rest[name].pss
        report.at_most(f"{name}, proportional growth", WEB_GROWTH, grown / MIB, "MiB")
        report.at_most(f"{name}, proportional at rest", limit, run.rest[name].pss / MIB, "MiB")
    report.at_most("api + bot + workers, proportional, highest", OURS, run.sampler.ours_pss / MIB, "MiB")
    report.facts["highest_mib"] = {
        name: {"rss": round(memory.rss / MIB, 1), "pss": round(memory.pss / MIB, 1)}
        for name, memory in run.sampler.highest.items()
    }
    report.facts["obvious_way"] = {
        "file_mib": OBVIOUS_SIZE / MIB,
        "growth_mib": round(run.obvious / MIB, 1),
        "growth_per_file_byte": round(run.obvious / OBVIOUS_SIZE, 2),
    }
    return report
