"""What an archive is sold as, by the names in it."""

import pytest

from core.catalogue.packs import LONGEST_SAMPLE, pack_of
from schemas.preview import Entry

BESIDE = ["Licence.pdf", "cover.jpg", "__MACOSX/._x.wav", "read me.txt"]


def entries(*names: str, size: int = 100_000) -> list[Entry]:
    return [Entry("Pack/", folder=True), *(Entry(name, size) for name in names)]


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["a.wav", "b.WAV", "Loops/c.aif", "d.mid"], "samples"),
        (["a.xmp", "b.xmp", "c.lrtemplate", "d.dng"], "presets"),
        (["warm.cube", "cold.cube", "night.3dl"], "luts"),
        (["a.wav", "b.wav"], ""),  # two sounds are no pack
        (["a.wav", "b.wav", "c.wav", "film.mp4"], ""),
        (["a.dng", "b.dng", "c.dng"], ""),  # photos
        (["a.mp3", "b.mp3", "c.mp3"], ""),  # songs
        ([], ""),
    ],
)
def test_a_pack_is_told_by_most_of_its_names(names: list[str], kind: str) -> None:
    assert pack_of(entries(*names)) == kind
    assert pack_of(entries(*names, *BESIDE)) == kind


def test_the_songs_of_an_album_are_no_samples() -> None:
    songs = [f"{number}.wav" for number in range(12)]
    assert pack_of(entries(*songs, size=LONGEST_SAMPLE)) == "samples"
    assert pack_of(entries(*songs, size=40_000_000)) == ""
