"""The page of a link, in Chromium: a download goes on after a cut, an expired signature and a closed page."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from scripts.bench.browser import seller_init_data
from scripts.bench.chromium import Chromium
from scripts.bench.running_stack import MIB, RunningStack
from scripts.bench.upload import digest, make_file
from scripts.embedded.process import PROJECT
from scripts.embedded.proxy import CountingProxy
from scripts.sandbox.telegram.driver import Person
from tests.e2e.conftest import Comptoir, buy_with_stars
from tests.e2e.test_downloads import downloads
from tests.support.waiting import wait_until

PHOTOS = PROJECT / "var" / "screenshots"
SIZE = 96 * MIB
NAME = "leçon <i>2.bin"
BYTE = {"range": "bytes=0-0"}
STATE = "#download[data-state={}]"


@pytest.fixture
def reader(shop: RunningStack) -> Iterator[Chromium]:
    """The buyer's browser."""
    with Chromium(shop.stack.url, seller_init_data(shop)) as reader:
        yield reader


def test_a_download_goes_on_after_a_cut_an_expired_signature_and_a_closed_page(
    shop: RunningStack,
    comptoir: Comptoir,
    store_door: CountingProxy,
    person: Callable[..., Person],
    client: httpx.Client,
    reader: Chromium,
    tmp_path: Path,
) -> None:
    other = shop.warm()
    file = make_file(tmp_path / NAME, SIZE)
    command = ["product", "add", "--file", str(file), "--title", "Lesson", "--price", "stars=1"]
    comptoir(*command, "--seller", str(shop.seller.id))
    link = buy_with_stars(person(), "Lesson")
    before = store_door.downstream
    try:
        # The line breaks. Then nobody signs, until the address that the browser had has expired.
        store_door.limit = before + 40 * MIB
        reader.visit(f"{link}/page")
        reader.photograph(PHOTOS / "download-idle-light-{width}.png")
        reader.click("Download, resumable")
        first = broken_after(reader, 0)
        reader.photograph(PHOTOS / "download-waiting-light-{width}.png")
        signed = client.get(other).headers["location"]
        shop.stack.pause("workers")
        store_door.limit = store_door.downstream + 24 * MIB
        wait_until(
            lambda: client.get(signed, headers=BYTE).is_client_error, 60, "the signed address lives on"
        )
        shop.stack.resume("workers")

        # It goes on by itself, and the line breaks again: this time somebody closes the page.
        broken_after(reader, first)
        assert downloads(shop, link) == 1
        reader.close_page()

        # What was in the file when the page was closed is kept; after a pause, everything is.
        store_door.limit = store_door.downstream + 16 * MIB
        reader.visit(f"{link}/page", theme="dark")
        assert "already on your computer" in reader.wait(STATE.format("kept"))
        percent_before = percent(reader)
        reader.photograph(PHOTOS / "download-kept-dark-{width}.png")
        reader.click("Go on")
        reader.wait(STATE.format("waiting"))
        reader.click("Pause")
        reader.wait(STATE.format("paused"))
        paused, came = percent(reader), store_door.downstream
    finally:
        store_door.limit = None
        shop.stack.resume("workers")
    reader.click("Go on")
    reader.wait(STATE.format("done"), 60)
    assert reader.wait("#download .figures") == "100%"
    reader.photograph(PHOTOS / "download-done-dark-{width}.png")

    assert 8 * MIB * 100 // SIZE <= percent_before <= paused
    assert store_door.downstream - came <= SIZE - SIZE * paused // 100 + MIB
    assert reader.digest(NAME) == digest(file)
    assert downloads(shop, link) == 1
    assert reader.faults() == []


def broken_after(reader: Chromium, least: int) -> int:
    """Wait until more than `least` percent has come and the line is broken again; how much has come.

    The page also waits, with nothing more, after an attempt that our link or the store refused.
    """
    wait_until(lambda: percent(reader) > least, 60, "the download did not go on by itself")
    reader.wait(STATE.format("waiting"))
    return percent(reader)


def percent(reader: Chromium) -> int:
    """How much of the file the page says has come."""
    return int(reader.wait("#download .figures").partition("%")[0])


def test_a_page_closed_before_anything_was_written_begins_anew(
    shop: RunningStack,
    comptoir: Comptoir,
    store_door: CountingProxy,
    person: Callable[..., Person],
    reader: Chromium,
    tmp_path: Path,
) -> None:
    file = make_file(tmp_path / NAME, MIB)
    command = ["product", "add", "--file", str(file), "--title", "Sheet", "--price", "stars=1"]
    comptoir(*command, "--seller", str(shop.seller.id))
    link = buy_with_stars(person(), "Sheet")
    try:
        store_door.limit = store_door.downstream
        reader.visit(f"{link}/page")
        reader.click("Download, resumable")
        reader.wait(STATE.format("waiting"))
        reader.close_page()
    finally:
        store_door.limit = None
    reader.visit(f"{link}/page")
    assert "already on your computer" not in reader.wait(STATE.format("idle"))
    reader.click("Download, resumable")
    reader.wait(STATE.format("done"), 60)
    assert reader.digest(NAME) == digest(file)
    assert reader.faults() == []
