"""Reads an iterator of byte chunks as a file is read."""

from collections.abc import Iterator


class Chunks:
    """A file to read (`read`, `readline`) over an iterator of chunks; holds no more than one."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most so many; none at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = chunk
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def readline(self, size: int, /) -> bytes:
        """The bytes up to the next line break, at most so many."""
        line = b""
        while len(line) < size and not line.endswith(b"\n"):
            byte = self.read(1)
            if not byte:
                break
            line += byte
        return line
