"""CAB: the list of files ([MS-CAB] 2.1 to 2.3); names and sizes alone."""

import codecs
import struct

from schemas.preview import Archive, Entry
from workers.preview.errors import PreviewFailed
from workers.preview.makers.made import Made, Make
from workers.preview.makers.names import entry
from workers.preview.makers.zip_archive import SHOWN
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

_HEADER = 36
_FILE = struct.Struct("<IIHHHH")
_UTF8 = 0x80
LIST = 512 << 10


def prepare(task: Task) -> Make:
    """Load the codecs."""
    for encoding in ("utf-8", "cp1252"):
        codecs.lookup(encoding)
    return make


def make(reader: Reader, link: Link) -> Made:
    """List the first files, with the number of all."""
    head = reader.pread(0, _HEADER)
    if len(head) < _HEADER:
        raise PreviewFailed("damaged", "The CAB archive is damaged.")
    start = struct.unpack_from("<I", head, 16)[0]
    count = struct.unpack_from("<H", head, 28)[0]
    content = reader.pread(start, LIST)
    entries: list[Entry] = []
    at = 0
    while len(entries) < min(count, SHOWN) and at + _FILE.size < len(content):
        size, _, _, _, _, attributes = _FILE.unpack_from(content, at)
        end = content.find(b"\0", at + _FILE.size)
        if end < 0:
            break
        raw = content[at + _FILE.size : end]
        name = raw.decode("utf-8" if attributes & _UTF8 else "cp1252", "replace")
        entries.append(entry(name.replace("\\", "/"), size))
        at = end + 1
    if count and not entries:
        raise PreviewFailed("damaged", "The CAB archive is damaged.")
    cut = "" if len(entries) == min(count, SHOWN) else "The CAB archive ends in the middle of its list."
    return Made(Archive("cab", entries, count), cut)
