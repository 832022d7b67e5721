"""Who a worker process is, and who of its kind died before it."""

import os
import secrets
import socket
from dataclasses import dataclass, field

FAMILY = 3  # random bytes in a name


@dataclass(frozen=True)
class WorkerIdentity:
    """`name` stands in the ledger beside what the process runs and belongs to no other process, ever: a
    number comes back, and containers may share their host's name. `died` are the names of processes that
    are certain to have ended."""

    name: str
    died: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkerGroup:
    """One parent and its children: `mark` tells them from those of any other parent."""

    mark: str = field(default_factory=lambda: secrets.token_hex(FAMILY))

    def name_of(self, pid: int) -> str:
        """The child with this process id: host:pid:mark."""
        return f"{socket.gethostname()}:{pid}:{self.mark}"


def lone() -> WorkerIdentity:
    """This process, with no parent of ours."""
    return WorkerIdentity(WorkerGroup().name_of(os.getpid()))
