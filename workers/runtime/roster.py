"""The names of a parent's children, kept by whoever starts it: what the next parent learns of a killed one.

A parent that is killed tells nobody who its children were, and what they held would wait for leases to end.
Its starter hands it an open file without a name (`core.process.handed`), and the same to the next one.
"""

from core.process import handed


class Roster:
    """The children that were started since the last `take`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def add(self, name: str) -> None:
        """Write down a child's name in the ledger."""
        handed.rewrite(self._descriptor, handed.content(self._descriptor) + f"{name}\n".encode())

    def take(self) -> list[str]:
        """The children of an earlier parent; they are forgotten here."""
        names = handed.content(self._descriptor).decode().split()
        handed.rewrite(self._descriptor, b"")
        return names
