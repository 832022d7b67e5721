"""How the text of each kind of setting is read, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.process import setting_values as read

KEY = "age1" + "q" * 58


@pytest.mark.parametrize(
    ("parse", "text", "expected"),
    [
        (read.boolean, "Yes", True),
        (read.boolean, "off", False),
        (read.one_of("tls", "none"), "TLS", "tls"),
        (read.postgres, "postgres://a/b", "postgresql://a/b"),
        (read.redis, "unix:///run/redis", "unix:///run/redis"),
        (read.public_url, "https://shop.example/", "https://shop.example"),
        (read.public_url, "http://[::1]:8000", "http://[::1]:8000"),
        (read.postgres, "postgresql://a:%40@one:1,two:2/b", "postgresql://a:%40@one:1,two:2/b"),
        (read.redis, "redis://:word@host:6379/0", "redis://:word@host:6379/0"),
        (read.hops, "no", 0),
        (read.sums, "20.00 EUR,15 USD", "20.00 EUR,15 USD"),
        (read.hops, "yes", 1),
        (read.hops, "2", 2),
        (read.redis, "redis+sentinel://one:1,two:2/shop", "redis+sentinel://one:1,two:2/shop"),
        (read.port(0), "0", 0),
        (read.port(1), "65535", 65535),
        (read.positive, "8", 8),
        (read.count, "0", 0),
        (read.mail_address, "shop@example.org", "shop@example.org"),
        (read.age_key, KEY, KEY),
        (read.stripe_key, "rk_live_1aB", "rk_live_1aB"),
        (read.sentry_dsn, "https://key@o1.ingest.sentry.io/1", "https://key@o1.ingest.sentry.io/1"),
        (read.sentry_dsn, "http://key@sentry.local/deep/path/7", "http://key@sentry.local/deep/path/7"),
        (read.folder, "/var/lib/shop", Path("/var/lib/shop")),
    ],
)
def test_what_fits_is_read(parse: Callable[[str], object], text: str, expected: object) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("parse", "text", "said"),
    [
        (read.boolean, "maybe", "yes or no"),
        (read.one_of("starttls", "tls", "none"), "ssl", "starttls, tls or none"),
        (read.postgres, "mysql://a/b", "postgresql://"),
        (read.redis, "localhost:6379", "redis://"),
        (read.public_url, "shop.example", "https://"),
        (read.postgres, "postgresql://a:secret%zz@b/c", "signs in it as %40"),
        (read.postgres, "postgresql://a@b:port/c", "a port, 1 to 65535"),
        (read.postgres, "postgresql://a@b/c?what=1", "expected postgresql://user"),
        (read.redis, "redis://host:port/0", "a port of digits"),
        (read.public_url, "https://shop.example:port", "a port of digits"),
        (read.public_url, "https://", "a name behind"),
        (read.hops, "10", "at most 9"),
        (read.hops, "maybe", "yes, no or a number"),
        (read.hops, "²", "yes, no or a number"),
        (read.port(1), "0", "a port, 1 to 65535"),
        (read.port(0), "65536", "a port, 0 to 65535"),
        (read.positive, "0", "above zero"),
        (read.count, "-1", "zero or a positive"),
        (read.mail_address, "Shop <shop@example.org>", "shop@example.org"),
        (read.age_key, "age1" + "b" * 58, "age public key"),
        (read.stripe_key, "pk_test_1", "starts with sk_live_"),
        (read.sentry_dsn, "https://o1.ingest.sentry.io/1", "a DSN like"),
        (read.sentry_dsn, "https://key@o1.ingest.sentry.io/", "a DSN like"),
        (read.sentry_dsn, "ftp://key@o1.ingest.sentry.io/1", "a DSN like"),
        (read.folder, "sessions", "whole path of a folder"),
        (read.folder, "./sessions", "whole path of a folder"),
        (read.folder, "~/sessions", "whole path of a folder"),
        (read.folder, "https://shop.example", "whole path of a folder"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(
    parse: Callable[[str], object], text: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        parse(text)


@pytest.mark.parametrize("token", ["abc", "12", "12:", ":abc", "12:ab c", "12:é", "-1:abc"])
def test_what_botfather_never_shows_is_no_token(token: str) -> None:
    with pytest.raises(ValueError, match="BotFather"):
        read.bot_token(token)
