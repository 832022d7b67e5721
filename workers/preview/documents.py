"""Which archives are documents or comics, by the names in them."""

import re
from collections.abc import Iterable, Set

from schemas.preview import Kind

BOOK = "META-INF/container.xml"
# Offices on the web number it: document2.xml.
_OFFICE = re.compile(r"(word/document|xl/workbook|ppt/presentation)\d{0,3}\.xml")
OTHERS = {"Index/Document.iwa", "Index.zip", "index.apxl", "buildVersionHistory.plist"}
"""Parts of documents of Apple, the last two of before 2013."""
OPEN = {"content.xml", "mimetype"}
ENCRYPTED = "encrypted-package"
"""The one part of an OpenDocument that is encrypted as a whole (OpenDocument 1.4, part 2, 3.4)."""
_BESIDE = ("/", ".xml", ".txt", ".nfo", ".db", ".DS_Store")  # what readers of comics put beside the pages
_PICTURE = re.compile(r"\d.*\.(jpe?g|png|webp|gif|avif)$", re.IGNORECASE)


def document_in(names: Set[str]) -> Kind | None:
    """The maker that looks into a ZIP archive with these names further; None of an ordinary one."""
    if BOOK in names or office_part(names):
        return "document"
    if names & OTHERS or names >= OPEN or names >= {ENCRYPTED, "mimetype"}:
        return "open-document"
    return "open-document" if is_comic(names) else None


def promised_by(head: bytes) -> Set[str]:
    """Parts that an archive of more names than are listed has by its first one (APPNOTE 6.3.10, 4.3.7).

    EPUB and OpenDocument begin with a part "mimetype", Office documents mostly with the list of their types.
    """
    first = head[30:128]
    if first.startswith(b"mimetypeapplication/epub+zip"):
        return {BOOK}
    if first.startswith(b"mimetypeapplication/vnd.oasis.opendocument."):
        return OPEN
    return {"word/document.xml"} if first.startswith(b"[Content_Types].xml") else set()


def office_part(names: Iterable[str]) -> str:
    """The part with the text, the sheets or the slides of an Office document; empty of other archives."""
    return min(filter(_OFFICE.fullmatch, names), default="")


def is_comic(names: Set[str]) -> bool:
    """Whether an archive with these names is one of numbered pictures, and little else."""
    files = [name for name in names if not name.endswith(_BESIDE)]
    pages = sum(bool(_PICTURE.search(name)) for name in files)
    return pages >= 3 and pages * 10 >= len(files) * 8
