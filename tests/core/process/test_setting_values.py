"""How the text of each kind of setting is read, and what is refused."""

from collections.abc import Callable

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
        (read.positive, "8", 8),
        (read.count, "0", 0),
        (read.mail_address, "shop@example.org", "shop@example.org"),
        (read.age_key, KEY, KEY),
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
        (read.positive, "0", "above zero"),
        (read.count, "-1", "zero or a positive"),
        (read.mail_address, "Shop <shop@example.org>", "shop@example.org"),
        (read.age_key, "age1" + "b" * 58, "age public key"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(
    parse: Callable[[str], object], text: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        parse(text)
