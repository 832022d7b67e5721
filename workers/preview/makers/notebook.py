"""Notebooks of Jupyter: the headings of their texts (nbformat 4, https://nbformat.readthedocs.io)."""

import json
import re

from schemas.preview import Document
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make, read_whole
from workers.preview.makers.names import shown_name
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

WHOLE = 16 << 20
LINES = 200
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def prepare(task: Task) -> Make:
    """Load the reader of JSON."""
    json.loads("{}")

    def make(reader: Reader, link: Link) -> Made:
        content = read_whole(reader, WHOLE, "The notebook is too large to be looked into.")
        try:
            notebook = json.loads(content)
        except (ValueError, RecursionError):
            raise PreviewFailed("damaged", "The notebook is damaged.") from None
        headings: list[str] = []
        letters = 0
        for cell in _dicts(notebook.get("cells")):
            text = _text(cell.get("source"))
            letters += len(text)
            if cell.get("cell_type") == "markdown":
                headings += [shown_name(heading) for heading in _HEADING.findall(text)]
        metadata = notebook.get("metadata")
        title = metadata.get("title") if isinstance(metadata, dict) else ""
        outline = task.shares.outline(headings[:LINES], letters)
        return Made(Document("notebook", shown_name(title if isinstance(title, str) else ""), outline))

    return make


def _dicts(cells: object) -> list[dict[str, object]]:
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []


def _text(source: object) -> str:
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
