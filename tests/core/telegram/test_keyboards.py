"""Buttons as they stand under a message in Telegram."""

from core.ports import Button
from core.telegram.keyboards import markup


def test_each_button_does_what_it_is_for() -> None:
    rows = [
        [Button("Accueil", data="home"), Button("Page", url="https://example.org/p/x")],
        [Button("Boutique", web_app="https://example.org/app")],
    ]
    keyboard = markup(rows)
    assert keyboard is not None
    (home, page), (app,) = keyboard.inline_keyboard
    assert (home.text, home.callback_data, home.url) == ("Accueil", "home", None)
    assert (page.text, page.url, page.callback_data) == ("Page", "https://example.org/p/x", None)
    assert app.web_app is not None
    assert app.web_app.url == "https://example.org/app"


def test_rows_without_buttons_leave_no_gap_and_no_keyboard() -> None:
    keyboard = markup([[], [Button("Accueil", data="home")]])
    assert keyboard is not None
    assert len(keyboard.inline_keyboard) == 1
    assert markup([]) is None
    assert markup([[]]) is None
