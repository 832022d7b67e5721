"""Large pictures of WebP and AVIF, by FFmpeg: one to four bytes a pixel, where Pillow takes fourteen."""

import av

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


def prepare(task: Task) -> Make:
    """Load the codecs."""
    prepare_pictures()
    films.prepare()

    def make(reader: Reader, link: Link) -> Made:
        webp = reader.pread(8, 4) == b"WEBP"
        name, demuxer = ("WEBP", "webp_pipe") if webp else ("AVIF", "mov")
        if webp:
            size = webp_size(reader.pread(0, 30))
            must_fit(size, size, most_pixels(task.memory, LARGE_PIXEL))
        container = films.open_media(ReadFile(reader), demuxer, {})
        stream = container.streams.video[0]
        size = stream.codec_context.width, stream.codec_context.height
        if len(container.streams.video) > 1 and not webp and stream.frames > 1:
            raise PreviewFailed("too-big", TOO_MANY.format(*size))  # it is put together of tiles
        must_fit(size, size, most_pixels(task.memory, LARGE_PIXEL))
        stream.codec_context.thread_count = 1
        try:
            frame = next(container.decode(stream))
        except (av.FFmpegError, StopIteration):
            raise PreviewFailed("damaged", "The picture is damaged.") from None
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
