"""Counts what passes between a reader and the store, outside of both."""

from dataclasses import dataclass

from scripts.embedded.proxy import CountingProxy, Pair

REQUEST_LINE = b" HTTP/1.1\r\n"


@dataclass(frozen=True)
class Traffic:
    """Bytes that the store sent, headers included, and requests that it got."""

    bytes: int
    requests: int


class Wire(CountingProxy):
    """A proxy in front of the store that counts requests too. Each request's head comes in one piece."""

    def __init__(self, target_port: int) -> None:
        super().__init__(target_port)
        self.requests = 0

    def passed(self, pair: Pair, direction: str, data: memoryview) -> None:
        """Count bytes that pass, and the requests among them."""
        super().passed(pair, direction, data)
        if direction == "upstream":
            self.requests += bytes(data).count(REQUEST_LINE)

    def since(self, earlier: Traffic) -> Traffic:
        """What passed since an earlier count."""
        return Traffic(self.downstream - earlier.bytes, self.requests - earlier.requests)

    def now(self) -> Traffic:
        """What passed so far."""
        return Traffic(self.downstream, self.requests)
