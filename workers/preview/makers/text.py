"""Text and code: how long it is, and the beginning of what is long enough."""

from schemas.preview import Excerpt
from workers.preview.makers.encodings import decoded, prepare_encodings
from workers.preview.makers.made import Made, Make
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

SAMPLE = 256 << 10
"""Bytes that are read: of a longer text the lines are a lower bound."""
LONGEST = 4096  # characters


def prepare(task: Task) -> Make:
    """Load the codecs."""
    prepare_encodings()

    def make(reader: Reader, link: Link) -> Made:
        return _make(reader, task)

    return make


def _make(reader: Reader, task: Task) -> Made:
    whole = reader.size <= SAMPLE
    reader.prefetch(0, min(reader.size, SAMPLE))
    encoding, text = decoded(reader.pread(0, SAMPLE), whole=whole)
    excerpt = "".join(
        character if character.isprintable() or character in "\n\t" else " "
        for character in task.shares.excerpt(text)
    )
    lines = len(text.splitlines())
    return Made(Excerpt(encoding, excerpt[:LONGEST], lines, at_least=not whole, label=task.label))
