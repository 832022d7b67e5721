"""Which ZIP archives are documents, by the names in them."""

import re
from collections.abc import Set

from schemas.preview import Kind

OFFICE = {"word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "META-INF/container.xml"}
OTHERS = {"Index/Document.iwa", "Index.zip"}
OPEN = {"content.xml", "mimetype"}
_BESIDE = ("/", ".xml", ".txt", ".nfo", ".db", ".DS_Store")  # what readers of comics put beside the pages
_PICTURE = re.compile(r"\d.*\.(jpe?g|png|webp|gif|avif)$", re.IGNORECASE)


def document_in(names: Set[str]) -> Kind | None:
    """The maker that looks into an archive with these names further; None of an ordinary one."""
    if names & OFFICE:
        return "document"
    if names & OTHERS or names >= OPEN:
        return "open-document"
    files = [name for name in names if not name.endswith(_BESIDE)]
    comic = sum(bool(_PICTURE.search(name)) for name in files)
    return "open-document" if comic >= 3 and comic * 10 >= len(files) * 8 else None
