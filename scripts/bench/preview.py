"""Previews made from byte ranges of files in the store, and other ways to make them, counted on the wire."""

import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from core.process.settings import Settings
from schemas.preview import Archive, Film, Pages, Sound
from scripts.bench import preview_files as files
from scripts.bench.preview_chart import Bar, draw, human
from scripts.bench.preview_children import measure_film, measure_starts
from scripts.bench.preview_wire import Wire
from scripts.bench.report import Report
from scripts.embedded.process import PROJECT, base_environment
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from scripts.terminal.context import var_folder
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.protocol import Detail
from workers.preview.source import HttpSource, make_pool
from workers.store import S3Store

KIB, MIB = 1 << 10, 1 << 20
LIMIT = 60.0  # seconds for one other way


@dataclass(frozen=True)
class Promise:
    """One promised preview: what it shows, and the bytes, requests and MiB of memory that it may take."""

    name: str
    file: str
    shows: str
    bytes: int
    requests: int
    memory: int
    detail: Detail = "poster"


@dataclass
class Bench:
    """The store, the counter in front of it, and what was measured."""

    folder: Path
    store: Store
    wire: Wire
    report: Report
    bars: list[Bar] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = Settings(
            database_url="postgresql://nobody@127.0.0.1:1/none",
            redis_url="redis://127.0.0.1:1/0",
            s3_endpoint=self.wire.url,
            s3_bucket=self.store.bucket,
            s3_region=self.store.region,
            s3_access_key=self.store.keys.access,
            s3_secret_key=self.store.keys.secret,
        )
        self.s3 = S3Store(settings)

    def address(self, name: str) -> str:
        """A signed address of a file that leads through the counter."""
        return self.s3.sign_read(name, expires=600)

    def keep(self, promise: Promise) -> Preview:
        """Make one preview and check it against its promise."""
        before = self.wire.now()
        source = HttpSource(lambda: self.address(promise.file), make_pool())
        preview = make_preview(source, Wish(promise.detail))
        seen = self.wire.since(before)
        report, name = self.report, promise.name
        report.equal(
            f"{name}: outcome", "made", f"{preview.outcome}{preview.reason and ': '}{preview.reason}"
        )
        report.equal(f"{name}: shows", promise.shows, _shown(preview))
        report.at_most(f"{name}: bytes", round(promise.bytes / KIB, 1), seen.bytes / KIB, "KiB")
        report.at_most(f"{name}: requests", promise.requests, seen.requests, "")
        report.at_most(f"{name}: peak RSS", promise.memory, preview.cost.peak_rss / MIB, "MiB")
        report.at_most(f"{name}: share of the goods", 0.1, share_of(preview), "")
        report.facts[f"{name}: seconds"] = round(preview.cost.seconds, 2)
        self.bars.append((name, "ours", seen.bytes, preview.outcome == "made"))
        return preview

    def beside(self, name: str, way: str, file: str, seconds: float = 0) -> None:
        """Preview the same file another way: a figure to compare with, not a promise."""
        address = f"{self.wire.url}|{self.store.bucket}/{file}" if way == "s3fs" else self.address(file)
        before, start = self.wire.now(), time.monotonic()
        environment = base_environment() | self.store.environment
        command = [sys.executable, "-m", "scripts.bench.preview_others", way, address, str(seconds)]
        try:
            done = subprocess.run(
                command, env=environment, cwd=PROJECT, capture_output=True, timeout=LIMIT, check=False
            )
            well, output = done.returncode == 0, done.stdout.decode().strip()
        except subprocess.TimeoutExpired:
            well, output = False, ""
        seen = self.wire.since(before)
        memory = f"{int(output) / MIB:.0f} MiB" if output.isdecimal() else "unknown"
        outcome = "done" if well else "NOT finished"
        self.report.facts[f"{name} by {way}"] = (
            f"{human(seen.bytes)}, {seen.requests} requests, {memory}, "
            f"{time.monotonic() - start:.1f} s, {outcome}"
        )
        self.bars.append((name, way, seen.bytes, well))


def measure() -> Report:
    """Make the files (about 8 GB), measure, remove them; the chart goes to var/bench/preview.svg."""
    report = Report("preview")
    folder = Path(tempfile.mkdtemp(prefix="comptoir-preview-"))
    store = Store(folder / "data", folder / "log", make_keys())
    try:
        store.start()
        with Wire(store.port) as wire:
            _measure(Bench(folder, store, wire, report))
    finally:
        store.stop()
        shutil.rmtree(folder)
    return report


def _measure(bench: Bench) -> None:
    data = bench.folder / "files"
    data.mkdir()
    photo = files.make_pdfs(data)
    files.make_archives(data)
    files.make_films(data, files.make_clip(bench.folder))
    files.make_sounds(data)
    bench.report.facts["bytes of all files"] = human(sum(path.stat().st_size for path in data.iterdir()))
    least = [files.least_of_film(data / "film-1g.mp4", pictures) for pictures in (1, 8)]
    for path in sorted(data.iterdir()):
        with path.open("rb") as file:
            bench.s3.upload(path.name, file, path.stat().st_size, "application/octet-stream")
        path.unlink()
    bench.report.facts["least of the film, poster / 8 frames"] = " / ".join(map(human, least))
    for promise in promises(photo, least):
        bench.keep(promise)
        _others(bench, promise)
    measure_film(bench.report, HttpSource(lambda: bench.address("film-1g.mp4"), make_pool()))
    measure_starts(bench.report, bench.folder)
    chart = var_folder() / "bench" / "preview.svg"
    chart.parent.mkdir(parents=True, exist_ok=True)
    chart.write_text(draw(bench.bars))
    bench.report.facts["chart"] = str(chart)


def promises(photo: int, least: list[int]) -> list[Promise]:
    """All promises; `photo` is the size of a page's image, `least` that of the film's keyframes, in bytes."""
    strip = int(least[1] * 1.25)
    return [
        Promise("ZIP, 100,000 entries", "many.zip", "1000 of 100000 names", 256 * KIB, 3, 48),
        Promise("ZIP64, 1 GB", "large.zip", "53 of 53 names", 128 * KIB, 3, 48),
        Promise("PDF, 5,000 pages", "text.pdf", "5000 pages, poster.jpg", int(0.6 * MIB), 10, 112),
        Promise("PDF, 1 GB of photos", "photos.pdf", "180 pages, poster.jpg", photo + MIB // 2, 16, 128),
        Promise("MP4, 1 GB", "film-1g.mp4", "poster.jpg, 0 frames", int(2.1 * MIB), 10, 80),
        Promise(
            "MP4, 1 GB, 8 frames", "film-1g.mp4", "poster.jpg, strip.jpg, 8 frames", strip, 26, 128, "full"
        ),
        Promise("MKV with cues", "film.mkv", "poster.jpg, 0 frames", int(1.5 * MIB), 12, 80),
        Promise("MP4, fragmented", "film-fragmented.mp4", "poster.jpg, 0 frames", 4 * MIB, 16, 96),
        Promise("MKV without cues", "film-no-cues.mkv", "poster.jpg, 0 frames", 4 * MIB, 16, 96),
        Promise("FLAC, 1 GB", "sound.flac", "Sound, waveform.jpg", MIB, 8, 80),
        Promise("MP3, 1 GB", "sound.mp3", "Sound, waveform.jpg", MIB, 8, 80),
    ]


def share_of(preview: Preview) -> float:
    """The part of the goods that a preview shows: of pages or seconds; of an archive only names."""
    description = preview.description
    if isinstance(description, Pages):
        return sum(name.endswith(".jpg") for name in preview.pictures) / description.pages
    if isinstance(description, Film) and description.duration:
        stills = 1 + len(description.strip)
        return max(description.teaser / description.duration, stills / max(stills, description.pictures))
    if isinstance(description, Sound) and description.duration:
        return description.waveform_seconds / description.duration
    return 0.0


def _shown(preview: Preview) -> str:
    """The kind of the description, and how much of it there is."""
    description = preview.description
    if isinstance(description, Archive):
        return f"{len(description.entries)} of {description.count} names"
    if isinstance(description, Pages):
        return f"{description.pages} pages, {', '.join(preview.pictures)}"
    if isinstance(description, Film):
        return f"{', '.join(preview.pictures)}, {len(description.strip)} frames"
    return f"{type(description).__name__}, {', '.join(preview.pictures)}"


def _others(bench: Bench, promise: Promise) -> None:
    name, file = promise.name, promise.file
    if file.endswith(".zip"):
        bench.beside(name, "remotezip", file)
        bench.beside(name, "s3fs", file)
    if file in ("film-1g.mp4", "film.mkv") and promise.detail == "poster":
        bench.beside(name, "ffmpeg", file, 100)
        bench.beside(name, "s3fs", file, 100)
    if file in ("many.zip", "text.pdf", "film-1g.mp4"):
        bench.beside(name, "whole", file)
