"""Addresses that open the bot, and the limit that Telegram sets to what they carry."""

import re

from core.kit.names import SLUG_LIMIT
from core.kit.tokens import random_token
from core.telegram.deep_links import bot_address, claim_link, product_link

START = re.compile(r"https://t\.me/atelier_bot\?start=([A-Za-z0-9_-]{1,64})")
"""What Telegram takes as a start parameter (core.telegram.org/bots/features#deep-linking)."""


def test_the_bot_has_an_address_once_it_has_a_name() -> None:
    assert bot_address("atelier_bot") == "https://t.me/atelier_bot"
    assert bot_address("") == ""


def test_the_longest_slug_fits_into_a_link() -> None:
    link = START.fullmatch(product_link("atelier_bot", "a" * SLUG_LIMIT))
    assert link is not None
    assert link[1] == "p_" + "a" * SLUG_LIMIT


def test_a_claim_link_carries_its_token() -> None:
    token = random_token()
    link = START.fullmatch(claim_link("atelier_bot", token))
    assert link is not None
    assert link[1] == f"c{token}"
