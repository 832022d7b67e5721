"""Draws the pictures of the guide to the bot's rights: `python -m scripts.draw_guide_images`.

A plain sketch of Telegram's own screens, one for each step and language, so that a seller knows where to
press. Drawn anew only when a step changes; what comes out is kept in `bot/pictures`.
"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parents[1] / "bot" / "pictures"
WIDTH, HEIGHT = 640, 400
PAPER, INK, GREY, BLUE, GREEN = "#eef2f7", "#17212b", "#8393a3", "#2481cc", "#3fae5a"
ROW = 64

Line = tuple[str, str]
"""What a row says, and its mark: ">" opens, "on" and "off" are switches, "*" is the one to press."""

STEPS: dict[str, list[tuple[str, list[Line]]]] = {
    "fr": [
        ("Votre canal", [("Abonnés", ">"), ("Administrateurs", "*"), ("Paramètres", ">")]),
        ("Administrateurs", [("Ajouter un administrateur", "*"), ("Vous", ">")]),
        ("Rechercher le bot", [("@votre_boutique_bot", "*")]),
        (
            "Droits de l'administrateur",
            [("Publier des messages", "off"), ("Inviter par lien", "on"), ("Bannir des membres", "on")],
        ),
    ],
    "en": [
        ("Your channel", [("Subscribers", ">"), ("Administrators", "*"), ("Settings", ">")]),
        ("Administrators", [("Add administrator", "*"), ("You", ">")]),
        ("Search for the bot", [("@your_shop_bot", "*")]),
        (
            "Admin rights",
            [("Post messages", "off"), ("Invite users via link", "on"), ("Ban users", "on")],
        ),
    ],
}


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(exist_ok=True)
    for language, steps in STEPS.items():
        for number, (title, lines) in enumerate(steps, start=1):
            path = FOLDER / f"rights-{language}-{number}.png"
            draw(number, title, lines).quantize(32).save(path, optimize=True)


def draw(number: int, title: str, lines: list[Line]) -> Image.Image:
    """One screen: its heading, its rows, and a ring around what is to be pressed."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 84), fill=BLUE)
    pen.ellipse((24, 18, 72, 66), fill="white")
    pen.text((48, 42), str(number), fill=BLUE, font=_font(32), anchor="mm")
    pen.text((92, 42), title, fill="white", font=_font(30), anchor="lm")
    top = 116
    for words, mark in lines:
        pen.rounded_rectangle((24, top, WIDTH - 24, top + ROW), 14, fill="white")
        pen.text((52, top + ROW / 2), words, fill=INK, font=_font(26), anchor="lm")
        _mark(pen, mark, top)
        top += ROW + 16
    return image


def _mark(pen: ImageDraw.ImageDraw, mark: str, top: float) -> None:
    right, middle = WIDTH - 52, top + ROW / 2
    if mark in ("on", "off"):
        colour = GREEN if mark == "on" else GREY
        pen.rounded_rectangle((right - 52, middle - 15, right, middle + 15), 15, fill=colour)
        centre = right - 15 if mark == "on" else right - 37
        pen.ellipse((centre - 12, middle - 12, centre + 12, middle + 12), fill="white")
    else:
        pen.line([(right - 10, middle - 10), (right, middle), (right - 10, middle + 10)], fill=GREY, width=4)
    if mark in ("on", "*"):
        pen.rounded_rectangle((18, top - 6, WIDTH - 18, top + ROW + 6), 18, outline="#e5533d", width=5)


def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """The font that Pillow carries, so that the pictures come out the same anywhere."""
    return ImageFont.load_default(size)


if __name__ == "__main__":
    main()
