"""Films and sounds in the containers of yesterday and of broadcasters."""

import subprocess
from pathlib import Path

import pytest

from schemas.preview import Film, Sound
from scripts.bench import odd_files
from workers.preview.preview import Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.source import FileSource

FFMPEG = find_ffmpeg() or "ffmpeg"
PICTURES = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25")
TONE = ("-f", "lavfi", "-i", "sine=440")
FAST = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "25")


def made_by_ffmpeg(path: Path, *arguments: str) -> Path:
    subprocess.run([FFMPEG, "-nostdin", "-v", "error", "-y", *arguments, str(path)], check=True)
    return path


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("x.avi", ("-c:v", "mpeg4", "-g", "25", "-c:a", "mp3")),
        ("x.ts", (*FAST, "-c:a", "aac")),
        ("x.m2ts", (*FAST, "-c:a", "ac3")),
        ("x.wmv", ("-c:v", "wmv2", "-g", "25", "-c:a", "wmav2")),
        ("x.flv", (*FAST, "-c:a", "aac", "-flvflags", "add_keyframe_index")),
        ("x.mpg", ("-c:v", "mpeg2video", "-c:a", "mp2")),
        ("x.ogv", ("-c:v", "libtheora", "-c:a", "libvorbis")),
        ("x.ogg", ("-c:v", "libvpx", "-g", "25", "-c:a", "libvorbis")),
        ("x.mxf", ("-c:v", "mpeg2video", "-c:a", "pcm_s16le", "-ar", "48000")),
    ],
)
def test_a_film_in_any_container_shows_a_poster_and_what_it_is(
    tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    path = made_by_ffmpeg(tmp_path / name, *PICTURES, *TONE, "-t", "12", *options)
    preview = make_preview(FileSource(path), Wish(ffmpeg=FFMPEG))
    film = preview.description
    assert isinstance(film, Film), preview.reason
    assert (preview.outcome, film.width, film.height) == ("made", 160, 90)
    assert film.duration == pytest.approx(12, abs=0.3)
    assert {track.kind for track in film.tracks} == {"video", "audio"}
    assert set(preview.pictures) == {"poster.jpg", "strip.jpg", "teaser.mp4"}
    assert film.strip == sorted(film.strip)
    assert preview.cost.requests < 64


@pytest.mark.parametrize(
    ("name", "options", "label"),
    [
        ("x.wma", ("-c:a", "wmav2"), "Windows Media"),
        ("x.ac3", (), "AC-3"),
        ("x.eac3", (), "AC-3"),
        ("x.au", (), "AU"),
        ("x.caf", (), "CAF"),
        ("x.wav", ("-rf64", "always"), "WAV"),
        ("x.w64", (), "Wave64"),
        ("x.tta", (), "TTA"),
        ("x.mp2", (), "MP2"),
        ("x.aac", ("-f", "adts"), "AAC"),
        ("x.aac", ("-f", "adts", "-write_id3v2", "1", "-metadata", "title=x"), "AAC"),
        ("x.flac", (), "FLAC"),
        ("x.ts", ("-c:a", "aac"), "MPEG transport stream"),
    ],
)
def test_a_sound_in_any_container_shows_its_loudness(
    tmp_path: Path, name: str, options: tuple[str, ...], label: str
) -> None:
    path = made_by_ffmpeg(tmp_path / name, *TONE, "-t", "12", *options)
    preview = make_preview(FileSource(path))
    assert isinstance(preview.description, Sound), preview.reason
    assert (preview.outcome, preview.label) == ("made", label)
    assert preview.description.duration == pytest.approx(12, abs=0.3)
    assert set(preview.pictures) == {"waveform.jpg"}


def test_a_dsf_plays_as_long_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "x.dsf").write_bytes(odd_files.dsf(12))
    preview = make_preview(FileSource(tmp_path / "x.dsf"))
    assert isinstance(preview.description, Sound), preview.reason
    assert preview.label == "DSF"
    assert preview.description.duration == pytest.approx(12, abs=0.1)


def test_flac_behind_tags_is_named_so(tmp_path: Path) -> None:
    path = made_by_ffmpeg(tmp_path / "x.flac", *TONE, "-t", "2")
    (tmp_path / "y").write_bytes(b"ID3\4\0\0\0\0\0\x0a" + bytes(10) + path.read_bytes())
    preview = make_preview(FileSource(tmp_path / "y"))
    assert isinstance(preview.description, Sound)
    assert (preview.label, preview.description.format) == ("FLAC", "flac")


@pytest.mark.parametrize("junk", [bytes(1500), b"\xff\xfb" * 400, b"APETAGEX" + bytes(range(64)) * 20])
def test_an_mp3_behind_junk_is_a_sound(tmp_path: Path, junk: bytes) -> None:
    path = made_by_ffmpeg(tmp_path / "x.mp3", *TONE, "-t", "12", "-id3v2_version", "0", "-b:a", "128k")
    (tmp_path / "y").write_bytes(junk + path.read_bytes())
    preview = make_preview(FileSource(tmp_path / "y"))
    assert isinstance(preview.description, Sound), preview
    assert (preview.label, set(preview.pictures)) == ("MP3", {"waveform.jpg"})
    assert preview.description.duration == pytest.approx(12, abs=0.3)
