"""How many proxies a request has passed, from what they wrote."""

import pytest

from core.process.proxy_check import HEARSAY, Seen, is_silent, key_of, proxies


@pytest.mark.parametrize(
    ("forwarded", "count"),
    [((), 0), ((HEARSAY,), 0), (("a",), 1), ((HEARSAY, "a"), 1), ((HEARSAY, "a", "b"), 2), (("a", "b"), 2)],
)
def test_each_proxy_writes_an_entry(forwarded: tuple[str, ...], count: int) -> None:
    assert proxies(Seen("10.0.0.1", forwarded, "a")) == count


@pytest.mark.parametrize(
    ("peer", "silent"),
    [("10.0.0.1", True), ("127.0.0.1", True), ("198.18.0.1", True), ("8.8.8.8", False), ("", False)],
)
def test_an_inner_address_that_is_not_ours_is_a_proxy_that_says_nothing(peer: str, silent: bool) -> None:
    assert is_silent(Seen(peer, (HEARSAY,), peer), "192.168.1.9") is silent
    assert not is_silent(Seen(peer, (HEARSAY,), peer), peer)


def test_the_mark_is_not_in_redis() -> None:
    assert "secret-mark" not in key_of("secret-mark")
