"""A notification in the words of its reader."""

from core.notifications.words import title_of, words_of
from schemas.notifications import Notification


def notification(text: str) -> Notification:
    return Notification(
        user_id=1, kind="access_expired", occasion="1", text=text, params={"title": "Couture <b>"}
    )


def test_title_and_message_follow_the_readers_language() -> None:
    french, english = (words_of(language, notification("member-expired")) for language in ("fr", "en"))
    assert french[0] == title_of("fr", "access_expired") != english[0]
    assert french[1] != english[1]


def test_what_people_typed_stands_as_they_typed_it() -> None:
    _, message = words_of("en", notification("member-expired"))
    assert "Couture <b>" in message


def test_a_text_that_a_newer_version_dropped_keeps_its_title() -> None:
    title, message = words_of("en", notification("no-such-text"))
    assert title == message == title_of("en", "access_expired")
