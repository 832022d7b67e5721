from typing import Any

import pytest
from litestar.testing import RequestFactory

from api.requests import client_address, client_digest, continues_transfer, language_of


def a_request(address: str = "203.0.113.7", **headers: str) -> Any:
    request: Any = RequestFactory().get("/", headers={k.replace("_", "-"): v for k, v in headers.items()})
    request.scope["client"] = (address, 50_000)
    return request


def test_the_address_is_the_peers_unless_our_proxy_says_otherwise() -> None:
    request = a_request(x_forwarded_for="198.51.100.9")
    assert client_address(request, trusted_proxy=False) == "203.0.113.7"
    assert client_address(request, trusted_proxy=True) == "198.51.100.9"


def test_only_the_entry_that_our_proxy_wrote_is_believed() -> None:
    request = a_request(x_forwarded_for="10.0.0.1, 198.51.100.9")
    assert client_address(request, trusted_proxy=True) == "198.51.100.9"


@pytest.mark.parametrize("forwarded", ["", "unknown", "1.2.3.4:80", "x" * 500])
def test_an_odd_forwarded_header_breaks_nothing(forwarded: str) -> None:
    assert len(client_address(a_request(x_forwarded_for=forwarded), trusted_proxy=True)) <= 64


def test_the_addresses_of_one_ipv6_client_count_as_one() -> None:
    first, second = (client_address(a_request(f"2001:db8:1:2::{n}"), trusted_proxy=False) for n in (1, 2))
    assert first == second == "2001:db8:1:2::/64"
    assert client_address(a_request("fe80::1%eth0"), trusted_proxy=False) == "fe80::/64"


def test_a_digest_tells_clients_apart_and_hides_them() -> None:
    first = client_digest(a_request(user_agent="curl/8"), trusted_proxy=False)
    assert len(first) == 32
    assert first != client_digest(a_request(user_agent="curl/9"), trusted_proxy=False)
    assert first != client_digest(a_request("203.0.113.8", user_agent="curl/8"), trusted_proxy=False)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "fr"),
        ("en", "en"),
        ("de,en;q=0.5", "en"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.1, fr;q=0.2", "fr"),
        ("en;q=0", "fr"),
        ("en;q=nonsense", "fr"),
        ("*", "fr"),
        ("EN-us", "en"),
    ],
)
def test_the_language_is_the_readers_favourite_of_ours(header: str, expected: str) -> None:
    assert language_of(a_request(accept_language=header)) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", False),
        ("bytes=0-", False),
        ("bytes=000-", False),
        ("bytes=1-", True),
        ("bytes=5000000000-", True),
        ("Bytes=10-20", True),
        ("bytes=-500", False),
        ("items=5-", False),
        ("bytes=x-", False),
        ("bytes=٣-", False),
    ],
)
def test_a_range_that_starts_later_continues_a_transfer(header: str, expected: bool) -> None:
    request = a_request()
    request.scope["headers"] = [(b"range", header.encode())]
    assert continues_transfer(request) is expected
