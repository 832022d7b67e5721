"""Reads a remote file by ranges, within a budget of bytes, requests and seconds."""

import tempfile
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from workers.preview.errors import BudgetExceeded, PreviewFailed, SourceFault
from workers.preview.source import Part, Source, Version

PAGE = 4096
BLOCK = 65_536
"""Bytes; PDFs were read in 8 requests with it, in 16 with a quarter of it, for 6 % more bytes."""
LONGEST_RUN = 1 << 20
TRIES = 3
PAUSE = 0.1  # seconds before the second try; doubles


@dataclass(frozen=True)
class Budget:
    """The most that a preview may take: bytes received, requests sent, seconds."""

    bytes: int = 64 << 20
    requests: int = 256
    seconds: float = 60.0


class RangeReader:
    """Random reads of one object.

    Misses are fetched in aligned blocks; while they follow each other the run doubles up to 1 MiB.
    Everything fetched is kept in an unnamed temporary file (the budget bounds it), so nothing is paid for
    twice and memory stays flat. Not to be shared between threads.

    Raises `BudgetExceeded` before what would break the budget is asked for, and `PreviewFailed` for a
    changed object, a server without ranges, and a store that stays away.
    """

    def __init__(self, source: Source, budget: Budget | None = None) -> None:
        self._source = source
        self._budget = budget or Budget()
        self._deadline = time.monotonic() + self._budget.seconds
        # Closed by close(): the file lives as long as the reader.
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115
        self._spooled = 0
        self._pages: dict[int, int] = {}  # page number: where in the spool
        self._version: Version | None = None
        self._after_last = -1
        self._run = BLOCK
        self.requests = 0
        self.bytes = 0
        self.failure: PreviewFailed | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget what was read."""
        self._spool.close()

    @property
    def size(self) -> int:
        """Bytes of the whole object; the first request tells it."""
        if self._version is None:
            self._fetch(0, PAGE)
        assert self._version is not None
        return self._version.size

    @property
    def remaining(self) -> float:
        """Seconds until the deadline, never below zero."""
        return max(0.0, self._deadline - time.monotonic())

    @property
    def bytes_left(self) -> int:
        """Bytes that may still be received."""
        return self._budget.bytes - self.bytes

    def head(self) -> bytes:
        """The first 4,096 bytes, or the whole of a smaller object. The cheapest first read."""
        return self.pread(0, min(PAGE, self.size))

    def pread(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, fewer than `length` only at the end of the object."""
        stop = min(offset + length, self.size)
        if offset >= stop:
            return b""
        self._ensure(offset, stop, ahead=True)
        first, last = offset // PAGE, (stop - 1) // PAGE
        skip = offset - first * PAGE
        return b"".join(self._runs(first, last))[skip : skip + stop - offset]

    def prefetch(self, offset: int, length: int) -> None:
        """Fetch what is missing of a stretch that will be read: one request if all is missing, no more."""
        self._ensure(offset, min(offset + length, self.size), ahead=False)

    def _ensure(self, start: int, stop: int, *, ahead: bool) -> None:
        page, end = start // PAGE, -(-stop // PAGE)
        while page < end:
            if page in self._pages:
                page += 1
                continue
            first, until = (self._block(page, end)) if ahead else (page, end)
            until = next((other for other in range(page, until) if other in self._pages), until)
            self._fetch(first * PAGE, min(until * PAGE, self.size))
            page = until

    def _block(self, page: int, end: int) -> tuple[int, int]:
        """From where to where to read for a missing page of a read that ends before page `end`."""
        sequential = page == self._after_last
        self._run = min(self._run * 2, LONGEST_RUN) if sequential else BLOCK
        pages = BLOCK // PAGE
        first = page
        while first % pages and first - 1 not in self._pages:
            first -= 1
        aligned = (page // pages) * pages + self._run // PAGE
        until = max(end, aligned)
        last = -(-self.size // PAGE)
        self._after_last = min(until, last)
        return first, self._after_last

    def _runs(self, first: int, last: int) -> list[bytes]:
        """The pages from the spool, neighbours there read at once."""
        runs: list[bytes] = []
        page = first
        while page <= last:
            begin, count = self._pages[page], 1
            while page + count <= last and self._pages[page + count] == begin + count * PAGE:
                count += 1
            self._spool.seek(begin)
            runs.append(self._spool.read(count * PAGE))
            page += count
        return runs

    def _fetch(self, start: int, stop: int) -> None:
        """Spool the bytes from `start` (a page's first) to `stop`, whatever it takes in requests."""
        tries = 0
        while start < stop:
            try:
                self._spend(stop - start)
                start = self._receive(start, stop)
            except SourceFault as fault:
                tries += 1
                if tries >= TRIES:
                    self.failure = fault
                    raise
                time.sleep(min(PAUSE * 2 ** (tries - 1), self.remaining))
            except PreviewFailed as failure:
                self.failure = failure
                raise
            if self._version is not None:
                stop = min(stop, self._version.size)
            while start < stop and start // PAGE in self._pages:
                start += PAGE  # what came before a connection broke

    def _spend(self, length: int) -> None:
        limit = self._budget
        if self.requests >= limit.requests:
            raise BudgetExceeded("over-budget", f"The preview took all of its {limit.requests} requests.")
        if self.bytes + length > limit.bytes:
            raise BudgetExceeded(
                "over-budget",
                f"The preview would read more than its {limit.bytes} bytes: {self.bytes} are read, "
                f"{length} more are needed.",
            )
        if not self.remaining:
            raise BudgetExceeded("late", f"The preview took longer than its {limit.seconds:g} s.")
        self.requests += 1

    def _receive(self, start: int, stop: int) -> int:
        """One request. Returns the first byte that is still missing: a page's first, or the end."""
        with self._source.fetch(start, stop - start, self._version, max(self.remaining, 0.01)) as part:
            self._check(part)
            stop = min(stop, part.version.size)
            return self._keep(part, start, stop)

    def _check(self, part: Part) -> None:
        first, seen = self._version, part.version
        if first is None:
            self._version = seen
            return
        same = first.etag == seen.etag if first.etag and seen.etag else first.modified == seen.modified
        if first.size != seen.size or not same:
            raise PreviewFailed("changed", "The file was replaced while it was read.")

    def _keep(self, part: Part, start: int, stop: int) -> int:
        begin, received = self._spooled, 0
        self._spool.seek(begin)
        try:
            for chunk in part.chunks:
                chunk = chunk[: stop - start - received]
                self._spool.write(chunk)
                received += len(chunk)
                self.bytes += len(chunk)
                if not self.remaining:
                    raise BudgetExceeded("late", f"The store was too slow for {self._budget.seconds:g} s.")
                if start + received >= stop:
                    break
        finally:
            start = self._register(start, stop, begin, received)
        if start < stop:
            raise SourceFault("The store sent fewer bytes than it had promised.")
        return start

    def _register(self, start: int, stop: int, begin: int, received: int) -> int:
        whole = received // PAGE + (start + received >= stop and received % PAGE > 0)
        for number in range(whole):
            self._pages[start // PAGE + number] = begin + number * PAGE
        self._spooled = begin + whole * PAGE
        return min(start + whole * PAGE, stop)
