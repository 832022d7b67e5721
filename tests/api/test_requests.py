from functools import cache
from typing import Any

import pytest
from litestar.testing import RequestFactory

from api.requests import (
    client_address,
    client_digest,
    client_network,
    first_byte,
    is_automatic,
    language_of,
    probe_length,
    require_same_origin,
)
from core.kit.errors import NotAllowed

factory = cache(RequestFactory)  # it makes an application


def a_request(address: str = "203.0.113.7", **headers: str) -> Any:
    request: Any = factory().get("/", headers={k.replace("_", "-"): v for k, v in headers.items()})
    request.scope["client"] = (address, 50_000)
    return request


def test_the_address_is_the_peers_unless_our_proxy_says_otherwise() -> None:
    request = a_request(x_forwarded_for="198.51.100.9")
    assert client_address(request, trusted_proxy=0) == "203.0.113.7"
    assert client_address(request, trusted_proxy=1) == "198.51.100.9"


def test_only_the_entry_that_our_proxy_wrote_is_believed() -> None:
    request = a_request(x_forwarded_for="10.0.0.1, 198.51.100.9")
    assert client_address(request, trusted_proxy=1) == "198.51.100.9"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("", ""),
        ("unix socket", ""),
    ],
)
def test_of_an_address_only_its_network_can_be_kept(address: str, network: str) -> None:
    assert client_network(a_request(address), trusted_proxy=0) == network


@pytest.mark.parametrize("forwarded", ["", "unknown", "1.2.3.4:80", "x" * 500])
def test_an_odd_forwarded_header_breaks_nothing(forwarded: str) -> None:
    assert len(client_address(a_request(x_forwarded_for=forwarded), trusted_proxy=1)) <= 64


def forwarded_by(*lines: str, proxies: int) -> str:
    request = a_request()
    request.scope["headers"] = [(b"x-forwarded-for", line.encode("latin-1")) for line in lines]
    return client_address(request, trusted_proxy=proxies)


def test_several_lines_of_the_header_are_one_list() -> None:
    assert forwarded_by("10.0.0.1", "198.51.100.9", proxies=1) == "198.51.100.9"
    assert forwarded_by("198.51.100.9", "10.0.0.1", proxies=2) == "198.51.100.9"
    assert forwarded_by("192.0.2.1, 192.0.2.2", "198.51.100.9 , 10.0.0.1", proxies=2) == "198.51.100.9"


def test_each_proxy_of_ours_is_one_entry_from_the_end() -> None:
    seen = [forwarded_by("6.6.6.6, 198.51.100.9, 10.0.0.2, 10.0.0.3", proxies=hops) for hops in range(5)]
    assert seen == ["203.0.113.7", "10.0.0.3", "10.0.0.2", "198.51.100.9", "6.6.6.6"]
    assert forwarded_by("198.51.100.9", proxies=3) == "198.51.100.9"  # the outer proxies were not passed


@pytest.mark.parametrize(
    ("entry", "client"),
    [
        ("198.51.100.9:4711", "198.51.100.9"),
        ("[2001:db8:1:2::7]:4711", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::7]", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ('"[2001:db8:1:2::7]:4711"', "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.9", "198.51.100.9"),
        ("unknown", "203.0.113.7"),
        ("\xb2.\xb2.\xb2.\xb2", "203.0.113.7"),
        ("198.51.100.9:4711:1", "203.0.113.7"),
    ],
)
def test_a_port_or_brackets_make_no_other_client(entry: str, client: str) -> None:
    assert forwarded_by(entry, proxies=1) == client


def test_ipv4_clients_of_a_socket_for_both_are_told_apart() -> None:
    assert client_address(a_request("::ffff:198.51.100.9"), trusted_proxy=0) == "198.51.100.9"


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"origin": "http://testserver.local"}, True),
        ({"origin": "null"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": ""}, False),
        ({"sec_fetch_site": "cross-site", "origin": "http://testserver.local"}, False),
        ({"sec_fetch_site": "same-site"}, False),
    ],
)
def test_only_forms_of_our_own_pages_are_taken(headers: dict[str, str], passes: bool) -> None:
    request = a_request()
    names = {name.replace("_", "-"): words for name, words in headers.items()} | {"host": "testserver.local"}
    request.scope["headers"] = [(name.encode(), words.encode()) for name, words in names.items()]
    if passes:
        require_same_origin(request)
    else:
        with pytest.raises(NotAllowed, match="other-origin"):
            require_same_origin(request)


def test_without_a_host_no_origin_is_ours() -> None:
    request = a_request()
    request.scope["headers"] = [(b"origin", b"null")]
    with pytest.raises(NotAllowed, match="other-origin"):
        require_same_origin(request)


def test_the_addresses_of_one_ipv6_client_count_as_one() -> None:
    first, second = (client_address(a_request(f"2001:db8:1:2::{n}"), trusted_proxy=0) for n in (1, 2))
    assert first == second == "2001:db8:1:2::/64"
    assert client_address(a_request("fe80::1%eth0"), trusted_proxy=0) == "fe80::/64"


def test_a_digest_tells_clients_apart_and_hides_them() -> None:
    first = client_digest(a_request(user_agent="curl/8"), trusted_proxy=0)
    assert len(first) == 32
    assert first != client_digest(a_request(user_agent="curl/9"), trusted_proxy=0)
    assert first != client_digest(a_request("203.0.113.8", user_agent="curl/8"), trusted_proxy=0)


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
        ("de", "en"),
        ("de, *;q=0.5", "en"),
        ("de;q=0", "fr"),
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
    assert (first_byte(request) > 0) is expected


@pytest.mark.parametrize(
    ("header", "length"),
    [("bytes=0-0", 1), ("bytes=0-1", 2), ("Bytes = 0-0", 1), ("bytes=0-", 0), ("bytes=0-0,5-9", 0), ("", 0)],
)
def test_a_look_at_the_first_byte_is_a_probe(header: str, length: int) -> None:
    assert probe_length(a_request(range=header)) == length


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x_purpose": "preview"},
        {"x_moz": "prefetch"},
        {"user_agent": "TelegramBot (like TwitterBot)"},
        {"user_agent": "WhatsApp/2.23.20.0"},
        {"user_agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"user_agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
        {"user_agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
        {"user_agent": "LinkedInBot/1.0 (compatible; Mozilla/5.0)"},
    ],
)
def test_programs_that_ask_by_themselves_are_known(headers: dict[str, str]) -> None:
    assert is_automatic(a_request(**headers))


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Telegram-Android/11",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) [FBAN/FBIOS;FBAV/440.0]",
        "curl/8.5.0",
        "Wget/1.21",
        "",
    ],
)
def test_people_are_not_taken_for_programs(agent: str) -> None:
    assert not is_automatic(a_request(user_agent=agent, sec_fetch_mode="navigate"))
