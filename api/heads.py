"""Which heads of requests are refused: those that two servers in a row could read in two ways (RFC 9112)."""

import re

from httptools import HttpParserError, parse_url

Headers = list[tuple[bytes, bytes]]
# RFC 3986, 3.2.2 and 3.2.3: a name, an IPv4 address or an IPv6 address in brackets, and perhaps a port.
HOST = re.compile(rb"(?:[A-Za-z0-9._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")


def is_refused(version: str, method: bytes, target: bytes, headers: Headers) -> bool:
    """Whether a head is refused: its HTTP version, method, target and headers, whose names are in small."""
    if version not in ("1.0", "1.1") or method == b"CONNECT":
        return True
    hosts = [text for name, text in headers if name == b"host"]
    # Some health checks still speak HTTP/1.0, which knew no Host.
    if len(hosts) != 1 and (hosts or version == "1.1"):
        return True
    if hosts and HOST.fullmatch(hosts[0]) is None:
        return True
    return _is_framing_odd(version, headers) or _is_elsewhere(target, hosts)


def _is_framing_odd(version: str, headers: Headers) -> bool:
    """RFC 9112, 6.1 and 6.3: one coding, chunked, of HTTP/1.1 only, and no length beside it."""
    codings = [text.strip().lower() for name, text in headers if name == b"transfer-encoding"]
    if not codings:
        return False
    measured = any(name == b"content-length" for name, _ in headers)
    return measured or codings != [b"chunked"] or version != "1.1"


def _is_elsewhere(target: bytes, hosts: list[bytes]) -> bool:
    """A whole address is taken (RFC 9112, 3.2.2) where it names the same place as Host does."""
    if target.startswith(b"/") or target == b"*":
        return False
    try:
        parsed = parse_url(target)
    except HttpParserError:
        return True
    if parsed.schema not in (b"http", b"https") or not parsed.host or not parsed.path or not hosts:
        return True
    place = parsed.host + (b":%d" % parsed.port if parsed.port else b"")
    return place.lower() != hosts[0].lower()
