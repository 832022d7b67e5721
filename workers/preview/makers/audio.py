"""Audio: cover, tags, length, and the loudness of its beginning."""

import array
import io
from collections.abc import Iterator

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Discard, Disposition
from PIL import Image, ImageDraw

from schemas.preview import Sound
from workers.preview.errors import PreviewFailed
from workers.preview.makers import film as films
from workers.preview.makers.image import open_image
from workers.preview.makers.made import Made, Make
from workers.preview.makers.mp4 import fetch_index
from workers.preview.makers.names import shown_name
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

SECONDS, BARS_A_SECOND, RATE = 30, 10, 8000
SPEND = 640 << 10
"""Bytes read for the waveform: 30 s of a usual MP3, the first seconds of a lossless file."""
COVER_LIMIT = 8 << 20
TAGS = ("title", "artist", "album", "album_artist", "date", "genre", "track", "composer")
WIDTH, HEIGHT, INK, GROUND = 1200, 300, "#8b5cf6", "#f3f4f6"
_HEAD = 16


class Capped:
    """A reader that ends at `limit`, so that no read-ahead is paid beyond it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.size = reader.size
        self.limit = reader.size

    def pread(self, offset: int, length: int) -> bytes:
        """As the reader, up to the limit."""
        return self._reader.pread(offset, max(0, min(length, self.limit - offset)))

    def prefetch(self, offset: int, length: int) -> None:
        """As the reader, up to the limit."""
        self._reader.prefetch(offset, max(0, min(length, self.limit - offset)))


def prepare(task: Task) -> Make:
    """Load the codecs."""
    prepare_pictures()
    films.prepare()
    AudioResampler("s16", "mono", RATE)

    def make(reader: Reader, link: Link) -> Made:
        return _make(reader, task, link)

    return make


def _make(reader: Reader, task: Task, link: Link) -> Made:
    capped = Capped(reader)
    file = ReadFile(capped)
    container = films.open_media(file, format_of(reader), {})
    if not container.streams.audio:
        raise PreviewFailed("damaged", "The file has no sound.")
    stream = container.streams.audio[0]
    cover = _cover(container)
    if cover:
        link.picture("cover.jpg", encode(cover, task.watermark))
    capped.limit = min(capped.size, file.tell() + SPEND)
    capped.prefetch(file.tell(), SPEND)
    bars = list(_loudness(container, stream))
    if bars:
        link.picture("waveform.jpg", encode(_draw(bars), task.watermark))
    return Made(_describe(container, stream, bars))


def format_of(reader: Reader) -> str:
    """libavformat's name of the one demuxer that may read this file."""
    head = reader.pread(0, _HEAD)
    if head[4:8] == b"ftyp":
        fetch_index(reader)
        return films.MPEG4
    if head.startswith(b"ID3"):  # its length in four times 7 bits (ID3v2.4.0 structure, section 3.1)
        length = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        head = reader.pread(10 + length, _HEAD)
    names = {b"fLaC": "flac", b"OggS": "ogg", b"RIFF": "wav", b"FORM": "aiff", b"MAC ": "ape", b"wvpk": "wv"}
    adts = head[:1] == b"\xff" and head[1] & 0xF6 == 0xF0
    return names.get(head[:4], "aac" if adts else "mp3")


def _cover(container: InputContainer) -> Image.Image | None:
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            continue
        for packet in container.demux(stream):
            content = bytes(packet)
            if 0 < len(content) <= COVER_LIMIT:
                try:
                    return open_image(io.BytesIO(content), 1200)
                except (PreviewFailed, OSError, ValueError, SyntaxError):
                    return None  # a sound with a broken cover is still a sound
            break
    return None


def _loudness(container: InputContainer, stream: AudioStream) -> Iterator[int]:
    """The peak of each tenth of a second, 0 to 255, while the bytes last."""
    for other in container.streams:
        if other.index != stream.index:
            other.discard = Discard.all
    resampler = AudioResampler("s16", "mono", RATE)
    step, samples, done = RATE // BARS_A_SECOND, array.array("h"), 0
    for packet in container.demux(stream):
        try:
            frames = [part for frame in stream.decode(packet) for part in resampler.resample(frame)]
        except av.FFmpegError:
            continue  # the last packet is cut where the bytes end
        for part in frames:
            samples.frombytes(bytes(part.planes[0])[: part.samples * 2])
        while len(samples) >= step:
            yield min(255, max(max(samples[:step]), -min(samples[:step])) >> 7)
            del samples[:step]
            done += 1
            if done >= SECONDS * BARS_A_SECOND:
                return


def _draw(bars: list[int]) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(image)
    step, loudest = WIDTH / len(bars), max(*bars, 1)
    for number, bar in enumerate(bars):
        half = max(1.0, bar / loudest * (HEIGHT / 2 - 10))
        left = number * step
        pen.rectangle((left, HEIGHT / 2 - half, left + max(1.0, step * 0.6), HEIGHT / 2 + half), INK)
    return image


def _describe(container: InputContainer, stream: AudioStream, bars: list[int]) -> Sound:
    metadata = {key.lower(): value for key, value in (stream.metadata | container.metadata).items()}
    tags = {key: shown_name(metadata[key]) for key in TAGS if metadata.get(key)}
    duration = max(0.0, container.duration / av.time_base) if container.duration else None
    return Sound(stream.codec_context.codec.canonical_name, duration, tags, bars, len(bars) / BARS_A_SECOND)
