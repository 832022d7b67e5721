"""Names and first bytes that agree, and that do not."""

import pytest

from workers.sniff import sniff

HEADS = {
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\3\4" + bytes(60),
    "mp4": b"\0\0\0\x18ftypmp42" + bytes(60),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(60),
    "jpeg": b"\xff\xd8\xff\xe0" + bytes(60),
    "mp3": b"ID3\4" + bytes(60),
    "exe": b"MZ" + bytes(60),
    "text": b"Bonjour\n",
    "noise": bytes(range(250)),
}


@pytest.mark.parametrize(
    ("name", "head", "content_type"),
    [
        ("cours.pdf", "pdf", "application/pdf"),
        ("COURS.PDF", "pdf", "application/pdf"),
        ("cours.zip", "zip", "application/zip"),
        ("cours.docx", "zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("film.mp4", "mp4", "video/mp4"),
        ("photo.jpg", "png", "image/png"),  # a picture is a picture; its bytes say which
        ("musique.mp3", "mp3", "audio/mpeg"),
        ("notes.txt", "text", "text/plain"),
        ("setup.exe", "exe", "application/octet-stream"),
        ("données.xyz", "noise", "application/octet-stream"),
        ("sans-type", "pdf", "application/pdf"),
    ],
)
def test_an_honest_name_is_handed_out_as_its_type(name: str, head: str, content_type: str) -> None:
    sniffed = sniff(HEADS[head], name)
    assert (sniffed.honest, sniffed.content_type) == (True, content_type)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("cours.pdf", "exe"),
        ("cours.pdf", "noise"),
        ("film.mp4", "zip"),
        ("photo.png", "text"),
        ("archive.zip", "pdf"),
        ("musique.mp3", "mp4"),
        ("a.exe.pdf", "exe"),
    ],
)
def test_a_name_that_promises_something_else_is_dishonest(name: str, head: str) -> None:
    assert not sniff(HEADS[head], name).honest


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("page.html", b"Bonjour"),
        ("page.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><p>"),
        ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
        ("notes.txt", b"<script>alert(1)</script>"),
        ("a.xml", b"<?xml version='1.0'?>"),
        ("a.js", b"alert(1)"),
        ("a.xhtml", b"text"),
    ],
)
def test_what_a_browser_would_run_has_no_type(name: str, head: bytes) -> None:
    assert sniff(head, name).content_type == "application/octet-stream"
