"""Finds the encoding of names and texts that do not say it.

Names of files are a few letters each. Of 25 short names in nine code pages charset-normalizer, made for whole
texts, found 11; so what is asked here is how likely each letter is where it stands: accents within words,
capitals at their beginning, the frequent half of the ideographs of each charset, no frames of tables.
"""

import codecs
from collections.abc import Sequence
from functools import cache

from core.uploads.text_kinds import wide_encoding

# Of those that fit equally well, the first is taken: ZIP's own (APPNOTE 6.3.10, appendix D) before others.
WESTERN, CENTRAL = ("cp437", "cp850", "cp1252"), ("cp1250", "cp852")
RUSSIAN, GREEK = ("cp866", "cp1251", "koi8-r"), ("cp1253", "cp737")
WIDE = ("cp932", "gbk", "cp949", "big5", "euc_jp")
CODE_PAGES = (*WESTERN, *CENTRAL, *RUSSIAN, *GREEK, *WIDE)
PLAUSIBLE, SURE = 0.3, 0.15
ENOUGH = 4096  # bytes looked at
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32")
_FREQUENT = set("éèêëàâçùûôîïœæäöüßñáíóúãõåøÉÈÊÀÇÔÎÄÖÜÑÁÍÓÚÅØŒ")
_RARER = set("ìòýÿðþÂËÏÛÙÌÒÃÕÆÝ")
_SIGNS = set("«»“”‘’‚„–—…°€£§©®º·¡¿№™•´¨×½¼²³")
_WITHIN_NO_WORD = set("°£§©®º¡¿™•´¨×½¼²³¹¾ª")
_OF_CENTRE = set("ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůýžáéíúČĎĚŇŘŠŤŮÝŽÁÉÍÚőűŐŰöüÖÜäôľĺŕĽđĐăâîşţĂÂÎŞŢ")
_CYRILLIC, _GREEK = range(0x410, 0x450), range(0x386, 0x3CF)
_COMMON = set("оеаинтсрвлкмдпуёі")
"""The letters of most Russian words; where two code pages exchange small and large ones, these tell."""
_COMMON_GREEK = set("αοιετνσηυρπκλμςάέήίόύώγδθφχ")


def prepare_encodings() -> None:
    """Load the codecs while files can still be opened."""
    for name in (*CODE_PAGES, *_WIDE, "utf-8-sig", "latin-1"):
        codecs.lookup(name)
    for name in CODE_PAGES:
        b"\xb0\xa1".decode(name, "replace")


def decoded(content: bytes, *, whole: bool) -> tuple[str, str]:
    """The encoding of a text that begins so, and its letters; `whole`: it is not cut."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name, content.decode(name, "replace").lstrip("\ufeff")
    wide = wide_encoding(content)
    if wide:
        return wide, content.decode(wide, "replace").lstrip("\ufeff")
    for cut in range(1 if whole else 4):  # the last letter may be cut in its middle
        try:
            return "utf-8", content[: len(content) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
    name = code_page(content[:ENOUGH], "cp1252", cut=not whole or len(content) > ENOUGH)
    return name, content.decode(name, "replace")


def names_encoding(names: Sequence[bytes], default: str) -> str:
    """The one encoding of the names of an archive: a program writes all of them in its own."""
    joined = b"\n".join(name for name in names if not name.isascii())
    try:
        joined.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return code_page(joined[:ENOUGH], default, cut=len(joined) > ENOUGH)


def mended(text: str) -> str:
    """A tag whose letters of another code page were taken for Latin-1 ("Ïðèâåò")."""
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        return text
    if raw.isascii():
        return text
    scores = _scores(raw, cut=False)
    best = max(scores, key=lambda name: scores[name], default="cp1252")
    if best in WESTERN or scores[best] < scores.get("cp1252", -1) + SURE:
        return text
    return raw.decode(best, "replace")


def code_page(content: bytes, default: str, *, cut: bool = False) -> str:
    """The code page in which this reads best; `default` where it reads badly in all."""
    scores = _scores(content, cut=cut)
    best = max(scores, key=lambda name: scores[name], default=default)
    return best if scores.get(best, -1) >= PLAUSIBLE else default


def _scores(content: bytes, *, cut: bool) -> dict[str, float]:
    """By code page, from -1 to 1, how likely its letters are."""
    scores: dict[str, float] = {}
    for name in CODE_PAGES:
        text = _text(content, name, cut=cut)
        high = [place for place, letter in enumerate(text or "") if not letter.isascii()]
        if text is None or not high:
            continue
        weights = [len(_encoded(text[place], name)) for place in high]
        total = sum(weight * _likely(text, place, name) for place, weight in zip(high, weights, strict=True))
        scores[name] = total / sum(weights)
    return scores


def _text(content: bytes, name: str, *, cut: bool) -> str | None:
    for less in range(2 if cut else 1):
        try:
            return content[: len(content) - less].decode(name)
        except UnicodeDecodeError:
            continue
    return None


@cache
def _encoded(letter: str, name: str) -> bytes:
    return letter.encode(name, "replace")


def _likely(text: str, place: int, name: str) -> float:
    letter = text[place]
    if name in WIDE:
        return _likely_wide(letter, _encoded(letter, name), name)
    if ord(letter) in _CYRILLIC or letter in "ёЁ":
        most = 1.0 if letter.lower() in _COMMON else 0.85
        return _likely_in_word(text, place, most if name in RUSSIAN else -1.0)
    if ord(letter) in _GREEK:
        most = 0.95 if letter in _COMMON_GREEK else 0.5
        return _likely_in_word(text, place, most if name in GREEK else -1.0)
    if letter in _SIGNS:
        return -0.5 if letter in _WITHIN_NO_WORD and _is_within(text, place) else 0.5
    if name in RUSSIAN:
        return 0.5 if letter in "іїєґІЇЄҐ" else -1.0
    if letter in (_OF_CENTRE if name in CENTRAL else _FREQUENT) and name not in GREEK:
        return _likely_in_word(text, place, 1.0)
    return _likely_in_word(text, place, 0.6) if letter in _RARER and name in WESTERN else -1.0


def _is_within(text: str, place: int) -> bool:
    """Whether letters stand on both sides."""
    return text[max(0, place - 1)].isalpha() and text[min(place + 1, len(text) - 1)].isalpha()


def _likely_in_word(text: str, place: int, most: float) -> float:
    """A capital begins a word, or stands among capitals; letters of two scripts do not mix."""
    letter = text[place]
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    latin = ord(letter) not in _CYRILLIC and ord(letter) not in _GREEK
    if not latin and any(each.isascii() and each.isalpha() for each in (before, after)):
        return -1.0
    if letter == "ς" and after.isalpha():
        return -1.0  # it ends words
    if letter.isupper() and before.islower():
        return -1.0
    if latin and all(each.isalpha() and not each.isascii() for each in (before, after)):
        return -0.5  # words of accents alone are of another script
    if letter.islower() and after.isupper():
        return -1.0
    return most


def _likely_wide(letter: str, code: bytes, name: str) -> float:
    """By the rows of its charset: those of frequent signs come first in each of them."""
    if len(code) < 2:
        return -0.5  # half-width katakana
    lead, trail = code[0], code[1]
    if "\u3040" <= letter <= "\u30ff":
        return 1.0 if name in ("cp932", "euc_jp") else 0.2
    if name == "cp949":
        return 0.9 if 0xB0 <= lead <= 0xC8 and trail >= 0xA1 else 0.3 if lead == 0xA1 else -0.3
    if name == "gbk":
        frequent = 0xB0 <= lead <= 0xD7 and trail >= 0xA1
        return (
            0.8
            if frequent
            else 0.5
            if lead in (0xA1, 0xA3)
            else 0.0
            if lead > 0xD7 and trail >= 0xA1
            else -0.5
        )
    if name == "euc_jp":
        return 0.8 if 0xB0 <= lead <= 0xCF else 0.3 if lead == 0xA1 else -0.3
    if name == "big5":
        return 0.8 if 0xA4 <= lead <= 0xC6 else 0.4 if lead in (0xA1, 0xA2) else -0.1
    if lead in (0x81, 0x82, 0x83):
        return 0.4 if lead == 0x81 else -0.2
    return 0.8 if 0x88 <= lead <= 0x97 else 0.0
