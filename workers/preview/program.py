"""Where ffmpeg is: on PATH, or in the wheel of the embedded parts."""

import shutil
from importlib.util import find_spec


def find_ffmpeg() -> str:
    """The path of the program, empty where there is none: then there are no teasers."""
    found = shutil.which("ffmpeg")
    if found or find_spec("imageio_ffmpeg") is None:
        return found or ""
    import imageio_ffmpeg  # optional: part of the embedded extra

    return str(imageio_ffmpeg.get_ffmpeg_exe())
