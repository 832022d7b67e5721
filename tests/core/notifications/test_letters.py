"""Mails: words and HTML that say the same, in both languages, with nothing that a person typed unescaped."""

import pytest

from core.kit.languages import LANGUAGES
from core.notifications import letters
from core.notifications.letters import Letter, Recipient, Sender

SHOP = Sender("Chez <Awa>\nBcc: x@example.org", "https://shop.example")
BOT = "https://t.me/ComptoirBot"
TITLE = '"><script>alert(1)</script>'


def to(language: str) -> Recipient:
    return Recipient("awa@example.org", "Awa Diop", language, "STOP")


def warning(language: str, sender: Sender = SHOP, url: str = BOT) -> Letter:
    params: dict[str, str | int] = {"title": TITLE, "days": 3, "ends": 1_800_000_000}
    return letters.notification(
        sender,
        to(language),
        number=7,
        kind="access_expiring",
        text_id="member-warned",
        params=params,
        url=url,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_typed_is_escaped_in_html_and_as_it_is_in_words(language: str) -> None:
    letter = warning(language)
    assert TITLE in letter.plain
    assert TITLE not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert "Chez &lt;Awa&gt;" in letter.html
    assert f'<html lang="{language}">' in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_has_both_forms_a_way_out_and_one_line_of_subject(language: str) -> None:
    claim = letters.claim(
        *(SHOP, to(language)),
        order_number="CMT-000007",
        title=TITLE,
        url="https://t.me/B?start=cX",
        seconds=86_400,
        issue="7",
    )
    question = letters.question(SHOP, to(language), identity="7.1", confirm_token="YES")
    for letter in (warning(language), claim, question):
        assert letter.stop_url == "https://shop.example/mail/stop/STOP"
        assert letter.stop_url in letter.plain
        assert letter.stop_url in letter.html
        assert letter.subject.splitlines() == [letter.subject]
        assert "{" not in letter.plain
    assert "https://shop.example/mail/confirm/YES" in question.plain
    assert 'href="https://t.me/B?start=cX"' in claim.html


def test_a_letter_has_the_same_identity_at_every_attempt_and_each_its_own() -> None:
    assert warning("fr").identity == warning("fr").identity == "notification-7"


def test_a_shop_without_a_bot_name_writes_without_a_button() -> None:
    assert "t.me" not in warning("en", Sender("Shop", "https://shop.example"), "").html
