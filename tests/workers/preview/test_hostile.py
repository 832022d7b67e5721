"""Files and stores that mean harm or are broken: each has a named end, and the next preview is made."""

import io
import random
import socket
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3

from schemas.preview import Archive, Excerpt, Outcome, Pages, Picture, Unknown
from tests.workers.preview import files
from tests.workers.preview.files import H264
from tests.workers.preview.server import Handler, Server, serve
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.ranges import Budget
from workers.preview.source import FileSource, HttpSource

FULL = Wish(ffmpeg=find_ffmpeg(), own=True)
PDF = {"locked": files.MUPDF.PDF_ENCRYPT_AES_256}


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., Preview]:
    """Make a preview of these bytes under a name that says something else."""

    def look_at(content: bytes, budget: Budget | None = None) -> Preview:
        path = tmp_path / "holiday.mp4"
        path.write_bytes(content)
        return make_preview(FileSource(path), FULL, budget)

    return look_at


Look = Callable[..., Preview]


@pytest.fixture
def trap() -> Iterator[tuple[str, list[bytes]]]:
    """A loopback server whose address stands in hostile files, and the connections that it got."""
    caught: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    caught.append(b"connected")

        threading.Thread(target=listen, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}", caught
        listener.shutdown(socket.SHUT_RDWR)


PLAYLISTS = {
    "HLS": "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://{trap}/stolen.ts\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile 'http://{trap}/stolen.ts'\nfile '/etc/passwd'\n",
    "DASH": '<?xml version="1.0"?><MPD><BaseURL>http://{trap}/</BaseURL></MPD>',
    "XXE": '<!DOCTYPE a [<!ENTITY x SYSTEM "http://{trap}/x">]><a>&x;</a>',
}


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_playlist_named_as_a_film_is_text_and_opens_nothing(
    look: Look, trap: tuple[str, list[bytes]], kind: str
) -> None:
    address, caught = trap

    preview = look(PLAYLISTS[kind].format(trap=address).encode())

    assert isinstance(preview.description, Excerpt)
    assert address in preview.description.text
    assert caught == []


def test_a_drawing_opens_nothing_that_it_refers_to(look: Look, trap: tuple[str, list[bytes]]) -> None:
    address, caught = trap
    inside = f'<image href="http://{address}/x.png"/><image href="file:///etc/passwd"/><use href="/x.svg#a"/>'
    style = f'<style>@import url("http://{address}/x.css");</style><script href="http://{address}/x.js"/>'

    preview = look(f'<svg xmlns="http://www.w3.org/2000/svg">{style}{inside}</svg>'.encode())

    assert (preview.outcome, preview.description) == ("made", Picture("SVG", 300, 150))
    assert caught == []


@pytest.mark.parametrize("kind", ["HLS", "concat"])
def test_a_playlist_behind_the_head_of_a_film_opens_nothing(
    look: Look, trap: tuple[str, list[bytes]], kind: str
) -> None:
    address, caught = trap
    text = PLAYLISTS[kind].format(trap=address).encode()

    for head in (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", b"\x1aE\xdf\xa3", b"OggS\0\2", b"ID3\4\0\0\0\0\0\0"):
        assert look(head + text).outcome == "damaged"

    assert caught == []


def test_a_document_that_refers_to_others_opens_nothing(look: Look, trap: tuple[str, list[bytes]]) -> None:
    address, caught = trap
    entity = f'<!DOCTYPE c [<!ENTITY x SYSTEM "http://{address}/x">]><c><title>&x;</title></c>'
    nav = f'<html><body><img src="http://{address}/x.png"/><img src="file:///etc/passwd"/>words</body></html>'
    spine = '<package><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine>'

    word = look(files.zip_of({**files.DOCX, "docProps/core.xml": entity}))
    book = look(files.zip_of({**files.EPUB, "OEBPS/book.opf": spine + "</package>", "OEBPS/a.xhtml": nav}))

    assert (word.outcome, book.outcome) == ("made", "made")
    assert caught == []


def test_a_film_that_refers_to_another_file_opens_nothing(
    look: Look, tmp_path: Path, trap: tuple[str, list[bytes]]
) -> None:
    _, caught = trap
    film = files.clip(tmp_path, "film.mp4", *H264, seconds=2).read_bytes()
    here = film.index(b"url \0\0\0\1")  # the data is in this file; ISO/IEC 14496-12, 8.7.2
    elsewhere = film[:here] + b"url \0\0\0\0" + film[here + 8 :]

    assert look(elsewhere).outcome in ("made", "damaged")
    assert caught == []


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("end.mp4", "damaged"), ("film.mkv", "made"), ("a.mp3", "made"), ("a.flac", "made")],
)
def test_a_truncated_film_or_sound_has_a_named_end(
    look: Look, tmp_path: Path, name: str, outcome: str
) -> None:
    options = H264 if name in ("end.mp4", "film.mkv") else ("-map", "1")
    content = files.clip(tmp_path, name, *options).read_bytes()

    preview = look(content[: len(content) // 2])

    assert preview.outcome == outcome
    assert preview.pictures


WHOLE = {
    "ZIP": files.zip_of({f"{n}.txt": b"x" * 500 for n in range(200)}),
    "TAR": files.tar_of({f"{n}.txt": 5000 for n in range(50)}),
    "TAR, gzip": files.tar_of({f"{n}.txt": 5000 for n in range(50)}, "w:gz"),
    "7z": files.seven_zip_of([f"{n}.txt" for n in range(50)]),
    "RAR": files.rar_of({f"{n}.txt": 5000 for n in range(50)}),
    "JPEG": files.encoded(files.photo(), "JPEG"),
    "PNG": files.encoded(files.photo(), "PNG"),
    "PDF": files.pdf(5),
}
# What becomes of them: cut in the middle; with noise after 100 bytes; with nothing but zeroes after 20. What
# has a list or a picture by then is shown; a cut 7z may be the first part of a split one; a TAR without its
# magic is a file of no known kind; MuPDF mends.
BROKEN: dict[str, tuple[Outcome, Outcome, Outcome]] = {
    "ZIP": ("damaged", "damaged", "damaged"),
    "TAR": ("partial", "made", "made"),
    "TAR, gzip": ("partial", "made", "made"),
    "7z": ("partial", "damaged", "damaged"),
    "RAR": ("partial", "partial", "damaged"),
    "JPEG": ("partial", "damaged", "damaged"),
    "PNG": ("partial", "damaged", "damaged"),
    "PDF": ("made", "damaged", "damaged"),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_broken_has_a_named_end_and_something_to_show(look: Look, kind: str) -> None:
    content, chance = WHOLE[kind], random.Random(7)
    half = content[: len(content) // 2]
    noisy = content[:100] + chance.randbytes(len(content) - 100)

    previews = [look(broken) for broken in (half, noisy, content[:20] + bytes(len(content)))]

    assert tuple(preview.outcome for preview in previews) == BROKEN[kind]
    for preview in previews:
        assert preview.outcome == "made" or preview.reason
        assert preview.pictures or isinstance(preview.description, Archive)


def test_a_pdf_with_a_password_says_so(look: Look) -> None:
    preview = look(files.pdf(2, encryption=PDF["locked"], user_pw="secret", owner_pw="other"))

    assert (preview.outcome, preview.description) == ("locked", Unknown("PDF"))
    assert set(preview.pictures) == {"icon.jpg"}


def test_a_pdf_that_only_its_owner_may_change_is_shown(look: Look) -> None:
    preview = look(files.pdf(2, encryption=PDF["locked"], owner_pw="other"))

    assert preview.description == Pages(2, "A book")


def test_a_pdf_with_a_broken_cross_reference_is_mended_or_named(look: Look) -> None:
    content = files.pdf(20)
    cut = content[: content.rindex(b"startxref")] + b"startxref\n99\n%%EOF"

    assert look(cut).description == Pages(20, "A book")
    short = look(cut + bytes(3_000_000), Budget(bytes=1 << 20))
    assert short.outcome == "over-budget"


def test_encrypted_entries_are_marked(look: Look) -> None:
    content = bytearray(files.zip_of({"secret.txt": b"x"}))
    content[content.index(b"PK\1\2") + 8] |= 1

    archive = look(bytes(content)).description
    assert isinstance(archive, Archive)
    assert (archive.encrypted, archive.entries[0].encrypted) == (True, True)

    seven = look(files.seven_zip_of(["secret.txt"], password="x")).description
    assert isinstance(seven, Archive)
    assert (seven.encrypted, seven.entries[0].encrypted) == (True, True)


def test_a_7z_whose_names_are_encrypted_is_locked(look: Look) -> None:
    assert look(files.seven_zip_of(["secret.txt"], password="x", header_encryption=True)).outcome == "locked"


def test_a_rar_whose_names_are_encrypted_is_locked(look: Look) -> None:
    preview = look(files.locked_rar())

    assert preview.outcome == "locked"
    assert "password" in preview.reason


def test_a_zip_bomb_costs_what_its_names_cost(look: Look) -> None:
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.txt", bytes(100_000_000))
        content = buffer.getvalue()

    preview = look(content)

    assert isinstance(preview.description, Archive)
    assert preview.description.entries[0].size == 100_000_000
    assert preview.cost.peak_rss < 48 << 20


def test_a_document_that_unpacks_to_much_is_read_to_a_limit(look: Look) -> None:
    bomb = "<w>" + " " * 60_000_000
    preview = look(files.zip_of({**files.DOCX, "word/document.xml": bomb, "docProps/thumbnail.jpeg": bomb}))

    assert preview.outcome in ("made", "damaged")
    assert preview.cost.peak_rss < 200 << 20


def test_a_compressed_tar_that_unpacks_for_ever_ends(look: Look) -> None:
    preview = look(files.tar_of({"zero": 400_000_000, "after": 5}, "w:gz"))

    assert isinstance(preview.description, Archive)
    assert (preview.outcome, preview.description.count, preview.description.at_least) == ("partial", 1, True)


NAMES = {
    "../../etc/passwd": "../../etc/passwd",
    "x" * 300 + ".txt": "x" * 259 + "…" + "x" * 36 + ".txt",
    "gpj\u202eexe.txt": "gpjexe.txt",
    "a\0b\nc\x1b[31m.txt": "a b c [31m.txt",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
}


def test_names_are_shown_and_never_followed(look: Look) -> None:
    preview = look(files.zip_of({name.replace("\0", "\x01"): b"" for name in NAMES}))

    assert isinstance(preview.description, Archive)
    assert [entry.name for entry in preview.description.entries] == list(NAMES.values())


def test_names_in_no_encoding_are_shown(look: Look) -> None:
    content = bytearray(files.zip_of({"AAAA.txt": b""}))
    content[:] = content.replace(b"AAAA", b"\xff\xfe\x80\x81")

    archive = look(bytes(content)).description

    assert isinstance(archive, Archive)
    assert archive.entries[0].name.endswith(".txt")
    tar = look(files.tar_of({"AAAA.txt": 0}).replace(b"AAAA", b"\xff\xfe\x80\x81")).description
    assert isinstance(tar, Archive | Unknown)


def test_an_image_of_gigapixels_is_refused_unread(look: Look) -> None:
    preview = look(files.huge_png(60_000, 60_000))

    assert preview.outcome == "too-big"
    assert "60000 × 60000" in preview.reason
    assert preview.cost.peak_rss < 80 << 20


def test_a_page_as_large_as_a_house_is_drawn_small(look: Look) -> None:
    with files.MUPDF.open() as document:
        document.new_page(width=144_000, height=144_000)
        content = document.tobytes()

    preview = look(content)

    assert preview.outcome == "made"
    assert preview.cost.peak_rss < 200 << 20


def test_an_index_larger_than_the_budget_is_not_fetched(pool: urllib3.PoolManager) -> None:
    huge = 1 << 30
    head = struct.pack(">I4s", 24, b"ftyp") + b"isom" + bytes(12) + struct.pack(">I4s", huge, b"moov")

    class Large(bytes):
        def __len__(self) -> int:
            return huge + 24

    with serve(Large(head + bytes(100_000))) as server:
        preview = make_preview(HttpSource(lambda: server.url, pool))

    assert preview.outcome == "over-budget"
    assert preview.cost.bytes < 200_000


def test_a_file_replaced_meanwhile_shows_nothing_of_either(pool: urllib3.PoolManager) -> None:
    def replace_it(server: Server, handler: Handler, start: int, stop: int) -> bool:
        server.etag = f'"{len(server.ranges)}"'
        return False

    with serve(files.pdf(600), replace_it) as server:
        preview = make_preview(HttpSource(lambda: server.url, pool))

    assert (preview.outcome, preview.description) == ("changed", Unknown("PDF"))
    assert set(preview.pictures) == {"icon.jpg"}


@pytest.mark.parametrize("kind", ["silent", "slow", "whole", "away"])
def test_a_bad_store_has_a_named_end_within_the_deadline(pool: urllib3.PoolManager, kind: str) -> None:
    def misbehave(server: Server, handler: Handler, start: int, stop: int) -> bool:
        if kind == "whole":
            handler.send_head(200, len(server.content))
            handler.wfile.write(server.content)
        elif kind == "away":
            handler.send_head(503, 0)
        else:
            if kind == "slow":
                handler.send_head(206, stop - start, f"bytes {start}-{stop - 1}/{len(server.content)}")
            while not server.stopping.wait(0.05):
                handler.wfile.write(b"x" * (kind == "slow"))
        return True

    seconds = 1.0 if kind in ("silent", "slow") else 20.0
    with serve(files.pdf(600), misbehave) as server:
        preview = make_preview(HttpSource(lambda: server.url, pool), budget=Budget(seconds=seconds))

    named = {"silent": "late", "slow": "late", "whole": "no-ranges", "away": "unavailable"}
    assert preview.outcome == named[kind]
    assert set(preview.pictures) == {"icon.jpg"}


def test_the_worker_goes_on_after_all_of_it(look: Look) -> None:
    before = set(threading.enumerate())
    for content in (b"%PDF-1.7\n" + bytes(9000), b"PK\3\4" + bytes(9000), b"fLaC" + bytes(9000)):
        assert look(content).outcome == "damaged"

    assert look(files.pdf(1)).outcome == "made"
    assert set(threading.enumerate()) <= before, "threads of earlier tests may end, none may come"
