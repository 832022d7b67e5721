"""Tokens carry 256 bits, fit a start parameter, and derive the same each time."""

import re

from core.kit.tokens import TOKEN_LENGTH, derived_token, random_token, token_hash

SECRET = "0123456789abcdef" * 4


def test_tokens_fit_a_start_parameter_with_its_prefix() -> None:
    for token in (random_token(), derived_token(SECRET, "link", "1")):
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
        assert len(token) == TOKEN_LENGTH
        assert len("c" + token) <= 64  # core.telegram.org/bots/features#deep-linking


def test_a_derived_token_is_the_same_at_every_attempt_and_differs_by_part() -> None:
    assert derived_token(SECRET, "a", "b") == derived_token(SECRET, "a", "b")
    assert derived_token(SECRET, "a", "b") != derived_token(SECRET, "ab", "")
    assert derived_token(SECRET, "a") != derived_token("00" * 32, "a")


def test_only_a_digest_is_kept() -> None:
    token = random_token()
    assert token.encode() not in token_hash(token)
    assert len(token_hash(token)) == 32
