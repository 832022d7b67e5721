"""Uploads and downloads in flight, and deliveries, while the store is killed, is full, or loses a server.

What the store had of a file before must not be sent to it again: that is asked of the store itself, right
before a part is sent once more.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy import text

from core.kit.errors import ComptoirError
from core.process.settings import Settings
from core.uploads.part_plan import plan_upload
from schemas.uploads import Upload
from scripts.bench.browser import open_page
from scripts.bench.report import Report
from scripts.bench.running_stack import MIB, UNHURRIED, RunningStack, running_stack
from scripts.bench.sales import TITLE, draft
from scripts.bench.upload import digest, make_file
from scripts.embedded.process import wait_until
from scripts.embedded.store_access import make_keys
from scripts.embedded.store_cluster import StoreCluster
from scripts.sandbox.telegram.driver import Person
from workers.store import S3Store

AT_ONCE = 2  # uploads
SIZE = 192 * MIB
STRUCK_AT = 0.3  # share of the parts begun when the store goes
VERIFY = 300.0  # seconds
GIVE_UP = 600.0  # seconds
SETTLE = 60  # seconds after the store is whole again
PAUSE = 0.2  # seconds between two downloads
STORED = text("SELECT count(*) FROM asset WHERE name = :name AND sha256 = :sha256")

Strike = Callable[[RunningStack], None]


@dataclass
class Traffic:
    """Bytes sent although the store had them; downloads that came; why others did not; parts begun."""

    needless: int = 0
    came: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    begun: list[int] = field(default_factory=list)


def suffer(report: Report, name: str, strike: Strike, count: int, folder: Path, *, several: bool) -> None:
    """Upload two files, download one and deliver `count` orders; strike amid them; judge what came of it.

    With `several` the store has three servers, and no download may fail.
    """
    store = None
    if several:
        store = StoreCluster(folder / "objects", folder / "var" / "log" / "store.log", make_keys())
    with running_stack(UNHURRIED, size=MIB, folder=folder, store=store) as system:
        link, path = system.warm(), make_file(folder / "course.bin", SIZE)
        names = [f"{name}-{number}" for number in range(AT_ONCE)]
        buyers, traffic = system.crowd(count), Traffic()
        few = STRUCK_AT * AT_ONCE * len(list(plan_upload(SIZE).parts()))
        with ThreadPoolExecutor(AT_ONCE) as pool, downloads(link, traffic):
            sending = [pool.submit(send, system, path, each, traffic) for each in names]
            system.sell(buyers)
            wait_until(lambda: len(traffic.begun) >= few, GIVE_UP, "too few parts were begun")
            strike(system)
            back = time.monotonic()
            again = sum(upload.result() for upload in sending)
            system.wait_delivered(buyers, GIVE_UP)
            seconds = time.monotonic() - back
        report.equal(
            f"{name}: files that are not whole in the shop", {}, _not_whole(system, names, digest(path))
        )
        undelivered, repeated = _messages(system, buyers)
        report.equal(f"{name}: orders undelivered", 0, undelivered)
        report.equal(f"{name}: people with two messages", 0, repeated)
    report.equal(f"{name}: bytes sent again that the store had", 0, traffic.needless)
    if several:
        report.equal(f"{name}: downloads that failed", 0, traffic.failed.total())
    report.at_most(f"{name}: settled after", SETTLE, seconds, "s")
    report.facts[f"{name}: MiB sent again that the store lacked"] = round(again / MIB)
    report.facts[f"{name}: downloads that came"] = traffic.came
    report.facts[f"{name}: downloads that failed, by what was answered"] = dict(traffic.failed)


def send(system: RunningStack, path: Path, name: str, traffic: Traffic) -> int:
    """Upload the file until it is verified; the bytes that were sent more than once.

    Raises `ComptoirError` when it ends otherwise.
    """
    page = open_page(system)
    upload = page.open(path, draft(system.database), name)
    page.before_again = _look_into(system, traffic)
    page.send(upload, path, traffic.begun.append)
    state = page.wait(upload, VERIFY)
    if state != "accepted":
        raise ComptoirError(f"The upload of {name} ended as {state}.")
    return page.sent - path.stat().st_size


@contextmanager
def downloads(link: str, traffic: Traffic) -> Iterator[None]:
    """Follow a download link over and over while the block runs."""
    ended = threading.Event()

    def download() -> None:
        while not ended.wait(PAUSE):
            if why := fetch(link):
                traffic.failed[why] += 1
            else:
                traffic.came += 1

    thread = threading.Thread(target=download)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def fetch(link: str) -> str:
    """Download the file of a link; why it did not come whole, if so: who refused it, or how it broke."""
    try:
        answer = httpx.get(link, follow_redirects=True, timeout=30)
    except httpx.TransportError as error:
        at_shop = error.request.url.path == urlsplit(link).path
        return f"{'shop' if at_shop else 'store'}: {type(error).__name__}"
    if answer.status_code == 200 and len(answer.content) == MIB:
        return ""
    return f"{'store' if answer.history else 'shop'}: {answer.status_code}"


def _look_into(system: RunningStack, traffic: Traffic) -> Callable[[dict[str, Any], int], None]:
    """A look into the store, past the shop, whether it holds a part that is sent again."""
    store = S3Store(Settings.from_environment(system.stack.settings.environment_for("workers")))

    def look(upload: dict[str, Any], number: int) -> None:
        with system.database.transaction() as session:
            row = session.get_one(Upload, upload["id"])
        with suppress(ComptoirError):  # away, so it holds nothing that it could keep us from sending
            part = store.multipart.list_parts(row.key, row.store_upload_id or "").get(number)
            traffic.needless += part.size or 0 if part else 0

    return look


def _not_whole(system: RunningStack, names: Sequence[str], sha256: str) -> dict[str, int]:
    """How often each file is there as it was sent, where that is not once."""
    with system.database.engine.connect() as connection:
        counts = {
            name: int(connection.execute(STORED, {"name": name, "sha256": sha256}).scalar_one())
            for name in names
        }
    return {name: times for name, times in counts.items() if times != 1}


def _messages(system: RunningStack, buyers: Sequence[Person]) -> tuple[int, int]:
    """How many people got no message with their file, and how many got two."""
    reached = system.telegram.remote.reached(TITLE)
    copies = [reached.get(buyer.id, 0) for buyer in buyers]
    return copies.count(0), max(sum(times > 1 for times in copies), len(system.telegram.remote.duplicates()))
