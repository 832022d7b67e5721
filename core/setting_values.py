"""How the text of a setting is read. Each raises `ValueError` that says what it expected."""

import re


def boolean(text: str) -> bool:
    """yes or no, in the words that people use."""
    lowered = text.lower()
    if lowered in ("1", "true", "yes", "on"):
        return True
    if lowered in ("0", "false", "no", "off"):
        return False
    raise ValueError("expected yes or no")


def environment(text: str) -> str:
    """One of the three."""
    if text not in ("production", "development", "sandbox"):
        raise ValueError("expected production, development or sandbox")
    return text


def public_url(text: str) -> str:
    """A web address, without the slash at its end."""
    if not text.startswith(("https://", "http://")):
        raise ValueError("expected an address that starts with https://")
    return text.rstrip("/")


def policy(text: str) -> str:
    """When an uploaded file counts as offered."""
    if text not in ("on_confirm", "after_payment"):
        raise ValueError("expected on_confirm or after_payment")
    return text


def moderation(text: str) -> str:
    """Which files staff look at."""
    if text not in ("off", "flagged", "all"):
        raise ValueError("expected off, flagged or all")
    return text


def positive(text: str) -> int:
    """A whole number above zero."""
    number = int(text)
    if number <= 0:
        raise ValueError("expected a whole number above zero")
    return number


def count(text: str) -> int:
    """Zero or a whole number above it."""
    number = int(text)
    if number < 0:
        raise ValueError("expected zero or a positive whole number")
    return number


def encryption(text: str) -> str:
    """How the connection to the mail server is encrypted."""
    if text not in ("starttls", "tls", "none"):
        raise ValueError("expected starttls, tls or none")
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
