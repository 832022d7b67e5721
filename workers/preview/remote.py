"""The file as the sandboxed child sees it: every byte is requested from the parent."""

import io
import os
from typing import Protocol

import msgspec

from schemas.preview import Description
from workers.preview.errors import PreviewFailed, known_outcome
from workers.preview.protocol import (
    ABOUT,
    BYTES,
    HEADER,
    LONGEST_READ,
    PICTURE,
    PREFETCH,
    READ,
    STRETCH,
    About,
    Failed,
    pack,
    read_exactly,
)


class Reader(Protocol):
    """Random reads of a file; makers of previews get one."""

    @property
    def size(self) -> int:
        """Bytes of the whole file."""

    def pread(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, fewer than `length` only at the end."""

    def prefetch(self, offset: int, length: int) -> None:
        """Fetch a stretch that will be read, in one request."""


class Link:
    """The child's end of the socket. Uses read and write only, which the seal allows."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def send(self, kind: int, body: bytes) -> None:
        """Write a message whole."""
        message = memoryview(pack(kind, body))
        while message:
            message = message[os.write(self._descriptor, message) :]

    def receive(self) -> tuple[int, bytes]:
        """Read the next message: its kind and its body."""
        kind, length = HEADER.unpack(read_exactly(self._read, HEADER.size))
        return kind, read_exactly(self._read, length)

    def ask(self, kind: int, offset: int, length: int) -> bytes:
        """Have the parent read some bytes. Raises `PreviewFailed` with its reason when it does not."""
        self.send(kind, STRETCH.pack(offset, length))
        answer, body = self.receive()
        if answer != BYTES:
            failed = msgspec.json.decode(body, type=Failed)
            raise PreviewFailed(known_outcome(failed.outcome), failed.reason)
        return body

    def describe(self, description: Description) -> None:
        """Say what is known so far: it is kept, whatever becomes of what follows."""
        self.send(ABOUT, msgspec.json.encode(About(description)))

    def picture(self, name: str, content: bytes) -> None:
        """Hand a finished picture over."""
        title = name.encode()
        self.send(PICTURE, bytes([len(title)]) + title + content)

    def _read(self, length: int) -> bytes:
        return os.read(self._descriptor, length)


class RemoteReader:
    """A reader whose bytes come over a link from the parent."""

    def __init__(self, link: Link, size: int) -> None:
        self._link = link
        self._size = size

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self._size

    def pread(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, fewer than `length` only at the end."""
        length = min(length, self._size - offset)
        parts: list[bytes] = []
        while length > 0:
            part = self._link.ask(READ, offset, min(length, LONGEST_READ))
            parts.append(part)
            offset, length = offset + len(part), length - len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def prefetch(self, offset: int, length: int) -> None:
        """Fetch a stretch in one request, and keep it at the parent."""
        # Messages hold 32-bit lengths; the budget would refuse more anyway.
        self._link.ask(PREFETCH, max(0, offset), max(0, min(length, self._size - offset, 0xFFFFFFFF)))


class Bytes:
    """A reader of what is in memory."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    @property
    def size(self) -> int:
        """Bytes of it."""
        return len(self._content)

    def pread(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, fewer than `length` only at the end."""
        return self._content[offset : offset + length]

    def prefetch(self, offset: int, length: int) -> None:
        """Nothing: it is here."""


class ReadFile(io.RawIOBase):
    """A seekable read-only file over a reader, for libraries that want one."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._position = 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """The position in bytes."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; the end may be passed, as in any file."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._reader.size}[whence]
        if base + offset < 0:
            raise OSError(22, "negative seek position")
        self._position = base + offset
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """At most `size` bytes, fewer only at the end."""
        if size is None or size < 0:
            size = max(0, self._reader.size - self._position)
        content = self._reader.pread(self._position, size)
        self._position += len(content)
        return content

    def readall(self) -> bytes:
        """All that is left."""
        return self.read()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer."""
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)
