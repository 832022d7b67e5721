"""Lets containers reach what listens on 127.0.0.1 of this machine, by bytes passed on both ways."""

import socket
import threading
from contextlib import suppress
from typing import Self

BLOCK = 1 << 16


class Relay:
    """Listens at all addresses of this machine until closed; whoever connects talks to the port of 127.0.0.1.

    At all, since the one that containers see is there once their network is.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
                called = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            for source, sink in ((caller, called), (called, caller)):
                threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(BLOCK):
            sink.sendall(block)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
