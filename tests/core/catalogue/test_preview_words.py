"""Previews in words."""

from uuid import uuid4

import pytest

from core.catalogue.preview_words import LINES, clock, contents, summary
from core.catalogue.previews import PreviewView
from schemas.preview import (
    Archive,
    Description,
    Document,
    Entry,
    Excerpt,
    Film,
    Outcome,
    Pages,
    Picture,
    Sound,
    Unknown,
)

LISTING = Archive("zip", [Entry("a/", folder=True), Entry("a/b.txt", 1200)], 2)


def of(description: Description, outcome: Outcome = "made") -> PreviewView:
    return PreviewView(uuid4(), "cours", 5, outcome, description, [])


@pytest.mark.parametrize(
    ("description", "french", "english"),
    [
        (LISTING, "Archive ZIP\u00a0: 2 éléments", "ZIP archive: 2 entries"),
        (Archive("7z", [], 1, at_least=True), "Archive 7Z\u00a0: au moins 1", "7Z archive: at least 1 entry"),
        (Pages(1), "PDF\u00a0: 1 page", "PDF: 1 page"),
        (Film("mp4", 125.4, 1920, 1080, [], 12.0), "Vidéo · 2:05 · 1920 × 1080", "Video · 2:05 · 1920 ×"),
        (Film("mkv", None, 640, 480, [], 0.0), "Vidéo · 640 × 480", "Video · 640 × 480"),
        (Sound("flac", 3725.0, {}), "Audio · 1:02:05", "Audio · 1:02:05"),
        (Sound("mp3", None, {}), "Audio", "Audio"),
        (Picture("JPEG", 4000, 3000), "Image · 4000 × 3000", "Picture · 4000 × 3000"),
        (Document("docx"), "Document DOCX", "DOCX document"),
        (Excerpt("utf-8", "x", True), "Texte", "Text"),
        (Excerpt("utf-8", "x", False), "Texte, le début", "Text, the beginning"),
        (Unknown("HEIC image"), "HEIC image", "HEIC image"),
    ],
    ids=str,
)
def test_every_kind_has_its_words(description: Description, french: str, english: str) -> None:
    assert summary("fr", of(description)).startswith(french)
    assert summary("en", of(description)).startswith(english)


def test_a_preview_that_could_not_be_made_says_why() -> None:
    unknown = Unknown("PDF document")
    assert "Preview unavailable (file too large)" in summary("en", of(unknown, "too-large"))
    assert "Aperçu indisponible (fichier trop volumineux)" in summary("fr", of(unknown, "too-large"))
    assert "password" in summary("en", of(unknown, "locked"))
    assert "No preview could be made" in summary("en", of(unknown, "damaged"))
    assert "password" in summary("en", of(Archive("zip", [], 1, encrypted=True)))


def test_what_is_inside_is_listed() -> None:
    assert contents("en", of(LISTING)) == ["a/", "a/b.txt · 1.2\u00a0KB"]
    assert contents("en", of(Document("epub", "Title", ["One", "Two"]))) == ["Title", "One", "Two"]
    assert contents("en", of(Sound("mp3", 3.0, {"artist": "Awa"}))) == ["Awa"]
    assert contents("en", of(Picture("PNG", 1, 1))) == []


def test_code_keeps_its_indentation_and_loses_its_controls() -> None:
    code = Excerpt("utf-8", "if x:\n\ty = '\x1b[31m\u202e'\n", True)
    assert contents("en", of(code)) == ["if x:", "    y = ' [31m'"]


def test_a_long_list_is_cut_and_says_so() -> None:
    many = Archive("tar", [Entry(f"{number}.txt") for number in range(1000)], 1000)
    assert len(contents("en", of(many))) == LINES + 1
    assert contents("en", of(many))[-1] == "…"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "0:00"), (59.6, "1:00"), (3599.0, "59:59"), (3600.0, "1:00:00")]
)
def test_durations_are_shown_as_players_do(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
