"""One palette (A70), written down twice: the pages are served without a build, the Mini App is built."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
COLOURS = ("violet", "deep", "glow", "soft", "orange", "cyan", "pink")


def colours(path: str) -> dict[str, str]:
    """The first definition of each, which is that of the light theme."""
    found = re.findall(r"--([a-z]+):\s*(#[0-9a-f]{6});", (ROOT / path).read_text())
    return {name: value for name, value in reversed(found) if name in COLOURS}


def test_pages_and_mini_app_have_the_same_colours() -> None:
    pages = colours("api/static/web.css")
    assert pages == colours("miniapp/src/styles/base.css")
    assert set(pages) == set(COLOURS)


def test_the_accents_are_those_of_the_house() -> None:
    assert colours("api/static/web.css") == {
        "violet": "#8b5cf6",
        "deep": "#7c3aed",
        "glow": "#a78bfa",
        "soft": "#e9d5ff",
        "orange": "#f59e0b",
        "cyan": "#06b6d4",
        "pink": "#ec4899",
    }


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, "relative luminance")."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_links_have_our_colour_and_stand_out_enough_in_light_and_dark() -> None:
    style = (ROOT / "api/static/web.css").read_text()
    assert re.search(r"^a { color: var\(--accent-text\); }$", style, re.MULTILINE)
    for theme in re.findall(r":root {([^}]*)}", style):
        named = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", theme))
        for ground in ("ground", "card"):
            light, dark = sorted(map(luminance, (named["accent-text"], named[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, ground
