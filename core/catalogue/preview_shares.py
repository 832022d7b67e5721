"""How much of a file its preview may show: a share, never the goods. Pure; every maker of previews asks here.

What a seller uploads as a sample of their own is theirs to give away: it is bounded in size alone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RULES = 3
"""The version of what this module decides. A preview made by earlier rules is shown nowhere, and made
again: raise it whenever less is to be shown than before."""

PART = 10
"""One of so many: lines and letters of a text, pages, pictures and seconds of a film, seconds of a sound."""
SIDE_PART = 4
"""A picture's side is shown in one of so many pixels, the picture in a sixteenth of them."""
LONGEST, THUMBNAIL, PAGE = 640, 200, 1700
"""Pixels of the longer side: of a picture, of a page too small to be read, and of a page to be read."""
SECONDS = 30.0
LINES, LEAST_LINES, LEAST_BYTES = 20, 40, 4096
"""Of a text: lines shown at most; a text of fewer lines or bytes (in UTF-8) is told in figures alone."""
PAGES, STILLS = 4, 9
OWN_LONGEST, OWN_LINES, OWN_LETTERS = 1280, 200, 4000
"""Of a seller's own sample: pixels of the longer side, lines and letters."""

# Whitespace, and what parts the words of scripts that have none.
_BETWEEN = re.compile(r"[\s\u3000、。，．；：！？「」『』]+")
_LABEL = re.compile(r"\W*(\d{1,6}|[^\W\d]\w*:)\W*")
_ADDRESS = re.compile(r"://|^www\.|^[^@\s]+@[^@\s]+\.\w")
_KEY = re.compile(r"(?=(?:.*\d){2})(?=.*[A-Za-z])[A-Za-z0-9_-]{10,}")

_AROUND = "\"'`,;:.()[]{}<>|"


@dataclass(frozen=True)
class Shares:
    """What may be shown of one file; `own`: of a sample that its seller uploaded to be shown."""

    own: bool = False

    def picture(self, width: int, height: int) -> tuple[int, int]:
        """The largest size, in pixels, in which a picture of this size may be shown; (0, 0): not at all.

        It holds for whatever lies in the file as a picture: a photo, a cover, the page of a comic.
        """
        if self.own:
            return within(width, height, OWN_LONGEST)
        part = width // SIDE_PART, height // SIDE_PART
        return within(*part, LONGEST) if min(part) else (0, 0)

    def still(self, width: int, height: int, pictures: int) -> tuple[int, int]:
        """The largest size of one picture of a film that has so many; as `picture` where those are few."""
        if self.own or pictures >= PART:
            return within(width, height, OWN_LONGEST if self.own else LONGEST)
        return self.picture(width, height)

    def stills(self, pictures: int) -> int:
        """How many pictures of a film with so many may be shown beside its poster."""
        return STILLS - 1 if self.own else max(0, min(STILLS, pictures // PART) - 1)

    def thumbnail(self, width: int, height: int) -> tuple[int, int]:
        """The largest size of a picture that a program made of a page."""
        return within(width, height, OWN_LONGEST if self.own else THUMBNAIL)

    def pages(self, count: int, letters: Sequence[int] = ()) -> int:
        """How many pages of a document may be shown to be read; 0: its first one, as a thumbnail.

        `letters` of each page, where that is known: all that is written may stand on the first of them.
        """
        if self.own:
            return min(PAGES, count)
        shown, most = min(PAGES, count // PART), sum(letters) // PART
        while most and sum(letters[:shown]) > most:
            shown -= 1
        return shown

    def longest(self, pages: int) -> int:
        """Pixels of the longer side of a first page, where so many may be shown to be read."""
        return PAGE if pages else THUMBNAIL

    def seconds(self, duration: float | None) -> float:
        """How many seconds may be shown of a sound or film that lasts so long; none where nobody knows."""
        if not duration:
            return 0.0
        return min(SECONDS, duration if self.own else duration / PART)

    def excerpt(self, sample: str) -> str:
        """The first lines that may be shown of a text; empty: none. `sample`: all of it, or its beginning."""
        lines = sample.splitlines()
        if self.own:
            return _head(lines[:OWN_LINES], OWN_LETTERS)
        full = [line for line in lines if line.strip()]
        if len(full) < LEAST_LINES or len(sample.encode(errors="replace")) < LEAST_BYTES or is_list(full):
            return ""
        letters = sum(map(count_letters, full))
        head = _head(lines[: min(LINES, len(full) // PART)], letters // PART)
        # Keys that stand before a long licence are the goods all the same.
        return "" if is_list(head.splitlines()) else head

    def outline(self, headings: Sequence[str], letters: int, *, most: int = LINES) -> list[str]:
        """The first headings of a document, `most` of them, whose whole text has so many letters.

        It holds for the columns of a table and the tables of a database too.
        """
        if self.own:
            return list(headings)
        left, shown = letters // PART, []
        for heading in headings[:most]:
            left -= count_letters(heading)
            if left < 0:
                break
            shown.append(heading)
        return shown


def within(width: int, height: int, longest: int) -> tuple[int, int]:
    """A size of the same shape without a side above `longest`, rounded down to a pixel at least."""
    side = max(width, height)
    if side <= longest:
        return width, height
    return max(1, width * longest // side), max(1, height * longest // side)


def is_list(lines: Iterable[str]) -> bool:
    """Whether most lines are worth something each: a key, a link, an address, a single word."""
    full = [line for line in lines if line.strip()]
    return sum(map(_is_entry, full)) * 2 > len(full)


def is_key(word: str) -> bool:
    """Whether a word is worth something by itself: an address, a link, a key, in quotes or brackets too."""
    bare = word.strip(_AROUND)
    return bool(_ADDRESS.search(bare) or _KEY.fullmatch(bare))


def _is_entry(line: str) -> bool:
    tokens = [token for token in _BETWEEN.split(line) if any(map(str.isalnum, token))]
    if not tokens:
        return False
    words = [token for token in tokens if not _LABEL.fullmatch(token)]
    return len(words) < 2 or any(map(is_key, words))


def count_letters(line: str) -> int:
    """How much a line says: blanks say nothing."""
    return len(line) - sum(map(str.isspace, line))


def _head(lines: Iterable[str], letters: int) -> str:
    """The lines, cut where they have so many letters."""
    shown: list[str] = []
    for line in lines:
        if count_letters(line) > letters:
            # Blanks within it count here, so it is a little less.
            return "\n".join([*shown, line[:letters]] if letters else shown)
        letters -= count_letters(line)
        shown.append(line)
    return "\n".join(shown)
