"""The type of a file is the same on every host and in every process."""

import mimetypes

import pytest

from core.kit.media_types import ending_for, media_type_of
from core.uploads.promises import OFFICE_ARCHIVES, PROMISES


def test_what_a_library_adds_to_pythons_table_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = media_type_of("son.m4a")
    monkeypatch.setitem(mimetypes.types_map, ".m4a", "audio/m4a")
    assert mimetypes.guess_type("son.m4a")[0] == "audio/m4a"
    assert media_type_of("son.m4a") == before == "audio/mp4"


@pytest.mark.parametrize("ending", sorted(OFFICE_ARCHIVES - {"dotx", "xltx", "potx", "ppsx"}))
def test_offices_are_known_by_their_names_alone(ending: str) -> None:
    assert (media_type_of(f"cours.{ending}") or "").startswith("application/vnd.")


@pytest.mark.parametrize("ending", ["m4a", "m4b", "mkv", "webm", "flac", "opus", "webp", "epub", "mp3"])
def test_what_is_sold_often_has_a_type_of_its_family(ending: str) -> None:
    family = {"sound": "audio/", "film": "video/", "picture": "image/", "office": "application/"}
    expected = PROMISES[ending].expected
    assert expected is not None
    assert (media_type_of(f"cours.{ending}") or "").startswith(family[expected])


def test_an_ending_can_be_had_for_a_type() -> None:
    assert ending_for("audio/flac") == ".flac"
    assert ending_for("application/x-unheard-of") == ""
    assert media_type_of("LISEZMOI") is None
