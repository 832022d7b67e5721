"""The corpus has a sound file for every maker of previews, and each is what its name says."""

from pathlib import Path
from typing import get_args

import pytest

from core.uploads.file_types import CONTENTS, judge
from core.uploads.kinds import recognise
from schemas.preview import Kind
from scripts.bench.corpus_seeds import SEEDS

SECOND = {"teaser", "document", "ffmpeg-image", "open-document", "rar-comic"}
"""Kinds that come after another one: what the first child has found out leads to them."""
BY_MORE = {"disc.iso", "part.stl"}
"""Known by their size, or by what stands behind the first bytes."""


def test_every_kind_of_preview_has_a_seed() -> None:
    """A kind without one is a format whose damaged files nobody tries: give it a row in SEEDS."""
    seeded = {kind for seed in SEEDS.values() for kind in seed.kinds} | {"mark", "paper"}
    assert set(get_args(Kind)) - seeded == set()


def test_of_every_kind_it_is_decided_which_names_it_may_have() -> None:
    """A kind without a line would be taken under any name, a web page under that of a book as well."""
    assert set(get_args(Kind)) - set(CONTENTS) == {"teaser", "icon", "mark", "paper"}


QUICK = [name for name, seed in SEEDS.items() if not {"video", "audio"} & set(seed.kinds)]


@pytest.mark.parametrize("name", [*QUICK, "film.mp4", "rf64.wav", "sound-only.mp4", "sound.mp3"])
def test_a_seed_is_recognised_and_an_upload_of_it_taken(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    SEEDS[name].make(path)
    head = path.read_bytes()[:4096]
    judgement = judge(head, name)
    assert judgement.refused is None
    assert judgement.findings == () or SEEDS[name].kinds == ("program",)
    first = (
        {"zip", "rar", "video"} if SECOND & {*SEEDS[name].kinds} or "audio" in SEEDS[name].kinds else set()
    )
    known_by_more = {"icon"} if name in BY_MORE else set()
    refused_by_pillow = {"image"} if "ffmpeg-image" in SEEDS[name].kinds else set()
    assert recognise(head).kind in {*SEEDS[name].kinds, *first, *known_by_more, *refused_by_pillow}
