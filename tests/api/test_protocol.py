"""A connection that says too much, too little or nothing: the real server on loopback."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from api import protocol
from core.kit.db import Database
from core.monitoring.memory import resident_bytes
from core.process.settings import Settings
from tests.support.listening import Listening, RawConnection, listening
from tests.support.waiting import wait_until

HEAD = b"GET /healthz HTTP/1.1\r\nHost: shop.example\r\n"
MIB = 1 << 20


@pytest.fixture
def server(shop_settings: Settings, database: Database) -> Iterator[Listening]:
    settings = replace(shop_settings, api_connections=12, api_connections_per_address=4)
    with listening(settings, database) as server:
        yield server


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience of a fraction of a second."""
    for name in ("HEAD_WITHIN", "READ_WITHIN", "LINGER"):
        monkeypatch.setattr(protocol, name, 0.2)


def status(connection: RawConnection) -> int | None:
    answer = connection.answer()
    return answer.status if answer else None


def test_an_ordinary_client_asks_again_and_again_on_one_connection(server: Listening) -> None:
    with server.connect() as connection:
        for _ in range(3):
            connection.send(HEAD + b"Cookie: " + b"x" * 8000 + b"\r\n\r\n")
            assert status(connection) == 200
        connection.send((HEAD + b"\r\n") * 5)
        assert [status(connection) for _ in range(5)] == [200] * 5


@pytest.mark.parametrize(
    "flood",
    [
        HEAD + b"X-A: " + b"a" * 33_000 + b"\r\n\r\n",
        HEAD + b"X-A: a\r\n" * 101 + b"\r\n",
        HEAD + (b"X-A: " + b"a" * 900 + b"\r\n") * 40 + b"\r\n",
        b"GET /" + b"a" * 40_000,
        HEAD + b"a" * 40_000,
    ],
    ids=["long line", "many lines", "many bytes", "endless target", "endless name"],
)
def test_a_head_beyond_its_limit_is_answered_with_431(server: Listening, flood: bytes) -> None:
    with server.connect() as connection:
        connection.send(flood)
        answer = connection.answer()
        assert answer is not None
        assert answer.status == 431
        assert b'"code":"head-too-large"' in answer.body
        assert connection.ends()


def test_a_flood_of_heads_costs_no_memory(server: Listening) -> None:
    with server.connect() as connection:
        connection.send(HEAD + b"\r\n")
        assert status(connection) == 200
    before = resident_bytes()
    for start, more in ((HEAD, b"x: y\r\n" * 20_000), (HEAD + b"X-A: ", b"a" * 120_000)):
        with server.connect() as connection:
            connection.send(start)
            sent = 0
            while sent < 60 * MIB and connection.send(more):
                sent += len(more)
            assert sent < 20 * MIB
    assert resident_bytes() - before < 16 * MIB


@pytest.mark.parametrize("start", [b"", b"G", HEAD, HEAD + b"X-A: a", b"\r\n\r\n"])
@pytest.mark.usefixtures("hasty")
def test_who_does_not_say_a_whole_head_in_time_is_sent_away(server: Listening, start: bytes) -> None:
    with server.connect() as connection:
        connection.send(start)
        assert connection.ends()


@pytest.mark.usefixtures("hasty")
def test_a_second_head_has_its_deadline_too(server: Listening) -> None:
    with server.connect() as connection:
        connection.send(HEAD + b"\r\n")
        assert status(connection) == 200
        connection.send(HEAD)
        assert status(connection) == 408
        assert connection.ends()


@pytest.mark.usefixtures("hasty")
def test_a_body_that_nobody_reads_holds_no_connection(server: Listening) -> None:
    with server.connect() as connection:
        connection.send(HEAD + b"Content-Length: 1000000\r\n\r\nabc")
        assert status(connection) == 200
        assert connection.ends()


@pytest.mark.usefixtures("hasty")
def test_who_does_not_read_the_answers_is_sent_away(server: Listening) -> None:
    with server.connect() as connection:
        page = b"GET /schema/openapi.json HTTP/1.1\r\nHost: shop.example\r\n\r\n"
        wait_until(lambda: not connection.send(page))


def test_trailers_are_not_headers_of_the_request(server: Listening) -> None:
    post = b"POST /webhooks/nowpayments HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    post += b"2\r\n{}\r\n0\r\n"
    with server.connect() as connection:
        connection.send(post + b"Host: b\r\n\r\n")
        assert status(connection) == 401
        connection.send(post + b"X-A: " + b"a" * 60_000)
        assert status(connection) == 400
        assert connection.ends()


@pytest.mark.parametrize(
    "wrong",
    [
        b"GET /healthz HTTP/1.1\r\n\r\n",
        HEAD + b"Host: other.example\r\n\r\n",
        b"GET /healthz\r\n\r\n",
        b"GET /healthz HTTP/0.9\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        HEAD + b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        HEAD + b"Content-Length: +1\r\n\r\na",
        HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"X-A: a\r\n folded\r\n\r\n",
        b"GET /healthz HTTP/1.1\nHost: a\n\n",
        b"CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example\r\n\r\n",
    ],
)
def test_heads_that_are_no_http_are_answered_with_400(server: Listening, wrong: bytes) -> None:
    with server.connect() as connection:
        connection.send(wrong)
        answer = connection.answer()
        assert answer is not None
        assert answer.status == 400
        assert connection.ends()


def test_what_follows_an_offered_upgrade_is_no_second_request(server: Listening) -> None:
    with server.connect() as connection:
        connection.send(HEAD + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n" + HEAD + b"\r\n")
        assert status(connection) == 200
        assert status(connection) is None


def test_one_address_cannot_take_every_connection(server: Listening) -> None:
    silent = [server.connect(source="127.0.0.2") for _ in range(10)]
    with server.connect() as connection:
        connection.send(HEAD + b"\r\n")
        assert status(connection) == 200
    gone = [connection for connection in silent[:6] if connection.ends()]
    assert len(gone) == 6
    with silent[-1] as connection:
        connection.send(HEAD + b"\r\n")
        assert status(connection) == 200
    for connection in silent:
        connection.close()


def test_behind_a_proxy_of_ours_its_address_is_no_bound(shop_settings: Settings, database: Database) -> None:
    settings = replace(shop_settings, trusted_proxy=1, api_connections_per_address=2)
    with listening(settings, database) as server:
        connections = [server.connect() for _ in range(6)]
        for connection in connections:
            with connection:
                connection.send(HEAD + b"\r\n")
                assert status(connection) == 200
