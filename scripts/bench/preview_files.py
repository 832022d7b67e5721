"""The files of the preview benchmark: looped clips and padded archives, of 1 GiB at the most."""

import io
import random
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import av
from PIL import Image

from scripts.embedded.process import base_environment
from workers.preview.program import find_ffmpeg

GIB = 1 << 30
CLIP_SECONDS, BIT_RATE = 20, 8_000_000
PHOTO_PAGES = 180


def ffmpeg(*options: str | Path) -> None:
    """Run ffmpeg with these arguments; its errors are shown."""
    command = [find_ffmpeg(), "-v", "error", "-y", *map(str, options)]
    subprocess.run(command, check=True, env=base_environment())


def make_clip(folder: Path) -> Path:
    """Twenty seconds of 720p at about 8 Mbit/s, a keyframe every five, with sound."""
    path = folder / "clip.mp4"
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", str(BIT_RATE), "-minrate", str(BIT_RATE)]
    video += ["-maxrate", str(BIT_RATE), "-bufsize", str(BIT_RATE), "-g", "150", "-pix_fmt", "yuv420p"]
    bars = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30,noise=alls=12:allf=t"]
    tone = ["-f", "lavfi", "-i", "sine=440", "-t", str(CLIP_SECONDS)]
    ffmpeg(*bars, *tone, *video, "-c:a", "aac", path)
    return path


def loop(clip: Path, target: Path, size: int, *options: str) -> None:
    """Repeat a clip until the file has about `size` bytes."""
    times = max(1, round(size / clip.stat().st_size))
    ffmpeg("-stream_loop", str(times - 1), "-i", clip, "-c", "copy", *options, target)


def make_films(folder: Path, clip: Path) -> None:
    """Make one film of every format that the promises name."""
    loop(clip, folder / "film-1g.mp4", GIB)
    loop(clip, folder / "film.mkv", GIB)
    loop(clip, folder / "film-fragmented.mp4", GIB // 4, "-movflags", "frag_keyframe+empty_moov")
    loop(clip, folder / "film-no-cues.mkv", GIB // 4, "-live", "1")


def make_sounds(folder: Path) -> None:
    """Make sound files of a minute of noise and tones, repeated."""
    tone = ["-f", "lavfi", "-i", "anoisesrc=a=0.2:r=44100", "-t", "60"]
    kinds: dict[str, list[str]] = {"sound.flac": [], "sound.mp3": ["-b:a", "192k"]}
    for name, options in kinds.items():
        minute = folder.parent / f"minute-{name}"
        ffmpeg(*tone, *options, minute)
        loop(minute, folder / name, GIB)


def make_archives(folder: Path) -> None:
    """Make archives: one of many entries, one of 1 GiB that is mostly holes, with 64-bit sizes (ZIP64)."""
    with zipfile.ZipFile(folder / "many.zip", "w") as archive:
        for number in range(100_000):
            archive.writestr(f"folder-{number // 100:05}/some-file-name-{number:06}.txt", b"x" * 300)
    with zipfile.ZipFile(folder / "large.zip", "w") as archive:
        for number in range(53):
            with archive.open(f"chapter-{number:02}/video.mp4", "w", force_zip64=True) as entry:
                entry.write(b"x" * 1000)
            archive.start_dir += GIB // 53  # where the next entry goes: between them nothing is written


def make_pdfs(folder: Path) -> int:
    """Make a PDF of 5,000 pages of text and one of 180 photos; the bytes of a photo."""
    words = random.Random(1)  # noqa: S311 the same words each time
    with (folder / "text.pdf").open("wb") as file:
        write_pdf(file, [_page_of_words(words, number) for number in range(5000)], None)
    photo = io.BytesIO()
    noise = Image.effect_noise((4000, 3000), 64)
    coloured = Image.merge("RGB", (noise, noise.rotate(90).resize(noise.size), noise.rotate(180)))
    coloured.save(photo, "JPEG", quality=70)
    with (folder / "photos.pdf").open("wb") as file:
        drawing = b"q 595 0 0 446 0 200 cm /I Do Q"
        write_pdf(file, [drawing] * PHOTO_PAGES, photo.getvalue())
    return len(photo.getvalue())


def write_pdf(file: io.BufferedIOBase, contents: list[bytes], photo: bytes | None) -> None:
    """Write a PDF page by page (ISO 32000-1, 7.5), each page with its own copy of the photo, if any."""
    places: dict[int, int] = {}

    def put(number: int, body: bytes, stream: bytes | None = None) -> None:
        places[number] = file.tell()
        file.write(b"%d 0 obj\n<<%s" % (number, body))
        if stream is not None:
            file.write(b"/Length %d>>\nstream\n" % len(stream) + stream + b"\nendstream\nendobj\n")
        else:
            file.write(b">>\nendobj\n")

    file.write(b"%PDF-1.4\n")
    put(3, b"/Type/Font/Subtype/Type1/BaseFont/Helvetica")
    firsts = range(10, 10 + 3 * len(contents), 3)
    for first, content in zip(firsts, contents, strict=True):
        image = b"/XObject<</I %d 0 R>>" % (first + 2) if photo else b""
        page = b"/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R" % (first + 1)
        put(first, page + b"/Resources<</Font<</F 3 0 R>>%s>>" % image)
        put(first + 1, b"", content)
        if photo:
            about = b"/Type/XObject/Subtype/Image/Width 4000/Height 3000/ColorSpace/DeviceRGB"
            put(first + 2, about + b"/BitsPerComponent 8/Filter/DCTDecode", photo)
    put(2, b"/Type/Pages/Count %d/Kids[%s]" % (len(contents), b" ".join(b"%d 0 R" % each for each in firsts)))
    put(1, b"/Type/Catalog/Pages 2 0 R")
    start, size = file.tell(), max(places) + 1
    rows = (b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(size))
    file.write(b"xref\n0 %d\n" % size + b"".join(rows))
    file.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def _page_of_words(words: random.Random, number: int) -> bytes:
    lines = (" ".join(f"word{words.randrange(9973)}" for _ in range(9)) for _ in range(40))
    text = "".join(f"({line}) Tj T*\n" for line in (f"Page {number + 1}", *lines))
    return f"BT /F 11 Tf 14 TL 50 780 Td\n{text}ET".encode()


def least_of_film(path: Path, pictures: int) -> int:
    """The bytes of a film's index and of the keyframes at these moments: nothing shows it for less."""
    with av.open(str(path), "r") as film:
        stream = film.streams.video[0]
        entries = stream.index_entries
        total = (stream.start_time or 0) + (stream.duration or 0)
        parts = [0.1] if pictures == 1 else [0.1, *((number + 0.5) / pictures for number in range(pictures))]
        frames = {entries.search_timestamp(int(total * part)) for part in parts}
        return _index_size(path) + sum(entries[number].size for number in frames)


def _index_size(path: Path) -> int:
    return next(size for kind, size in _boxes(path) if kind == b"moov")


def _boxes(path: Path) -> Iterator[tuple[bytes, int]]:
    with path.open("rb") as file:
        while head := file.read(16):
            size = int.from_bytes(head[8:16] if head[:4] == b"\0\0\0\1" else head[:4], "big")
            yield head[4:8], size
            file.seek(size - 16, io.SEEK_CUR)
