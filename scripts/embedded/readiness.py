"""Learns which roles serve already, by the messages of sd_notify(3), one socket for each role."""

import socket
import uuid
from types import TracebackType
from typing import Self

from core.process.setting_fields import Role


class Readiness:
    """The sockets that roles report to while the stack starts (Linux's abstract namespace).

    A process that is started again later finds nobody there, which its notice must survive. Workers are ready
    when each of their `children` is.
    """

    def __init__(self, children: int) -> None:
        self._expected: dict[Role, int] = {"api": 1, "bot": 1, "workers": children}
        self._sockets: dict[Role, socket.socket] = {}
        self._counts: dict[Role, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for receiver in self._sockets.values():
            receiver.close()

    def address(self, role: Role) -> str:
        """The value of NOTIFY_SOCKET for a role."""
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiver.setblocking(False)
        name = f"comptoir-{role}-{uuid.uuid4().hex}"
        receiver.bind("\0" + name)
        self._sockets[role], self._counts[role] = receiver, 0
        return "@" + name

    def reached(self, role: Role) -> bool:
        """Whether the role has said often enough that it serves."""
        try:
            while self._sockets[role].recv(64) == b"READY=1":
                self._counts[role] += 1
        except BlockingIOError:
            pass
        return self._counts[role] >= self._expected[role]
