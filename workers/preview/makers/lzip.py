"""lzip: LZMA in a frame of its own (https://www.nongnu.org/lzip/manual/lzip_manual.html, "File format")."""

import io
import lzma
from typing import IO

CHUNK = 1 << 16
_HEADER, _TRAILER = 6, 20


class Lzip(io.RawIOBase):
    """What a file of lzip unpacks to. Raises `lzma.LZMAError` where it is broken."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._rest = b""
        self._member = self._begin()

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer; 0 at the end."""
        while self._member is not None:
            if self._member.eof:
                self._rest = self._member.unused_data
                self._take(_TRAILER)
                self._member = self._begin()
                continue
            packed = self._rest if self._rest or not self._member.needs_input else self._file.read(CHUNK)
            if not packed and self._member.needs_input:
                raise EOFError("the file ends in the middle of a member")
            content = self._member.decompress(packed, len(buffer))
            self._rest = b""
            if content:
                buffer[: len(content)] = content
                return len(content)
        return 0

    def _begin(self) -> lzma.LZMADecompressor | None:
        header = self._take(_HEADER)
        if not header:
            return None
        if header[:5] != b"LZIP\1" or len(header) < _HEADER:
            raise lzma.LZMAError("no member of lzip")
        size = 1 << (header[5] & 31)
        size -= size // 16 * (header[5] >> 5)
        options = {"id": lzma.FILTER_LZMA1, "dict_size": size, "lc": 3, "lp": 0, "pb": 2}
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[options])

    def _take(self, length: int) -> bytes:
        while len(self._rest) < length and (more := self._file.read(CHUNK)):
            self._rest += more
        taken, self._rest = self._rest[:length], self._rest[length:]
        return taken
