"""A server that speaks Redis's protocol (https://redis.io/docs/latest/develop/reference/protocol-spec/) and
refuses, as one does that cannot serve just now; at the same address another one takes over later."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

ABORTED = "EXECABORT Transaction discarded because of previous errors."


class RefusingRedis(ThreadingTCPServer):
    """Refuses every command of its first `refusing` connections with `words`, and takes all of later ones.

    `connections` that gave a command so far; `taken`: the commands that were done.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, words: str, refusing: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.words = words
        self.refusing = refusing
        self.connections = 0
        self.taken: list[bytes] = []

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.server_address[1]}/0"


class _Connection(StreamRequestHandler):
    server: RefusingRedis
    number: int | None = None
    queued: list[bytes] | None = None
    aborted = False

    def handle(self) -> None:
        while command := self._command():
            self.wfile.write(self._answer(command))

    def _command(self) -> list[bytes]:
        head = self.rfile.readline()
        parts = []
        for _ in range(int(head[1:] or 0)):
            size = int(self.rfile.readline()[1:])
            parts.append(self.rfile.read(size + 2)[:size])
        return parts

    def _answer(self, command: list[bytes]) -> bytes:
        name = command[0].upper()
        if name == b"HELLO":  # a connection's own affairs are answered in any state
            return b"%1\r\n$5\r\nproto\r\n:" + command[1] + b"\r\n"
        if name == b"CLIENT":
            return b"+OK\r\n"
        if self.number is None:
            self.server.connections += 1
            self.number = self.server.connections
        if name == b"MULTI":
            self.queued, self.aborted = [], False
            return b"+OK\r\n"
        if name == b"EXEC":
            queued, self.queued = self.queued or [], None
            if self.aborted:
                return f"-{ABORTED}\r\n".encode()
            self.server.taken += queued
            return b"*%d\r\n" % len(queued) + b"+OK\r\n" * len(queued)
        if self.number <= self.server.refusing:
            self.aborted = True
            return f"-{self.server.words}\r\n".encode()
        if self.queued is not None:
            self.queued.append(name)
            return b"+QUEUED\r\n"
        self.server.taken.append(name)
        return b"+OK\r\n"


@contextmanager
def refusing_redis(words: str, *, refusing: int) -> Iterator[RefusingRedis]:
    """One that listens on loopback."""
    with RefusingRedis(words, refusing) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
