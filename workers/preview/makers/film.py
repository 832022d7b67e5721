"""A film opened over ranges: its pictures at given times, each for the bytes of one keyframe."""

import logging
from collections.abc import Iterator
from itertools import chain
from typing import IO, Any, cast

import av
import av.subtitles.codeccontext
import av.subtitles.stream  # PyAV loads these two when it first meets a stream
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from schemas.preview import MOST_SECONDS
from workers.preview.errors import PreviewFailed
from workers.preview.makers.demuxers import BY_BYTES, MATROSKA, MPEG4, WITHOUT_HEADER, film_demuxer
from workers.preview.makers.mp4 import fetch_index
from workers.preview.makers.orientation import Orientation, orientation_of
from workers.preview.makers.tone import is_high, toned
from workers.preview.remote import Reader, ReadFile

BUFFER = 16 << 10  # bytes that libavformat reads at once; what it reads too much is bounded by it
# SeekHead's entry for Cues (RFC 9559 sections 5.1.1 and 5.1.5): a file without one has no index to seek by.
CUES = b"\x53\xab\x84\x1c\x53\xbb\x6b"
_HEAD = 4096
REORDER = 0.25  # seconds
PACKETS = 2000  # looked at for one keyframe
EARLIER = 0.9  # as much before the place where bytes tell of no keyframe, near the end say
REFRESH = 300  # packets in which a picture is renewed part by part
# What is needed is in the headers; reading packets to find out more costs requests.
PROBE = {"probesize": "65536", "analyzeduration": "0"}
LONG_PROBE = {"probesize": "1048576", "analyzeduration": "2000000"}
# Otherwise opening a fragmented film visits each of its fragments.
NO_INDEX = {"fflags": "+ignidx"}


def prepare() -> None:
    """Let the libraries say nothing: their words hold what the file says."""
    av.logging.set_level(av.logging.PANIC)
    logging.disable()


def refuse_reference(url: str, flags: int, options: dict[str, Any]) -> None:
    """A file that names another file is not followed. The seal would stop it as well."""
    raise PreviewFailed("damaged", "The film refers to another file, which is never opened.")


class NoPictures(PreviewFailed):
    """What looks like a film has sound only."""

    def __init__(self) -> None:
        super().__init__("damaged", "The film has no pictures.")


class Film:
    """The picture stream of a film. Raises `NoPictures`, or "damaged" when there is no sound either."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        head = reader.pread(0, _HEAD)
        name = film_demuxer(head)
        # Without an index, seeking means reading on to the place.
        index = fetch_index(reader) if name == MPEG4 else None
        self.seekable = not index.fragmented if index else name != MATROSKA or CUES in head
        self._by_bytes = name in BY_BYTES
        options = LONG_PROBE if name in WITHOUT_HEADER else {} if self.seekable else NO_INDEX
        self.container = open_media(ReadFile(reader), name, options)
        # libavformat tells the length of the first fragment, since it may not visit the others.
        self._told = index.duration if index is not None and index.fragmented else 0.0
        self.stream = self._find_stream()
        if name == "flv" and not len(self.stream.index_entries):
            self.seekable = False
        for other in self.container.streams:
            if other.index != self.stream.index:
                other.discard = Discard.all
        if self.stream.codec_context:
            self.stream.codec_context.thread_count = 1
        self.orientation = Orientation()  # of the last picture

    @property
    def is_readable(self) -> bool:
        """Whether there is a decoder for its pictures."""
        return bool(self.stream.codec_context)

    @property
    def begins(self) -> float:
        """Seconds from which its pictures count; times here are from it on."""
        return float((self.stream.start_time or 0) * (self.stream.time_base or 0))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as seen with square pixels, before any turn; (0, 0) without a decoder."""
        if not self.is_readable:
            return 0, 0
        context = self.stream.codec_context
        return round(context.width * float(self.stream.sample_aspect_ratio or 1)), context.height

    @property
    def duration(self) -> float | None:
        """Seconds, or None where the file does not say, or says what cannot be."""
        if self._told != 0.0:
            return possible(self._told)
        if self.container.duration:
            return possible(self.container.duration / av.time_base)
        if self.stream.duration and self.stream.time_base:
            return possible(float(self.stream.duration * self.stream.time_base))
        return None

    @property
    def pictures(self) -> int:
        """How many pictures it has, about; 0 where nobody knows."""
        if self.stream.frames > 0:
            return self.stream.frames
        return int((self.duration or 0.0) * float(self.stream.average_rate or 0))

    def picture(self, seconds: float) -> tuple[Image.Image, float]:
        """The keyframe at or before this time, and its own time. Raises "damaged" when none decodes."""
        tries = (seconds, seconds * EARLIER, 0.0) if self._by_bytes and seconds > 0 else (seconds,)
        for place in tries:
            picture = self._picture(place)
            if picture:
                return picture
        raise PreviewFailed("damaged", "No picture of the film can be decoded here.")

    def _picture(self, seconds: float) -> tuple[Image.Image, float] | None:
        try:
            if self.seekable and (seconds > 0 or self._by_bytes):
                self._seek(seconds)
            for packet in self._packets():
                if not packet.is_keyframe:
                    continue
                # Flushed at once: otherwise the decoder holds it back until the next keyframe is read.
                context = self.stream.codec_context
                frames = [*context.decode(packet), *context.decode(None)]
                # Sought by bytes, what comes first may be the rest of another picture.
                frames = [frame for frame in frames if frame.key_frame or not self._by_bytes]
                context.flush_buffers()
                frame = frames[0] if frames else self._refreshed(packet)
                if frame:
                    self.orientation = orientation_of(frame)
                    image = self.orientation.upright(to_image(frame, self.stream))
                    at = float((packet.pts or 0) * (packet.time_base or 0)) - self.begins
                    return image, min(max(0.0, at), MOST_SECONDS)
        except (av.FFmpegError, PermissionError):  # a seek that fails raises the latter
            self.stream.codec_context.flush_buffers()
        return None

    def _refreshed(self, packet: "av.Packet[VideoStream]") -> VideoFrame | None:
        """The first whole picture where no packet holds one: each renews a part of it (intra refresh)."""
        context = self.stream.codec_context
        for number, later in enumerate(chain([packet], self._packets())):
            for frame in context.decode(later):
                context.flush_buffers()
                return frame
            if number > REFRESH:
                break
        context.flush_buffers()
        return None

    def frames_from(self, seconds: float) -> Iterator[VideoFrame]:
        """All pictures from the keyframe at or before this time on."""
        if self.seekable and seconds > 0:
            self._seek(seconds)
        for packet in self._packets():
            yield from self.stream.codec_context.decode(packet)
        yield from self.stream.codec_context.decode(None)  # those that it held back

    def _find_stream(self) -> VideoStream:
        for stream in self.container.streams.video:
            if not stream.disposition & Disposition.attached_pic:
                return stream
        if self.container.streams.audio:
            raise NoPictures
        raise PreviewFailed("damaged", "The film has neither pictures nor sound.")

    def _seek(self, seconds: float) -> None:
        if self._by_bytes:
            place = int(self._reader.size * min(1.0, seconds / (self.duration or seconds)))
            self.container.seek(place, unsupported_byte_offset=True)
            self.stream.codec_context.flush_buffers()
            return
        assert self.stream.time_base is not None
        stamp = int(seconds / self.stream.time_base) + (self.stream.start_time or 0)
        entries = self.stream.index_entries
        number = entries.search_timestamp(stamp) if len(entries) else -1
        if number >= 0 and (entry := entries[number]).size > 0:
            self._reader.prefetch(entry.pos, entry.size + BUFFER)
            # The index is in decoding order; a little later in showing order it is this keyframe still.
            stamp = max(stamp, entry.timestamp + int(REORDER / self.stream.time_base))
        self.container.seek(stamp, stream=self.stream)

    def _packets(self) -> "Iterator[av.Packet[VideoStream]]":
        for number, packet in enumerate(self.container.demux(self.stream)):
            if number > PACKETS:
                return
            if packet.size:
                yield packet


def possible(seconds: float | None) -> float | None:
    """A length that a file tells, where one may be as long; a negative one is none."""
    return max(0.0, seconds) if seconds is not None and seconds <= MOST_SECONDS else None


def open_media(file: ReadFile, format_name: str, options: dict[str, str]) -> InputContainer:
    """Open as this one format: no other demuxer is tried. Raises `PreviewFailed` "damaged"."""
    try:
        container = av.open(
            cast(IO[bytes], file),
            "r",
            format=format_name,
            buffer_size=BUFFER,
            container_options=PROBE | options,
            metadata_errors="replace",
            io_open=refuse_reference,
        )
        return container
    except av.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        raise PreviewFailed(
            "damaged", "The file is damaged: it cannot be opened as what it begins as."
        ) from None


def to_image(frame: VideoFrame, stream: VideoStream, longest: int = 1280) -> Image.Image:
    """In RGB, as it lies, with square pixels, no side longer than `longest`."""
    ratio = stream.sample_aspect_ratio
    width, height = frame.width * float(ratio or 1), float(frame.height)
    shrink = min(1.0, longest / max(width, height))
    size = max(2, round(width * shrink)), max(2, round(height * shrink))
    image = to_rgb(frame, size)
    return toned(image, frame.color_trc) if is_high(frame.color_trc) else image


def to_rgb(frame: VideoFrame, size: tuple[int, int]) -> Image.Image:
    """In RGB and this size, coded as the film codes light."""
    plain = frame.reformat(size[0], size[1], format="rgb24", threads=1)
    plane = plain.planes[0]
    return Image.frombuffer("RGB", size, bytes(plane), "raw", "RGB", plane.line_size, 1)
