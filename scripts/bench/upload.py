"""Uploads by the Mini App: in Chromium with the page closed midway, through crashes, and abandoned ones."""

import hashlib
import os
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path

import httpx
from sqlmodel import Session

from core.catalogue.catalogue import current_assets
from core.uploads.part_plan import plan_upload
from scripts.bench.abandoned_upload import abandoned
from scripts.bench.browser import open_page, seller_init_data
from scripts.bench.chromium import Chromium
from scripts.bench.report import Report
from scripts.bench.running_stack import GIB, MIB, RunningStack, running_stack
from scripts.bench.sales import draft, publish_draft
from scripts.bench.sampler import weigh
from scripts.embedded.proxy import CountingProxy
from scripts.embedded.store import Store

CLOSE_AT = 40  # percent
FAULTS = ("api", "redis", "postgres", "workers")
SEND = 1200.0  # seconds
VERIFY = 600.0


def measure(count: int = 10) -> Report:
    """Upload `count` GiB in Chromium, then a GiB through crashes without a browser, then abandon one."""
    report = Report("upload")
    with (
        tempfile.TemporaryDirectory(prefix="comptoir-upload-") as folder,
        CountingProxy(0) as door,
        running_stack({"S3_PUBLIC_ENDPOINT": door.url}, size=MIB) as system,
    ):
        store = system.stack.parts["store"]
        assert isinstance(store, Store)
        door.target_port = store.port
        path = make_file(Path(folder) / "course.bin", count * GIB)
        whole(report, system, door, path)
        small = make_file(Path(folder) / "small.bin", GIB)
        crashes(report, system, small)
        abandoned(report, system, small)
    return report


def whole(report: Report, system: RunningStack, door: CountingProxy, path: Path) -> None:
    """Close the page at 40 %, open it again, finish, sell, download; compare with rclone's own copy."""
    product_id = draft(system.database)
    size, part = path.stat().st_size, plan_upload(path.stat().st_size).part_size
    with Chromium(system.stack.url, seller_init_data(system)) as phone:
        phone.open("/products")
        by_first = first_upload(system, make_file(path.with_name("first.bin"), MIB))
        report.facts["API growth by a first upload of a MiB, MiB"] = by_first
        before, passed = weigh(system.stack)["api"], door.upstream
        started = time.monotonic()
        phone.open(f"/upload?product={product_id}")
        phone.pick(path)
        phone.wait_percent(CLOSE_AT, SEND)
        phone.close_page()
        phone.open(f"/upload?product={product_id}")
        report.facts["after reopening"] = phone.wait("li[data-phase=needs_file] p").strip()
        phone.pick(path)
        phone.wait("li[data-phase=verifying], li[data-phase=accepted]", SEND)
        sent = time.monotonic()
        seconds = sent - started
        growth = weigh(system.stack)["api"].pss - before.pss
        phone.wait("li[data-phase=accepted]", VERIFY)
        report.facts["accepted after the last part, s"] = round(time.monotonic() - sent, 1)
        report.equal("errors on the pages", [], phone.faults())
    report.at_most("parts sent twice", 3, (door.upstream - passed - size) / part, "parts")
    report.at_most("API growth during the upload", 10, growth / MIB, "MiB")
    report.equal("the buyer's download is the file", digest(path), download(system, product_id))
    ours, theirs = size / seconds / MIB, size / rclone_copy(system, path) / MIB
    # What acceptance waits for besides reading (docs/decisions.md, R23), here after as many bytes at once.
    report.facts["until the disk has what was copied, s"] = round(until_on_disk(), 1)
    report.facts |= {"upload MiB/s": round(ours), "rclone copy MiB/s": round(theirs)}
    report.at_least("speed, of rclone copy's", 0.8, ours / theirs, "")


def first_upload(system: RunningStack, path: Path) -> float:
    """Upload a small file: MiB by which the API grows, as it shared what it never used with its parent."""
    before = weigh(system.stack)["api"]
    page = open_page(system)
    upload = page.open(path, draft(system.database), path.name)
    page.send(upload, path, lambda part: None)
    page.wait(upload, VERIFY)
    page.close()
    return round((weigh(system.stack)["api"].pss - before.pss) / MIB, 1)


def until_on_disk() -> float:
    """Seconds until the kernel has written all that was given to it (sync(2))."""
    started = time.monotonic()
    os.sync()
    return time.monotonic() - started


def crashes(report: Report, system: RunningStack, path: Path) -> None:
    """Kill our processes, one after another, while the parts go to the store."""
    page, product_id = open_page(system), draft(system.database)
    upload = page.open(path, product_id, "crashes.bin")
    at = {upload["parts"] * (place + 1) // (len(FAULTS) + 1): name for place, name in enumerate(FAULTS)}

    killed: list[str] = []

    def fault(part: int) -> None:
        if part in at:
            system.stack.kill(at[part])
            killed.append(at[part])

    page.send(upload, path, fault)
    report.equal("state after " + ", ".join(FAULTS) + " were killed", "accepted", page.wait(upload, VERIFY))
    system.database.dispose()  # our own connections died with PostgreSQL
    report.equal("killed on the way", ", ".join(FAULTS), ", ".join(killed))
    report.equal("bytes sent through the crashes", path.stat().st_size, page.sent)


def download(system: RunningStack, product_id: int) -> str:
    """Put the product on sale, buy it, follow the link; the SHA-256 of the bytes that come."""
    publish_draft(system.database, product_id, system.seller)
    system.product_id = product_id
    (buyer,) = system.crowd(1)
    system.sell([buyer])
    system.wait_delivered([buyer], 60)
    whole = hashlib.sha256()
    with httpx.stream("GET", system.link(buyer), follow_redirects=True, timeout=300) as answer:
        answer.raise_for_status()
        for block in answer.iter_bytes(MIB):
            whole.update(block)
    with Session(system.database.engine) as session:
        assert current_assets(session, product_id)[0].sha256 == whole.hexdigest()
    return whole.hexdigest()


def rclone_copy(system: RunningStack, path: Path) -> float:
    """Seconds that `rclone copy` takes for the same file to the same server."""
    settings = system.stack.settings
    environment = {
        "RCLONE_CONFIG_SHOP_TYPE": "s3",
        "RCLONE_CONFIG_SHOP_PROVIDER": "SeaweedFS",
        "RCLONE_CONFIG_SHOP_ENDPOINT": settings.s3_endpoint,
        "RCLONE_CONFIG_SHOP_ACCESS_KEY_ID": settings.s3_access_key,
        "RCLONE_CONFIG_SHOP_SECRET_ACCESS_KEY": settings.s3_secret_key,
    }
    target = f"shop:{settings.s3_bucket}/bench"
    started = time.monotonic()
    rclone = Path(sysconfig.get_path("scripts")) / "rclone"
    command = [str(rclone), "copy", "--config", "", "--s3-no-check-bucket", str(path), target]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.monotonic() - started


def make_file(path: Path, size: int) -> Path:
    """Make a file that is mostly a hole; each MiB has its number in it, so that no two are the same."""
    with path.open("wb") as file:
        file.truncate(size)
        for number in range(size // MIB):
            file.seek(number * MIB)
            file.write(b"part" + number.to_bytes(8, "big"))
    return path


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
