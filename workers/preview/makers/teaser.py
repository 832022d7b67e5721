"""Six silent seconds of a film in 480 lines, coded by ffmpeg, which is given bare pictures and no file."""

import subprocess
from threading import Thread
from typing import IO, Any, cast

import ffmpeg
from av.video.frame import VideoFrame

from schemas.preview import Unknown
from workers.preview.errors import PreviewFailed
from workers.preview.makers import film as films
from workers.preview.makers.film import Film
from workers.preview.makers.made import Made, Make
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

SECONDS, RATE = 6, 15
FORMAT = "yuv420p"
# Degrees counterclockwise: ffmpeg's filter that turns by as much, with its arguments.
TURNS = {
    90: ("transpose", "cclock"),
    -90: ("transpose", "clock"),
    180: ("rotate", "PI"),
    -180: ("rotate", "PI"),
}


class Encoder:
    """ffmpeg between two pipes; started before the seal, so within its first walls only.

    It may open no protocol but pipe, and its input is raw pictures: nothing of the file's own structure.
    """

    def __init__(self, program: str, width: int, height: int, rotation: int) -> None:
        source = ffmpeg.input(
            "pipe:0",
            format="rawvideo",
            pix_fmt=FORMAT,
            video_size=(width, height),
            framerate=RATE,
            protocol_whitelist="pipe",
        )
        if rotation in TURNS:
            source = source.filter(*TURNS[rotation])
        target = source.output(
            "pipe:1",
            format="mp4",
            vcodec="libx264",
            preset="veryfast",
            crf=30,
            threads=1,
            movflags="frag_keyframe+empty_moov+default_base_moof",
        )
        self._process: subprocess.Popen[bytes] = target.global_args("-v", "quiet", "-nostdin").run_async(
            cmd=program, pipe_stdin=True, pipe_stdout=True
        )
        self._coded = b""
        self._collector = Thread(target=self._collect, daemon=True)

    def start(self) -> None:
        """Begin to collect what ffmpeg writes."""
        self._collector.start()

    def take(self, picture: VideoFrame) -> None:
        """Hand ffmpeg a picture of the film's size."""
        pipe = cast(IO[bytes], self._process.stdin)
        for plane, parts in zip(picture.planes, (1, 2, 2), strict=True):
            rows = bytes(plane)
            width = picture.width // parts
            for row in range(picture.height // parts):
                pipe.write(rows[row * plane.line_size : row * plane.line_size + width])

    def finish(self) -> bytes:
        """End the film and return it. Raises `PreviewFailed` when ffmpeg failed."""
        cast(IO[bytes], self._process.stdin).close()
        self._collector.join()
        if self._process.wait() or not self._coded:
            raise PreviewFailed("crashed", "ffmpeg could not code the teaser.")
        return self._coded

    def _collect(self) -> None:
        self._coded = cast(IO[bytes], self._process.stdout).read()


def prepare(task: Task) -> Make:
    """Load the codecs, start ffmpeg."""
    films.prepare()
    # The converter loads what it needs at its first picture.
    VideoFrame(16, 16, "rgb24").reformat(8, 8, format=FORMAT)
    # The pictures come as they are stored; the encoder turns them.
    width, height = (task.height, task.width) if task.rotation % 180 else (task.width, task.height)
    encoder = Encoder(task.ffmpeg, width, height, task.rotation)

    def make(reader: Reader, link: Link) -> Made:
        encoder.start()
        _feed(Film(reader), encoder, task.start, width, height)
        link.picture("teaser.mp4", encoder.finish())
        return Made(Unknown("teaser"))

    return make


def _feed(film: Film, encoder: Encoder, start: float, width: int, height: int) -> None:
    """Show the encoder the picture that is seen at each fifteenth of a second."""
    frames_fed = 0
    first_at: float | None = None
    last: Any = None
    for frame in film.frames_from(start):
        at = float((frame.pts or 0) * (frame.time_base or 0))
        first_at = at if first_at is None else first_at
        due = min(int((at - first_at) * RATE), SECONDS * RATE)
        while last is not None and frames_fed < due:
            encoder.take(last)
            frames_fed += 1
        if frames_fed >= SECONDS * RATE:
            return
        last = frame.reformat(width, height, format=FORMAT, threads=1)
    if last is not None and frames_fed < SECONDS * RATE:
        encoder.take(last)
