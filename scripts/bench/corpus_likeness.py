"""What an ordinary tool shows of a file, and how like it our picture is."""

import io
import re
import shutil
import subprocess
from pathlib import Path

from PIL import Image

from schemas.preview import Film, Pages, Picture
from scripts.bench.preview_files import ffmpeg
from scripts.embedded.process import base_environment
from workers.preview.pictures import encode
from workers.preview.preview import Preview
from workers.preview.program import find_ffmpeg

PATIENCE = 60  # seconds


def ordinary(path: Path, preview: Preview, target: Path) -> bool:
    """Have ffmpeg or pdftoppm draw what the poster shows; False where neither reads the file or is here."""
    try:
        match preview.description:
            case Film():
                at = preview.description.poster_at
                # In a film without an index ffmpeg seeks even the beginning past its first keyframe.
                seek = ("-ss", str(at)) if at else ()
                ffmpeg(*seek, "-i", path, "-frames:v", "1", "-update", "1", target)
            case Picture():
                ffmpeg("-i", path, "-frames:v", "1", "-update", "1", target)
            case Pages() if pdftoppm := shutil.which("pdftoppm"):
                stem = str(target.with_suffix(""))
                command = [pdftoppm, "-png", "-singlefile", "-f", "1", "-l", "1", str(path), stem]
                subprocess.run(command, check=True, timeout=PATIENCE, env=base_environment())
            case _:
                return False
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False
    return target.exists()


def likeness(ours: bytes, reference: Path, folder: Path) -> float:
    """The structural similarity of two pictures by ffmpeg's filter.

    The other one is made as large as ours and kept as JPEG in the same way: its noise is no difference.
    """
    size = Image.open(io.BytesIO(ours)).size
    other = Image.open(reference).convert("RGB").resize(size, Image.Resampling.LANCZOS)
    pair = folder / "ours.jpg", folder / "other.jpg"
    for path, content in zip(pair, (ours, encode(other)), strict=True):
        path.write_bytes(content)
    command = [find_ffmpeg(), "-i", str(pair[0]), "-i", str(pair[1]), "-lavfi", "ssim", "-f", "null", "-"]
    run = subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE, env=base_environment())
    match = re.search(r"All:([\d.]+)", run.stderr.decode())
    if match is None:
        raise RuntimeError(f"ffmpeg compared nothing: {run.stderr.decode()[-300:]}")
    return float(match[1])
