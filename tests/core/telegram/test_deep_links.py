"""Addresses that open the bot, and the limit that Telegram sets to what they carry."""

import re

import pytest

from core.kit.names import SLUG_LIMIT
from core.kit.tokens import random_token
from core.telegram.deep_links import bot_address, claim_link, is_claim, pasted_start, product_link

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


CODE = "c" + "Ab-_9" * 8 + "xyz"


@pytest.mark.parametrize(
    "words",
    [
        CODE,
        f"/start {CODE}",
        f"  {CODE}\n",
        f"`{CODE}`",
        f"my code: {CODE}, thanks",
        f"https://t.me/atelier_bot?start={CODE}",
        f"http://T.me/Atelier_Bot/?start={CODE} does nothing",
        f"t.me/atelier_bot?start={CODE}.",
        f"tg://resolve?domain=atelier_bot&start={CODE}",
        f"{CODE[:20]} {CODE[20:]}",
        f"/start {CODE[:20]}\n{CODE[20:]}",
        f"\u200b{CODE[:9]}\u200b{CODE[9:]}",
        f"https://t.me/atelier_bot?start=\n{CODE}",
    ],
)
def test_a_pasted_code_is_found_however_it_was_pasted(words: str) -> None:
    assert pasted_start("atelier_bot", words) == CODE
    assert is_claim(CODE)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "chaise",
        "a chair of " + "x" * 43,
        f"x{CODE}",
        f"{CODE}x",
        CODE[:-1],
        "https://t.me/atelier_bot",
        "https://t.me/atelier_bot?start=hello",
        "https://t.me/other_bot?start=p_book",
    ],
)
def test_other_words_are_no_code(words: str) -> None:
    assert pasted_start("atelier_bot", words) is None


def test_a_pasted_link_to_a_product_is_found() -> None:
    assert pasted_start("atelier_bot", "look: https://t.me/atelier_bot?start=p_night-1 !") == "p_night-1"
