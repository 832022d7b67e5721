"""A few silent seconds of a film in 480 lines, coded by ffmpeg, which is given bare pictures and no file."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Thread
from typing import IO, Any, cast

import ffmpeg
from av.video.frame import VideoFrame
from PIL import Image

from schemas.preview import Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.makers import film as films
from workers.preview.makers.film import Film
from workers.preview.makers.made import Made, Make
from workers.preview.makers.orientation import Orientation
from workers.preview.makers.tone import is_high, toned
from workers.preview.pictures import prepare_pictures, stencil
from workers.preview.protocol import TEASER_LIMIT, Task
from workers.preview.remote import Link, Reader

RATE = 15
STACK = 1 << 20  # bytes
FORMAT = "yuv420p"
COLOURS = "itu601"
BLACK, WHITE, GREY = 16, 235, 128  # of brightness, and of both differences of colour (ITU-R BT.601)
FEWEST = 2  # pictures
BY_RATE = 0.75  # of the bytes that a teaser may have; the rest is for what a rate does not hold to
# Degrees counterclockwise: ffmpeg's filter that turns by as much, with its arguments.
TURNS = {90: ("transpose", "cclock"), 180: ("rotate", "PI"), 270: ("transpose", "clock")}


class Encoder:
    """ffmpeg between two pipes; started before the seal, so within its first walls only.

    It may open no protocol but pipe, and its input is raw pictures: nothing of the file's own structure.
    """

    def __init__(
        self,
        program: str,
        size: tuple[int, int],
        turned: Orientation,
        watermark: bytes = b"",
        *,
        seconds: float = 6.0,
    ) -> None:
        rate = int(TEASER_LIMIT * 8 * BY_RATE / max(seconds, 1.0))
        self._mark = _stencils(watermark, size, turned) if watermark else ()
        source = ffmpeg.input(
            "pipe:0",
            format="rawvideo",
            pix_fmt=FORMAT,
            video_size=size,
            framerate=RATE,
            protocol_whitelist="pipe",
        )
        if turned.mirrored:
            source = source.filter("hflip")
        if turned.rotation in TURNS:
            source = source.filter(*TURNS[turned.rotation])
        target = source.output(
            "pipe:1",
            format="mp4",
            vcodec="libx264",
            preset="veryfast",
            tune="zerolatency",  # looks no pictures ahead, which are memory: 56 MiB do for it, not 110
            crf=30,
            maxrate=rate,  # what is all noise fits too
            bufsize=rate,
            threads=1,
            filter_threads=1,
            movflags="frag_keyframe+empty_moov+default_base_moof",
            # Untagged, what was BT.709 would be played with other colours.
            colorspace="smpte170m",
            color_primaries="smpte170m",
            color_trc="smpte170m",
            color_range="tv",
        )
        with _small_stacks():
            self._process: subprocess.Popen[bytes] = target.global_args("-v", "quiet", "-nostdin").run_async(
                cmd=program, pipe_stdin=True, pipe_stdout=True
            )
        self._coded = b""
        self._collector = Thread(target=self._collect, daemon=True)

    def start(self) -> None:
        """Begin to collect what ffmpeg writes."""
        self._collector.start()

    def take(self, picture: VideoFrame) -> None:
        """Hand ffmpeg a picture of the film's size, with the watermark on it."""
        pipe = cast(IO[bytes], self._process.stdin)
        for number, (plane, parts) in enumerate(zip(picture.planes, (1, 2, 2), strict=True)):
            size = picture.width // parts, picture.height // parts
            rows = Image.frombuffer("L", size, bytes(plane), "raw", "L", plane.line_size, 1)
            if self._mark:
                rows = rows.copy()
                fill, outline = (self._mark[0], self._mark[1]) if parts == 1 else self._mark[2:]
                rows.paste(BLACK if number == 0 else GREY, mask=outline)
                rows.paste(WHITE if number == 0 else GREY, mask=fill)
            pipe.write(rows.tobytes())

    def finish(self) -> bytes:
        """End the film and return it. Raises `PreviewFailed` when ffmpeg failed."""
        cast(IO[bytes], self._process.stdin).close()
        self._collector.join()
        if self._process.wait() or not self._coded:
            raise PreviewFailed("crashed", "ffmpeg could not code the teaser.")
        return self._coded

    def _collect(self) -> None:
        self._coded = cast(IO[bytes], self._process.stdout).read()


def _stencils(watermark: bytes, size: tuple[int, int], turned: Orientation) -> tuple[Image.Image, ...]:
    """Fill and outline of the watermark as the pictures lie, in whole size and in half (for the colours)."""
    seen = size[::-1] if turned.rotation % 180 else size
    lying = tuple(turned.lying(image) for image in stencil(watermark, seen))
    return *lying, *(image.resize((size[0] // 2, size[1] // 2)) for image in lying)


@contextmanager
def _small_stacks() -> Iterator[None]:
    """What is started gives each of its threads so much less of its memory than the usual 8 MiB."""
    before = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (STACK, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_STACK, before)


def prepare(task: Task) -> Make:
    """Load the codecs, start ffmpeg."""
    # Pillow loads what it needs at its first picture, too.
    prepare_pictures()
    Image.frombuffer("L", (8, 8), bytes(64), "raw", "L", 8, 1).copy().tobytes()
    films.prepare()
    # The converter loads what it needs at its first picture.
    VideoFrame(16, 16, "rgb24").reformat(8, 8, format=FORMAT)
    import_module("PIL.ImageFile")  # Pillow loads it when it first gives its bytes away
    # The pictures come as they are stored; the encoder turns them.
    turned = Orientation(task.rotation, task.mirrored)
    encoder = Encoder(task.ffmpeg, task.coded_size, turned, task.watermark, seconds=task.seconds)

    def make(reader: Reader, link: Link) -> Made:
        encoder.start()
        if _feed(Film(reader), encoder, task) < FEWEST:
            raise PreviewFailed("damaged", "The film is too short to move.")
        link.picture("teaser.mp4", encoder.finish())
        return Made(Unknown("teaser"))

    return make


def _plain(frame: VideoFrame, width: int, height: int) -> VideoFrame:
    """The picture in the size and the colours of the teaser."""
    if is_high(frame.color_trc):
        image = films.to_rgb(frame, (width, height))
        from_image: Any = VideoFrame.from_image  # it has no types
        frame = from_image(toned(image, frame.color_trc))
    return frame.reformat(width, height, format=FORMAT, dst_colorspace=COLOURS, threads=1)


def _feed(film: Film, encoder: Encoder, task: Task) -> int:
    """Show the encoder the picture that is seen at each fifteenth of a second; how many those are."""
    frames_fed, most = 0, int(task.seconds * RATE)
    width, height = task.coded_size
    first_at: float | None = None
    last: Any = None
    for frame in film.frames_from(task.start):
        at = float((frame.pts or 0) * (frame.time_base or 0))
        first_at = at if first_at is None else first_at
        due = min(int((at - first_at) * RATE), most)
        while last is not None and frames_fed < due:
            encoder.take(last)
            frames_fed += 1
        if frames_fed >= most:
            return frames_fed
        last = _plain(frame, width, height)
    if last is not None and frames_fed < most:
        encoder.take(last)
        frames_fed += 1
    return frames_fed
