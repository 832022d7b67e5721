"""Comics in RAR archives (CBR): the first page, where it was stored as it is.

What is packed is not: only programs of others unpack RAR. Pages are JPEG as a rule, which packing makes no
smaller, so most comics store them.
"""

import io
from typing import IO, cast

import rarfile

from workers.preview.errors import PreviewFailed
from workers.preview.makers import rar_archive
from workers.preview.makers.image import open_image, prepare_formats
from workers.preview.makers.made import Made, Make
from workers.preview.makers.open_document import PICTURE, comic_cover
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader, ReadFile


def prepare(task: Task) -> Make:
    """Load what reads archives and pictures."""
    rar_archive.prepare(task)
    prepare_pictures()
    prepare_formats()

    def make(reader: Reader, link: Link) -> Made:
        file = cast(IO[bytes], io.BufferedReader(ReadFile(reader), 4096))
        members = {
            member.filename: member
            for member in rarfile.RarFile(file, part_only=True, errors="stop").infolist()
            if member.filename and member.is_file()
        }
        page = members.get(comic_cover(members) or "")
        stored = page is not None and page.compress_type == rarfile.RAR_M0 and not page.needs_password()
        if page is not None and stored and page.file_size <= PICTURE:
            content = reader.pread(page.data_offset, page.file_size)
            if picture := open_image(io.BytesIO(content), task.shares.picture, task.memory):
                link.picture("poster.jpg", encode(picture, task.watermark))
        raise PreviewFailed("damaged", "The archive is no document.")  # its list of files is shown

    return make
