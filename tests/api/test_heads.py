"""Heads that two servers in a row could read in two ways."""

import pytest

from api.heads import Headers, is_refused

HOST = (b"host", b"shop.example")
CHUNKED = (b"transfer-encoding", b"chunked")


@pytest.mark.parametrize(
    ("version", "method", "target", "headers"),
    [
        ("1.1", b"GET", b"/p/x?lang=en", [HOST]),
        ("1.1", b"GET", b"/", [(b"host", b"[2001:db8::1]:8000")]),
        ("1.1", b"GET", b"/", [(b"host", b"127.0.0.1:8000")]),
        ("1.0", b"GET", b"/healthz", []),
        ("1.1", b"POST", b"/", [HOST, CHUNKED]),
        ("1.1", b"POST", b"/", [HOST, (b"transfer-encoding", b"Chunked")]),
        ("1.1", b"GET", b"http://Shop.example/p/x", [HOST]),
        ("1.1", b"GET", b"http://shop.example:81/p/x", [(b"host", b"shop.example:81")]),
        ("1.1", b"OPTIONS", b"*", [HOST]),
    ],
)
def test_ordinary_heads_pass(version: str, method: bytes, target: bytes, headers: Headers) -> None:
    assert not is_refused(version, method, target, headers)


@pytest.mark.parametrize(
    ("version", "method", "target", "headers"),
    [
        ("1.1", b"GET", b"/", []),
        ("1.1", b"GET", b"/", [HOST, HOST]),
        ("1.0", b"GET", b"/", [HOST, HOST]),
        ("1.1", b"GET", b"/", [(b"host", b"")]),
        ("1.1", b"GET", b"/", [(b"host", b"a, b")]),
        ("1.1", b"GET", b"/", [(b"host", b"a/b")]),
        ("1.1", b"GET", b"/", [(b"host", b"u@a")]),
        ("1.1", b"GET", b"/", [(b"host", b"\xc3\xa9")]),
        ("0.9", b"GET", b"/", [HOST]),
        ("2.0", b"GET", b"/", [HOST]),
        ("1.1", b"CONNECT", b"a:443", [HOST]),
        ("1.1", b"POST", b"/", [HOST, (b"transfer-encoding", b"identity, chunked")]),
        ("1.1", b"POST", b"/", [HOST, (b"transfer-encoding", b"gzip, chunked")]),
        ("1.1", b"POST", b"/", [HOST, CHUNKED, CHUNKED]),
        ("1.1", b"POST", b"/", [HOST, (b"transfer-encoding", b"identity")]),
        ("1.1", b"POST", b"/", [HOST, CHUNKED, (b"content-length", b"5")]),
        ("1.0", b"POST", b"/", [HOST, CHUNKED]),
        ("1.1", b"GET", b"http://other.example/", [HOST]),
        ("1.1", b"GET", b"http://shop.example:81/", [HOST]),
        ("1.1", b"GET", b"ftp://shop.example/", [HOST]),
        ("1.1", b"GET", b"?x", [HOST]),
    ],
)
def test_heads_that_can_be_read_in_two_ways_are_refused(
    version: str, method: bytes, target: bytes, headers: Headers
) -> None:
    assert is_refused(version, method, target, headers)
