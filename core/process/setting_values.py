"""How the text of a setting is read. Each raises `ValueError` that says what it expected."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

HOPS = 9  # proxies in a row; more is a slip of the pen
LAST_PORT = 65_535


def boolean(text: str) -> bool:
    """yes or no, in the words that people use."""
    lowered = text.lower()
    if lowered in ("1", "true", "yes", "on"):
        return True
    if lowered in ("0", "false", "no", "off"):
        return False
    raise ValueError("expected yes or no")


def hops(text: str) -> int:
    """How many: no is none, yes is one."""
    if text.isascii() and text.isdecimal():
        if int(text) > HOPS:
            raise ValueError(f"expected at most {HOPS}")
        return int(text)
    try:
        return int(boolean(text))
    except ValueError:
        raise ValueError("expected yes, no or a number") from None


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words, in capitals or not."""

    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"expected {', '.join(words[:-1])} or {words[-1]}")
        return text.lower()

    return read


def folder(text: str) -> Path:
    """A folder, wherever the process that reads it was started."""
    path = Path(text)
    if not path.is_absolute():
        raise ValueError("expected the whole path of a folder, like /var/lib/comptoir")
    return path


def postgres(text: str) -> str:
    """The address of a database, as all programs of PostgreSQL read it: some know only this scheme."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise ValueError("expected an address that starts with postgresql://")
    text = f"postgresql://{rest}"
    import psycopg  # it reads what libpq reads; a process that reads no settings needs none of it
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(text)
    except psycopg.ProgrammingError as error:
        # What it says may quote a part of the password.
        raise ValueError("expected postgresql://user:password@host:port/name, signs in it as %40") from error
    for number in filter(None, str(parts.get("port") or "").split(",")):
        port(1)(number)
    return text


def redis(text: str) -> str:
    """The address of a Redis, or of the Sentinels that know where it is."""
    if text.startswith(("redis+sentinel://", "rediss+sentinel://")):
        from core.kit.redis_client import read_sentinel_url  # few have one, and settings are read by all

        read_sentinel_url(text)
    elif not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError(
            "expected an address that starts with redis://, rediss://, unix:// or redis+sentinel://"
        )
    else:
        _host_and_port(text)
    return text


def public_url(text: str) -> str:
    """A web address, without the slash at its end."""
    if not text.startswith(("https://", "http://")):
        raise ValueError("expected an address that starts with https://")
    if not _host_and_port(text):
        raise ValueError("expected a name behind https://")
    return text.rstrip("/")


def _host_and_port(text: str) -> str | None:
    """The host in an address. Raises `ValueError` where it, or the port behind it, is none."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # reading it is what refuses it
    except ValueError:
        raise ValueError("expected the name of a host, and a port of digits behind it") from None
    return parts.hostname


def sentry_dsn(text: str) -> str:
    """The address of a Sentry project (https://docs.sentry.io/concepts/key-terms/dsn-explainer/)."""
    if not re.fullmatch(r"https?://[^\s/@]+@[^\s/@]+(?:/[^\s/]+)*/[0-9]+", text):
        raise ValueError("expected a DSN like https://key@o1.ingest.sentry.io/1")
    return text


def positive(text: str) -> int:
    """A whole number above zero."""
    if not (text.isascii() and text.isdecimal()) or int(text) == 0:
        raise ValueError("expected a whole number above zero")
    return int(text)


def count(text: str) -> int:
    """Zero or a whole number above it."""
    if not (text.isascii() and text.isdecimal()):
        raise ValueError("expected zero or a positive whole number")
    return int(text)


def port(least: int, last: int = LAST_PORT) -> Callable[[str], int]:
    """A port; `least` is 0 where that means none, or any."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or not least <= int(text) <= last:
            raise ValueError(f"expected a port, {least} to {last}")
        return int(text)

    return read


def bot_token(text: str) -> str:
    """A bot's token: its number, a colon, its password (https://core.telegram.org/bots/features#botfather)."""
    if not re.fullmatch(r"[0-9]{1,18}:[A-Za-z0-9_-]+", text):
        raise ValueError("expected what BotFather shows: a number, a colon, and letters and digits")
    return text


def mail_address(text: str) -> str:
    """An address that mail may come from."""
    if not re.fullmatch(r"[^@\s<>\",;:]+@[^@\s<>\",;:]+", text):
        raise ValueError("expected an address like shop@example.org")
    return text


def age_key(text: str) -> str:
    """A public key of age (https://github.com/C2SP/C2SP/blob/main/age.md#the-x25519-recipient-type)."""
    if not re.fullmatch("age1[02-9ac-hj-np-z]{58}", text):
        raise ValueError("expected an age public key: age1 and 58 more characters")
    return text


def sums(text: str) -> str:
    """Sums like `20.00 EUR,15.00 USD`, one a currency (`core.kit.money.parse_sums`)."""
    from core.kit.errors import Refused  # few have another than the default, and settings are read by all
    from core.kit.money import parse_sums

    try:
        parse_sums(text)
    except Refused:
        raise ValueError("expected sums like 20.00 EUR,15.00 USD") from None
    return text


def stripe_key(text: str) -> str:
    """A secret or restricted key of Stripe's API (https://docs.stripe.com/keys)."""
    if not re.fullmatch(r"(sk|rk)_(live|test)_[A-Za-z0-9_]+", text):
        raise ValueError("expected a key that starts with sk_live_, sk_test_, rk_live_ or rk_test_")
    return text
