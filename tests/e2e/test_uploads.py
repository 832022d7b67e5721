"""The Mini App in Chromium at the running shop: a large file, crashes on the way, a store that forgot."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select

from schemas.uploads import Upload
from scripts.bench.browser import seller_init_data
from scripts.bench.chromium import Chromium
from scripts.bench.running_stack import GIB, MIB, RunningStack
from scripts.bench.sales import draft
from scripts.bench.upload import FAULTS, make_file
from scripts.embedded.process import PROJECT
from scripts.embedded.proxy import CountingProxy
from workers.store import S3Store

PHOTOS = PROJECT / "var" / "screenshots"
USUAL_PART = 16 * MIB
SIGNED_TWICE = 40 * USUAL_PART
"""Bytes of a file whose parts are more than are signed at once, so that the shop is needed on the way."""
SLOW = 120  # seconds for a gibibyte on a busy machine

pytestmark = pytest.mark.timeout(400)  # twice SLOW and more


@pytest.fixture
def phone(shop: RunningStack) -> Iterator[Chromium]:
    """The seller's Telegram."""
    with Chromium(shop.stack.url, seller_init_data(shop)) as phone:
        yield phone


def test_a_gibibyte_goes_on_after_the_page_was_closed_and_comes_to_a_buyer_whole(
    shop: RunningStack, store_door: CountingProxy, phone: Chromium, client: httpx.Client, tmp_path: Path
) -> None:
    course = make_file(tmp_path / "course.bin", GIB)
    product = draft(shop.database)
    before = store_door.upstream
    phone.open(f"/upload?product={product}")
    phone.pick(course)
    phone.wait_percent(40, SLOW)
    phone.close_page()
    phone.open(f"/upload?product={product}", theme="dark")
    assert re.search("Unfinished: [34]\\d% is already in the shop", phone.wait("li[data-phase=needs_file]"))
    phone.photograph(PHOTOS / "stack-unfinished-dark-{width}.png")
    phone.pick(course)
    phone.wait("li[data-phase=accepted]", SLOW)
    phone.photograph(PHOTOS / "stack-accepted-dark-{width}.png")

    assert store_door.upstream - before <= GIB + 3 * USUAL_PART

    phone.close_page()
    phone.open("/products")
    phone.click("Put on sale")
    phone.wait(f"li:has(a[href='#/upload?product={product}']) > .pair >> text=Take off sale")
    phone.photograph(PHOTOS / "stack-products-light-{width}.png")
    (buyer,) = shop.crowd(1)
    here = replace(shop, product_id=product)
    here.sell([buyer])
    here.wait_delivered([buyer], 60)
    with course.open("rb") as file:
        assert digest_of_download(client, here.link(buyer)) == hashlib.file_digest(file, "sha256").hexdigest()
    assert phone.faults() == []


def test_whatever_of_ours_dies_on_the_way_no_part_is_sent_twice(
    shop: RunningStack, store_door: CountingProxy, phone: Chromium, tmp_path: Path
) -> None:
    before = store_door.upstream
    phone.open(f"/upload?product={draft(shop.database)}")
    phone.pick(make_file(tmp_path / "crashes.bin", SIGNED_TWICE))
    for place, name in enumerate(FAULTS):
        phone.wait_percent(10 + 20 * place, SLOW)
        shop.stack.kill(name)
    phone.wait("li[data-phase=accepted]", SLOW)
    shop.database.dispose()  # its connections died with PostgreSQL

    assert store_door.upstream - before < SIGNED_TWICE + MIB
    assert phone.faults() == []


def test_a_store_that_died_goes_on_with_the_parts_that_it_had(
    shop: RunningStack, store_door: CountingProxy, phone: Chromium, tmp_path: Path
) -> None:
    before = store_door.upstream
    phone.open(f"/upload?product={draft(shop.database)}")
    phone.pick(make_file(tmp_path / "kept.bin", 256 * MIB))
    phone.wait_percent(60, SLOW)  # of sixteen parts: more than those that may be sent again
    shop.stack.kill("store")
    phone.wait("li[data-phase=accepted]", SLOW)

    assert store_door.upstream - before < 256 * MIB + 6 * USUAL_PART, "only what was under way is sent again"


def test_a_store_that_forgot_the_parts_gets_them_again_and_the_page_says_so(
    shop: RunningStack, store_door: CountingProxy, phone: Chromium, tmp_path: Path
) -> None:
    size = 256 * MIB
    before = store_door.upstream
    phone.open(f"/upload?product={draft(shop.database)}")
    phone.pick(make_file(tmp_path / "forgotten.bin", size))
    phone.wait_percent(30, SLOW)
    forget_parts(shop)
    notice = phone.wait("text=started over by itself", SLOW)
    phone.photograph(PHOTOS / "stack-restarted-light-{width}.png")
    phone.wait("li[data-phase=accepted]", SLOW)

    assert "The store had forgotten the first parts" in notice
    assert store_door.upstream - before > size
    assert phone.faults() == []


def forget_parts(shop: RunningStack) -> None:
    """What a rule of the store does to uploads that are not finished in time."""
    with Session(shop.database.engine) as session:
        row = session.exec(select(Upload).where(Upload.state == "open")).one()
    S3Store(shop.stack.settings).multipart.abort(row.key, row.store_upload_id or "")


def digest_of_download(client: httpx.Client, link: str) -> str:
    """SHA-256 of what a buyer gets."""
    whole = hashlib.sha256()
    with client.stream("GET", link, follow_redirects=True) as answer:
        answer.raise_for_status()
        for block in answer.iter_bytes(MIB):
            whole.update(block)
    return whole.hexdigest()
