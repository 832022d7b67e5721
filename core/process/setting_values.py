"""How the text of a setting is read. Each raises `ValueError` that says what it expected."""

import re
from collections.abc import Callable


def boolean(text: str) -> bool:
    """yes or no, in the words that people use."""
    lowered = text.lower()
    if lowered in ("1", "true", "yes", "on"):
        return True
    if lowered in ("0", "false", "no", "off"):
        return False
    raise ValueError("expected yes or no")


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words, in capitals or not."""

    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"expected {', '.join(words[:-1])} or {words[-1]}")
        return text.lower()

    return read


def postgres(text: str) -> str:
    """The address of a database, as all programs of PostgreSQL read it: some know only this scheme."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise ValueError("expected an address that starts with postgresql://")
    return f"postgresql://{rest}"


def redis(text: str) -> str:
    """The address of a Redis."""
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("expected an address that starts with redis://, rediss:// or unix://")
    return text


def public_url(text: str) -> str:
    """A web address, without the slash at its end."""
    if not text.startswith(("https://", "http://")):
        raise ValueError("expected an address that starts with https://")
    return text.rstrip("/")


def positive(text: str) -> int:
    """A whole number above zero."""
    if not text.isdecimal() or int(text) == 0:
        raise ValueError("expected a whole number above zero")
    return int(text)


def count(text: str) -> int:
    """Zero or a whole number above it."""
    if not text.isdecimal():
        raise ValueError("expected zero or a positive whole number")
    return int(text)


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
