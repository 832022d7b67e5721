"""Counts what passes the API's port, seen from another process: all bytes, and those of HTTP bodies."""

import threading
from weakref import WeakKeyDictionary

import h11

from scripts.embedded.proxy import CountingProxy, Pair


class Conversation:
    """One connection read as HTTP/1.1 (RFC 9112) in both directions; counts the bytes of bodies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests = h11.Connection(h11.SERVER)
        self._answers = h11.Connection(h11.CLIENT)
        self.body_bytes = 0

    def read(self, direction: str, data: bytes) -> None:
        """Read bytes of one direction. What is no HTTP counts whole: it may be anything."""
        with self._lock:
            try:
                if direction == "upstream":
                    self._read_requests(data)
                else:
                    self._read_answers(data)
            except h11.ProtocolError:
                self.body_bytes += len(data)

    def _read_requests(self, data: bytes) -> None:
        self._requests.receive_data(data)
        while not isinstance(event := self._requests.next_event(), type(h11.NEED_DATA)):
            if isinstance(event, h11.Data):
                self.body_bytes += len(event.data)
            if isinstance(event, h11.Request | h11.EndOfMessage | h11.Data):
                self._answers.send(event)
            else:
                return

    def _read_answers(self, data: bytes) -> None:
        self._answers.receive_data(data)
        while not isinstance(event := self._answers.next_event(), type(h11.NEED_DATA)):
            if isinstance(event, h11.Data):
                self.body_bytes += len(event.data)
            if isinstance(event, h11.Response | h11.InformationalResponse | h11.EndOfMessage | h11.Data):
                self._requests.send(event)
            else:
                return
            if isinstance(event, h11.EndOfMessage):
                self._next_exchange()

    def _next_exchange(self) -> None:
        if self._answers.our_state is h11.DONE and self._requests.our_state is h11.DONE:
            self._answers.start_next_cycle()
            self._requests.start_next_cycle()


class HttpByteCounter(CountingProxy):
    """A proxy in front of the API, under the address that people get, that counts what passes."""

    def __init__(self, target_port: int) -> None:
        super().__init__(target_port)
        self._conversations: WeakKeyDictionary[Pair, Conversation] = WeakKeyDictionary()
        self._body_bytes_lock = threading.Lock()
        self.body_bytes = 0

    @property
    def bytes(self) -> int:
        """All bytes that passed, both ways."""
        return self.upstream + self.downstream

    def passed(self, pair: Pair, direction: str, data: memoryview) -> None:
        """Count bytes that pass, and read them as HTTP."""
        super().passed(pair, direction, data)
        with self._body_bytes_lock:
            conversation = self._conversations.setdefault(pair, Conversation())
            before = conversation.body_bytes
            conversation.read(direction, bytes(data))
            self.body_bytes += conversation.body_bytes - before
