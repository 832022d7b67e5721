"""Finds the program ffmpeg: on PATH, or in the wheel of the embedded parts."""

import shutil
from importlib.util import find_spec


def find_ffmpeg() -> str:
    """The path of ffmpeg, empty where there is none: then there are no teasers."""
    on_path = shutil.which("ffmpeg")
    if on_path or find_spec("imageio_ffmpeg") is None:
        return on_path or ""
    import imageio_ffmpeg  # optional: part of the embedded extra

    return str(imageio_ffmpeg.get_ffmpeg_exe())
