"""Pictures by FFmpeg: large ones of WebP and AVIF, and codings that Pillow does not know.

A large one takes one to four bytes a pixel here, and fourteen in Pillow. What Pillow refuses is JPEG without
loss and JPEG-LS, colours in floating point in a TIFF, and grey with transparency in a JPEG 2000.
"""

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from schemas.preview import Picture
from workers.preview.canvas import LARGE_PIXEL, TOO_MANY, most_pixels, must_fit, webp_size
from workers.preview.errors import PreviewFailed
from workers.preview.makers import film as films
from workers.preview.makers.made import Made, Make
from workers.preview.makers.orientation import orientation_of
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile

TWICE = 2  # a picture is made twice as large as it is shown, and then smaller, which is smoother
FLOAT_PIXEL = 20
"""Bytes for each pixel of three colours in floating point, and of the same in bytes."""
# Type in words: the format's name, its demuxer, and the bytes of memory that each pixel may take.
CODINGS = {
    "WebP image": ("WEBP", "webp_pipe", LARGE_PIXEL),
    "AVIF image": ("AVIF", "mov", LARGE_PIXEL),
    "JPEG image": ("JPEG", "jpeg_pipe", FLOAT_PIXEL),
    "TIFF image": ("TIFF", "tiff_pipe", FLOAT_PIXEL),
    "JPEG 2000 image": ("JPEG 2000", "j2k_pipe", FLOAT_PIXEL),
}


def prepare(task: Task) -> Make:
    """Load the codecs."""
    prepare_pictures()
    films.prepare()
    name, demuxer, pixel = CODINGS[task.label]

    def make(reader: Reader, link: Link) -> Made:
        if name == "WEBP":
            size = webp_size(reader.pread(0, 30))
            must_fit(size, size, most_pixels(task.memory, pixel))
        container = films.open_media(ReadFile(reader), demuxer, {})
        stream = container.streams.video[0]
        size = stream.codec_context.width, stream.codec_context.height
        if len(container.streams.video) > 1 and name == "AVIF" and stream.frames > 1:
            raise PreviewFailed("too-big", TOO_MANY.format(*size))  # it is put together of tiles
        must_fit(size, size, most_pixels(task.memory, pixel))
        frame = _decode(container, stream, name)
        orientation = orientation_of(frame)
        size = frame.width, frame.height
        part = task.shares.picture(*size)
        upright = size[::-1] if orientation.rotation % 180 else size
        if min(part):
            image = films.to_image(frame, stream, max(part) * TWICE)
            image.thumbnail(part)
            link.picture("poster.jpg", encode(orientation.upright(image), task.watermark))
        return Made(Picture(name, *upright))

    return make


def _decode(container: InputContainer, stream: VideoStream, name: str) -> VideoFrame:
    """The picture. Raises `PreviewFailed` "damaged", also where Pillow is the better judge.

    FFmpeg takes half floats in a TIFF for whole numbers, and draws a JPEG of which little is left.
    """
    stream.codec_context.thread_count = 1
    try:
        frame = next(container.decode(stream))
    except (av.FFmpegError, StopIteration):
        raise PreviewFailed("damaged", "The picture is damaged.") from None
    if (name == "TIFF" and "f32" not in frame.format.name) or (
        name == "JPEG" and stream.codec_context.profile not in ("Lossless", "JPEG LS")
    ):
        raise PreviewFailed("damaged", "The picture is damaged.")
    # FFmpeg 8 misplaces colours in floating point where it makes them smaller in the same step.
    return frame.reformat(format="rgb24", threads=1) if name == "TIFF" else frame
