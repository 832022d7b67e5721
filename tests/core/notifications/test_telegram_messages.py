"""The messages that workers send: their words, their limits, and awkward names."""

import re
from typing import get_args

import pytest

from core.kit.languages import LANGUAGES
from core.kit.texts import MESSAGE_LIMIT, parsed_length
from core.notifications.telegram_messages import (
    FILES_A_MESSAGE,
    Occasion,
    delivery,
    notification,
    short_name,
)

DAY = 86_400
LINK = "https://shop.example/d/" + "A" * 43


@pytest.mark.parametrize(
    ("language", "confirmed", "valid", "again"),
    [
        ("fr", "Paiement confirmé", "valables 24 heures", "télécharger de nouveau à tout moment"),
        ("en", "Payment confirmed", "valid for 24 hours", "download again at any time"),
    ],
)
def test_a_delivery_says_all_that_a_buyer_needs(
    language: str, confirmed: str, valid: str, again: str
) -> None:
    (message,) = delivery(language, "Cours", "CMT-000042", [("cours.pdf", 1_200_000, LINK)], DAY, "paid")
    for part in (confirmed, "Cours", "CMT-000042", "cours.pdf", f'href="{LINK}"', valid, again):
        assert part in message.html
    assert [(button.url, button.data) for row in message.buttons for button in row] == [
        (LINK, ""),
        ("", "library_menu"),
    ]


def test_a_week_is_said_as_a_week() -> None:
    (message,) = delivery("fr", "Cours", "CMT-000042", [("a", 1, LINK)], 7 * DAY, "library")
    assert "valables 7 jours" in message.html


@pytest.mark.parametrize("occasion", get_args(Occasion))
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_delivery_fits_into_telegrams_limits(language: str, occasion: Occasion) -> None:
    files = [(f"{'😀' * 250}{number}.pdf", 10**13, LINK) for number in range(2 * FILES_A_MESSAGE + 1)]
    messages = delivery(language, "😀" * 200, "CMT-999999999999", files, DAY, occasion)
    assert len(messages) == 3
    for message in messages:
        assert parsed_length(message.html) <= MESSAGE_LIMIT
        assert len(re.findall("<a ", message.html)) <= 90
    links = sum(len(re.findall("<a ", message.html)) for message in messages)
    assert links == len(files)


def test_the_button_of_a_large_file_leads_to_its_page_and_its_link_to_the_file() -> None:
    files = [("small.pdf", 2**30 - 1, LINK), ("large.mkv", 2**30, LINK + "b")]
    (message,) = delivery("en", "t", "CMT-1", files, DAY, "paid", pages=True)
    assert [row[0].url for row in message.buttons[:2]] == [LINK, f"{LINK}b/page"]
    assert "resumable" in message.buttons[1][0].label
    assert f'href="{LINK}b"' in message.html
    # The store's own addresses have no page.
    (direct,) = delivery("en", "t", "CMT-1", files, DAY, "paid")
    assert [row[0].url for row in direct.buttons[:2]] == [LINK, f"{LINK}b"]


def test_the_same_delivery_is_the_same_text() -> None:
    files = [("a.pdf", 1, LINK), ("b.pdf", 2, LINK)]
    first, second = (delivery("fr", "t", "n", files, DAY, "paid") for _ in range(2))
    assert first == second


def test_names_and_titles_cannot_break_the_markup() -> None:
    (message,) = delivery(
        "en", '<b>"&', "CMT-1", [('x"><b>.pdf', 1, 'https://shop.example/"><b>')], DAY, "paid"
    )
    assert "&lt;b&gt;" in message.html
    assert 'href="https://shop.example/%22&gt;&lt;b&gt;"' in message.html
    assert message.html.count("<b>") == message.html.count("</b>")


def test_without_a_public_address_links_stand_in_the_text_alone() -> None:
    (message,) = delivery("en", "t", "CMT-1", [("a", 1, "http://127.0.0.1/b/k?X-Amz=1&b=2")], DAY, "paid")
    assert 'href="http://127.0.0.1/b/k?X-Amz=1&amp;b=2"' in message.html
    assert [button.data for row in message.buttons for button in row] == ["library_menu"]


def test_a_long_name_keeps_its_type_in_sight() -> None:
    buttons_shown = short_name("n" * 300 + ".tar.gz")
    assert len(buttons_shown) == 48
    assert buttons_shown.endswith(".tar.gz")


def test_a_notice_has_its_buttons_labelled_in_the_readers_language() -> None:
    buttons = [["button-approve", "shop_ok:7"], ["button-see-product", "https://shop.example/p/x"]]
    message = notification("fr", "staff-shop-waiting", {"name": "<Neuve>", "person": "Awa"}, buttons)
    assert "&lt;Neuve&gt;" in message.html
    buttons_shown = [(button.label, button.data, button.url) for row in message.buttons for button in row]
    assert buttons_shown == [
        ("✅ Valider", "shop_ok:7", ""),
        ("Voir le produit", "", "https://shop.example/p/x"),
    ]
