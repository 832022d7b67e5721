"""A film opened over ranges: its pictures at given times, each for the bytes of one keyframe."""

import logging
from collections.abc import Iterator
from typing import IO, Any, cast

import av
import av.subtitles.codeccontext
import av.subtitles.stream  # PyAV loads these two when it first meets a stream
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from workers.preview.errors import PreviewFailed
from workers.preview.makers.mp4 import fetch_index
from workers.preview.remote import Reader, ReadFile

BUFFER = 16 << 10  # bytes that libavformat reads at once; what it reads too much is bounded by it
MPEG4, MATROSKA = "mov", "matroska"
# SeekHead's entry for Cues (RFC 9559 sections 5.1.1 and 5.1.5): a file without one has no index to seek by.
CUES = b"\x53\xab\x84\x1c\x53\xbb\x6b"
_HEAD = 4096
REORDER = 0.25  # seconds
PACKETS = 2000  # looked at for one keyframe
# What is needed is in the headers; reading packets to find out more costs requests.
PROBE = {"probesize": "65536", "analyzeduration": "0"}
# Otherwise opening a fragmented film visits each of its fragments.
NO_INDEX = {"fflags": "+ignidx"}


def prepare() -> None:
    """Let the libraries say nothing: their words hold what the file says."""
    av.logging.set_level(av.logging.PANIC)
    logging.disable()


def refuse_reference(url: str, flags: int, options: dict[str, Any]) -> None:
    """A file that names another file is not followed. The seal would stop it as well."""
    raise PreviewFailed("damaged", "The film refers to another file, which is never opened.")


class Film:
    """The picture stream of a film. Raises `PreviewFailed` "damaged" when there is none."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        head = reader.pread(0, _HEAD)
        matroska = head.startswith(b"\x1aE\xdf\xa3")
        # Without an index, seeking means reading on to the place.
        self.seekable = CUES in head if matroska else not fetch_index(reader).fragmented
        name = MATROSKA if matroska else MPEG4
        self.container = open_media(ReadFile(reader), name, {} if self.seekable else NO_INDEX)
        self.stream = self._find_stream()
        for other in self.container.streams:
            if other.index != self.stream.index:
                other.discard = Discard.all
        self.stream.codec_context.thread_count = 1
        self.rotation = 0  # of the last picture, in degrees counterclockwise

    @property
    def duration(self) -> float | None:
        """Seconds, or None where the file does not say."""
        if self.container.duration:
            return max(0.0, self.container.duration / av.time_base)
        if self.stream.duration and self.stream.time_base:
            return max(0.0, float(self.stream.duration * self.stream.time_base))
        return None

    def picture(self, seconds: float) -> tuple[Image.Image, float]:
        """The keyframe at or before this time, and its own time. Raises "damaged" when none decodes."""
        if self.seekable and seconds > 0:
            self._seek(seconds)
        for packet in self._packets():
            if not packet.is_keyframe:
                continue
            # Flushed at once: otherwise the decoder holds it back until the next keyframe is read.
            context = self.stream.codec_context
            frames = [*context.decode(packet), *context.decode(None)]
            context.flush_buffers()
            if frames:
                self.rotation = frames[0].rotation
                return to_image(frames[0], self.stream), float((packet.pts or 0) * (packet.time_base or 0))
        raise PreviewFailed("damaged", "No picture of the film can be decoded.")

    def frames_from(self, seconds: float) -> Iterator[VideoFrame]:
        """All pictures from the keyframe at or before this time on."""
        if self.seekable and seconds > 0:
            self._seek(seconds)
        for packet in self._packets():
            yield from self.stream.codec_context.decode(packet)

    def _find_stream(self) -> VideoStream:
        for stream in self.container.streams.video:
            if not stream.disposition & Disposition.attached_pic:
                return stream
        raise PreviewFailed("damaged", "The film has no pictures.")

    def _seek(self, seconds: float) -> None:
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
        raise PreviewFailed("damaged", f"The file cannot be opened: {error.strerror}.") from None


def to_image(frame: VideoFrame, stream: VideoStream, longest: int = 1280) -> Image.Image:
    """In RGB, upright, with square pixels, no side longer than `longest`."""
    ratio = stream.sample_aspect_ratio
    width, height = frame.width * float(ratio or 1), float(frame.height)
    shrink = min(1.0, longest / max(width, height))
    size = max(2, round(width * shrink)), max(2, round(height * shrink))
    plain = frame.reformat(size[0], size[1], format="rgb24", threads=1)
    plane = plain.planes[0]
    image = Image.frombuffer("RGB", size, bytes(plane), "raw", "RGB", plane.line_size, 1)
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image
