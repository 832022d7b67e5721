"""The media type that the ending of a file's name stands for, the same on every host.

Python's own table is read together with the host's (`/etc/mime.types`, which small images lack), and any
library may add to it: the same file would be served as another thing by another process.
"""

from mimetypes import MimeTypes

# https://www.iana.org/assignments/media-types, but for what is not registered (azw3, 7z, iso).
_MORE = {
    "application/epub+zip": "epub",
    "application/vnd.amazon.mobi8-ebook": "azw3",
    "application/vnd.apple.keynote": "key",
    "application/vnd.apple.numbers": "numbers",
    "application/vnd.apple.pages": "pages",
    "application/vnd.comicbook+zip": "cbz",
    "application/vnd.comicbook-rar": "cbr",
    "application/vnd.ms-cab-compressed": "cab",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsm",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": "pptm",
    "application/vnd.ms-word.document.macroenabled.12": "docm",
    "application/vnd.oasis.opendocument.graphics": "odg",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.rar": "rar",
    "application/vnd.sqlite3": "sqlite",
    "application/x-7z-compressed": "7z",
    "application/x-fictionbook+xml": "fb2",
    "application/x-iso9660-image": "iso",
    "application/x-mobipocket-ebook": "mobi",
    "application/zstd": "zst",
    "audio/flac": "flac",
    "audio/mp4": "m4a m4b",
    "audio/ogg": "ogg oga opus",
    "font/otf": "otf",
    "font/ttf": "ttf",
    "font/woff": "woff",
    "font/woff2": "woff2",
    "image/avif": "avif",
    "image/jxl": "jxl",
    "image/vnd.adobe.photoshop": "psd",
    "image/vnd.djvu": "djvu",
    "image/webp": "webp",
    "model/gltf-binary": "glb",
    "model/obj": "obj",
    "model/stl": "stl",
    "text/markdown": "md markdown",
    "video/mp2t": "ts m2ts mts",
    "video/ogg": "ogv",
    "video/x-flv": "flv",
    "video/x-m4v": "m4v",
    "video/x-matroska": "mkv",
    "video/x-ms-wmv": "wmv",
}


def _table() -> MimeTypes:
    table = MimeTypes()  # Python's defaults alone
    for media_type, endings in _MORE.items():
        for ending in endings.split():
            table.add_type(media_type, f".{ending}")
    return table


_TYPES = _table()


def media_type_of(name: str) -> str | None:
    """The type of a file with this name; None where its ending says none."""
    return _TYPES.guess_type(name)[0]


def ending_for(media_type: str) -> str:
    """An ending with its dot for files of this type; empty where none is known."""
    return _TYPES.guess_extension(media_type) or ""
