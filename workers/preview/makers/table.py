"""Tables as text (CSV): the names of their columns, a tenth of what is written at most; no row is shown.

A table without a head begins with a row of goods: where one is a number, an address or a key, none is told.
"""

import csv

from core.catalogue.preview_shares import Shares, count_letters, is_key
from schemas.preview import Document
from workers.preview.makers.encodings import decoded, prepare_encodings
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

HEAD = 64 << 10
COLUMNS = 200
SEPARATORS = ",;\t|"


def prepare(task: Task) -> Make:
    """Load the codecs."""
    prepare_encodings()

    def make(reader: Reader, link: Link) -> Made:
        _, text = decoded(reader.pread(0, HEAD), whole=reader.size <= HEAD)
        return Made(Document("csv", "", _columns(text, task.shares)))

    return make


def _columns(text: str, shares: Shares) -> list[str]:
    """The columns that may be named by the first row of a table that begins so."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    separator = max(SEPARATORS, key=lines[0].count)
    row = next(csv.reader(lines[:1], delimiter=separator), [])
    names = [name for cell in row if (name := shown_name(cell).strip())][:COLUMNS]
    if any(_is_number(name) or is_key(name) for name in names):
        return []
    return shares.outline(names, sum(map(count_letters, lines)), most=COLUMNS)


def _is_number(name: str) -> bool:
    return name.replace(".", "").replace("-", "").isdecimal()
