"""The doctor's row about proxies: every way to stand behind them, and what it says to set."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import redis

from core.kit.db import Database
from core.process.proxy_check import HEARSAY, PATH, Seen, key_of
from core.process.settings import Settings
from scripts.doctor.finding import Finding
from scripts.doctor.proxy import judge, proxy
from tests.support.listening import listening

OWN, EDGE, INNER = "198.51.100.5", "203.0.113.1", "10.0.0.2"


def found(believed: int, *forwarded: str, peer: str = INNER) -> Finding:
    return judge(believed, Seen(peer, forwarded, peer), OWN)


@pytest.mark.parametrize(
    ("believed", "forwarded"),
    [
        (1, (HEARSAY, OWN)),  # it adds
        (1, (OWN,)),  # it replaces
        (2, (HEARSAY, OWN, EDGE)),
        (2, (OWN, EDGE)),
        (3, (HEARSAY, OWN, EDGE, INNER)),
    ],
)
def test_as_many_proxies_as_are_believed_are_well(believed: int, forwarded: tuple[str, ...]) -> None:
    assert found(believed, *forwarded).state == "ok"


@pytest.mark.parametrize(
    ("believed", "forwarded", "setting"),
    [
        (0, (HEARSAY, OWN), "yes"),
        (0, (OWN,), "yes"),
        (1, (HEARSAY, OWN, EDGE), "2"),
        (1, (HEARSAY,), "no"),
        (2, (HEARSAY, OWN), "yes"),
    ],
)
def test_other_numbers_fail_and_it_says_what_to_set(
    believed: int, forwarded: tuple[str, ...], setting: str
) -> None:
    finding = found(believed, *forwarded, peer=OWN)
    assert finding.state == "fail"
    assert f"TRUSTED_PROXY={setting} " in finding.mend


def test_nothing_before_the_api_is_well_and_a_silent_proxy_is_not() -> None:
    assert found(0, HEARSAY, peer=OWN).state == "ok"
    assert found(0, HEARSAY, peer="1.1.1.1").state == "ok"  # somewhere our address was translated
    assert found(0, HEARSAY, peer=INNER).state == "fail"


def test_the_running_api_tells_the_doctor_and_nobody_else(
    settings: Callable[..., Settings], database: Database, database_url: str, redis_url: str
) -> None:
    config = settings(database_url=database_url, redis_url=redis_url)
    with listening(config, database) as server:
        (well,) = proxy(replace(config, public_url=server.url))
        (wrong,) = proxy(replace(config, public_url=server.url, trusted_proxy=1))
        with redis.Redis.from_url(redis_url) as client, server.connect() as connection:
            client.set(key_of("known"), "left")
            statuses = []
            for mark in ("guess", "known", "known"):
                connection.send(f"GET {PATH}/{mark} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                answer = connection.answer()
                statuses.append(answer and answer.status)
    assert (well.state, wrong.state) == ("ok", "fail")
    assert "TRUSTED_PROXY=no" in wrong.mend
    assert statuses == [404, 200, 404]


def test_an_address_that_cannot_be_reached_is_left_to_the_check_of_the_web(
    settings: Callable[..., Settings], redis_url: str
) -> None:
    assert list(proxy(settings(redis_url=redis_url, public_url="http://127.0.0.1:1"))) == []
