"""Which archives are documents or comics, by the names in them."""

import re
from collections.abc import Set

from schemas.preview import Kind

OFFICE = {"word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "META-INF/container.xml"}
OTHERS = {"Index/Document.iwa", "Index.zip"}
OPEN = {"content.xml", "mimetype"}
_BESIDE = ("/", ".xml", ".txt", ".nfo", ".db", ".DS_Store")  # what readers of comics put beside the pages
_PICTURE = re.compile(r"\d.*\.(jpe?g|png|webp|gif|avif)$", re.IGNORECASE)


def document_in(names: Set[str]) -> Kind | None:
    """The maker that looks into a ZIP archive with these names further; None of an ordinary one."""
    if names & OFFICE:
        return "document"
    if names & OTHERS or names >= OPEN:
        return "open-document"
    return "open-document" if is_comic(names) else None


def is_comic(names: Set[str]) -> bool:
    """Whether an archive with these names is one of numbered pictures, and little else."""
    files = [name for name in names if not name.endswith(_BESIDE)]
    pages = sum(bool(_PICTURE.search(name)) for name in files)
    return pages >= 3 and pages * 10 >= len(files) * 8
