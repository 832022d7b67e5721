"""A local TCP proxy that counts what passes through it, outside of the processes that it watches."""

import contextlib
import socket
import threading

from scripts.embedded.lifetime import Startable
from scripts.embedded.ports import LOOPBACK

CHUNK = 1 << 18


class CountingProxy(Startable):
    """Forwards a loopback port to another one, `target_port`, which may be changed.

    `upstream` is the bytes sent by clients, `downstream` the bytes sent to them, `connections` how many
    there were. At `limit` bytes downstream every connection breaks, until the limit is raised.
    """

    def __init__(self, target_port: int, port: int = 0) -> None:
        self.target_port = target_port
        self._listener = socket.create_server((LOOPBACK, port), backlog=512)
        self._counting = threading.Lock()
        self._open: set[socket.socket] = set()
        self._accepting = threading.Thread(target=self._accept, name="proxy", daemon=True)
        self.upstream = 0
        self.downstream = 0
        self.connections = 0
        self.limit: int | None = None

    @property
    def port(self) -> int:
        """The port that clients are given."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """The `http://` address that clients are given."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Accept connections."""
        self._accepting.start()

    def stop(self) -> None:
        """Close the port and all connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        with self._counting:
            for peer in self._open:
                with contextlib.suppress(OSError):
                    peer.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._forward(client)

    def _forward(self, client: socket.socket) -> None:
        try:
            server = self.reach()
        except OSError:
            client.close()
            return
        with self._counting:
            self.connections += 1
            self._open |= {client, server}
        pair = Pair(self, client, server)
        threading.Thread(target=pair.pump, args=(client, server, "upstream"), daemon=True).start()
        threading.Thread(target=pair.pump, args=(server, client, "downstream"), daemon=True).start()

    def reach(self) -> socket.socket:
        """Connect to what is behind it. Raises `OSError`."""
        return socket.create_connection((LOOPBACK, self.target_port))

    def passed(self, pair: "Pair", direction: str, data: memoryview) -> None:
        """Bytes go `upstream` or `downstream`; the memory is used again afterwards.

        Raises `ConnectionAbortedError` at the limit.
        """
        with self._counting:
            if direction == "downstream" and self.limit is not None and self.downstream >= self.limit:
                raise ConnectionAbortedError
            setattr(self, direction, getattr(self, direction) + len(data))

    def forget(self, *peers: socket.socket) -> None:
        """Close the sockets of a connection that both sides have left."""
        with self._counting:
            self._open.difference_update(peers)
        for peer in peers:
            peer.close()


class Pair:
    """One connection: two directions, closed when both have ended."""

    def __init__(self, proxy: CountingProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._peers = (client, server)
        self._directions = 2
        self._ending = threading.Lock()

    def pump(self, source: socket.socket, target: socket.socket, direction: str) -> None:
        """Move bytes one way until the source ends, then tell the target so."""
        buffer = memoryview(bytearray(CHUNK))
        with contextlib.suppress(OSError):
            while size := source.recv_into(buffer):
                self._proxy.passed(self, direction, buffer[:size])
                target.sendall(buffer[:size])
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
        with self._ending:
            self._directions -= 1
            last = self._directions == 0
        if last:
            self._proxy.forget(*self._peers)
