"""SQLite: the tables and their columns, from the schema alone (https://www.sqlite.org/fileformat2.html).

SQLite itself wants a file to open, or all of it in memory; the schema is a table that begins on page 1. No
row of the seller's is read, and the names are a tenth of the file at most: a schema may be the goods itself.
"""

import re
import sqlite3
from collections.abc import Iterator

from core.catalogue.preview_shares import Shares
from schemas.preview import Document
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import shown_name
from workers.preview.protocol import Task
from workers.preview.remote import Reader

PAGES, TABLES, COLUMNS = 256, 200, 30
LONGEST_SCHEMA = 16 << 10  # bytes of one CREATE TABLE
_INTERIOR, _LEAF = 5, 13
_HEADER = 100
ENCODINGS = {1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}


def prepare(task: Task) -> Make:
    """Load SQLite, which reads the columns out of what made a table."""
    sqlite3.connect(":memory:").close()
    return lambda reader, link: Made(Document("sqlite", "", _tables(reader, task.shares)))


def _tables(reader: Reader, shares: Shares) -> list[str]:
    """The tables that may be named, each with its columns."""
    head = reader.pread(0, _HEADER)
    if len(head) < _HEADER:
        raise PreviewFailed("damaged", "The database is damaged.")
    size = int.from_bytes(head[16:18], "big")
    size = 65536 if size == 1 else size
    if size < 512 or size & size - 1:
        raise PreviewFailed("damaged", "The database is damaged.")
    encoding = ENCODINGS.get(int.from_bytes(head[56:60], "big"), "utf-8")
    tables: list[str] = []
    for kind, name, sql in _rows(reader, size, encoding):
        if kind in ("table", "view") and not name.startswith("sqlite_") and len(tables) < TABLES:
            columns = _columns(name, sql)
            tables.append(shown_name(f"{name} ({', '.join(columns)})" if columns else name))
    return shares.outline(tables, reader.size, most=TABLES)


def _columns(name: str, sql: str) -> list[str]:
    """The columns that this CREATE TABLE makes."""
    if not re.match(r"\s*CREATE\s+TABLE\b", sql, re.IGNORECASE) or len(sql) > LONGEST_SCHEMA:
        return []
    empty = sqlite3.connect(":memory:")
    try:
        empty.execute(sql)
        quoted = name.replace('"', '""')
        return [row[1] for row in empty.execute(f'PRAGMA table_info("{quoted}")')][:COLUMNS]
    except (sqlite3.Error, sqlite3.Warning, ValueError):
        return []
    finally:
        empty.close()


def _rows(reader: Reader, size: int, encoding: str) -> Iterator[tuple[str, str, str]]:
    """Type, name and SQL of each row of the schema."""
    left, seen = [1], set[int]()
    while left and len(seen) < PAGES:
        number = left.pop(0)
        if number in seen or number < 1:
            continue
        seen.add(number)
        page = reader.pread((number - 1) * size, size)
        at = _HEADER if number == 1 else 0
        kind, count = page[at : at + 1], int.from_bytes(page[at + 3 : at + 5], "big")
        start = at + (12 if kind == bytes([_INTERIOR]) else 8)
        cells = [
            int.from_bytes(page[start + 2 * n : start + 2 * n + 2], "big")
            for n in range(min(count, size // 4))
        ]
        if kind == bytes([_INTERIOR]):
            left += [int.from_bytes(page[cell : cell + 4], "big") for cell in cells]
            left.append(int.from_bytes(page[at + 8 : at + 12], "big"))
        elif kind == bytes([_LEAF]):
            for cell in cells:
                try:
                    yield _row(page, cell, encoding)
                except (IndexError, ValueError):
                    continue
        elif number == 1:
            raise PreviewFailed("damaged", "The database is damaged.")


def _row(page: bytes, cell: int, encoding: str) -> tuple[str, str, str]:
    """A record of the schema: type, name, tbl_name, rootpage, sql. No overflow pages."""
    _, at = _number(page, cell)
    _, at = _number(page, at)
    length, body = _number(page, at)
    end = at + length
    kinds: list[int] = []
    while body < end and len(kinds) < 5:
        kind, body = _number(page, body)
        kinds.append(kind)
    texts: list[str] = []
    at = end
    for kind in kinds:
        size = (kind - 12) // 2 if kind >= 12 else (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind]
        texts.append(page[at : at + size].decode(encoding, "replace") if kind >= 12 else "")
        at += size
    return texts[0], texts[1], texts[4]


def _number(page: bytes, at: int) -> tuple[int, int]:
    """A variable-length number, and where it ends."""
    number = 0
    for place in range(9):
        byte = page[at + place]
        if place == 8:
            return number << 8 | byte, at + 9
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            return number, at + place + 1
    raise IndexError
