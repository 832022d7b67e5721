"""Text that comes by no struct."""

import pytest

from core.kit.errors import Refused
from core.kit.outside import accept


@pytest.mark.parametrize("words", ["", "Awa", "ligne\nligne\t\x01", "😀", "\u0663", "\ud7ff\ue000\U0010ffff"])
def test_ordinary_text_comes_in_as_it_is(words: str) -> None:
    assert accept(words, 20) == words


@pytest.mark.parametrize("words", ["\x00", "a\x00", "a\nb\x00", "\ud800", "a\udfffb"])
def test_what_no_table_can_keep_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="text-unreadable"):
        accept(words, 20)


def test_text_is_bounded() -> None:
    assert accept("x" * 5, 5)
    with pytest.raises(Refused, match="text-too-long"):
        accept("x" * 6, 5)
