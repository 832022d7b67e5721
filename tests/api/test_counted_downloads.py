"""What spends a download of a link that has few: bytes that somebody asked for, and nothing else."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import redis

from core.jobs.request_reply import write_refusal, write_reply
from core.kit.db import Database
from core.kit.errors import NotFound
from schemas.base import utc_now
from tests.api.test_download import downloads
from tests.support import make
from tests.support.questions import UrlWorker, answering
from tests.support.web import Client

BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0"}


@pytest.fixture
def token(database: Database) -> str:
    """A link that may be used once."""
    with database.transaction() as session:
        return make.link(session, now=utc_now(), max_downloads=1)[1]


@pytest.mark.parametrize(
    "headers",
    [
        BROWSER | {"sec-purpose": "prefetch"},
        BROWSER | {"purpose": "prefetch"},
        BROWSER | {"x-moz": "prefetch"},
        {"user-agent": "TelegramBot (like TwitterBot)"},
        {"user-agent": "WhatsApp/2.23.20.0 A"},
        {"user-agent": "facebookexternalhit/1.1"},
    ],
)
def test_who_asks_by_itself_is_shown_the_page(
    web: Client, database: Database, signer: UrlWorker, token: str, headers: dict[str, str]
) -> None:
    for _ in range(3):
        shown = web.get(f"/d/{token}", headers=headers)
        assert (shown.status_code, shown.headers["x-robots-tag"]) == (200, "noindex, nofollow")
        assert "cours.pdf" in shown.text
    assert (downloads(database), signer.questions) == (0, [])
    assert web.get(f"/d/{token}", headers=BROWSER).status_code == 302
    assert downloads(database) == 1


def test_a_look_from_outside_spends_nothing(
    web: Client, database: Database, signer: UrlWorker, token: str
) -> None:
    assert web.head(f"/d/{token}").status_code == 200
    assert web.get(f"/d/{token}/page").status_code == 200
    assert downloads(database) == 0
    assert web.get(f"/d/{token}").status_code == 302


@pytest.fixture
def store_worker(redis_url: str) -> Iterator[list[dict[str, Any]]]:
    """A worker whose store has the bytes "%P" and has lost what is asked to be checked."""
    asked: list[dict[str, Any]] = []

    def answer(message: dict[str, Any]) -> None:
        asked.append(message["kwargs"]["payload"])
        reply = write_refusal(NotFound("file-missing"))
        if message["actor_name"] == "read_beginning":
            reply = write_reply({"bytes": list(b"%P"[: asked[-1]["length"]])})
        with redis.Redis.from_url(redis_url) as client:
            client.rpush(message["kwargs"]["answer_to"], reply)

    with answering(redis_url, "interactive", answer):
        yield asked


@pytest.mark.parametrize(("sent", "expected"), [("bytes=0-0", b"%"), ("bytes=0-1", b"%P")])
def test_a_probe_gets_what_it_asks_for_and_no_address(
    web: Client,
    database: Database,
    store_worker: list[dict[str, Any]],
    token: str,
    sent: str,
    expected: bytes,
) -> None:
    answer = web.get(f"/d/{token}", headers={"range": sent})
    assert (answer.status_code, answer.content) == (206, expected)
    assert answer.headers["content-range"] == f"bytes 0-{len(expected) - 1}/{10 * 2**30}"
    assert "location" not in answer.headers
    assert downloads(database) == 0


def test_a_file_that_the_store_lost_spends_nothing(
    web: Client, database: Database, store_worker: list[dict[str, Any]], token: str
) -> None:
    answer = web.get(f"/d/{token}", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "Nothing was counted" in answer.text
    assert downloads(database) == 0
    assert [msgspec.json.encode(question).count(b"check") for question in store_worker] == [1]


def test_without_a_limit_a_probe_is_redirected_and_not_counted(
    web: Client, database: Database, signer: UrlWorker
) -> None:
    with database.transaction() as session:
        free = make.link(session, now=utc_now())[1]
    assert web.get(f"/d/{free}", headers={"range": "bytes=0-0"}).status_code == 302
    assert downloads(database) == 0
