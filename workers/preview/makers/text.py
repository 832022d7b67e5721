"""Text and code: the first 4 KiB."""

import codecs

from schemas.preview import Excerpt
from workers.preview.makers.made import Made, Make
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

SHOWN = 4096
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def prepare(task: Task) -> Make:
    """Load the codecs."""
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        codecs.lookup(encoding)
    return make


def make(reader: Reader, link: Link) -> Made:
    """Show the head of the text."""
    head = reader.pread(0, SHOWN)
    whole = reader.size <= SHOWN
    encoding, text = _decode(head, whole)
    excerpt = "".join(
        character if character.isprintable() or character in "\n\t" else " " for character in text
    )
    return Made(Excerpt(encoding, excerpt[:SHOWN], whole))


def _decode(head: bytes, whole: bool) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, head.decode(encoding, "replace")
    for cut in range(1 if whole else 4):  # the last character may be cut in its middle
        try:
            return "utf-8", head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return "cp1252", head.decode("cp1252", "replace")
