"""Audio: cover, tags, length, and the loudness of its beginning."""

import array
import io
from collections.abc import Iterator

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Discard, Disposition
from PIL import Image, ImageDraw

from core.catalogue.preview_shares import Shares
from schemas.preview import Sound
from workers.preview.errors import PreviewFailed
from workers.preview.makers import film as films
from workers.preview.makers.demuxers import MPEG4, WITHOUT_HEADER, sound_demuxer
from workers.preview.makers.encodings import mended, prepare_encodings
from workers.preview.makers.image import open_image, prepare_formats
from workers.preview.makers.made import Made, Make
from workers.preview.makers.mp4 import fetch_index
from workers.preview.makers.names import shown_name
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

FEWEST_BARS, BARS_A_SECOND, FINEST, RATE = 30, 10, 100, 8000
SPEND = 640 << 10
"""Bytes read for the waveform: 30 s of a usual MP3, the first seconds of a lossless file."""
COVER_LIMIT = 8 << 20
COVERS = 4  # looked at
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
    prepare_formats()
    films.prepare()
    AudioResampler("s16", "mono", RATE)
    prepare_encodings()

    def make(reader: Reader, link: Link) -> Made:
        return _make(reader, task, link)

    return make


def _make(reader: Reader, task: Task, link: Link) -> Made:
    capped = Capped(reader)
    file = ReadFile(capped)
    name = format_of(reader)
    container = films.open_media(file, name, films.LONG_PROBE if name in WITHOUT_HEADER else {})
    if not container.streams.audio:
        raise PreviewFailed("damaged", "The file has no sound.")
    stream = container.streams.audio[0]
    link.describe(_describe(container, stream, [], 0.0))  # its cover and its sound may fail
    cover = _cover(container, task.shares)
    if cover:
        link.picture("cover.jpg", encode(cover, task.watermark))
    capped.limit = min(capped.size, file.tell() + SPEND)
    capped.prefetch(file.tell(), SPEND)
    seconds = task.shares.seconds(_duration(container))
    # What is short is drawn finer, so that there is something to be seen.
    fineness = max(BARS_A_SECOND, min(FINEST, int(FEWEST_BARS / max(seconds, 0.01))))
    bars = list(_loudness(container, stream, fineness, int(seconds * fineness)))
    if bars:
        link.picture("waveform.jpg", encode(_draw(bars), task.watermark))
    return Made(_describe(container, stream, bars, len(bars) / fineness))


def format_of(reader: Reader) -> str:
    """libavformat's name of the one demuxer that may read this file."""
    head = reader.pread(0, _HEAD)
    if head[4:8] == b"ftyp":
        fetch_index(reader)
        return MPEG4
    if head.startswith(b"ID3"):  # its length in four times 7 bits (ID3v2.4.0 structure, section 3.1)
        length = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        head = reader.pread(10 + length, _HEAD)
    return sound_demuxer(head)


def _cover(container: InputContainer, shares: Shares) -> Image.Image | None:
    """The largest of the pictures that come with a sound: players want small icons beside the cover."""
    pictures = [picture for content in _attached(container) if (picture := _opened(content, shares))]
    return max(pictures, key=lambda picture: picture.width * picture.height, default=None)


def _attached(container: InputContainer) -> Iterator[bytes]:
    for stream in container.streams.video[:COVERS]:
        if stream.disposition & Disposition.attached_pic:
            content = bytes(next(iter(container.demux(stream)), b""))
            if 0 < len(content) <= COVER_LIMIT:
                yield content


def _opened(content: bytes, shares: Shares) -> Image.Image | None:
    try:
        return open_image(io.BytesIO(content), shares.picture)
    except Exception:  # noqa: BLE001 whatever a decoder makes of it: a sound with a broken cover is a sound
        return None


def _loudness(container: InputContainer, stream: AudioStream, fineness: int, count: int) -> Iterator[int]:
    """The peaks of the first `count` parts, `fineness` of them a second, 0 to 255, while the bytes last."""
    for other in container.streams:
        if other.index != stream.index:
            other.discard = Discard.all
    step, samples, done = RATE // fineness, array.array("h"), 0
    for part in _mono(container, stream) if count else ():
        samples.frombytes(bytes(part.planes[0])[: part.samples * 2])
        while len(samples) >= step:
            yield min(255, max(max(samples[:step]), -min(samples[:step])) >> 7)
            del samples[:step]
            done += 1
            if done >= count:
                return


def _mono(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """The sound in one channel at `RATE`, as far as it can be decoded."""
    form, resampler = None, AudioResampler("s16", "mono", RATE)
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.FFmpegError):
            return
        try:
            frames = stream.decode(packet)
        except av.FFmpegError:
            continue  # the last packet is cut where the bytes end
        for frame in frames:
            if form not in (None, (frame.format.name, frame.layout.name, frame.sample_rate)):
                resampler = AudioResampler("s16", "mono", RATE)  # two recordings were joined
            form = (frame.format.name, frame.layout.name, frame.sample_rate)
            yield from resampler.resample(frame)


def _draw(bars: list[int]) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(image)
    step, loudest = WIDTH / len(bars), max(*bars, 1)
    for number, bar in enumerate(bars):
        half = max(1.0, bar / loudest * (HEIGHT / 2 - 10))
        left = number * step
        pen.rectangle((left, HEIGHT / 2 - half, left + max(1.0, step * 0.6), HEIGHT / 2 + half), INK)
    return image


def _duration(container: InputContainer) -> float | None:
    return films.possible(container.duration / av.time_base) if container.duration else None


def _describe(container: InputContainer, stream: AudioStream, bars: list[int], seconds: float) -> Sound:
    metadata = {key.lower(): value for key, value in (stream.metadata | container.metadata).items()}
    tags = {key: shown_name(mended(metadata[key])) for key in TAGS if metadata.get(key)}
    name = stream.codec_context.codec.canonical_name
    return Sound(name, _duration(container), tags, bars, seconds)
