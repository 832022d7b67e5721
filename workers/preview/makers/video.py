"""Video: a poster at about a tenth, eight pictures over its length, and what it is made of (A43)."""

from typing import Literal, cast

from PIL import Image, ImageStat

from schemas.preview import Film as FilmDescription
from schemas.preview import Sound, Track
from workers.preview.errors import PreviewFailed
from workers.preview.makers import film as films
from workers.preview.makers.film import Film, NoPictures
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.pictures import encode, prepare_pictures, sheet
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

POSTER_AT = 0.1
# Where else to look when that is black, as parts of the length.
INSTEAD = (0.15, 0.25, 0.4, 0.6)
STRIP = 8  # at most
STRIP_WIDTH = 480
DARK, FLAT, WHITE = 20.0, 6.0, 235.0
"""Of 255: a picture darker on average, and as even as this, shows nothing; nor does a white one."""
_KINDS = ("video", "audio", "subtitle")


def prepare(task: Task) -> Make:
    """Load the codecs."""
    prepare_pictures()
    films.prepare()

    def make(reader: Reader, link: Link) -> Made:
        try:
            film = Film(reader)
        except NoPictures:
            return Made(Sound("", None, {}))  # which another maker looks into
        return _make(film, task, link)

    return make


def _make(film: Film, task: Task, link: Link) -> Made:
    duration = film.duration
    if not film.is_readable:
        return Made(_describe(film, 0.0, []), "Its pictures are coded in a way that cannot be shown here.")
    link.describe(_describe(film, 0.0, []))  # decoding may take too long, or too much
    try:
        image, at = _poster(film, duration)
    except PreviewFailed as failed:
        return Made(_describe(film, 0.0, []), str(failed))
    size = task.shares.still(*image.size, film.pictures)
    if not min(size):
        return Made(_describe(film, at, []))
    image.thumbnail(size)
    link.picture("poster.jpg", encode(image, task.watermark))
    if task.detail == "poster":
        return Made(_describe(film, at, []))
    if not film.seekable or not duration:
        return Made(_describe(film, at, []))
    times, partial = _strip(film, duration, task, link)
    return Made(_describe(film, at, times), partial)


def _poster(film: Film, duration: float | None) -> tuple[Image.Image, float]:
    """The first picture of these that shows something; else the least dark one."""
    parts = (POSTER_AT, *INSTEAD) if film.seekable and duration else (0.0,)
    best: tuple[float, Image.Image, float] | None = None
    for part in parts:
        try:
            image, at = film.picture(part * (duration or 0.0))
        except PreviewFailed as failed:
            if failed.outcome != "damaged":
                break
            continue
        light = _light(image)
        if best is None or light > best[0]:
            best = (light, image, at)
        if light > DARK:
            break
    if best is None:
        raise PreviewFailed("damaged", "No picture of the film can be decoded.")
    return best[1], max(0.0, best[2])


def _light(image: Image.Image) -> float:
    """How much can be seen, roughly: brightness, or contrast where that is high."""
    statistics = ImageStat.Stat(image.convert("L").resize((64, 64)))
    if statistics.stddev[0] < FLAT and statistics.mean[0] > WHITE:
        return 255 - statistics.mean[0]  # a white beginning shows as little as a black one
    return statistics.mean[0] if statistics.stddev[0] < FLAT else statistics.mean[0] + statistics.stddev[0]


def _strip(film: Film, duration: float, task: Task, link: Link) -> tuple[list[float], str]:
    images: list[Image.Image] = []
    times: list[float] = []
    partial = ""
    count = min(STRIP, task.shares.stills(film.pictures))
    for number in range(count):
        try:
            image, at = film.picture(duration * (number + 0.5) / count)
        except PreviewFailed as failed:
            partial = str(failed)
            if failed.outcome != "damaged":
                break
            continue
        if at in times:
            continue  # there are fewer keyframes than places
        image.thumbnail((STRIP_WIDTH, STRIP_WIDTH))
        images.append(image)
        times.append(max(0.0, at))
    if images:
        link.picture("strip.jpg", encode(sheet(images, 4, STRIP_WIDTH), task.watermark))
    return times, partial


def _describe(film: Film, poster_at: float, times: list[float]) -> FilmDescription:
    tracks = [
        Track(
            cast(Literal["video", "audio", "subtitle"], stream.type),
            stream.codec_context.codec.canonical_name if stream.codec_context else "unknown",
            shown_name(stream.language or ""),
        )
        for stream in film.container.streams
        if stream.type in _KINDS
    ]
    width, height = film.size
    if film.orientation.rotation % 180:
        width, height = height, width
    return FilmDescription(
        film.container.format.name,
        film.duration,
        width,
        height,
        tracks[:64],
        poster_at,
        times[:STRIP],
        film.orientation.rotation,
        film.orientation.mirrored,
        film.pictures,
    )
