"""Whatever bytes come, on whichever route: the answer is a refusal or an honest 503, and no fault."""

import json
import logging
import os
import random
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import redis
import structlog
from litestar import Litestar
from litestar.routes import HTTPRoute

from core.jobs.request_reply import write_reply
from core.kit.db import Database
from core.people.initdata import derive_secret
from core.process.settings import Settings
from scripts.bench.running_stack import UNLIMITED
from tests.api.contract_shop import Caller, ContractShop, Served, stand_in_reply
from tests.core.people.test_initdata import TOKEN
from tests.support.listening import Answer, Listening, listening
from tests.support.questions import answering

SEED = 20_261_128
LOG_LIMIT = 1500  # characters that the process may write for one request
VARIANTS = 24  # hostile requests of each route and method
DEEP = b"[" * 30_000
LONE = b"\\ud800"
SEGMENTS = (
    "%00",
    "a%00b",
    "%ff%fe",
    "%ED%A0%80",
    "%D9%A3",
    "%F0%9F%98%80",
    "x" * 300,
    "x" * 5000,
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "1_0",
    "+1",
    "%201",
    "-1",
    "9" * 40,
    "00000000-0000-0000-0000-000000000000",
    "%0d%0aSet-Cookie:x",
    "CMT-%D9%A4%D9%A2",
    "{",
    "%",
    "%zz",
)
QUERIES = (
    "",
    "page=%00",
    "words=%00",
    "words=a%00b&page=1",
    "words=%ED%A0%80",
    "words=%ff",
    "words=" + "x" * 8000,
    "page=%D9%A3",
    "page=" + "9" * 400,
    "page=-1&days=99999999999999999999",
    "lang=%00",
    "open=%00&limit=1e9&before=0",
    "plan=%00&state=%00",
    "a&&&=&b=c=d&%",
    "&".join(f"p{number}=1" for number in range(400)),
)
TYPES = (
    b"application/json",
    b"application/json; charset=utf-16",
    b"application/x-www-form-urlencoded",
    b"multipart/form-data; boundary=x",
    b"multipart/form-data",
    b"multipart/form-data; boundary=" + b"\xff" * 10,
    b"application/x-msgpack",
    b"text/plain",
    b"\xff\xfe",
    b"",
)
BODIES = (
    b"",
    b"\xff\xfe\x00",
    b'{"title":"\xff"}',
    b'{"a":' * 20_000,
    DEEP,
    DEEP + b"]" * 30_000,
    b"nan",
    b"1e999999",
    b'"' + LONE + b'"',
    b"\x00" * 100,
    b"rail=%00&key=%00&transaction_id=%00&address=%00",
    b"rail=stars&key=%ED%A0%80",
    b"a=1&" * 3000,
    b"--x\r\nContent-Disposition: form-data; name=\xff\r\n\r\n\x00\r\n--x--\r\n",
    b"--x\r\n\r\n",
    b"\xef\xbb\xbf{}",
    "{}".encode("utf-16"),
    b"[]",
    b"null",
)
TEXTS: tuple[object, ...] = (
    "\x00",
    "a\x00b",
    "\ud800",
    "x" * 3000,
    "",
    "\u202e",
    "٣",
    "\r\n",
    "😀" * 100,
    7,
    None,
    [],
    {},
)
HEADERS = (
    b"",
    b"Authorization: Bearer \xff\xfe\r\n",
    b"Authorization: Bearer " + b"x" * 4000 + b"\r\n",
    b"Authorization: \xd9\xa3\r\n",
    b"Accept-Language: \xff;q=\xd9\xa3,en;q=1e999\r\n",
    b"Accept: \xff/\xff\r\n",
    b"Cookie: \xff=\x80; =;;\r\n",
    b"X-Forwarded-For: \xff, , ,\r\n",
    b"Range: bytes=\xb2-\r\n",
    b"If-None-Match: \xff\r\nIf-Modified-Since: never\r\n",
    b"Origin: null\r\nSec-Fetch-Site: \xff\r\n",
    b"User-Agent: \xed\xa0\x80\r\n",
    b"x-nowpayments-sig: \xff\r\n",
    b"Expect: 100-continue\r\n",
)


@pytest.fixture
def server(shop_settings: Settings, database: Database) -> Iterator[Listening]:
    """The API on loopback, with somebody who answers its questions."""
    secret = derive_secret(TOKEN)
    settings = replace(shop_settings, init_data_secret=secret, smtp_host="mail.example", limits=UNLIMITED)

    def answer(message: dict[str, object]) -> None:
        question: dict[str, object] = message["kwargs"]  # type: ignore[assignment]
        reply = stand_in_reply(str(message["actor_name"]), question["payload"])  # type: ignore[arg-type]
        with redis.Redis.from_url(settings.redis_url) as client:
            client.rpush(str(question["answer_to"]), write_reply(reply))

    with (
        answering(settings.redis_url, "interactive", answer),
        answering(settings.redis_url, "delivery", answer),
        listening(settings, database) as server,
    ):
        yield server


def routes_of(app: Litestar) -> list[tuple[str, HTTPRoute | None, list[str]]]:
    """Every route: a path with {} for each parameter, the route, and its methods."""
    own: list[tuple[str, HTTPRoute | None, list[str]]] = [
        (route.path_format, route, sorted(str(method) for method in route.methods - {"OPTIONS"}))
        for route in app.routes
        if isinstance(route, HTTPRoute)
    ]
    return [*own, ("/static/{file}", None, ["GET"]), ("/{any}", None, ["GET"])]


def fields_of(route: HTTPRoute | None) -> list[str]:
    """The names of the fields that a route's bodies have."""
    names: list[str] = []
    for handler in route.route_handlers if route is not None else ():
        body = handler.parsed_fn_signature.parameters.get("data")
        if body is not None:
            names += getattr(body.annotation, "__struct_fields__", ())
    return names


class Hostile:
    """Makes seeded requests to one route after the other: some near to what it serves, some rubbish."""

    def __init__(self, callers: list[Caller], served: dict[str, Served]) -> None:
        self._chance = random.Random(SEED)
        self._callers = callers
        self._served = served

    def request(self, method: str, path: str, fields: list[str]) -> bytes:
        """One request as bytes."""
        chance = self._chance
        served = self._served.get(f"{method} {path.rstrip('/')}", Served())
        values = served.path if chance.random() < 0.6 else {}
        target = fill(path, values, chance)
        if query := chance.choice(QUERIES):
            target += f"?{query}"
        caller = chance.choice(self._callers).headers(path).get("authorization", "")
        own = f"Authorization: {caller}\r\n".encode() if caller else chance.choice(HEADERS[:4])
        body = b"" if method in ("GET", "HEAD") else self._body(fields, served)
        kind = b"application/json" if chance.random() < 0.6 else chance.choice(TYPES)
        head = f"{method} {target} HTTP/1.1\r\nHost: shop.example\r\n".encode()
        head += own + chance.choice(HEADERS[4:]) + b"Content-Type: " + kind + b"\r\n"
        return head + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def _body(self, fields: list[str], served: Served) -> bytes:
        chance = self._chance
        if not fields or chance.random() < 0.3:
            return chance.choice(BODIES)
        body = {name: chance.choice(TEXTS) for name in fields} if chance.random() < 0.3 else served.body
        return json.dumps(body | {chance.choice(fields): chance.choice(TEXTS)}).encode()


def fill(path: str, values: dict[str, object], chance: random.Random) -> str:
    """A path with every parameter replaced, by what is served or by rubbish."""
    parts = path.split("/")
    for place, part in enumerate(parts):
        if part.startswith("{"):
            name = part.strip("{}").partition(":")[0]
            parts[place] = str(values.get(name) or chance.choice([*SEGMENTS, "1", "x" * 43]))
    return "/".join(parts)


def ask(server: Listening, sent: bytes) -> Answer | None:
    """The answer to these bytes."""
    with server.connect() as connection:
        connection.send(sent)
        answer = connection.answer(sent.split(b" ", 1)[0].decode())
        while answer is not None and answer.status == 100:
            answer = connection.answer()
        return answer


@pytest.fixture
def written(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What the process has written to standard output and error since the last call: lines of ours
    and of libraries, tracebacks that Python prints by itself, warnings, and what goes past them all."""
    handler = logging.StreamHandler(sys.stderr)  # as `configure_logs` has it; pytest's own only collect
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: "".join(capfd.readouterr())
    root.removeHandler(handler)
    root.setLevel(level)


def test_all_that_a_process_writes_is_counted(written: Callable[[], str]) -> None:
    structlog.get_logger("ours").info("said by us")
    logging.getLogger("theirs").info("said by a library")
    os.write(2, b"said past all streams")
    thread = threading.Thread(target=sys.stderr.write, args=("said in a thread",))
    thread.start()
    thread.join()
    heard = written()
    assert [words for words in ("us", "a library", "past all streams", "in a thread") if words in heard] == [
        "us",
        "a library",
        "past all streams",
        "in a thread",
    ]
    assert written() == ""


@pytest.mark.timeout(300)  # 15 s of processor time, which other tests may keep from it
def test_no_bytes_on_any_route_are_a_fault_of_ours(
    server: Listening, database: Database, shop_settings: Settings, written: Callable[[], str]
) -> None:
    with database.transaction() as session:
        shop = ContractShop(session, database)
        hostile = Hostile(shop.callers(), shop.served())
    faults, refused = list[str](), 0
    with redis.Redis.from_url(shop_settings.redis_url) as counters:
        for path, route, methods in routes_of(server.app):
            for sent in (
                hostile.request(method, path, fields_of(route)) for method in methods for _ in range(VARIANTS)
            ):
                counters.flushall()  # so that no request is one too many
                answer = ask(server, sent)
                lines = written()
                refused += answer is not None and 400 <= answer.status < 500
                if answer is None or (answer.status >= 500 and answer.status != 503):
                    faults.append(f"{answer and answer.status} {sent[:300]!r} {lines:.400}")
                elif len(lines) > LOG_LIMIT:
                    faults.append(f"{len(lines)} characters of log: {sent[:300]!r}")
    assert not faults, "\n".join(faults[:20])
    assert refused > VARIANTS * 50
