"""Previews in words."""

import re
from dataclasses import replace
from importlib.resources import files
from uuid import uuid4

import pytest

from core.catalogue.preview_words import LINES, clock, contents, summary
from core.catalogue.previews import PreviewView
from core.uploads import kinds, text_kinds
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
        (Excerpt("utf-8", "x", 1), "Texte\u00a0: 1 ligne", "Text: 1 line"),
        (Excerpt("utf-8", "x", 900, True), "Texte\u00a0: au moins 900 lignes", "Text: at least 900 lines"),
        (Excerpt("utf-8", "x", 9, label="Lightroom preset"), "Préréglage Lightroom", "Lightroom preset: 9"),
        (Document("odt"), "Document ODT", "ODT document"),
        (Document("sqlite"), "Base de données SQLite", "SQLite database"),
        (Unknown("HEIC image"), "Image HEIC", "HEIC picture"),
        (Unknown("Something new"), "Something new", "Something new"),
    ],
    ids=str,
)
def test_every_kind_has_its_words(description: Description, french: str, english: str) -> None:
    assert summary("fr", of(description)).startswith(french)
    assert summary("en", of(description)).startswith(english)


def test_every_type_of_file_has_its_word_in_both_languages() -> None:
    tables = [
        kinds._BEGINNINGS,
        kinds._BRANDS.values(),
        kinds._RIFF.values(),
        text_kinds._TAGS,
        text_kinds._FIRST_WORDS,
    ]
    labels = {str(entry[-1]) for table in tables for entry in table}
    labels |= {
        "MPEG transport stream",
        "Camera raw image",
        "TIFF image",
        "Disc image (ISO)",
        "Empty file",
        "Markdown",
        "File",
    }
    for language in ("fr", "en"):
        words = files("core").joinpath("locales", language, "previews.ftl").read_text()
        for label in labels - SOUNDS:
            kind = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
            assert f"[{'n' if kind[0].isdigit() else ''}{kind}] " in words, label


SOUNDS = {"M4A", "WAV", "FLAC", "Ogg", "APE", "WavPack", "Wave64", "DSF", "DFF", "AU", "CAF", "AMR", "TTA"}
SOUNDS |= {"Musepack", "AC-3", "DTS"}
"""Names that are the same in every language."""


def test_the_tracks_of_a_midi_are_counted() -> None:
    sound = Sound("midi", 8.0, {"tracks": "3", "title": "Song"})
    assert contents("fr", of(sound)) == ["Song", "3 pistes"]


def test_a_sample_is_said_to_be_one() -> None:
    sample = replace(of(Pages(3)), own=True)
    assert summary("en", sample) == "A sample chosen by the seller:\nPDF: 3 pages"
    assert summary("fr", sample).startswith("Extrait choisi par le vendeur\u00a0:\n")


def test_a_preview_that_could_not_be_made_says_why() -> None:
    unknown = Unknown("PDF document")
    assert "Preview unavailable (file too large)" in summary("en", of(unknown, "too-large"))
    assert "Aperçu indisponible (fichier trop volumineux)" in summary("fr", of(unknown, "too-large"))
    assert "password" in summary("en", of(unknown, "locked"))
    assert "No preview could be made" in summary("en", of(unknown, "damaged"))
    assert "password" in summary("en", of(Archive("zip", [], 1, encrypted=True)))


def test_a_pack_is_named_as_what_is_sold() -> None:
    samples = Archive("zip", [Entry(f"kick {number}.wav", 90_000) for number in range(9)], 9)
    assert summary("en", of(samples)) == "Samples for music · ZIP archive: 9 entries"
    assert summary("fr", of(samples)).startswith("Samples pour la musique · ")


def test_what_is_inside_is_listed() -> None:
    assert contents("en", of(LISTING)) == ["a/", "a/b.txt · 1.2\u00a0kB"]
    assert contents("en", of(Document("epub", "Title", ["One", "Two"]))) == ["Title", "One", "Two"]
    assert contents("en", of(Sound("mp3", 3.0, {"artist": "Awa"}))) == ["Awa"]
    assert contents("en", of(Picture("PNG", 1, 1))) == []


def test_code_keeps_its_indentation_and_loses_its_controls() -> None:
    code = Excerpt("utf-8", "if x:\n\ty = '\x1b[31m\u202e'\n", 2)
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


def test_of_an_archive_the_first_fifty_names_are_shown() -> None:
    entries = [Entry(f"{number}.txt") for number in range(60)]
    shown = contents("en", of(Archive("zip", entries, 60)))
    assert [line.split(" ")[0] for line in shown] == [*(f"{number}.txt" for number in range(50)), "…"]
