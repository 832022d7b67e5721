"""Frames of MPEG audio and AAC, at the beginning of a file or behind what is none."""

import random

import pytest

from core.uploads.sound_frames import sound_of_frames

# ISO/IEC 11172-3, 2.4.1.3: version, layer and protection; rate, speed and padding.
MP3 = b"\xff\xfb\x90\x00".ljust(417, b"x")  # 128,000 bits and 44,100 samples a second
MP2 = b"\xff\xfd\x80\x00".ljust(417, b"x")
HALF = b"\xff\xf3\x84\x00".ljust(192, b"x")  # MPEG-2: 64,000 bits and 24,000 samples


@pytest.mark.parametrize(("frame", "label"), [(MP3, "MP3"), (MP2, "MP2"), (HALF, "MP3")])
def test_frames_are_known_at_the_beginning_and_behind_junk(frame: bytes, label: str) -> None:
    assert sound_of_frames(frame) == label
    for junk in (b"\0" * 700, b"\0" + b"\xff\xfb\x91\x00" * 9, b"\0" + b"\xff" * 300):
        assert sound_of_frames((junk + frame * 9)[:4096]) == label


def test_a_frame_alone_behind_junk_is_chance() -> None:
    assert sound_of_frames(b"\0" * 700 + MP3 + b"\1" * 2000) == ""
    assert sound_of_frames(b"\0" * 700 + MP3 + MP2 + MP3) == ""


def test_noise_is_no_sound() -> None:
    chance = random.Random(5)
    assert [sound_of_frames(b"\0" + chance.randbytes(4095)) for _ in range(50)] == [""] * 50
    assert sound_of_frames(b"") == sound_of_frames(b"\xff\xff\xff\xff" * 1024) == ""


def test_aac_is_known_by_its_sync_word() -> None:
    assert sound_of_frames(b"\xff\xf1\x50\x80") == "AAC"
    assert sound_of_frames(b"\xff\xf1\x7c\x80") == ""
