"""The name of a worker process in the ledger, and the names of those before it that have died."""

import os
import secrets
import socket
from dataclasses import dataclass, field

MARK_BYTES = 3  # random, in the names of one parent's children


@dataclass(frozen=True)
class WorkerIdentity:
    """A worker process, by a `name` in the ledger that no other process ever bears.

    A process id comes back, and containers may share their host's name. `died` are the names of processes
    that are certain to have ended.
    """

    name: str
    died: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkerGroup:
    """One parent and its children: `mark` tells them from those of any other parent."""

    mark: str = field(default_factory=lambda: secrets.token_hex(MARK_BYTES))

    def name_of(self, pid: int) -> str:
        """The name of the child with this process id: host:pid:mark."""
        return f"{socket.gethostname()}:{pid}:{self.mark}"


def standalone_identity() -> WorkerIdentity:
    """The identity of a process that no parent of ours started, as in a test."""
    return WorkerIdentity(WorkerGroup().name_of(os.getpid()))
