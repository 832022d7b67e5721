"""Links under a browser's hands: counted, resumed, refused."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
from sqlalchemy import text

from core.kit.tokens import token_hash
from scripts.bench.load import Request, load
from scripts.bench.running_stack import RunningStack
from scripts.sandbox.telegram.driver import Person
from tests.e2e.conftest import SIZE, Course, buy_with_stars, sha256_of
from tests.support.waiting import wait_until

CURL = ("curl", "--silent", "--show-error", "--fail", "--location")


def downloads(shop: RunningStack, link: str) -> int:
    query = text("SELECT downloads FROM download_link WHERE token_hash = :hash")
    hashed = token_hash(link.rpartition("/")[2])
    with shop.database.engine.connect() as connection:
        return int(connection.execute(query, {"hash": hashed}).scalar_one())


def test_a_dropped_download_goes_on_after_the_signed_address_has_expired_and_counts_once(
    shop: RunningStack, course: Course, person: Callable[..., Person], client: httpx.Client, tmp_path: Path
) -> None:
    link = buy_with_stars(person())
    saved = tmp_path / "saved.bin"
    first = ("--range", f"0-{SIZE // 2}", "--write-out", "%{url_effective}", "--output", saved, link)
    signed = subprocess.run((*CURL, *first), capture_output=True, text=True, check=True).stdout
    first_size = saved.stat().st_size
    wait_until(lambda: client.get(signed).is_client_error, 60, "the signed address lives on")

    subprocess.run((*CURL, "--continue-at", "-", "--output", saved, link), check=True)

    assert first_size == SIZE // 2 + 1
    assert sha256_of(saved.read_bytes()) == course.sha256
    assert downloads(shop, link) == 1


def test_what_opens_a_file_passes_through_the_servers_and_lies_on_no_disk(
    shop: RunningStack, course: Course, person: Callable[..., Person], client: httpx.Client
) -> None:
    link = buy_with_stars(person())
    signed = httpx.URL(client.get(link).headers["location"])
    assert client.get(signed).status_code == 200
    secrets = (link.rpartition("/")[2], signed.params["X-Amz-Signature"], signed.params["X-Amz-Credential"])

    # All that our processes, Redis and PostgreSQL write: rows, journals, kept answers, payloads, logs.
    written = [path for path in shop.stack.var.rglob("*") if path.is_file() and "store" not in path.parts]
    for path in written:
        with path.open("rb") as file:
            content = file.read()
        assert [secret for secret in secrets if secret.encode() in content] == [], path
    names = {path.name for path in written}
    assert {"redis.log", "workers.log", "PG_VERSION"} <= names


def test_a_look_without_a_download_is_not_counted(
    shop: RunningStack, course: Course, person: Callable[..., Person], client: httpx.Client
) -> None:
    link = buy_with_stars(person())

    looked = client.head(link)

    assert looked.status_code == 200
    assert looked.headers["content-length"] == str(SIZE)
    assert downloads(shop, link) == 0
    assert client.get(link).status_code == 302
    assert downloads(shop, link) == 1


def test_without_any_worker_every_one_of_many_clicks_is_told_to_come_back(
    shop: RunningStack, client: httpx.Client
) -> None:
    link = shop.warm()
    shop.stack.pause("workers")
    try:
        refused = client.get(link)
        clicks = [Request("GET", httpx.URL(link).path)] * 100
        answers = load(shop.stack.url, clicks, 50)
    finally:
        shop.stack.resume("workers")

    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    # An answer that never came would be 0.
    assert {answer.http_status for answer in answers} == {503}
    wait_until(lambda: client.get(link).status_code == 302, 60, "workers are back, links are not")
